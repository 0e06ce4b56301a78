"""The business on the other side of the chat: how WhatsApp shows it, and its ids at Meta."""

import re
from dataclasses import dataclass

import yaml

from bot.settings import PROJECT, Settings

WABA_ID = "200000000000002"
"""Id of the WhatsApp Business Account, the `entry[].id` of every webhook."""


@dataclass(frozen=True)
class Business:
    """What the phone shows of the business and what Meta calls it."""

    name: str
    display_phone: str
    """Digits."""
    phone_number_id: str


def load(settings: Settings) -> Business:
    """The creditor of `policies/creditor.yml`, under the phone number id of the settings."""
    creditor = yaml.safe_load((PROJECT / "policies" / "creditor.yml").read_text("utf-8"))
    return Business(
        name=creditor["name"],
        display_phone=re.sub(r"\D", "", creditor["official_whatsapp"]),
        phone_number_id=settings.whatsapp_phone_number_id,
    )
