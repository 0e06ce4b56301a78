"""Paid already, not theirs, not right, not delivered, not good: checked, and until when."""

import pytest

from tests.dialogue.talking import FILE, FRANCISCA, JOAO, KNOWN, Talk, check, in_days
from tests.house import House

CHECK = "em conferência"
WEEK, TWO_WEEKS = (f"{in_days(days):%d/%m/%Y}" for days in (7, 15))
TOLD = "SELECT count(*) > 0 FROM bot.audit WHERE what = 'people told' AND details->>'reason' = "


def dispute(kind: str, bills: int = 2) -> str:
    """SQL: there is one open dispute of this kind about so many bills."""
    return f"""
        SELECT kind = '{kind}' AND status = 'open' AND count(i.*) = {bills}
        FROM billing.disputes d LEFT JOIN billing.dispute_invoices i ON i.dispute_id = d.id
        GROUP BY d.id
    """


TALKS = {
    "paid: which": Talk((*KNOWN, "já paguei essa conta"), "Qual d"),
    "paid: that one": Talk(
        (*KNOWN, "já paguei essa conta", "a parcela 4"),
        (CHECK, WEEK, "parcela 4", "comprovante", "em aberto", "parcela 5"),
        kept=dispute("already_paid", 1),
    ),
    "paid: by number": Talk(
        (*KNOWN, "ja pagei isso", "a 2"),
        (CHECK, r"(pagamento de|aqui que) \*[^*]*parcela 5"),
        kept=dispute("already_paid", 1),
    ),
    "paid: tapped": Talk(
        (*KNOWN, "já paguei isso ontem", "👆Todas"), (CHECK, WEEK), kept=dispute("already_paid")
    ),
    "paid: named at once": Talk(
        (*KNOWN, "já paguei a parcela 5, mês passado"),
        (CHECK, "parcela 5"),
        kept=dispute("already_paid", 1),
    ),
    "paid: everything, messy": Talk(
        (*KNOWN, "ja paguei td isso ai semana passada"), (CHECK, WEEK), kept=dispute("already_paid")
    ),
    "paid: only one there is": Talk(
        ("oi", "526", "paguei ontem no pix"), (CHECK, "Mesa de jantar"), phone=JOAO
    ),
    "paid: none after all": Talk(
        (*KNOWN, "já paguei essa conta", "não, deixa"), "como está|deixei"
    ),
    "receipt first": Talk(
        (*KNOWN, FILE + "ta aqui", "todas"),
        (CHECK, "já está com a equipe"),
        kept="SELECT receipt <> '' FROM billing.disputes",
    ),
    "receipt while asked which": Talk(
        (*KNOWN, "já paguei", FILE, "a primeira"),
        "já está com a equipe",
        kept=dispute("already_paid", 1),
    ),
    "receipt later": Talk(
        (*KNOWN, "ja paguei tudo", FILE + "segue"), ("Recebi|Chegou", WEEK), kept=TOLD + "'receipt'"
    ),
    "asks later": Talk((*KNOWN, "já paguei tudo", "e meu comprovante?"), (CHECK, WEEK)),
    "asks later, messy": Talk(
        (*KNOWN, "ja paguei td", "vcs ja viram meu comprovante?"), (CHECK, WEEK)
    ),
    "asks for a boleto meanwhile": Talk(
        (*KNOWN, "já paguei tudo", "manda o boleto"), CHECK, never="À vista"
    ),
    "asks about a receipt never sent": Talk(
        (*KNOWN, "e meu comprovante?"), "não recebi|não chegou"
    ),
    "a bill of an agreement": Talk(
        ("oi", "628", "já paguei a parcela desse mês"),
        "conferência",
        owner="already_paid",
        phone=FRANCISCA,
    ),
    "not mine": Talk(
        (*KNOWN, "não reconheço nenhuma dessas contas"),
        (CHECK, TWO_WEEKS),
        kept=dispute("not_mine"),
    ),
    "not mine, messy": Talk(
        (*KNOWN, "essa conta n é minha nao", "todas"), (CHECK, TWO_WEEKS), kept=dispute("not_mine")
    ),
    "fraud": Talk(
        (*KNOWN, "clonaram meu cpf e fizeram essas duas compras"),
        (CHECK, TWO_WEEKS),
        kept=dispute("fraud"),
    ),
    "wrong amount": Talk(
        (*KNOWN, "o valor da parcela 5 tá errado, era 350"),
        (CHECK, WEEK, "em aberto"),
        kept=dispute("wrong_amount", 1),
    ),
    "never delivered": Talk(
        ("oi", "526", "nunca entregaram a mesa"),
        (CHECK, WEEK),
        kept=dispute("not_received", 1),
        phone=JOAO,
    ),
    "the others go on": Talk(
        (*KNOWN, "não reconheço a parcela 4", "esqueci a outra", "a primeira", "sim"), "Combinado"
    ),
    "told to people": Talk(
        (*KNOWN, "não reconheço essas duas"), CHECK, kept=TOLD + "'dispute_debt'"
    ),
    "complaint": Talk(
        (*KNOWN, "o sofá veio rasgado e ninguém resolve"),
        (WEEK, "não falo em pagamento"),
        owner="dissatisfied",
        kept="SELECT kind = 'dissatisfied' AND statement LIKE '%rasgado%' FROM billing.disputes",
    ),
    "complaint, tapped": Talk(
        (*KNOWN, "👆Problema na compra", "veio com defeito e a loja n atende"),
        WEEK,
        owner="dissatisfied",
        kept="SELECT statement LIKE '%defeito%' FROM billing.disputes",
    ),
    "complaint, before identity": Talk(
        ("o sofa veio quebrado e ngm resolve", "529"), "Sinto muito", owner="dissatisfied"
    ),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_what_is_wrong_is_checked(house: House, talk: Talk) -> None:
    """Collecting stops for it, people are told, and the person hears until when."""
    check(house, talk)


def test_what_is_checked_is_told_in_another_conversation(house: House) -> None:
    """Not "nothing is owed", and nothing is asked."""
    phone = house.phone()
    for words in (*KNOWN, "já paguei tudo", "quero falar com uma pessoa"):
        phone.says(words)
    house.command("release", "5511987654321")
    phone.says("oi")
    answer = phone.says("529")
    assert CHECK in answer
    assert WEEK in answer
