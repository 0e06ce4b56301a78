"""What all tests share: a PostgreSQL of their own, empty and migrated."""

from collections.abc import Iterator

import pytest

from bot import db
from bot.settings import get_settings


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An embedded PostgreSQL in a temporary directory, with every migration."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "BILLING_PROVIDER", "PUBLIC_URL"):
            patch.delenv(name, raising=False)
        patch.setenv("DEMO", "1")
        patch.setenv("VAR_DIR", str(tmp_path_factory.mktemp("var")))
        get_settings.cache_clear()
        db.migrate()
        yield
        db.engine().dispose()
    get_settings.cache_clear()
