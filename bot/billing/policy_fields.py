"""What the fields of a policy file are made of: rates, amounts, counts, and the caps of
the law. A mistake says what was wrong; `mistake` also says where, when the model cannot.
"""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from bot.billing.money import check_amount, format_percent

LONGEST_PLAN = 60
LATEST_FIRST_DUE = 180
PLAN_SOURCE = "Lei 14.181/2021"
LEAST_KEPT = Decimal("600.00")
KEPT_SOURCE = "Decreto 11.567/2023"


def mistake(message: str, *at: str | int) -> PydanticCustomError:
    """Return the error of a rule between fields; `at` leads from the model to the one at fault."""
    return PydanticCustomError("policy", "{message}", {"message": message, "at": at})


def _signed_rate(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    text = str(value).strip()
    number = text.removesuffix("%").strip().replace(",", ".")
    if not text.endswith("%") or not _is_number(number.removeprefix("-")):
        raise ValueError(f"{value!r} is not a percentage like 2%")
    return Decimal(number) / 100


def _reais(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str) or not _is_number(value):
        raise ValueError(f'{value!r} is not an amount between quotes like "50.00"')
    return check_amount(Decimal(value), "amount")


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()


def capped(cap: Decimal, source: str) -> AfterValidator:
    """A rate of at most what `source` allows."""

    def check(rate: Decimal) -> Decimal:
        if rate > cap:
            raise ValueError(
                f"{format_percent(rate)} is above the legal cap of {format_percent(cap)} ({source})"
            )
        return rate

    return AfterValidator(check)


def capped_count(cap: int, source: str = PLAN_SOURCE) -> AfterValidator:
    """A count of at most what `source` allows."""

    def check(value: int) -> int:
        if value > cap:
            raise ValueError(f"{value} is above the legal cap of {cap} ({source})")
        return value

    return AfterValidator(check)


def _check_kept(amount: Decimal) -> Decimal:
    if amount < LEAST_KEPT:
        raise ValueError(f"{amount} is below the legal minimum of {LEAST_KEPT} ({KEPT_SOURCE})")
    return amount


SignedRate = Annotated[Decimal, BeforeValidator(_signed_rate), Field(ge=-1, le=1)]
Rate = Annotated[Decimal, BeforeValidator(_signed_rate), Field(ge=0, le=1)]
Reais = Annotated[Decimal, BeforeValidator(_reais), Field(gt=0)]
Kept = Annotated[Reais, AfterValidator(_check_kept)]
Days = Annotated[int, Field(strict=True, ge=0, le=3650)]
DayOfMonth = Annotated[int, Field(strict=True, ge=1, le=31)]
Count = Annotated[int, Field(strict=True, ge=0)]
Step = Annotated[int, Field(strict=True, ge=-3650, le=3650)]
PlanCount = Annotated[int, Field(strict=True, ge=1), capped_count(LONGEST_PLAN)]
FirstDueDays = Annotated[int, Field(strict=True, ge=0), capped_count(LATEST_FIRST_DUE)]
Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]
