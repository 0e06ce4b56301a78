"""Whose backend is tested: ours, the example's, or the one at BILLING_CONTRACT_URL.

For yours, name a customer with overdue debts and no agreement; the tests make one, so reset it
before the next run:

    BILLING_CONTRACT_URL=https://erp.example BILLING_CONTRACT_TOKEN=… \
    BILLING_CONTRACT_PHONE=5511987654321 BILLING_CONTRACT_CPF=52998224725 \
    pytest tests/billing/contract
"""

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from bot.billing.client import BillingClient
from bot.settings import PROJECT
from tests.billing.support import (
    MARIA_CPF,
    MARIA_PHONE,
    MORNING,
    TOKEN,
    Api,
    add_customer,
    empty_tables,
)

EXAMPLE = PROJECT / "docs" / "examples" / "billing_server.py"
URL = os.environ.get("BILLING_CONTRACT_URL")


@dataclass(frozen=True)
class Backend:
    """Where a backend listens, and a customer of it who owes something."""

    url: str
    token: str = TOKEN
    phone: str = MARIA_PHONE
    cpf: str = MARIA_CPF

    @property
    def client(self) -> BillingClient:
        return BillingClient(self.url, self.token)


@pytest.fixture(scope="module", params=["yours"] if URL else ["ours", "example"])
def backend(request: pytest.FixtureRequest) -> Iterator[Backend]:
    if request.param == "yours":
        yield _yours()
    elif request.param == "ours":
        server: Api = request.getfixturevalue("server")
        server.clock.now = MORNING
        empty_tables()
        add_customer()
        yield Backend(server.url)
    else:
        with pytest.MonkeyPatch.context() as patch, _serving(_example()) as url:
            patch.setenv("BILLING_TOKEN", TOKEN)
            yield Backend(url)


def _yours() -> Backend:
    names = ("URL", "TOKEN", "PHONE", "CPF")
    return Backend(*(os.environ[f"BILLING_CONTRACT_{name}"] for name in names))


def _example() -> Flask:
    spec = importlib.util.spec_from_file_location("billing_server", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where Flask looks for the folder of its files
    spec.loader.exec_module(module)
    app: Flask = module.app
    return app


@contextmanager
def _serving(app: Flask) -> Iterator[str]:
    listening = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=listening.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{listening.port}"
    listening.shutdown()
