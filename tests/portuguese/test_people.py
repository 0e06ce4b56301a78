"""Whole messages as different people type or dictate them, and every value each one carries.

An old lady, a teenager, a lorry driver, a dictating phone, a lawyer, a cleaner, people from the
South, Minas, Rio and the Northeast, a shop owner, an uncle in capitals, a nurse, a bricklayer, a
student, a courier, a farmer, a teacher. Written before the code had seen them.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

import pytest

from bot.portuguese import (
    parse_amount,
    parse_birth_date,
    parse_cpf_digits,
    parse_date,
    parse_installments,
    parse_option,
    parse_percent,
)

WEDNESDAY = date(2026, 11, 18)
READERS: Mapping[str, Callable[[str], object]] = {
    "amount": parse_amount,
    "date": lambda text: parse_date(text, WEDNESDAY),
    "installments": parse_installments,
    "percent": parse_percent,
    "option": lambda text: parse_option(text, 3),
    "cpf": parse_cpf_digits,
    "birth": parse_birth_date,
}

MESSAGES: list[tuple[str, dict[str, object]]] = [
    (
        "Boa tarde minha filha, eu recebo minha aposentadoria no dia 7, ai eu posso pagar "
        "uns 120,00 reais",
        {"amount": Decimal("120"), "date": date(2026, 12, 7)},
    ),
    (
        "Deus abençoe. Pode ser 3 prestação de cem reais?",
        {"amount": Decimal("100"), "installments": 3},
    ),
    ("meu filho o cpf e 390 533 447 05", {"cpf": "39053344705", "amount": None}),
    ("nasci no dia 8 do 11 de 1951", {"birth": date(1951, 11, 8), "date": None}),
    ("eu fico com a primeira que voce falou, a de 4 vezes", {"option": 1, "installments": 4}),
    (
        "so depois do pagamento da minha neta la pelo dia vinte e dois",
        {"date": date(2026, 11, 22), "amount": None},
    ),
    ("mn consigo 70 pila hj e o resto sexta fé?", {"amount": Decimal("70")}),
    ("tlgd, bota 5x de 49,9 aí", {"amount": Decimal("49.90"), "installments": 5}),
    ("pode mandar a 3 msm slk", {"option": 3}),
    ("pago amnhaaa certeza kkkkk", {"date": date(2026, 11, 19)}),
    ("tira uns 40% q eu fecho rn", {"percent": Decimal("40")}),
    ("50tao agr serve?", {"amount": Decimal("50")}),
    (
        "Opa to na BR 163 km 480 só chego dia 28, ai acerto",
        {"date": date(2026, 11, 28), "amount": None},
    ),
    ("Consigo 300 nessa viagem e mais 300 na próxima", {"amount": Decimal("300")}),
    (
        "frete cai sexta q vem, pago 450 contos",
        {"amount": Decimal("450"), "date": date(2026, 11, 27)},
    ),
    ("parcela em 8 vez de cento e dez q eu assino", {"installments": 8, "amount": Decimal("110")}),
    ("Não 8, faz em 10", {"installments": 10}),
    (
        "ligar depois das 19 horas que to dirigindo",
        {"amount": None, "date": None, "installments": None},
    ),
    (
        "então moça eu tava pensando aqui que eu conseguiria pagar assim por mês uns cento "
        "e trinta reais começando no dia quinze de janeiro em umas doze vezes",
        {"amount": Decimal("130"), "date": date(2027, 1, 15), "installments": 12},
    ),
    (
        "olha eu posso dar trezentos e cinquenta de entrada e dividir o resto em cinco vezes",
        {"amount": Decimal("350"), "installments": 5},
    ),
    ("o meu cpf é zero quatro três nove um dois", {"cpf": "043912"}),
    (
        "é mil duzentos e quarenta e cinco reais e noventa centavos que tá aqui no boleto",
        {"amount": Decimal("1245.90")},
    ),
    ("daqui a vinte dias mais ou menos eu consigo", {"date": date(2026, 12, 8)}),
    ("quero a segunda opção a que começa no mês que vem", {"option": 2}),
    (
        "Prezados, proponho a quitação mediante pagamento único de R$ 2.750,00 (dois mil "
        "setecentos e cinquenta reais) em 04/12/2026.",
        {"amount": Decimal("2750"), "date": date(2026, 12, 4), "installments": 1},
    ),
    ("Solicito abatimento de 27,5% sobre o saldo.", {"percent": Decimal("27.5")}),
    ("Efetuarei o pagamento no terceiro dia útil de dezembro.", {"date": date(2026, 12, 3)}),
    (
        "CPF nº 529.982.247-25, nascido aos 09 de setembro de 1961.",
        {"cpf": "52998224725", "birth": date(1961, 9, 9)},
    ),
    ("Opto pela alternativa de número 2, em 6 (seis) parcelas.", {"option": 2, "installments": 6}),
    ("Aceito quitar até o final do corrente mês.", {"date": date(2026, 11, 30)}),
    ("moca eu consigo paga 80 real por quinsena", {"amount": Decimal("80")}),
    ("da pra se dia 12 q cai o bolsa familha", {"date": date(2026, 12, 12)}),
    ("so posso 2 parsela de 150", {"amount": Decimal("150"), "installments": 2}),
    ("na prossima segunda eu pago", {"date": date(2026, 11, 23), "option": None}),
    ("nao tenho 300 tenho 180", {"amount": Decimal("180")}),
    ("um treis cinco", {"cpf": "135"}),
    ("bah tchê, 250 pila no dia 5 e deu", {"amount": Decimal("250"), "date": date(2026, 12, 5)}),
    ("te mando 1 mil e 100 na terça", {"amount": Decimal("1100"), "date": date(2026, 11, 24)}),
    ("faz em 4 de 200 que eu topo", {"amount": Decimal("200"), "installments": 4}),
    ("metade do que tão pedindo eu pago", {"percent": Decimal("50")}),
    ("a última ali ó", {"option": 3}),
    ("consigo lá pro fim de janeiro", {"date": date(2027, 1, 29)}),
    ("oxente 400 reais é demais, 150 eu pago", {"amount": Decimal("150")}),
    ("vixe só dia 10 do mês que entra", {"date": date(2026, 12, 10)}),
    ("visse, pode ser dez de 45 conto", {"amount": Decimal("45"), "installments": 10}),
    ("num posso dia 20 não, bote pra dia 30", {"date": date(2026, 11, 30)}),
    ("quero a de baixo, a derradeira", {"option": 3}),
    ("minha proposta: entrada 1.500 + 10x 320", {"amount": Decimal("1500"), "installments": 10}),
    (
        "Se for à vista com 15% off fecho hoje",
        {"percent": Decimal("15"), "date": date(2026, 11, 18)},
    ),
    ("Vencimento todo dia 25 pode ser?", {"date": date(2026, 11, 25)}),
    ("tenho nota de 3.870,45 em aberto né? pago 3k e encerramos", {"amount": Decimal("3000")}),
    (
        "Pix 11 99876-5432 é meu, consigo 600 amanhã",
        {"amount": Decimal("600"), "date": date(2026, 11, 19), "cpf": None},
    ),
    ("entre 500 e 700 por mês dá", {"amount": Decimal("500")}),
    ("PAGO 200 REAIS DIA 5/12", {"amount": Decimal("200"), "date": date(2026, 12, 5)}),
    ("ME DA 10 DIAS", {"date": date(2026, 11, 28), "amount": None}),
    ("OPCAO 3 POR GENTILEZA", {"option": 3}),
    ("MEU CPF TERMINA EM 725", {"cpf": "725"}),
    ("JA PAGUEI 2 PARCELAS DE 150 DIA 10", {"installments": None, "date": None}),
    (
        "TRINTA POR CENTO DE DESCONTO E EU PAGO TUDO AMANHA DE MANHA",
        {"percent": Decimal("30"), "date": date(2026, 11, 19)},
    ),
    (
        "Oi! Saio do plantão agora, consigo R$180 na quinta-feira que vem",
        {"amount": Decimal("180"), "date": date(2026, 11, 26)},
    ),
    ("dá pra deixar a parcela em 95 por mes?", {"amount": Decimal("95"), "installments": None}),
    ("faço em 7x então, primeira dia 5", {"installments": 7, "date": date(2026, 12, 5)}),
    ("pode ser a opção de baixo", {"option": 3}),
    (
        "ó seguinte eu pego um serviço aí dia quatro e te passo quinhentos conto pode ser",
        {"amount": Decimal("500"), "date": date(2026, 12, 4)},
    ),
    (
        "eu queria dividi em quatro veiz de duzentos e trinta",
        {"installments": 4, "amount": Decimal("230")},
    ),
    ("num tenho mil não doutor só tenho seiscentos", {"amount": Decimal("600")}),
    ("setecentos e oitenta e nove e noventa é muita coisa pra mim", {"amount": None}),
    (
        "pago quatrocentos agora dia vinte e três e quatrocentos no outro mês",
        {"amount": Decimal("400"), "date": date(2026, 11, 23)},
    ),
    ("bolsa cai dia 5 útil, aí pago 120", {"amount": Decimal("120"), "date": date(2026, 12, 7)}),
    ("tem como fazer 12x de 35,50?", {"amount": Decimal("35.50"), "installments": 12}),
    ("1/3 agora e o resto dps", {"date": None}),
    ("mando 25% agr", {"percent": Decimal("25")}),
    ("meu aniver é 14/02/2003", {"birth": date(2003, 2, 14), "date": None}),
    (
        "Senhores, disponho de R$ 430,00 (quatrocentos e trinta reais) mensais.",
        {"amount": Decimal("430")},
    ),
    ("Poderei saldar o débito até o dia 28 do corrente mês.", {"date": date(2026, 11, 28)}),
    ("Prefiro a segunda das opções.", {"option": 2}),
    ("Requeiro o parcelamento em 15 (quinze) vezes.", {"installments": 15}),
    (
        "Nascido em 02.06.1949, CPF 390.533.447-05",
        {"birth": date(1949, 6, 2), "cpf": "39053344705", "date": None, "amount": None},
    ),
    (
        "amoreee consigo 89,90 sexta, pode?",
        {"amount": Decimal("89.90"), "date": date(2026, 11, 20)},
    ),
    ("faz 3x sem juros q fecho amg", {"installments": 3}),
    ("quero a opção 1 lindaaa", {"option": 1}),
    ("só dps do dia 20 meu bem", {"date": date(2026, 11, 21)}),
    ("sao 200 da minha parte e 200 do meu marido", {"amount": Decimal("200")}),
    ("mano 40 por semana rola?", {"amount": Decimal("40")}),
    (
        "tô fazendo 100 por dia só, consigo 60 sábado",
        {"amount": Decimal("60"), "date": date(2026, 11, 21)},
    ),
    ("depois do dia 10 nois acerta", {"date": date(2026, 12, 11)}),
    ("pode parcelar em 18 vezes?", {"installments": 18}),
    ("os 3 primeiro é 0 4 7", {"cpf": "047"}),
    ("uai moço, trezentim por mês eu dou conta sô", {"amount": Decimal("300")}),
    ("lá pra quarta ou quinta eu passo procê", {"date": date(2026, 11, 25)}),
    ("nó, 1.200 é demais, faz 700 à vista uai", {"amount": Decimal("700"), "installments": 1}),
    ("dia 30/11 sem falta", {"date": date(2026, 11, 30)}),
    ("meu irmão, 2 barão não tenho, consigo uma perna por mês", {"amount": Decimal("100")}),
    ("fecha em 10 de 80 que tá suave", {"installments": 10, "amount": Decimal("80")}),
    ("vou na de cima, parceiro", {"option": 1}),
    ("pago semana que vem, terça ou quarta", {"date": date(2026, 11, 25)}),
    ("recebo da safra em fevereiro, antes num dá", {"date": date(2027, 2, 1)}),
    ("mil quinhentos e vinte no total eu pago", {"amount": Decimal("1520")}),
    ("a metade do juro cês tira?", {"percent": Decimal("50")}),
    ("me dá mais uma semana", {"date": date(2026, 11, 25)}),
    (
        "Consigo pagar 50% agora e 50% no dia 15/12",
        {"percent": Decimal("50"), "date": date(2026, 12, 15)},
    ),
    (
        "Seria possível em 9 parcelas iguais de R$ 133,33?",
        {"installments": 9, "amount": Decimal("133.33")},
    ),
    ("O meu CPF inicia com 381", {"cpf": "381"}),
    ("Entre os dias 5 e 8 de cada mês", {"date": date(2026, 12, 8)}),
    ("quero a terceira opção, vencimento dia 8", {"option": 3, "date": date(2026, 12, 8)}),
    ("minha mãe disse q paga 30 conto por mes", {"amount": Decimal("30")}),
    ("ela recebe todo dia 6", {"date": date(2026, 12, 6)}),
    ("tipo umas 20x?", {"installments": 20}),
    ("a 2 eu acho", {"option": 2}),
]


@pytest.mark.parametrize(("message", "values"), MESSAGES)
def test_every_value_of_a_message_is_read(message: str, values: dict[str, object]) -> None:
    assert {kind: READERS[kind](message) for kind in values} == values


def test_a_correction_dictated_without_a_pause_is_read() -> None:
    assert parse_installments("num é 3 não é 5 vezes") == 5
