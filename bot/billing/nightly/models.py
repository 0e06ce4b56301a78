"""The nightly tables: bills as they stood on a day, and the days on which it was worked out."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.models import SCHEMA
from bot.db import Base


class PayableDayRow(Base):
    """The calendar for SQL: until when a bill due on a day is paid at no charge."""

    __tablename__ = "payable_days"
    __table_args__ = ({"schema": SCHEMA},)

    due: Mapped[date] = mapped_column(primary_key=True)
    payable_until: Mapped[date]


class NightlyRunRow(Base):
    """A day that was worked out whole, and the policy it was done by."""

    __tablename__ = "nightly_runs"
    __table_args__ = ({"schema": SCHEMA},)

    as_of: Mapped[date] = mapped_column(primary_key=True)
    policy_version: Mapped[str]
    finished_at: Mapped[datetime]


class AgeingRow(Base):
    """A late bill as it stood on a day, in reais.

    `total` is what it came to; `collectable` the same, or zero once it was prescribed.
    """

    __tablename__ = "invoice_ageing"
    __table_args__ = ({"schema": SCHEMA},)

    as_of: Mapped[date] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID]
    days_late: Mapped[int]
    bucket: Mapped[str] = mapped_column(String(8))
    principal: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    multa: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    juros: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    carried: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    total: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    collectable: Mapped[Decimal] = mapped_column(Numeric(12, 2))
