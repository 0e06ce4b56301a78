"""What the business allows: `policies/negotiation.yml`, validated. No decision is made here.

`terms(reason)` is the policy with the adjustments of a reason worked in.
"""

import hashlib
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.billing.late_charges import (
    JUROS_CAP,
    JUROS_SOURCE,
    MULTA_CAP,
    MULTA_SOURCE,
    LateChargePolicy,
)
from bot.billing.money import check_amount, format_percent
from bot.billing.shapes import Reason
from bot.creditor import POLICIES, Policy, PolicyError, load_policy, sentence

NEGOTIATION = POLICIES / "negotiation.yml"
LONGEST_PLAN = 60
LATEST_FIRST_DUE = 180
PLAN_SOURCE = "Lei 14.181/2021"
LGPD_DAYS = 15
LGPD_SOURCE = "LGPD, art. 19, II"


def _rate(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    text = str(value).strip()
    number = text.removesuffix("%").strip().replace(",", ".")
    if not text.endswith("%") or not number.replace(".", "", 1).isdigit():
        raise ValueError(f"{value!r} is not a percentage like 2%")
    return Decimal(number) / 100


def _reais(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not value.replace(".", "", 1).isdigit():
        raise ValueError(f'{value!r} is not an amount between quotes like "50.00"')
    return check_amount(Decimal(value), "amount")


def _capped(cap: Decimal, source: str) -> AfterValidator:
    def check(rate: Decimal) -> Decimal:
        if rate > cap:
            raise ValueError(
                f"{format_percent(rate)} is above the legal cap of {format_percent(cap)} ({source})"
            )
        return rate

    return AfterValidator(check)


def _capped_count(cap: int, source: str = PLAN_SOURCE) -> AfterValidator:
    def check(value: int) -> int:
        if value > cap:
            raise ValueError(f"{value} is above the legal cap of {cap} ({source})")
        return value

    return AfterValidator(check)


Rate = Annotated[Decimal, BeforeValidator(_rate), Field(ge=0, le=1)]
Reais = Annotated[Decimal, BeforeValidator(_reais), Field(gt=0)]
Days = Annotated[int, Field(ge=0, le=3650)]
PlanCount = Annotated[int, Field(ge=1), _capped_count(LONGEST_PLAN)]
FirstDueDays = Annotated[int, Field(ge=0), _capped_count(LATEST_FIRST_DUE)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]


class LateChargeRates(Policy):
    """The rates of the contract, under the caps of the law."""

    multa: Annotated[Rate, _capped(MULTA_CAP, MULTA_SOURCE)]
    juros_monthly: Annotated[Rate, _capped(JUROS_CAP, JUROS_SOURCE)]


class IdentificationPolicy(Policy):
    attempts: Annotated[int, Field(ge=1, le=10)]
    lock_hours: Annotated[int, Field(ge=1, le=720)]


class OfferPolicy(Policy):
    valid_days: Days
    far_below: Rate


class Discount(Policy):
    """Shares taken off one bill when it is at most `up_to_days` late (none: any lateness)."""

    up_to_days: Days | None = None
    multa: Rate
    juros: Rate
    principal: Rate


class AtOnce(Policy):
    due_days: Days
    max_due_days: Days
    discounts: Annotated[tuple[Discount, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _check_buckets(self) -> Self:
        limits = [bucket.up_to_days for bucket in self.discounts]
        bounded = [limit for limit in limits[:-1] if limit is not None]
        if len(bounded) != len(limits) - 1 or limits[-1] is not None:
            raise ValueError("discounts: the last one, and only it, goes without up_to_days")
        if bounded != sorted(set(bounded)):
            raise ValueError("discounts: up_to_days must grow from one to the next")
        if self.max_due_days < self.due_days:
            raise ValueError("max_due_days is below due_days")
        return self

    def discount(self, days_late: int) -> Discount:
        """Return the bucket of a bill `days_late` days late."""
        for bucket in self.discounts:
            if bucket.up_to_days is None or days_late <= bucket.up_to_days:
                return bucket
        raise AssertionError("the last bucket has no limit")


class InstallmentPolicy(Policy):
    """`multa` and `juros` are the shares taken off before what is left is split."""

    max_count: PlanCount
    min_value: Reais
    monthly_interest: Rate
    interest_free_up_to: Annotated[int, Field(ge=0)]
    first_due_days: FirstDueDays
    max_first_due_days: FirstDueDays
    multa: Rate
    juros: Rate

    @model_validator(mode="after")
    def _check_first_due(self) -> Self:
        if self.max_first_due_days < self.first_due_days:
            raise ValueError("max_first_due_days is below first_due_days")
        return self

    def interest(self, count: int) -> Decimal:
        """Return the monthly rate of a plan of `count` parts."""
        return Decimal(0) if count <= self.interest_free_up_to else self.monthly_interest


class AtOnceAdjustment(Policy):
    """The least share of each component taken off, whatever the bucket says."""

    multa: Rate = Decimal(0)
    juros: Rate = Decimal(0)
    principal: Rate = Decimal(0)


class InstallmentAdjustment(Policy):
    """What a reason changes of the instalments; what is not written stays as it is."""

    max_count: PlanCount | None = None
    min_value: Reais | None = None
    monthly_interest: Rate | None = None
    interest_free_up_to: Annotated[int, Field(ge=0)] | None = None
    first_due_days: FirstDueDays | None = None
    max_first_due_days: FirstDueDays | None = None
    multa: Rate | None = None
    juros: Rate | None = None


class ReasonPolicy(Policy):
    """What a reason for the delay changes; `person`: somebody should take over."""

    person: bool = False
    at_once: AtOnceAdjustment = AtOnceAdjustment()
    installments: InstallmentAdjustment = InstallmentAdjustment()


class Bank(Policy):
    """Where the money goes: fields of `boleto.free_field` and a Pix key."""

    code: Annotated[str, StringConstraints(pattern=r"^(237|341)$")]
    name: str
    agencia: Digits
    conta: Digits
    carteira: Digits
    pix_key: str


class ChargePolicy(Policy):
    due_days: Annotated[int, Field(ge=0, le=30)]
    payable_after_due_days: Annotated[int, Field(ge=0, le=60)]
    link_days: Annotated[int, Field(ge=0, le=3650)]


class PromisePolicy(Policy):
    """How far ahead a promise may lie, and how long after its day a payment still keeps it."""

    max_days: Annotated[int, Field(ge=1, le=180)]
    grace_days: Annotated[int, Field(ge=0, le=30)]


class DisputePolicy(Policy):
    """Days to answer; `data_answer_days` where personal data may be wrong."""

    answer_days: Annotated[int, Field(ge=1, le=30)]
    data_answer_days: Annotated[int, Field(ge=1), _capped_count(LGPD_DAYS, LGPD_SOURCE)]


class EventPolicy(Policy):
    """`charge_due_days`: how many days before its due date a charge is announced, each once."""

    charge_due_days: tuple[Annotated[int, Field(ge=0, le=30)], ...]


Why = Annotated[str, sentence("discount", "extra_cost", "part", "count", "first_due")]


class WhyCatalog(Policy):
    full_discount: Why
    full: Why
    installments_discount: Why
    installments_free: Why
    installments: Why


class LineCatalog(Policy):
    original: str
    multa: str
    juros: str
    discount: str
    interest: str
    part: Annotated[str, sentence("number", "count", "agreement")]
    settlement: Annotated[str, sentence("number", "count", "agreement")]


class SlipCatalog(Policy):
    payer_address: str
    payable_until: Annotated[str, sentence("date")]
    check: Annotated[str, sentence("name", "cnpj", "amount", "bank", "whatsapp", "phone")]
    composition: str


class Terms(Policy):
    """What may be offered to somebody with a given reason."""

    at_once: AtOnce
    installments: InstallmentPolicy
    person: bool


class NegotiationPolicy(Policy):
    """The whole file. `version` is a short hash of its content."""

    late_charges: LateChargeRates
    identification: IdentificationPolicy
    prescription_years: Annotated[int, Field(ge=1, le=10)]
    offers: OfferPolicy
    at_once: AtOnce
    installments: InstallmentPolicy
    reasons: dict[Reason, ReasonPolicy]
    bank: Bank
    charges: ChargePolicy
    promises: PromisePolicy
    disputes: DisputePolicy
    events: EventPolicy
    why: WhyCatalog
    lines: LineCatalog
    slip: SlipCatalog

    _version: str = PrivateAttr(default="")
    _terms: dict[Reason, Terms] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _resolve(self) -> Self:
        canonical = self.model_dump_json().encode()
        self._version = hashlib.sha256(canonical).hexdigest()[:12]
        for reason in Reason:
            try:
                self._terms[reason] = self._adjusted(self.reasons.get(reason, ReasonPolicy()))
            except ValidationError as error:
                raise ValueError(f"reasons.{reason}: {error.errors()[0]['msg']}") from None
        return self

    @property
    def version(self) -> str:
        """Names this policy on offers and agreements."""
        return self._version

    @property
    def late_charge_policy(self) -> LateChargePolicy:
        """The rates as the money core takes them."""
        return LateChargePolicy(self.late_charges.multa, self.late_charges.juros_monthly)

    def terms(self, reason: Reason) -> Terms:
        """Return what may be offered to somebody late for `reason`."""
        return self._terms[reason]

    def _adjusted(self, change: ReasonPolicy) -> Terms:
        changed = change.installments.model_dump(exclude_none=True)
        plan = InstallmentPolicy.model_validate(self.installments.model_dump() | changed)
        buckets = tuple(
            _at_least(bucket, change.at_once, plan) for bucket in self.at_once.discounts
        )
        at_once = self.at_once.model_copy(update={"discounts": buckets})
        return Terms(at_once=at_once, installments=plan, person=change.person)


def _at_least(bucket: Discount, change: AtOnceAdjustment, plan: InstallmentPolicy) -> Discount:
    """Raise a bucket to an adjustment; paying at once is never dearer than a plan."""
    return bucket.model_copy(
        update={
            "multa": max(bucket.multa, change.multa, plan.multa),
            "juros": max(bucket.juros, change.juros, plan.juros),
            "principal": max(bucket.principal, change.principal),
        }
    )


def load(path: Path = NEGOTIATION) -> NegotiationPolicy:
    """Read a negotiation policy. Raises PolicyError, naming file, line and field."""
    return load_policy(path, NegotiationPolicy)


@cache
def get_policy() -> NegotiationPolicy:
    """The policy of this installation, read once."""
    return load()


__all__ = ["NegotiationPolicy", "PolicyError", "Terms", "get_policy", "load"]
