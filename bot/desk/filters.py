"""How values are written on the pages."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Flask
from markupsafe import Markup, escape

from bot.billing.client import Offer
from bot.business_hours import SAO_PAULO
from bot.desk.masking import format_document, format_phone, mask_document, mask_phone
from bot.desk.policy import get_policy
from bot.desk.roles import LABELS
from bot.portuguese import format_amount, format_date

TICKS = {
    "pending": ("🕓", "Na fila de envio"),
    "sending": ("🕓", "Saindo"),
    "unknown": ("❔", "Sem confirmação do WhatsApp"),
    "accepted": ("✓", "Aceita pelo WhatsApp"),
    "sent": ("✓", "Enviada"),
    "delivered": ("✓✓", "Entregue"),
    "read": ("✓✓", "Lida"),
    "parked": ("⚠", "Não enviada"),
    "withdrawn": ("⊘", "Não enviada: uma pessoa assumiu"),
    "failed": ("⚠", "Não entregue"),
}


def install(app: Flask) -> None:
    """Give the templates their filters."""
    named = {
        "hour": hour,
        "moment": moment,
        "day": day,
        "iso": iso,
        "reais": reais,
        "mask_phone": mask_phone,
        "phone": format_phone,
        "mask_document": mask_document,
        "document": format_document,
        "tick": lambda state: TICKS.get(state, ("", state)),
        "reason": lambda reason: get_policy().waiting(reason).label,
        "late_because": lambda reason: get_policy().late_because.get(reason or "", "Não disse"),
        "disposition": lambda name: get_policy().dispositions.get(name, name),
        "whatsapp": whatsapp,
        "offer": say_offer,
        "role": lambda role: LABELS[role],
    }
    app.jinja_env.filters.update(named)


def whatsapp(words: str) -> Markup:
    """`*bold*` and `_italic_` as WhatsApp shows them; everything else is only text."""
    safe = str(escape(words))
    safe = re.sub(r"(?<!\w)\*(\S(?:[^*\n]*\S)?)\*(?!\w)", r"<b>\1</b>", safe)
    return Markup(re.sub(r"(?<!\w)_(\S(?:[^_\n]*\S)?)_(?!\w)", r"<i>\1</i>", safe))


def hour(at: datetime) -> str:
    """`14:05`."""
    return at.astimezone(SAO_PAULO).strftime("%H:%M")


def moment(at: datetime | None) -> str:
    """`14:05` today, else `26/11 14:05`."""
    if at is None:
        return ""
    here = at.astimezone(SAO_PAULO)
    is_today = here.date() == datetime.now(SAO_PAULO).date()
    return here.strftime("%H:%M" if is_today else "%d/%m %H:%M")


def day(on: date | datetime) -> str:
    """`26/11/2026`."""
    return (on.astimezone(SAO_PAULO) if isinstance(on, datetime) else on).strftime("%d/%m/%Y")


def iso(at: datetime | None) -> str:
    """For the page's clock."""
    return at.astimezone(UTC).isoformat() if at else ""


def reais(amount: Decimal | str | None) -> str:
    """`R$ 1.234,56`."""
    return format_amount(Decimal(amount)) if amount is not None else ""


def say_offer(offer: Offer) -> str:
    """An offer in one line."""
    first = offer.parts[0]
    if offer.count == 1:
        return f"{format_amount(offer.total)} à vista até {format_date(first.due)}"
    return (
        f"{offer.count}× de {format_amount(first.amount)}, a primeira em"
        f" {format_date(first.due)} (total {format_amount(offer.total)})"
    )
