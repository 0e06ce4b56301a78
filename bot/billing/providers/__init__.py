"""Who issues boletos and Pix: the contract every provider keeps, and those there are."""

from bot.billing.policy import Bank
from bot.billing.providers.asaas import AsaasProvider
from bot.billing.providers.builtin import BuiltinProvider
from bot.billing.providers.contract import (
    EARLIEST,
    MOST_MONEY,
    Cancelled,
    ChargeState,
    Issued,
    Notification,
    NotificationKind,
    Order,
    Paid,
    Provider,
    Refused,
    State,
    Unknown,
    WebhookRefused,
)
from bot.creditor import Creditor
from bot.settings import Settings, SettingsError

__all__ = [
    "EARLIEST",
    "MOST_MONEY",
    "Cancelled",
    "ChargeState",
    "Issued",
    "Notification",
    "NotificationKind",
    "Order",
    "Paid",
    "Provider",
    "Refused",
    "State",
    "Unknown",
    "WebhookRefused",
    "make_provider",
]


def make_provider(settings: Settings, bank: Bank, creditor: Creditor) -> Provider:
    """Return the provider of BILLING_PROVIDER. Raises SettingsError when it lacks a setting."""
    if settings.billing_provider == "builtin":
        return BuiltinProvider(bank, creditor, settings.billing_token.get_secret_value())
    secrets = {
        "ASAAS_API_URL": settings.asaas_api_url,
        "ASAAS_API_KEY": settings.asaas_api_key.get_secret_value(),
        "ASAAS_WEBHOOK_TOKEN": settings.asaas_webhook_token.get_secret_value(),
    }
    missing = [name for name, value in secrets.items() if not value]
    if missing:
        raise SettingsError(f"{', '.join(missing)}: not set, and BILLING_PROVIDER=asaas needs it.")
    return AsaasProvider(*secrets.values())
