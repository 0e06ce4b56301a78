"""Which part of the inbox an address asks for; a message's page keeps it, to go on to the next."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from flask import request

from bot.business_hours import SAO_PAULO
from bot.desk.guarding import Refused, me
from bot.training import inbox
from bot.training.inbox import Filters
from bot.training.models import State
from bot.training.signals import Signal

NAMES = ("state", "signal", "intent", "model", "since", "until", "q", "after")
EVERY_STATE = "all"
_CURSOR = re.compile(r"\[-?\d{1,9}(\.\d{1,20})?, \d{1,18}\]")
"""As `inbox.Page.next` has it."""
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True)
class Listing:
    """The filters, the cursor of the page, and both as they stood in the address."""

    filters: Filters
    after: str | None
    asked: dict[str, str]

    def address(self, **changed: str | None) -> dict[str, Any]:
        """The filters for a link, some of them otherwise; the page is the first then."""
        fresh = {name: value for name, value in self.asked.items() if name != "after"}
        return {name: value for name, value in {**fresh, **changed}.items() if value}

    def page(self) -> inbox.Page:
        """The groups asked for."""
        return self._page(self.after)

    def _page(self, after: str | None) -> inbox.Page:
        if after and not _CURSOR.fullmatch(after):
            raise Refused("Este endereço não está certo. Volte à lista de mensagens.")
        return inbox.page(self.filters, after)

    def following(self, group_id: int) -> int | None:
        """The message to look at after those of a group; from the end of the list its beginning."""
        page = self.page()
        ids = [group.id for group in page.groups]
        later = page.groups[ids.index(group_id) + 1 :] if group_id in ids else page.groups
        if not later:
            later = self._page(page.next).groups
        return next((group.first.id for group in later if group.id != group_id), None)


def asked() -> Listing:
    """What the address of this request asks for. Raises Refused."""
    given = {name: request.args[name].strip() for name in NAMES if request.args.get(name)}
    state = given.get("state", State.OPEN.value)
    filters = Filters(
        viewer=me().id,
        state=None if state == EVERY_STATE else _one_of(State, state),
        signal=_one_of(Signal, given["signal"]) if "signal" in given else None,
        intent=given.get("intent"),
        model=given.get("model"),
        since=_begin(given.get("since")),
        until=_begin(given.get("until"), days=1),
        words=given.get("q", "")[:200],
    )
    return Listing(filters, given.get("after"), given)


def _one_of(kinds: type[Choice], name: str) -> Choice:
    try:
        return kinds(name)
    except ValueError:
        raise Refused(f"Não há “{name}” aqui. Volte à lista de mensagens.") from None


def _begin(day: str | None, days: int = 0) -> datetime | None:
    """Midnight in São Paulo that begins a day, or the day after it."""
    if not day:
        return None
    try:
        begun = date.fromisoformat(day) + timedelta(days=days)
    except (ValueError, OverflowError):
        raise Refused(f"“{day}” não é uma data.") from None
    return datetime.combine(begun, time(), SAO_PAULO)
