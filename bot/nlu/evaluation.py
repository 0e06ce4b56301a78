"""The trained model on messages it has not seen: asked in Rasa's environment, measured here."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from os.path import relpath
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot import model
from bot.nlu import report
from bot.nlu.measures import Understood, by_intent, confusions, measure, reliability
from bot.settings import PROJECT, Settings

RASA_PYTHON = str(PROJECT / ".venv-rasa" / "bin" / "python")
PICTURES = ("reliability", "confusions")

Heard = dict[str, list[Understood]]
"""By file, what was understood of its messages."""


class EvaluationError(Exception):
    """The model could not be asked; what Rasa printed says why."""


def evaluate(files: Sequence[Path] = (), as_json: bool = False) -> None:
    """Print the figures of `files`, by default all `tests/nlu/unseen*.yml`, and draw pictures.

    Raises EvaluationError, and TrainingError when there is no model and none can be trained.
    """
    heard = understand(files or unseen_files())
    pictures = _draw(heard)
    print(json.dumps(_as_dicts(heard), ensure_ascii=False, indent=1) if as_json else _text(heard))
    if not as_json:
        print("\n".join(["", "Figuras:", "", *(f"- {relpath(picture)}" for picture in pictures)]))


def unseen_files() -> list[Path]:
    """The test sets of the project."""
    return sorted((PROJECT / "tests" / "nlu").glob("unseen*.yml"))


def understand(files: Sequence[Path], trained: Path | None = None, root: Path = PROJECT) -> Heard:
    """What a model hears in `files`, YAML as in `data/nlu/` or JSON: `[[text, intent], …]`.

    By default the one of the present sources, trained if need be. `root`: where the code is that
    it was trained with. Raises EvaluationError.
    """
    missing = [str(file) for file in files if not file.is_file()]
    if missing or not files:
        raise EvaluationError(f"no such file: {', '.join(missing) or 'tests/nlu/unseen*.yml'}")
    names = [str(file.resolve()) for file in files]
    with TemporaryDirectory() as folder:
        out = Path(folder) / "heard.json"
        model_file = str((trained or model.train()).absolute())
        in_rasas_environment("bot.rasa_parse", model_file, str(out), *names, root=root)
        listed: dict[str, list[dict[str, Any]]] = json.loads(out.read_text())
    return {
        relpath(file): [Understood(**each) for each in listed[name]]
        for file, name in zip(files, names, strict=True)
    }


def in_rasas_environment(module: str, *arguments: str, root: Path = PROJECT) -> None:
    """Run a module of ours, as it is below `root`, with Rasa's Python.

    Raises EvaluationError.
    """
    done = subprocess.run(
        [RASA_PYTHON, "-m", module, *arguments],
        cwd=root,
        env=model.environment(root),
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise EvaluationError(f"{module} failed:\n{done.stderr[-2000:]}")


def _text(heard: Heard) -> str:
    return "\n\n".join(report.markdown(file, messages) for file, messages in heard.items())


def _as_dicts(heard: Heard) -> dict[str, Any]:
    return {
        file: {
            **asdict(measure(messages)),
            "intents": [asdict(each) for each in by_intent(messages)],
            "confusions": [asdict(each) for each in confusions(messages)],
            "reliability": [asdict(each) for each in reliability(messages)],
        }
        for file, messages in heard.items()
    }


def _draw(heard: Heard) -> list[Path]:
    """Two pictures for each file, under `var/nlu/`."""
    folder = Settings().var_dir / "nlu"
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        Path(file).stem: {
            "bins": [asdict(each) for each in reliability(messages)],
            "pairs": [[each.meant, each.heard] for each in messages],
        }
        for file, messages in heard.items()
    }
    (folder / "figures.json").write_text(json.dumps(figures))
    in_rasas_environment("bot.rasa_pictures", str(folder))
    return [folder / f"{name}-{what}.svg" for name in figures for what in PICTURES]
