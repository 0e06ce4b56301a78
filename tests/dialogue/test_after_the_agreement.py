"""An agreement that exists: status, second copy, problems, dates, early payment, its end."""

import re
from datetime import timedelta

import pytest

from bot.billing.context import make_context
from bot.billing.payments.tasks import break_all
from bot.settings import get_settings
from tests.dialogue.talking import FRANCISCA, KNOWN, TODAY, Talk, check, said, told
from tests.house import House

HERS = ("oi", "628")
CODES = (r"\d{47}", "000201")
MOVED = "SELECT due = current_date + {} FROM billing.installments ORDER BY due LIMIT 1"
ACTIVE = "SELECT status = 'active' FROM billing.agreements ORDER BY number LIMIT 1"
CANCELLED = "SELECT status = 'cancelled' AND end_reason <> '' FROM billing.agreements"
NUMBER = r"nº \*?10\d{4}"


def hers(*said: str, hears: str | tuple[str, ...], **more: str) -> Talk:
    """Of Francisca, who has an agreement of three parts, the first due in a week."""
    return Talk((*HERS, *said), hears, phone=FRANCISCA, **more)


TALKS = {
    "status": hers(hears=(NUMBER, "vence em", "[Ff]alta pagar")),
    "status, asked": hers("quanto falta do acordo?", hears=(NUMBER, "[Ff]alta pagar")),
    "status, messy": hers("como ta meu acordo", hears=(NUMBER, "vence em")),
    "next due, messy": hers("qdo vence a proxima?", hears="vence em"),
    "status without one": Talk((*KNOWN, "como está meu acordo?"), "acordo"),
    "second copy": hers("me manda a segunda via do boleto", hears=CODES),
    "second copy, messy": hers("manda o boleto dnv", hears=CODES),
    "pix": hers("qual o pix", hears=CODES),
    "expired": hers("o boleto venceu", hears=("vale agora", *CODES)),
    "expired, messy": hers("boleto ta vencido moça", hears=("vale agora", *CODES)),
    "pix is invalid": hers("o Pix deu inválido", hears=("pague pelo boleto", *CODES)),
    "pix is invalid, messy": hers(
        "pix nao vai de jeito nenhum", hears=("pague pelo boleto", *CODES)
    ),
    "boleto fails": hers("o código do boleto dá erro", hears=("pague pelo Pix", *CODES)),
    "no charge yet": Talk((*KNOWN, "o boleto não abre"), ("À vista", "onfirmar")),
    "methods": hers("quais as formas de pagamento?", hears=("Pix", "boleto")),
    "methods, messy": hers("da pra pagar no cartao?", hears=("Pix", "boleto")),
    "other date: asked": hers(
        f"quero mudar a data da parcela para {said(15)}",
        hears=(told(15), "Posso mudar"),
        kept=ACTIVE,
    ),
    "other date": hers(
        f"quero mudar a data da parcela para {said(15)}",
        "sim",
        hears=(told(15), *CODES),
        kept=MOVED.format(15),
    ),
    "other date, messy": hers(
        "qro muda a data",
        said(12),
        "pode mudar sim",
        hears=(told(12), *CODES),
        kept=MOVED.format(12),
    ),
    "other date, corrected": hers(
        f"muda o vencimento pra {said(15)}",
        f"não, {said(12)}",
        "👆Sim, pode mudar",
        hears=told(12),
        kept=MOVED.format(12),
    ),
    "other date, not": hers(
        f"muda o vencimento pra {said(15)}", "não", hears="como está", kept=MOVED.format(7)
    ),
    "too far a date": hers(
        f"muda o vencimento pra {said(60)}",
        "sim",
        hears=("não me deixam", "pessoa"),
        kept=MOVED.format(7),
    ),
    "pays in time": hers(f"pago {said(4)}", hears="ótimo", kept=MOVED.format(7)),
    "pays later": hers(f"só consigo pagar {said(11)}", hears=(told(11), "Posso mudar")),
    "cannot pay this part": hers(
        "não tenho dinheiro nenhum pra pagar esse mês",
        "👆Mudar a data",
        said(14),
        "sim",
        hears=told(14),
        kept=MOVED.format(14),
    ),
    "too dear, messy": hers("n vou conseguir pagar essa parcela", hears="quer mudar"),
    "early: asked": hers("quero antecipar as parcelas", hears=(r"R\$", "Posso gerar"), kept=ACTIVE),
    "early": hers("quero quitar tudo do acordo", "sim", hears=CODES),
    "early, messy": hers("qnto fica pra antecipa tudo", "👆Sim, pode gerar", hears=CODES),
    "early, not": hers("quero quitar tudo do acordo", "não", hears="como está", kept=ACTIVE),
    "what can be changed": hers("quero mudar o acordo que fechei", hears="quer mudar"),
    "a person for the rest": hers(
        "quero mudar o acordo que fechei",
        "👆Falar com uma pessoa",
        hears="pessoa",
        owner="ask_human",
    ),
    "cancel: facts first": hers(
        "quero cancelar o acordo",
        hears=("voltam a valer", "descontado", "Quer cancelar"),
        kept=ACTIVE,
    ),
    "cancel": hers("quero cancelar o acordo", "sim", hears="está cancelado", kept=CANCELLED),
    "cancel, messy": hers(
        "cancela esse acordo ai pfv", "👆Sim, cancelar", hears="está cancelado", kept=CANCELLED
    ),
    "cancel, not": hers("desisto do acordo", "não", hears="como está", kept=ACTIVE),
    "after cancelling": hers("cancela o acordo", "sim", "👆Ver as opções", hears="À vista"),
    "a yes to something long past": hers(
        "quero cancelar o acordo", "não", "sim", hears="tudo|certo", kept=ACTIVE
    ),
    "thanks": hers("obg", hears="😊"),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_an_agreement_is_looked_after(house: House, talk: Talk) -> None:
    """What changes it is summed up and needs a yes; billing decides."""
    check(house, talk)


def test_a_yes_to_something_else_changes_no_date(house: House) -> None:
    """A tapped yes names its own question."""
    phone = house.phone(FRANCISCA)
    for words in (*HERS, f"muda o vencimento pra {said(15)}"):
        phone.says(words)
    old = phone.bubbles()[-1]["content"]["action"]["buttons"][0]["reply"]
    phone.says("quero cancelar o acordo")
    answer = phone.shows(type="button_reply", id=old["id"], title=old["title"])
    assert "cancelar" in answer
    assert house.query(ACTIVE)[0][0]
    assert house.query(MOVED.format(7))[0][0]


def test_a_late_part_is_promised_not_moved(house: House) -> None:
    """Its date has passed; the second copy has today's amount."""
    _make_late(house, days=2)
    phone = house.phone(FRANCISCA)
    assert "venceu em" in [phone.says(words) for words in HERS][-1]
    assert "1ª parcela" in phone.says(f"pago {said(3)}")
    assert "Anotado" in phone.says("sim")
    assert house.query("SELECT installment_id IS NOT NULL FROM billing.promises")[0][0]
    assert f"{TODAY + timedelta(days=2):%d/%m/%Y}" in phone.says("manda o boleto")


def test_a_broken_agreement_leads_to_new_offers(house: House) -> None:
    """Without a reproach."""
    _make_late(house, days=40)
    break_all(make_context(get_settings()))
    phone = house.phone(FRANCISCA)
    answer = [phone.says(words) for words in HERS][-1]
    assert "não vale mais" in answer
    assert "Encontrei 2 contas" in answer
    assert "À vista" in phone.says("fiquei sem trabalho")


def test_a_slow_bank_is_told(house: House) -> None:
    """The codes come when they are asked for again."""
    _charges(house, "status = 'issuing', problem = 'no answer', next_attempt_at = now() + '1 hour'")
    phone = house.phone(FRANCISCA)
    answers = [phone.says(words) for words in (*HERS, "manda o boleto")]
    assert "banco" in answers[-1]
    _charges(house, "problem = NULL, next_attempt_at = now()")
    assert re.search(r"\d{47}", phone.says("boleto"))


def _charges(house: House, changes: str) -> None:
    """Put the charges in a state that only a slow bank brings about."""
    with house.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE billing.charges SET {changes}")


def _make_late(house: House, days: int) -> None:
    with house.engine.begin() as connection:
        connection.exec_driver_sql(
            f"UPDATE billing.installments SET due = current_date - {days} WHERE number = 1;"
            f"UPDATE billing.charges SET due = current_date - {days}"
        )
