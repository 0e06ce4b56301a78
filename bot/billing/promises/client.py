"""What the client knows about promises."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from bot.billing.promises.shapes import Promise, PromiseRequest, Promises
from bot.billing.shapes import Evidence, Nothing, PageQuery
from bot.billing.transport import Transport, checked, query_string


class PromisesClient(Transport):
    """Promises to pay, and what became of them."""

    def promise(
        self,
        customer_id: UUID | str,
        promised_for: date,
        evidence: Evidence,
        *,
        amount: Decimal | None = None,
        invoice_ids: Sequence[UUID] = (),
        agreement_id: UUID | None = None,
        idempotency_key: str,
    ) -> Promise:
        """Write down a promise about invoices, an agreement's next part, or all that is overdue.

        The open one before it is replaced. Refusals: `promise_date_refused`, `nothing_owed`,
        `not_found`.
        """
        body = checked(
            PromiseRequest,
            promised_for=promised_for,
            amount=amount,
            invoice_ids=invoice_ids,
            agreement_id=agreement_id,
            evidence=evidence,
        )
        return self._post(f"/customers/{customer_id}/promises", body, Promise, idempotency_key)

    def promises(self, customer_id: UUID | str, cursor: str | None = None) -> Promises:
        """Return a page of promises, newest first, and the last day for which one can be made."""
        query = query_string(PageQuery, {"cursor": cursor})
        return self._get(f"/customers/{customer_id}/promises?{query}", Promises)

    def cancel_promise(
        self, customer_id: UUID | str, promise_id: UUID, *, idempotency_key: str
    ) -> Promise:
        """Take an open promise back. Refusals: `already_ended`, `not_found`."""
        path = f"/customers/{customer_id}/promises/{promise_id}/cancellation"
        return self._post(path, Nothing(), Promise, idempotency_key)
