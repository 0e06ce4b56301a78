"""The figures of a day as they cross the API."""

from datetime import date
from enum import StrEnum

from bot.billing.fields import Money
from bot.billing.shapes import Request, Shape


class FigureName(StrEnum):
    """What is counted, on the day on which it happened.

    `agreements_first_paid`: the first money of an agreement came in. `payments_received` counts
    on the day we heard of it, so that a day gone by stays as it was. `invoices_billed`: bills that
    came in. `late_name_removals`: debts paid in full of which, when the 5 business days were over
    (Súmula 548 do STJ), no system that listens had heard; counted on the day after.
    """

    CUSTOMERS_OFFERED = "customers_offered"
    AGREEMENTS_MADE = "agreements_made"
    AGREEMENTS_FIRST_PAID = "agreements_first_paid"
    AGREEMENTS_COMPLETED = "agreements_completed"
    AGREEMENTS_BROKEN = "agreements_broken"
    AGREEMENTS_CANCELLED = "agreements_cancelled"
    PROMISES_MADE = "promises_made"
    PROMISES_KEPT = "promises_kept"
    PROMISES_BROKEN = "promises_broken"
    PAYMENTS_RECEIVED = "payments_received"
    PAYMENTS_REFUNDED = "payments_refunded"
    DISPUTES_OPENED = "disputes_opened"
    OPT_OUTS = "opt_outs"
    INVOICES_BILLED = "invoices_billed"
    LATE_NAME_REMOVALS = "late_name_removals"


class By(StrEnum):
    """Who it goes back to: for money, who made the agreement it was paid for."""

    BOT = "bot"
    PEOPLE = "people"
    NOBODY = "nobody"


class FiguresQuery(Request):
    """Which day, in America/Sao_Paulo."""

    day: date


class Figure(Shape):
    """How often, and what it came to in reais; what is not about money comes to 0.00."""

    name: FigureName
    by: By
    count: int
    amount: Money


class AgeingBucket(Shape):
    """Late bills of one age, as the night worked them out."""

    bucket: str
    invoices: int
    total: Money


class DayFigures(Shape):
    """What happened on `day`; what did not happen is left out.

    `ageing` is null for a day that was not worked out, or longer ago than nights are kept;
    `not_due`, what is owed and not late yet, is known of today only.
    """

    day: date
    figures: list[Figure]
    ageing: list[AgeingBucket] | None
    not_due: Money | None
