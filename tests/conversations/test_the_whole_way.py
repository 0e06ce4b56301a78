"""From "oi" to a settled plan, by signed webhooks through every real process."""

import re

import requests

from bot.billing import boleto, pix
from tests.house import House, bubble_text


def test_a_debtor_goes_from_oi_to_a_settled_plan(house: House) -> None:
    """The bot greets, identifies, tells the debts, offers, repeats, takes a yes, sends codes."""
    phone = house.phone()

    greeting = phone.says("oi")
    assert "Loja Horizonte" in greeting
    assert "3 primeiros números" in greeting
    assert "R$" not in greeting

    debts = phone.says("529")
    assert "Maria" in debts
    assert debts.count("multa R$") == 2
    assert "juros R$" in debts
    assert "Total hoje: R$" in debts
    assert "atrasar?" in debts

    offers = phone.says("esqueci, foi mal")
    assert "À vista" in offers
    assert re.search(r"\dx de R\$", offers)

    summary = phone.says("a segunda")
    assert "1ª parcela: R$" in summary
    assert "Total: R$" in summary
    assert "confirmar" in summary

    agreed = phone.says("sim, pode confirmar")
    assert "Combinado" in agreed
    assert "Maria" in agreed

    link, line, code = (bubble["content"] for bubble in phone.bubbles()[-3:])
    parsed = boleto.parse(line["body"])
    assert line["body"] == parsed.linha_digitavel
    assert pix.parse(code["body"]).amount == parsed.amount
    page = requests.get(_here(house, link["action"]["parameters"]["url"]), timeout=5)
    assert page.status_code == 200
    assert code["body"] in page.text
    assert "529.982" not in page.text


def test_every_turn_of_the_way_is_one_bubble(house: House) -> None:
    """Every message costs money and attention; only the codes to copy come apart."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci de pagar", "a primeira"):
        before = len(phone.bubbles())
        phone.says(words)
        assert len(phone.bubbles()) == before + 1, words


def test_the_way_can_be_tapped_from_the_debts_on(house: House) -> None:
    """Reasons, offers and the yes are there to tap."""
    phone = house.phone()
    phone.says("oi")
    phone.says("529")
    phone.taps("Saúde ou família")
    phone.taps(phone.offered()[1])
    assert "Combinado" in phone.taps("Sim, confirmo")


def test_the_agreement_keeps_the_evidence_of_the_yes(house: House) -> None:
    """Which words, when, in which message: stored with the agreement."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci", "a primeira", "sim, confirmo"):
        phone.says(words)
    [(evidence,)] = house.query(
        "SELECT evidence FROM billing.agreements ORDER BY created_at DESC LIMIT 1"
    )
    assert evidence["text"] == "sim, confirmo"


def test_the_codes_come_alone_in_their_messages(house: House) -> None:
    """So that a long press copies just the code."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci", "a primeira", "sim"):
        phone.says(words)
    *_, line, code = map(bubble_text, phone.bubbles())
    assert re.fullmatch(r"\d{47}", line)
    assert code.startswith("000201")


def _here(house: House, url: str) -> str:
    """A public URL, on the port of this run."""
    return house.url("web") + re.sub(r"^https?://[^/]+", "", url)
