"""Boletos: making their digits, reading them back and drawing their bars. Pure.

A boleto made here is not payable until a bank or provider registers it. Nothing here registers,
stores or sends one.
"""

from bot.billing.boleto.banks import bank_code, free_field, nosso_numero
from bot.billing.boleto.interleaved import barcode_bars, barcode_svg
from bot.billing.boleto.lines import barcode, format_linha_digitavel, linha_digitavel
from bot.billing.boleto.parsing import Boleto, Kind, parse

__all__ = [
    "Boleto",
    "Kind",
    "bank_code",
    "barcode",
    "barcode_bars",
    "barcode_svg",
    "format_linha_digitavel",
    "free_field",
    "linha_digitavel",
    "nosso_numero",
    "parse",
]
