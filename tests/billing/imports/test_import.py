"""What an import does to customers and invoices: once, twice, and against what stands."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot import cli
from bot.billing.client import BillingClient, CustomerChange
from bot.billing.imports.errors import ImportRefused
from bot.billing.models import CustomerRow, InvoiceRow, InvoiceStatus, PhoneRow
from bot.db import transaction
from bot.settings import PROJECT
from tests.billing.imports.conftest import CUSTOMERS, INVOICES, MARIA, SOFA, Import, lines
from tests.billing.paying import pay_by_hand
from tests.billing.support import EVIDENCE, MakeCustomer, key

TEMPLATES = PROJECT / "docs" / "import"
JOAO = "C-2;526.018.159-06;João Pereira;(21) 97654-3210"


def outcomes(summary: object) -> dict[str, int]:
    return {name: n for name, n in vars(summary).items() if isinstance(n, int) and n}


def invoice(external_id: str) -> InvoiceRow:
    with transaction() as session:
        return session.scalars(
            select(InvoiceRow).where(InvoiceRow.external_id == external_id)
        ).one()


def customers() -> int:
    with transaction() as session:
        return session.scalar(select(func.count()).select_from(CustomerRow)) or 0


def test_the_templates_go_in_and_the_second_time_change_nothing(
    take: Import, client: BillingClient
) -> None:
    for name, count in (("clientes.csv", 2), ("faturas.csv", 3)):
        assert outcomes(take.file(TEMPLATES / name)) == {"lines": count, "new": count}
        assert outcomes(take.file(TEMPLATES / name)) == {"lines": count, "same": count}
        assert take.rejected == []
    (maria,) = client.find_customers(external_id="C-001").customers
    assert (maria.name, maria.birth_date) == ("Maria Souza", date(1988, 5, 3))
    assert maria.phones == ["551133334444", "5511987654321"]
    assert maria.preferred_hours is not None
    assert maria.preferred_hours.start == "09:00"
    sofa = client.invoices(maria.id).invoices[1]
    assert (sofa.amount, sofa.paid_amount, sofa.balance) == (
        Decimal("1389.90"), Decimal("100.00"), Decimal("1289.90")
    )  # fmt: skip
    assert sofa.origin == "Loja Horizonte Centro"


def test_a_sheet_says_the_same_as_a_csv(take: Import) -> None:
    take(lines(CUSTOMERS, MARIA))
    sheet = [
        ["Contas a receber", None, None, None, None],
        ["Fatura", "CPF", "Descrição", "Vencimento", "Valor"],
        ["F-1", 52998224725, "Sofá", date(2026, 6, 10), 389.9],
        [2, "529.982.247-25", "Mesa", 46183, "1.234,56"],
    ]
    assert outcomes(take(sheet)) == {"lines": 2, "new": 2}
    assert (invoice("F-1").due, invoice("F-1").amount) == (date(2026, 6, 10), Decimal("389.90"))
    assert (invoice("2").due, invoice("2").amount) == (date(2026, 6, 10), Decimal("1234.56"))
    assert outcomes(take(lines(INVOICES, SOFA))) == {"lines": 1, "same": 1}


def test_valid_rows_go_in_and_the_others_are_told(take: Import) -> None:
    summary = take(
        lines(CUSTOMERS, MARIA, "C-9;111.111.111-11;;123", "C-8;52601815907;Zé;"), kind="customers"
    )
    assert outcomes(summary) == {"lines": 3, "new": 1, "rejected": 2}
    assert take.rejected == [
        ("3", "cpf_cnpj", "***11", "não é um CPF ou CNPJ válido"),
        ("3", "telefone", "***", "não é um telefone com DDD"),
        ("4", "cpf_cnpj", "***07", "não é um CPF ou CNPJ válido"),
    ]
    assert customers() == 1


def test_strict_takes_all_or_nothing(take: Import) -> None:
    with pytest.raises(ImportRefused, match="1 linhas recusadas"):
        take(lines(CUSTOMERS, MARIA, "C-9;1;Zé;"), strict=True)
    assert customers() == 0
    assert len(take.rejected) == 1


def test_what_fails_halfway_leaves_nothing(take: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.billing.imports.staging.count", lambda session: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take(lines(CUSTOMERS, MARIA))
    assert customers() == 0


def test_a_changed_row_changes_what_may_change(take: Import, client: BillingClient) -> None:
    take(lines(CUSTOMERS, MARIA))
    (maria,) = client.find_customers(external_id="C-1").customers
    changed = lines(CUSTOMERS, "C-1;52998224725;Maria de Souza;(11) 91111-2222")
    assert outcomes(take(changed)) == {"lines": 1, "changed": 1}
    after = client.customer(maria.id)
    assert (after.name, after.phones) == ("Maria de Souza", ["5511911112222", "5511987654321"])


def test_what_a_customer_told_us_outlives_the_file(take: Import, client: BillingClient) -> None:
    header = "identificador;cpf_cnpj;nome;canal;nao_contatar"
    take(lines(header, "C-1;52998224725;Maria;whatsapp;não"))
    (maria,) = client.find_customers(external_id="C-1").customers
    told = CustomerChange(channel="email", opted_out_by="whatsapp")
    client.change_customer(maria.id, told, idempotency_key=key())
    assert outcomes(take(lines(header, "C-1;52998224725;Maria;whatsapp;não"))) == {
        "lines": 1, "same": 1
    }  # fmt: skip
    after = client.customer(maria.id)
    assert after.channel == "email"
    assert after.opted_out is not None
    assert after.opted_out.source == "whatsapp"


def test_the_file_can_opt_somebody_out(take: Import, client: BillingClient) -> None:
    header = "identificador;cpf_cnpj;nome;nao_contatar"
    for row in ("C-1;52998224725;Maria;", "C-1;52998224725;Maria;sim"):
        take(lines(header, row))
    (maria,) = client.find_customers(external_id="C-1").customers
    assert maria.opted_out is not None
    assert maria.opted_out.source == "importação"


def test_a_customer_there_already_is_known_by_the_document(
    take: Import, make_customer: MakeCustomer, client: BillingClient
) -> None:
    maria = make_customer()
    assert outcomes(take(lines(CUSTOMERS, MARIA))) == {"lines": 1, "changed": 1}
    assert client.customer(maria).external_id == "C-1"


@pytest.mark.parametrize(
    ("rows", "expected", "reason"),
    [
        ([MARIA, MARIA], {"new": 1, "repeated": 1}, None),
        ([MARIA, "C-1;52601815906;João;"], {"new": 1, "rejected": 1}, "identificador repetido"),
        ([MARIA, "C-2;52998224725;Maria;"], {"new": 1, "rejected": 1}, "CPF/CNPJ repetido"),
        ([";52998224725;Maria;", MARIA], {"new": 1, "rejected": 1}, "CPF/CNPJ repetido"),
        ([MARIA, "C-2;52601815906;João;11987654321"], {"new": 2}, "telefone já é de outro"),
    ],
)
def test_a_file_that_contradicts_itself(
    take: Import, rows: list[str], expected: dict[str, int], reason: str | None
) -> None:
    assert outcomes(take(lines(CUSTOMERS, *rows))) == {"lines": 2, **expected}
    assert len(take.reasons) == bool(reason)
    assert all(reason in found for found in take.reasons if reason)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("C-1;52601815906;João;", "já está cadastrado com outro CPF/CNPJ"),
        ("C-7;52998224725;Maria;", "já está cadastrado com outro identificador"),
    ],
)
def test_a_file_that_contradicts_what_is_known(take: Import, row: str, reason: str) -> None:
    take(lines(CUSTOMERS, MARIA))
    assert outcomes(take(lines(CUSTOMERS, row))) == {"lines": 1, "rejected": 1}
    assert reason in take.reasons[0]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("F-1;52601815907;Sofá;10/06/2026;10;", "não é um CPF"),
        ("F-1;52601815906;Sofá;10/06/2026;10;", "cliente não cadastrado"),
        ("F-1;;Sofá;10/06/2026;10;", "falta o cliente"),
        ("F-1;52998224725;Sofá;10/06/2026;10;11", "valor pago é maior"),
        ("F-1;52998224725;Sofá;10/06/2026;0;", "maior que zero"),
        ("F-1;52998224725;Sofá;31/06/2026;10;", "não é uma data"),
        ("F-1;52998224725;;10/06/2026;10;", "obrigatório"),
        ("F-1;52998224725;=A1;10/06/2026;10;", "fórmula"),
        ("F-1;52998224725;Sofá, 3 lugares;10/06/2026;10;;x", "mais colunas"),
    ],
)
def test_an_invoice_that_cannot_be_is_refused(take: Import, row: str, reason: str) -> None:
    take(lines(CUSTOMERS, MARIA))
    assert outcomes(take(lines(INVOICES, row))) == {"lines": 1, "rejected": 1}
    assert reason in take.reasons[0]


def test_an_invoice_of_somebody_else_is_refused(take: Import) -> None:
    take(lines(CUSTOMERS, MARIA, JOAO))
    take(lines(INVOICES, SOFA))
    take(lines(INVOICES, SOFA.replace("529.982.247-25", "52601815906")))
    assert take.reasons == ["a fatura já está cadastrada para outro cliente"]
    both = lines(f"{INVOICES};identificador_cliente", "F-3;52601815906;Mesa;10/06/2026;10;;C-1")
    take(both)
    assert take.reasons == ["o identificador e o CPF/CNPJ são de clientes diferentes"]


def test_an_open_invoice_follows_the_file_and_its_old_boleto_goes(
    take: Import, client: BillingClient
) -> None:
    take(lines(CUSTOMERS, MARIA))
    take(lines(INVOICES, SOFA))
    maria = client.find_customers(external_id="C-1").customers[0].id
    client.issue_charge(maria, idempotency_key=key())
    take(lines(INVOICES, SOFA.replace("Sofá", "Sofá Bahia")))
    assert len(client.charges(maria)) == 1
    summary = take(lines(INVOICES, SOFA.replace("389,90", "300,00") + "50"))
    assert outcomes(summary) == {"lines": 1, "changed": 1}
    assert client.charges(maria) == []
    assert client.debts(maria).original == Decimal("250.00")


def test_an_invoice_paid_in_full_is_paid(take: Import) -> None:
    take(lines(CUSTOMERS, MARIA))
    take(lines(INVOICES, SOFA, "F-2;52998224725;Mesa;10/06/2026;10;10"))
    take(lines(INVOICES, SOFA + "389,90"))
    assert (invoice("F-1").status, invoice("F-2").status) == (InvoiceStatus.PAID,) * 2
    assert outcomes(take(lines(INVOICES, SOFA + "389,90"))) == {"lines": 1, "same": 1}


def test_what_was_paid_never_shrinks(take: Import) -> None:
    take(lines(CUSTOMERS, MARIA))
    take(lines(INVOICES, SOFA + "100"))
    assert outcomes(take(lines(INVOICES, SOFA + "50"))) == {"lines": 1, "same": 1}
    assert invoice("F-1").paid_amount == Decimal("100.00")
    take(lines(INVOICES, SOFA.replace("389,90", "90,00")))
    assert take.reasons == ["o valor é menor que o já pago"]


def test_an_invoice_in_an_agreement_stays_as_it_is(take: Import, client: BillingClient) -> None:
    take(lines(CUSTOMERS, MARIA))
    take(lines(INVOICES, SOFA))
    maria = client.find_customers(external_id="C-1").customers[0].id
    offer = client.offers(maria).offers[0]
    client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    assert outcomes(take(lines(INVOICES, SOFA))) == {"lines": 1, "same": 1}
    summary = take(lines(INVOICES, SOFA.replace("389,90", "500,00")))
    assert outcomes(summary) == {"lines": 1, "kept": 1}
    assert "acordo" in take.reasons[0]
    assert invoice("F-1").amount == Decimal("389.90")


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("status", InvoiceStatus.WRITTEN_OFF, "não está em aberto"),
        ("juros_from", date(2026, 7, 1), "já recebeu pagamento aqui"),
    ],
)
def test_an_invoice_that_has_gone_its_own_way_stays_as_it_is(
    take: Import, column: str, value: object, reason: str
) -> None:
    take(lines(CUSTOMERS, MARIA))
    take(lines(INVOICES, SOFA))
    with transaction() as session:
        setattr(session.scalars(select(InvoiceRow)).one(), column, value)
    assert outcomes(take(lines(INVOICES, SOFA.replace("389,90", "500")))) == {"lines": 1, "kept": 1}
    assert reason in take.reasons[0]


def test_money_that_was_too_much_pays_a_bill_that_comes_late(
    take: Import, client: BillingClient
) -> None:
    take(lines(CUSTOMERS, MARIA))
    maria = client.find_customers(external_id="C-1").customers[0].id
    pay_by_hand(client, maria, "1000.00")
    take(lines(INVOICES, SOFA))
    assert invoice("F-1").status == InvoiceStatus.PAID
    assert client.debts(maria).debts == []


def test_two_imports_at_once_make_one_of_each(take: Import) -> None:
    path = take.write(lines(CUSTOMERS, MARIA, JOAO))
    with ThreadPoolExecutor(2) as both:
        from bot.billing.imports.service import import_file

        done = list(both.map(lambda _: import_file(take.context, path), range(2)))
    assert sorted((summary.new, summary.same) for summary in done) == [(0, 2), (2, 0)]
    with transaction() as session:
        assert session.scalar(select(func.count()).select_from(PhoneRow)) == 2


def test_the_command_prints_a_summary_and_what_was_refused(
    take: Import, capsys: pytest.CaptureFixture[str]
) -> None:
    path = take.write(lines(CUSTOMERS + ";cor", MARIA + ";azul", "C-2;1;Zé;;"))
    assert cli.main(["billing", "import", str(path)]) == 0
    out, err = capsys.readouterr()
    assert "Clientes: 2 linhas · 1 novas" in out
    assert "1 recusadas" in out
    assert "coluna desconhecida, ignorada: cor" in err
    assert "linha 3, cpf_cnpj" in err


def test_the_command_says_why_a_file_is_no_good(
    api: object, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["billing", "import", str(tmp_path / "nowhere.csv")]) == 1
    assert "não pode ser aberto" in capsys.readouterr().err
