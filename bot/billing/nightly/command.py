"""`combinado billing nightly`: works today out by hand, or prints a day gone by."""

import argparse
from datetime import date

from bot.billing.context import make_context
from bot.billing.money import format_brl
from bot.billing.nightly.service import work_out, worked_out
from bot.db import transaction
from bot.settings import get_settings

HEADER = f"{'dias':>8} {'faturas':>10} {'total':>20} {'cobrável':>20}"
LINE = "{bucket:>8} {invoices:>10} {total:>20} {collectable:>20}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    about = "print a day of this week, like 2026-07-22, as it was worked out on its night"
    parser.add_argument("--date", type=date.fromisoformat, help=about)


def run(date: date | None) -> None:
    """Work out today and print a line for each bucket, or print `date`. Raises NotFound."""
    if date is None:
        found = work_out(make_context(get_settings()))
    else:
        with transaction() as session:
            found = worked_out(session, date)
    print(HEADER)
    for bucket in found:
        amounts = {"total": bucket.total, "collectable": bucket.collectable}
        shown = {name: format_brl(amount) for name, amount in amounts.items()}
        print(LINE.format(bucket=bucket.bucket, invoices=bucket.invoices, **shown))
