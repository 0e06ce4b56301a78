"""At most four good offers for somebody's debts. Pure: no database and no clock.

What is offered follows from an `Inquiry` and the policy alone, so it can be computed again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property

from bot.billing.actors import Authority
from bot.billing.changes import Difference, Way, differences, note_code
from bot.billing.drafts import Draft, Drafting
from bot.billing.due_dates import FirstDue
from bot.billing.policy import NegotiationPolicy
from bot.billing.profiles import Profile
from bot.billing.quotes import ZERO, OpenDebt, Quote, Standing
from bot.billing.shapes import Change, NoteCode, Reason, Wish
from bot.billing.terms import Terms
from bot.billing.wishes import Parts, Ways, is_proposal

PLANS_SHOWN = 3


@dataclass(frozen=True)
class Inquiry:
    """What offers depend on, besides the policy.

    `standing`: offers made earlier for the same debts that are still valid; what is offered now
    is never worse. `authority`: how much whoever asks may grant.
    """

    debts: Sequence[OpenDebt]
    reason: Reason
    wish: Wish | None
    today: date
    standing: Sequence[Standing] = ()
    profile: Profile = Profile.RETURNING
    authority: Authority = Authority.BOT


@dataclass(frozen=True)
class OfferSet:
    """Payment at once first, then plans by their number of parts."""

    drafts: tuple[Draft, ...] = ()
    note_code: NoteCode | None = None
    needs_person: bool = False
    changes: tuple[Change, ...] = ()
    over_indebted: bool = False


def make_offers(inquiry: Inquiry, policy: NegotiationPolicy) -> OfferSet:
    """Return what may be offered to settle all the debts.

    Without debts there is nothing to offer. A wish that is far even from the most that may be
    granted opens nothing: the usual terms stand, and a person decides.
    """
    listed = policy.terms(inquiry.reason, inquiry.profile)
    if not inquiry.debts:
        return OfferSet(needs_person=listed.person)
    limit = policy.terms(inquiry.reason, inquiry.profile, inquiry.authority)
    made = _Desk(inquiry, policy, listed, limit).offers()
    if made.note_code == "far":
        usual = _Desk(inquiry, policy, listed, listed).offers()
        made = made if usual.over_indebted else replace(usual, note_code="far")
    person = listed.person or made.over_indebted or made.note_code == "far"
    return replace(made, needs_person=person)


@dataclass(frozen=True)
class _Desk:
    """Makes the offers of one inquiry under the terms listed and the limit of an authority."""

    inquiry: Inquiry
    policy: NegotiationPolicy
    listed: Terms
    limit: Terms

    def offers(self) -> OfferSet:
        if self._can_pay_nothing() or not self._ways.all:
            return OfferSet(over_indebted=True)
        drafts = tuple(self._drafts())
        wished = next((draft for draft in drafts if draft.wished), None)
        if wished is None:
            return OfferSet(drafts)
        found = list(self._differences(wished))
        code = note_code(found, self.policy.offers.far_below)
        changes = tuple(each.change(self.policy.changes) for each in found)
        return OfferSet(drafts, code, changes=changes)

    def _can_pay_nothing(self) -> bool:
        """Whether somebody said so, and nothing else since."""
        wish = self.inquiry.wish
        return wish is not None and wish.can_pay_nothing and not is_proposal(wish)

    @property
    def _wish(self) -> Wish:
        return self.inquiry.wish or Wish()

    @cached_property
    def _affordable(self) -> Decimal | None:
        income = self._wish.monthly_income
        return None if income is None else income - self.policy.affordability.kept

    @cached_property
    def _ways(self) -> Ways:
        debts, standing = self.inquiry.debts, self.inquiry.standing
        listed = Quote(debts, self.listed, standing)
        grants = self.limit is not self.listed
        limit = Quote(debts, self.limit, standing) if grants else listed
        return Ways(self._wish, listed, limit, self._affordable)

    @cached_property
    def _dates(self) -> FirstDue:
        inquiry = self.inquiry
        return FirstDue(
            self.listed, self.limit, inquiry.today, self._wish.first_due, inquiry.standing
        )

    @cached_property
    def _chosen(self) -> Parts | None:
        """The way that comes nearest to what was proposed, if anything was."""
        if not is_proposal(self.inquiry.wish):
            return None
        ways = self._ways
        chosen = ways.chosen()
        if chosen is not None:
            return chosen
        in_time = self._dates.of(1) == self._dates.of(2)
        if 1 in ways.all and (not ways.plans or (in_time and not self._wish.down_payment)):
            return ways.all[1]
        return ways.all[_shown(ways.plans, None)[0]]

    def _drafts(self) -> Iterator[Draft]:
        """Write the offers; no other is dearer than the one granted, if it is paid sooner."""
        ways, chosen = self._ways, self._chosen
        quote = self._after_granting()
        plans = {}
        for count in _shown(ways.plans, len(chosen) if chosen else None):
            is_chosen = chosen is not None and len(chosen) == count
            plans[count] = chosen if is_chosen and chosen else self._affordable_plan(quote, count)
        full = min([quote.full_total, *(sum(parts, ZERO) for parts in plans.values())])
        drafting = Drafting(quote, self.policy, full, self.inquiry.today)
        if ways.affords((full,)):
            yield drafting.draft((full,), self._dates.of(1), None, wished=self._is_chosen(1))
        for count, parts in plans.items():
            first_due, down = self._dates.of(count), ways.down_payment
            yield drafting.draft(parts, first_due, down, wished=self._is_chosen(count))

    def _is_chosen(self, count: int) -> bool:
        return self._chosen is not None and len(self._chosen) == count

    def _after_granting(self) -> Quote:
        """The list prices, with what is granted as an offer that stands."""
        ways, chosen = self._ways, self._chosen
        if chosen is None:
            return ways.listed
        down = ways.down_payment if len(chosen) > 1 else None
        granted = Standing(chosen, down, self._dates.of(len(chosen)))
        return replace(ways.listed, standing=[*ways.listed.standing, granted])

    def _affordable_plan(self, quote: Quote, count: int) -> Parts:
        parts = quote.plan(count, self._ways.down_payment)
        return parts if self._ways.affords(parts) else self._ways.all[count]

    def _differences(self, wished: Draft) -> Iterator[Difference]:
        way = Way(
            wished.amounts,
            wished.dues[0],
            wished.down_payment,
            wished.original_total,
            self.limit.installments.min_remainder,
        )
        return differences(self._wish, way, self.inquiry.today, self._dates.latest(2))


def _shown(counts: list[int], chosen: int | None) -> list[int]:
    """Pick at most three well-spaced numbers of parts, the chosen one among them."""
    if chosen is not None and chosen != 1 and chosen not in counts:
        counts = sorted([*counts, chosen])
    if len(counts) <= PLANS_SHOWN:
        return counts
    longest = counts[-1]
    spread = [_nearest(counts, share) for share in (-(-longest // 4), longest // 2)] + [longest]
    if chosen is not None and chosen != 1 and chosen not in spread:
        spread[spread.index(_nearest(spread, chosen))] = chosen
    return sorted(set(spread))


def _nearest(counts: list[int], wanted: int) -> int:
    return min(counts, key=lambda count: abs(count - wanted))
