"""A question in the middle is answered, and the negotiation goes on where it was."""

import pytest

from tests.house import House

IN_BETWEEN = ["isso é golpe?", "vc é um robô?", "obrigada", "quem é vc msm", "vai chover amanhã?"]


@pytest.mark.parametrize("question", IN_BETWEEN)
def test_the_digits_are_taken_after_a_question(house: House, question: str) -> None:
    """Asked before identity is confirmed."""
    phone = house.phone()
    phone.says("oi")
    phone.says(question)
    assert "Encontrei 2 contas" in phone.says("5 2 9")


@pytest.mark.parametrize("question", [*IN_BETWEEN, "essa dívida é de quê?", "pq tem juros?"])
def test_an_offer_is_chosen_after_two_questions(house: House, question: str) -> None:
    """Asked while the offers are on the table."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci de pagar", question, "o que acontece se eu não pagar?"):
        phone.says(words)
    assert "1ª parcela" in phone.says("a segunda")


def test_a_yes_still_counts_after_a_question(house: House) -> None:
    """It is a yes to the summary that was shown."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci de pagar", "a primeira", "isso é golpe?"):
        phone.says(words)
    assert "Combinado" in phone.says("sim, pode fechar")
