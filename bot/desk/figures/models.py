"""The table of figures."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Numeric
from sqlalchemy.orm import Mapped, mapped_column

from bot.db import Base
from bot.desk.models import SCHEMA


class DailyFigure(Base):
    """What `name` came to on a day in America/Sao_Paulo, for one `dimension` (empty: for all).

    A figure that is a sum can be summed over days; ageing and `not_due` are how it stood.
    """

    __tablename__ = "daily_figures"
    __table_args__ = ({"schema": SCHEMA},)

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Decimal] = mapped_column(Numeric)
