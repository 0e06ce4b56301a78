"""Putting the two halves of the sheet together."""

from typing import Final

from bot.billing.sheet import BOLD, RED, WHITE, WIDTH, Sheet
from bot.billing.slip import compensation, receipt
from bot.billing.slip.model import Slip

NOT_PAYABLE: Final = "DEMONSTRAÇÃO – NÃO PAGÁVEL"


def render(slip: Slip) -> bytes:
    """Return the slip as a PDF of one A4 page; the same slip gives the same bytes.

    A demonstration says so in a red band on each half and in large letters behind the text.
    """
    title = f"Boleto {slip.document_number}"
    if slip.demonstration:
        title = f"{title} ({NOT_PAYABLE})"
    sheet = Sheet(title, slip.beneficiary.name)
    if slip.demonstration:
        _draw_not_payable(sheet)
    receipt.draw_receipt(sheet, slip)
    compensation.draw_compensation(sheet, slip)
    return sheet.finish()


def _draw_not_payable(sheet: Sheet) -> None:
    for y in (90.0, 230.0):
        sheet.watermark(WIDTH / 2, y, NOT_PAYABLE, 29, 22)
    for y in (8.0, 287.0):
        sheet.fill([(receipt.LEFT, y, receipt.WIDTH, 7)], RED)
        sheet.text(WIDTH / 2, y + 5, NOT_PAYABLE, 13, BOLD, align="center", color=WHITE)
