"""What the business allows: `policies/negotiation.yml`, validated. No decision is made here.

`terms(reason, profile, authority)` is the policy with their changes worked in.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, PrivateAttr, StringConstraints, ValidationError, model_validator

from bot.billing.actors import Authority
from bot.billing.late_charges import (
    JUROS_CAP,
    JUROS_SOURCE,
    MULTA_CAP,
    MULTA_SOURCE,
    LateChargePolicy,
)
from bot.billing.policy_fields import Count, Days, Digits, Kept, Rate, capped, capped_count, mistake
from bot.billing.policy_words import (
    ChangeCatalog,
    LineCatalog,
    OverIndebted,
    SlipCatalog,
    WhyCatalog,
)
from bot.billing.profiles import History, Profile, profile
from bot.billing.shapes import Reason
from bot.billing.terms import (
    AgreementGrant,
    AtOnce,
    AuthorityPolicy,
    Grant,
    InstallmentPolicy,
    ProfileStep,
    ReasonPolicy,
    Terms,
)
from bot.creditor import (
    POLICIES,
    Policy,
    PolicyError,
    Text,
    fault,
    parse_policy,
    read_policy,
    sentence,
)

NEGOTIATION = POLICIES / "negotiation.yml"
LGPD_DAYS = 15
LGPD_SOURCE = "LGPD, art. 19, II"


class LateChargeRates(Policy):
    """The rates of the contract, under the caps of the law."""

    multa: Annotated[Rate, capped(MULTA_CAP, MULTA_SOURCE)]
    juros_monthly: Annotated[Rate, capped(JUROS_CAP, JUROS_SOURCE)]


class IdentificationPolicy(Policy):
    attempts: Annotated[int, Field(strict=True, ge=1, le=10)]
    lock_hours: Annotated[int, Field(strict=True, ge=1, le=720)]


class OfferPolicy(Policy):
    valid_days: Days
    far_below: Rate


class HabitualFrom(Policy):
    """From which counts on a history is habitual; see `profiles.profile`."""

    broken_agreements: Annotated[Count, Field(ge=1)]
    late_bills: Annotated[Count, Field(ge=1)]


class ProfilePolicies(Policy):
    habitual_from: HabitualFrom
    first_time: ProfileStep
    habitual: ProfileStep

    def step(self, of: Profile) -> ProfileStep:
        """Return what a profile changes."""
        steps = {Profile.FIRST_TIME: self.first_time, Profile.HABITUAL: self.habitual}
        return steps.get(of, ProfileStep())


class Affordability(Policy):
    """What a month must leave for living: the mínimo existencial."""

    kept: Kept


class Bank(Policy):
    """Where the money goes: fields of `boleto.free_field` and a Pix key."""

    code: Annotated[str, StringConstraints(pattern=r"^(237|341)$")]
    name: str
    agencia: Digits
    conta: Digits
    carteira: Digits
    pix_key: str


class ChargePolicy(Policy):
    due_days: Annotated[int, Field(strict=True, ge=0, le=30)]
    payable_after_due_days: Annotated[int, Field(strict=True, ge=0, le=60)]
    link_days: Annotated[int, Field(strict=True, ge=0, le=3650)]


class PromisePolicy(Policy):
    """How far ahead a promise may lie, and how long after its day a payment still keeps it."""

    max_days: Annotated[int, Field(strict=True, ge=1, le=180)]
    grace_days: Annotated[int, Field(strict=True, ge=0, le=30)]


class DisputePolicy(Policy):
    """Days to answer; `data_answer_days` where personal data may be wrong."""

    answer_days: Annotated[int, Field(strict=True, ge=1, le=30)]
    data_answer_days: Annotated[int, Field(strict=True, ge=1), capped_count(LGPD_DAYS, LGPD_SOURCE)]


class EventPolicy(Policy):
    """`charge_due_days`: how many days before its due date a charge is announced, each once."""

    charge_due_days: tuple[Annotated[int, Field(strict=True, ge=0, le=30)], ...]


class AgreementPolicy(Policy):
    """When an agreement breaks, and what may be changed of it. Days are calendar days.

    `broken` and `refunded` say to operators why one ended.
    """

    tolerance_days: Annotated[int, Field(strict=True, ge=0, le=60)]
    max_due_changes: Count
    max_postponement_days: Days
    broken: Annotated[Text, sentence("number", "day")]
    refunded: Text


class NegotiationPolicy(Policy):
    """The whole file. `version` is a short hash of its content; `text` is the file as read."""

    late_charges: LateChargeRates
    identification: IdentificationPolicy
    prescription_years: Annotated[int, Field(strict=True, ge=1, le=10)]
    offers: OfferPolicy
    at_once: AtOnce
    installments: InstallmentPolicy
    agreements: AgreementPolicy
    reasons: dict[Reason, ReasonPolicy]
    profiles: ProfilePolicies
    authority: AuthorityPolicy
    affordability: Affordability
    over_indebted: OverIndebted
    bank: Bank
    charges: ChargePolicy
    promises: PromisePolicy
    disputes: DisputePolicy
    events: EventPolicy
    why: WhyCatalog
    changes: ChangeCatalog
    lines: LineCatalog
    slip: SlipCatalog

    _version: str = PrivateAttr(default="")
    _text: str = PrivateAttr(default="")
    _terms: dict[tuple[Reason, Profile, Authority | None], Terms] = PrivateAttr(
        default_factory=dict
    )

    @model_validator(mode="after")
    def _resolve(self) -> Self:
        canonical = self.model_dump_json().encode()
        self._version = hashlib.sha256(canonical).hexdigest()[:12]
        as_written = Terms(at_once=self.at_once, installments=self.installments)
        for reason in Reason:
            with _blaming("reasons", reason):
                terms = as_written.for_reason(self.reasons.get(reason, ReasonPolicy()))
            for each in Profile:
                with _blaming("profiles", each):
                    adjusted = terms.for_profile(self.profiles.step(each))
                self._resolve_authorities(reason, each, adjusted)
        return self

    def _resolve_authorities(self, reason: Reason, of: Profile, terms: Terms) -> None:
        self._terms[reason, of, None] = terms
        for authority in Authority:
            grant = self.authority.grant(authority)
            with _blaming("authority", authority.name.lower()):
                granted = terms if grant == Grant() else terms.for_authority(grant)
            self._terms[reason, of, authority] = granted

    @property
    def version(self) -> str:
        """Names this policy on offers and agreements."""
        return self._version

    @property
    def text(self) -> str:
        """The file as it was read, with its comments; empty when made otherwise."""
        return self._text

    @property
    def late_charge_policy(self) -> LateChargePolicy:
        """The rates as the money core takes them."""
        return LateChargePolicy(self.late_charges.multa, self.late_charges.juros_monthly)

    def terms(
        self,
        reason: Reason,
        of: Profile = Profile.RETURNING,
        authority: Authority | None = None,
    ) -> Terms:
        """Return what is offered to somebody late for `reason`; the most an authority may grant."""
        return self._terms[reason, of, authority]

    def due_date_limits(self, authority: Authority) -> AgreementGrant:
        """Return how often and how far an authority may move the dates of an agreement."""
        own, more = self.agreements, self.authority.grant(authority).agreements
        return AgreementGrant(
            max_due_changes=own.max_due_changes + more.max_due_changes,
            max_postponement_days=own.max_postponement_days + more.max_postponement_days,
        )

    def profile(self, history: History) -> Profile:
        """Return what a history makes of somebody."""
        limits = self.profiles.habitual_from
        return profile(history, limits.broken_agreements, limits.late_bills)


@contextmanager
def _blaming(section: str, name: str) -> Iterator[None]:
    """Name the section whose changes make terms that cannot be."""
    try:
        yield
    except ValidationError as error:
        where, message = fault(error)
        raise mistake(message, section, name, "installments", *where) from None


def parse(text: str, name: str) -> NegotiationPolicy:
    """Read the text of a negotiation policy. Raises PolicyError, naming `name`, line and field."""
    policy = parse_policy(text, name, NegotiationPolicy)
    policy._text = text
    return policy


def load(path: Path = NEGOTIATION) -> NegotiationPolicy:
    """Read a negotiation policy. Raises PolicyError, naming file, line and field."""
    return parse(read_policy(path), str(path))


@cache
def get_policy() -> NegotiationPolicy:
    """The policy of this installation, read once."""
    return load()


__all__ = ["NegotiationPolicy", "PolicyError", "Terms", "get_policy", "load"]
