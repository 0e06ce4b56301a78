"""Who we are, whether it is a scam, the debt line by line, consequences, and small talk."""

import pytest

from tests.dialogue.talking import AGREED, KNOWN, OFFERED, Talk, check
from tests.house import House

PROOF = ("3200-1000", "11.222.333/0001-81", "senha")
LATE = r"R\$|contrato|d[ií]vida|multa"

TALKS = {
    "who": Talk(("quem é você?",), ("Clara", "Loja Horizonte", "CNPJ"), never=LATE),
    "who, messy": Talk(("oi", "qm é vc e de q empresa"), ("Clara", "CNPJ"), never=LATE),
    "scam": Talk(("oi", "isso é golpe?"), PROOF, never=LATE),
    "scam, messy": Talk(("como sei q n é golpe",), PROOF, never=LATE),
    "robot": Talk(("oi", "você é um robô?"), ("robô", "pessoa")),
    "robot, messy": Talk(("vc é robo né",), "robô"),
    "how much": Talk((*KNOWN, "quanto eu devo?"), "Total hoje: R\\$"),
    "how much, messy": Talk((*OFFERED, "qnt q tá minha divida"), "Total hoje: R\\$"),
    "from what": Talk((*KNOWN, "de onde vem essa dívida?"), ("contrato", "parcela 4", "venceu em")),
    "from what, messy": Talk((*KNOWN, "di q é essa divida"), ("contrato", "parcela 4")),
    "why so much": Talk(
        (*KNOWN, "por que aumentou?"), ("Multa", "Juros", "outra taxa|taxa escondida")
    ),
    "why so much, messy": Talk((*KNOWN, "pq tá tão caro assim, olha esses juros"), "Juros"),
    "consequences": Talk(
        (*KNOWN, "o que acontece se eu não pagar?"),
        "cadastros de crédito",
        "justiça|processo|penhora",
    ),
    "consequences, messy": Talk((*KNOWN, "vcs vao sujar meu nome?"), "aviso por escrito"),
    "consequences, before identity": Talk(
        ("o q acontece c eu n pagar", "529"), "cadastros de crédito"
    ),
    "name": Talk((*KNOWN, "quando meu nome sai do SPC?"), "5 dias úteis"),
    "name, messy": Talk((*KNOWN, "qdo limpa meu nome"), "5 dias úteis"),
    "what can you do": Talk(("oi", "o que você faz?"), ("te ajudo", "pessoa")),
    "what can you do, messy": Talk(
        (*KNOWN, "num intendi nada, cumé q funciona isso aqui"), "te ajudo"
    ),
    "thanks": Talk((*AGREED, "muito obrigada"), "😊"),
    "thanks, messy": Talk((*KNOWN, "vlw"), "😊"),
    "goodbye": Talk((*AGREED, "tchau, até mais"), "precisar"),
    "goodbye, messy": Talk((*KNOWN, "flw"), "precisar"),
    "weather": Talk((*KNOWN, "vai chover amanhã?"), "Loja Horizonte"),
    "weather, messy": Talk((*KNOWN, "kkkk qual o placar do jogo"), "Loja Horizonte"),
    "good morning again": Talk((*OFFERED, "bom dia minha filha"), "opções"),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_questions_are_answered(house: House, talk: Talk) -> None:
    """Nothing of a debt before identity; afterwards line by line."""
    check(house, talk)
