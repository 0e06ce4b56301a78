"""What offers are computed from: gathered from the tables, and kept with what came of it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Date, String, Uuid, bindparam, exists, select
from sqlalchemy.orm import Session

from bot.billing.actors import Authority, current_actor
from bot.billing.context import Context
from bot.billing.debts import DueInvoice, overdue_invoices
from bot.billing.errors import NotFound
from bot.billing.histories import history_columns
from bot.billing.models import (
    AgreementRow,
    CustomerRow,
    InvoiceRow,
    OfferRequestRow,
    OfferRow,
    PolicyVersionRow,
)
from bot.billing.offers import Inquiry, OfferSet
from bot.billing.profiles import History, Profile
from bot.billing.quotes import OpenDebt, Standing
from bot.billing.shapes import OffersRequest, Reason, Wish
from bot.billing.wishes import is_proposal

Record = dict[str, Any]


_CUSTOMER, _VERSION, _TODAY = (
    bindparam("customer_id", type_=Uuid()),
    bindparam("version", type_=String()),
    bindparam("today", type_=Date()),
)
# Built once: the chat waits for these. Locking comes first, so that a second request of the
# same customer reads the offers that the first one wrote.
_LOCKED = (
    select(
        *history_columns(_CUSTOMER),
        exists().where(PolicyVersionRow.version == _VERSION).label("policy_is_kept"),
    )
    .where(CustomerRow.id == _CUSTOMER)
    .with_for_update(of=CustomerRow)
)
_STANDING = (
    select(OfferRow)
    .outerjoin(AgreementRow, AgreementRow.offer_id == OfferRow.id)
    .where(
        OfferRow.customer_id == _CUSTOMER,
        OfferRow.valid_until >= _TODAY,
        AgreementRow.id.is_(None),
    )
    .order_by(OfferRow.created_at, OfferRow.position, OfferRow.id)
)


@dataclass(frozen=True)
class Gathered:
    """An inquiry, and the rows it was made of."""

    inquiry: Inquiry
    history: History
    debts: list[Record]
    standing: Sequence[OfferRow]
    policy_is_kept: bool


def gather(
    session: Session, context: Context, customer_id: UUID, request: OffersRequest
) -> Gathered:
    """Lock the customer and read what offers to them depend on today. Raises NotFound."""
    names = {"customer_id": customer_id, "version": context.policy.version}
    found = session.execute(_LOCKED, names).one_or_none()
    if found is None:
        raise NotFound(f"no customer {customer_id}")
    *counts, policy_is_kept = found
    history = History(*counts)
    due = overdue_invoices(session, context, customer_id)
    debts = [_debt_record(invoice) for invoice in due]
    standing = _standing(session, customer_id, debts, context.today()) if due else []
    inquiry = Inquiry(
        debts=[invoice.open_debt for invoice in due],
        reason=request.reason,
        wish=request.wish,
        today=context.today(),
        standing=[_stands(row) for row in standing],
        profile=context.policy.profile(history),
        authority=current_actor().authority,
    )
    return Gathered(inquiry, history, debts, standing, policy_is_kept)


def keep(
    session: Session, context: Context, customer_id: UUID, gathered: Gathered, made: OfferSet
) -> UUID:
    """Write down an inquiry with what came of it, and return its id."""
    inquiry = gathered.inquiry
    row = OfferRequestRow(
        id=uuid4(),
        customer_id=customer_id,
        actor=str(current_actor()),
        authority=inquiry.authority.name.lower(),
        reason=inquiry.reason.value,
        profile=inquiry.profile.value,
        history=asdict(gathered.history),
        wish=wish_record(inquiry.wish),
        debts=gathered.debts,
        standing=[_standing_record(offer) for offer in inquiry.standing],
        today=inquiry.today,
        policy_version=context.policy.version,
        changes=[change.model_dump(mode="json") for change in made.changes],
        over_indebted=made.over_indebted,
        proposal=goes_to_person(inquiry, made),
        asked_at=context.now(),
    )
    session.add(row)
    return row.id


def restore(row: OfferRequestRow) -> Inquiry:
    """Return an inquiry as it was."""
    return Inquiry(
        debts=[_open_debt(record) for record in row.debts],
        reason=Reason(row.reason),
        wish=Wish.model_validate(row.wish) if row.wish else None,
        today=row.today,
        standing=[_standing_from(record) for record in row.standing],
        profile=Profile(row.profile),
        authority=Authority[row.authority.upper()],
    )


def goes_to_person(inquiry: Inquiry, made: OfferSet) -> bool:
    """Whether this is a proposal that somebody must decide on."""
    return made.over_indebted or (made.needs_person and is_proposal(inquiry.wish))


def wish_record(wish: Wish | None) -> Record:
    """Return a wish as it is stored; empty for none."""
    return wish.model_dump(mode="json", exclude_none=True, exclude_defaults=True) if wish else {}


def identity(debts: Sequence[Record]) -> dict[str, tuple[str | None, ...]]:
    """Return what identifies a set of debts: whose balances changed is another set.

    Late charges that only grew with the days do not make it another.
    """
    return {
        debt["invoice_id"]: tuple(
            debt.get(name, "") for name in ("balance", "carried", "juros_from")
        )
        for debt in debts
    }


def state(row: InvoiceRow) -> Record:
    """Return what of an invoice, besides the day, decides how much is owed."""
    return {
        "invoice_id": str(row.id),
        "balance": str(row.balance),
        "carried": str(row.carried),
        "juros_from": str(row.juros_from or ""),
    }


def _debt_record(invoice: DueInvoice) -> Record:
    debt = invoice.open_debt
    charges = {"multa": str(debt.multa), "juros": str(debt.juros), "days_late": debt.days_late}
    return {**state(invoice.row), **charges}


def _open_debt(record: Record) -> OpenDebt:
    balance, multa, juros = (Decimal(record[name]) for name in ("balance", "multa", "juros"))
    return OpenDebt(UUID(record["invoice_id"]), balance, multa, juros, record["days_late"])


def _standing(
    session: Session, customer_id: UUID, debts: Sequence[Record], today: date
) -> list[OfferRow]:
    """Return the offers for exactly these debts that are still valid and not taken."""
    rows = session.scalars(_STANDING, {"customer_id": customer_id, "today": today})
    same = identity(debts)
    return [row for row in rows if identity(row.debts) == same]


def _stands(row: OfferRow) -> Standing:
    amounts = tuple(Decimal(part["amount"]) for part in row.parts)
    return Standing(amounts, row.down_payment, date.fromisoformat(row.parts[0]["due"]))


def _standing_record(offer: Standing) -> Record:
    down = offer.down_payment
    return {
        "amounts": [str(amount) for amount in offer.amounts],
        "down_payment": None if down is None else str(down),
        "first_due": offer.first_due.isoformat(),
    }


def _standing_from(record: Record) -> Standing:
    down = record["down_payment"]
    return Standing(
        tuple(Decimal(amount) for amount in record["amounts"]),
        None if down is None else Decimal(down),
        date.fromisoformat(record["first_due"]),
    )
