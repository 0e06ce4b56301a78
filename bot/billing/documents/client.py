"""What the client knows about documents."""

from urllib.parse import quote
from uuid import UUID

from bot.billing.documents.shapes import Document, Documents, PublicDocument
from bot.billing.transport import Transport


class DocumentsClient(Transport):
    """Receipts, terms, letters of clearance and yearly declarations."""

    def documents(self, customer_id: UUID | str) -> list[Document]:
        """Return every document the customer can have now, newest first, each with its link."""
        return self._get(f"/customers/{customer_id}/documents", Documents).documents

    def public_document(self, token: str) -> PublicDocument:
        """Return what proves a document.

        Refusals: `document_not_found`, `document_expired`, `document_withdrawn`.
        """
        return self._get(f"/public/documents/{quote(token, safe='')}", PublicDocument)

    def document_pdf(self, token: str) -> bytes:
        """Return a document as PDF, for a link that opens it. Refusals as above."""
        path = f"/public/documents/{quote(token, safe='')}/document.pdf"
        return self._call("GET", path).content
