"""Inquiries made up for the tests of offers: any debts, wish, profile, authority and day."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from hypothesis import strategies as st

from bot.billing.actors import Authority
from bot.billing.drafts import Draft
from bot.billing.late_charges import late_charges
from bot.billing.offers import Inquiry
from bot.billing.policy import load
from bot.billing.profiles import Profile
from bot.billing.quotes import OpenDebt, Standing
from bot.billing.shapes import Reason, Wish

POLICY = load()
TODAY = date(2026, 7, 22)

amounts = st.decimals("0.01", "20000", places=2)
small = st.decimals("0.01", "3000", places=2)
reasons = st.sampled_from(Reason)
profiles = st.sampled_from(Profile)
authorities = st.sampled_from(Authority)

Bills = list[tuple[Decimal, date]]


@st.composite
def bills(draw: st.DrawFn) -> Bills:
    """Bills by amount and due date, all late."""
    days = st.integers(5, 40) | st.integers(5, 1500)
    found = draw(st.lists(st.tuples(amounts, days), min_size=1, max_size=4))
    return [(amount, TODAY - timedelta(days=late)) for amount, late in found]


def owed(of: Bills, today: date = TODAY) -> list[OpenDebt]:
    """The bills as they stand on a day."""
    debts = []
    for number, (amount, due) in enumerate(of):
        charges = late_charges(amount, due, today, POLICY.late_charge_policy)
        debt = OpenDebt(UUID(int=number), amount, charges.multa, charges.juros, charges.days_late)
        debts.append(debt)
    return debts


proposals = st.builds(
    Wish,
    installments=st.none() | st.integers(1, 60),
    monthly=st.none() | small,
    down_payment=st.none() | small,
    total=st.none() | amounts,
    first_due=st.none() | st.dates(TODAY - timedelta(days=5), TODAY + timedelta(days=400)),
    percent=st.none() | st.integers(1, 100).map(Decimal),
)
incomes = st.none() | st.decimals("0.00", "5000.00", places=2)
wishes = st.none() | st.builds(
    lambda wish, income: wish.model_copy(update={"monthly_income": income}), proposals, incomes
)
inquiries = st.builds(
    Inquiry,
    debts=bills().map(owed),
    reason=reasons,
    wish=wishes,
    today=st.just(TODAY),
    profile=profiles,
    authority=authorities,
)


def standing(drafts: Sequence[Draft]) -> list[Standing]:
    """Offers as they stand later."""
    return [Standing(draft.amounts, draft.down_payment, draft.dues[0]) for draft in drafts]
