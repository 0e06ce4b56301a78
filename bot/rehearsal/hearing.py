"""Whether billing was asked for what the person said: the reason, the sum, the day.

The bot may answer politely and still have heard something else; what it asked of billing tells.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from bot.rehearsal.mind import Mishap
from bot.rehearsal.people import Moment
from bot.rehearsal.talk import Conversation, Exchange
from bot.rehearsal.witness import Answer

REASONS = {
    "motivo_esqueci": "reason_forgot",
    "motivo_apertou": "reason_cash_flow",
    "motivo_desemprego": "reason_unemployment",
    "motivo_doenca": "reason_health_family",
    "motivo_nao_recebi": "reason_no_bill",
    "motivo_defeito": "reason_dissatisfied",
}


def misheard(conversation: Conversation, answers: Sequence[Answer]) -> Iterator[Mishap]:
    """What was said one way and asked of billing another way."""
    exchanges = conversation.exchanges
    ends = [*(exchange.at for exchange in exchanges[1:]), float("inf")]
    for exchange, end in zip(exchanges, ends, strict=True):
        asked = [a.asked for a in answers if _asks_for_offers(a) and exchange.at <= a.at < end]
        if asked and (fault := _fault(conversation, exchange, asked[-1])):
            yield Mishap(exchange.name, " / ".join(exchange.texts), fault, Moment.OFFERS)


def _asks_for_offers(answer: Answer) -> bool:
    return answer.method == "POST" and answer.path.endswith("/offers")


def _fault(conversation: Conversation, exchange: Exchange, asked: Any) -> str | None:
    wish, means = asked.get("wish") or {}, conversation.means
    match exchange.name:
        case name if name in REASONS and asked.get("reason") != REASONS[name]:
            return f"o motivo {REASONS[name]}, ouviu {asked.get('reason')}"
        case "limite" if not _is(wish.get("monthly"), means.monthly):
            return f"R$ {means.monthly} por mês, ouviu {wish}"
        case "entrada" if not _is(wish.get("down_payment"), means.down_payment):
            return f"R$ {means.down_payment} de entrada, ouviu {wish}"
        case "dia" | "muda_dia" if not _is_day(wish.get("first_due"), means.day):
            return f"dia {means.day}, ouviu {wish}"
    return None


def _is(heard: str | None, said: Decimal | None) -> bool:
    return heard is not None and said is not None and Decimal(heard) == said


def _is_day(heard: str | None, said: int) -> bool:
    return heard is not None and date.fromisoformat(heard).day == said
