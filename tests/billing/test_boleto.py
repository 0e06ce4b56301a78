"""Boletos against published ones, and against every digit somebody may mistype."""

import contextlib
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
import zxingcpp
from hypothesis import assume, given
from hypothesis import strategies as st
from PIL import Image

from bot.billing import boleto


class Published(NamedTuple):
    """A boleto printed in a bank manual or in the tests of a public library."""

    bank: str
    fields: dict[str, str]
    due: date
    amount: str
    barcode: str
    line: str


BB_ACCOUNT = {"agencia": "4042", "conta": "00061900", "carteira": "18"}

# From the specs of brcobranca (001, 033, 237, 341, 748, 756) and BoletoNetCore (077, 104), and
# the example of the Itaú manual (carteira 110).
PUBLISHED = [
    Published(
        "001",
        {"convenio": "1238", "nosso_numero": "0123456", **BB_ACCOUNT},
        date(2008, 2, 1),
        "135.00",
        "00191376900000135001238012345640420006190018",
        "00191.23801 12345.640424 00061.900189 1 37690000013500",
    ),
    Published(
        "001",
        {"convenio": "123879", "nosso_numero": "01234", **BB_ACCOUNT},
        date(2008, 2, 1),
        "135.00",
        "00192376900000135001238790123440420006190018",
        "00191.23876 90123.440423 00061.900189 2 37690000013500",
    ),
    Published(
        "001",
        {"convenio": "123879", "nosso_numero": "00000001234567899", "carteira": "16"},
        date(2008, 2, 1),
        "135.00",
        "00199376900000135001238790000000123456789921",
        "00191.23876 90000.000126 34567.899215 9 37690000013500",
    ),
    Published(
        "001",
        {"convenio": "1238798", "nosso_numero": "7777700168", "carteira": "18"},
        date(2008, 2, 3),
        "723.56",
        "00195377100000723560000001238798777770016818",
        "00190.00009 01238.798779 77700.168188 5 37710000072356",
    ),
    Published(
        "001",
        {"convenio": "12387989", "nosso_numero": "777700168", "carteira": "18"},
        date(2008, 2, 1),
        "135.00",
        "00193376900000135000000001238798977770016818",
        "00190.00009 01238.798977 77700.168188 3 37690000013500",
    ),
    Published(
        "033",
        {"convenio": "1899775", "nosso_numero": "000090000267", "carteira": "102"},
        date(2011, 10, 9),
        "25.00",
        "03398511500000025009189977500009000026700102",
        "03399.18997 77500.009004 00267.001022 8 51150000002500",
    ),
    Published(
        "077",
        {"carteira": "110", "operacao": "1234567", "nosso_numero": "0000000458"},
        date(2016, 10, 1),
        "276.15",
        "07792693400000276150001110123456700000004586",
        "07790.00116 10123.456708 00000.045864 2 69340000027615",
    ),
    Published(
        "104",
        {"beneficiario": "123456", "nosso_numero": "14000000000000006"},
        date(2017, 1, 5),
        "500.00",
        "10491703000000500001234560000100040000000064",
        "10491.23456 60000.100044 00000.000646 1 70300000050000",
    ),
    Published(
        "237",
        {"agencia": "1172", "carteira": "06", "nosso_numero": "00075896452", "conta": "0403005"},
        date(2009, 4, 30),
        "2952.95",
        "23795422300002952951172060007589645204030050",
        "23791.17209 60007.589645 52040.300502 5 42230000295295",
    ),
    Published(
        "341",
        {"carteira": "175", "nosso_numero": "12345678", "agencia": "0810", "conta": "53678"},
        date(2009, 8, 14),
        "0.00",
        "34191432900000000001751234567840810536789000",
        "34191.75124 34567.840813 05367.890000 1 43290000000000",
    ),
    Published(
        "341",
        {"carteira": "110", "nosso_numero": "12345678", "agencia": "0057", "conta": "12345"},
        date(2002, 5, 1),
        "123.45",
        "34196166700000123451101234567880057123457000",
        "34191.10121 34567.880058 71234.570001 6 16670000012345",
    ),
    Published(
        "341",
        {"carteira": "109", "nosso_numero": "00010152", "agencia": "1248", "conta": "02124"},
        date(2029, 5, 20),
        "6757.87",
        "34194254800006757871090001015271248021246000",
        "34191.09008 01015.271248 80212.460002 4 25480000675787",
    ),
    Published(
        "748",
        {
            "tipo": "3",
            "nosso_numero": "12213871",
            "agencia": "1234",
            "posto": "18",
            "beneficiario": "12345",
        },
        date(2012, 1, 24),
        "2952.95",
        "74891522200002952953112213871512341812345100",
        "74893.11220 13871.512342 18123.451009 1 52220000295295",
    ),
    Published(
        "756",
        {
            "carteira": "1",
            "cooperativa": "4327",
            "modalidade": "01",
            "cliente": "0229385",
            "nosso_numero": "0000002",
        },
        date(2016, 2, 18),
        "50.00",
        "75692670800000050001432701022938500000024001",
        "75691.43279 01022.938508 00000.240010 2 67080000005000",
    ),
]

# Lines of the tests of canarinho (Concrete), which do not say the fields behind them.
OTHER_LINES = [
    "23790.12301 60000.000053 25000.456704 9 64680000013580",
    "00199.38414 90480.002550 84666.970219 4 64290000007726",
    "34191750090000159091820521070001664890002370000",
    "02190.00015 05000.000017 23452.021696 2 25230000034000",
    "34790.12001 12345.695006 10502.000002 5 25230000034000",
]

# The example of the FEBRABAN layout, then canarinho, febraban_barcode and boleto-utils.
ARRECADACAO = [
    ("84610000000-5 24610029110-2 00546033900-4 69589506108-0", "4", "0029", "24.61"),
    ("848600000015 523301622010 506101307129 620012111220", "4", "0162", "152.33"),
    ("836600000019 078800481000 998854924516 001265611135", "3", "0048", "107.88"),
    ("826100000007 265400971429 620232390612 725103150621", "2", "0097", "26.54"),
    ("84670000000 9   10991042202 0   31231000000 4   00000054321 5", "4", "1042", "10.99"),
    ("846600000018193000481005011220842808923082149330", "4", "0048", "119.30"),
    ("85890000460-9 52460179160-5 60759305086-5 83148300001-0", "5", "0179", "46052.46"),
]

SICOOB_DIGITS = [7, 4, 1, 9, 6, 3, 0, 8, 5, 3, 0, 8, 5]
TODAY = date(2026, 11, 22)

digits = st.integers(0, 9).map(str)
amounts = st.decimals("0.00", "99999999.99", places=2)
banks = st.integers(1, 799).map("{:03d}".format)
free_fields = st.text("0123456789", min_size=25, max_size=25)
dues = st.dates(date(1997, 10, 8), date(2060, 12, 31))


@st.composite
def barcodes(draw):
    return boleto.barcode(draw(banks), draw(dues), draw(amounts), draw(free_fields))


def named(case):
    return f"{case.bank}-{case.fields.get('carteira', '')}-{case.barcode[4:9]}"


def only_digits(text):
    return re.sub(r"\D", "", text)


def changed(code, position, digit):
    return code[:position] + digit + code[position + 1 :]


def with_general_digit(barcode, position=3):
    """Return a made-up barcode with the general check digit the module itself expects."""
    for digit in "0123456789":
        code = changed(barcode, position, digit)
        with contextlib.suppress(ValueError):
            boleto.linha_digitavel(code)
            return code
    raise AssertionError(barcode)


@pytest.mark.parametrize("case", PUBLISHED, ids=named)
def test_a_published_boleto_comes_out_of_its_fields(case):
    free_field = boleto.free_field(case.bank, **case.fields)
    barcode = boleto.barcode(case.bank, case.due, Decimal(case.amount), free_field)
    line = boleto.linha_digitavel(barcode)
    assert barcode == case.barcode
    assert line == only_digits(case.line)
    assert boleto.format_linha_digitavel(line) == case.line


@pytest.mark.parametrize("case", PUBLISHED, ids=named)
def test_a_published_boleto_is_read_from_its_line_and_from_its_barcode(case):
    from_line = boleto.parse(case.line, today=case.due)
    assert from_line == boleto.parse(case.barcode, today=case.due)
    assert from_line == boleto.Boleto(
        kind=boleto.Kind.BANK,
        barcode=case.barcode,
        linha_digitavel=only_digits(case.line),
        bank=case.bank,
        due=case.due,
        amount=Decimal(case.amount),
        free_field=case.barcode[19:],
    )


@pytest.mark.parametrize("line", OTHER_LINES)
def test_a_real_line_of_any_bank_is_read(line):
    read = boleto.parse(line, TODAY)
    assert read.kind == "bank"
    assert boleto.linha_digitavel(read.barcode) == only_digits(line)


@pytest.mark.parametrize(("line", "segment", "company", "amount"), ARRECADACAO)
def test_a_real_arrecadacao_is_read_from_its_line_and_from_its_barcode(
    line, segment, company, amount
):
    read = boleto.parse(line)
    assert read == boleto.parse(read.barcode)
    assert (read.kind, read.segment, read.company) == ("arrecadacao", segment, company)
    assert (read.amount, read.bank, read.due) == (Decimal(amount), None, None)
    assert read.linha_digitavel == boleto.linha_digitavel(read.barcode) == only_digits(line)


def test_an_arrecadacao_line_is_printed_in_four_blocks():
    line = "858900004609524601791605607593050865831483000010"
    printed = boleto.format_linha_digitavel(line)
    assert printed == "85890000460-9 52460179160-5 60759305086-5 83148300001-0"


def test_an_arrecadacao_of_an_index_has_no_amount_in_reais():
    """Third digit 7 or 9: the value is a quantity to be converted (FEBRABAN)."""
    code = with_general_digit("84700000000109910422023123100000000000054321")
    assert boleto.parse(code).amount is None


def test_a_company_known_by_its_cnpj_takes_eight_digits_of_an_arrecadacao():
    """Segment 6 (carnês): the first 8 digits of the CNPJ instead of 4 of FEBRABAN."""
    read = boleto.parse(with_general_digit("86600000000109912345678231000000000000054321"))
    assert read.company == "12345678"
    assert len(read.free_field) == 21


@pytest.mark.parametrize(
    "code",
    [
        "34191.09008 01015.271248 80212.460002 4 25480000675787",
        "  34191.09008\n01015.271248\t80212.460002 4 25480000675787.\n",
        "34191-09008/01015-271248 80212_460002 4\u00a025480000675787\u200b",
        "34194254800006757871090001015271248021246000",
    ],
)
def test_a_code_is_read_however_it_was_pasted(code):
    assert boleto.parse(code, TODAY).amount == Decimal("6757.87")


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("", "length: 0 digits"),
        ("3419109008 01015271248", "length: 21 digits"),
        ("34191.09008 01015.271248 80212.460002 4 2548000067578", "length: 46 digits"),
        ("34191.09008 01015.271248 80212.460002 4 254800006757870", "48 digits starting with 3"),
        ("84860000001523301622015061013071262001211122000", "47 digits starting with 8"),
        (
            "34191.09009 01015.271248 80212.460002 4 25480000675787",
            r"field 1 .*mod 10.* expected 8",
        ),
        (
            "34191.09008 01015.271247 80212.460002 4 25480000675787",
            r"field 2 .*mod 10.* expected 8",
        ),
        (
            "34191.09008 01015.271248 80212.460003 4 25480000675787",
            r"field 3 .*mod 10.* expected 2",
        ),
        ("34191.09008 01015.271248 80212.460002 5 25480000675787", r"general .*mod 11.*expected 4"),
        ("34195254800006757871090001015271248021246000", r"general .*mod 11.*expected 4"),
        ("846600000019 523301622010 506101307129 620012111220", r"block 1 .*mod 10.*expected 8"),
        (
            "85890000460-9 52460179160-5 60759305086-5 83148300001-1",
            r"block 4 .*mod 11.*expected 0",
        ),
        ("84870000001523301622015061013071262001211122", r"general .*mod 11"),
        ("84810000001523301622015061013071262001211122", r"general .*mod 11"),
        ("84160000001523301622015061013071262001211122", "third digit"),
        ("34191.O9008 01015.271248 80212.460002 4 25480000675787", "characters: 'O'"),
        ("3419109008010152712488021246000242548000067578٧", "characters: '٧'"),
    ],
)
def test_a_refusal_says_which_check_failed(code, problem):
    with pytest.raises(ValueError, match=problem):
        boleto.parse(code, TODAY)


def test_a_foreign_currency_is_refused():
    code = with_general_digit("34104254800006757871090001015271248021246000", position=4)
    with pytest.raises(ValueError, match="currency: found 0"):
        boleto.parse(code, TODAY)


def test_only_text_is_read():
    with pytest.raises(TypeError, match="expected text"):
        boleto.parse(34191090080101527124880212460002425480000675787)


@given(barcodes(), st.integers(0, 31), digits)
def test_any_wrong_digit_in_a_field_is_caught_by_its_own_mod_10(barcode, position, digit):
    line = boleto.linha_digitavel(barcode)
    assume(line[position] != digit and (position, digit) != (0, "8"))
    field = 1 if position < 10 else 2 if position < 21 else 3
    with pytest.raises(ValueError, match=rf"field {field} check digit \(mod 10\)"):
        boleto.parse(changed(line, position, digit))


@given(barcodes(), st.integers(0, 43), digits)
def test_any_wrong_digit_in_a_barcode_is_caught_by_mod_11(barcode, position, digit):
    """Three of the eleven sums print 1 (FEBRABAN): between those no check digit can tell."""
    assume(barcode[4] != "1" or position == 4)
    assume(barcode[position] != digit and (position, digit) != (0, "8"))
    with pytest.raises(ValueError, match=r"general check digit \(mod 11\)"):
        boleto.parse(changed(barcode, position, digit))


@pytest.mark.parametrize("line", [only_digits(case[0]) for case in ARRECADACAO])
def test_any_wrong_digit_in_an_arrecadacao_is_caught(line):
    for position in range(48):
        for digit in set("0123456789") - {line[position]}:
            with pytest.raises(ValueError, match=r"check digit|length|third digit"):
                boleto.parse(changed(line, position, digit))


@given(banks, dues, amounts, free_fields)
def test_what_goes_into_a_boleto_is_read_back_from_its_line(bank, due, amount, free_field):
    barcode = boleto.barcode(bank, due, amount, free_field)
    line = boleto.format_linha_digitavel(boleto.linha_digitavel(barcode))
    read = boleto.parse(line, today=due)
    assert (read.bank, read.due, read.amount, read.free_field) == (bank, due, amount, free_field)
    assert read.barcode == barcode


@given(st.dates(date(2000, 7, 3), date(2060, 12, 31)), st.integers(-5500, 3000))
def test_a_due_date_is_read_back_on_any_day_near_it(due, distance):
    """The window of FEBRABAN: from 3,000 days before today to 5,500 days after."""
    barcode = boleto.barcode("237", due, Decimal("1.00"), "0" * 25)
    assert boleto.parse(barcode, due + timedelta(days=distance)).due == due


@pytest.mark.parametrize(
    ("due", "factor"),
    [
        (None, "0000"),
        (date(1997, 10, 8), "0001"),
        (date(2000, 7, 2), "0999"),
        (date(2000, 7, 3), "1000"),
        (date(2012, 4, 27), "5316"),
        (date(2025, 2, 20), "9998"),
        (date(2025, 2, 21), "9999"),
        (date(2025, 2, 22), "1000"),
        (date(2049, 10, 13), "9999"),
        (date(2049, 10, 14), "1000"),
    ],
)
def test_the_due_factor_wraps_when_febraban_says(due, factor):
    barcode = boleto.barcode("237", due, Decimal("1.00"), "0" * 25)
    assert barcode[5:9] == factor
    assert boleto.parse(barcode, due or TODAY).due == due


def test_the_same_factor_is_another_date_for_another_today():
    barcode = boleto.barcode("237", date(2025, 2, 22), Decimal("1.00"), "0" * 25)
    assert boleto.parse(barcode, date(2008, 1, 1)).due == date(2000, 7, 3)
    assert boleto.parse(barcode, date(2026, 1, 1)).due == date(2025, 2, 22)
    assert boleto.parse(barcode, date(2045, 1, 1)).due == date(2049, 10, 14)


def test_a_factor_outside_the_window_is_a_boleto_long_lapsed():
    due = TODAY - timedelta(days=3400)
    barcode = boleto.barcode("237", due, Decimal("1.00"), "0" * 25)
    assert boleto.parse(barcode, TODAY).due == due


def test_today_is_this_day_unless_told():
    due = date.today() + timedelta(days=30)  # noqa: DTZ011 - the default being tested
    barcode = boleto.barcode("237", due, Decimal("1.00"), "0" * 25)
    assert boleto.parse(barcode).due == due


@pytest.mark.parametrize(
    ("amount", "error", "problem"),
    [
        (1.5, TypeError, "amount: expected a Decimal"),
        (100, TypeError, "amount: expected a Decimal"),
        (Decimal("-0.01"), ValueError, "amount: -0.01 is negative"),
        (Decimal("0.001"), ValueError, "more than 2 decimals"),
        (Decimal("1.0000000000000000000000000000000000001"), ValueError, "more than 2 decimals"),
        (Decimal("100000000.00"), ValueError, "too large"),
        (Decimal("1E+999999"), ValueError, "too large"),
        (Decimal("NaN"), ValueError, "not a number"),
        (Decimal("Infinity"), ValueError, "not a number"),
    ],
)
def test_an_amount_that_is_not_whole_cents_in_ten_digits_is_refused(amount, error, problem):
    with pytest.raises(error, match=problem):
        boleto.barcode("237", TODAY, amount, "0" * 25)


def test_the_largest_amount_fits():
    barcode = boleto.barcode("237", TODAY, Decimal("99999999.99"), "0" * 25)
    assert barcode[9:19] == "9999999999"


@pytest.mark.parametrize(
    ("bank", "due", "free_field", "problem"),
    [
        ("37", TODAY, "0" * 25, "bank: '37' has 2 digits, expected 3"),
        ("2E7", TODAY, "0" * 25, "bank: '2E7' is not made of digits"),
        (237, TODAY, "0" * 25, "bank: 237 is not made of digits"),
        ("823", TODAY, "0" * 25, "starts with 8"),
        ("237", TODAY, "0" * 24, "free_field: .* has 24 digits, expected 25"),
        ("237", TODAY, "²" * 25, "free_field: .* not made of digits"),
        ("237", date(1997, 10, 7), "0" * 25, "due: 1997-10-07"),
    ],
)
def test_a_barcode_of_wrong_parts_is_refused(bank, due, free_field, problem):
    with pytest.raises(ValueError, match=problem):
        boleto.barcode(bank, due, Decimal("1.00"), free_field)


def test_a_line_is_not_made_of_a_wrong_barcode():
    with pytest.raises(ValueError, match="general check digit"):
        boleto.linha_digitavel("34195254800006757871090001015271248021246000")
    with pytest.raises(ValueError, match="43 digits, expected 44"):
        boleto.linha_digitavel("3" * 43)
    with pytest.raises(ValueError, match="44 digits, expected 47"):
        boleto.format_linha_digitavel("3" * 44)


@pytest.mark.parametrize("case", PUBLISHED, ids=named)
def test_a_bank_field_of_a_wrong_length_is_refused_by_its_name(case):
    for name, value in case.fields.items():
        for wrong in (value + "12", value[:-1] + "x", "", "٣" * len(value)):
            with pytest.raises(ValueError, match=f"bank {case.bank}.*({name}|nosso_numero)"):
                boleto.free_field(case.bank, **{**case.fields, name: wrong})


@pytest.mark.parametrize("case", PUBLISHED, ids=named)
def test_a_missing_or_unknown_bank_field_is_refused_by_its_name(case):
    with pytest.raises(ValueError, match="unknown cedente"):
        boleto.free_field(case.bank, **case.fields, cedente="1")
    fields = {name: value for name, value in case.fields.items() if name != "nosso_numero"}
    with pytest.raises(ValueError, match="missing nosso_numero"):
        boleto.free_field(case.bank, **fields)


@pytest.mark.parametrize(
    ("bank", "fields", "problem"),
    [
        ("999", {}, "expected one of 001, 033, 077, 104, 237, 341, 748, 756"),
        ("001", {"convenio": "12345"}, "field convenio: found '12345', expected 4 or 6 or 7 or 8"),
        (
            "001",
            {"convenio": "123879", "nosso_numero": "0" * 17, "carteira": "17"},
            "carteira: found '17', expected 16 or 18",
        ),
        (
            "341",
            {"carteira": "198", "nosso_numero": "1" * 8, "agencia": "0810", "conta": "53678"},
            "carteira: found '198'",
        ),
        (
            "748",
            {"nosso_numero": "26012345", "agencia": "1234", "posto": "18", "beneficiario": "12345"},
            "nosso_numero: found '26012345', expected the year, a byte from 1 to 9",
        ),
    ],
)
def test_a_free_field_the_bank_would_refuse_is_refused(bank, fields, problem):
    with pytest.raises(ValueError, match=problem):
        boleto.free_field(bank, **fields)


def test_some_carteiras_of_itau_check_the_number_without_the_account():
    """Itaú, manual, annex 4: 126, 131, 146, 150 and 168."""
    number = {"carteira": "126", "nosso_numero": "12345678"}
    one = boleto.nosso_numero("341", **number, agencia="0057", conta="12345")
    other = boleto.nosso_numero("341", **number, agencia="0810", conta="53678")
    assert one == other == "126/12345678-5"


def test_caixa_gives_a_beneficiario_of_seven_digits_no_check_digit():
    """Since 2020 Caixa gives codes from 1100000 up, which take the place of code and digit."""
    six = boleto.free_field("104", beneficiario="245274", nosso_numero="14000000000000001")
    seven = boleto.free_field("104", beneficiario="2452740", nosso_numero="14000000000000001")
    assert six == seven == "2452740000100040000000017"


@pytest.mark.parametrize(
    ("bank", "fields", "printed"),
    [
        ("001", {**BB_ACCOUNT, "convenio": "850680", "nosso_numero": "14982"}, "85068014982-9"),
        ("001", {**BB_ACCOUNT, "convenio": "050094", "nosso_numero": "01448"}, "05009401448-1"),
        ("001", PUBLISHED[2].fields, "00000001234567899"),
        ("001", PUBLISHED[4].fields, "12387989777700168"),
        ("033", {**PUBLISHED[5].fields, "nosso_numero": "000090002720"}, "000090002720-7"),
        ("033", {**PUBLISHED[5].fields, "nosso_numero": "566612457800"}, "566612457800-2"),
        ("077", {**PUBLISHED[6].fields, "nosso_numero": "0004309540"}, "00019/110/0004309540-1"),
        ("104", {**PUBLISHED[7].fields}, "14000000000000006-5"),
        ("237", {**PUBLISHED[8].fields, "nosso_numero": "00000000525"}, "06/00000000525-P"),
        (
            "237",
            {**PUBLISHED[8].fields, "carteira": "19", "nosso_numero": "00000000006"},
            "19/00000000006-0",
        ),
        (
            "341",
            {**PUBLISHED[9].fields, "agencia": "0607", "conta": "15255"},
            "175/12345678-4",
        ),
        ("748", PUBLISHED[12].fields, "12/213871-5"),
    ],
)
def test_the_nosso_numero_is_printed_as_the_bank_prints_it(bank, fields, printed):
    assert boleto.nosso_numero(bank, **fields) == printed


def test_the_nosso_numero_of_sicoob_has_the_published_digits():
    fields = {**PUBLISHED[13].fields}
    for number, digit in enumerate(SICOOB_DIGITS, start=1):
        fields["nosso_numero"] = f"{number:07d}"
        assert boleto.nosso_numero("756", **fields) == f"{number:07d}-{digit}"


def test_a_bank_code_is_printed_with_its_digit():
    codes = ["001-9", "033-7", "077-9", "104-0", "237-2", "341-7", "748-X", "756-0"]
    assert [boleto.bank_code(code[:3]) for code in codes] == codes


def test_a_bank_code_has_three_digits():
    with pytest.raises(ValueError, match="'1' is not a code of 3 digits"):
        boleto.bank_code("1")


@given(barcodes())
def test_the_bars_keep_the_proportions_of_interleaved_2_of_5(barcode):
    """405 modules from the first bar to the last, each bar 1 or 3 wide (FEBRABAN)."""
    bars = boleto.barcode_bars(barcode)
    assert bars[0][0] == 0
    assert sum(bars[-1]) == 405
    assert {width for _, width in bars} == {1, 3}


def test_the_barcode_on_the_web_page_is_decoded_back():
    barcode = PUBLISHED[0].barcode
    found = zxingcpp.read_barcodes(drawn(boleto.barcode_svg(barcode)))
    assert [code.text for code in found] == [barcode]


def test_a_barcode_of_other_than_44_digits_has_no_bars():
    with pytest.raises(ValueError, match="44 digits"):
        boleto.barcode_svg("123")


def drawn(svg):
    """Draw the bars of an SVG, four pixels a module."""
    width, height = (
        int(part) * 4 for part in re.search(r"viewBox=\"0 0 (\d+) (\d+)\"", svg).groups()
    )
    image = Image.new("L", (width, height), 255)
    for x, bar in re.findall(r"M(\d+) 0h(\d+)v\d+h-\d+z", svg.split("<path")[2]):
        image.paste(0, (int(x) * 4, 0, (int(x) + int(bar)) * 4, height))
    return image
