"""A copy of the project in a git repository of its own, for what trainers change there."""

import shutil
import subprocess
from pathlib import Path

from bot import model
from bot.settings import PROJECT


def copy_project(to: Path) -> Path:
    """The project as it is now, committed; with its environments and its trained model."""
    listed = _git(PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (PROJECT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, to / name)
    for environment in (".venv", ".venv-rasa"):
        (to / environment).symlink_to(PROJECT / environment)
    models = to / "var" / "models"
    models.mkdir(parents=True)
    trained = model.path()
    shutil.copy(PROJECT / "var" / "models" / trained.name, models)
    _git(to, "init", "-q", "-b", "main")
    (to / ".git" / "info" / "exclude").write_text(".venv\n.venv-rasa\nvar\n")
    _git(to, "add", ".")
    _git(to, "commit", "-q", "-m", "O começo")
    return to


def _git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Alguém", "-c", "user.email=alguem@exemplo.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout
