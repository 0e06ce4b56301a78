"""What may be offered to somebody: payment at once and in parts, as the policy writes it.

Here too: what a reason, a profile and an authority change of it. Nothing here knows a debt.
"""

from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, Field, model_validator

from bot.billing.actors import Authority
from bot.billing.policy_fields import (
    Count,
    DayOfMonth,
    Days,
    FirstDueDays,
    PlanCount,
    Rate,
    Reais,
    SignedRate,
    Step,
    mistake,
)
from bot.creditor import Policy

ONE, NOTHING = Decimal(1), Decimal(0)


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
        before = -1
        for number, bucket in enumerate(self.discounts):
            is_last = number == len(self.discounts) - 1
            if (bucket.up_to_days is None) != is_last:
                rule = "the last one, and only it, goes without up_to_days"
                raise mistake(rule, "discounts", number)
            if bucket.up_to_days is not None and bucket.up_to_days <= before:
                rule = "up_to_days must grow from one to the next"
                raise mistake(rule, "discounts", number, "up_to_days")
            before = bucket.up_to_days or before
        if self.max_due_days < self.due_days:
            raise mistake("max_due_days is below due_days", "max_due_days")
        return self

    def discount(self, days_late: int) -> Discount:
        """Return the bucket of a bill `days_late` days late."""
        for bucket in self.discounts:
            if bucket.up_to_days is None or days_late <= bucket.up_to_days:
                return bucket
        raise AssertionError("the last bucket has no limit")


class InstallmentPolicy(Policy):
    """`multa`, `juros` and `principal` are the shares taken off before what is left is split.

    `down_payment` is the least share of it that the first part must be. When the parts are of a
    sum the debtor named the last one takes what is left: at least `min_remainder`. Without a
    date of the debtor's the first part falls due on the next of `preferred_days`.
    """

    max_count: PlanCount
    min_value: Reais
    min_remainder: Reais
    monthly_interest: Rate
    interest_free_up_to: Count
    down_payment: Rate
    first_due_days: FirstDueDays
    max_first_due_days: FirstDueDays
    preferred_days: tuple[DayOfMonth, ...]
    multa: Rate
    juros: Rate
    principal: Rate

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.max_first_due_days < self.first_due_days:
            raise mistake("max_first_due_days is below first_due_days", "max_first_due_days")
        if self.min_remainder > self.min_value:
            raise mistake("min_remainder is above min_value", "min_remainder")
        return self

    def interest(self, count: int) -> Decimal:
        """Return the monthly rate of a plan of `count` parts."""
        return NOTHING if count <= self.interest_free_up_to else self.monthly_interest


class AtOnceAdjustment(Policy):
    """The least share of each component taken off, whatever the bucket says."""

    multa: Rate = NOTHING
    juros: Rate = NOTHING
    principal: Rate = NOTHING


class InstallmentAdjustment(Policy):
    """What a reason changes of the instalments; what is not written stays as it is."""

    max_count: PlanCount | None = None
    min_value: Reais | None = None
    monthly_interest: Rate | None = None
    interest_free_up_to: Count | None = None
    down_payment: Rate | None = None
    first_due_days: FirstDueDays | None = None
    max_first_due_days: FirstDueDays | None = None
    multa: Rate | None = None
    juros: Rate | None = None
    principal: Rate | None = None


class ReasonPolicy(Policy):
    """What a reason for the delay changes; `person`: somebody should take over."""

    person: bool = False
    at_once: AtOnceAdjustment = AtOnceAdjustment()
    installments: InstallmentAdjustment = InstallmentAdjustment()


class ProfileStep(Policy):
    """What a profile adds to the instalments; a minus takes away."""

    max_count: Step = 0
    interest_free_up_to: Step = 0
    down_payment: SignedRate = NOTHING


class AtOnceGrant(Policy):
    multa: Rate = NOTHING
    juros: Rate = NOTHING
    principal: Rate = NOTHING
    max_due_days: Days = 0


class InstallmentGrant(Policy):
    max_count: Count = 0
    max_first_due_days: Count = 0
    multa: Rate = NOTHING
    juros: Rate = NOTHING
    principal: Rate = NOTHING


class AgreementGrant(Policy):
    max_due_changes: Count = 0
    max_postponement_days: Days = 0


class Grant(Policy):
    """What an authority may add to the terms of a reason and a profile, when asked for it.

    `agreements`: what it may add to the limits on other due dates.
    """

    at_once: AtOnceGrant = AtOnceGrant()
    installments: InstallmentGrant = InstallmentGrant()
    agreements: AgreementGrant = AgreementGrant()


class AuthorityPolicy(Policy):
    """Each level may grant at least what the one below may."""

    bot: Grant
    operator: Grant
    supervisor: Grant

    def grant(self, authority: Authority) -> Grant:
        """Return what an authority may add."""
        grants = {Authority.OPERATOR: self.operator, Authority.SUPERVISOR: self.supervisor}
        return grants.get(authority, self.bot)

    @model_validator(mode="after")
    def _check_growth(self) -> Self:
        for lower, higher in (("bot", "operator"), ("operator", "supervisor")):
            less, more = getattr(self, lower).model_dump(), getattr(self, higher).model_dump()
            for section, fields in less.items():
                for field, value in fields.items():
                    if more[section][field] < value:
                        rule = f"{higher} may grant less than {lower}"
                        raise mistake(rule, higher, section, field)
        return self


class Terms(BaseModel):
    """What may be offered, with every change worked in."""

    at_once: AtOnce
    installments: InstallmentPolicy
    person: bool = False

    def for_reason(self, change: ReasonPolicy) -> "Terms":
        """Return these terms for a reason; paying at once is never dearer than a plan."""
        changed = change.installments.model_dump(exclude_none=True)
        plan = _changed(self.installments, changed)
        buckets = tuple(_at_least(bucket, change.at_once) for bucket in self.at_once.discounts)
        return _consistent(self.at_once, buckets, plan, change.person)

    def for_profile(self, step: ProfileStep) -> "Terms":
        """Return these terms for a profile."""
        plan = _changed(self.installments, _added(self.installments, step))
        return _consistent(self.at_once, self.at_once.discounts, plan, self.person)

    def for_authority(self, grant: Grant) -> "Terms":
        """Return the most that somebody with this authority may grant."""
        plan = _changed(self.installments, _added(self.installments, grant.installments))
        buckets = tuple(
            bucket.model_copy(update=_added(bucket, grant.at_once, leave="max_due_days"))
            for bucket in self.at_once.discounts
        )
        latest = self.at_once.max_due_days + grant.at_once.max_due_days
        at_once = self.at_once.model_copy(update={"max_due_days": latest})
        return _consistent(at_once, buckets, plan, self.person)


def _changed(plan: InstallmentPolicy, changes: dict[str, int | Decimal]) -> InstallmentPolicy:
    return InstallmentPolicy.model_validate(plan.model_dump() | changes)


def _added(to: Policy, step: Policy, leave: str = "") -> dict[str, int | Decimal]:
    """Return the fields of `step` added to those of the same name; shares stay within 0 to 1."""
    sums = {name: getattr(to, name) + value for name, value in step if name != leave}
    return {
        name: min(max(value, NOTHING), ONE) if isinstance(value, Decimal) else value
        for name, value in sums.items()
    }


def _at_least(bucket: Discount, change: AtOnceAdjustment) -> Discount:
    return bucket.model_copy(
        update={
            "multa": max(bucket.multa, change.multa),
            "juros": max(bucket.juros, change.juros),
            "principal": max(bucket.principal, change.principal),
        }
    )


def _consistent(
    at_once: AtOnce, buckets: tuple[Discount, ...], plan: InstallmentPolicy, person: bool
) -> Terms:
    """Return terms in which paying at once takes off at least what a plan takes off."""
    in_plan = AtOnceAdjustment(multa=plan.multa, juros=plan.juros, principal=plan.principal)
    raised = tuple(_at_least(bucket, in_plan) for bucket in buckets)
    return Terms(
        at_once=at_once.model_copy(update={"discounts": raised}), installments=plan, person=person
    )
