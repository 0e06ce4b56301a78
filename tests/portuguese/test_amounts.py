"""Sums of money: what people write, what they mean, and numbers that are no money."""

from decimal import Decimal

import pytest

from bot.portuguese import parse_amount


@pytest.mark.parametrize(
    ("message", "amount"),
    [
        ("R$ 1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("R$1.234", "1234"),
        ("r$: 150", "150"),
        ("150$", "150"),
        ("150 R$", "150"),
        ("rs150", "150"),
        ("150rs", "150"),
        ("R$ 1,234.56", "1234.56"),
        ("R$ 1.500.00", "1500"),
        ("1.500", "1500"),
        ("1500", "1500"),
        ("99,9", "99.90"),
        ("150", "150"),
        ("150.", "150"),
        ("uns 80", "80"),
        ("R$ 0,00", "0"),
        ("R$ 123.456.789,01", "123456789.01"),
        ("１５０ reais", "150"),
    ],
)
def test_figures_are_read_with_either_separator(message: str, amount: str) -> None:
    assert parse_amount(message) == Decimal(amount)


@pytest.mark.parametrize(
    ("message", "amount"),
    [
        ("150 conto", "150"),
        ("50 pila", "50"),
        ("50 PILAS", "50"),
        ("80 mangos", "80"),
        ("cem pau", "100"),
        ("120 real", "120"),
        ("duzentão", "200"),
        ("quinhentão", "500"),
        ("cinquentinha por mes", "50"),
        ("cento e cinquentinha", "150"),
        ("milzão", "1000"),
        ("mano 100zão por mês fechou?", "100"),
        ("50tao agr serve?", "50"),
        ("uma quina", "500"),
        ("dois galos", "100"),
        ("meio barão", "500"),
        ("uma onça", "50"),
        ("um conto", "1"),
        ("2k", "2000"),
        ("pago 3k e encerramos", "3000"),
        ("1,5 mil", "1500"),
        ("1.5k", "1500"),
        ("2 mil", "2000"),
        ("2 mil e meio", "2500"),
        ("2 mil e 500", "2500"),
        ("2 mil e quinhentos", "2500"),
        ("te mando 1 mil e 100 na terça", "1100"),
        ("mil e 500", "1500"),
        ("trezentos e 50", "350"),
    ],
)
def test_slang_and_thousands_are_read(message: str, amount: str) -> None:
    assert parse_amount(message) == Decimal(amount)


@pytest.mark.parametrize(
    ("message", "amount"),
    [
        ("cento e cinquenta", "150"),
        ("CENTO E CINQUENTA REAIS", "150"),
        ("cento e sinquenta reais", "150"),
        ("tenho cento i vinte so", "120"),
        ("mil e duzentos", "1200"),
        ("mil", "1000"),
        ("mil duzentos cinquenta", "1250"),
        ("dois mil e quinhentos", "2500"),
        ("dois mil e quinhentos reais e cinquenta centavos", "2500.50"),
        ("é mil duzentos e quarenta e cinco reais e noventa centavos que tá aqui", "1245.90"),
        ("150 reais e 50 centavos", "150.50"),
        ("noventa e nove reais e noventa", "99.90"),
        ("oitenta e nove e noventa", "89.90"),
        ("noventa e nove vírgula noventa", "99.90"),
        ("50 centavos", "0.50"),
        ("posso paga sem reais por meis", "100"),
        ("pago duzentos dez vezes", "200"),
        ("mil reais e um centavo", "1000.01"),
        ("quarenta e cinco e noventa", "45.90"),
        ("duzentus e sinquenta", "250"),
        ("sento e quinze", "115"),
        ("oitossentos", "800"),
        ("sinquentinha", "50"),
    ],
)
def test_number_words_are_read_as_dictated_and_as_misspelled(message: str, amount: str) -> None:
    assert parse_amount(message) == Decimal(amount)


@pytest.mark.parametrize(
    ("message", "amount"),
    [
        ("3 de 99,90", "99.90"),
        ("6x150", "150"),
        ("10x de 50", "50"),
        ("oito de cinquenta", "50"),
        ("parcela em 8 vez de cento e dez q eu assino", "110"),
        ("consigo 150 por mês em 6x a partir do dia 10", "150"),
        ("dia 15 200 reais", "200"),
        ("2 mil em 10x", "2000"),
        ("50 reais por mes", "50"),
        ("150,00/mês", "150"),
        ("250 pila de entrada e o resto em parcela de 90", "250"),
        ("entrada 250 + 6x de 100", "250"),
        ("Pix 11 99876-5432 é meu, consigo 600 amanhã", "600"),
        ("30% de desconto e pago 400", "400"),
        ("Proponho a quitação por R$ 2.750,00 (dois mil setecentos e cinquenta reais)", "2750"),
        ("mil e duzentos à vista, topa?", "1200"),
        ("1,5 mil pra encerrar tudo", "1500"),
        ("se a parcela for 110 eu fecho", "110"),
        ("moca eu consigo paga 80 real por quinsena", "80"),
        ("posso ir pagando 25 por semana", "25"),
        ("o máximo q consigo é 120", "120"),
        ("tenho três mil e quinhentos guardado", "3500"),
        ("abaixa pra 300", "300"),
        ("só consigo R$ 110 por mês, não adianta pedir mais", "110"),
        ("queria a conta de 143,90 em boleto", "143.90"),
    ],
)
def test_the_sum_is_found_among_other_numbers(message: str, amount: str) -> None:
    assert parse_amount(message) == Decimal(amount)


@pytest.mark.parametrize(
    ("message", "amount"),
    [
        ("não 200, 150", "150"),
        ("200 não, 150", "150"),
        ("200, quer dizer, 150", "150"),
        ("200 reais... ops, 150", "150"),
        ("não, 150", "150"),
        ("não 150", "150"),
        ("nao tenho 300 tenho 180", "180"),
        ("350 não dá, consigo 180", "180"),
        ("oxente 400 reais é demais, 150 eu pago", "150"),
        ("500 é muito, 300 dá", "300"),
        ("em vez de 240, faz 150", "150"),
        ("de 500 por 300", "300"),
        ("nem 1000 nem 800: 650 e fechamos", "650"),
        ("não consigo mais que 200", "200"),
        ("não passo de 170", "170"),
        ("devo 1200 mas só consigo 150", "150"),
        ("a parcela ta 350 e eu só posso pagar 200", "200"),
        ("ganho 1500 e pago 800 de aluguel, consigo 100", "100"),
        ("tenho nota de 3.870,45 em aberto né? pago 3k e encerramos", "3000"),
        ("vocês pediram 900, eu pago 500", "500"),
    ],
)
def test_a_correction_or_an_offer_beats_what_was_said_before(message: str, amount: str) -> None:
    assert parse_amount(message) == Decimal(amount)


@pytest.mark.parametrize(
    ("message", "amount"),
    [
        ("entre 100 e 150", "100"),
        ("algo em torno de 120 a 150 por mês", "120"),
        ("100 ou 150", "100"),
        ("de 200 a 250 eu consigo", "200"),
        ("até 150", "150"),
        ("até 246 por mês", "246"),
    ],
)
def test_of_a_range_the_lower_end_is_taken(message: str, amount: str) -> None:
    assert parse_amount(message) == Decimal(amount)


@pytest.mark.parametrize(
    "message",
    [
        "",
        "sim",
        "oi, bom dia",
        "😀🙏",
        "529.982.247-25",
        "52998224725",
        "meu cpf é 529",
        "11 98765-4321",
        "(11) 98765-4321",
        "+55 11 98765-4321",
        "11987654321",
        "11 987654321",
        "98765 4321",
        "15h30",
        "1" + ".000" * 20,
        "1" + ",000" * 20,
        "0800 123 4567",
        "cep 01310-100",
        "34191.79001 01043.510047 91020.150008 5 84410026000",
        "dia 10",
        "10/12",
        "12/05/1988",
        "10 de dezembro",
        "10x",
        "em dez vezes",
        "em 6",
        "umas 6 parcelas",
        "2 parcelas atrasadas",
        "parcela 3/12",
        "30%",
        "trinta por cento",
        "metade",
        "às 15h",
        "as 15",
        "15:30",
        "em 2024",
        "2025",
        "perdi os documentos em 2020",
        "tenho 3 filhos",
        "tenho 45 anos",
        "moro na rua das flores, casa 15",
        "meu protocolo é 4567",
        "daqui 15 dias",
        "de 15 em 15 dias",
        "faz 3 meses",
        "2",
        "a 2",
        "zero quatro cinco",
        "não consigo 500",
        "500 é muito",
        "380 por mês fica pesado",
        "não tenho nem 50 reais",
        "nem um real",
        "nem 10 reais eu tenho",
        "pode ser 20 reais que eu não tenho",
        "to na BR 163 km 480",
        "mil desculpas",
        "como que 200 virou 450?",
        "em vez de 12 quero 6",
        "minha comadre fez em 24 mas eu acho muito, bota 12",
        "moro na 15 de novembro, 200",
        "minha mãe tem 80",
        "desisti",
        "sinto muito",
        "não devo um centavo",
    ],
)
def test_other_numbers_and_refused_sums_are_no_amount(message: str) -> None:
    assert parse_amount(message) is None


def test_an_amount_comes_with_two_decimals() -> None:
    assert str(parse_amount("uns 80")) == "80.00"
