"""How each bank puts its fields together: the free field, and the nosso número as printed.

Every argument is digits, already checked by `banks`; `**_` swallows the fields a number does not
print. `nosso_numero` comes without its check digit.
"""

from typing import Final

from bot.billing.boleto.check_digits import mod10, mod11, mod11_or_zero

_ITAU_NUMBER_ONLY: Final = ("126", "131", "146", "150", "168")
_ITAU_OTHER_LAYOUT: Final = ("107", "122", "142", "143", "196", "198")
_INTER_AGENCIA: Final = "0001"
_SICOOB_WEIGHTS: Final = (3, 1, 9, 7)


def bb_account(convenio: str, nosso_numero: str, agencia: str, conta: str, carteira: str) -> str:
    """Banco do Brasil, convênio of 4 or 6 digits."""
    return convenio + nosso_numero + agencia + conta + carteira


def bb_long(convenio: str, nosso_numero: str, carteira: str) -> str:
    """Banco do Brasil, convênio of 7 or 8 digits."""
    return "000000" + convenio + nosso_numero + carteira


def bb_free_number(convenio: str, nosso_numero: str, carteira: str) -> str:
    """Banco do Brasil, convênio of 6 digits with a nosso número of 17: carteiras 16 and 18."""
    _check_bb_free_number(carteira)
    return convenio + nosso_numero + "21"


def bb_11(convenio: str, nosso_numero: str, **_: str) -> str:
    """Banco do Brasil prints 11 digits and a check digit, `X` for 10."""
    number = convenio + nosso_numero
    return f"{number}-{_letter_for_ten(mod11(number), 'X')}"


def bb_17(convenio: str, nosso_numero: str, **_: str) -> str:
    """Banco do Brasil prints 17 digits without a check digit."""
    return convenio + nosso_numero


def bb_own_17(nosso_numero: str, carteira: str, **_: str) -> str:
    """Banco do Brasil prints a nosso número of 17 digits as it is."""
    _check_bb_free_number(carteira)
    return nosso_numero


def bradesco(agencia: str, carteira: str, nosso_numero: str, conta: str) -> str:
    """Bradesco (237)."""
    return agencia + carteira + nosso_numero + conta + "0"


def bradesco_number(carteira: str, nosso_numero: str, **_: str) -> str:
    """Bradesco prints `carteira/número-digit`: mod 11 with weights 2 to 7, `P` for 10."""
    digit = _letter_for_ten(mod11(carteira + nosso_numero, highest=7), "P")
    return f"{carteira}/{nosso_numero}-{digit}"


def itau(carteira: str, nosso_numero: str, agencia: str, conta: str) -> str:
    """Itaú (341), the carteiras without seu número."""
    dac = _itau_dac(carteira, nosso_numero, agencia, conta)
    account = agencia + conta
    return f"{carteira}{nosso_numero}{dac}{account}{mod10(account)}000"


def itau_number(carteira: str, nosso_numero: str, agencia: str, conta: str) -> str:
    """Itaú prints `carteira/número-DAC`."""
    return f"{carteira}/{nosso_numero}-{_itau_dac(carteira, nosso_numero, agencia, conta)}"


def santander(convenio: str, nosso_numero: str, carteira: str, ios: str = "0") -> str:
    """Santander (033); `ios` is the insurers' tax, 0 for everybody else."""
    return f"9{convenio}{nosso_numero}{mod11_or_zero(nosso_numero)}{ios}{carteira}"


def santander_number(nosso_numero: str, **_: str) -> str:
    """Santander prints 12 digits and a check digit."""
    return f"{nosso_numero}-{mod11_or_zero(nosso_numero)}"


def caixa(beneficiario: str, nosso_numero: str) -> str:
    """Caixa (104), SIGCB; a beneficiário of 7 digits has no check digit of its own."""
    if len(beneficiario) == 6:
        beneficiario += str(mod11_or_zero(beneficiario))
    number = nosso_numero
    field = f"{beneficiario}{number[2:5]}{number[0]}{number[5:8]}{number[1]}{number[8:]}"
    return f"{field}{mod11_or_zero(field)}"


def caixa_number(nosso_numero: str, **_: str) -> str:
    """Caixa prints 17 digits and a check digit."""
    return f"{nosso_numero}-{mod11_or_zero(nosso_numero)}"


def sicoob(
    carteira: str,
    cooperativa: str,
    modalidade: str,
    cliente: str,
    nosso_numero: str,
    parcela: str = "001",
) -> str:
    """Sicoob (756)."""
    number = nosso_numero + _sicoob_digit(cooperativa, cliente, nosso_numero)
    return carteira + cooperativa + modalidade + cliente + number + parcela


def sicoob_number(cooperativa: str, cliente: str, nosso_numero: str, **_: str) -> str:
    """Sicoob prints 7 digits and a check digit."""
    return f"{nosso_numero}-{_sicoob_digit(cooperativa, cliente, nosso_numero)}"


def sicredi(nosso_numero: str, agencia: str, posto: str, beneficiario: str, tipo: str = "1") -> str:
    """Sicredi (748); `tipo` 1 is registered collection, and the amount is always present."""
    digit = _sicredi_digit(agencia, posto, beneficiario, nosso_numero)
    field = f"{tipo}1{nosso_numero}{digit}{agencia}{posto}{beneficiario}10"
    return f"{field}{mod11_or_zero(field)}"


def sicredi_number(nosso_numero: str, agencia: str, posto: str, beneficiario: str, **_: str) -> str:
    """Sicredi prints `year/byte and number-digit`."""
    digit = _sicredi_digit(agencia, posto, beneficiario, nosso_numero)
    return f"{nosso_numero[:2]}/{nosso_numero[2:]}-{digit}"


def inter(carteira: str, operacao: str, nosso_numero: str) -> str:
    """Inter (077), whose only agência is 0001."""
    digit = mod10(_INTER_AGENCIA + carteira + nosso_numero)
    return f"{_INTER_AGENCIA}{carteira}{operacao}{nosso_numero}{digit}"


def inter_number(carteira: str, nosso_numero: str, **_: str) -> str:
    """Inter prints `agência with digit/carteira/número-digit`."""
    digit = mod10(_INTER_AGENCIA + carteira + nosso_numero)
    return f"{_INTER_AGENCIA}9/{carteira}/{nosso_numero}-{digit}"


def _check_bb_free_number(carteira: str) -> None:
    if carteira not in ("16", "18"):
        raise ValueError(
            f"bank 001, field carteira: found {carteira!r}, expected 16 or 18, the ones that take "
            "a nosso número of 17 digits"
        )


def _itau_dac(carteira: str, nosso_numero: str, agencia: str, conta: str) -> int:
    if carteira in _ITAU_OTHER_LAYOUT:
        raise ValueError(
            f"bank 341, field carteira: found {carteira!r}, expected a carteira without seu número"
        )
    number = carteira + nosso_numero
    return mod10(number if carteira in _ITAU_NUMBER_ONLY else agencia + conta + number)


def _sicoob_digit(cooperativa: str, cliente: str, nosso_numero: str) -> str:
    digits = cooperativa + cliente.zfill(10) + nosso_numero
    weights = _SICOOB_WEIGHTS * len(digits)
    remainder = sum(int(d) * weight for d, weight in zip(digits, weights, strict=False)) % 11
    return "0" if remainder < 2 else str(11 - remainder)


def _sicredi_digit(agencia: str, posto: str, beneficiario: str, nosso_numero: str) -> int:
    if nosso_numero[2] == "0":
        raise ValueError(
            f"bank 748, field nosso_numero: found {nosso_numero!r}, expected the year, a byte from "
            "1 to 9 and 5 digits"
        )
    return mod11_or_zero(agencia + posto + beneficiario + nosso_numero)


def _letter_for_ten(result: int, letter: str) -> str:
    return {10: letter, 11: "0"}.get(result, str(result))
