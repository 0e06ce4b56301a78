"""How figures are called and written on the dashboard and in its CSV."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

from bot.desk.policy import get_policy
from bot.portuguese import format_amount

LOCALE = "pt_BR"
NAMES = {
    "contacted": "Pessoas contatadas",
    "identified": "Identidade confirmada",
    "sessions": "Sessões de conversa",
    "sessions_contained": "Sessões resolvidas pelo bot",
    "handed_over": "Transferências para pessoas",
    "messages_sent": "Mensagens enviadas",
    "conversations_attended": "Conversas atendidas",
    "messages_delivered": "Mensagens entregues",
    "messages_read": "Mensagens lidas",
    "messages_failed": "Mensagens não entregues",
    "messages_priced": "Mensagens entregues por categoria de preço",
    "messages_out_of_hours": "Contatos nossos fora do horário permitido",
    "answers": "Respostas",
    "answer_seconds": "Segundos até responder, somados",
    "customers_offered": "Clientes com proposta",
    "agreements_made": "Acordos fechados",
    "agreements_made_amount": "Acordos fechados, R$",
    "agreements_first_paid": "Acordos com o primeiro pagamento",
    "agreements_first_paid_amount": "Primeiro pagamento de acordos, R$",
    "agreements_completed": "Acordos quitados",
    "agreements_completed_amount": "Acordos quitados, R$",
    "agreements_broken": "Acordos quebrados",
    "agreements_broken_amount": "Acordos quebrados, R$",
    "agreements_cancelled": "Acordos cancelados",
    "agreements_cancelled_amount": "Acordos cancelados, R$",
    "promises_made": "Promessas feitas",
    "promises_made_amount": "Promessas feitas, R$",
    "promises_kept": "Promessas cumpridas",
    "promises_kept_amount": "Promessas cumpridas, R$",
    "promises_broken": "Promessas quebradas",
    "promises_broken_amount": "Promessas quebradas, R$",
    "payments_received": "Pagamentos recebidos",
    "payments_received_amount": "Pagamentos recebidos, R$",
    "payments_refunded": "Devoluções",
    "payments_refunded_amount": "Devoluções, R$",
    "disputes_opened": "Contestações abertas",
    "opt_outs": "Pedidos para não receber mensagens",
    "invoices_billed": "Faturas que entraram",
    "invoices_billed_amount": "Faturas que entraram, R$",
    "late_name_removals": "Baixas de nome fora do prazo",
    "ageing": "Faturas em atraso",
    "ageing_amount": "Faturas em atraso, R$",
    "not_due": "A vencer, R$",
}
DIMENSIONS = {
    "bot": "Bot",
    "people": "Pessoas",
    "nobody": "Sem acordo ou por fora",
    "free": "Não cobrada",
    "service": "Serviço (resposta em 24 h)",
    "utility": "Utilidade",
    "authentication": "Autenticação",
    "marketing": "Marketing",
}


class Kind(StrEnum):
    """What a number is."""

    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    RATIO = "ratio"
    SECONDS = "seconds"


def dimension_words(dimension: str) -> str:
    """What a dimension is called: who, a category, days late, or why it was handed over."""
    if dimension in DIMENSIONS or not dimension:
        return DIMENSIONS.get(dimension, "")
    if dimension[0].isdigit():
        return f"{dimension} dias"
    return get_policy().waiting(dimension).label


def number(value: Decimal | None, kind: str) -> str:
    """`1.234`, `R$ 1.234,56`, `12,3%`, `2 min 5 s`; a dash where there is none."""
    if value is None:
        return "–"
    match Kind(kind):
        case Kind.MONEY:
            return format_amount(value)
        case Kind.RATE:
            return format_percent(value, "#,##0.0%", LOCALE)
        case Kind.RATIO:
            return str(format_decimal(value, "#,##0.##", LOCALE))
        case Kind.SECONDS:
            return _duration(value)
        case Kind.COUNT:
            return str(format_decimal(value, "#,##0", LOCALE))


def short_number(value: Decimal, kind: str) -> str:
    """`12 mil`, `R$ 12 mil`: for an axis, rounded."""
    words = format_compact_decimal(float(value), locale=LOCALE, fraction_digits=1)
    return f"R$ {words}" if kind == Kind.MONEY else words


def plain_number(value: Decimal) -> str:
    """`1234,5`, as a spreadsheet reads it."""
    return f"{value:f}".replace(".", ",")


def month_words(month: str) -> str:
    """`novembro de 2026` for `2026-11`."""
    return format_date(date.fromisoformat(f"{month}-01"), "MMMM 'de' y", LOCALE)


def _duration(seconds: Decimal) -> str:
    if seconds < 60:
        return f"{format_decimal(seconds, '0.0', LOCALE)} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"
