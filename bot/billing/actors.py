"""Who asks billing for something, and how much they may grant.

The caller names the person in the header `X-Actor`, like `operator:ana`; without it the bot
is meant. Whoever holds BILLING_TOKEN is trusted to tell the truth.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import IntEnum

HEADER = "X-Actor"
FORMAT = r"^(bot|operator|supervisor|system)(?::([A-Za-z0-9_.@+-]{1,100}))?$"


class Authority(IntEnum):
    """What somebody may grant; each level may grant what the one below may, and more."""

    BOT = 0
    OPERATOR = 1
    SUPERVISOR = 2


@dataclass(frozen=True)
class Actor:
    """`role` is bot, operator, supervisor or system (jobs, imports); `name` says which one."""

    role: str
    name: str = ""

    @classmethod
    def parse(cls, text: str) -> "Actor":
        """Read `role` or `role:name`. Raises ValueError."""
        match = re.fullmatch(FORMAT, text)
        if match is None:
            raise ValueError(f"{text!r} is not an actor like bot or operator:ana")
        return cls(match[1], match[2] or "")

    @property
    def authority(self) -> Authority:
        return {"operator": Authority.OPERATOR, "supervisor": Authority.SUPERVISOR}.get(
            self.role, Authority.BOT
        )

    def __str__(self) -> str:
        return f"{self.role}:{self.name}" if self.name else self.role


BOT = Actor("bot")
SYSTEM = Actor("system")
_acting: ContextVar[Actor] = ContextVar("actor", default=SYSTEM)


def enter(actor: Actor) -> Token[Actor]:
    """Do what follows in the name of `actor`, until `leave`."""
    return _acting.set(actor)


def leave(token: Token[Actor]) -> None:
    """Go back to whoever was acting before `enter`."""
    _acting.reset(token)


def current_actor() -> Actor:
    """Whoever the work of this thread is done for; jobs and imports are the system."""
    return _acting.get()


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Do what follows in the name of `actor`."""
    token = enter(actor)
    try:
        yield
    finally:
        leave(token)
