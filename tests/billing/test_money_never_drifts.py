"""Random histories of payments, agreements, breaks and refunds: every cent stays accounted for.

At the level of services, on a real database; time only goes forward.
"""

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing import agreement_changes, agreements, charges, early_charges, issuing, negotiation
from bot.billing.charge_models import (
    ChargeInstallmentRow,
    ChargeInvoiceRow,
    ChargeRow,
    ChargeStatus,
)
from bot.billing.client import BillingRefused, Wish
from bot.billing.context import Context
from bot.billing.covering import cover
from bot.billing.customers import invoices
from bot.billing.customers.shapes import WriteOffRequest
from bot.billing.disputes import service as disputes
from bot.billing.disputes.models import DisputeRow
from bot.billing.disputes.shapes import DisputeDecision, DisputeRequest
from bot.billing.late_charges import late_charges
from bot.billing.models import (
    AgreementInvoiceRow,
    AgreementRow,
    CustomerRow,
    InstallmentRow,
    InvoiceRow,
    InvoiceStatus,
)
from bot.billing.money import round_half_up
from bot.billing.payments import inbox, service
from bot.billing.payments.book import STANDING
from bot.billing.payments.ledger import settle
from bot.billing.payments.models import AllocationRow, PaymentRow, PaymentState
from bot.billing.payments.shapes import (
    CancellationRequest,
    DueDateRequest,
    EarlyPaymentRequest,
    MatchRequest,
    PaymentRequest,
    RefundRequest,
)
from bot.billing.payments.tasks import break_all
from bot.billing.providers import (
    Cancelled,
    Issued,
    Notification,
    NotificationKind,
    Order,
    Paid,
    Provider,
    Refused,
    State,
    Unknown,
)
from bot.billing.shapes import AgreementRequest, ChargeRequest, OffersRequest
from bot.db import transaction
from tests.billing.support import EVIDENCE, MORNING, Api, FakeClock, empty_tables

ZERO = Decimal("0.00")
money = st.decimals("0.01", "900.00", places=2)
shares = st.sampled_from([Decimal(1), Decimal(1), Decimal("0.4"), Decimal("1.3")])
past = st.integers(0, 30)
indexes = st.integers(0, 5)
ASKED = (ChargeStatus.ISSUING, ChargeStatus.LIVE)
Mood = Literal["well", "deaf", "mute"]


class Bank:
    """A bank that remembers what can be paid there: by its reference.

    As its mood for a call is, it does not hear what is asked, or does it and does not answer.
    """

    name = "builtin"
    demonstration = True

    def __init__(self, codes: Provider) -> None:
        self._codes = codes
        self.open: set[str] = set()
        self.paid: dict[str, Paid] = {}
        self.moods: deque[Mood] = deque()

    def issue(self, order: Order) -> Issued | Refused:
        mute = self._hears()
        self.open.add(order.reference)
        if mute:
            raise Unknown("mute")
        return self._codes.issue(order)

    def cancel(self, reference: str) -> Cancelled | Paid:
        mute = self._hears()
        self.open.discard(reference)
        if mute:
            raise Unknown("mute")
        return self.paid.get(reference, Cancelled())

    def state(self, reference: str) -> State | None:
        return None

    def parse_webhook(self, body: bytes, headers: Mapping[str, str]) -> Notification:
        return self._codes.parse_webhook(body, headers)

    def pay(self, reference: str, paid: Paid) -> None:
        """A charge that can be paid is, and cannot be paid again."""
        if reference in self.open:
            self.open.remove(reference)
            self.paid[reference] = paid

    def _hears(self) -> bool:
        mood = self.moods.popleft() if self.moods else "well"
        if mood == "deaf":
            raise Unknown("deaf")
        return mood == "mute"


class History(RuleBasedStateMachine):
    """What a customer, an operator, a provider and the night can do to money."""

    house: Context
    clock: FakeClock

    @initialize(bills=st.lists(st.tuples(money, st.integers(-5, 200)), min_size=1, max_size=3))
    def owe(self, bills: list[tuple[Decimal, int]]) -> None:
        self.clock.now, self.customer, self.names = MORNING, uuid4(), itertools.count()
        self.bank = Bank(self.house.provider)
        self.context = replace(self.house, provider=self.bank)
        empty_tables()
        with transaction() as session:
            session.add(CustomerRow(id=self.customer, name="Ana Lima", document="18609139034"))
        for amount, late in bills:
            self.bill(amount, late)

    @rule(amount=money, late=past)
    def bill(self, amount: Decimal, late: int) -> None:
        """A bill due before money that was too much takes that money."""
        row = InvoiceRow(
            customer_id=self.customer,
            external_id=self.name(),
            contract="1",
            description="Sofá",
            due=self.today - timedelta(days=late),
            amount=amount,
        )
        with transaction() as session:
            session.add(row)
            settle(session, self.context, self.customer)

    @rule(days=st.integers(1, 25))
    def wait(self, days: int) -> None:
        self.clock.pass_days(days)

    @rule()
    def night(self) -> None:
        break_all(self.context)
        issuing.settle_forgotten(self.context)

    @rule(count=st.sampled_from([1, 2, 3, 6, 12]))
    def renegotiate(self, count: int) -> None:
        request = OffersRequest(wish=Wish(installments=count))

        def agree(session: Session) -> None:
            made = negotiation.offer_ways(session, self.context, self.customer, request).offers
            offer = next((one for one in made if one.wished), None)
            if offer is not None:
                session.flush()
                yes = AgreementRequest(offer_id=offer.id, evidence=EVIDENCE)
                agreements.agree(session, self.context, self.customer, yes, uuid4().hex)

        self.attempt(agree)

    @rule(index=indexes, whole=st.booleans())
    def charge(self, index: int, whole: bool) -> None:
        def issue(session: Session) -> None:
            agreement = self.pick(session, AgreementRow, index)
            request = ChargeRequest(agreement_id=None if whole or not agreement else agreement.id)
            charges.charge_for(session, self.context, self.customer, request)

        self.attempt(issue)

    @rule(moods=st.lists(st.sampled_from(["well", "deaf", "mute"]), max_size=3))
    def the_bank_is_asked(self, moods: Iterable[Mood]) -> None:
        self.clock.now += issuing.LONGEST_PAUSE
        self.bank.moods.extend(moods)
        issuing.settle(self.context, self.customer)
        self.bank.moods.clear()

    @rule(index=indexes, numbers=st.sampled_from([None, [2], [2, 3], [1, 6]]))
    def pay_early(self, index: int, numbers: list[int] | None) -> None:
        request = EarlyPaymentRequest(numbers=numbers)
        self.with_agreement(index, early_charges.pay_early, request)

    @rule(index=indexes, number=st.integers(1, 3), days=st.integers(0, 20))
    def change_due_date(self, index: int, number: int, days: int) -> None:
        request = DueDateRequest(number=number, due=self.today + timedelta(days=days))
        self.with_agreement(index, agreement_changes.change_due_date, request)

    @rule(index=indexes)
    def cancel(self, index: int) -> None:
        self.with_agreement(index, agreement_changes.cancel, CancellationRequest(reason="quis"))

    @rule(index=indexes, share=shares, late_news=past, is_told=st.booleans())
    def pay_charge(self, index: int, share: Decimal, late_news: int, is_told: bool) -> None:
        """Any charge ever issued, dead or alive; the webhook may be lost."""

        def pay(session: Session) -> None:
            charge = self.pick(session, ChargeRow, index)
            if charge is not None:
                amount = max((charge.amount * share).quantize(ZERO), Decimal("0.01"))
                paid = Paid(self.name(), amount, self.day(late_news))
                self.bank.pay(charge.reference, paid)
                if is_told:
                    self.tell(session, charge.reference, paid)

        self.attempt(pay)

    @rule(amount=money, late_news=past)
    def pay_unknown(self, amount: Decimal, late_news: int) -> None:
        paid = Paid(self.name(), amount, self.day(late_news))
        self.attempt(lambda session: self.tell(session, "?", paid))

    @rule(amount=money, late_news=past)
    def pay_by_hand(self, amount: Decimal, late_news: int) -> None:
        request = PaymentRequest(
            customer_id=self.customer,
            amount=amount,
            paid_on=self.day(late_news),
            reference=self.name(),
        )
        self.attempt(lambda session: service.enter(session, self.context, request))

    @rule(index=indexes)
    def match(self, index: int) -> None:
        def place(session: Session) -> None:
            row = self.pick(session, PaymentRow, index)
            if row is not None:
                request = MatchRequest(customer_id=self.customer)
                service.match(session, self.context, row.id, request)

        self.attempt(place)

    @rule(index=indexes, amount=money)
    def refund(self, index: int, amount: Decimal) -> None:
        def give_back(session: Session) -> None:
            row = self.pick(session, PaymentRow, index)
            if row is not None:
                request = RefundRequest(amount=amount)
                service.refund(session, self.context, row.id, request)

        self.attempt(give_back)

    @rule(index=indexes)
    def charge_back(self, index: int) -> None:
        def take_back(session: Session) -> None:
            row = self.pick(session, PaymentRow, index)
            if row is not None:
                name = row.provider_payment_id
                event = Notification(
                    uuid4().hex, NotificationKind.REFUNDED, name, row.reference, None, None
                )
                inbox.receive(session, self.context, "builtin", event, b"{}")

        self.attempt(take_back)

    @rule(index=indexes)
    def dispute(self, index: int) -> None:
        def say_no(session: Session) -> None:
            row = self.pick(session, InvoiceRow, index)
            about = {"kind": "wrong_amount", "statement": self.name()}
            request = DisputeRequest.model_validate(about | {"invoice_ids": [row.id]})
            disputes.open_dispute(session, self.context, self.customer, request)

        self.attempt(say_no)

    @rule(index=indexes, outcome=st.sampled_from(["upheld", "rejected"]), lower=st.booleans())
    def decide(self, index: int, outcome: str, lower: bool) -> None:
        def answer(session: Session) -> None:
            found = self.pick(session, DisputeRow, index)
            if found is None:
                return
            row = session.get_one(InvoiceRow, found.invoices[0].invoice_id)
            less = max(row.paid_amount, (row.amount / 2).quantize(ZERO))
            corrections = [{"invoice_id": row.id, "amount": less}]
            decision = DisputeDecision(
                outcome=outcome,
                note="visto",
                corrections=corrections if lower and outcome == "upheld" else [],
            )
            disputes.decide(session, self.context, self.customer, found.id, decision)

        self.attempt(answer)

    @rule(index=indexes)
    def give_up(self, index: int) -> None:
        def write_off(session: Session) -> None:
            row = self.pick(session, InvoiceRow, index)
            request = WriteOffRequest(reason="não compensa")
            invoices.write_off(session, self.context, self.customer, row.id, request)

        self.attempt(write_off)

    # --- what always holds

    @invariant()
    def nothing_is_lost_nor_asked_for_twice(self) -> None:
        with transaction() as session:
            self.check_every_cent_is_somewhere(session)
            self.check_balances_are_what_payments_left(session)
            self.check_late_charges_are_what_payments_left(session)
            self.check_no_debt_is_asked_for_twice(session)
            self.check_the_bank_takes_no_debt_twice(session)
            before = self.columns(session)
            settle(session, self.context, self.customer)
            assert self.columns(session) == before, "replaying the payments gives something else"

    def check_every_cent_is_somewhere(self, session: Session) -> None:
        placed = self.placed(session, AllocationRow.payment_id)
        for row in session.scalars(select(PaymentRow)):
            unmatched = row.kept if row.state == PaymentState.UNMATCHED else ZERO
            assert placed[row.id] + row.to_refund + row.refunded + unmatched == row.amount

    def check_balances_are_what_payments_left(self, session: Session) -> None:
        paid = self.placed(session, None)
        standing = select(AgreementRow.id).where(AgreementRow.status.in_(STANDING))
        parts = select(InstallmentRow).where(InstallmentRow.agreement_id.in_(standing))
        for row in [*session.scalars(select(InvoiceRow)), *session.scalars(parts)]:
            assert row.paid_amount == paid[row.id]
            assert row.balance >= 0
            assert row.carried >= 0
            assert row.balance > 0 or row.status in (
                "paid",
                "in_agreement",
                "disputed",
                "cancelled",
            )

    def check_late_charges_are_what_payments_left(self, session: Session) -> None:
        """Each bill followed from its due date on, payment by payment, apart from the ledger."""
        held = select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.active)
        bills = InvoiceRow.status != InvoiceStatus.CANCELLED, InvoiceRow.id.not_in(held)
        for row in session.scalars(select(InvoiceRow).where(*bills)):
            paid = select(AllocationRow).where(AllocationRow.invoice_id == row.id)
            shares = session.scalars(paid.order_by(AllocationRow.as_of)).all()
            assert (row.balance, row.carried) == self.followed(row, shares)

    def followed(self, row: InvoiceRow, shares: Iterable[AllocationRow]) -> tuple[Decimal, Decimal]:
        """What is left of a bill, and of its late charges, in reais."""
        rates = self.context.policy.late_charge_policy
        left, carried, since = row.amount, ZERO, None
        for share in shares:
            charges = late_charges(left, row.due, share.as_of, rates)
            if charges.days_late:
                days = Fraction((share.as_of - (since or row.due)).days)
                carried += ZERO if since else charges.multa
                carried += round_half_up(Fraction(left) * Fraction(rates.juros_rate) * days / 30)
                since = share.as_of
            carried -= share.late_charges
            left -= share.principal
        return left, carried

    def check_no_debt_is_asked_for_twice(self, session: Session) -> None:
        held = session.scalars(
            select(AgreementInvoiceRow.invoice_id)
            .join(AgreementRow)
            .where(AgreementRow.status.in_(STANDING))
        ).all()
        live = session.scalars(select(ChargeRow).where(ChargeRow.status.in_(ASKED))).all()
        asked: list[UUID] = [row.installment_id for row in live if row.installment_id]
        for table, debt in (
            (ChargeInvoiceRow, ChargeInvoiceRow.invoice_id),
            (ChargeInstallmentRow, ChargeInstallmentRow.installment_id),
        ):
            query = select(debt).where(table.charge_id.in_([row.id for row in live]))
            asked += session.scalars(query).all()
        invoices = select(InvoiceRow.id).where(InvoiceRow.status == InvoiceStatus.IN_AGREEMENT)
        assert set(session.scalars(invoices)) <= set(held)
        assert len(held) == len(set(held))
        assert len(asked) == len(set(asked))
        assert not set(asked) & set(held)

    def check_the_bank_takes_no_debt_twice(self, session: Session) -> None:
        """Whatever we have written down: what counts is what somebody could pay."""
        rows = session.scalars(select(ChargeRow)).all()
        covers = [cover(session, row) for row in rows if row.reference in self.bank.open]
        assert not any(one.overlaps(other) for one, other in itertools.combinations(covers, 2))

    # --- helpers

    @property
    def today(self) -> date:
        return self.context.today()

    def name(self) -> str:
        """A name for a new thing: what came later has the greater one."""
        return f"{next(self.names):06}"

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def placed(self, session: Session, by: Any) -> Counter[UUID]:
        """What was placed, by payment; or of principal, by debt."""
        found = Counter[UUID]()
        for row in session.scalars(select(AllocationRow)):
            amount = row.total if by is not None else row.principal
            found[row.payment_id if by is not None else row.debt_id] += amount  # type: ignore[assignment]
        return found

    def columns(self, session: Session) -> list[tuple[str, ...]]:
        names = ("id", "status", "paid_amount", "carried", "juros_from", "discount", "to_refund")
        tables = (InvoiceRow, InstallmentRow, AgreementRow, PaymentRow)
        rows = [row for table in tables for row in session.scalars(select(table))]
        # Of a charge only whether it is paid: what is taken back may be taken back again.
        paid = [
            (str(row.id), str(row.status == ChargeStatus.PAID))
            for row in session.scalars(select(ChargeRow))
        ]
        return sorted([*paid, *(tuple(str(getattr(r, n, "")) for n in names) for r in rows)])

    def pick(self, session: Session, table: Any, index: int) -> Any:
        """The newest, or one of those before it."""
        order = {
            ChargeRow: ChargeRow.nosso_numero,
            DisputeRow: DisputeRow.statement,
            InvoiceRow: InvoiceRow.external_id,
            AgreementRow: AgreementRow.number,
            PaymentRow: PaymentRow.provider_payment_id,
        }[table]
        rows = session.scalars(select(table).order_by(order.desc())).all()
        return rows[index % len(rows)] if rows else None

    def tell(self, session: Session, reference: str, paid: Paid) -> None:
        event = Notification(
            uuid4().hex,
            NotificationKind.PAID,
            paid.payment_id,
            reference,
            paid.amount,
            paid.paid_on,
        )
        inbox.receive(session, self.context, "builtin", event, b"{}")

    def with_agreement(self, index: int, act: Callable[..., object], request: Any) -> None:
        def do(session: Session) -> None:
            agreement = self.pick(session, AgreementRow, index)
            if agreement is not None:
                act(session, self.context, self.customer, agreement.id, request)

        self.attempt(do)

    def attempt(self, act: Callable[[Session], object]) -> None:
        """Do it, or be refused and change nothing."""
        try:
            with transaction() as session:
                act(session)
        except BillingRefused:
            pass


def test_no_history_of_calls_loses_a_cent_or_asks_for_a_debt_twice(api: Api) -> None:
    History.house, History.clock = api.app.extensions["billing_context"], api.clock
    run_state_machine_as_test(
        History,
        settings=settings(
            max_examples=15,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
