"""`combinado billing reconcile`: what was paid in some days, as CSV on the standard output."""

import argparse
from datetime import date

from bot.billing.context import make_context
from bot.billing.payments.reconciliation import reconcile
from bot.billing.payments.report import to_csv
from bot.settings import get_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    for name, dest, text in (
        ("--from", "first", "the first day, like 2026-07-01"),
        ("--to", "last", "the last day"),
    ):
        parser.add_argument(name, dest=dest, type=date.fromisoformat, required=True, help=text)


def run(first: date, last: date) -> None:
    print(to_csv(reconcile(make_context(get_settings()), first, last)), end="")
