"""What the client knows about disputes."""

from collections.abc import Sequence
from uuid import UUID

from bot.billing.disputes.shapes import (
    Dispute,
    DisputeDecision,
    DisputeKind,
    DisputeRequest,
    Disputes,
)
from bot.billing.shapes import Evidence, PageQuery
from bot.billing.transport import Transport, checked, query_string


class DisputesClient(Transport):
    """What somebody says is wrong, until a person has answered."""

    def dispute(
        self,
        customer_id: UUID | str,
        kind: DisputeKind | str,
        statement: str,
        *,
        invoice_ids: Sequence[UUID] = (),
        receipt: str | None = None,
        evidence: Evidence | None = None,
        idempotency_key: str,
    ) -> Dispute:
        """Stop collecting these invoices, or all that are open, until a person has answered.

        Refusals: `already_disputed`, `already_agreed`, `nothing_owed`, `not_found`.
        """
        body = checked(
            DisputeRequest,
            kind=kind,
            statement=statement,
            invoice_ids=invoice_ids,
            receipt=receipt,
            evidence=evidence,
        )
        return self._post(f"/customers/{customer_id}/disputes", body, Dispute, idempotency_key)

    def disputes(self, customer_id: UUID | str, cursor: str | None = None) -> Disputes:
        """Return a page of a customer's disputes, newest first."""
        query = query_string(PageQuery, {"cursor": cursor})
        return self._get(f"/customers/{customer_id}/disputes?{query}", Disputes)

    def open_disputes(self, cursor: str | None = None) -> Disputes:
        """Return a page of everybody's open disputes, those to be answered soonest first."""
        query = query_string(PageQuery, {"cursor": cursor})
        return self._get(f"/disputes?{query}", Disputes)

    def decide_dispute(
        self,
        customer_id: UUID | str,
        dispute_id: UUID,
        decision: DisputeDecision,
        *,
        idempotency_key: str,
    ) -> Dispute:
        """End a dispute; the bot may only withdraw one.

        Refusals: `not_allowed`, `already_ended`, `correction_refused`, `not_found`.
        """
        path = f"/customers/{customer_id}/disputes/{dispute_id}/decision"
        return self._post(path, decision, Dispute, idempotency_key)
