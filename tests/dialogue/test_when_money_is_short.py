"""No means, an income told, too dear, no: what fits, who helps, and no pressing; the reasons."""

import pytest

from tests.dialogue.talking import KNOWN, OFFERED, SUMMARY, Talk, check
from tests.house import House

HELP = ("14.181", "Procon", "Defensoria")
NO_AGREEMENT = """
    SELECT count(*) = 0 FROM billing.agreements a JOIN billing.customers c ON c.id = a.customer_id
    WHERE c.document = '52998224725'
"""


def helped(*said: str) -> Talk:
    """No plan is proposed: billing's guidance, and a person."""
    return Talk((*KNOWN, *said), HELP, owner="over_indebted", kept=NO_AGREEMENT)


TALKS = {
    "no means": helped("não tenho como pagar nada"),
    "no means, messy": helped("to sem 1 real, nao tenho nem pra comer"),
    "no means, offers there": helped("esqueci de pagar", "não tenho condição de pagar nada agora"),
    "income, all spent": helped("ganho 1.400 e gasto tudo"),
    "income, all spent, messy": helped("so recebo 1412 de aposentadoria e nao sobra nada"),
    "hardly any income": helped("esqueci de pagar", "minha renda é 550"),
    "no means, before identity": Talk(
        ("não tenho como pagar nada", "529"), HELP, owner="over_indebted"
    ),
    "income that is enough": Talk((*KNOWN, "ganho 3 mil por mês"), "À vista"),
    "income and what fits": Talk((*KNOWN, "ganho 1.412, posso dar 90 por mês"), "R\\$ 90,00"),
    "too dear": Talk(
        (*OFFERED, "está muito caro, não cabe"), "por mês", never="R\\$ \\d+,\\d\\d por mês"
    ),
    "too dear, messy": Talk((*OFFERED, "n cabe no meu bolso"), "por mês"),
    "too dear, then a sum": Talk((*OFFERED, "ta caro demais", "consigo 100"), "R\\$ 100,00"),
    "several rounds": Talk(
        (*OFFERED, "tá caro", "100 por mês", "mas com 50 de entrada", "na verdade 90 por mês"),
        "R\\$ 90,00",
    ),
    "too little": Talk(
        (*OFFERED, "só consigo 20 por mês"),
        "fora do que eu posso",
        owner="counter_offer_outside_authority",
    ),
    "parts after the summary": Talk((*SUMMARY, "quero ver as outras parcelas"), "opções|Qual"),
    "more time": Talk((*OFFERED, "preciso de mais prazo"), "[Qq]ue dia"),
    "more time, messy": Talk((*OFFERED, "me da mais uns dias", "fim do mes"), r"\d\d/\d\d/\d{4}"),
    "refuses": Talk(
        (*KNOWN, "não vou pagar"), ("respeito", "multa de 2%", "é só escrever"), kept=NO_AGREEMENT
    ),
    "refuses, messy": Talk((*OFFERED, "nao pago isso nem a pau"), ("respeito", "é só escrever")),
    "refuses, then wants": Talk((*OFFERED, "não vou pagar", "ta bom, faz em 3x"), "3ª parcela"),
    "forgot": Talk((*KNOWN, "esqueci de pagar"), ("esque", "À vista")),
    "forgot, messy": Talk((*KNOWN, "vixi eskeci total foi mal"), "À vista"),
    "unemployed": Talk((*KNOWN, "perdi o emprego"), ("[Ss]into muito", "mais leves", "24x")),
    "unemployed, messy": Talk(
        (*KNOWN, "to desempregado faz 3 mes"), ("[Ss]into muito", "mais leves")
    ),
    "short month": Talk((*KNOWN, "o salário atrasou este mês"), ("respirar", "À vista")),
    "short month, messy": Talk((*KNOWN, "esse mes apertou mto"), ("respirar", "À vista")),
    "illness": Talk(
        (*KNOWN, "minha filha está internada"), ("[Ss]into muito", "multa e (os )?juros")
    ),
    "illness, messy": Talk((*KNOWN, "tive q opera as presas, fiquei internado"), "[Ss]into muito"),
    "no bill": Talk((*KNOWN, "nunca recebi o boleto"), ("falha não foi sua", "À vista")),
    "no bill, messy": Talk((*KNOWN, "mudei e a conta n chegou mais"), "falha não foi sua"),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_nobody_is_pressed(house: House, talk: Talk) -> None:
    """Each reason has its own word; nothing is proposed that leaves nothing to live on."""
    check(house, talk)
