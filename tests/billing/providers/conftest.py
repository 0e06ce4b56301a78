"""A fake Asaas that listens, and billing with it as its provider."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.billing.api import EXTENSION
from bot.billing.context import Context
from bot.billing.providers.asaas import AsaasProvider
from tests.billing.providers.fake_asaas import API_KEY, WEBHOOK_TOKEN, FakeAsaas, serve
from tests.billing.support import Api


@pytest.fixture
def asaas() -> Iterator[FakeAsaas]:
    """An empty account."""
    fake = FakeAsaas()
    stop = serve(fake)
    yield fake
    stop()


@pytest.fixture
def provider(asaas: FakeAsaas) -> AsaasProvider:
    return AsaasProvider(asaas.url, API_KEY, WEBHOOK_TOKEN)


@pytest.fixture
def context(api: Api, provider: AsaasProvider, monkeypatch: pytest.MonkeyPatch) -> Context:
    """What billing goes by, with Asaas as its provider; the API goes by it as well."""
    changed: Context = replace(api.app.extensions[EXTENSION], provider=provider)
    monkeypatch.setitem(api.app.extensions, EXTENSION, changed)
    return changed
