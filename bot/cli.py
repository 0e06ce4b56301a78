"""The command `combinado`: one subcommand for each process and each chore."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from bot import processes, up
from bot.billing import chores
from bot.billing.errors import BillingError
from bot.conversations import queue
from bot.desk import people
from bot.desk.figures import command as figures
from bot.model import TrainingError
from bot.nlu import command as nlu
from bot.nlu.evaluation import EvaluationError
from bot.nlu.examples import UnreadableExamples
from bot.rehearsal import command as rehearsal
from bot.rehearsal.house import HouseError
from bot.rehearsal.people import PersonasError
from bot.settings import SettingsError
from bot.wording import linting as wording


def billing(chore: str | None, **options: Any) -> int | None:
    """Run the API, or a chore such as `import`."""
    if chore is not None:
        return chores.run(chore, **options)
    processes.billing()
    return None


COMMANDS: dict[str, tuple[str, Callable[..., int | None]]] = {
    "up": ("run everything, with the simulator and demo data when DEMO=1", up.up),
    "web": ("webhook of WhatsApp and public payment page", processes.web),
    "billing": ("API of the billing backend, or a chore of it", billing),
    "actions": ("custom actions of the dialogue", processes.actions),
    "rasa": ("language understanding and dialogue", processes.rasa),
    "worker": ("turns, sending, periodic jobs", processes.worker),
    "simulator": ("a phone in the browser, for the demo", processes.simulator),
    "migrate": ("bring the database to the newest schema", processes.migrate),
    "demo-data": ("put the demo customers and their bills in", processes.demo_data),
    "train": ("train the Rasa model if its sources changed", processes.train),
    "nlu": ("check the examples, measure the model (lint, evaluate, train)", nlu.run),
    "simulate": ("let simulated debtors talk to the bot, and report", rehearsal.run),
    "words": ("check the words for debtors (lint)", wording.run),
    "queue": ("show the conversations that wait for a person", queue.show),
    "desk": ("chores of the operators' desk (figures)", figures.run),
    "user": ("accounts of the operators' desk (create)", people.run),
    "release": ("give a conversation back to the bot", queue.release),
}

ERRORS = (
    SettingsError,
    TrainingError,
    queue.NotWaiting,
    people.AccountError,
    figures.FiguresError,
    BillingError,
    EvaluationError,
    UnreadableExamples,
    PersonasError,
    HouseError,
)
"""What went wrong is in the message; a traceback would add nothing."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; the exit code is 0, or 1 with one line on stderr that says why."""
    options = vars(_parser().parse_args(arguments))
    name = options.pop("command")
    try:
        return COMMANDS[name][1](**options) or 0
    except ERRORS as error:
        print(f"combinado {name}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="combinado", description=__doc__)
    subcommands = parser.add_subparsers(dest="command", required=True, metavar="command")
    for name, (text, _) in COMMANDS.items():
        subcommand = subcommands.add_parser(name, help=text)
        if name == "release":
            subcommand.add_argument("phone", help="the customer's phone, as `queue` shows it")
        elif name == "billing":
            chores.add_chores(subcommand)
        elif name == "desk":
            figures.add_arguments(subcommand)
        elif name == "nlu":
            nlu.add_chores(subcommand)
        elif name == "simulate":
            rehearsal.add_arguments(subcommand)
        elif name == "user":
            people.add_arguments(subcommand)
        elif name == "words":
            wording.add_chores(subcommand)
    return parser


if __name__ == "__main__":
    sys.exit(main())
