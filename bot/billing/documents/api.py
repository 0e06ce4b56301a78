"""The endpoints of documents."""

from uuid import UUID

from apiflask import APIBlueprint, FileSchema
from flask import Response

from bot.billing.documents import service
from bot.billing.documents.shapes import Documents, PublicDocument
from bot.billing.http import billing_context, require_token
from bot.db import transaction

documents_api = APIBlueprint("documents", __name__, tag="documents")
documents_api.before_request(require_token)


@documents_api.get("/customers/<uuid:customer_id>/documents")
@documents_api.output(Documents)
def get_documents(customer_id: UUID) -> Documents:
    """List every document a customer can have now, newest first, each with its link."""
    with transaction() as session:
        found = service.documents_of(session, billing_context(), customer_id)
        return Documents(documents=found)


@documents_api.get("/public/documents/<token>")
@documents_api.output(PublicDocument)
def get_public_document(token: str) -> PublicDocument:
    """Prove a document to whoever holds its token."""
    with transaction() as session:
        return service.public_document(session, billing_context(), token)


@documents_api.get("/public/documents/<token>/document.pdf")
@documents_api.output(FileSchema(), content_type="application/pdf")
def get_document_pdf(token: str) -> Response:
    """Give a document as PDF to whoever holds the link that opens it."""
    with transaction() as session:
        pdf = service.document_pdf(session, billing_context(), token)
    return Response(pdf, content_type="application/pdf")
