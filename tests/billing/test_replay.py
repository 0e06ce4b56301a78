"""Offers computed again from what was recorded, long after and by whatever policy is in force."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import update

from bot.billing.actors import Actor
from bot.billing.api import EXTENSION
from bot.billing.client import BillingClient, Reason, Wish
from bot.billing.inquiries import Gathered, keep, restore
from bot.billing.models import OfferRequestRow, OfferRow, PolicyVersionRow
from bot.billing.negotiation import terms_of
from bot.billing.offers import Inquiry, make_offers
from bot.billing.policy import NEGOTIATION, load
from bot.billing.profiles import History
from bot.billing.replay import replay
from bot.cli import main
from bot.db import transaction
from tests.billing.negotiating import POLICY, inquiries
from tests.billing.support import Api, FakeClock

OTHER_RULES = (
    ("max_count: 12 ", "max_count: 6 "),
    ("monthly_interest: 1%", "monthly_interest: 2%"),
    ("multa: 50%,", "multa: 10%,"),
    ("kept:", "# not the same any more\n  kept:"),
    ("Cabe melhor no mês:", "Fica mais leve:"),
)


@contextmanager
def other_policy(api: Api, tmp_path: Path) -> Iterator[str]:
    """Billing by another policy, and its version."""
    text = NEGOTIATION.read_text(encoding="utf-8")
    for old, new in OTHER_RULES:
        assert old in text
        text = text.replace(old, new, 1)
    path = tmp_path / "negotiation.yml"
    path.write_text(text, encoding="utf-8")
    context = api.app.extensions[EXTENSION]
    api.app.extensions[EXTENSION] = replace(context, policy=load(path))
    try:
        yield load(path).version
    finally:
        api.app.extensions[EXTENSION] = context


def offer_ids() -> list[str]:
    with transaction() as session:
        return [row.id for row in session.query(OfferRow)]


def ask_for_much(client: BillingClient, customer: UUID) -> None:
    client.offers(customer)
    client.offers(customer, Reason.UNEMPLOYMENT, Wish(monthly=Decimal("60.00")))
    client.acting_for(Actor("operator", "ana")).offers(customer, wish=Wish(total=Decimal("760.00")))
    client.offers(customer, Reason.NO_BILL, Wish(down_payment=Decimal("100.00"), installments=5))
    client.offers(customer, wish=Wish(monthly_income=Decimal("800.00"), percent=Decimal(7)))


def test_every_offer_replays_the_same_after_the_policy_changed(
    api: Api, client: BillingClient, maria: UUID, clock: FakeClock, tmp_path: Path
) -> None:
    ask_for_much(client, maria)
    with other_policy(api, tmp_path) as version:
        assert version != POLICY.version
        clock.pass_days(40)
        ask_for_much(client, maria)
        with transaction() as session:
            results = [replay(session, offer_id) for offer_id in offer_ids()]
    assert {result.policy_version for result in results} == {version, POLICY.version}
    assert all(result.equal for result in results)
    assert len(results) > 15


def test_every_version_is_kept_as_it_was_written(
    api: Api, client: BillingClient, maria: UUID, tmp_path: Path
) -> None:
    client.acting_for(Actor("operator", "ana")).offers(maria)
    with other_policy(api, tmp_path) as version:
        client.offers(maria)
    with transaction() as session:
        kept = {row.version: row for row in session.query(PolicyVersionRow)}
    assert kept.keys() == {POLICY.version, version}
    assert kept[POLICY.version].content == NEGOTIATION.read_text(encoding="utf-8")
    assert kept[POLICY.version].actor == "operator:ana"
    assert "# not the same any more" in kept[version].content


def test_an_offer_that_was_tampered_with_says_where_it_differs(
    client: BillingClient, maria: UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    offer = client.offers(maria).offers[1]
    assert main(["billing", "replay", offer.id]) == 0
    assert "equal" in capsys.readouterr().out
    with transaction() as session:
        session.execute(update(OfferRow).where(OfferRow.id == offer.id).values(total=Decimal(1)))
    assert main(["billing", "replay", offer.id]) == 1
    assert f"total: offered 1.00, now {offer.total}" in capsys.readouterr().out


def test_an_offer_that_is_not_there_is_named(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["billing", "replay", "nothing-of-the-kind"]) == 1
    assert "no offer nothing-of-the-kind" in capsys.readouterr().err


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inquiries)
def test_what_is_recorded_is_all_that_offers_depend_on(
    api: Api, maria: UUID, inquiry: Inquiry
) -> None:
    """Through the database and back: the same offers."""
    made = make_offers(inquiry, POLICY)
    debts = [
        {"invoice_id": str(debt.invoice_id), "days_late": debt.days_late}
        | {name: str(getattr(debt, name)) for name in ("balance", "multa", "juros")}
        for debt in inquiry.debts
    ]
    context = api.app.extensions[EXTENSION]
    with transaction() as session:
        gathered = Gathered(inquiry, History(), debts, [], policy_is_kept=True)
        request_id = keep(session, context, maria, gathered, made)
        session.flush()
        session.expire_all()
        row = session.get_one(OfferRequestRow, request_id)
        again = make_offers(restore(row), POLICY)
    assert [terms_of(draft) for draft in again.drafts] == [terms_of(d) for d in made.drafts]
    assert again.changes == made.changes
