"""The two kinds of files: their columns, what people call them, what must hold in a row."""

from bot.billing.imports import cells
from bot.billing.imports.columns import Field, Layout, Values
from bot.billing.imports.errors import CellError
from bot.billing.imports.words import Problem


def _check_customer(values: Values) -> None:
    start, end = values["preferred_from"], values["preferred_to"]
    if (start is None) != (end is None) or (start and start >= end):
        raise CellError(Problem.HOURS, "preferred_from")


def _check_invoice(values: Values) -> None:
    if values["customer"] is None and values["document"] is None:
        raise CellError(Problem.NO_CUSTOMER_GIVEN, "customer")
    if values["paid_amount"] is not None and values["paid_amount"] > values["amount"]:
        raise CellError(Problem.PAID_ABOVE_AMOUNT, "paid_amount")


_DOCUMENT = "cpf_cnpj | cpf | cnpj | cpf ou cnpj | documento | document"

CUSTOMERS = Layout(
    "customers",
    (
        Field(
            "external_id",
            "identificador | id | código | código do cliente | cod cliente | matrícula | "
            "id cliente | identificador do cliente | external_id",
            cells.identifier,
        ),
        Field("document", _DOCUMENT, cells.document, required=True, personal=True),
        Field(
            "name",
            "nome | nome completo | nome do cliente | razão social | name",
            cells.text,
            required=True,
            personal=True,
        ),
        Field(
            "birth_date",
            "nascimento | data de nascimento | data nasc | dt nascimento | birth_date",
            cells.birth_date,
            "date",
            personal=True,
        ),
        Field("email", "email | e-mail | correio eletrônico", cells.email, personal=True),
        Field(
            "phones",
            "telefone | telefone 1 | telefone 2 | telefone 3 | telefones | fone | tel | "
            "celular | celular 2 | whatsapp | telefone celular | phone | phones",
            cells.phones,
            "text[]",
            personal=True,
        ),
        Field("channel", "canal | canal preferido | channel", cells.channel),
        Field(
            "preferred_from",
            "horario_de | horário início | contatar a partir de | preferred_from",
            cells.hour,
            "time",
        ),
        Field(
            "preferred_to",
            "horario_ate | horário fim | contatar até | preferred_to",
            cells.hour,
            "time",
        ),
        Field(
            "opted_out",
            "nao_contatar | não contatar | descadastrado | opt-out | opted_out",
            cells.yes_or_no,
            "boolean",
        ),
    ),
    _check_customer,
)

INVOICES = Layout(
    "invoices",
    (
        Field(
            "external_id",
            "identificador | id | fatura | número da fatura | nº fatura | título | "
            "número do título | nosso número | código | boleto | external_id",
            cells.identifier,
            required=True,
        ),
        Field(
            "customer",
            "identificador_cliente | identificador do cliente | código do cliente | "
            "id cliente | cod cliente | matrícula | customer",
            cells.identifier,
        ),
        Field("document", _DOCUMENT, cells.document, personal=True),
        Field("contract", "contrato | número do contrato | pedido | contract", cells.text),
        Field(
            "description",
            "descricao | descrição | histórico | produto | referente a | description",
            cells.text,
            required=True,
        ),
        Field("origin", "origem | loja | onde comprou | filial | origin", cells.text),
        Field(
            "due",
            "vencimento | data de vencimento | dt vencimento | venc | vence em | due",
            cells.due,
            "date",
            required=True,
        ),
        Field(
            "amount",
            "valor | valor original | valor da fatura | valor do título | amount",
            cells.price,
            "numeric(12, 2)",
            required=True,
        ),
        Field(
            "paid_amount",
            "valor_pago | pago | já pago | pagamento parcial | abatimento | paid_amount",
            cells.amount,
            "numeric(12, 2)",
        ),
    ),
    _check_invoice,
)
LAYOUTS = {layout.kind: layout for layout in (INVOICES, CUSTOMERS)}
