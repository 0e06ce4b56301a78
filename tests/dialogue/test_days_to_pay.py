"""Promises: summed up with their day, written down on a yes, moved, taken back, too far."""

import pytest

from tests.dialogue.talking import AGREED, JOAO, KNOWN, OFFERED, Talk, check, said, told
from tests.house import House

ASKS = "Posso anotar|bom assim"
NONE = "SELECT count(*) = 0 FROM billing.promises"
WRITTEN = "SELECT count(*) = 1 FROM billing.promises WHERE status = 'open' AND "
EVIDENCE = WRITTEN + "evidence->>'text' = 'sim'"
CANCELLED = "SELECT status = 'cancelled' FROM billing.promises"

TALKS = {
    "asked": Talk((*KNOWN, f"pago {said(9)}"), (told(9), "R\\$", ASKS), kept=NONE),
    "yes": Talk((*KNOWN, f"pago {said(9)}", "sim"), ("Anotado", told(9)), kept=EVIDENCE),
    "yes, tapped": Talk((*KNOWN, f"pago {said(5)}", "👆Sim, pode anotar"), ("Anotado", told(5))),
    "messy": Talk(
        ("oi", "526", "vou pagar na segunda sem falta ta", "pode anotar sim"),
        ("Anotado", "segunda-feira"),
        kept=WRITTEN + "amount IS NULL",
        phone=JOAO,
    ),
    "all of it on Friday": Talk((*KNOWN, "sexta eu pago tudo"), ("sexta-feira", ASKS)),
    "all of it on Friday, messy": Talk(
        (*KNOWN, "sexta q vem eu acerto td", "isso mesmo"), "Anotado", kept=WRITTEN + "true"
    ),
    "a part": Talk((*KNOWN, "amanhã eu pago 200", "sim"), "Anotado", kept=WRITTEN + "amount = 200"),
    "no day": Talk((*KNOWN, "preciso de mais um tempo"), "[Qq]ue dia"),
    "no day, then the day": Talk((*KNOWN, "me da mais prazo", said(8)), (told(8), ASKS)),
    "another day instead": Talk(
        (*KNOWN, f"pago {said(9)}", f"não, {said(7)}", "sim"), ("Anotado", told(7)), kept=EVIDENCE
    ),
    "no, tapped": Talk((*KNOWN, f"pago {said(9)}", "👆Outro dia"), "[Qq]ue dia", kept=NONE),
    "a hedge is no yes": Talk((*KNOWN, f"pago {said(9)}", "acho que sim"), ASKS, kept=NONE),
    "a question in between": Talk(
        (*KNOWN, f"pago {said(9)}", "isso é golpe?", "sim"), "Anotado", kept=EVIDENCE
    ),
    "boleto for that very day": Talk(
        (*KNOWN, f"pago {said(6)}", "sim", "👆Quero boleto e Pix"),
        ("À vista", "onfirmar"),
    ),
    "later than a boleto can be": Talk((*KNOWN, f"pago {said(13)}", "sim"), r"me escreva \*boleto"),
    "too far": Talk((*KNOWN, f"prometo pagar {said(25)}"), (told(15), "a primeira em"), kept=NONE),
    "much too far, messy": Talk(
        (*KNOWN, f"pago {said(80)} blz"), (told(15), "mais próxima", "a primeira em"), kept=NONE
    ),
    "moved": Talk(
        (*KNOWN, f"pago {said(9)}", "sim", f"só vou conseguir {said(12)}", "sim"),
        ("Anotado", told(12)),
        kept="SELECT count(*) = 1 FROM billing.promises WHERE status = 'replaced'",
    ),
    "moved, told": Talk(
        (*KNOWN, f"pago {said(9)}", "sim", f"pago {said(12)}"),
        (f"(em vez de|troco) .*{told(9)}", told(12)),
    ),
    "taken back": Talk(
        (*KNOWN, f"pago {said(9)}", "sim", "quero cancelar minha promessa", "sim"),
        "desfiz",
        kept=CANCELLED,
    ),
    "taken back, messy": Talk(
        (*KNOWN, f"pago {said(9)}", "sim", "nao vou poder pagar cm prometi", "👆Sim, desfazer"),
        "desfiz",
        kept=CANCELLED,
    ),
    "not taken back": Talk(
        (*KNOWN, f"pago {said(9)}", "sim", "desmarca minha promessa", "não"),
        "como está|deixei",
        kept=EVIDENCE,
    ),
    "nothing to take back": Talk((*KNOWN, "cancela minha promessa"), "nenhuma promessa"),
    "instalments after all": Talk(
        (*KNOWN, f"pago {said(9)}", "sim", "melhor parcelar em 3x", "sim"),
        "Combinado",
        kept="SELECT status = 'replaced' FROM billing.promises",
    ),
    "greets again": Talk((*KNOWN, f"pago {said(9)}", "sim", "oi"), "anotado"),
    "a day while the offers are there": Talk((*OFFERED, f"só consigo {said(9)}"), f"{said(9)[4:]}"),
    "a promise beside the offers": Talk((*OFFERED, f"prometo pagar {said(9)}"), ASKS),
    "in time with the agreement": Talk((*AGREED, f"pago {said(3)}"), "ótimo", kept=NONE),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_a_day_to_pay(house: House, talk: Talk) -> None:
    """Nothing is written down before a yes to the day repeated."""
    check(house, talk)


def test_a_promise_is_remembered_in_another_conversation(house: House) -> None:
    """Whoever promised is not asked again why it is late."""
    phone = house.phone()
    for words in (*KNOWN, f"pago {said(9)}", "sim", "quero falar com uma pessoa"):
        phone.says(words)
    house.command("release", "5511987654321")
    phone.says("oi")
    answer = phone.says("529")
    assert told(9) in answer
    assert "aconteceu" not in answer
