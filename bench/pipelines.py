"""`python -m bench.pipelines`: pipelines compared on `data/nlu`, as one table in Markdown.

Each is trained on the examples for the unseen messages; the fast ones are cross-validated too.
Takes about two hours on two cores. DIETClassifier would need a day for its 100 epochs, so `stock`
learns for as long as `LIMITS` says and from the shorter examples, and so does ours in `short`.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import model
from bot.nlu.evaluation import RASA_PYTHON, unseen_files
from bot.nlu.measures import Understood, measure, wrong_when_asking
from bot.settings import PROJECT

NAMES = {
    "stock": "`rasa init`: DIETClassifier, examples of up to 20 words",
    "short": "ours, examples of up to 20 words",
    "counts": "Rasa's CountVectors and LogisticRegression",
    "ours": "**ours: tf-idf in one spelling, linear SVM**",
    "raw": "ours, as typed",
    "ear": "ours, with letters as they sound",
    "regression": "ours before: fewer features, logistic regression",
    "bayes": "ours, complement naive Bayes",
}
LIMITS = {
    "stock": ["--words", "20", "--minutes", "80", "--no-folds"],
    "short": ["--words", "20", "--no-folds"],
    "counts": ["--no-folds"],
    "regression": ["--no-folds"],
}
"""What keeps the measure of the slow ones within an hour or two."""
FOLDS = 5
TENTH = 0.1
COLUMNS = (
    "pipeline", "messages", "accuracy", "wrong, a tenth asked", "wrong and acting", "asked",
    "ECE", "train", "parse",
)  # fmt: skip
FOLDER = PROJECT / "var" / "bench" / "pipelines"


@dataclass(frozen=True)
class Result:
    """What came out for one pipeline: what it heard, by set of messages."""

    name: str
    train_seconds: float
    heard: dict[str, list[Understood]]


def main() -> None:
    """Measure the pipelines and print the table; progress goes to stderr."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipelines", nargs="*", help=f"of {', '.join(NAMES)}; all by default")
    parser.add_argument("--again", action="store_true", help="print what was measured before")
    options = parser.parse_args()
    pipelines = options.pipelines or list(NAMES)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not options.again:
        for pipeline in pipelines:
            _run(pipeline)
    print(table(_read(pipeline) for pipeline in pipelines if _path(pipeline).exists()))


def _run(pipeline: str) -> None:
    load = os.getloadavg()[0]
    print(f"measuring {pipeline} (load average {load:.1f}) …", file=sys.stderr, flush=True)
    files = [str(file.relative_to(PROJECT)) for file in unseen_files()]
    command = [RASA_PYTHON, "-m", "bench.rasa_pipelines", pipeline, str(_path(pipeline))]
    subprocess.run(
        [*command, *files, *LIMITS.get(pipeline, [])],
        cwd=PROJECT,
        env=model.environment(),
        check=True,
    )


def _path(pipeline: str) -> Path:
    return FOLDER / f"{pipeline}.json"


def _read(pipeline: str) -> Result:
    content = json.loads(_path(pipeline).read_text())
    sets = {Path(file).stem: heard for file, heard in content["unseen"].items()}
    if content["folds"]:
        sets = {f"{FOLDS} folds of {content['examples']:,}": content["folds"], **sets}
    heard = {name: [Understood(**each) for each in listed] for name, listed in sets.items()}
    epochs = content["epochs"]
    name = f"{NAMES[pipeline]}, {epochs} of 100 epochs" if epochs else NAMES[pipeline]
    return Result(name, content["train_seconds"], heard)


def table(results: Iterable[Result]) -> str:
    """A line for each pipeline and set of messages."""
    lines = [_row(COLUMNS), "|---" * len(COLUMNS) + "|"]
    return "\n".join([*lines, *(line for result in results for line in _lines(result))])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _lines(result: Result) -> Iterator[str]:
    name, trained = result.name, f"{result.train_seconds:.0f} s"
    for messages, heard in result.heard.items():
        measures = measure(heard)
        figures = (
            measures.accuracy,
            wrong_when_asking(TENTH, heard),
            measures.wrong_and_acting,
            measures.asked,
            measures.calibration_error,
        )
        cells = [name, messages, *(f"{figure:.3f}" for figure in figures)]
        yield _row([*cells, trained, f"{measures.parse_p50:.1f} ms"])
        name = trained = ""


if __name__ == "__main__":
    main()
