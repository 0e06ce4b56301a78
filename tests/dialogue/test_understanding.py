"""What a message changes, by what was asked and what is on the table."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from actions.base import Heard
from actions.questions import Waiting, says_yes
from actions.understanding import Situation, remembered, understand, wants_other_date

TODAY = date(2026, 11, 26)
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def _offer(name: str, count: int, total: str, part: str) -> dict[str, Any]:
    kind = "full" if count == 1 else "installments"
    return {
        "id": name,
        "kind": kind,
        "count": count,
        "total": total,
        "part": part,
        "wished": False,
    }


OFFERS = [
    _offer("at once", 1, "780.58", "780.58"),
    _offer("3x", 3, "802.42", "267.48"),
    _offer("6x", 6, "830.74", "138.46"),
    _offer("12x", 12, "855.53", "71.34"),
]
SUMMED_UP = {"offer_id": "3x"}
SUMMARY = Waiting("agreement", {"offer_id": "3x"}, "asked", "2026-11-26T11:59:00+00:00")


def _heard(intent: str, said: str) -> Heard:
    return Heard(intent, said, {}, "turn", "5511987654321", NOON, said)


def _changes(requested: str, intent: str, said: str, **slots: Any) -> dict[str, Any]:
    situation = Situation(requested, {"offers": OFFERS, **slots}, TODAY)
    return understand(_heard(intent, said), situation)


@pytest.mark.parametrize(
    ("intent", "said", "chosen"),
    [
        ("choose_option", "fica na quarta", "12x"),
        ("propose_date", "na quarta", "12x"),
        ("nlu_fallback", "pode ser a segunda msm", "3x"),
        ("propose_amount", "até 138 por mês", "6x"),
        ("choose_option", "quero a de 267", "3x"),
        ("nlu_fallback", "2", "3x"),
    ],
)
def test_an_offer_on_the_table_is_chosen(intent: str, said: str, chosen: str) -> None:
    """By ordinal, also one that is a weekday elsewhere; by number; by its amount."""
    assert _changes("offer_id", intent, said) == {"offer_id": chosen}


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("pago na quarta", {"first_due": "2026-12-02"}),
        ("até 246 por mês", {"monthly": "246.00"}),
    ],
)
def test_a_wish_at_the_offers_is_heard(said: str, wish: dict[str, str]) -> None:
    """A day that is one, an amount that is no offer."""
    assert _changes("offer_id", "propose_date", said)["wish"] == wish


@pytest.mark.parametrize(
    "said",
    [
        "tenho 500 hoje e consigo 100 por mes",
        "dou 500 de entrada e 100 por mês",
        "consigo 100 mensais mais 500 agora",
        "R$ 500,00 agora, depois 100 todo mês",
        "quinhentos agora e cem por mês",
    ],
)
def test_two_sums_are_what_each_is_said_to_be(said: str) -> None:
    """What there is today is not taken for what fits every month."""
    wish = _changes("offer_id", "propose_amount", said)["wish"]
    assert (wish["down_payment"], wish["monthly"]) == ("500.00", "100.00")


def test_a_plan_with_its_day_is_a_wish_for_both() -> None:
    """Six parts are on the table, but not from that day on."""
    said = "quero em 6 vezes mas com a primeira só dia 20"
    wish = _changes("offer_id", "ask_installments", said)["wish"]
    assert wish == {"installments": 6, "first_due": "2026-12-20"}


def test_one_sum_with_an_e_in_it_stays_one() -> None:
    """ "Quinhentos e cinquenta por mês" are 550."""
    changes = _changes("offer_id", "propose_amount", "consigo quinhentos e cinquenta por mês")
    assert changes["wish"] == {"monthly": "550.00"}


@pytest.mark.parametrize("said", ["só troca a data", "muda so o dia", "queria outro vencimento"])
def test_another_date_is_wanted(said: str) -> None:
    """And none is named: it has to be asked for."""
    assert wants_other_date(_heard("nlu_fallback", said))


def test_another_date_keeps_the_plan() -> None:
    """The plan of the summary, its first part on the day."""
    changes = _changes("consent", "propose_date", "não, dia 15", **SUMMED_UP)
    assert changes["wish"] == {"installments": 3, "first_due": "2026-12-15"}


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        ("quis dizer 200", {"down_payment": "100.00"}, {"down_payment": "200.00"}),
        (
            "não, dia 20",
            {"monthly": "90.00", "first_due": "2026-12-01"},
            {"monthly": "90.00", "first_due": "2026-12-20"},
        ),
        (
            "errei, é 4x",
            {"installments": 5, "first_due": "2026-12-01"},
            {"installments": 4, "first_due": "2026-12-01"},
        ),
    ],
)
def test_a_correction_replaces_only_what_it_corrects(
    said: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    """The rest of the wish stays."""
    assert _changes("offer_id", "nlu_fallback", said, wish=before)["wish"] == after


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("affirm", "sim, porém quero falar antes"),
        ("affirm", "sim, mas deixa eu pensar"),
        ("affirm", "sim?"),
        ("ask_boleto", "sim, e o boleto?"),
        ("out_of_scope", "qual o horário no sábado?"),
        ("nlu_fallback", "vcs atendem dia 10"),
        ("propose_date", "vai ter feriado dia 25?"),
        ("out_of_scope", "vai chover amanhã?"),
    ],
)
def test_what_is_no_plain_yes_binds_and_changes_nothing(intent: str, said: str) -> None:
    """Nor does a question about opening hours move the date."""
    assert _changes("consent", intent, said, **SUMMED_UP) == {}
    assert not says_yes(_heard(intent, said), SUMMARY)


@pytest.mark.parametrize("said", ["sim", "pode fechar", "sim, se Deus quiser"])
def test_a_plain_yes_binds(said: str) -> None:
    """It was said after the summary."""
    assert says_yes(_heard("affirm", said), SUMMARY)


def test_a_reason_told_with_the_digits_is_kept() -> None:
    """It counts once identity is confirmed."""
    heard = _heard("reason_unemployment", "529, fiquei desempregada")
    kept = remembered(heard, Situation("customer_id", {}, TODAY))
    assert kept == {"reason": "reason_unemployment"}
