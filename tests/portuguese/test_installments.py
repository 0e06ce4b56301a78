"""In how many parts somebody wants to pay."""

import pytest

from bot.portuguese import parse_installments


@pytest.mark.parametrize(
    ("message", "count"),
    [
        ("10x", 10),
        ("10 X", 10),
        ("em dez vezes", 10),
        ("umas 6 parcelas", 6),
        ("parsela pra mim em deis veis", 10),
        ("12 prestaçoes", 12),
        ("meia dúzia de vezes", 6),
        ("3 de 99,90", 3),
        ("6x150", 6),
        ("6 de 150", 6),
        ("oito de cinquenta", 8),
        ("10x de R$ 50", 10),
        ("parcelar em 6", 6),
        ("divide em 10 pra mim?", 10),
        ("em duas", 2),
        ("em 5 meses", 5),
        ("em até 12x", 12),
        ("Opto pela alternativa de número 2, em 6 (seis) parcelas.", 6),
        ("consigo 150 por mês em 6x a partir do dia 10", 6),
        ("duzentão de entrada e o resto em 4x", 4),
        ("dividir o resto em cinco vezes", 5),
        ("pago duzentos dez vezes", 10),
        ("a de 6x", 6),
        ("vou na de 12 mesmo", 12),
        ("a das cinco parcelas", 5),
        ("fico com as 10 de 45", 10),
        ("minha proposta: entrada 1.500 + 10x 320", 10),
        ("tenho 3 parcelas em aberto mas quero fazer em 5x", 5),
        ("perdi o emprego em maio mas se fizer em 8 quanto fica?", 8),
        ("em vinte e quatro vezes", 24),
        ("1x", 1),
        ("em uma vez só", 1),
        ("de uma vez", 1),
        ("parcela única", 1),
        ("à vista", 1),
        ("10x não, 12x", 12),
        ("Não 10x, faz em 12", 12),
        ("não consigo em 3x, só em 6x", 6),
        ("em vez de 3x, 6x", 6),
        ("muda de 3x pra 6x", 6),
        ("não consigo à vista, em 4x dá", 4),
        ("entrada e mais 4", 4),
        ("em um ano", 12),
        ("5 ou 6 vezes", 6),
        ("entre 6 e 10x", 10),
        ("6", 6),
        ("umas 6", 6),
        ("doze", 12),
    ],
)
def test_counts_of_parts_are_read(message: str, count: int) -> None:
    assert parse_installments(message) == count


@pytest.mark.parametrize(
    "message",
    [
        "",
        "sim",
        "0",
        "50",
        "150",
        "0x",
        "500x",
        "150 reais",
        "R$ 6",
        "1+5",
        "dia 10",
        "dia 10 de 12",
        "10/12",
        "10 de dezembro",
        "em 10 de novembro",
        "em 10 dias",
        "daqui a 3 meses",
        "em 2024",
        "às 10h",
        "10%",
        "uma parcela",
        "quantas vezes?",
        "já paguei 3 parcelas",
        "2 parcelas atrasadas",
        "quero pagar as 3 parcelas",
        "já mandei o comprovante 3 vezes",
        "vocês me ligaram 10 vezes",
        "2 vezes por semana",
        "a terceira parcela",
        "parcela 3/12",
        "não tenho como à vista",
        "em quatro cidades",
        "529.982.247-25",
    ],
)
def test_other_numbers_and_past_counts_are_none(message: str) -> None:
    assert parse_installments(message) is None


def test_a_number_alone_is_none_where_something_else_was_asked() -> None:
    assert parse_installments("6", asked=False) is None


def test_a_count_is_read_where_something_else_was_asked() -> None:
    assert parse_installments("em 6x", asked=False) == 6
