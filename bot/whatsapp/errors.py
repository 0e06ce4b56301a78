"""What each error of the Cloud API asks us to do.

Keyed on `code`, never on titles. The same code may come in a response or by webhook.
Source: Cloud API error codes, November 2026.
"""

from enum import StrEnum
from typing import Any


class Remedy(StrEnum):
    """What becomes of the message, and of the others."""

    RETRY = "retry"
    """Again with a growing pause, five times; then an operator sees it."""
    BACK_OFF = "back_off"
    """Our throughput: everything waits a little."""
    DELAY_RECIPIENT = "delay_recipient"
    """This person got too many messages: only theirs wait."""
    PARK = "park"
    """The 24-hour window is closed: kept for an operator or a template."""
    GIVE_UP = "give_up"
    """Not deliverable to this person: terminal, other channel."""
    PAUSE_ALL = "pause_all"
    """Token, permission, account or payment: nothing can be sent until someone acts."""
    SEND_LINK = "send_link"
    """WhatsApp cannot fetch or take the file: its link goes instead."""
    OUR_FAULT = "our_fault"
    """Meta did not understand the message: kept with its payload for a developer."""
    VERIFY_PERSON = "verify_person"
    """Another device answers on this number: confirm identity again."""


TEMPLATE_CODES = (132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016)
"""The template is wrong, missing, paused or disabled: it must not be sent again as it is."""

_CODES: dict[Remedy, tuple[int, ...]] = {
    Remedy.PAUSE_ALL: (0, 3, 10, 190, 368, 131005, 131031, 131042, 130497, *range(200, 300)),
    Remedy.RETRY: (1, 2, 131000, 131016, 133004, 131057),
    Remedy.BACK_OFF: (4, 80007, 130429),
    Remedy.DELAY_RECIPIENT: (131056,),
    Remedy.PARK: (131047,),
    Remedy.GIVE_UP: (131026, 131048, 131064, 131049, 131050, 130472),
    Remedy.SEND_LINK: (131052, 131053),
    Remedy.OUR_FAULT: (
        *(100, 131008, 131009, 131021, 131051),
        *TEMPLATE_CODES,
    ),
    Remedy.VERIFY_PERSON: (137000,),
}
_REMEDIES = {code: remedy for remedy, codes in _CODES.items() for code in codes}


def parse_code(error: dict[str, Any]) -> int | None:
    """The code of an error as Meta writes it; None when it is no number we can store."""
    code = error.get("code")
    return code if type(code) is int and abs(code) < 2**31 else None


def remedy(code: int | None, http_status: int | None = None, is_transient: bool = False) -> Remedy:
    """What to do about `code`; for one we do not know, what HTTP class and Meta's hint say."""
    if code in _REMEDIES:
        return _REMEDIES[code]
    if http_status == 429 or (code is None and http_status is None):  # throttled, or no network
        return Remedy.BACK_OFF
    if http_status in (401, 403):
        return Remedy.PAUSE_ALL
    if http_status is not None and 400 <= http_status < 500 and not is_transient:
        return Remedy.OUR_FAULT
    return Remedy.RETRY
