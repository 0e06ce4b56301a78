"""What the chatbot relies on, of any billing backend. The tests follow one negotiation in order."""

import ast
import itertools
from datetime import date
from uuid import UUID, uuid4

import pytest
import requests

from bot.billing import boleto, pix
from bot.billing.client import BillingClient, BillingRefused, Identification, Offer, Wish
from tests.billing.contract.conftest import EXAMPLE, Backend
from tests.billing.support import EVIDENCE, key

MOST_OFFERS = 4


@pytest.fixture
def client(backend: Backend) -> BillingClient:
    return backend.client


@pytest.fixture
def customer(backend: Backend, client: BillingClient) -> UUID:
    found = client.identify(backend.phone, backend.cpf[:3], idempotency_key=key())
    assert found.status == "confirmed"
    assert found.customer is not None
    return found.customer.id


def wrong_digits(backend: Backend) -> str:
    return "000" if backend.cpf[:3] != "000" else "111"


def identify(backend: Backend, phone: str, digits: str) -> Identification:
    return backend.client.identify(phone, digits, idempotency_key=key())


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer wrong"}])
def test_nothing_is_told_without_the_token(backend: Backend, header: dict[str, str]) -> None:
    answer = requests.get(f"{backend.url}/customers/{uuid4()}/debts", headers=header, timeout=5)
    assert answer.status_code == 401


def test_a_refusal_is_a_problem_with_a_code(backend: Backend) -> None:
    headers = {"Authorization": f"Bearer {backend.token}"}
    answer = requests.get(f"{backend.url}/customers/{uuid4()}/debts", headers=headers, timeout=5)
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (404, 404, "not_found")
    assert problem["detail"]


def test_the_right_digits_confirm_who_is_speaking(backend: Backend) -> None:
    found = identify(backend, backend.phone, backend.cpf[:3])
    assert found.status == "confirmed"
    assert found.customer is not None
    assert found.customer.first_name


def test_wrong_digits_are_counted_and_tell_nothing(backend: Backend) -> None:
    found = identify(backend, backend.phone, wrong_digits(backend))
    assert (found.status, found.customer) == ("refused", None)
    assert found.attempts_left >= 1
    assert identify(backend, backend.phone, backend.cpf[:3]).status == "confirmed"


def test_a_birth_date_instead_of_digits_is_compared_and_counted(backend: Backend) -> None:
    """Nobody is so old; a backend that knows no birth dates answers the same."""
    ancient = date(1900, 1, 1)
    found = backend.client.identify(backend.phone, None, ancient, idempotency_key=key())
    assert (found.status, found.customer) == ("refused", None)
    assert identify(backend, backend.phone, backend.cpf[:3]).status == "confirmed"


def test_an_attempt_repeated_with_its_key_is_counted_once(backend: Backend) -> None:
    same, digits = key(), wrong_digits(backend)
    first, second = (
        backend.client.identify(backend.phone, digits, idempotency_key=same) for _ in range(2)
    )
    assert first == second
    assert identify(backend, backend.phone, backend.cpf[:3]).status == "confirmed"


def test_an_unknown_phone_is_never_confirmed_and_locks_in_the_end(backend: Backend) -> None:
    unknown = f"55119{uuid4().int % 10**8:08d}"
    seen = [identify(backend, unknown, backend.cpf[:3]) for _ in range(10)]
    assert not any(found.customer for found in seen)
    assert seen[-1].status == "locked"


def test_what_is_owed_adds_up_line_by_line(client: BillingClient, customer: UUID) -> None:
    owed = client.debts(customer)
    assert owed.debts
    assert owed.total == sum(debt.total for debt in owed.debts)
    for debt in owed.debts:
        assert debt.total == debt.original + debt.multa + debt.juros
        assert debt.total == sum(line.amount for line in debt.memory)
        assert (debt.due < owed.as_of, debt.days_late > 0) == (True, True)


def test_offers_add_up_and_say_why(client: BillingClient, customer: UUID) -> None:
    owed, made = client.debts(customer), client.offers(customer)
    assert 1 <= len(made.offers) <= MOST_OFFERS
    for offer in made.offers:
        assert offer.total == sum(part.amount for part in offer.parts)
        assert offer.count == len(offer.parts)
        assert (offer.kind == "full") == (offer.count == 1)
        assert offer.original_total == owed.total
        assert offer.valid_until >= owed.as_of
        assert offer.why
    counts = [offer.count for offer in made.offers]
    assert counts == sorted(set(counts))


def test_paying_at_once_is_never_dearer(client: BillingClient, customer: UUID) -> None:
    totals = [offer.total for offer in client.offers(customer).offers]
    assert totals[0] == min(totals)


def test_the_same_question_has_the_same_answer(client: BillingClient, customer: UUID) -> None:
    assert client.offers(customer) == client.offers(customer)


def test_a_wish_is_answered_by_how_near_the_offers_come(
    client: BillingClient, customer: UUID
) -> None:
    made = client.offers(customer, wish=Wish(installments=1_000_000))
    assert made.note_code in {"nearest", "far"}


def test_an_offer_is_found_again_as_it_was_made(client: BillingClient, customer: UUID) -> None:
    offer = client.offers(customer).offers[0]
    again = client.offer(customer, offer.id)
    assert (again.total, again.parts) == (offer.total, offer.parts)
    with pytest.raises(BillingRefused, match="not_found"):
        client.offer(customer, "no-such-offer-of-anybody")


def test_nobody_else_reaches_what_is_theirs(client: BillingClient, customer: UUID) -> None:
    offer = client.offers(customer).offers[0]
    for ask in (client.debts, client.charges, client.agreements, client.offers):
        with pytest.raises(BillingRefused, match="not_found"):
            ask(uuid4())
    with pytest.raises(BillingRefused, match="not_found"):
        client.offer(uuid4(), offer.id)


def test_before_the_yes_there_is_no_agreement(client: BillingClient, customer: UUID) -> None:
    assert client.agreements(customer) == []
    with pytest.raises(BillingRefused):
        client.agree(customer, "no-such-offer-of-anybody", EVIDENCE, idempotency_key=key())
    assert client.agreements(customer) == []


def test_a_yes_is_an_agreement_once_however_often_it_is_sent(
    client: BillingClient, customer: UUID
) -> None:
    offer, same = client.offers(customer).offers[0], key()
    first, second = (
        client.agree(customer, offer.id, EVIDENCE, idempotency_key=same) for _ in range(2)
    )
    assert first == second
    _check_agreed(client, customer, offer)
    with pytest.raises(BillingRefused, match=r"already_agreed|offer_expired"):
        client.agree(customer, offer.id, EVIDENCE, idempotency_key=key())
    assert len(client.agreements(customer)) == 1


def _check_agreed(client: BillingClient, customer: UUID, offer: Offer) -> None:
    [agreement] = client.agreements(customer)
    assert (agreement.status, agreement.total) == ("active", offer.total)
    assert agreement.number
    assert [(part.due, part.amount) for part in agreement.parts] == [
        (part.due, part.amount) for part in offer.parts
    ]


def test_what_is_agreed_is_no_debt_any_more(client: BillingClient, customer: UUID) -> None:
    owed = client.debts(customer)
    assert (owed.debts, owed.total) == ([], 0)


def test_the_agreement_can_be_paid_by_boleto_and_pix(client: BillingClient, customer: UUID) -> None:
    """A charge may be `null` while the bank is asked; asking for one gives it."""
    [agreement] = client.agreements(customer)
    charge = client.issue_charge(customer, agreement_id=agreement.id, idempotency_key=key())
    assert client.charges(customer) == [charge]
    assert (charge.status, charge.amount) == ("live", agreement.parts[0].amount)
    assert boleto.parse(charge.linha_digitavel).amount == charge.amount
    assert boleto.linha_digitavel(charge.barcode) == charge.linha_digitavel
    assert pix.parse(charge.pix_copy_paste).amount in {None, charge.amount}
    assert charge.url.startswith(("https://", "http://localhost"))


def test_the_example_is_at_most_forty_lines_of_code() -> None:
    tree = ast.parse(EXAMPLE.read_text())
    documented = ast.get_docstring(tree, clean=False)
    assert documented
    lines = EXAMPLE.read_text().replace(documented, "").splitlines()
    code = [line for line in lines if line.strip().strip('"') and not line.strip().startswith("#")]
    assert len(code) <= 40, list(itertools.islice(code, 40, None))
