"""Saved conversations run against a model, by the real `rasa test`: what it would do otherwise."""

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from bot import model
from bot.settings import PROJECT
from bot.training.stories import FOLDER

RASA_PYTHON = model.RASA[0]
_WRONG = re.compile(
    r"^\s*(?:- )?(?P<what>intent|action): (?P<meant>\S+) +# predicted: (?P<got>.*)$"
)


class StoryRunError(Exception):
    """Rasa could not run the stories at all; what it printed says why."""


@dataclass(frozen=True)
class Failure:
    """A step that came out otherwise: in which turn, counted from 1, and what was said there.

    `what`: `intent` (heard otherwise) or `action` (done otherwise).
    """

    turn: int
    text: str
    what: str
    expected: str
    predicted: str


@dataclass(frozen=True)
class StoryResult:
    """How one story went. `error`: why it could not be read, if so."""

    file: str
    story: str
    failures: tuple[Failure, ...] = ()
    error: str | None = None

    @property
    def passed(self) -> bool:
        """Whether everything came as it should."""
        return not self.failures and self.error is None


@dataclass(frozen=True)
class _Story:
    file: str
    name: str
    content: dict[str, Any]


def files_in(root: Path = PROJECT) -> list[Path]:
    """All test stories of a project."""
    return sorted((root / FOLDER).glob("test_*.yml"))


def run(trained: Path, files: Sequence[Path], root: Path = PROJECT) -> list[StoryResult]:
    """Every story of `files` with a model, all in one start of Rasa.

    `root`: where the code is that the model was trained with. Raises StoryRunError.
    """
    results: list[StoryResult] = []
    stories: list[_Story] = []
    for file in files:
        try:
            stories += _read(file)
        except (yaml.YAMLError, KeyError, TypeError) as error:
            results.append(StoryResult(file.name, file.stem, error=" ".join(str(error).split())))
    return [*results, *_run(trained, stories, root)]


def _read(file: Path) -> Iterator[_Story]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    for story in content["stories"]:
        yield _Story(file.name, story["story"], {"version": "3.1", "stories": [story]})


def _run(trained: Path, stories: Sequence[_Story], root: Path) -> list[StoryResult]:
    if not stories:
        return []
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / f"test_{number}.yml" for number in range(len(stories))]
        for path, story in zip(paths, stories, strict=True):
            path.write_text(yaml.safe_dump(story.content, allow_unicode=True, sort_keys=False))
        out = Path(folder) / "failed.json"
        command = [RASA_PYTHON, "-m", "bot.rasa_stories", str(trained.resolve()), str(out)]
        done = subprocess.run(
            [*command, *map(str, paths)],
            cwd=root,
            env=model.environment(root),
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise StoryRunError(f"rasa test failed:\n{done.stderr[-2000:]}")
        failed = json.loads(out.read_text())
    return [
        StoryResult(story.file, story.name, tuple(_failures(story, failed[str(path)])))
        for path, story in zip(paths, stories, strict=True)
    ]


def _failures(story: _Story, failed: str) -> Iterator[Failure]:
    """What Rasa noted beside each step that came out otherwise."""
    steps = story.content["stories"][0]["steps"]
    said = [str(step.get("user") or "").strip() for step in steps if "intent" in step]
    turn = 0
    for line in failed.splitlines():
        turn += line.lstrip().startswith("- intent:")
        if wrong := _WRONG.match(line):
            text = said[turn - 1] if 0 < turn <= len(said) else ""
            predicted = wrong["got"].removesuffix(f": {text}").split(": ")[0]
            yield Failure(turn, text, wrong["what"], wrong["meant"], predicted)
