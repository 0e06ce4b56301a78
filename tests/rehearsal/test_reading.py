"""What somebody on the phone makes of the bot's messages, whatever their exact words."""

from decimal import Decimal

import pytest

from bot.rehearsal.people import Moment
from bot.rehearsal.phone import Bubble
from bot.rehearsal.reading import Reading
from tests.rehearsal.talking import taps

MOMENTS = {
    "Quais são os *3 primeiros números do seu CPF*?": Moment.IDENTITY,
    "Esses números não batem com o cadastro. Pode conferir?": Moment.IDENTITY,
    "Total hoje: R$ 205,00\nMe conta: o que aconteceu para atrasar?": Moment.REASON,
    "*1.* À vista: *R$ 204,00*, até 29/11/2026\n*2.* 2x de R$ 102,50\nQual fica melhor?": Moment.OFFERS,
    "1ª parcela: R$ 102,00, em 10/12/2026\n*Total: R$ 204,00*\n\nPosso confirmar?": Moment.SUMMARY,
    "Combinado, Ana! ✅ Seu acordo é o nº *100001*.": Moment.AGREED,
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
