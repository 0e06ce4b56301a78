"""`combinado nlu <chore>`: what trainers run."""

import argparse
from collections.abc import Callable
from pathlib import Path

from bot.nlu import evaluation, linting
from bot.processes import train

CHORES: dict[str, tuple[str, Callable[..., int | None]]] = {
    "lint": ("check the examples: exit code 1 when there are errors", linting.lint),
    "evaluate": ("measure the trained model on unseen messages", evaluation.evaluate),
    "train": ("train the Rasa model if its sources changed", train),
}


def add_chores(parser: argparse.ArgumentParser) -> None:
    """Let `parser` know every chore."""
    subcommands = parser.add_subparsers(dest="chore", required=True, metavar="chore")
    parsers = {name: subcommands.add_parser(name, help=text) for name, (text, _) in CHORES.items()}
    lint, evaluate = parsers["lint"], parsers["evaluate"]
    lint.add_argument("files", nargs="*", type=Path, help="instead of data/nlu/*.yml")
    lint.add_argument("--all", action="store_true", dest="everything", help="every hint")
    evaluate.add_argument("files", nargs="*", type=Path, help="instead of tests/nlu/unseen*.yml")
    evaluate.add_argument("--json", action="store_true", dest="as_json")


def run(chore: str, **options: object) -> int | None:
    """Run one chore; returns its exit code, if it has one.

    Raises UnreadableExamples, EvaluationError, TrainingError.
    """
    return CHORES[chore][1](**options)
