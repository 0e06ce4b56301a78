"""The reconciliation as CSV: one row for each thing a payment paid, or that became of it."""

import csv
import io
from collections.abc import Iterator

from bot.billing.payments.shapes import Payment, Reconciliation

COLUMNS = (
    "paid_on",
    "provider",
    "payment",
    "reference",
    "customer",
    "amount",
    "what",
    "debt",
    "principal",
    "late_charges",
)
# A spreadsheet runs what begins like this.
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def to_csv(report: Reconciliation) -> str:
    """Write a reconciliation down; the last rows are totals and differences."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for payment in report.payments:
        writer.writerows(_rows(payment))
    for name, total in report.totals:
        writer.writerow(["", "", "", "", "", total, f"total {name}", "", "", ""])
    for one in report.differences:
        what = f"paid, says only {one.paid_says}"
        writer.writerow(["", "", "", one.reference, "", one.amount, what, one.charge_id, "", ""])
    return out.getvalue()


def _rows(payment: Payment) -> Iterator[list[object]]:
    start: list[object] = [
        payment.paid_on,
        payment.provider,
        _harmless(payment.provider_payment_id),
        _harmless(payment.reference),
        payment.customer_id or "",
        payment.amount,
    ]
    for share in payment.allocations:
        debt = share.invoice_id or f"{share.agreement_id} part {share.number}"
        yield [*start, "paid", debt, share.principal, share.late_charges]
    unmatched = payment.amount - payment.refunded if payment.state == "unmatched" else None
    rest = {"unmatched": unmatched, "to refund": payment.to_refund, "refunded": payment.refunded}
    for what, amount in rest.items():
        if amount:
            yield [*start, what, "", amount, ""]


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULAS) else text
