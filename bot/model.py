"""The Rasa model: trained when its sources changed, kept under `var/models/`."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import yaml

from bot.settings import PROJECT, Settings

SOURCES = ("config.yml", "domain.yml", "data", "bot/understanding", "bot/plain_text.py")
RASA = (str(PROJECT / ".venv-rasa" / "bin" / "python"), "-m", "bot.rasa_process")
"""The command `rasa`, in its own environment."""


class TrainingError(Exception):
    """Rasa could not train; what it printed says why."""


def environment() -> dict[str, str]:
    """The environment of a Rasa process, whatever it is started for."""
    return {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "PYTHONWARNINGS": "ignore",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }


def path() -> Path:
    """Where the model of the present sources is, trained or not."""
    return Settings().var_dir / "models" / f"combinado-{_fingerprint()}.tar.gz"


def name(model: Path) -> str:
    """What a model is called wherever one is chosen: the fingerprint of its sources."""
    return model.name.removeprefix("combinado-").removesuffix(".tar.gz")


def train() -> Path:
    """The model of the present sources, trained first when there is none yet.

    Raises TrainingError.
    """
    model = path()
    if not model.exists():
        print("Training the model (about a minute)…", file=sys.stderr, flush=True)
        _train(model)
    return model


def _train(model: Path) -> None:
    name = model.name.removesuffix(".tar.gz")
    log = model.parent / "train.log"
    model.parent.mkdir(parents=True, exist_ok=True)
    command = [*RASA, "train", "--out", str(model.parent), "--fixed-model-name", name]
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=environment(), stdout=output, stderr=subprocess.STDOUT
        )
        _wait_with_dots(process)
    if process.returncode or not model.exists():
        lines = log.read_text().splitlines()[-20:]
        raise TrainingError("\n".join(["rasa train failed:", *lines, f"All of it: {log}"]))


def _wait_with_dots(process: subprocess.Popen[bytes]) -> None:
    """Wait, showing every few seconds that something is still going on."""
    while True:
        try:
            process.wait(timeout=3)
            break
        except subprocess.TimeoutExpired:
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in sorted(file for source in SOURCES for file in _files(PROJECT / source)):
        digest.update(str(file.relative_to(PROJECT)).encode())
        digest.update(_learnt(file))
    return digest.hexdigest()[:12]


def _learnt(file: Path) -> bytes:
    """What of a source goes into the model: not the words the bot says (`bot/words.py`)."""
    if file.name != "domain.yml":
        return file.read_bytes()
    domain = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return json.dumps({**domain, "responses": sorted(domain["responses"])}).encode()


def _files(source: Path) -> list[Path]:
    return [*source.rglob("*.yml"), *source.rglob("*.py")] if source.is_dir() else [source]
