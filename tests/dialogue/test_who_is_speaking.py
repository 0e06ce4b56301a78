"""Identity in two ways, the lock, and everybody who is not the customer."""

import pytest

from tests.dialogue.talking import FILE, Talk, check
from tests.house import House

BIRTH = "data de nascimento"
DEBT = r"R\$|d[ií]vida|atraso|cobran"
CHANNEL = "SELECT channel = 'none' FROM billing.customers WHERE document = '52998224725'"
DECEASED = "SELECT kind = 'deceased' AND status = 'open' FROM billing.disputes"

TALKS = {
    "digits": Talk(("oi", "529"), "Encontrei 2 contas"),
    "digits, spelt": Talk(("oie", "é 5 2 9"), "Encontrei 2 contas"),
    "digits at once": Talk(("começa com 529",), ("Clara", "Encontrei 2 contas")),
    "does not remember": Talk(("oi", "não lembro meu CPF"), BIRTH, never=DEBT),
    "does not remember, messy": Talk(("oi", "num lembro u numero du cpf naum"), BIRTH, never=DEBT),
    "will not tell": Talk(("oi", "não quero dar o CPF"), BIRTH, never=DEBT),
    "will not tell, messy": Talk(("oi", "nao passo cpf pra ngm no zap"), BIRTH, never=DEBT),
    "no": Talk(("oi", "não"), ("você decide", BIRTH), never=DEBT),
    "birth date": Talk(("oi", "não sei", "03/05/1988"), "Encontrei 2 contas"),
    "birth date, messy": Talk(("oi", "n sei", "naci dia 3 de maio de 88"), "Encontrei 2 contas"),
    "birth date in one piece": Talk(("oi", "030588"), "Encontrei 2 contas"),
    "another's birth date": Talk(("oi", "04/05/1988"), "não bate|Não consegui", never=DEBT),
    "asked before": Talk(("quanto custa a multa? pq tá tão caro", "529"), "Juros"),
    "reason told before": Talk(
        ("fui demitido, por isso atrasei", "529"), ("Encontrei 2 contas", "as opções")
    ),
    "wish told before": Talk(("dá pra parcelar em 3x?", "529", "esqueci"), "3ª parcela"),
    "locked": Talk(("oi", "111", "222", "333"), ("amanhã às", "pessoa"), never=DEBT),
    "locked, by birth dates": Talk(
        ("oi", "01/01/1990", "nasci 2/2/91", "3 3 92"), ("amanhã às", "pessoa"), never=DEBT
    ),
    "locked, asks again": Talk(
        ("oi", "111", "222", "333", "qto eu devo"), ("amanhã às", "pessoa"), never=DEBT
    ),
    "locked, right digits": Talk(("oi", "111", "222", "333", "529"), "amanhã às", never=DEBT),
    "locked, wants a person": Talk(
        ("oi", "111", "222", "333", "👆Falar com uma pessoa"), "chamei|passei", owner="ask_human"
    ),
    "wrong person": Talk(("oi", "não conheço essa pessoa"), "incômodo", DEBT, kept=CHANNEL),
    "wrong person, messy": Talk(
        ("oi", "engano moço, aqui n tem nenhuma maria"), "incômodo", DEBT, kept=CHANNEL
    ),
    "wrong person after all": Talk(
        ("oi", "529", "numero errado, n sou a maria", "quanto eu devo?"), "CPF"
    ),
    "relative": Talk(("oi", "sou o marido dela"), "própria pessoa", DEBT, kept=CHANNEL),
    "relative, messy": Talk(("oi", "aki é o filho dela"), "própria pessoa", DEBT, kept=CHANNEL),
    "death": Talk(("oi", "ela faleceu ano passado"), "Sinto muito", DEBT, "death", DECEASED),
    "death, messy": Talk(
        ("oi", "a dona desse numero morreu, sou irmã"), "Sinto muito", DEBT, "death", DECEASED
    ),
    "a loss of the customer's": Talk(
        ("oi", "529", "minha mãe faleceu mês passado"), ("sinto muito|Sinto muito", "À vista")
    ),
    "a stranger's file": Talk(("oi", FILE), BIRTH + "|CPF", never=DEBT),
    "a stranger's file, then digits": Talk(("oi", FILE, "529"), "já pagou|já está paga"),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_nobody_learns_of_a_debt_who_is_not_the_customer(house: House, talk: Talk) -> None:
    """And whoever is finds a way to say so."""
    check(house, talk)
