"""The public pages, in the `web` process: a charge or a document for whoever holds its link.

They know billing only by its client. No page needs a script to work.
"""

from datetime import date
from decimal import Decimal
from functools import partial, update_wrapper
from typing import Final

from babel.dates import format_date
from flask import Blueprint, Response, make_response, render_template

from bot.billing.boleto import barcode_svg, format_linha_digitavel
from bot.billing.client import BillingClient, BillingRefused, BillingUnavailable
from bot.billing.money import format_brl
from bot.billing.pix import qr_svg
from bot.creditor import Creditor

LOCALE: Final = "pt_BR"
RETRY_SECONDS: Final = "30"
REFUSALS: Final = {
    "not_found": "unknown",
    "charge_expired": "expired",
    "charge_replaced": "replaced",
    "charge_cancelled": "cancelled",
    "charge_pending": "issuing",
    "link_expired": "link_expired",
    "document_not_found": "document_unknown",
    "document_expired": "document_expired",
    "document_withdrawn": "document_withdrawn",
}
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "object-src 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def blueprint(client: BillingClient, creditor: Creditor) -> Blueprint:
    """Return the blueprint `pages`: `/pagar/<token>` and `/documentos/<token>` with their PDFs."""
    pages = Blueprint(
        "pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/pagar-assets",
    )
    for rule, name, view in (
        ("/pagar/<token>", "charge", _charge),
        ("/pagar/<token>/boleto.pdf", "slip", _slip),
        ("/documentos/<token>", "document", _document),
        ("/documentos/<token>/documento.pdf", "document_pdf", _document_pdf),
    ):
        pages.add_url_rule(rule, name, update_wrapper(partial(view, client), view))
    pages.register_error_handler(BillingRefused, _refused)
    pages.register_error_handler(BillingUnavailable, _unavailable)
    pages.after_request(_harden)
    for shown in (_brl, _day, _long_date, _digits):
        pages.app_template_filter(shown.__name__.removeprefix("_"))(shown)
    pages.context_processor(lambda: {"creditor": creditor})
    return pages


def _charge(client: BillingClient, token: str) -> Response:
    """The page of a charge."""
    charge = client.public_charge(token)
    if charge.status != "live":
        return _page(charge.status, charge=charge)
    return _page(
        "charge",
        charge=charge,
        token=token,
        linha_digitavel=format_linha_digitavel(charge.linha_digitavel),
        barcode=barcode_svg(charge.barcode),
        qr=qr_svg(charge.pix_copy_paste),
    )


def _slip(client: BillingClient, token: str) -> Response:
    """The boleto on a sheet, to print or to keep."""
    return _pdf(client.slip(token), "boleto")


def _document(client: BillingClient, token: str) -> Response:
    """The page that proves a document, and opens it for its holder."""
    return _page("document", document=client.public_document(token), token=token)


def _document_pdf(client: BillingClient, token: str) -> Response:
    """The document on paper."""
    return _pdf(client.document_pdf(token), "documento")


def _refused(error: BillingRefused) -> Response:
    return _page(REFUSALS.get(error.code, "unknown"), error.status)


def _unavailable(_: BillingUnavailable) -> Response:
    response = _page("unavailable", 503)
    response.headers["Retry-After"] = RETRY_SECONDS
    return response


def _harden(response: Response) -> Response:
    if "Cache-Control" not in response.headers:
        response.headers.update(HEADERS)
    return response


def _page(name: str, status: int = 200, **values: object) -> Response:
    return make_response(render_template(f"pages/{name}.html", **values), status)


def _pdf(content: bytes, name: str) -> Response:
    disposition = f'inline; filename="{name}.pdf"'
    headers = {"Content-Disposition": disposition}
    return Response(content, mimetype="application/pdf", headers=headers)


def _brl(amount: Decimal) -> str:
    return format_brl(amount).replace(" ", "\u00a0")


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _long_date(day: date) -> str:
    return format_date(day, "EEEE, d 'de' MMMM 'de' y", locale=LOCALE)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
