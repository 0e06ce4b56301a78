"""What `combinado billing <chore>` can do besides running the API."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.billing import replay
from bot.billing.imports import command as imports
from bot.billing.nightly import command as nightly
from bot.billing.payments import command as payments


@dataclass(frozen=True)
class Chore:
    """`add_arguments` says what it takes; `run` gets them by name."""

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[..., int | None]


CHORES = {
    "import": Chore("customers or invoices from a file", imports.add_arguments, imports.run),
    "replay": Chore("an offer computed again", replay.add_arguments, replay.command),
    "nightly": Chore("what every bill costs today", nightly.add_arguments, nightly.run),
    "reconcile": Chore("what was paid, as CSV", payments.add_arguments, payments.run),
}


def add_chores(parser: argparse.ArgumentParser) -> None:
    """Let `parser` know every chore; without one it is the API that is meant."""
    subcommands = parser.add_subparsers(dest="chore", metavar="chore")
    for name, chore in CHORES.items():
        chore.add_arguments(subcommands.add_parser(name, help=chore.help))


def run(chore: str, **options: Any) -> int | None:
    """Do a chore; the exit code, when it has one."""
    return CHORES[chore].run(**options)
