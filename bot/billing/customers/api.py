"""Customers over HTTP."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint

from bot.billing.customers import invoices, service
from bot.billing.customers.shapes import (
    CustomerChange,
    CustomerDetails,
    CustomerPage,
    CustomerSearch,
    Invoice,
    InvoicePage,
    WriteOffRequest,
)
from bot.billing.http import IdempotencyHeaders, billing_context, once_per_key, require_token
from bot.billing.shapes import PageQuery
from bot.db import transaction

api = APIBlueprint("customers", __name__, tag="customers")
api.before_request(require_token)


@api.get("/customers")
@api.input(CustomerSearch, location="query", arg_name="search")
@api.output(CustomerPage)
def get_customers(search: CustomerSearch) -> CustomerPage:
    """Find customers by document, phone, external id or the beginning of their name."""
    with transaction() as session:
        return service.find(session, search)


@api.get("/customers/<uuid:customer_id>")
@api.output(CustomerDetails)
def get_customer(customer_id: UUID) -> CustomerDetails:
    """Tell who a customer is and how they like to be reached."""
    with transaction() as session:
        return service.details_of(session, customer_id)


@api.patch("/customers/<uuid:customer_id>")
@api.input(CustomerChange, arg_name="body")
@api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@api.output(CustomerDetails)
def patch_customer(customer_id: UUID, body: CustomerChange, headers: IdempotencyHeaders) -> Any:
    """Change what is given; what is left out stays."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (200, service.change(session, context, customer_id, body)),
    )


@api.get("/customers/<uuid:customer_id>/invoices")
@api.input(PageQuery, location="query", arg_name="page")
@api.output(InvoicePage)
def get_invoices(customer_id: UUID, page: PageQuery) -> InvoicePage:
    """List every invoice of a customer in whatever state, the oldest first."""
    with transaction() as session:
        return invoices.invoices_of(session, billing_context(), customer_id, page)


@api.post("/customers/<uuid:customer_id>/invoices/<uuid:invoice_id>/write-off")
@api.input(WriteOffRequest, arg_name="body")
@api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@api.output(Invoice)
def post_write_off(
    customer_id: UUID, invoice_id: UUID, body: WriteOffRequest, headers: IdempotencyHeaders
) -> Any:
    """Give an invoice up for good."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (
            200,
            invoices.write_off(session, context, customer_id, invoice_id, body),
        ),
    )
