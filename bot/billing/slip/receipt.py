"""The upper half of the sheet: the payer's receipt, what the debt is made of, and the Pix."""

from typing import Final

from bot.billing import pix
from bot.billing.late_charges import ChargeLine
from bot.billing.money import format_brl
from bot.billing.sheet import BOLD, GREY, Sheet
from bot.billing.slip.model import Slip

LEFT: Final = 15.0
WIDTH: Final = 180.0
RIGHT: Final = LEFT + WIDTH
TOP: Final = 18.0
SIDE: Final = 48.0
MAIN: Final = WIDTH - SIDE

_ROW: Final = 4.6
_LINES_HEIGHT: Final = 50.0
_BENEFICIARY: Final = 10.5
_QR: Final = 42.0
_PIX_HEIGHT: Final = 46.0
_FOOT: Final = 167.3
_CHECK_HEIGHT: Final = 18.0
_PIX_STEPS: Final = (
    "Abra o aplicativo do seu banco, escolha pagar com Pix e leia o QR Code ao lado ou copie e "
    "cole o código abaixo. Confira o nome de quem recebe e o valor antes de confirmar."
)
_COLUMNS: Final = ((0.0, 38.0), (38.0, 74.0), (112.0, 44.0))


def draw_receipt(sheet: Sheet, slip: Slip) -> None:
    """Draw the receipt from the top of the sheet down to the cutting line."""
    header(sheet, slip, TOP)
    _draw_parties(sheet, slip)
    bottom = _draw_composition(sheet, slip, TOP + 35) + 4
    _draw_pix(sheet, slip, bottom)
    _draw_check(sheet, slip, bottom + _PIX_HEIGHT + 6)
    foot(sheet, _FOOT, "Recibo do pagador")


def _draw_check(sheet: Sheet, slip: Slip, y: float) -> None:
    """Draw how to tell a true boleto, where the debt has not taken the room."""
    if y < _FOOT - _CHECK_HEIGHT:
        sheet.text(LEFT, y, "Como saber que este boleto é verdadeiro", 9, BOLD)
        sheet.paragraph(LEFT, y + 5, slip.check, WIDTH, 8)


def foot(sheet: Sheet, y: float, title: str) -> None:
    """Draw the title of a part under it, and where a teller stamps it."""
    sheet.text(RIGHT, y + 3, "Autenticação mecânica", 5.5, color=GREY, align="right")
    sheet.text(RIGHT, y + 7, title, 8, BOLD, align="right")


def header(sheet: Sheet, slip: Slip, y: float) -> None:
    """Draw the bank's name, its code and, on the right, the linha digitável."""
    sheet.text(LEFT, y + 6.5, slip.bank_name, 13, BOLD, width=42)
    for x in (LEFT + 44, LEFT + 64):
        sheet.line((x, y + 1.5), (x, y + 9), 1)
    sheet.text(LEFT + 54, y + 6.8, slip.bank_code, 14, BOLD, align="center")
    sheet.text(RIGHT, y + 6.8, slip.linha_digitavel, 11.5, BOLD, align="right", width=WIDTH - 67)
    sheet.line((LEFT, y + 9), (RIGHT, y + 9), 1)


def _draw_parties(sheet: Sheet, slip: Slip) -> None:
    y, side = TOP + 9, LEFT + MAIN
    sheet.cell((LEFT, y, MAIN, _BENEFICIARY), "Beneficiário", *slip.beneficiary.lines)
    label = "Agência / Código do beneficiário"
    sheet.cell((side, y, SIDE, _BENEFICIARY), label, slip.agencia_codigo, align="right")
    y += _BENEFICIARY
    sheet.cell((LEFT, y, 92, 7), "Pagador", slip.payer.name)
    sheet.cell((LEFT + 92, y, 40, 7), "CPF / CNPJ do pagador", slip.payer.identity)
    sheet.cell((side, y, SIDE, 7), "Nosso número", slip.nosso_numero, align="right")
    _draw_numbers(sheet, slip, y + 7)


def _draw_numbers(sheet: Sheet, slip: Slip, y: float) -> None:
    cells = (
        ("Data do documento", f"{slip.document_date:%d/%m/%Y}", 36.0),
        ("Número do documento", slip.document_number, 56.0),
        ("Carteira", slip.carteira, 40.0),
    )
    x = LEFT
    for label, value, width in cells:
        sheet.cell((x, y, width, 7), label, value)
        x += width
    half = SIDE / 2
    sheet.cell((x, y, half, 7), "Vencimento", f"{slip.due:%d/%m/%Y}", align="right", font=BOLD)
    amount = format_brl(slip.amount)
    sheet.cell((x + half, y, half, 7), "Valor do documento", amount, align="right", font=BOLD)


def _draw_composition(sheet: Sheet, slip: Slip, y: float) -> float:
    """Draw the memória de cálculo and return where it ends."""
    sheet.text(LEFT, y + 4, "Composição do valor", 9, BOLD)
    y += 6
    titles = ("Item", "Como foi calculado", "Base legal")
    for (x, _), title in zip(_COLUMNS, titles, strict=True):
        sheet.text(LEFT + x + 1, y + 3, title, 6, color=GREY)
    sheet.text(RIGHT - 1, y + 3, "Valor", 6, color=GREY, align="right")
    y += _ROW
    row = min(_ROW, _LINES_HEIGHT / len(slip.composition))
    for line in slip.composition:
        _draw_line(sheet, line, y, row)
        y += row
    sheet.line((LEFT, y), (RIGHT, y), 1)
    sheet.text(LEFT + 1, y + 3.6, "Total a pagar", 8.5, BOLD)
    sheet.text(RIGHT - 1, y + 3.6, format_brl(slip.amount), 8.5, BOLD, align="right")
    return y + _ROW


def _draw_line(sheet: Sheet, line: ChargeLine, y: float, row: float) -> None:
    baseline = y + row * 0.7
    sheet.line((LEFT, y), (RIGHT, y), 0.3)
    texts = (line.label, line.formula, line.source)
    for (x, width), text in zip(_COLUMNS, texts, strict=True):
        sheet.text(LEFT + x + 1, baseline, text, 7.5, width=width - 2)
    sheet.text(RIGHT - 1, baseline, format_brl(line.amount), 7.5, align="right", width=22)


def _draw_pix(sheet: Sheet, slip: Slip, y: float) -> None:
    for side in ((y, y), (y + _PIX_HEIGHT, y + _PIX_HEIGHT)):
        sheet.line((LEFT, side[0]), (RIGHT, side[1]))
    for x in (LEFT, RIGHT):
        sheet.line((x, y), (x, y + _PIX_HEIGHT))
    sheet.qr(pix.qr_modules(slip.pix), LEFT + 2, y + 2, _QR)
    x = LEFT + _QR + 6
    sheet.text(x, y + 7, "Pague com Pix", 12, BOLD)
    sheet.text(RIGHT - 3, y + 7, format_brl(slip.amount), 12, BOLD, align="right")
    after = sheet.paragraph(x, y + 12.5, _PIX_STEPS, RIGHT - x - 3, 8)
    sheet.text(x, after + 0.8, f"Recebedor: {pix.parse(slip.pix).name}", 8)
    sheet.text(x, after + 6, "Pix copia e cola", 8, BOLD)
    sheet.code(x, after + 9.6, slip.pix, 85, 7)
