"""The nightly update: cent for cent what a bill costs today, as often as one likes."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from bot import cli
from bot.billing.client import BillingClient, BillingRefused
from bot.billing.context import SAO_PAULO, Context, utc_now
from bot.billing.http import EXTENSION
from bot.billing.late_charges import LateChargePolicy, late_charges
from bot.billing.models import CustomerRow, InvoiceRow, InvoiceStatus
from bot.billing.money import round_half_up
from bot.billing.nightly import tasks
from bot.billing.nightly.models import AgeingRow
from bot.billing.nightly.service import age, work_out, worked_out
from bot.db import transaction
from tests.billing.paying import pay_by_hand
from tests.billing.support import MARIA_CPF, TODAY, Api, MakeCustomer

AMOUNTS = st.decimals(Decimal("0.01"), Decimal("9999999.99"), places=2)
# Around Carnival, Easter, Corpus Christi, Christmas and the turn of the year too.
DAYS = st.dates(date(2019, 1, 1), date(2028, 12, 31)) | st.dates(
    date(2025, 12, 15), date(2026, 7, 31)
)
RATES = st.builds(
    LateChargePolicy,
    st.decimals(0, Decimal("0.02"), places=4),
    st.decimals(0, Decimal("0.01"), places=5),
)


@st.composite
def bills(draw: st.DrawFn) -> dict[str, Any]:
    """A bill, often paid in part, due on or around a day."""
    amount = draw(AMOUNTS)
    bill: dict[str, Any] = {
        "amount": amount,
        "late": draw(st.integers(-5, 40) | st.integers(41, 2500)),
    }
    if draw(st.booleans()):
        bill["paid_amount"] = draw(st.decimals(0, amount, places=2))
    if draw(st.booleans()):
        bill["carried"] = draw(st.decimals(0, 1000, places=2))
        bill["juros_after"] = draw(st.integers(0, 400))
    return bill


@pytest.fixture
def context(api: Api) -> Context:
    found: Context = api.app.extensions[EXTENSION]
    return found


def write(customer: UUID, day: date, bill: dict[str, Any]) -> InvoiceRow:
    due = day - timedelta(days=bill["late"])
    paid_in_part = "carried" in bill
    return InvoiceRow(
        id=uuid4(),
        customer_id=customer,
        external_id=uuid4().hex,
        contract="",
        description="Sofá",
        due=due,
        amount=bill["amount"],
        paid_amount=bill.get("paid_amount", Decimal("0.00")),
        carried=bill.get("carried", Decimal("0.00")),
        juros_from=due + timedelta(days=bill["juros_after"]) if paid_in_part else None,
    )


def expected(row: InvoiceRow, day: date, rates: LateChargePolicy) -> tuple[Decimal, ...] | None:
    """What `late_charges` says; after a partial payment no multa again, juros from that day."""
    charges = late_charges(row.balance, row.due, day, rates)
    if not charges.days_late or not row.balance:
        return None
    multa, juros, carried = charges.multa, charges.juros, Decimal("0.00")
    if row.juros_from is not None:
        days = max((day - row.juros_from).days, 0)
        juros = round_half_up(Fraction(row.balance) * Fraction(rates.juros_rate) * days / 30)
        multa, carried = Decimal("0.00"), row.carried
    total = row.balance + multa + juros + carried
    return charges.days_late, row.balance, multa, juros, carried, total


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(day=DAYS, rates=RATES, some=st.lists(bills(), min_size=20, max_size=60))
def test_sql_and_late_charges_agree_to_the_cent(
    api: Api, day: date, rates: LateChargePolicy, some: list[dict[str, Any]]
) -> None:
    customer = CustomerRow(id=uuid4(), name="Maria", document=uuid4().hex)
    with transaction() as session:
        session.execute(delete(InvoiceRow))
        session.execute(delete(AgeingRow))
        session.add(customer)
        session.flush()
        rows = [write(customer.id, day, bill) for bill in some]
        session.add_all(rows)
        session.flush()
        age(session, day, rates, prescribed=day - timedelta(days=1826))
        found = {
            row.invoice_id: (
                row.days_late,
                row.principal,
                row.multa,
                row.juros,
                row.carried,
                row.total,
            )
            for row in session.scalars(select(AgeingRow))
        }
    wanted = {row.id: expected(row, day, rates) for row in rows}
    assert found == {bill: amounts for bill, amounts in wanted.items() if amounts}


def test_a_half_cent_goes_up(api: Api, make_customer: MakeCustomer) -> None:
    # 0.75 × 1% ÷ 30 × 20 days = 0.005; 1.25 × 2% = 0.025
    make_customer([("0.75", 20), ("1.25", 20)])
    with transaction() as session:
        age(session, TODAY, LateChargePolicy(Decimal("0.02"), Decimal("0.01")), date(2000, 1, 1))
        rows = session.scalars(select(AgeingRow).order_by(AgeingRow.principal)).all()
    assert [(str(row.multa), str(row.juros)) for row in rows] == [
        ("0.02", "0.01"),
        ("0.03", "0.01"),
    ]


def test_what_is_collectable_is_what_the_bot_tells(
    context: Context, client: BillingClient, make_customer: MakeCustomer
) -> None:
    maria = make_customer([("389.90", 42), ("389.90", 3), ("100.00", 1826), ("50.00", 0)])
    found = work_out(context)
    assert sum(bucket.collectable for bucket in found) == client.debts(maria).total
    assert sum(bucket.invoices for bucket in found) == 3
    assert found[-1].total > found[-1].collectable == 0


@pytest.mark.parametrize(
    ("days_late", "bucket"),
    [
        (1, "1-5"), (5, "1-5"), (6, "6-15"), (15, "6-15"), (16, "16-30"), (30, "16-30"),
        (31, "31-60"), (60, "31-60"), (61, "61-90"), (90, "61-90"), (91, "91-180"),
        (180, "91-180"), (181, "181-360"), (360, "181-360"), (361, "360+"), (3000, "360+"),
    ],
)  # fmt: skip
def test_every_day_late_has_its_bucket(
    context: Context, make_customer: MakeCustomer, days_late: int, bucket: str
) -> None:
    make_customer([("10.00", days_late)])
    assert [found.bucket for found in work_out(context) if found.invoices] == [bucket]


def test_only_open_bills_with_something_left_are_aged(
    context: Context, make_customer: MakeCustomer
) -> None:
    make_customer([("10.00", 30)] * len(InvoiceStatus))
    with transaction() as session:
        for row, status in zip(session.scalars(select(InvoiceRow)), InvoiceStatus, strict=True):
            row.status = status
    assert sum(found.invoices for found in work_out(context)) == 1


def test_today_worked_out_again_is_the_same_and_stands_beside_the_days_before(
    context: Context, make_customer: MakeCustomer, api: Api
) -> None:
    make_customer()
    first = work_out(context)
    assert work_out(context) == first
    api.clock.pass_days(1)
    second = work_out(context)
    with transaction() as session:
        assert worked_out(session, TODAY) == first != second
        assert worked_out(session, TODAY + timedelta(days=1)) == second


def test_a_day_gone_by_is_what_it_was_whatever_has_been_paid_since(
    context: Context, make_customer: MakeCustomer, api: Api, client: BillingClient
) -> None:
    maria = make_customer()
    was = work_out(context)
    api.clock.pass_days(1)
    pay_by_hand(client, maria, "900.00")
    assert sum(bucket.invoices for bucket in work_out(context)) == 0
    with transaction() as session:
        assert worked_out(session, TODAY) == was
        assert {bucket.invoices for bucket in worked_out(session, context.today())} == {0}
        with pytest.raises(BillingRefused, match="not worked out"):
            worked_out(session, TODAY - timedelta(days=1))


def test_old_nights_go(context: Context, make_customer: MakeCustomer, api: Api) -> None:
    make_customer()
    work_out(context)
    api.clock.pass_days(8)
    work_out(context)
    with transaction() as session:
        assert set(session.scalars(select(AgeingRow.as_of))) == {TODAY + timedelta(days=8)}
        with pytest.raises(BillingRefused, match="more than 7 days ago"):
            worked_out(session, TODAY)


def test_the_hourly_job_works_a_day_out_once(
    context: Context, make_customer: MakeCustomer, api: Api
) -> None:
    make_customer()
    tasks.work_out_today(context)
    make_customer([("10.00", 9)], "52601815906", None)
    tasks.work_out_today(context)
    with transaction() as session:
        assert len(session.scalars(select(AgeingRow)).all()) == 2
    api.clock.pass_days(1)
    tasks.work_out_today(context)
    with transaction() as session:
        assert len(session.scalars(select(AgeingRow)).all()) == 5


def test_the_command_works_out_today_and_shows_it_again(
    make_customer: MakeCustomer, capsys: pytest.CaptureFixture[str]
) -> None:
    make_customer([("1000.00", 2000)], MARIA_CPF)
    assert cli.main(["billing", "nightly"]) == 0
    printed = capsys.readouterr().out
    line = next(line for line in printed.splitlines() if "360+" in line)
    assert line.split()[:3] == ["360+", "1", "R$"]
    today = utc_now().astimezone(SAO_PAULO).date()
    assert cli.main(["billing", "nightly", "--date", today.isoformat()]) == 0
    assert capsys.readouterr().out == printed
    assert cli.main(["billing", "nightly", "--date", "2020-01-31"]) == 1
    assert "2020-01-31 was not worked out" in capsys.readouterr().err
