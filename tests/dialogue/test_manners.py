"""Manners of a good negotiator, through the front door, in clean and in messy writing."""

import re
from collections.abc import Iterator

import pytest
import requests

from actions.unsure import LIKELY
from bot import words
from bot.nlu.examples import read_examples
from bot.settings import PROJECT
from tests.house import House, Phone, bubble_text

HOURS_AGO = 3 * 3600


def _talk(house: House, *said: str) -> Phone:
    phone = house.phone()
    for each in said:
        phone.says(each)
    return phone


def _agreements(house: House) -> int:
    [(count,)] = house.query(
        "SELECT count(*) FROM billing.agreements a JOIN billing.customers c ON c.id = a.customer_id"
        " WHERE c.document = '52998224725'"
    )
    return int(count)


@pytest.mark.parametrize("said", ["pode ser outra data?", "troca o vencimento", "muda so o dia"])
def test_another_date_at_the_summary_is_asked_for_and_keeps_the_plan(
    house: House, said: str
) -> None:
    """And the day is understood as the answer."""
    phone = _talk(house, "oi", "529", "esqueci de pagar", "3x")
    assert "dia" in phone.says(said)
    day = house.query("SELECT (now() AT TIME ZONE 'America/Sao_Paulo')::date + 5")[0][0]
    answer = phone.says(f"{day:%d/%m}")
    assert "3ª parcela" in answer
    assert f"1ª parcela: R$ 267,48, em {day:%d/%m/%Y}" in answer or f"em {day:%d/%m/%Y}" in answer


@pytest.mark.parametrize("said", ["sim, mas só mês que vem", "sim mas qria pensar antes"])
def test_a_yes_with_a_but_is_no_yes(house: House, said: str) -> None:
    """Nothing is agreed."""
    phone = _talk(house, "oi", "529", "esqueci de pagar", "a segunda")
    phone.says(said)
    assert _agreements(house) == 0


def test_the_fourth_of_four_is_no_wednesday(house: House) -> None:
    """ "Fica na quarta", with four offers on the table."""
    phone = _talk(house, "oi", "529", "esse mês apertou")
    assert len(phone.offered()) == 4
    assert "12ª parcela" in phone.says("fica na quarta")


def test_an_amount_that_is_an_offer_chooses_it(house: House) -> None:
    """ "Até 246 por mês" was once ignored."""
    phone = _talk(house, "oi", "529", "esse mês apertou")
    assert "parcela: R$ 138,46" in phone.says("ate 138 por mes")


@pytest.mark.parametrize("said", ["quero parcelar em 3x", "da pra fazer em 3x??"])
def test_a_wish_before_identity_counts_after_it(house: House, said: str) -> None:
    """Nobody says it twice."""
    phone = _talk(house, "oi", said, "529")
    assert "3ª parcela" in phone.says("esqueci de pagar")


def test_a_reason_before_identity_counts_after_it(house: House) -> None:
    """It is not asked for again."""
    phone = _talk(house, "oi", "fui demitido, estou desempregado")
    answer = phone.says("529")
    assert "opções" in answer
    assert not re.search("atras(ar|o)[?]", answer)
    assert "À vista" in phone.says("pode")


def test_after_hours_a_greeting_is_answered_with_where_we_were(house: House) -> None:
    """The summary that waits for a yes, whole, and one question."""
    phone = house.phone()
    for said in ("oi", "529", "esqueci de pagar", "a segunda"):
        phone.shows(type="text", text=said, sent_ago=HOURS_AGO)
    answer = phone.says("oi")
    assert "1ª parcela" in answer
    assert "sim" in answer or "fechado" in answer
    assert "Combinado" in phone.says("sim")


def test_a_greeting_soon_after_repeats_no_summary(house: House) -> None:
    """One line is enough."""
    phone = _talk(house, "oi", "529", "esqueci de pagar", "a segunda")
    answer = phone.says("oi")
    assert "1ª parcela" not in answer
    assert "total R$" in answer


def _unsure_of(house: House) -> Iterator[tuple[str, list[str]]]:
    """Unseen messages the model of today is unsure of, each with its two likeliest meanings."""
    for file in sorted((PROJECT / "tests" / "nlu").glob("unseen*.yml")):
        for example in read_examples([file]):
            parsed = requests.post(
                house.url("rasa") + "/model/parse", json={"text": example.text}, timeout=5
            ).json()
            ranked = parsed["intent_ranking"]
            likely = [each["name"] for each in ranked if each["confidence"] >= LIKELY][1:3]
            named = [f"title_intent_{name}" for name in likely]
            is_asked = parsed["intent"]["name"] == "nlu_fallback" and len(likely) == 2
            are_questions = all(name.startswith("ask_") for name in likely)
            has_number = re.search(r"\d", example.text)
            if is_asked and are_questions and all(map(words.exists, named)) and not has_number:
                yield example.text, [words.say(name) for name in named]


def test_unsure_asks_which_and_then_calls_a_person(house: House) -> None:
    """A question with buttons first, a person the second time in a row."""
    phone = _talk(house, "oi", "529", "esqueci de pagar")
    unsure = _unsure_of(house)
    (said, meanings), (again, _) = next(unsure), next(unsure)
    asked = phone.says(said)
    assert all(f"“{meaning}”" in asked for meaning in meanings)
    assert phone.offered() == [*meanings, "Outra coisa"]
    phone.says(again)
    assert house.owner() == ("queue", "not_understood")


def test_the_meaning_tapped_counts(house: House) -> None:
    """As that intent; then the conversation goes on."""
    phone = _talk(house, "oi", "529", "esqueci de pagar")
    said, meanings = next(_unsure_of(house))
    phone.says(said)
    assert "“" not in phone.taps(meanings[0])


def test_the_meaning_may_be_typed(house: House) -> None:
    """Free text always works too."""
    phone = _talk(house, "oi", "529", "esqueci de pagar")
    said, meanings = next(_unsure_of(house))
    phone.says(said)
    assert "“" not in phone.says(meanings[1].lower())


def test_none_of_the_meanings_is_an_answer_too(house: House) -> None:
    """It is asked to say it otherwise, and nobody is handed over yet."""
    phone = _talk(house, "oi", "529", "esqueci de pagar")
    phone.says(next(_unsure_of(house))[0])
    phone.taps("Outra coisa")
    assert house.owner() == ("bot", None)
    assert "1ª parcela" in phone.says("a segunda")


@pytest.mark.parametrize("said", ["não tenho dinheiro nem vontade de estar vivo", "remover"])
def test_what_would_hurt_to_miss_is_acted_on_unsure(house: House, said: str) -> None:
    """Nobody in despair is asked which of two they meant; nor who wants no more messages."""
    phone = _talk(house, "oi", "529")
    answer = phone.says(said)
    assert "188" in answer or "mensagens" in answer


@pytest.mark.parametrize("question", ["vc é um robô?", "isso é golpe?", "quanto eu devo?"])
def test_the_same_question_three_times_is_never_answered_in_the_same_words(
    house: House, question: str
) -> None:
    """`tests/manners.py` compares the sentences; here, that each answers."""
    phone = _talk(house, "oi", "529", "esqueci de pagar", question, question, question)
    assert len({bubble_text(bubble) for bubble in phone.bubbles()[-3:]}) == 3


def test_a_long_conversation_forgets_nothing(house: House) -> None:
    """Rasa keeps the last turns only; who it is, what was chosen and that somebody swore stay."""
    phone = _talk(house, "oi", "529", "vai se ferrar seu lixo", "esqueci de pagar", "a segunda")
    for _ in range(5):
        phone.says("vc é um robô?")
        phone.says("isso é golpe?")
    assert "Combinado" in phone.says("sim, confirmo") or _agreements(house) == 1
    phone.says("vai se ferrar seu lixo")
    assert house.owner() == ("queue", "insult")
