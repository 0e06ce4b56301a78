"""What a late payment costs, itemised: multa once, simple juros de mora by the day.

The law caps both and wants every addition named and computed on the bill (Lei SP 14.953/2013,
Lei RJ 6.854/2014, Lei PR 17.352/2012). Where a provider issues the charge, its amount rules.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from bot.billing.calendar import next_business_day
from bot.billing.money import (
    check_amount,
    check_rate,
    format_brl,
    format_percent,
    round_half_up,
)

MULTA_CAP: Final = Decimal("0.02")
MULTA_SOURCE: Final = "CDC, art. 52, § 1º"
JUROS_CAP: Final = Decimal("0.01")
JUROS_SOURCE: Final = "CC, art. 406; Súmula 379 do STJ"
DAYS_OF_A_MONTH: Final = 30
ZERO: Final = Decimal("0.00")


@dataclass(frozen=True)
class LateChargePolicy:
    """The rates agreed in the contract, as fractions: 2 % is `Decimal("0.02")`.

    `multa_rate` is charged once, at most 2 % (CDC, art. 52, § 1º); `juros_rate` by the month, at
    most 1 % (CC, art. 406; Súmula 379 do STJ). Raises `ValueError` above a cap, naming its
    article, and `TypeError` for anything but a `Decimal`.
    """

    multa_rate: Decimal
    juros_rate: Decimal

    def __post_init__(self) -> None:
        _check_cap(self.multa_rate, "multa_rate", MULTA_CAP, MULTA_SOURCE)
        _check_cap(self.juros_rate, "juros_rate", JUROS_CAP, JUROS_SOURCE)


@dataclass(frozen=True)
class ChargeLine:
    """One line of a bill: what it is, how it was computed in words, reais, and by which law.

    `amount` is negative for a discount; `source` is empty where no law is needed.
    """

    label: str
    formula: str
    amount: Decimal
    source: str = ""


@dataclass(frozen=True)
class LateCharges:
    """A debt as it stands on the day it is paid; all amounts in reais.

    `payable_until` is the last day without charges: `due`, or the business day after it.
    `days_late` counts calendar days from `due`, and is zero up to `payable_until`.
    """

    principal: Decimal
    due: date
    paid_on: date
    payable_until: date
    days_late: int
    multa: Decimal
    juros: Decimal
    policy: LateChargePolicy

    @property
    def total(self) -> Decimal:
        """What settles the debt on `paid_on`."""
        return self.principal + self.multa + self.juros

    @property
    def lines(self) -> tuple[ChargeLine, ...]:
        """The memória de cálculo, in Portuguese; its amounts add up to `total`."""
        lines = (_principal_line(self), _multa_line(self), _juros_line(self))
        return lines[:1] + tuple(line for line in lines[1:] if line.amount)


def late_charges(
    principal: Decimal, due: date, paid_on: date, policy: LateChargePolicy
) -> LateCharges:
    """Return what `principal` (reais) due on `due` costs when paid on `paid_on`.

    A bill due on a day without banks is paid on the next business day at no charge (Lei
    7.089/1983). Later than that, juros run from the original due date: V × i ÷ 30 for each
    calendar day, simple, on the principal alone. Each component is rounded half up to the cent,
    once, at the end. Raises `TypeError` or `ValueError` for a principal that is not whole cents.
    """
    principal = check_amount(principal, "principal")
    payable_until = next_business_day(due)
    days_late = (paid_on - due).days if paid_on > payable_until else 0
    return LateCharges(
        principal=principal,
        due=due,
        paid_on=paid_on,
        payable_until=payable_until,
        days_late=days_late,
        multa=_multa(principal, policy.multa_rate) if days_late else ZERO,
        juros=_juros(principal, policy.juros_rate, days_late),
        policy=policy,
    )


def _multa(principal: Decimal, rate: Decimal) -> Decimal:
    return round_half_up(Fraction(principal) * Fraction(rate))


def _juros(principal: Decimal, monthly_rate: Decimal, days: int) -> Decimal:
    return round_half_up(Fraction(principal) * Fraction(monthly_rate) * days / DAYS_OF_A_MONTH)


def _check_cap(rate: Decimal, name: str, cap: Decimal, source: str) -> None:
    if check_rate(rate, name) > cap:
        raise ValueError(f"{name}: {rate} is above the legal cap of {cap} ({source})")


def _principal_line(charges: LateCharges) -> ChargeLine:
    return ChargeLine("Valor original", f"vencido em {charges.due:%d/%m/%Y}", charges.principal)


def _multa_line(charges: LateCharges) -> ChargeLine:
    rate = format_percent(charges.policy.multa_rate)
    formula = f"{rate} sobre {format_brl(charges.principal)}, uma única vez"
    return ChargeLine("Multa por atraso", formula, charges.multa, MULTA_SOURCE)


def _juros_line(charges: LateCharges) -> ChargeLine:
    rate, days = format_percent(charges.policy.juros_rate), charges.days_late
    unit = "dia" if days == 1 else "dias"
    formula = f"{rate} ao mês ÷ 30 × {days} {unit} sobre {format_brl(charges.principal)}"
    return ChargeLine("Juros de mora", formula, charges.juros, JUROS_SOURCE)
