"""The free field: 25 digits in which each bank says whose boleto it is, and which one.

One `Layout` per bank and kind of convênio: which fields, of how many digits, and how they are
put together. Sources: the banks' collection manuals (Banco do Brasil 2016, Bradesco 2015,
Santander 2017, Caixa SIGCB 2020, Itaú 2021, Sicoob, Sicredi, Inter).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.billing.boleto import bank_layouts as layouts
from bot.billing.boleto.check_digits import mod11


@dataclass(frozen=True)
class Layout:
    """How a bank composes its free field, and prints the nosso número, from the same fields.

    `widths` gives the digits of each field, several where a bank has several; `optional` names
    the fields that have a usual value.
    """

    widths: Mapping[str, tuple[int, ...]]
    compose: Callable[..., str]
    print_number: Callable[..., str]
    optional: tuple[str, ...] = ()


_BB_ACCOUNT: Final = {"agencia": (4,), "conta": (8,), "carteira": (2,)}
_BB_LAYOUTS: Final = {
    4: Layout(
        {"convenio": (4,), "nosso_numero": (7,), **_BB_ACCOUNT}, layouts.bb_account, layouts.bb_11
    ),
    6: Layout(
        {"convenio": (6,), "nosso_numero": (5,), **_BB_ACCOUNT}, layouts.bb_account, layouts.bb_11
    ),
    7: Layout(
        {"convenio": (7,), "nosso_numero": (10,), "carteira": (2,)}, layouts.bb_long, layouts.bb_17
    ),
    8: Layout(
        {"convenio": (8,), "nosso_numero": (9,), "carteira": (2,)}, layouts.bb_long, layouts.bb_17
    ),
}
_BB_FREE_NUMBER: Final = Layout(
    {"convenio": (6,), "nosso_numero": (17,), "carteira": (2,)},
    layouts.bb_free_number,
    layouts.bb_own_17,
)
_LAYOUTS: Final = {
    "033": Layout(
        {"convenio": (7,), "nosso_numero": (12,), "carteira": (3,), "ios": (1,)},
        layouts.santander,
        layouts.santander_number,
        optional=("ios",),
    ),
    "077": Layout(
        {"carteira": (3,), "operacao": (7,), "nosso_numero": (10,)},
        layouts.inter,
        layouts.inter_number,
    ),
    "104": Layout(
        {"beneficiario": (6, 7), "nosso_numero": (17,)}, layouts.caixa, layouts.caixa_number
    ),
    "237": Layout(
        {"agencia": (4,), "carteira": (2,), "nosso_numero": (11,), "conta": (7,)},
        layouts.bradesco,
        layouts.bradesco_number,
    ),
    "341": Layout(
        {"carteira": (3,), "nosso_numero": (8,), "agencia": (4,), "conta": (5,)},
        layouts.itau,
        layouts.itau_number,
    ),
    "748": Layout(
        {"nosso_numero": (8,), "agencia": (4,), "posto": (2,), "beneficiario": (5,), "tipo": (1,)},
        layouts.sicredi,
        layouts.sicredi_number,
        optional=("tipo",),
    ),
    "756": Layout(
        {
            "carteira": (1,),
            "cooperativa": (4,),
            "modalidade": (2,),
            "cliente": (7,),
            "nosso_numero": (7,),
            "parcela": (3,),
        },
        layouts.sicoob,
        layouts.sicoob_number,
        optional=("parcela",),
    ),
}
_PRINTED_WITH: Final = {"104": "0"}


def free_field(bank: str, **fields: str) -> str:
    """Return the 25 digits of a bank's free field; every field is text, zero-padded.

    - `001` Banco do Brasil: `convenio` of 7 or 8 digits, `nosso_numero` (10 or 9), `carteira` (2);
      `convenio` of 4 or 6, `nosso_numero` (7 or 5), `agencia` (4), `conta` (8), `carteira` (2);
      or `convenio` of 6, `nosso_numero` (17) and `carteira` 16 or 18.
    - `033` Santander: `convenio` (7), `nosso_numero` (12), `carteira` (3), `ios` (1, usually 0).
    - `077` Inter: `carteira` (3), `operacao` (7), `nosso_numero` (10).
    - `104` Caixa (SIGCB): `beneficiario` (6, or 7 without check digit), `nosso_numero` (17).
    - `237` Bradesco: `agencia` (4), `carteira` (2), `nosso_numero` (11), `conta` (7).
    - `341` Itaú: `carteira` (3), `nosso_numero` (8), `agencia` (4), `conta` (5).
    - `748` Sicredi: `nosso_numero` (8: year, byte 1 to 9, 5 digits), `agencia` (4), `posto` (2),
      `beneficiario` (5), `tipo` (1, usually 1: registered).
    - `756` Sicoob: `carteira` (1), `cooperativa` (4), `modalidade` (2), `cliente` (7),
      `nosso_numero` (7), `parcela` (3, usually 001).

    `nosso_numero` never includes its check digit. Raises `ValueError` naming the bank, the field,
    the value and what was expected.
    """
    return _layout(bank, fields).compose(**fields)


def nosso_numero(bank: str, **fields: str) -> str:
    """Return the nosso número as the bank prints it, check digit included.

    Takes the fields of `free_field`, and raises as it does.
    """
    return _layout(bank, fields).print_number(**fields)


def bank_code(bank: str) -> str:
    """Return a 3-digit bank code with the check digit printed beside the logo: `341-7`."""
    if not (bank.isascii() and bank.isdigit() and len(bank) == 3):
        raise ValueError(f"bank: {bank!r} is not a code of 3 digits")
    digit = {10: "X", 11: "0"}.get(result := mod11(bank), str(result))
    return f"{bank}-{_PRINTED_WITH.get(bank, digit)}"


def _layout(bank: str, fields: Mapping[str, str]) -> Layout:
    """Return the layout the fields fit, having checked every one of them."""
    layout = _bb_layout(fields) if bank == "001" else _LAYOUTS.get(bank)
    if layout is None:
        known = ", ".join(sorted(("001", *_LAYOUTS)))
        raise ValueError(f"bank: {bank!r} has no free field here, expected one of {known}")
    _check_names(bank, layout, fields)
    for name, value in fields.items():
        _check_width(f"bank {bank}, field {name}", value, layout.widths[name])
    return layout


def _bb_layout(fields: Mapping[str, str]) -> Layout:
    convenio = fields.get("convenio", "")
    _check_width("bank 001, field convenio", convenio, tuple(_BB_LAYOUTS))
    if len(convenio) == 6 and len(fields.get("nosso_numero", "")) == 17:
        return _BB_FREE_NUMBER
    return _BB_LAYOUTS[len(convenio)]


def _check_names(bank: str, layout: Layout, fields: Mapping[str, str]) -> None:
    missing = [name for name in layout.widths if name not in (*fields, *layout.optional)]
    unknown = [name for name in fields if name not in layout.widths]
    if missing or unknown:
        problem = f"missing {', '.join(missing)}" if missing else f"unknown {', '.join(unknown)}"
        raise ValueError(f"bank {bank}: {problem}; its fields are {', '.join(layout.widths)}")


def _check_width(name: str, value: str, widths: tuple[int, ...]) -> None:
    digits = isinstance(value, str) and value.isascii() and value.isdigit()
    if not digits or len(value) not in widths:
        expected = " or ".join(str(width) for width in widths)
        raise ValueError(f"{name}: found {value!r}, expected {expected} digits")
