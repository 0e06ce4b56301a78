"""The Rasa model: trained when its sources changed, kept under `var/models/`."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from bot.settings import PROJECT, Settings

SOURCES = ("config.yml", "domain.yml", "data", "bot/understanding", "bot/plain_text.py")
RASA = (str(PROJECT / ".venv-rasa" / "bin" / "python"), "-m", "bot.rasa_process")
"""The command `rasa`, in its own environment."""


class TrainingError(Exception):
    """Rasa could not train; what it printed says why."""


def environment(root: Path = PROJECT) -> dict[str, str]:
    """The environment of a Rasa process that runs the code below `root`."""
    return {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def fingerprint(root: Path = PROJECT) -> str:
    """What tells the model of one state of the sources from another: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for file in sorted(file for source in SOURCES for file in _files(root / source)):
        digest.update(str(file.relative_to(root)).encode())
        digest.update(_learnt(file))
    return digest.hexdigest()[:12]


def path(root: Path = PROJECT) -> Path:
    """Where the model of the sources below `root` is, trained or not."""
    return file_of(fingerprint(root))


def file_of(name: str) -> Path:
    """Where a model of this name is, if there is one."""
    return Settings().var_dir / "models" / f"combinado-{name}.tar.gz"


def name(model: Path) -> str:
    """What a model is called wherever one is chosen: the fingerprint of its sources."""
    return model.name.removeprefix("combinado-").removesuffix(".tar.gz")


def train(root: Path = PROJECT, told: Callable[[str], None] | None = None) -> Path:
    """The model of the sources below `root`, trained first when there is none yet.

    `told` gets what Rasa prints, line by line, and an empty line every few seconds without one:
    what it raises ends the training. Without it a person at a terminal sees dots.
    Raises TrainingError.
    """
    model = path(root)
    if not model.exists():
        if told is None:
            print("Training the model (about a minute)…", file=sys.stderr, flush=True)
        _train(model, root, told or _dot)
        if told is None:
            print(file=sys.stderr)
    return model


def log_of(model: Path) -> Path:
    """What Rasa printed while it trained this model."""
    return model.with_name(model.name.replace(".tar.gz", ".log"))


def _train(model: Path, root: Path, told: Callable[[str], None]) -> None:
    """Train beside, then put the model in its place whole: Rasa may be waiting to load it."""
    model.parent.mkdir(parents=True, exist_ok=True)
    log = log_of(model)
    with TemporaryDirectory(dir=model.parent.absolute()) as folder:
        command = [*RASA, "train", "--out", folder, "--fixed-model-name", "model"]
        with log.open("w") as output:
            process = subprocess.Popen(
                command, cwd=root, env=environment(root), stdout=output, stderr=subprocess.STDOUT
            )
            _follow(process, log, told)
        trained = Path(folder) / "model.tar.gz"
        if process.returncode or not trained.exists():
            lines = log.read_text().splitlines()[-20:]
            raise TrainingError("\n".join(["rasa train failed:", *lines, f"All of it: {log}"]))
        trained.replace(model)


def _follow(process: subprocess.Popen[bytes], log: Path, told: Callable[[str], None]) -> None:
    """Wait for a process, telling what it prints; whatever ends the waiting ends it too."""
    try:
        with log.open(errors="replace") as printed:
            while process.poll() is None:
                try:
                    process.wait(timeout=3)
                except subprocess.TimeoutExpired:
                    for line in printed.read().splitlines() or [""]:
                        told(line)
    finally:
        process.terminate()
        process.wait()


def _dot(_line: str) -> None:
    """Show that something is still going on."""
    print(".", end="", file=sys.stderr, flush=True)


def _learnt(file: Path) -> bytes:
    """What of a source goes into the model: not the words the bot says (`bot/words.py`)."""
    if file.name != "domain.yml":
        return file.read_bytes()
    domain = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return json.dumps({**domain, "responses": sorted(domain["responses"])}).encode()


def _files(source: Path) -> list[Path]:
    return [*source.rglob("*.yml"), *source.rglob("*.py")] if source.is_dir() else [source]
