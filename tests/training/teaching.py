"""A copy of the project in a git repository of its own, for what trainers change there."""

import shutil
from pathlib import Path

from bot import model
from bot.settings import PROJECT
from tests.training.checkout import git


def copy_project(to: Path) -> Path:
    """The project as it is now, committed; with its environments and its trained model."""
    listed = git(PROJECT, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
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
    git(to, "init", "-q", "-b", "main")
    (to / ".git" / "info" / "exclude").write_text(".venv\n.venv-rasa\nvar\n")
    git(to, "add", ".")
    git(to, "commit", "-q", "-m", "O começo")
    return to
