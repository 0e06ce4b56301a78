"""What is not text gets a fitting answer, and nothing makes the bot fall silent."""

from typing import Any

import pytest

from bot.billing.pix import qr_png
from tests.house import MARIA, House


def test_a_voice_message_is_asked_in_writing(house: House) -> None:
    """Or a person is offered."""
    answer = house.phone().shows(type="voice", seconds=3)
    assert "escrev" in answer.lower()
    assert "pessoa" in answer


def test_an_image_is_taken_for_a_receipt(house: House) -> None:
    """Of which bill is asked; then collection stops until a person has looked."""
    phone = house.phone()
    phone.says("oi")
    phone.says("529")
    answer = phone.attaches("recibo.png", qr_png("pago"), "image/png", caption="ta aqui")
    assert "Qual d" in answer
    assert "em conferência" in phone.taps("Todas")


def test_an_image_of_a_stranger_reveals_nothing(house: House) -> None:
    """Before identity nobody is told that there is something to pay."""
    phone = house.phone()
    phone.says("oi")
    answer = phone.attaches("foto.png", qr_png("gato"), "image/png")
    assert "CPF" in answer
    assert "pagamento" not in answer


@pytest.mark.parametrize(
    "message",
    [
        {"type": "location", "latitude": -23.5, "longitude": -46.6},
        {"type": "contacts", "name": "Fulano", "phone": "5511900000000"},
        {"type": "unsupported"},
        {"type": "raw", "message": {"type": "hologram", "hologram": {"depth": 3}}},
        {"type": "text", "text": "👍🏽"},
        {"type": "text", "text": "?"},
        {"type": "text", "text": "/"},
        {"type": "text", "text": "a" * 4096},
        {"type": "text", "text": "linha\x00com\x00zeros"},
    ],
    ids=lambda message: str(message)[:40],
)
def test_anything_gets_an_answer(house: House, message: dict[str, Any]) -> None:
    """Never silence, never an error shown."""
    assert house.phone().shows(**message)


def test_a_reaction_asks_for_no_answer(house: House) -> None:
    """It is kept; the bot does not chatter."""
    phone = house.phone()
    phone.says("oi")
    wamid = phone.bubbles()[0]["id"]
    phone.send(type="reaction", message_id=wamid, emoji="❤️")
    house.wait_for(
        lambda: house.query("SELECT 1 FROM bot.messages WHERE type = 'reaction'"), "reaction"
    )
    assert house.is_settled()
    assert len(phone.bubbles()) == 1


def test_somebody_without_a_phone_number_is_answered(house: House) -> None:
    """Known only by a business-scoped user id."""
    import requests

    customers = requests.get(house.url("simulator") + "/simulator/customers", timeout=5).json()
    bsuid = next(c["bsuid"] for c in customers if not c["phone"])
    assert "Horizonte" in house.phone(bsuid).says("oi")


def test_a_conversation_in_the_queue_is_left_to_people(house: House) -> None:
    """The bot confirms once that the message arrived, and does not answer."""
    phone = house.phone()
    phone.says("quero falar com uma pessoa")
    before = len(phone.bubbles())
    phone.send(type="text", text="quanto devo?")
    house.wait_for(
        lambda: house.query("SELECT 1 FROM bot.turns WHERE state = 'left_to_person'"),
        "turn for people",
    )
    assert len(phone.bubbles()) == before


def test_a_message_edited_before_its_answer_counts_as_edited(house: House) -> None:
    """Who corrects themselves at once is taken at the corrected word."""
    phone = house.phone()
    sent = phone.send(type="text", text="oi")
    phone.send(type="edit", message_id=sent["id"], text="quem é você?")
    assert "CNPJ" in phone.answer_after(0)


def test_a_conversation_given_back_meets_the_bot_again(house: House) -> None:
    """From the beginning, with identity."""
    phone = house.phone()
    phone.says("quero falar com uma pessoa")
    house.command("release", MARIA)
    assert house.owner() == ("bot", None)
    assert "CPF" in phone.says("oi")
