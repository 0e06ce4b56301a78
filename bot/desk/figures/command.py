"""`combinado desk figures`: counts days again by hand."""

from argparse import ArgumentParser
from datetime import date, datetime

from bot.billing.client import get_client
from bot.business_hours import SAO_PAULO
from bot.desk.figures import daily


class FiguresError(Exception):
    """Days that cannot be counted; the message says why."""


def add_arguments(parser: ArgumentParser) -> None:
    """`combinado desk figures --from 2026-11-01 --to 2026-11-30`."""
    chores = parser.add_subparsers(dest="chore", required=True, metavar="chore")
    figures = chores.add_parser("figures", help="count the manager's figures of some days again")
    about = "the {} day, like 2026-11-01; without it today"
    figures.add_argument(
        "--from", dest="first", type=date.fromisoformat, help=about.format("first")
    )
    figures.add_argument("--to", dest="last", type=date.fromisoformat, help=about.format("last"))


def run(chore: str, first: date | None, last: date | None) -> None:
    """Count each day and say so. Raises FiguresError, or BillingError while billing is away."""
    today = datetime.now(SAO_PAULO).date()
    first, last = first or last or today, last or today
    if first > last:
        raise FiguresError(f"--from {first} is after --to {last}")
    if last > today:
        raise FiguresError(f"--to {last} has not come yet")
    for day in daily.days_between(first, last):
        daily.count(get_client(), day)
        print(f"{day} counted")
