"""Works out today: one statement for all bills, cent for cent what `late_charges` says of each.

Today can be worked out again, and gives the same as long as the bills are the same. Another day
cannot: the bills of today would pass for those of that day. It is shown as it was worked out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql import ColumnElement

from bot.billing.calendar import next_business_day, years_before
from bot.billing.context import Context
from bot.billing.errors import NotFound
from bot.billing.late_charges import LateChargePolicy
from bot.billing.nightly.models import AgeingRow, NightlyRunRow, PayableDayRow
from bot.db import transaction

# The first day of each bucket and its name.
BUCKETS = {
    1: "1-5",
    6: "6-15",
    16: "16-30",
    31: "31-60",
    61: "61-90",
    91: "91-180",
    181: "181-360",
    361: "360+",
}
# Longer than banks ever stay closed: a bill due before that is late whatever the calendar.
CALENDAR_DAYS = 60
KEPT_DAYS = 7

LOCK = text("SELECT pg_advisory_xact_lock(hashtext('billing nightly'))")
# round() rounds a product half up, exactly; a quotient would be cut off before it is rounded,
# so the thirtieth part is taken by div() on whole numbers: floor(x / 30 + 1/2 cent).
AGE = text(
    """
INSERT INTO billing.invoice_ageing (
    as_of, invoice_id, customer_id, days_late, bucket,
    principal, multa, juros, carried, total, collectable
)
SELECT :as_of, id, customer_id, days_late, bucket, principal, multa, juros, carried,
    principal + multa + juros + carried,
    CASE WHEN due > :prescribed THEN principal + multa + juros + carried ELSE 0 END
FROM (
    SELECT invoices.id, customer_id, invoices.due, amount - paid_amount AS principal,
        :as_of - invoices.due AS days_late,
        (CAST(:names AS text[]))[
            width_bucket(:as_of - invoices.due, CAST(:firsts AS int[]))
        ] AS bucket,
        CASE WHEN juros_from IS NULL
            THEN round((amount - paid_amount) * :multa, 2) ELSE 0 END AS multa,
        div(
            (amount - paid_amount) * :juros
                * greatest(:as_of - coalesce(juros_from, invoices.due), 0) * 200 + 30,
            60
        ) * 0.01 AS juros,
        CASE WHEN juros_from IS NULL THEN 0 ELSE invoices.carried END AS carried
    FROM billing.invoices
    LEFT JOIN billing.payable_days ON payable_days.due = invoices.due
    WHERE status = 'open' AND paid_amount < amount
        AND coalesce(payable_until, invoices.due) < :as_of
) AS late
ORDER BY id
"""
)


@dataclass(frozen=True)
class BucketTotal:
    """What the bills of one bucket come to, in reais."""

    bucket: str
    invoices: int
    total: Decimal
    collectable: Decimal


def work_out(context: Context) -> list[BucketTotal]:
    """Work out today in place of what was there for it, and return its totals."""
    policy, day = context.policy, context.today()
    with transaction() as session:
        session.execute(LOCK)
        oldest = day - timedelta(days=KEPT_DAYS)
        session.execute(
            delete(AgeingRow).where((AgeingRow.as_of == day) | (AgeingRow.as_of < oldest))
        )
        session.execute(delete(NightlyRunRow).where(NightlyRunRow.as_of < oldest))
        age(session, day, policy.late_charge_policy, years_before(day, policy.prescription_years))
        done = {"policy_version": policy.version, "finished_at": context.now()}
        session.execute(
            insert(NightlyRunRow)
            .values(as_of=day, **done)
            .on_conflict_do_update(index_elements=["as_of"], set_=done)
        )
        return totals(session, day)


def age(session: Session, day: date, rates: LateChargePolicy, prescribed: date) -> None:
    """Write what each late bill costs on `day`; one due on `prescribed` or before is not due."""
    _load_calendar(session, day)
    session.execute(
        AGE,
        {
            "as_of": day,
            "prescribed": prescribed,
            "multa": rates.multa_rate,
            "juros": rates.juros_rate,
            "firsts": list(BUCKETS),
            "names": list(BUCKETS.values()),
        },
    )


def worked_out(session: Session, day: date) -> list[BucketTotal]:
    """Return the totals of a day as it was worked out. Raises NotFound."""
    if not is_worked_out(session, day):
        raise NotFound(f"{day} was not worked out on its night, or more than {KEPT_DAYS} days ago")
    return totals(session, day)


def totals(session: Session, day: date) -> list[BucketTotal]:
    """Return the totals of a day by bucket, the newest debts first; none is left out."""
    rows = session.execute(
        select(AgeingRow.bucket, func.count(), _sum(AgeingRow.total), _sum(AgeingRow.collectable))
        .where(AgeingRow.as_of == day)
        .group_by(AgeingRow.bucket)
    )
    found = {row[0]: BucketTotal(*row) for row in rows}
    nothing = (0, Decimal("0.00"), Decimal("0.00"))
    return [found.get(name) or BucketTotal(name, *nothing) for name in BUCKETS.values()]


def is_worked_out(session: Session, day: date) -> bool:
    return session.get(NightlyRunRow, day) is not None


def _sum(column: InstrumentedAttribute[Decimal]) -> ColumnElement[Decimal]:
    return func.sum(column)


def _load_calendar(session: Session, day: date) -> None:
    days: Sequence[date] = [day - timedelta(days=back) for back in range(CALENDAR_DAYS)]
    rows = insert(PayableDayRow).values(
        [{"due": due, "payable_until": next_business_day(due)} for due in days]
    )
    session.execute(
        rows.on_conflict_do_update(
            index_elements=["due"], set_={"payable_until": rows.excluded.payable_until}
        )
    )
