"""Charts as shapes for the template's inline SVG, each with its numbers for the table below it.

Everything is an attribute of SVG: the pages allow no inline style and run no script for this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.desk.figures.counted import ZERO, Counted
from bot.desk.figures.period import Period
from bot.desk.figures.words import Kind, dimension_words, number, short_number
from bot.portuguese import format_date

WIDTH, HEIGHT = 360, 170
_LEFT, _TOP, _BOTTOM = 68, 8, 22
_FLOOR = HEIGHT - _BOTTOM
_MOST_COLUMNS = 31
_ROW = 40


@dataclass(frozen=True)
class Series:
    """One colour of a chart: `tone` is how it is painted."""

    label: str
    tone: str
    values: Sequence[Decimal]


@dataclass(frozen=True)
class Bar:
    """A rectangle, and what it says when it is pointed at."""

    x: str
    y: str
    width: str
    height: str
    tone: str
    words: str


@dataclass(frozen=True)
class Label:
    """Words somewhere in a chart."""

    x: str
    y: str
    words: str
    anchor: str


@dataclass(frozen=True)
class Chart:
    """A chart and its table: `head` and `rows`."""

    title: str
    height: int
    bars: list[Bar]
    labels: list[Label]
    lines: list[str]
    legend: list[tuple[str, str]]
    head: list[str]
    rows: list[list[str]]
    width: int = WIDTH
    left: int = _LEFT

    @property
    def summary(self) -> str:
        """What it is, for who cannot see it."""
        return f"{self.title}: gráfico; os números estão na tabela abaixo dele."


def over_time(title: str, kind: Kind, period: Period, series: Sequence[Series]) -> Chart:
    """Columns by day, or by week where there are many days; series stand on one another."""
    groups = _groups(period.days)
    names = [_group_words(group) for group in groups]
    grouped = [_grouped(period.days, groups, one) for one in series]
    stacks = zip(*(one.values for one in grouped), strict=True)
    top = max((sum(stack, ZERO) for stack in stacks), default=ZERO) or Decimal(1)
    rows = [
        [name, *(number(one.values[place], kind) for one in grouped)]
        for place, name in enumerate(names)
    ]
    return Chart(
        title=title,
        height=HEIGHT,
        bars=_columns(names, grouped, top, kind),
        labels=[*_axis(top, kind), *_ends(groups)],
        lines=[_text(_TOP), _text((_TOP + _FLOOR) / Decimal(2)), _text(_FLOOR)],
        legend=[(one.tone, one.label) for one in series] if len(series) > 1 else [],
        head=["Semana" if len(groups) < len(period.days) else "Dia", *(s.label for s in series)],
        rows=rows,
    )


def ranked(
    title: str, kind: Kind, lines: Sequence[tuple[str, Decimal, str]], head: Sequence[str]
) -> Chart:
    """Bars below one another: label, value, and what stands beside the value."""
    top = max((value for _, value, _ in lines), default=ZERO) or Decimal(1)
    bars, labels = [], []
    for place, (label, value, beside) in enumerate(lines):
        y, words = place * _ROW, number(value, kind)
        said = f"{words} · {beside}" if beside else words
        labels += [
            Label("0", _text(y + 14), label, "start"),
            Label(_text(WIDTH), _text(y + 14), said, "end"),
        ]
        width = Decimal(WIDTH) * value / top
        bars.append(Bar("0", _text(y + 20), _text(width), "14", "first", f"{label}: {said}"))
    rows = [
        [label, number(value, kind), *([beside] if len(head) > 2 else [])]
        for label, value, beside in lines
    ]
    return Chart(title, max(len(lines) * _ROW, 1), bars, labels, [], [], [*head], rows)


def _groups(days: Sequence[date]) -> list[Sequence[date]]:
    size = 1 if len(days) <= _MOST_COLUMNS else 7
    return [days[start : start + size] for start in range(0, len(days), size)]


def _group_words(group: Sequence[date]) -> str:
    if len(group) == 1:
        return format_date(group[0])
    return f"{format_date(group[0])} a {format_date(group[-1])}"


def _grouped(days: Sequence[date], groups: Sequence[Sequence[date]], series: Series) -> Series:
    by_day = dict(zip(days, series.values, strict=True))
    sums = [sum((by_day[day] for day in group), ZERO) for group in groups]
    return Series(series.label, series.tone, sums)


def _columns(names: Sequence[str], series: Sequence[Series], top: Decimal, kind: Kind) -> list[Bar]:
    step = Decimal(WIDTH - _LEFT) / len(names)
    bars = []
    for place, name in enumerate(names):
        floor = ZERO
        for one in series:
            value = one.values[place]
            high, low = _height_of(floor + value, top), _height_of(floor, top)
            words = f"{name}: {one.label} {number(value, kind)}"
            x, width = _text(_LEFT + place * step + step / 8), _text(step * 3 / 4)
            if value > 0:
                bars.append(Bar(x, _text(high), width, _text(low - high), one.tone, words))
                floor += value
    return bars


def _height_of(value: Decimal, top: Decimal) -> Decimal:
    return _FLOOR - (_FLOOR - _TOP) * value / top


def _axis(top: Decimal, kind: Kind) -> list[Label]:
    return [
        Label(_text(_LEFT - 5), _text(y), short_number(value, kind), "end")
        for value, y in ((top, Decimal(_TOP + 6)), (ZERO, Decimal(_FLOOR)))
    ]


def _ends(groups: Sequence[Sequence[date]]) -> list[Label]:
    first, last = groups[0][0], groups[-1][-1]
    labels = [Label(_text(_LEFT), _text(HEIGHT - 6), f"{first:%d/%m}", "start")]
    if last > first:
        labels.append(Label(_text(WIDTH), _text(HEIGHT - 6), f"{last:%d/%m}", "end"))
    return labels


def _text(value: Decimal | int) -> str:
    return f"{Decimal(value):.2f}"


def all_of(counted: Counted) -> list[Chart]:
    """The charts over time."""

    def by_day(name: str, *dimensions: str) -> list[Decimal]:
        return [counted.on(day, name, *dimensions) for day in counted.period.days]

    def both(name: str) -> list[Series]:
        return [
            Series("Bot", "first", by_day(name, "bot")),
            Series("Pessoas", "second", by_day(name, "people")),
        ]

    period = counted.period
    received = [Series("Recebido", "first", by_day("payments_received_amount"))]
    reached = [
        Series("Identidade confirmada", "first", by_day("identified")),
        Series(
            "Contatadas, sem confirmar",
            "second",
            [
                max(a - b, ZERO)
                for a, b in zip(by_day("contacted"), by_day("identified"), strict=True)
            ],
        ),
    ]
    return [
        over_time("Recebido", Kind.MONEY, period, received),
        over_time("Acordos fechados", Kind.COUNT, period, both("agreements_made")),
        over_time("Pessoas contatadas", Kind.COUNT, period, reached),
        over_time("Mensagens enviadas", Kind.COUNT, period, both("messages_sent")),
    ]


FUNNEL = (
    ("Contatadas", "contacted"),
    ("Identidade confirmada", "identified"),
    ("Com proposta", "customers_offered"),
    ("Acordo fechado", "agreements_made"),
    ("Primeiro pagamento", "agreements_first_paid"),
)


def funnel(counted: Counted) -> Chart:
    """From contact to money, each step with its share of the one before."""
    lines, before = [], None
    for label, name in FUNNEL:
        value = counted.total(name)
        share = number(value / before, Kind.RATE) if before else "–"
        lines.append((label, value, f"{share} da anterior" if before is not None else ""))
        before = value
    return ranked(
        "Do contato ao pagamento", Kind.COUNT, lines, ("Etapa", "Total", "Da etapa anterior")
    )


def ageing(counted: Counted) -> Chart | None:
    """Late bills by age on the last night known."""
    nights = counted.known("ageing_amount")
    if not nights:
        return None
    night = counted.days[nights[-1]]
    lines = [
        (dimension_words(bucket), total, f"{number(night['ageing'][bucket], Kind.COUNT)} faturas")
        for bucket, total in sorted(night["ageing_amount"].items(), key=lambda item: _age(item[0]))
    ]
    title = f"Em atraso por idade, em {format_date(nights[-1])}"
    return ranked(title, Kind.MONEY, lines, ("Atraso", "Valor", "Faturas"))


def _age(bucket: str) -> int:
    return int(bucket.replace("+", "-").split("-")[0]) + bucket.endswith("+")


def breakdown(counted: Counted, name: str, title: str, head: Sequence[str]) -> Chart:
    """What a figure came to by dimension, the most first."""
    found = counted.by_dimension(name).items()
    lines = [(dimension_words(dimension) or "Outro", value, "") for dimension, value in found]
    return ranked(title, Kind.COUNT, lines, head)
