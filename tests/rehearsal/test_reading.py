"""What somebody on the phone makes of the bot's messages, whatever their exact words."""

from decimal import Decimal

import pytest
import yaml

from bot.rehearsal.people import Moment
from bot.rehearsal.phone import Bubble
from bot.rehearsal.reading import Reading
from bot.settings import PROJECT
from tests.rehearsal.talking import taps

MOMENTS = {
    "Quais são os *3 primeiros números do seu CPF*?": Moment.IDENTITY,
    "Esses números não batem com o cadastro. Pode conferir?": Moment.IDENTITY,
    "Total hoje: R$ 205,00\nMe conta: o que aconteceu para atrasar?": Moment.REASON,
    "*1.* À vista: *R$ 204,00*, até 29/11/2026\n*2.* 2x de R$ 102,50\nQual fica melhor?": Moment.OFFERS,
    "1ª parcela: R$ 102,00, em 10/12/2026\n*Total: R$ 204,00*\n\nPosso confirmar?": Moment.SUMMARY,
    "Claro! Já chamei uma pessoa da equipe, que vai te responder por aqui.": Moment.PERSON,
    "Acho melhor uma pessoa te ajudar, desculpe. Já chamei: ela responde aqui.": Moment.PERSON,
    "Tudo bem: não vamos mais mandar mensagens por aqui.": Moment.STOPPED,
    "Me diz um valor por mês que não aperte demais.": Moment.AMOUNT,
    "Para que dia ficaria bom o primeiro pagamento?": Moment.DATE,
    "Não entendi bem. Pode dizer de outro jeito?": Moment.DOUBT,
    "Não encontrei nenhuma conta em atraso no seu nome.": Moment.NO_DEBT,
    "Se preferir falar com uma pessoa, é só me dizer.": Moment.TALK,
    "Imagina, estou aqui para isso. 😊": Moment.TALK,
    "23791234059000000000101012345607316490000004808": Moment.CODES,
}


@pytest.mark.parametrize("words", MOMENTS)
def test_the_moment_is_read_from_the_words(words: str) -> None:
    """Where the conversation stands."""
    assert Reading([Bubble(0, words)]).moment is MOMENTS[words]


RESPONSES = {
    "utter_identify": Moment.IDENTITY,
    "utter_identify_again": Moment.IDENTITY,
    "utter_identity_refused": Moment.IDENTITY,
    "utter_why_late": Moment.REASON,
    "utter_why_late_again": Moment.REASON,
    "utter_no_debts": Moment.NO_DEBT,
    "utter_summary": Moment.SUMMARY,
    "utter_ask_what_fits": Moment.AMOUNT,
    "utter_ask_which_date": Moment.DATE,
    "utter_not_understood": Moment.DOUBT,
    "utter_already_agreed": Moment.AGREED,
    "utter_charge_coming": Moment.AGREED,
    "utter_identity_locked": Moment.PERSON,
    "utter_complaint_kept": Moment.PERSON,
    "utter_over_indebted": Moment.PERSON,
    "utter_which_bill_is_paid": Moment.WHICH_BILL,
    "utter_which_bill_is_wrong": Moment.WHICH_BILL,
    "utter_in_check_as_paid": Moment.CHECK,
    "utter_in_check_as_wrong": Moment.CHECK,
    "utter_in_check": Moment.CHECK,
    "utter_promise_summary": Moment.PROMISE,
    "utter_promised": Moment.PROMISED,
    "utter_may_i_show": Moment.MAY_SHOW,
    "utter_ask_what_happened": Moment.WHAT_HAPPENED,
    "utter_what_to_change": Moment.WHAT_TO_CHANGE,
    "utter_new_due_date_summary": Moment.NEW_DATE,
    "utter_new_due_date": Moment.DATE_CHANGED,
    "utter_identify_by_birth_date": Moment.IDENTITY,
    "utter_counter_offer_far": Moment.PERSON,
    "utter_bot_down": Moment.PERSON,
    "utter_billing_down": Moment.PERSON,
    "utter_still_in_queue": Moment.PERSON,
    "utter_stop_wrong_person": Moment.STOPPED,
    "utter_stop_third_party": Moment.STOPPED,
    "utter_stop_death": Moment.STOPPED,
    "utter_stop_opt_out": Moment.STOPPED,
    "utter_ask_if_bot": Moment.TALK,
    "utter_ask_help": Moment.TALK,
    "utter_update_contact": Moment.TALK,
    "utter_insult": Moment.TALK,
    "utter_thank": Moment.TALK,
    "utter_anything_else": Moment.TALK,
    "utter_nothing_more": Moment.TALK,
    "utter_refuse_to_pay": Moment.TALK,
    "utter_ask_later": Moment.TALK,
    "utter_goodbye": Moment.TALK,
}


class _Filled(dict[str, str]):
    """A value for each field of a response."""

    def __missing__(self, key: str) -> str:
        if key == "people_answer":
            return "A equipe responde por aqui mesmo, a partir de amanhã."
        if key == "number":
            return "1"
        return "R$ 10,00" if key in ("total", "amount") else "9h às 19h"


def _responses() -> dict[str, list[str]]:
    domain = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))
    said = {name: [one["text"] for one in ways] for name, ways in domain["responses"].items()}
    hand_overs = {name: Moment.PERSON for name in said if name.startswith("utter_hand_over_")}
    RESPONSES.update(hand_overs)
    return {name: ways for name, ways in said.items() if name in RESPONSES}


@pytest.mark.parametrize(
    ("name", "words"), [(name, way) for name, ways in _responses().items() for way in ways]
)
def test_whoever_rewords_the_bot_is_still_understood(name: str, words: str) -> None:
    """What the bot says today is read as what it is; new wording may need a new pattern."""
    assert Reading([Bubble(0, words.format_map(_Filled()))]).moment is RESPONSES[name]


@pytest.mark.parametrize(
    "words", ["Seu acordo é o nº *100001*.", "O número do seu acordo é *100001*."]
)
def test_an_agreement_is_its_number_and_its_codes(words: str) -> None:
    """Without a number the codes are those of a second copy."""
    code = Bubble(1, "23791234059000000000101012345607316490000004808")
    assert Reading([Bubble(0, words), code]).moment is Moment.AGREED
    assert Reading([Bubble(0, "Aqui está."), code]).moment is Moment.CODES


def test_an_agreement_that_stands_is_no_new_one() -> None:
    """Its parts, each with its state."""
    words = "Seu acordo nº *100001* está assim:\n\n▫️ 1ª: R$ 48,08, vence em 03/12/2026"
    assert Reading([Bubble(0, words)]).moment is Moment.STATUS


def test_thanks_for_confirming_are_no_summary() -> None:
    """The debts after identity are told with a total and thanks for confirming."""
    words = "Obrigada por confirmar. Total hoje: R$ 205,00. O que houve para a conta atrasar?"
    assert Reading([Bubble(0, words)]).moment is Moment.REASON


def test_silence_is_read_as_silence() -> None:
    """No bubble at all."""
    assert Reading([]).moment is Moment.SILENCE


def test_offers_are_read_with_their_numbers_and_buttons() -> None:
    """Payment at once, a plan, a plan with a down payment."""
    words = (
        "*1.* À vista: *R$ 1.204,00*, até 29/11/2026\n"
        "*2.* 2x de R$ 461,84 e 1x de R$ 461,85, total R$ 1.385,53\n"
        "*3.* R$ 550,00 + 5x de R$ 160,10"
    )
    buttons = taps("À vista R$ 1.204,00", "3x de R$ 461,85", "R$ 550,00 + 5x de R$ 160,10")
    at_once, plan, down = Reading([Bubble(0, words, buttons)]).offers
    assert (at_once.count, at_once.highest) == (1, Decimal("1204.00"))
    assert (plan.count, plan.highest) == (3, Decimal("461.85"))
    assert (down.count, down.down_payment) == (5, Decimal("550.00"))
    assert [offer.tap for offer in (at_once, plan, down)] == [*buttons]


def test_the_parts_of_a_summary_are_read() -> None:
    """In order, the total not among them."""
    words = (
        "1ª parcela: R$ 90,00, em 10/12/2026\n2ª parcela: R$ 91,00, em 10/01/2027\nTotal: R$ 181,00"
    )
    assert Reading([Bubble(0, words)]).parts == [Decimal("90.00"), Decimal("91.00")]


@pytest.mark.parametrize(
    ("words", "leaves"),
    [
        ("Até mais!", False),
        ("Tudo bem.", False),
        ("Quanto caberia por mês?", True),
        ("Se precisar, peça uma pessoa.", True),
    ],
)
def test_a_dead_end_is_told_from_a_way_on(words: str, leaves: bool) -> None:
    """A question, something to choose, or a person."""
    assert Reading([Bubble(0, words)]).leaves_a_way_on is leaves
