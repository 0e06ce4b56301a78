"""The printed boleto, read back the way a bank teller's scanner and a phone would."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp

from bot.billing import boleto, pix
from bot.billing.late_charges import ChargeLine, LateChargePolicy, late_charges
from bot.billing.slip import Party, Slip, render

DUE = date(2026, 11, 24)
POLICY = LateChargePolicy(multa_rate=Decimal("0.02"), juros_rate=Decimal("0.01"))
CHARGES = late_charges(Decimal("389.90"), date(2026, 9, 10), DUE, POLICY)
ITAU = {"carteira": "109", "nosso_numero": "12345678", "agencia": "0057", "conta": "12345"}
DPI = 300
MM = DPI / 25.4

# Where the barcode must be: its top left corner on the sheet, in mm from the top left.
BARCODE = (20.0, 267.5)


def barcode_of(amount, due=DUE):
    return boleto.barcode("341", due, amount, boleto.free_field("341", **ITAU))


def pix_of(amount):
    return pix.brcode(
        url="pix.example.com/cobv/8b3da2f39a4140d1a91abd93113bd441",
        name="Escola São João Ltda",
        city="São Paulo",
        amount=amount,
    )


SLIP = Slip(
    barcode=barcode_of(CHARGES.total),
    bank_name="Itaú",
    beneficiary=Party(
        "Escola São João Ltda.", "12.345.678/0001-95", "Rua das Laranjeiras, 1200, São Paulo/SP"
    ),
    payer=Party("Maria Souza", "529.982.247-25", "Avenida Paulista, 1578, ap. 42, São Paulo/SP"),
    agencia_codigo="0057 / 12345-7",
    nosso_numero=boleto.nosso_numero("341", **ITAU),
    carteira="109",
    document_number="2026-000123",
    document_date=date(2026, 11, 22),
    due=DUE,
    amount=CHARGES.total,
    composition=CHARGES.lines,
    instructions=("Não receber após o vencimento.", "Ouvidoria: 0800 123 4567"),
    check="Antes de confirmar, o aplicativo do seu banco mostra quem recebe e quanto. " * 4,
    pix=pix_of(CHARGES.total),
    demonstration=False,
)

LONG = "Companhia de Educação e Material Didático " * 8
LINES = tuple(ChargeLine(LONG, LONG, Decimal("7142.85"), LONG) for _ in range(14))
CROWDED = replace(
    SLIP,
    barcode=barcode_of(Decimal("99999.90")),
    bank_name=LONG,
    beneficiary=Party(LONG, "12ABC34501DE35", LONG),
    payer=Party("Łukasz ☃ " + LONG, "52998224725", LONG),
    agencia_codigo=LONG,
    nosso_numero=LONG,
    carteira=LONG,
    document_number=LONG,
    amount=Decimal("99999.90"),
    composition=LINES,
    instructions=(LONG,) * 7,
    pix=pix.brcode(key="a" * 60 + "@example.com", name=LONG, city=LONG, txid="A" * 25, info="x"),
    demonstration=True,
)


def page_of(slip):
    document = pypdfium2.PdfDocument(render(slip))
    assert len(document) == 1
    return document[0]


def text_of(slip):
    return page_of(slip).get_textpage().get_text_range()


def picture_of(slip):
    return page_of(slip).render(scale=DPI / 72).to_pil().convert("L")


@pytest.mark.parametrize("slip", [SLIP, replace(SLIP, demonstration=True), CROWDED])
def test_the_printed_barcode_and_qr_are_decoded_back(slip):
    found = {code.text for code in zxingcpp.read_barcodes(picture_of(slip))}
    assert found == {slip.barcode, slip.pix}


@pytest.mark.parametrize("dpi", [100, 150, 200])
def test_they_are_decoded_even_from_a_poor_scan(dpi):
    picture = page_of(SLIP).render(scale=dpi / 72).to_pil()
    assert {code.text for code in zxingcpp.read_barcodes(picture)} == {SLIP.barcode, SLIP.pix}


@pytest.mark.parametrize("slip", [SLIP, replace(SLIP, demonstration=True)])
def test_the_barcode_measures_103_by_13_mm_with_5_mm_of_white(slip):
    """FEBRABAN: 103 mm by 13 mm, quiet zones of 5 mm."""
    left, top = BARCODE
    picture = picture_of(slip)
    around = (left - 5, top + 1, left + 103 + 5, top + 12)
    strip = picture.crop(tuple(round(edge * MM) for edge in around)).point(lambda p: 255 - p)
    start, _, end, _ = strip.getbbox()
    assert start / MM == pytest.approx(5, abs=0.1)
    assert (end - start) / MM == pytest.approx(103, abs=0.2)
    first_bar = picture.crop((round(left * MM), 0, round(left * MM) + 2, picture.height))
    column = first_bar.crop((0, round((top - 2) * MM), 2, round((top + 15) * MM)))
    _, upper, _, lower = column.point(lambda p: 255 - p).getbbox()
    assert (lower - upper) / MM == pytest.approx(13, abs=0.2)


def test_the_sheet_is_one_page_of_a4():
    width, height = page_of(SLIP).get_size()
    assert (width, height) == (pytest.approx(595.28, abs=0.1), pytest.approx(841.89, abs=0.1))


def test_the_sheet_says_everything_a_boleto_must():
    text = text_of(SLIP)
    for said in (
        "Recibo do pagador",
        "Ficha de Compensação",
        "341-7",
        SLIP.linha_digitavel,
        "Pagável em qualquer banco",
        "Escola São João Ltda.",
        "CNPJ 12.345.678/0001-95",
        "Rua das Laranjeiras, 1200",
        "0057 / 12345-7",
        "22/11/2026",
        "2026-000123",
        SLIP.nosso_numero,
        "DM",
        "24/11/2026",
        "R$ 407,45",
        "Não receber após o vencimento.",
        "Maria Souza",
        "Avenida Paulista, 1578",
    ):
        assert said in text


def test_the_linha_digitavel_is_on_both_halves():
    """FEBRABAN: on the payer's receipt and on the ficha de compensação, in the same order."""
    assert text_of(SLIP).count(SLIP.linha_digitavel) == 2


def test_the_sheet_says_how_to_tell_that_it_is_true_where_there_is_room():
    said = "Como saber que este boleto é verdadeiro"
    assert said in text_of(SLIP)
    assert said not in text_of(CROWDED)


def test_the_file_says_its_title_and_its_language():
    document = pypdfium2.PdfDocument(render(SLIP))
    assert document.get_metadata_value("Title") == "Boleto 2026-000123"
    assert b"/Lang (pt-BR)" in render(SLIP)


def test_the_sheet_itemises_the_debt():
    """CDC, art. 52; Lei SP 14.953/2013."""
    text = text_of(SLIP)
    for line in CHARGES.lines:
        assert line.label in text
        assert line.formula in text
        assert line.source in text


def test_the_sheet_carries_the_pix_copia_e_cola():
    assert SLIP.pix in "".join(text_of(SLIP).splitlines())


def test_the_cpf_of_the_payer_is_masked():
    """LGPD, art. 6 III: no more of it than recognising oneself takes."""
    text = text_of(SLIP)
    assert text.count("CPF ***.982.247-**") == 2
    assert "529" not in text


def test_a_payer_that_is_a_company_shows_its_cnpj():
    assert Party("Loja", "12ABC34501DE35", "").identity == "CNPJ 12.ABC.345/01DE-35"


def test_a_demonstration_says_so_all_over():
    warning = "DEMONSTRAÇÃO – NÃO PAGÁVEL"
    assert text_of(replace(SLIP, demonstration=True)).count(warning) == 4
    assert warning not in text_of(SLIP)


def test_the_same_slip_is_the_same_file():
    assert render(SLIP) == render(replace(SLIP))


def test_nothing_crosses_the_edges_of_the_sheet():
    picture = picture_of(CROWDED)
    ink = picture.point(lambda p: 255 if p < 250 else 0).getbbox()
    left, top, right, bottom = (edge / MM for edge in ink)
    assert (left, right) == (pytest.approx(15, abs=0.3), pytest.approx(195, abs=0.3))
    assert (top > 5, bottom < 297 - 2) == (True, True)


def test_what_the_fonts_cannot_print_is_not_an_error():
    assert "?ukasz ?" in text_of(CROWDED)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"amount": Decimal("407.44")}, "barcode: it says 407.45 .* the slip says 407.44"),
        ({"due": date(2026, 11, 25)}, "barcode: .* 2026-11-24, the slip says .* 2026-11-25"),
        ({"barcode": SLIP.barcode[:-1] + "1"}, "general check digit"),
        ({"barcode": "85890000460524601791606075930508683148300001"}, "it is of arrecadação"),
        ({"pix": pix_of(Decimal("407.44"))}, "pix: it charges 407.44, the slip says 407.45"),
        ({"pix": "abc"}, "BR Code"),
        ({"composition": CHARGES.lines[:2]}, "composition: it adds up to 397.70"),
        ({"composition": ()}, "composition: 0 lines"),
        ({"composition": LINES + LINES}, "composition: 28 lines"),
        ({"instructions": ("a",) * 8}, "instructions: 8 lines"),
    ],
)
def test_a_slip_that_contradicts_itself_is_refused(changes, problem):
    with pytest.raises(ValueError, match=problem):
        replace(SLIP, **changes)


def test_a_pix_without_amount_is_as_good():
    """A dynamic code may leave the amount to the payload of its URL."""
    assert render(replace(SLIP, pix=pix_of(None)))


def test_a_document_that_is_neither_cpf_nor_cnpj_is_refused_without_repeating_it():
    with pytest.raises(ValueError, match="found 10 characters") as refusal:
        Party("Maria", "529.982.247-2", "")
    assert "529" not in str(refusal.value)
