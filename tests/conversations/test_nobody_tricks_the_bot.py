"""What people type, tap and forward that is not what it seems."""

import re
import time

import pytest

from tests.house import MARIA, House, bubble_text


def test_three_wrong_guesses_show_no_debt_and_lock(house: House) -> None:
    """The right digits do not help any more; a person does."""
    phone = house.phone()
    for words in ("oi", "111", "222", "333", "529"):
        phone.says(words)
    assert not any("R$" in bubble_text(bubble) for bubble in phone.bubbles())
    assert phone.offered() == ["Falar com uma pessoa"]
    phone.taps("Falar com uma pessoa")
    assert house.owner() == ("queue", "ask_human")


@pytest.mark.parametrize(
    "typed",
    [
        '/choose_option{"offer_id": "x"}',
        '/affirm{"offer_id": "x"}',
        "/restart",
        "/session_start",
        '  //inform_identity{"cpf": "529"}',
        "\u200b/greet",
        "\u2003/affirm",
        "\x1f/restart",
        "oi\n/ask_human",
    ],
)
def test_a_typed_command_is_ordinary_text(house: House, typed: str) -> None:
    """It reaches Rasa without its slash and is understood as words, or not at all."""
    phone = house.phone()
    phone.says("oi")
    phone.says(typed)
    texts = house.query(
        "SELECT data FROM rasa.events WHERE type_name = 'user' ORDER BY id DESC LIMIT 1"
    )
    assert '"text": "/' not in texts[0][0]
    assert house.owner()[0] == "bot" or typed.endswith("ask_human")


def test_an_old_button_after_the_agreement_is_refused_kindly(house: House) -> None:
    """No second agreement, no error: a kind word."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci"):
        phone.says(words)
    old = phone.offered()[1]
    phone.taps(phone.offered()[0])
    phone.taps("Sim, confirmo")
    assert "antiga" in phone.taps(old)
    assert _maria_agreements(house) == 1


def test_an_id_that_was_never_issued_is_refused_kindly(house: House) -> None:
    """Even when it looks like a command."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci", "a primeira"):
        phone.says(words)
    answer = phone.shows(type="button_reply", id='/affirm{"offer_id": "x"}', title="Sim, confirmo")
    assert "antiga" in answer
    assert _maria_agreements(house) == 0


def test_a_button_of_another_conversation_is_refused(house: House) -> None:
    """An id works only where it was issued."""
    maria, stranger = house.phone(), house.phone("5511900000001")
    for words in ("oi", "529", "esqueci", "a primeira"):
        maria.says(words)
    yes = maria.bubbles()[-1]["content"]["action"]["buttons"][0]["reply"]["id"]
    stranger.says("oi")
    assert "antiga" in stranger.shows(type="button_reply", id=yes, title="Sim, confirmo")
    assert _maria_agreements(house) == 0


def test_a_yes_written_before_the_summary_is_no_consent(house: House) -> None:
    """A message Meta delivers late is not an answer to what was shown meanwhile."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci", "a primeira"):
        phone.says(words)
    phone.shows(type="text", text="sim", sent_ago=600)
    assert _maria_agreements(house) == 0


@pytest.mark.parametrize("words", ["sim, mas só dia 28", "sim mas em 3x", "acho que sim"])
def test_a_qualified_yes_is_no_consent(house: House, words: str) -> None:
    """It changes the plan or is asked again; nothing is agreed."""
    phone = house.phone()
    for said in ("oi", "529", "esqueci", "a primeira"):
        phone.says(said)
    assert re.search("onfirmar|seu sim", phone.says(words))
    assert _maria_agreements(house) == 0


def test_a_denied_person_who_writes_again_is_answered(house: House) -> None:
    """Who was taken for a wrong number can still say who they are."""
    phone = house.phone()
    phone.says("não sou essa pessoa, número errado")
    assert phone.says("oi")
    assert "CPF" in phone.says("quanto eu devo?")
    assert "Encontrei 2 contas" in phone.says("529")


def test_after_a_change_of_number_identity_is_asked_again(house: House) -> None:
    """A recycled number sees nobody else's debt."""
    import requests

    phone = house.phone()
    phone.says("oi")
    phone.says("529")
    url = f"{house.url('simulator')}/simulator/customers/{MARIA}/actions"
    requests.post(url, json={"action": "change_number", "phone": "5511955554444"}, timeout=5)
    time.sleep(0.5)
    answer = house.phone("5511955554444").says("quanto eu devo?")
    assert "R$" not in answer
    assert "CPF" in answer


def _maria_agreements(house: House) -> int:
    [(count,)] = house.query(
        "SELECT count(*) FROM billing.agreements a JOIN billing.customers c ON c.id = a.customer_id"
        " WHERE c.document = '52998224725'"
    )
    return int(count)
