"""The public payment page, in the `web` process: one charge for whoever holds its link.

It knows billing only by its client. No page needs a script to work.
"""

from datetime import date
from decimal import Decimal
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
PAGES: Final = {
    "not_found": "unknown",
    "charge_expired": "expired",
    "charge_cancelled": "replaced",
    "charge_pending": "unavailable",
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
    """Return the blueprint `pages`: `/pagar/<token>` and its boleto."""
    pages = Blueprint(
        "pages",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/pagar-assets",
    )

    @pages.get("/pagar/<token>")
    def charge(token: str) -> Response:
        """The page of a charge."""
        found = client.public_charge(token)
        return _page(
            "paid" if found.status == "paid" else "charge",
            charge=found,
            token=token,
            linha_digitavel=format_linha_digitavel(found.linha_digitavel),
            barcode=barcode_svg(found.barcode),
            qr=qr_svg(found.pix_copy_paste),
        )

    @pages.get("/pagar/<token>/boleto.pdf")
    def slip(token: str) -> Response:
        """The boleto on a sheet, to print or to keep."""
        return Response(
            client.slip(token),
            mimetype="application/pdf",
            headers={"Content-Disposition": 'inline; filename="boleto.pdf"'},
        )

    @pages.errorhandler(BillingRefused)
    def refused(error: BillingRefused) -> Response:
        return _page(PAGES.get(error.code, "unknown"), error.status)

    @pages.errorhandler(BillingUnavailable)
    def unavailable(_: BillingUnavailable) -> Response:
        response = _page("unavailable", 503)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response

    @pages.after_request
    def harden(response: Response) -> Response:
        if "Cache-Control" not in response.headers:
            response.headers.update(HEADERS)
        return response

    pages.app_template_filter("brl")(_brl)
    pages.app_template_filter("long_date")(_long_date)
    pages.app_template_filter("phone_digits")(_digits)
    pages.context_processor(lambda: {"creditor": creditor})
    return pages


def _page(name: str, status: int = 200, **values: object) -> Response:
    return make_response(render_template(f"pages/{name}.html", **values), status)


def _brl(amount: Decimal) -> str:
    return format_brl(amount).replace(" ", "\u00a0")


def _long_date(day: date) -> str:
    return format_date(day, "EEEE, d 'de' MMMM 'de' y", locale=LOCALE)


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())
