"""Where a customer stands with billing: debts, agreements, promises, what is being checked."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec, TypeVar

from actions.base import Event, Voice, ask_billing, billing, choice, now, slots
from bot.billing.client import (
    Agreement,
    BillingRefused,
    Debts,
    Dispute,
    Disputes,
    Promise,
    Promises,
)
from bot.billing.shapes import Installment
from bot.portuguese import format_amount, format_date, format_long_date
from bot.words import say

P = ParamSpec("P")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Standing:
    """Everything at one moment; `agreements` newest first."""

    debts: Debts
    agreements: list[Agreement]
    promise: Promise | None
    checks: list[Dispute]

    @property
    def active(self) -> Agreement | None:
        """The agreement that is being kept."""
        return active_among(self.agreements)

    @property
    def broken(self) -> Agreement | None:
        """The newest agreement, if it did not hold: its bills are owed again."""
        newest = self.agreements[0] if self.agreements else None
        return newest if newest and newest.status == "broken" else None


async def look(customer_id: str) -> Standing:
    """Ask billing for all of it at once."""
    debts, agreements, promise, checks = await asyncio.gather(
        ask_billing(billing().debts, customer_id),
        ask_billing(billing().agreements, customer_id),
        open_promise(customer_id),
        open_checks(customer_id),
    )
    return Standing(debts, agreements, promise, checks)


async def open_promise(customer_id: str) -> Promise | None:
    """The promise whose day is still to come, if there is one."""
    found: Promises | None = await _if_known(billing().promises, customer_id)
    listed = found.promises if found else []
    return next((promise for promise in listed if promise.status == "open"), None)


async def open_checks(customer_id: str) -> list[Dispute]:
    """What the person said is wrong or paid, and nobody has answered yet, newest first."""
    found: Disputes | None = await _if_known(billing().disputes, customer_id)
    return [check for check in (found.disputes if found else []) if check.status == "open"]


async def active_agreement(customer_id: str) -> Agreement | None:
    """The agreement that is being kept, if there is one."""
    return active_among(await ask_billing(billing().agreements, customer_id))


def active_among(agreements: list[Agreement]) -> Agreement | None:
    """The one that is being kept, of agreements newest first."""
    return next((each for each in agreements if each.status == "active"), None)


async def _if_known(
    method: Callable[P, Result], /, *arguments: P.args, **options: P.kwargs
) -> Result | None:
    """What a backend answers that may know no promises and no disputes."""
    try:
        return await ask_billing(method, *arguments, **options)
    except BillingRefused:
        return None


def say_nothing_open(standing: Standing, voice: Voice) -> list[Event]:
    """Tell what there is when no bill is overdue."""
    if standing.active:
        say_agreement(standing.active, voice)
        return slots(ended="agreed")
    if standing.checks:
        say_check(standing.checks[0], voice)
        return slots(ended="checking")
    voice.say("utter_no_debts")
    return slots(ended="nothing_owed")


def say_check(check: Dispute, voice: Voice) -> None:
    """Tell that something is being checked, and until when it is answered."""
    voice.say("utter_in_check", until=format_date(check.answer_by))


def say_promise(promise: Promise, voice: Voice) -> list[Event]:
    """Tell that a promise stands; nothing is asked until its day."""
    voice.say("utter_promise_open", day=format_long_date(promise.promised_for, now().date()))
    voice.offer_choices(
        choice("title_pay", "/ask_boleto"), choice("title_see_options", "/ask_installments")
    )
    return slots(ended="promised")


def say_agreement(agreement: Agreement, voice: Voice) -> None:
    """Tell how an agreement stands: its parts, or how it ended."""
    if agreement.status == "completed":
        _say_completed(agreement, voice)
    elif agreement.status == "active":
        lines = "\n".join(map(_part, agreement.parts))
        owed = format_amount(agreement.owed)
        voice.say("utter_agreement_status", agreement=agreement.number, lines=lines, owed=owed)
    else:
        voice.say("utter_agreement_over", agreement=agreement.number)


def _say_completed(agreement: Agreement, voice: Voice) -> None:
    voice.say("utter_agreement_completed", agreement=agreement.number)
    if agreement.clear_name_by:
        voice.say("utter_name_cleared_by", day=format_date(agreement.clear_name_by))


def _part(part: Installment) -> str:
    return say(
        f"line_installment_{'late' if is_late(part) else part.status}",
        number=part.number,
        amount=format_amount(part.amount),
        due=format_date(part.due),
    )


def next_part(agreement: Agreement) -> Installment | None:
    """The part to be paid next."""
    return next((part for part in agreement.parts if part.status == "open"), None)


def is_late(part: Installment) -> bool:
    """Whether its day has passed unpaid."""
    return part.status == "open" and part.due < now().date()
