"""The table of events: written in the transaction of what happened."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.orm import Mapped, mapped_column

from bot.billing.models import SCHEMA
from bot.db import Base


class EventRow(Base):
    """Something that happened; `data` is what those who hear of it may know."""

    __tablename__ = "events"
    __table_args__ = ({"schema": SCHEMA},)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    customer_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
