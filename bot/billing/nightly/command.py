"""`combinado billing nightly`: works a day out by hand and prints its totals."""

import argparse
from datetime import date

from bot.billing.context import make_context
from bot.billing.money import format_brl
from bot.billing.nightly.service import work_out
from bot.settings import get_settings

HEADER = f"{'dias':>8} {'faturas':>10} {'total':>20} {'cobrável':>20}"
LINE = "{bucket:>8} {invoices:>10} {total:>20} {collectable:>20}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--date", type=date.fromisoformat, help="another day, like 2026-07-22")


def run(date: date | None) -> None:
    """Work out `date`, or today, and print a line for each bucket."""
    context = make_context(get_settings())
    print(HEADER)
    for bucket in work_out(context, date or context.today()):
        amounts = {"total": bucket.total, "collectable": bucket.collectable}
        shown = {name: format_brl(amount) for name, amount in amounts.items()}
        print(LINE.format(bucket=bucket.bucket, invoices=bucket.invoices, **shown))
