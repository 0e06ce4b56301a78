"""What the rules of billing need from outside: policy, creditor, provider, clock, addresses."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from bot.billing.documents.tokens import Signer
from bot.billing.documents.words import DocumentWords, load_words
from bot.billing.policy import NegotiationPolicy, get_policy
from bot.billing.providers import Provider, make_provider
from bot.creditor import Creditor, get_creditor
from bot.settings import Settings, get_settings

SAO_PAULO = ZoneInfo("America/Sao_Paulo")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """One for each process, or for each test."""

    policy: NegotiationPolicy
    creditor: Creditor
    provider: Provider
    words: DocumentWords
    signer: Signer
    public_url: str
    clock: Clock = utc_now

    def now(self) -> datetime:
        """This moment, in UTC."""
        return self.clock()

    def today(self) -> date:
        """The day it is for the debtor."""
        return self.clock().astimezone(SAO_PAULO).date()

    def charge_url(self, token: str) -> str:
        """Where a debtor sees and pays a charge."""
        return f"{self.public_url.rstrip('/')}/pagar/{token}"

    def document_url(self, token: str) -> str:
        """Where a document is opened or proved."""
        return f"{self.public_url.rstrip('/')}/documentos/{token}"


def make_context(settings: Settings, clock: Clock = utc_now) -> Context:
    """Read the policies and choose the provider. Raises SettingsError or PolicyError."""
    policy, creditor = get_policy(), get_creditor()
    provider = make_provider(settings, policy.bank, creditor)
    signer = Signer(settings.secret_key.get_secret_value())
    return Context(policy, creditor, provider, load_words(), signer, settings.public_url, clock)


@cache
def process_context() -> Context:
    """The context of this process by its settings, for jobs."""
    return make_context(get_settings())
