"""`combinado words lint`: the rules on all words, and how it is told what was found."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.nlu.examples import Place
from bot.wording.rules import Fault, faults_of, faults_of_response
from bot.wording.texts import Response, Text, all_texts


@dataclass(frozen=True)
class Finding:
    """A fault at a place."""

    place: Place
    fault: Fault

    def __str__(self) -> str:
        return f"{self.place}: {self.fault.name}: “{self.fault.words}”. {self.fault.source}."


def check(responses: Sequence[Response], elsewhere: Sequence[Text]) -> Iterator[Finding]:
    """Everything wrong with these words."""
    said = [text for response in responses for text in response.variations]
    for text in (*said, *elsewhere):
        yield from (Finding(text.place, fault) for fault in faults_of(text.words))
    for response in responses:
        words = [text.words for text in response.variations]
        place = response.variations[0].place
        yield from (Finding(place, fault) for fault in faults_of_response(response.name, words))


def lint() -> int:
    """Print what is wrong with the project's words; 1 when there is something, else 0."""
    responses, elsewhere = all_texts()
    found = sorted(check(responses, elsewhere), key=lambda finding: finding.place)
    for finding in found:
        print(finding)
    count = sum(len(response.variations) for response in responses) + len(elsewhere)
    print(f"{count} textos: {len(found)} problemas.")
    return 1 if found else 0


CHORES: dict[str, tuple[str, Callable[[], int]]] = {
    "lint": ("check all words for debtors: exit code 1 when something may not be said", lint),
}


def add_chores(parser: argparse.ArgumentParser) -> None:
    """Let `parser` know every chore."""
    subcommands = parser.add_subparsers(dest="chore", required=True, metavar="chore")
    for name, (text, _) in CHORES.items():
        subcommands.add_parser(name, help=text)


def run(chore: str) -> int:
    """Run one chore; returns its exit code."""
    return CHORES[chore][1]()
