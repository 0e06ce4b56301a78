"""Hours, new data, opt-out, privacy, complaints, insults, despair, and a person at any point."""

from datetime import datetime

import pytest

from bot.business_hours import SAO_PAULO
from bot.opening import attendance
from tests.dialogue.talking import KNOWN, OFFERED, SUMMARY, Talk, check
from tests.house import House

HOURS = """
    SELECT preferred_from = '{}' AND preferred_to = '{}' FROM billing.customers
    WHERE document = '52998224725'
"""
OPTED_OUT = (
    "SELECT opted_out_source = 'whatsapp' FROM billing.customers WHERE document = '52998224725'"
)
STOPPED = "SELECT contact_stopped = 'opt_out' FROM bot.contacts"
TOLD = "SELECT count(*) = 1 FROM bot.audit WHERE what = 'people told' AND details->>'reason' = 'update_contact'"


def a_person(*said: str, hears: str | tuple[str, ...], owner: str) -> Talk:
    """Handed over, at once."""
    return Talk(said, hears, owner=owner)


TALKS = {
    "later": Talk((*KNOWN, "agora não posso falar"), "[Qq]uando puder"),
    "an hour": Talk(
        (*KNOWN, "me chama amanhã depois das 18h"),
        ("18h", "22h"),
        kept=HOURS.format("18:00", "22:00"),
    ),
    "an hour, messy": Talk(
        (*KNOWN, "n da pra falar agr, dps das 7 da noite"),
        ("19h", "22h"),
        kept=HOURS.format("19:00", "22:00"),
    ),
    "an hour, from a stranger": Talk(
        ("oi", "me liga de tarde"),
        ("13h", "18h"),
        never="R\\$",
        kept=HOURS.format("13:00", "18:00"),
    ),
    "new phone": Talk(
        (*KNOWN, "troquei de número, agora é 11 98888-7777"), "Por segurança", kept=TOLD
    ),
    "new e-mail, messy": Talk((*KNOWN, "meu email novo é maria@x.com"), "Por segurança", kept=TOLD),
    "new address, asked": Talk(
        (*KNOWN, "mudei de endereço", "rua das flores 200"), "Por segurança", kept=TOLD
    ),
    "the phone stays": Talk(
        (*KNOWN, "meu zap mudou, é 11 98888-7777"),
        "equipe",
        kept="SELECT count(*) = 0 FROM billing.customer_phones WHERE phone LIKE '%88887777'",
    ),
    "opt-out": Talk((*KNOWN, "não quero mais receber mensagens"), "não mando mais", kept=OPTED_OUT),
    "opt-out, messy": Talk(("oi", "para de mandar msg"), "não mando mais", "R\\$", kept=OPTED_OUT),
    "opt-out, one word": Talk((*KNOWN, "SAIR"), "não mando mais", kept=STOPPED),
    "after opt-out": Talk(
        (*KNOWN, "sair", "quero parcelar em 3x", "sim"), "Combinado", kept=OPTED_OUT
    ),
    "privacy": a_person(
        *KNOWN,
        "que dados vocês têm de mim?",
        hears=("[Gg]uardamos", "5 anos", "15 dias"),
        owner="privacy_request",
    ),
    "privacy, messy": a_person("oi", "apaga meus dados", hears="15 dias", owner="privacy_request"),
    "complaint": a_person(
        *KNOWN, "vou no Procon", hears=("direito", "0800"), owner="threaten_complaint"
    ),
    "complaint, messy": a_person(
        *OFFERED, "vou processar vcs", hears="direito", owner="threaten_complaint"
    ),
    "insult": Talk((*KNOWN, "vocês são uns lixos"), ("ajudar a resolver", "atras")),
    "insult, twice": a_person(
        *KNOWN, "seus lixo", "cambada de safado", hears="Sinto muito", owner="insult"
    ),
    "violence": a_person(*KNOWN, "vou ai quebrar tudo", hears="Sinto muito", owner="insult"),
    "despair": a_person(*KNOWN, "não aguento mais viver", hears=("188", "192"), owner="crisis"),
    "despair, messy": a_person(*SUMMARY, "quero morrer", hears=("188", "192"), owner="crisis"),
    "despair, first word": a_person(
        "n aguento mais essa vida quero sumir do mundo", hears="188", owner="crisis"
    ),
    "despair, asked which bill": a_person(
        *KNOWN,
        "ja paguei",
        "quero acabar com tudo, não aguento mais viver",
        hears="188",
        owner="crisis",
    ),
    "despair, asked for digits": a_person(
        "oi", "não sei mais pra que viver, pra que isso", hears="188", owner="crisis"
    ),
    "despair, with an income": a_person(
        *KNOWN, "ganho 1.400 e não aguento mais viver", hears="188", owner="crisis"
    ),
    "despair, asked what happened": a_person(
        *KNOWN,
        "👆Problema na compra",
        "não aguento mais essa vida quero morrer",
        hears="188",
        owner="crisis",
    ),
    "a person, asked which bill": a_person(
        *KNOWN,
        "já paguei",
        "quero falar com alguém sobre tudo isso",
        hears="equipe|pessoa",
        owner="ask_human",
    ),
    "opt-out, asked which bill": Talk(
        (*KNOWN, "já paguei", "parem de mandar mensagem por tudo que é mais sagrado"),
        "não mando mais",
    ),
    "a person": a_person("oi", "quero falar com um atendente", hears="equipe", owner="ask_human"),
    "a person, messy": a_person(
        *SUMMARY, "qro falar cm gente de vdd", hears="equipe", owner="ask_human"
    ),
}


@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS.keys())
def test_rights_are_met_at_once(house: House, talk: Talk) -> None:
    """And told back in plain words."""
    check(house, talk)


def test_whoever_asks_for_a_person_hears_when(house: House) -> None:
    """Now, or from when on."""
    is_open = attendance().are_open(datetime.now(SAO_PAULO))
    expected = "atendendo" if is_open else "a partir de"
    assert expected in house.phone().says("quero falar com uma pessoa")


def test_despair_comes_first_in_the_queue(house: House) -> None:
    """Before those who have waited longer."""
    house.phone("5521976543210").says("quero falar com uma pessoa")
    house.phone().says("não aguento mais viver")
    assert "crisis" in house.output("queue").splitlines()[0]


def test_people_see_what_they_were_told(house: House) -> None:
    """Of a conversation that stays with the bot."""
    phone = house.phone()
    for words in (*KNOWN, "meu email novo é maria@x.com"):
        phone.says(words)
    assert "(update_contact)" in house.output("queue")
