"""What charges cover, to tell which of them are for the same debt."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.billing.charge_models import ChargeInstallmentRow, ChargeInvoiceRow, ChargeRow
from bot.billing.models import AgreementInvoiceRow, InstallmentRow


@dataclass(frozen=True)
class Cover:
    """The invoices that a charge pays, by themselves or by `parts` of an agreement."""

    invoices: frozenset[UUID]
    agreement: UUID | None = None
    parts: frozenset[UUID] = frozenset()

    def overlaps(self, other: "Cover") -> bool:
        """Whether both pay some debt: parts of one agreement are debts of their own."""
        if self.agreement is not None and self.agreement == other.agreement:
            return not self.parts.isdisjoint(other.parts)
        return not self.invoices.isdisjoint(other.invoices)


def cover(session: Session, charge: ChargeRow) -> Cover:
    """Return what a charge covers, live or not."""
    parts = dict(_parts(session, charge))
    if not parts:
        bare = ChargeInvoiceRow
        found = session.scalars(select(bare.invoice_id).where(bare.charge_id == charge.id))
        return Cover(frozenset(found))
    [agreement] = set(parts.values())
    link = AgreementInvoiceRow
    settled = session.scalars(select(link.invoice_id).where(link.agreement_id == agreement))
    return Cover(frozenset(settled), agreement, frozenset(parts))


def overlapping(
    session: Session, charges: Collection[ChargeRow], others: Collection[ChargeRow]
) -> list[ChargeRow]:
    """Return those of `charges` that are for a debt which one of `others` is for."""
    if not charges or not others:
        return []
    covers = [cover(session, other) for other in others]
    return [row for row in charges if any(map(cover(session, row).overlaps, covers))]


def _parts(session: Session, charge: ChargeRow) -> Iterator[tuple[UUID, UUID]]:
    """Yield the instalments a charge pays, each with its agreement."""
    early = select(ChargeInstallmentRow.installment_id).where(
        ChargeInstallmentRow.charge_id == charge.id
    )
    found = session.execute(
        select(InstallmentRow.id, InstallmentRow.agreement_id).where(
            or_(InstallmentRow.id == charge.installment_id, InstallmentRow.id.in_(early))
        )
    )
    yield from ((part, agreement) for part, agreement in found)
