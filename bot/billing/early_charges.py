"""Paying parts of an agreement before their time: what it costs, and the charge to do it."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from bot.billing.agreement_changes import active_agreement
from bot.billing.agreements import open_parts
from bot.billing.charges import Bill, due_soon, issue
from bot.billing.context import SAO_PAULO, Context
from bot.billing.debts import account, get_customer
from bot.billing.early_payment import SOURCE, Plan, PlannedPart
from bot.billing.errors import NotFound
from bot.billing.late_charges import ChargeLine
from bot.billing.models import AgreementRow, InstallmentRow
from bot.billing.payments.imputation import EarlyPrice
from bot.billing.payments.shapes import EarlyPaymentRequest, EarlyQuote
from bot.billing.quotes import ZERO
from bot.billing.shapes import Reference


def quote_early_payment(
    session: Session,
    context: Context,
    customer_id: UUID,
    agreement_id: UUID,
    request: EarlyPaymentRequest,
) -> EarlyQuote:
    """Return what these parts cost today, without issuing anything."""
    get_customer(session, customer_id)
    agreement = active_agreement(session, customer_id, agreement_id)
    parts = _chosen(agreement, request)
    bill = _bill(context, agreement, parts)
    return EarlyQuote(
        numbers=[part.number for part in parts],
        as_of=context.today(),
        balance=sum((part.balance for part in parts), ZERO),
        late_charges=_late_charges(context, parts),
        discount=_discount(bill.early),
        total=bill.amount,
        due=bill.due,
    )


def pay_early(
    session: Session,
    context: Context,
    customer_id: UUID,
    agreement_id: UUID,
    request: EarlyPaymentRequest,
) -> Reference:
    """Name one charge, to be issued, in place of these parts' own; paid in time it settles them."""
    customer = get_customer(session, customer_id, lock=True)
    agreement = active_agreement(session, customer_id, agreement_id)
    bill = _bill(context, agreement, _chosen(agreement, request))
    return Reference(id=issue(session, context, customer, bill).id)


def _chosen(agreement: AgreementRow, request: EarlyPaymentRequest) -> list[InstallmentRow]:
    """Return the parts asked for, or all that are unpaid."""
    unpaid = open_parts(agreement)
    wanted = set(request.numbers or [part.number for part in unpaid])
    missing = wanted - {part.number for part in unpaid}
    if missing:
        raise NotFound(f"no unpaid part {min(missing)} of agreement {agreement.number}")
    return [part for part in unpaid if part.number in wanted]


def _bill(context: Context, agreement: AgreementRow, parts: Sequence[InstallmentRow]) -> Bill:
    plan, today, names = _plan(agreement), context.today(), context.policy.lines
    early = {
        part.id: EarlyPrice(part.balance, plan.price(part.balance, part.due, today))
        for part in parts
    }
    title = names.early.format(agreement=agreement.number)
    discount = _discount(early)
    late = _late_charges(context, parts)
    lines = (
        ChargeLine(title, "", sum((part.balance for part in parts), ZERO)),
        ChargeLine(f"{names.multa} + {names.juros}", "", late),
        ChargeLine(names.early_discount, "", -discount, SOURCE),
    )
    return Bill(
        amount=sum((line.amount for line in lines), ZERO),
        due=due_soon(context),
        description=title,
        lines=tuple(line for line in lines if line.amount),
        composition=agreement.lines,
        early=early,
    )


def _discount(early: Mapping[UUID, EarlyPrice]) -> Decimal:
    return sum((terms.balance - terms.price for terms in early.values()), ZERO)


def _late_charges(context: Context, parts: Sequence[InstallmentRow]) -> Decimal:
    rates, today = context.policy.late_charge_policy, context.today()
    return sum((account(part).on(today, rates).additions for part in parts), ZERO)


def _plan(agreement: AgreementRow) -> Plan:
    return Plan(
        agreement.created_at.astimezone(SAO_PAULO).date(),
        agreement.interest,
        [PlannedPart(part.due, part.amount) for part in agreement.installments],
    )
