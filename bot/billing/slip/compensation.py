"""The lower half of the sheet: the ficha de compensação, which the bank reads.

103 mm tall and 180 mm wide (FEBRABAN: 95 to 108 by 170 to 216), barcode at its foot.
"""

from typing import Final

from bot.billing import boleto
from bot.billing.boleto.interleaved import HEIGHT_MM, MODULES, QUIET_MM, WIDTH_MM
from bot.billing.money import format_brl
from bot.billing.sheet import BOLD, WHITE, Sheet
from bot.billing.slip.model import Slip
from bot.billing.slip.receipt import LEFT, MAIN, RIGHT, SIDE, foot, header

TOP: Final = 179.0

_SIDE_X: Final = LEFT + MAIN
_ROW: Final = 7.0
_BENEFICIARY: Final = 10.5
_OPEN_FIELDS: Final = (
    "(-) Desconto / Abatimento",
    "(-) Outras deduções",
    "(+) Mora / Multa",
    "(+) Outros acréscimos",
    "(=) Valor cobrado",
)


def draw_compensation(sheet: Sheet, slip: Slip) -> None:
    """Draw the ficha de compensação from the cutting line to the foot of the sheet."""
    sheet.cut(TOP - 3, LEFT, RIGHT)
    header(sheet, slip, TOP)
    y = _draw_places(sheet, slip, TOP + 9)
    y = _draw_document(sheet, slip, y)
    y = _draw_instructions(sheet, slip, y)
    y = _draw_payer(sheet, slip, y)
    _draw_barcode(sheet, slip.barcode, y + 2.5)
    foot(sheet, y, "Ficha de Compensação")


def _draw_places(sheet: Sheet, slip: Slip, y: float) -> float:
    sheet.cell((LEFT, y, MAIN, _ROW), "Local de pagamento", slip.payment_place)
    due = f"{slip.due:%d/%m/%Y}"
    sheet.cell((_SIDE_X, y, SIDE, _ROW), "Vencimento", due, align="right", font=BOLD, size=9)
    y += _ROW
    sheet.cell((LEFT, y, MAIN, _BENEFICIARY), "Beneficiário", *slip.beneficiary.lines)
    label = "Agência / Código do beneficiário"
    sheet.cell((_SIDE_X, y, SIDE, _BENEFICIARY), label, slip.agencia_codigo, align="right")
    return y + _BENEFICIARY


def _draw_document(sheet: Sheet, slip: Slip, y: float) -> float:
    day = f"{slip.document_date:%d/%m/%Y}"
    first = (
        ("Data do documento", day, 28.0),
        ("Nº do documento", slip.document_number, 40.0),
        ("Espécie doc.", "DM", 20.0),
        ("Aceite", "N", 14.0),
        ("Data do processamento", day, 30.0),
    )
    second = (
        ("Uso do banco", "", 28.0),
        ("Carteira", slip.carteira, 22.0),
        ("Espécie", "R$", 16.0),
        ("Quantidade", "", 33.0),
        ("(x) Valor", "", 33.0),
    )
    _draw_row(sheet, first, y)
    sheet.cell((_SIDE_X, y, SIDE, _ROW), "Nosso número", slip.nosso_numero, align="right")
    _draw_row(sheet, second, y + _ROW)
    box = (_SIDE_X, y + _ROW, SIDE, _ROW)
    amount = format_brl(slip.amount)
    sheet.cell(box, "(=) Valor do documento", amount, align="right", font=BOLD, size=9)
    return y + 2 * _ROW


def _draw_row(sheet: Sheet, cells: tuple[tuple[str, str, float], ...], y: float) -> None:
    x = LEFT
    for label, value, width in cells:
        sheet.cell((x, y, width, _ROW), label, value)
        x += width


def _draw_instructions(sheet: Sheet, slip: Slip, y: float) -> float:
    height = _ROW * len(_OPEN_FIELDS)
    label = "Instruções (texto de responsabilidade do beneficiário)"
    sheet.cell((LEFT, y, MAIN, height), label)
    for number, instruction in enumerate(slip.instructions):
        sheet.text(LEFT + 1, y + 6.5 + 4.2 * number, instruction, 8, width=MAIN - 2)
    for number, label in enumerate(_OPEN_FIELDS):
        sheet.cell((_SIDE_X, y + number * _ROW, SIDE, _ROW), label)
    return y + height


def _draw_payer(sheet: Sheet, slip: Slip, y: float) -> float:
    sheet.cell((LEFT, y, MAIN, _BENEFICIARY), "Pagador", *slip.payer.lines)
    sheet.cell((_SIDE_X, y, SIDE, _BENEFICIARY), "Cód. baixa")
    bottom = y + _BENEFICIARY
    sheet.line((LEFT, bottom), (RIGHT, bottom), 1)
    return bottom


def _draw_barcode(sheet: Sheet, barcode: str, y: float) -> None:
    """Draw the bars 103 mm by 13 mm, with 5 mm of white on either side."""
    module, left = WIDTH_MM / MODULES, LEFT + QUIET_MM
    sheet.fill([(LEFT, y, WIDTH_MM + 2 * QUIET_MM, HEIGHT_MM)], WHITE)
    bars = boleto.barcode_bars(barcode)
    sheet.fill((left + x * module, y, width * module, HEIGHT_MM) for x, width in bars)
