"""An offer computed again from what was recorded: its inputs, and the policy of its day."""

from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.billing.errors import NotFound
from bot.billing.inquiries import restore
from bot.billing.models import OfferRequestRow, OfferRow
from bot.billing.negotiation import terms_of
from bot.billing.offers import make_offers
from bot.billing.policy_versions import policy_of
from bot.db import transaction


@dataclass(frozen=True)
class Replay:
    """What came out again. `differences` by field: what was offered, what it is now."""

    offer_id: str
    policy_version: str
    differences: dict[str, tuple[Any, Any]]

    @property
    def equal(self) -> bool:
        return not self.differences


def replay(session: Session, offer_id: str) -> Replay:
    """Compute an offer again. Raises NotFound for one that does not exist or kept no inputs."""
    row = session.get(OfferRow, offer_id)
    if row is None:
        raise NotFound(f"no offer {offer_id}")
    if row.request_id is None:
        raise NotFound(f"offer {offer_id} is older than the record of what offers are made of")
    request = session.get_one(OfferRequestRow, row.request_id)
    made = make_offers(restore(request), policy_of(session, request.policy_version))
    draft = next((each for number, each in enumerate(made.drafts) if number == row.position), None)
    again = terms_of(draft) if draft else {"count": 0}
    found = {name: (getattr(row, name), value) for name, value in again.items()}
    different = {name: both for name, both in found.items() if both[0] != both[1]}
    return Replay(offer_id, request.policy_version, different)


def add_arguments(parser: ArgumentParser) -> None:
    """Let the chore know which offer."""
    parser.add_argument("offer_id", help="the id of the offer")


def command(offer_id: str) -> int:
    """Say whether an offer comes out the same; 1 when it does not. Raises NotFound."""
    with transaction() as session:
        result = replay(session, offer_id)
    print(f"offer {offer_id}, policy {result.policy_version}: {_verdict(result)}")
    for name, (offered, now) in result.differences.items():
        print(f"  {name}: offered {offered}, now {now}")
    return 0 if result.equal else 1


def _verdict(result: Replay) -> str:
    return "equal" if result.equal else "different"
