"""Each rule notices what it is for, and lets a good message pass."""

from datetime import date
from decimal import Decimal

import pytest

from bot.rehearsal.casting import Bill
from bot.rehearsal.rules import RULES
from tests.rehearsal.talking import (
    AGREED,
    DEBTS,
    IDENTIFIED,
    OFFERS,
    Told,
    broken,
    conversation,
    debtor,
)

BEFORE: tuple[tuple[float, Told], ...] = ()
KNOWN = ((0.0, IDENTIFIED), (0.0, DEBTS))
OFFERED = (*KNOWN, (0.0, OFFERS))
ITEMISED = "Mesa, venceu em 05/10/2026: Original R$ 200,00 + multa R$ 4,00 + juros R$ 1,00"
SUMMARY = (
    "1ª parcela: R$ 102,00, em 10/12/2026\n2ª parcela: R$ 102,00, em 10/01/2027\n"
    "Total: R$ 204,00\nPosso confirmar?"
)

BAD: dict[str, tuple[str, str, str, tuple[tuple[float, Told], ...]]] = {
    "a debt before identity": (
        "nothing_before_identity",
        "oi",
        "Você tem uma conta em atraso.",
        BEFORE,
    ),
    "an amount before identity": ("nothing_before_identity", "oi", "São R$ 205,00.", BEFORE),
    "digits after a wrong number": (
        "silence_once_it_ends",
        "engano",
        "Quais são os 3 primeiros números do seu CPF?",
        BEFORE,
    ),
    "a debt after an opt-out": ("silence_once_it_ends", "sair", "E a dívida?", KNOWN),
    "offers after a dispute": ("silence_once_it_ends", "contesta", "À vista com desconto?", KNOWN),
    "a whole CPF": ("never_asks_for_secrets", "oi", "Me manda o seu CPF inteiro?", BEFORE),
    "a CPF": ("never_asks_for_secrets", "oi", "Qual é o seu CPF?", BEFORE),
    "a password": ("never_asks_for_secrets", "oi", "Digite a senha do cartão.", BEFORE),
    "an invented amount": ("amounts_come_from_billing", "oi", "Faço por R$ 150,00.", KNOWN),
    "an invented date": ("dates_come_from_billing", "oi", "Vence em 25/12/2026.", KNOWN),
    "a wrong Pix": ("codes_are_right", "sim", "00020126nada", KNOWN),
    "a threat": ("no_forbidden_words", "oi", "Pague sob pena de medidas judiciais.", KNOWN),
    "urgency": ("no_forbidden_words", "oi", "Só hoje, última chance!", KNOWN),
    "shame": ("no_forbidden_words", "oi", "Você está com o nome sujo.", KNOWN),
    "a consequence of its own": (
        "only_listed_consequences",
        "oi",
        "Se não pagar, vamos protestar a dívida.",
        KNOWN,
    ),
    "a placeholder": ("nothing_unfinished", "oi", "Oi, {name}!", KNOWN),
    "nothing": ("nothing_unfinished", "oi", " ", KNOWN),
    "an offer out of the blue": ("itemised_before_offers", "oi", "Fica em R$ 204,00.", OFFERED),
    "a code from nobody": ("creditor_beside_codes", "sim", "00020126nada", KNOWN),
    "despair without help": ("crisis_gets_help", "desespero", "Vai passar.", KNOWN),
    "no way to a person": ("a_person_when_asked", "pessoa", "Escolha uma opção.", KNOWN),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_message_is_noticed(case: str) -> None:
    """One message, one rule."""
    rule, said, answer, told = BAD[case]
    assert rule in broken(conversation((said, "…", [answer])), *told)


def test_an_agreement_without_a_yes_is_noticed() -> None:
    """A question after the summary is no yes."""
    spoken = conversation(("escolhe", "a 2", [SUMMARY]), ("juros", "e os juros?", ["Combinado!"]))
    assert "agreement_after_explicit_yes" in broken(spoken, *KNOWN, (1.2, AGREED))


def test_an_agreement_on_another_sum_than_the_summary_is_noticed() -> None:
    """Every part and every date stood in the summary."""
    other = SUMMARY.replace("10/01/2027", "11/01/2027")
    spoken = conversation(("escolhe", "a 2", [other]), ("sim", "sim", ["Combinado!"]))
    assert "agreement_after_explicit_yes" in broken(spoken, *KNOWN, (1.2, AGREED))


def test_a_prescribed_bill_is_noticed() -> None:
    """Its amount may not be named even when billing returned it."""
    old = Bill("Estante", "LH-2", date(2019, 1, 1), Decimal("200.00"), prescribed=True)
    spoken = conversation(("oi", "oi", ["São R$ 200,00."]), who=debtor(old))
    assert "prescribed_is_not_collected" in broken(spoken, *KNOWN)


def test_a_message_out_of_the_blue_at_night_is_noticed() -> None:
    """Ten minutes after the person's last words, at three in the morning."""
    spoken = conversation(("oi", "oi", ["Oi!"]))
    night = 1_795_672_800.0  # 26 November 2026, 03:00 in São Paulo
    [exchange] = spoken.exchanges
    [bubble] = exchange.bubbles
    late = type(bubble)(night + 600, bubble.text)
    spoken.exchanges[0] = type(exchange)(night, "oi", ["oi"], [late])
    assert "nothing_proactive_out_of_hours" in broken(spoken)


def test_a_good_conversation_breaks_no_rule() -> None:
    """From hello to the yes, a wrong word nowhere."""
    spoken = conversation(
        ("oi", "oi", ["Oi! Quais são os *3 primeiros números do seu CPF*? Nunca peço senha."]),
        ("identifica", "529", [f"{ITEMISED}. O que aconteceu para atrasar?"]),
        ("motivo_esqueci", "esqueci", ["1. 2x de R$ 102,00, total R$ 204,00. Qual delas?"]),
        ("escolhe", "a 1", [SUMMARY]),
        (
            "nome_limpo",
            "e o serasa?",
            ["Se o seu nome estiver em cadastro, ele sai em 5 dias úteis."],
        ),
        ("sim", "sim", ["Combinado!"]),
    )
    told = ((1.2, IDENTIFIED), (1.3, DEBTS), (2.2, OFFERS), (2.3, AGREED_BY_OFFER), (5.2, AGREED))
    assert broken(spoken, *told) == set()


AGREED_BY_OFFER: Told = ("GET", AGREED[1].replace("agreements", "offers/1"), AGREED[2])


def test_every_rule_has_a_bad_message() -> None:
    """A rule nobody has seen fail proves nothing."""
    elsewhere = {
        "agreement_after_explicit_yes",
        "prescribed_is_not_collected",
        "nothing_proactive_out_of_hours",
    }
    assert {case[0] for case in BAD.values()} | elsewhere == set(RULES)
