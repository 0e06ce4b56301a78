"""Histories of what is owed and paid, made up step by step, and what holds after each step.

At the level of services, on a real database; time only goes forward.
"""

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal
from uuid import UUID, uuid4

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.billing import agreement_changes, agreements, charges, issuing, negotiation
from bot.billing.charge_models import (
    ChargeInstallmentRow,
    ChargeInvoiceRow,
    ChargeRow,
    ChargeStatus,
)
from bot.billing.client import BillingRefused, Wish
from bot.billing.context import Context
from bot.billing.covering import cover
from bot.billing.disputes.models import DisputeRow
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
from bot.billing.payments.shapes import CancellationRequest, PaymentRequest
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
ASKED = (ChargeStatus.ISSUING, ChargeStatus.LIVE)
Mood = Literal["well", "deaf", "mute"]
Moods = Sequence[Mood] | None
"""How the bank is when it is asked at once; none: whoever was to ask died before."""
Shares = Sequence[AllocationRow]
money = st.decimals("0.01", "900.00", places=2)
moods = st.lists(st.sampled_from(["well", "deaf", "mute"]), max_size=3)
at_once = st.just(()) | st.none() | moods


class Bank:
    """A bank that remembers what can be paid there: by its reference.

    As its mood for a call is, it does not hear what is asked, or does it and does not answer.
    `moments`: what could be paid at the same time, each time that something new could.
    """

    name = "builtin"
    demonstration = True

    def __init__(self, codes: Provider) -> None:
        self._codes = codes
        self.open: set[str] = set()
        self.moments: list[frozenset[str]] = []
        self.paid: dict[str, Paid] = {}
        self.moods: deque[Mood] = deque()

    def issue(self, order: Order) -> Issued | Refused:
        mute = self._hears()
        self.open.add(order.reference)
        self.moments.append(frozenset(self.open))
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


class Books(RuleBasedStateMachine):
    """What a customer owes, what becomes of it, and what always holds; rules are its heirs'."""

    house: Context
    clock: FakeClock

    def owe(self, bills: list[tuple[Decimal, int]]) -> None:
        self.clock.now, self.customer, self.names = MORNING, uuid4(), itertools.count()
        self.bank = Bank(self.house.provider)
        self.context = replace(self.house, provider=self.bank)
        empty_tables()
        with transaction() as session:
            session.add(CustomerRow(id=self.customer, name="Ana Lima", document="18609139034"))
        for amount, late in bills:
            self.bill(amount, late)

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

    def wait(self, days: int) -> None:
        self.clock.pass_days(days)

    def night(self) -> None:
        break_all(self.context)
        issuing.settle_forgotten(self.context)

    def renegotiate(self, count: int, bank: Moods) -> None:
        request = OffersRequest(wish=Wish(installments=count))

        def agree(session: Session) -> None:
            made = negotiation.offer_ways(session, self.context, self.customer, request).offers
            offer = next((one for one in made if one.wished), None)
            if offer is not None:
                session.flush()
                yes = AgreementRequest(offer_id=offer.id, evidence=EVIDENCE)
                agreements.agree(session, self.context, self.customer, yes, uuid4().hex)

        self.attempt(agree)
        self.ask(bank)

    def charge(self, index: int, whole: bool, bank: Moods) -> None:
        def issue(session: Session) -> None:
            agreement = self.pick(session, AgreementRow, index)
            request = ChargeRequest(agreement_id=None if whole or not agreement else agreement.id)
            charges.charge_for(session, self.context, self.customer, request)

        self.attempt(issue)
        self.ask(bank)

    def pay_by_hand(self, amount: Decimal, late_news: int) -> None:
        request = PaymentRequest(
            customer_id=self.customer,
            amount=amount,
            paid_on=self.day(late_news),
            reference=self.name(),
        )
        self.attempt(lambda session: service.enter(session, self.context, request))

    def cancel(self, index: int) -> None:
        self.with_agreement(index, agreement_changes.cancel, CancellationRequest(reason="quis"))

    # --- what always holds

    @invariant()
    def nothing_is_lost_nor_asked_for_twice(self) -> None:
        with transaction() as session:
            shares = session.scalars(select(AllocationRow).order_by(AllocationRow.as_of)).all()
            self.check_every_cent_is_somewhere(session, shares)
            self.check_balances_are_what_payments_left(session, shares)
            self.check_late_charges_are_what_payments_left(session, shares)
            self.check_no_debt_is_asked_for_twice(session)
            self.check_the_bank_takes_no_debt_twice(session)
            rows = self.rows(session)
            before = self.columns(rows)
            settle(session, self.context, self.customer)
            assert self.columns(rows) == before, "replaying the payments gives something else"

    def check_every_cent_is_somewhere(self, session: Session, shares: Shares) -> None:
        placed = Counter[UUID]()
        for share in shares:
            placed[share.payment_id] += share.total  # type: ignore[assignment]
        for row in session.scalars(select(PaymentRow)):
            unmatched = row.kept if row.state == PaymentState.UNMATCHED else ZERO
            assert placed[row.id] + row.to_refund + row.refunded + unmatched == row.amount

    def check_balances_are_what_payments_left(self, session: Session, shares: Shares) -> None:
        paid = Counter[UUID]()
        for share in shares:
            paid[share.debt_id] += share.principal  # type: ignore[assignment]
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

    def check_late_charges_are_what_payments_left(self, session: Session, shares: Shares) -> None:
        """Each bill followed from its due date on, payment by payment, apart from the ledger."""
        held = select(AgreementInvoiceRow.invoice_id).where(AgreementInvoiceRow.active)
        bills = InvoiceRow.status != InvoiceStatus.CANCELLED, InvoiceRow.id.not_in(held)
        for row in session.scalars(select(InvoiceRow).where(*bills)):
            paid = [share for share in shares if share.invoice_id == row.id]
            assert (row.balance, row.carried) == self.followed(row, paid)

    def followed(self, row: InvoiceRow, shares: Shares) -> tuple[Decimal, Decimal]:
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
        moments, self.bank.moments = self.bank.moments, []
        rows = {row.reference: row for row in session.scalars(select(ChargeRow))} if moments else {}
        for moment in moments:
            covers = [cover(session, rows[reference]) for reference in moment]
            assert not any(one.overlaps(other) for one, other in itertools.combinations(covers, 2))

    # --- helpers

    def ask(self, bank: Moods) -> None:
        if bank is not None:
            self.bank.moods.extend(bank)
            issuing.settle(self.context, self.customer)
            self.bank.moods.clear()

    @property
    def today(self) -> date:
        return self.context.today()

    def name(self) -> str:
        """A name for a new thing: what came later has the greater one."""
        return f"{next(self.names):06}"

    def day(self, ago: int) -> date:
        return self.today - timedelta(days=ago)

    def rows(self, session: Session) -> list[Any]:
        tables = (InvoiceRow, InstallmentRow, AgreementRow, PaymentRow, ChargeRow)
        return [row for table in tables for row in session.scalars(select(table))]

    def columns(self, rows: Iterable[Any]) -> list[tuple[str, ...]]:
        names = ("status", "paid_amount", "carried", "juros_from", "discount", "to_refund")
        # Of a charge only whether it is paid: what is taken back may be taken back again.
        return [
            (str(row.status == ChargeStatus.PAID),)
            if isinstance(row, ChargeRow)
            else tuple(str(getattr(row, name, "")) for name in names)
            for row in rows
        ]

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


def play(machine: type[Books], api: Api, histories: int, steps: int) -> None:
    machine.house, machine.clock = api.app.extensions["billing_context"], api.clock
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
