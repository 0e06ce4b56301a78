"""What a manager watches: each indicator from what was counted, and against the period before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from babel.numbers import format_percent

from bot.desk.figures.counted import MONTH, ZERO, Counted
from bot.desk.figures.words import LOCALE, Kind, number
from bot.desk.policy import get_policy

Count = Callable[[Counted], Decimal | None]
_EQUAL = Decimal("0.0005")
"""Less than that is 0,0% on the page."""


@dataclass(frozen=True)
class Indicator:
    """A number, what it means, and whether more of it is better (None: neither)."""

    label: str
    meaning: str
    kind: Kind
    more_is_better: bool | None
    count: Count


@dataclass(frozen=True)
class Reading:
    """An indicator in a period and in the one before."""

    indicator: Indicator
    now: Decimal | None
    before: Decimal | None

    @property
    def value(self) -> str:
        """As it is shown."""
        return number(self.now, self.indicator.kind)

    @property
    def value_before(self) -> str:
        """As it was."""
        return number(self.before, self.indicator.kind)

    @property
    def change(self) -> Decimal | None:
        """How much more or less, as a share of what it was; None where there was nothing."""
        if self.now is None or not self.before:
            return None
        return (self.now - self.before) / self.before

    @property
    def trend(self) -> str:
        """`good`, `bad` or `quiet`."""
        if self.change is None or abs(self.change) < _EQUAL:
            return "quiet"
        if self.indicator.more_is_better is None:
            return "quiet"
        return "good" if (self.change > 0) == self.indicator.more_is_better else "bad"

    @property
    def change_words(self) -> str:
        """The difference with an arrow and in words, so that nobody needs its colour."""
        if self.change is None:
            return "– sem base para comparar"
        if abs(self.change) < _EQUAL:
            return "= igual"
        arrow, more = ("▲", "a mais") if self.change > 0 else ("▼", "a menos")
        size = format_percent(abs(self.change), "#,##0.0%", LOCALE)
        judged = {"good": ", melhor", "bad": ", pior", "quiet": ""}[self.trend]
        return f"{arrow} {size} {more}{judged}"


def _total(name: str, *dimensions: str) -> Count:
    return lambda counted: counted.total(name, *dimensions)


def _share(part: Count, whole: Count) -> Count:
    """One by the other; None when there was nothing to divide by."""

    def share(counted: Counted) -> Decimal | None:
        of, in_all = part(counted), whole(counted)
        return of / in_all if of is not None and in_all else None

    return share


def _sum(*counts: Count) -> Count:
    return lambda counted: sum((count(counted) or ZERO for count in counts), ZERO)


def _cash(counted: Counted) -> Decimal:
    return counted.total("payments_received_amount") - counted.total("payments_refunded_amount")


def _late_at_start(counted: Counted) -> Decimal | None:
    nights = counted.known("ageing_amount")
    return counted.on(nights[0], "ageing_amount") if nights else None


def _delinquency(counted: Counted) -> Decimal | None:
    nights = counted.known("ageing_amount", "not_due")
    if not nights:
        return None
    late, rest = (counted.on(nights[-1], name) for name in ("ageing_amount", "not_due"))
    return late / (late + rest) if late + rest else None


def _effectiveness(counted: Counted) -> Decimal | None:
    """Collection effectiveness index: of what could be collected, the share that was."""
    before, nights = counted.period.first - timedelta(1), counted.known("ageing_amount")
    if not nights:
        return None
    opening_night = before if before in counted.nights else nights[0]
    if opening_night == nights[-1]:
        return None
    opening, closing = _owed(counted, opening_night), _owed(counted, nights[-1])
    if opening is None or closing is None:
        return None
    billed = sum(
        (counted.on(day, "invoices_billed_amount") for day in counted.days if day > opening_night),
        ZERO,
    )
    could = sum(opening) + billed - closing[1]
    return (sum(opening) + billed - sum(closing)) / could if could > 0 else None


def _owed(counted: Counted, night: date) -> tuple[Decimal, Decimal] | None:
    """What was owed on a night: late, and not late yet."""
    late, rest = counted.night(night, "ageing_amount"), counted.night(night, "not_due")
    return (late, rest) if late is not None and rest is not None else None


def _rolled(into: str, *out_of: str) -> Count:
    """What is in a bucket on the last night known, by what was in the one before it a month
    earlier. Buckets of 30 days: whatever is late now was there then."""

    def rolled(counted: Counted) -> Decimal | None:
        nights = counted.known("ageing_amount")
        if not nights:
            return None
        now = counted.night(nights[-1], "ageing_amount", into)
        then = counted.night(nights[-1] - timedelta(MONTH), "ageing_amount", *out_of)
        return now / then if now is not None and then else None

    return rolled


def cost(counted: Counted) -> Decimal:
    """What Meta asks for the messages delivered, by the policy's prices."""
    prices = get_policy().message_prices
    priced = counted.by_dimension("messages_priced").items()
    return sum((count * prices.get(category, ZERO) for category, count in priced), ZERO)


_agreements, _messages = _total("agreements_made"), _total("messages_sent")
_kept, _promises_broken = _total("promises_kept"), _total("promises_broken")
_broken, _completed = _total("agreements_broken"), _total("agreements_completed")
_sessions = _total("sessions")
_seconds = {
    by: _share(_total("answer_seconds", by), _total("answers", by)) for by in ("bot", "people")
}

SECTIONS: dict[str, tuple[Indicator, ...]] = {
    "Resultado": (
        Indicator("Recebido", "Dinheiro que entrou, menos devoluções", Kind.MONEY, True, _cash),
        Indicator("Acordos fechados", "Por bot e pessoas", Kind.COUNT, True, _agreements),
        Indicator(
            "Valor dos acordos",
            "Soma dos acordos fechados",
            Kind.MONEY,
            True,
            _total("agreements_made_amount"),
        ),
        Indicator(
            "Contato com a pessoa certa",
            "Identidade confirmada ÷ pessoas contatadas (CPC)",
            Kind.RATE,
            True,
            _share(_total("identified"), _total("contacted")),
        ),
        Indicator(
            "Conversão",
            "Acordos ÷ pessoas com identidade confirmada",
            Kind.RATE,
            True,
            _share(_agreements, _total("identified")),
        ),
        Indicator(
            "Recuperação",
            "Recebido ÷ em atraso no começo do período",
            Kind.RATE,
            True,
            _share(_cash, _late_at_start),
        ),
        Indicator(
            "Inadimplência",
            "Em atraso ÷ tudo em aberto, no último dia conhecido",
            Kind.RATE,
            False,
            _delinquency,
        ),
        Indicator(
            "Efetividade (CEI)",
            "(Em aberto no começo + faturado − em aberto no fim) ÷ (em aberto no começo + faturado"
            " − a vencer no fim)",
            Kind.RATE,
            True,
            _effectiveness,
        ),
        Indicator(
            "Rolagem para 31–60 dias",
            "Com 31 a 60 dias de atraso na última noite ÷ com 1 a 30 dias, 30 noites antes",
            Kind.RATE,
            False,
            _rolled("31-60", "1-5", "6-15", "16-30"),
        ),
        Indicator(
            "Rolagem para 61–90 dias",
            "Com 61 a 90 dias de atraso na última noite ÷ com 31 a 60 dias, 30 noites antes",
            Kind.RATE,
            False,
            _rolled("61-90", "31-60"),
        ),
    ),
    "Palavra mantida": (
        Indicator(
            "Promessas cumpridas",
            "Cumpridas ÷ promessas que venceram",
            Kind.RATE,
            True,
            _share(_kept, _sum(_kept, _promises_broken)),
        ),
        Indicator(
            "Acordos quebrados",
            "Quebrados ÷ acordos que terminaram, quebrados ou quitados",
            Kind.RATE,
            False,
            _share(_broken, _sum(_broken, _completed)),
        ),
    ),
    "Atendimento": (
        Indicator(
            "Contenção",
            "Sessões sem transferência nem volta em 24 h ÷ sessões",
            Kind.RATE,
            True,
            _share(_total("sessions_contained"), _sessions),
        ),
        Indicator(
            "Transferência",
            "Transferências para pessoas ÷ sessões",
            Kind.RATE,
            None,
            _share(_total("handed_over"), _sessions),
        ),
        Indicator(
            "Primeira resposta de pessoas",
            "Da transferência à primeira mensagem, em média",
            Kind.SECONDS,
            False,
            _seconds["people"],
        ),
        Indicator(
            "Resposta do bot",
            "Da mensagem à resposta, em média",
            Kind.SECONDS,
            False,
            _seconds["bot"],
        ),
    ),
    "Mensagens e custo": (
        Indicator("Mensagens enviadas", "Por bot e pessoas", Kind.COUNT, None, _messages),
        Indicator(
            "Custo estimado", "Mensagens entregues × preço da categoria", Kind.MONEY, False, cost
        ),
        Indicator(
            "Mensagens por acordo",
            "Enviadas ÷ acordos fechados",
            Kind.RATIO,
            False,
            _share(_messages, _agreements),
        ),
        Indicator(
            "Custo por acordo",
            "Custo estimado ÷ acordos fechados",
            Kind.MONEY,
            False,
            _share(cost, _agreements),
        ),
        Indicator(
            "Mensagens por real recebido",
            "Enviadas ÷ recebido",
            Kind.RATIO,
            False,
            _share(_messages, _cash),
        ),
    ),
    "Cuidado com as pessoas": (
        Indicator(
            "Pedidos para parar",
            "Quem pediu para não receber mensagens",
            Kind.COUNT,
            False,
            _total("opt_outs"),
        ),
        Indicator(
            "Contestações", "Abertas no período", Kind.COUNT, False, _total("disputes_opened")
        ),
        Indicator(
            "Ameaças de reclamação",
            "Transferidas por Procon ou Justiça",
            Kind.COUNT,
            False,
            _total("handed_over", "threaten_complaint"),
        ),
        Indicator(
            "Contatos fora do horário",
            "Mensagens com que nós começamos a conversa fora de dia e hora permitidos; deve ser 0",
            Kind.COUNT,
            False,
            _total("messages_out_of_hours"),
        ),
        Indicator(
            "Nome limpo fora do prazo",
            "Quitações que em 5 dias úteis não chegaram a nenhum sistema ligado; deve ser 0",
            Kind.COUNT,
            False,
            _total("late_name_removals"),
        ),
    ),
}

COMPARED: tuple[tuple[str, Kind, Callable[[str], Count]], ...] = (
    ("Conversas atendidas (por dia)", Kind.COUNT, lambda by: _total("conversations_attended", by)),
    ("Mensagens enviadas", Kind.COUNT, lambda by: _total("messages_sent", by)),
    ("Mensagens entregues", Kind.COUNT, lambda by: _total("messages_delivered", by)),
    ("Mensagens lidas", Kind.COUNT, lambda by: _total("messages_read", by)),
    ("Mensagens não entregues", Kind.COUNT, lambda by: _total("messages_failed", by)),
    ("Tempo até responder", Kind.SECONDS, lambda by: _seconds[by]),
    ("Clientes com proposta", Kind.COUNT, lambda by: _total("customers_offered", by)),
    ("Acordos fechados", Kind.COUNT, lambda by: _total("agreements_made", by)),
    ("Valor dos acordos", Kind.MONEY, lambda by: _total("agreements_made_amount", by)),
    ("Acordos quebrados", Kind.COUNT, lambda by: _total("agreements_broken", by)),
    ("Promessas feitas", Kind.COUNT, lambda by: _total("promises_made", by)),
    ("Promessas cumpridas", Kind.COUNT, lambda by: _total("promises_kept", by)),
    ("Recebido pelos acordos", Kind.MONEY, lambda by: _total("payments_received_amount", by)),
)
"""What bot and people are compared by."""


def read(now: Counted, before: Counted) -> dict[str, list[Reading]]:
    """Every indicator, by section."""
    return {
        section: [Reading(one, one.count(now), one.count(before)) for one in indicators]
        for section, indicators in SECTIONS.items()
    }


def compared(counted: Counted) -> list[tuple[str, str, str]]:
    """Bot against people, line by line."""
    return [
        (label, number(of("bot")(counted), kind), number(of("people")(counted), kind))
        for label, kind, of in COMPARED
    ]
