"""`python -m bench.pipelines`: pipelines compared on `data/nlu`, as one table in Markdown.

Each is cross-validated over the examples, and trained on all of them for the unseen messages.
Takes about half an hour on two cores without `stock`, whose DIETClassifier takes hours.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import model
from bot.nlu.evaluation import RASA_PYTHON, unseen_files
from bot.nlu.measures import Measures, Understood, measure
from bot.settings import PROJECT

NAMES = {
    "stock": "`rasa init`: DIETClassifier",
    "counts": "Rasa's CountVectors and LogisticRegression",
    "raw": "tf-idf and regression, as typed",
    "ours": "**ours: the same in one spelling, C = 30, temperature 0.7**",
    "ear": "ours, with letters as they sound, temperature 1",
    "bayes": "ours, complement naive Bayes",
    "svm": "ours, linear SVM, calibrated",
}
QUICK_EPOCHS = 15
FOLDS = 5
FOLDER = PROJECT / "var" / "bench" / "pipelines"


@dataclass(frozen=True)
class Result:
    """What came out for one pipeline; `folds` is None when it was not cross-validated."""

    pipeline: str
    examples: int
    train_seconds: float
    folds: Measures | None
    unseen: dict[str, Measures]


def main() -> None:
    """Measure the pipelines and print the table; progress goes to stderr."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pipelines", nargs="*", help=f"of {', '.join(NAMES)}; all by default")
    parser.add_argument("--quick", action="store_true", help=f"stock: {QUICK_EPOCHS} epochs, once")
    parser.add_argument("--again", action="store_true", help="print what was measured before")
    options = parser.parse_args()
    pipelines = options.pipelines or list(NAMES)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if not options.again:
        for pipeline in pipelines:
            _run(pipeline, options.quick)
    print(table(_read(pipeline) for pipeline in pipelines if _path(pipeline).exists()))


def _run(pipeline: str, quick: bool) -> None:
    load = os.getloadavg()[0]
    print(f"measuring {pipeline} (load average {load:.1f}) …", file=sys.stderr, flush=True)
    files = [str(file.relative_to(PROJECT)) for file in unseen_files()]
    less = ["--epochs", str(QUICK_EPOCHS), "--no-folds"] if quick and pipeline == "stock" else []
    command = [RASA_PYTHON, "-m", "bench.rasa_pipelines", pipeline, str(_path(pipeline))]
    subprocess.run([*command, *files, *less], cwd=PROJECT, env=model.environment(), check=True)


def _path(pipeline: str) -> Path:
    return FOLDER / f"{pipeline}.json"


def _read(pipeline: str) -> Result:
    content = json.loads(_path(pipeline).read_text())
    unseen = {Path(file).stem: _measure(heard) for file, heard in content["unseen"].items()}
    folds = _measure(content["folds"]) if content["folds"] else None
    return Result(pipeline, content["examples"], content["train_seconds"], folds, unseen)


def _measure(heard: Sequence[dict[str, object]]) -> Measures:
    return measure([Understood(**each) for each in heard])  # type: ignore[arg-type]


def table(results: Iterable[Result]) -> str:
    """A line for each pipeline and test set."""
    lines = [
        "| pipeline | messages | accuracy | wrong and acting | asked | ECE | train | parse |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for result in results:
        sets = {f"{FOLDS} folds of {result.examples:,}": result.folds, **result.unseen}
        rows = [_cells(name, measures) for name, measures in sets.items() if measures]
        names = [NAMES[result.pipeline], *[""] * (len(rows) - 1)]
        seconds = [f"{result.train_seconds:.0f} s", *[""] * (len(rows) - 1)]
        lines += [
            f"| {name} | {row} | {trained} | {parsed} |"
            for name, (row, parsed), trained in zip(names, rows, seconds, strict=True)
        ]
    return "\n".join(lines)


def _cells(name: str, measures: Measures) -> tuple[str, str]:
    figures = (
        measures.accuracy,
        measures.wrong_and_acting,
        measures.asked,
        measures.calibration_error,
    )
    told = " | ".join(f"{figure:.3f}" for figure in figures)
    return f"{name} | {told}", f"{measures.parse_p50:.1f} ms"


if __name__ == "__main__":
    main()
