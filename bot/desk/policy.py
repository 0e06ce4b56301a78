"""How people work at the desk: `policies/desk.yml`."""

from decimal import Decimal
from functools import cache
from typing import Annotated

from pydantic import Field

from bot.business_hours import BusinessHours
from bot.creditor import POLICIES, Policy, Text, load_policy


class Waiting(Policy):
    """Why a conversation waits, how urgent that is, and within how many minutes it is taken."""

    label: Text
    priority: Annotated[int, Field(ge=1, le=9)]
    minutes: Annotated[int, Field(ge=1)]
    team: Text | None = None
    """Whose queue it comes to, by name; without one the general team's."""


class Template(Policy):
    """A message Meta approved, its parameters as `{1}`, `{2}`."""

    label: Text
    language: Text
    text: Text


class DeskPolicy(Policy):
    """All of `policies/desk.yml`."""

    silence_minutes: Annotated[int, Field(ge=1)]
    escalate_after: Annotated[int, Field(ge=1)]
    reasons: dict[str, Waiting]
    other: Waiting
    dispositions: dict[str, Text]
    template_states: dict[str, Text]
    other_template_state: Text
    templates: dict[str, Template]
    errors: dict[int, Text]
    other_error: Text
    no_answer: Text
    late_because: dict[str, Text]
    contact_hours: BusinessHours
    message_prices: dict[str, Annotated[Decimal, Field(ge=0)]]

    def waiting(self, reason: str | None) -> Waiting:
        """What is known of a reason; one nobody listed is another one."""
        return self.reasons.get(reason or "", self.other)

    def error(self, code: int | None) -> str:
        """Meta's error in words."""
        return self.errors.get(code or 0, self.other_error)


@cache
def get_policy() -> DeskPolicy:
    """The policy of this installation, read once. Raises PolicyError."""
    return load_policy(POLICIES / "desk.yml", DeskPolicy)
