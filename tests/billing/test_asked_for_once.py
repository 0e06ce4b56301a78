"""Short histories in which a debt is asked for again and again: it can be paid once."""

from decimal import Decimal
from typing import Literal

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from tests.billing.histories import Books, Moods, at_once, money, play
from tests.billing.support import Api

Act = Literal["charge", "renegotiate", "pay", "cancel"]
acts: st.SearchStrategy[Act] = st.sampled_from(
    ["charge", "charge", "renegotiate", "renegotiate", "pay", "cancel"]
)
small = st.decimals("0.01", "30.00", places=2)


class Asking(Books):
    """The few things that make a debt be asked for anew, close upon each other."""

    late = st.tuples(st.decimals("90.00", "900.00", places=2), st.integers(10, 200))
    begin = initialize(bills=st.lists(late, min_size=1, max_size=2))(Books.owe)

    @rule(days=st.sampled_from([0, 1, 10]), act=acts, bank=at_once, amount=small | money)
    def go_on(self, days: int, act: Act, bank: Moods, amount: Decimal) -> None:
        self.wait(days)
        match act:
            case "charge":
                self.charge(0, True, bank)
            case "renegotiate":
                self.renegotiate(3, bank)
            case "pay":
                self.pay_by_hand(amount, 0)
            case "cancel":
                self.cancel(0)


def test_a_debt_asked_for_again_and_again_is_asked_for_once_and_loses_no_cent(api: Api) -> None:
    play(Asking, api, histories=30, steps=5)
