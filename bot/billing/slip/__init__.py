"""The printed boleto: one A4 sheet with the ficha de compensação, the Pix and the debt itemised.

Pure: a `Slip` in, the bytes of a PDF out, the same bytes every time. Issuing, registering and
delivering a boleto are elsewhere.
"""

from bot.billing.slip.document import render
from bot.billing.slip.model import Party, Slip

__all__ = ["Party", "Slip", "render"]
