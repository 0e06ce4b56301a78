"""What the client knows about customers and their invoices."""

from typing import Any
from uuid import UUID

from bot.billing.customers.shapes import (
    CustomerChange,
    CustomerDetails,
    CustomerPage,
    CustomerSearch,
    Invoice,
    InvoicePage,
    WriteOffRequest,
)
from bot.billing.shapes import PageQuery
from bot.billing.transport import Transport, checked, query_string


class CustomersClient(Transport):
    """Who there is, how they like to be reached, what they were billed."""

    def find_customers(self, **search: Any) -> CustomerPage:
        """Return who fits: `document`, `phone`, `name` (its beginning), `external_id`.

        At most `limit`; `cursor` is the `next_cursor` of the page before.
        """
        return self._get(f"/customers?{query_string(CustomerSearch, search)}", CustomerPage)

    def change_customer(
        self, customer_id: UUID | str, change: CustomerChange, *, idempotency_key: str
    ) -> CustomerDetails:
        """Change what `change` names only. Refusals: `phone_taken`, `hours_reversed`."""
        return self._send(
            "PATCH", f"/customers/{customer_id}", change, CustomerDetails, idempotency_key
        )

    def invoices(
        self, customer_id: UUID | str, cursor: str | None = None, limit: int = 50
    ) -> InvoicePage:
        """Return the customer's invoices in whatever state, the oldest first."""
        query = query_string(PageQuery, {"cursor": cursor, "limit": limit})
        return self._get(f"/customers/{customer_id}/invoices?{query}", InvoicePage)

    def write_off(
        self, customer_id: UUID | str, invoice_id: UUID | str, reason: str, *, idempotency_key: str
    ) -> Invoice:
        """Give an invoice up for good. Refusals: `not_allowed`, `already_agreed`, `not_open`."""
        path = f"/customers/{customer_id}/invoices/{invoice_id}/write-off"
        return self._post(path, checked(WriteOffRequest, reason=reason), Invoice, idempotency_key)
