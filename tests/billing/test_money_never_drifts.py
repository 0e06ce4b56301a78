"""Random histories of payments, agreements, breaks and refunds: every cent stays accounted for.

At the level of services, on a real database; time only goes forward.
"""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule
from sqlalchemy.orm import Session

from bot.billing import agreement_changes, early_charges, issuing
from bot.billing.charge_models import ChargeRow
from bot.billing.customers import invoices
from bot.billing.customers.shapes import WriteOffRequest
from bot.billing.disputes import service as disputes
from bot.billing.disputes.models import DisputeRow
from bot.billing.disputes.shapes import DisputeDecision, DisputeRequest
from bot.billing.models import InvoiceRow
from bot.billing.payments import inbox, service
from bot.billing.payments.models import PaymentRow
from bot.billing.payments.shapes import (
    DueDateRequest,
    EarlyPaymentRequest,
    MatchRequest,
    RefundRequest,
)
from bot.billing.providers import Notification, NotificationKind, Paid
from tests.billing.histories import ZERO, Books, Moods, at_once, money, moods, play
from tests.billing.support import Api

past = st.integers(0, 30)
indexes = st.integers(0, 5)
shares = st.sampled_from([Decimal(1), Decimal(1), Decimal("0.4"), Decimal("1.3")])


class History(Books):
    """What a customer, an operator, a provider and the night can do to money."""

    bills = st.lists(st.tuples(money, st.integers(-5, 200)), min_size=1, max_size=3)
    begin = initialize(bills=bills)(Books.owe)
    one_more = rule(amount=money, late=past)(Books.bill)
    later = rule(days=st.integers(1, 25))(Books.wait)
    at_night = rule()(Books.night)
    agree = rule(count=st.sampled_from([1, 2, 3, 6, 12]), bank=at_once)(Books.renegotiate)
    want_charge = rule(index=indexes, whole=st.booleans(), bank=at_once)(Books.charge)
    transfer = rule(amount=money, late_news=past)(Books.pay_by_hand)
    give_up_agreement = rule(index=indexes)(Books.cancel)

    @rule(bank=moods)
    def the_bank_is_asked(self, bank: Moods) -> None:
        self.clock.now += issuing.LONGEST_PAUSE
        self.ask(bank)

    @rule(index=indexes, numbers=st.sampled_from([None, [2], [2, 3], [1, 6]]))
    def pay_early(self, index: int, numbers: list[int] | None) -> None:
        request = EarlyPaymentRequest(numbers=numbers)
        self.with_agreement(index, early_charges.pay_early, request)

    @rule(index=indexes, number=st.integers(1, 3), days=st.integers(0, 20))
    def change_due_date(self, index: int, number: int, days: int) -> None:
        request = DueDateRequest(number=number, due=self.today + timedelta(days=days))
        self.with_agreement(index, agreement_changes.change_due_date, request)

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


def test_no_history_of_calls_loses_a_cent_or_asks_for_a_debt_twice(api: Api) -> None:
    play(History, api, histories=15, steps=20)
