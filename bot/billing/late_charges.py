"""What a late payment costs, itemised: multa once, simple juros de mora by the day.

An `Account` is a bill as payments have left it: what a partial payment paid, and what is left.

The law caps both and wants every addition named and computed on the bill (Lei SP 14.953/2013,
Lei RJ 6.854/2014, Lei PR 17.352/2012). Where a provider issues the charge, its amount rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    `days_late` counts calendar days from `due`, and is zero up to `payable_until`. After a
    partial payment `carried` is what it left unpaid of the charges until `juros_from`.
    """

    principal: Decimal
    due: date
    paid_on: date
    payable_until: date
    days_late: int
    multa: Decimal
    juros: Decimal
    policy: LateChargePolicy
    carried: Decimal = ZERO
    juros_from: date | None = None

    @property
    def additions(self) -> Decimal:
        """Everything owed besides the principal."""
        return self.multa + self.juros + self.carried

    @property
    def total(self) -> Decimal:
        """What settles the debt on `paid_on`."""
        return self.principal + self.additions

    @property
    def lines(self) -> tuple[ChargeLine, ...]:
        """The memória de cálculo, in Portuguese; its amounts add up to `total`."""
        return self.memory(self.principal, ())

    def memory(self, original: Decimal, paid: Sequence["Paid"]) -> tuple[ChargeLine, ...]:
        """The same from the `original` amount on, with a line for each payment made since."""
        before = original - self.principal - sum((part.principal for part in paid), ZERO)
        charged = self.carried + sum((part.late_charges for part in paid), ZERO)
        lines = (
            ChargeLine("Pago anteriormente", "", -before),
            ChargeLine("Multa e juros", _until(self.juros_from), charged, JUROS_SOURCE),
            *(_paid_line(part) for part in paid),
            _multa_line(self),
            _juros_line(self),
        )
        return (_principal_line(self, original), *(line for line in lines if line.amount))


@dataclass(frozen=True)
class Paid:
    """What a payment made on `day` took off a bill, in reais."""

    day: date
    principal: Decimal
    late_charges: Decimal

    @property
    def total(self) -> Decimal:
        return self.principal + self.late_charges


@dataclass(frozen=True)
class Account:
    """A bill as payments have left it.

    `principal` is what is left of it and `carried` the late charges left unpaid; juros run on
    from `juros_from` (none: from `due`). The multa is charged once: not again with `juros_from`.
    """

    principal: Decimal
    due: date
    carried: Decimal = ZERO
    juros_from: date | None = None

    def on(self, day: date, policy: LateChargePolicy) -> LateCharges:
        """Return what is owed when the rest is paid on `day`."""
        charges = late_charges(self.principal, self.due, day, policy)
        if self.juros_from is None:
            return charges
        days = max((day - self.juros_from).days, 0)
        return replace(
            charges,
            multa=ZERO,
            juros=_juros(self.principal, policy.juros_rate, days),
            carried=self.carried,
            juros_from=self.juros_from,
        )

    def pay(self, amount: Decimal, day: date, policy: LateChargePolicy) -> tuple["Account", Paid]:
        """Return the account after `amount` was paid on `day`, and what it paid.

        Juros and multa are paid before the principal (CC, art. 354). What is above the whole
        debt stays with the payer. Payments come in the order of their days.
        """
        charges = self.on(day, policy)
        late = min(amount, charges.additions)
        principal = min(amount - late, self.principal)
        left = replace(
            self,
            principal=self.principal - principal,
            carried=charges.additions - late,
            juros_from=day if charges.days_late else self.juros_from,
        )
        return left, Paid(day, principal, late)


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


def _principal_line(charges: LateCharges, original: Decimal) -> ChargeLine:
    return ChargeLine("Valor original", f"vencido em {charges.due:%d/%m/%Y}", original)


def _paid_line(paid: Paid) -> ChargeLine:
    formula = f"{format_brl(paid.late_charges)} de multa e juros, o resto do valor original"
    return ChargeLine(
        f"Pago em {paid.day:%d/%m/%Y}", formula if paid.late_charges else "", -paid.total
    )


def _until(day: date | None) -> str:
    return f"até {day:%d/%m/%Y}" if day else ""


def _multa_line(charges: LateCharges) -> ChargeLine:
    rate = format_percent(charges.policy.multa_rate)
    formula = f"{rate} sobre {format_brl(charges.principal)}, uma única vez"
    return ChargeLine("Multa por atraso", formula, charges.multa, MULTA_SOURCE)


def _juros_line(charges: LateCharges) -> ChargeLine:
    rate, days = format_percent(charges.policy.juros_rate), charges.days_late
    if charges.juros_from is not None:
        days = (charges.paid_on - charges.juros_from).days
    unit = "dia" if days == 1 else "dias"
    formula = f"{rate} ao mês ÷ 30 × {days} {unit} sobre {format_brl(charges.principal)}"
    return ChargeLine("Juros de mora", formula, charges.juros, JUROS_SOURCE)
