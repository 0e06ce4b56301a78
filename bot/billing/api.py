"""Billing's HTTP API. Every view is a door: it reads the request, calls a rule, answers."""

from typing import Any
from uuid import UUID

from apiflask import APIBlueprint, APIFlask, FileSchema
from flask import Response

from bot import logs
from bot.billing import (
    actor_header,
    agreements,
    charges,
    debts,
    identification,
    negotiation,
    problems,
    proposals,
    public,
)
from bot.billing.audit import requests
from bot.billing.audit.api import audit_api
from bot.billing.calendar import is_business_day
from bot.billing.context import Clock, make_context, utc_now
from bot.billing.customers.api import api as customers_api
from bot.billing.disputes.api import disputes_api
from bot.billing.documents.api import documents_api
from bot.billing.events.api import events_api
from bot.billing.figures.api import figures_api
from bot.billing.http import (
    EXTENSION,
    IdempotencyHeaders,
    billing_context,
    once_and_settle,
    once_per_key,
    require_token,
)
from bot.billing.openapi import describe
from bot.billing.payments.api import payments_api
from bot.billing.promises.api import promises_api
from bot.billing.proposal_shapes import Proposals
from bot.billing.shapes import (
    Agreement,
    AgreementRequest,
    Agreements,
    Charge,
    ChargeRequest,
    Charges,
    Debts,
    Identification,
    IdentificationRequest,
    Offer,
    Offers,
    OffersRequest,
    PublicCharge,
)
from bot.db import transaction
from bot.settings import get_settings
from bot.web import harden

MAX_BODY = 64 * 1024
PACKAGES = (
    audit_api,
    customers_api,
    disputes_api,
    documents_api,
    events_api,
    figures_api,
    payments_api,
    promises_api,
)

api = APIBlueprint("billing", __name__, tag="billing")
api.before_request(require_token)


def create_app(clock: Clock = utc_now) -> APIFlask:
    """The API as a WSGI app. Raises SettingsError or PolicyError when it cannot start."""
    settings = get_settings()
    logs.configure(settings, "billing")
    app = APIFlask(__name__, title="Combinado billing", version="1")
    app.config.update(OPENAPI_VERSION="3.1.0", VALIDATION_ERROR_DESCRIPTION="Invalid request")
    app.config["AUTO_OPERATION_ID"] = True
    harden(app)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    context = app.extensions[EXTENSION] = make_context(settings, clock)
    is_business_day(context.today())  # half a second to load the calendar, and not in a request
    app.config["BILLING_TOKEN"] = settings.billing_token.get_secret_value()
    requests.register(app)
    actor_header.register(app)
    for blueprint in (api, *PACKAGES):
        app.register_blueprint(blueprint)
    app.spec_processor(describe)
    problems.register(app)
    return app


@api.post("/identifications")
@api.input(IdentificationRequest, arg_name="body")
@api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@api.output(Identification)
def post_identification(body: IdentificationRequest, headers: IdempotencyHeaders) -> Any:
    """Check who is speaking; three wrong attempts lock the phone."""
    return once_per_key(
        body,
        headers,
        lambda session, context: (200, identification.identify(session, context, body)),
    )


@api.get("/customers/<uuid:customer_id>/debts")
@api.output(Debts)
def get_debts(customer_id: UUID) -> Debts:
    """List what is overdue and in no agreement, itemised."""
    with transaction() as session:
        return debts.debts_of(session, billing_context(), customer_id)


@api.post("/customers/<uuid:customer_id>/offers")
@api.input(OffersRequest, arg_name="body")
@api.output(Offers)
def post_offers(customer_id: UUID, body: OffersRequest) -> Offers:
    """Offer at most four ways to settle everything that is overdue."""
    with transaction() as session:
        return negotiation.offer_ways(session, billing_context(), customer_id, body)


@api.get("/customers/<uuid:customer_id>/offers/<offer_id>")
@api.output(Offer)
def get_offer(customer_id: UUID, offer_id: str) -> Offer:
    """Show an offer made to this customer."""
    with transaction() as session:
        return negotiation.to_offer(negotiation.get_offer(session, customer_id, offer_id))


@api.get("/customers/<uuid:customer_id>/proposals")
@api.output(Proposals)
def get_proposals(customer_id: UUID) -> Proposals:
    """List what the customer proposed that only a person may decide on, newest first."""
    with transaction() as session:
        return Proposals(proposals=proposals.proposals_of(session, customer_id))


@api.post("/customers/<uuid:customer_id>/agreements")
@api.input(AgreementRequest, arg_name="body")
@api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@api.output(Agreement, status_code=201)
def post_agreement(customer_id: UUID, body: AgreementRequest, headers: IdempotencyHeaders) -> Any:
    """Accept an offer: the agreement, with its first charge as soon as the provider issued it."""
    key = headers.idempotency_key
    return once_and_settle(
        customer_id,
        body,
        headers,
        lambda session, context: (
            201,
            agreements.agree(session, context, customer_id, body, key),
        ),
        agreements.agreement_now,
    )


@api.get("/customers/<uuid:customer_id>/agreements")
@api.output(Agreements)
def get_agreements(customer_id: UUID) -> Agreements:
    """List agreements, newest first, with the state of their parts."""
    with transaction() as session:
        found = agreements.agreements_of(session, billing_context(), customer_id)
        return Agreements(agreements=found)


@api.get("/customers/<uuid:customer_id>/charges")
@api.output(Charges)
def get_charges(customer_id: UUID) -> Charges:
    """List the charges that can be paid now, and those that are waited for."""
    with transaction() as session:
        return Charges(
            charges=charges.live_charges(session, billing_context(), customer_id),
            waiting=charges.waiting_charges(session, customer_id),
        )


@api.post("/customers/<uuid:customer_id>/charges")
@api.input(ChargeRequest, arg_name="body")
@api.input(IdempotencyHeaders, location="headers", arg_name="headers")
@api.output(Charge)
def post_charge(customer_id: UUID, body: ChargeRequest, headers: IdempotencyHeaders) -> Any:
    """Give a charge for an invoice, an agreement's next instalment, or all that is overdue."""
    return once_and_settle(
        customer_id,
        body,
        headers,
        lambda session, context: (200, charges.charge_for(session, context, customer_id, body)),
        charges.charge_now,
    )


@api.get("/public/charges/<token>")
@api.output(PublicCharge)
def get_public_charge(token: str) -> PublicCharge:
    """Show a charge to whoever holds its link."""
    with transaction() as session:
        return public.public_charge(session, billing_context(), token)


@api.get("/public/charges/<token>/slip.pdf")
@api.output(FileSchema(), content_type="application/pdf")
def get_slip(token: str) -> Response:
    """Give the boleto of a charge as a PDF of one A4 sheet."""
    with transaction() as session:
        pdf = public.slip_pdf(session, billing_context(), token)
    return Response(pdf, content_type="application/pdf")
