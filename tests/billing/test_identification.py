"""Who is speaking: attempts, lock-out, and nothing given away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from uuid import UUID

import pytest

from bot.billing.client import BillingClient, BillingRefused, Identification
from tests.billing.support import MARIA_CPF, MARIA_PHONE, FakeClock, MakeCustomer, key

STRANGER = "5511900000000"


BORN = date(1988, 5, 3)


def identify(
    client: BillingClient,
    digits: str | None,
    phone: str | None = MARIA_PHONE,
    born: date | None = None,
) -> Identification:
    return client.identify(phone, digits, born, idempotency_key=key())


@pytest.mark.parametrize("digits", ["529", "5299", MARIA_CPF])
def test_the_first_digits_of_the_cpf_confirm_who_owns_the_phone(
    client: BillingClient, maria: UUID, digits: str
) -> None:
    answer = identify(client, digits)
    assert answer.status == "confirmed"
    assert answer.customer is not None
    assert (answer.customer.id, answer.customer.first_name) == (maria, "Maria")


def test_a_phone_without_its_ninth_digit_is_the_same_phone(
    client: BillingClient, maria: UUID
) -> None:
    assert identify(client, "529", "551187654321").status == "confirmed"


def test_digits_from_the_middle_of_the_cpf_do_not_confirm(
    client: BillingClient, maria: UUID
) -> None:
    answer = identify(client, "982")
    assert (answer.status, answer.attempts_left, answer.customer) == ("refused", 2, None)


def test_a_wrong_birth_date_refuses_right_digits(client: BillingClient, maria: UUID) -> None:
    assert identify(client, "529", born=date(1990, 1, 1)).status == "refused"
    assert identify(client, "529", born=BORN).status == "confirmed"


def test_the_birth_date_alone_confirms_who_owns_the_phone(
    client: BillingClient, maria: UUID
) -> None:
    answer = identify(client, None, born=BORN)
    assert answer.status == "confirmed"
    assert answer.customer is not None
    assert answer.customer.id == maria


def test_wrong_birth_dates_are_counted_with_wrong_digits_and_lock_the_phone(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    wrong = date(1990, 1, 1)
    first, second = identify(client, None, born=wrong), identify(client, "111")
    assert [first.attempts_left, second.attempts_left] == [2, 1]
    third = identify(client, None, born=wrong)
    assert (third.status, third.locked_until) == ("locked", clock.now + timedelta(days=1))
    assert identify(client, None, born=BORN) == third
    clock.pass_days(1)
    assert identify(client, None, born=BORN).status == "confirmed"


def test_a_birth_date_alone_confirms_nobody_whose_birth_date_we_do_not_know(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    make_customer(birth_date=None)
    known = identify(client, None, born=BORN)
    assert (known.status, known.attempts_left, known.customer) == ("refused", 2, None)
    assert identify(client, "529", born=BORN).status == "confirmed"


def test_a_birth_date_alone_finds_nobody_from_another_phone(
    client: BillingClient, maria: UUID
) -> None:
    assert identify(client, None, STRANGER, BORN).status == "unknown"


@pytest.mark.parametrize(("phone", "born"), [(None, BORN), (MARIA_PHONE, None)])
def test_without_digits_both_the_phone_and_the_birth_date_are_needed(
    client: BillingClient, maria: UUID, phone: str | None, born: date | None
) -> None:
    with pytest.raises(BillingRefused, match="cpf_digits is needed"):
        identify(client, None, phone, born)
    assert identify(client, "111").attempts_left == 2


def test_three_wrong_attempts_lock_the_phone_for_a_day(
    client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    assert [identify(client, "111").status for _ in range(3)] == ["refused", "refused", "locked"]
    clock.pass_days(1)
    assert identify(client, "529").status == "confirmed"


def test_a_locked_phone_does_not_tell_whether_the_digits_are_right(
    client: BillingClient, maria: UUID
) -> None:
    for _ in range(3):
        identify(client, "111")
    assert identify(client, "529") == identify(client, "111")


def test_a_right_answer_forgives_the_wrong_ones_before_it(
    client: BillingClient, maria: UUID
) -> None:
    identify(client, "111")
    identify(client, "111")
    assert identify(client, "529").attempts_left == 3
    assert identify(client, "111").attempts_left == 2


def test_an_unknown_phone_runs_out_of_attempts_like_a_known_one(
    client: BillingClient, maria: UUID
) -> None:
    known = [identify(client, "111") for _ in range(4)]
    unknown = [identify(client, "111", STRANGER) for _ in range(4)]
    assert [a.attempts_left for a in known] == [a.attempts_left for a in unknown] == [2, 1, 0, 0]
    assert [a.status for a in unknown] == ["unknown", "unknown", "locked", "locked"]


def test_from_another_phone_the_whole_cpf_and_the_birth_date_are_needed(
    client: BillingClient, maria: UUID
) -> None:
    assert identify(client, MARIA_CPF, None).status == "unknown"
    assert identify(client, MARIA_CPF, STRANGER, BORN).status == "confirmed"
    assert identify(client, MARIA_CPF, None, BORN).status == "confirmed"


def test_a_wrong_birth_date_from_another_phone_does_not_tell_that_the_cpf_exists(
    client: BillingClient, maria: UUID
) -> None:
    wrong = date(1990, 1, 1)
    known = identify(client, MARIA_CPF, STRANGER, wrong)
    unknown = identify(client, "52601815906", "5511911111111", wrong)
    assert known == unknown


def test_a_company_is_confirmed_by_the_start_of_its_cnpj(
    client: BillingClient, make_customer: MakeCustomer
) -> None:
    make_customer(document="12ABC34501DE35", name="Padaria Pão Quente Ltda.", birth_date=None)
    answer = identify(client, "12abc")
    assert answer.customer is not None
    assert answer.customer.first_name == "Padaria Pão Quente"


def test_repeating_an_attempt_with_its_key_counts_once(client: BillingClient, maria: UUID) -> None:
    same = key()
    answers = [client.identify(MARIA_PHONE, "111", idempotency_key=same) for _ in range(5)]
    assert {answer.attempts_left for answer in answers} == {2}


def test_attempts_at_the_same_moment_are_all_counted(client: BillingClient, maria: UUID) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: identify(client, "111"), range(8)))
    assert sorted(answer.status for answer in answers) == ["locked"] * 6 + ["refused"] * 2


@pytest.mark.parametrize("digits", ["", "52", "5" * 15, "529-982"])
def test_what_cannot_be_digits_of_a_document_is_refused_without_counting(
    client: BillingClient, maria: UUID, digits: str
) -> None:
    with pytest.raises(BillingRefused, match="cpf_digits"):
        identify(client, digits)
    assert identify(client, "111").attempts_left == 2
