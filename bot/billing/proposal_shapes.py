"""Proposals as they cross the API."""

from uuid import UUID

from pydantic import AwareDatetime

from bot.billing.fields import Money
from bot.billing.shapes import Change, Reason, Shape, Wish


class Proposal(Shape):
    """What somebody could do that went to a person, newest first in `Proposals`.

    `changes` says what the policy allowed `asked_by` instead. `over_indebted`: nothing fits.
    """

    id: UUID
    asked_at: AwareDatetime
    asked_by: str
    reason: Reason
    wish: Wish
    owed: Money
    changes: list[Change]
    over_indebted: bool


class Proposals(Shape):
    proposals: list[Proposal]
