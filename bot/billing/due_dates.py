"""When the first part of an offer falls due. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.billing.quotes import Standing
from bot.billing.terms import InstallmentPolicy, Terms


@dataclass(frozen=True)
class FirstDue:
    """The first due date by number of parts (1 at once), as wished where that may be.

    `terms` say the usual date, `limit` the latest. No date is earlier than that of a standing
    offer of as many parts or more, unless an earlier one is wished.
    """

    terms: Terms
    limit: Terms
    today: date
    wished: date | None
    standing: Sequence[Standing]

    def of(self, count: int) -> date:
        """Return the date for that number of parts."""
        stands = [offer.first_due for offer in self.standing if _covers(offer, count)]
        if self.wished is None:
            return max([self._usual(count), *stands])
        latest = max([self.latest(count), *stands])
        return max(self.today, min(self.wished, latest))

    def latest(self, count: int) -> date:
        """Return the latest date that may be granted anew."""
        at_once, plan = self.limit.at_once, self.limit.installments
        days = at_once.max_due_days if count == 1 else plan.max_first_due_days
        return self.today + timedelta(days=days)

    def _usual(self, count: int) -> date:
        if count == 1:
            return self.today + timedelta(days=self.terms.at_once.due_days)
        return _preferred(self.terms.installments, self.today)


def _covers(offer: Standing, count: int) -> bool:
    return offer.count >= count and (offer.count == 1) == (count == 1)


def _preferred(plan: InstallmentPolicy, today: date) -> date:
    """Return the first preferred day of a month from the usual date to the latest, if any."""
    usual = today + timedelta(days=plan.first_due_days)
    for later in range(plan.max_first_due_days - plan.first_due_days + 1):
        day = usual + timedelta(days=later)
        if day.day in plan.preferred_days:
            return day
    return usual
