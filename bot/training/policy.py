"""When a model may be promoted and when it is taken back: `policies/training.yml`."""

from functools import cache
from typing import Annotated

from pydantic import Field

from bot.creditor import POLICIES, Policy, load_policy

Share = Annotated[float, Field(ge=0, le=1)]


class Gate(Policy):
    """How much worse than the model that answers a candidate may be; more is refused."""

    accuracy_drop: Share
    wrong_and_acting_rise: Share
    intent_f1_drop: Share
    intent_messages: Annotated[int, Field(ge=1)]
    parse_p50_times: Annotated[float, Field(ge=1)]


class Watch(Policy):
    """What takes a model back by itself."""

    least_turns: Annotated[int, Field(ge=1)]
    not_understood_rise: Share
    handover_rise: Share
    hours: Annotated[int, Field(ge=1)]
    before_days: Annotated[int, Field(ge=1)]


class Guests(Policy):
    """The customer guests speak as."""

    phone: Annotated[str, Field(pattern=r"^(\d{12,13})?$")]
    hint: str
    days: Annotated[int, Field(ge=1, le=90)]


class TrainingPolicy(Policy):
    """All of `policies/training.yml`."""

    gate: Gate
    guests: Guests
    watch: Watch


@cache
def get_policy() -> TrainingPolicy:
    """The policy of this installation, read once. Raises PolicyError."""
    return load_policy(POLICIES / "training.yml", TrainingPolicy)
