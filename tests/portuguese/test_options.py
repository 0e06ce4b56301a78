"""Which of several offers is picked."""

import pytest

from bot.portuguese import parse_option


@pytest.mark.parametrize(
    ("message", "option"),
    [
        ("2", 2),
        ("2️⃣", 2),
        ("2.", 2),
        ("(2)", 2),
        ("dois", 2),
        ("um", 1),
        ("a 2", 2),
        ("a 2 por favor", 2),
        ("QUERO A DOIS", 2),
        ("vou de 1", 1),
        ("vou na 2", 2),
        ("opção 2", 2),
        ("opisao 2", 2),
        ("Opção: 2", 2),
        ("opção número dois", 2),
        ("proposta de número 1", 1),
        ("opção b", 2),
        ("op1", 1),
        ("a primeira", 1),
        ("a primera moso", 1),
        ("o segundo", 2),
        ("segunda", 2),
        ("a segunda opção, por favor", 2),
        ("quero a segunda opção a que começa no mês que vem", 2),
        ("gostei da segunda", 2),
        ("vou na segunda", 2),
        ("Opto pela segunda alternativa apresentada.", 2),
        ("a 3ª", 3),
        ("terceira", 3),
        ("a última", 3),
        ("penúltima", 2),
        ("a do meio", 2),
        ("a de cima", 1),
        ("essa de baixo", 3),
        ("quero a opção 1 em 6x", 1),
        ("não, a 3", 3),
        ("não a primeira, a segunda", 2),
        ("a primeira não, a segunda", 2),
        ("letra b... quer dizer, a 3", 3),
        ("1 👍 essa", 1),
        ("tava em dúvida mas vou na 2", 2),
        ("eu fico com a primeira que voce falou, a de 4 vezes", 1),
    ],
)
def test_a_pick_of_three_is_read(message: str, option: int) -> None:
    assert parse_option(message, 3) == option


@pytest.mark.parametrize(
    "message",
    [
        "",
        "sim",
        "opa",
        "0",
        "4",
        "150",
        "a quarta",
        "a de 6x",
        "a de 2x",
        "3 parcelas",
        "2 reais",
        "R$ 2",
        "dia 2",
        "as 2",
        "2h",
        "1 ou 2?",
        "a mais barata",
        "nenhuma",
        "quero a segunda via",
        "segunda-feira",
        "segunda que vem eu pago",
        "na segunda eu pago",
        "a primeira vez",
        "não quero a primeira",
        "rua de cima",
        "uma amiga minha",
        "primeiro eu ponho comida na mesa",
    ],
)
def test_what_picks_nothing_is_none(message: str) -> None:
    assert parse_option(message, 3) is None


def test_there_is_no_middle_of_four() -> None:
    assert parse_option("a do meio", 4) is None


@pytest.mark.parametrize(
    ("message", "option"),
    [
        ("fica na quarta", 4),
        ("a primeira e a segunda tão caras, a terceira", 3),
        ("a 1 e a 2 não dá, quero a 4", 4),
        ("fica na quarta-feira", None),
        ("quarta que vem eu pago", None),
    ],
)
def test_a_pick_of_four_is_read(message: str, option: int | None) -> None:
    assert parse_option(message, 4) == option


def test_nothing_can_be_picked_from_nothing() -> None:
    assert parse_option("a última", 0) is None


@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_last_one_is_the_real_number(count: int) -> None:
    assert parse_option("quero a última", count) == count
