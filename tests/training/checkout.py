"""A git checkout of the project as it is now, for changes that must not touch the developer's."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns

from bot.settings import PROJECT

_NOT_OURS = (".git", ".venv*", ".*_cache", ".hypothesis", ".rasa", "__pycache__", "var", "docs")


def make(root: Path, each_intent: int = 10_000) -> Path:
    """A repository at `root` with one commit: the project as it is here now.

    `each_intent`: no more messages than this, where a test need not wait for all.
    """
    copytree(PROJECT, root, ignore=ignore_patterns(*_NOT_OURS))
    for file in (root / "data" / "nlu").glob("*.yml"):
        file.write_text("".join(_some(file.read_text(), each_intent)))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "O começo")
    return root


def _some(text: str, each_intent: int) -> Iterator[str]:
    count = 0
    for line in text.splitlines(keepends=True):
        count = count + 1 if line.startswith("    - ") else 0
        if count <= each_intent:
            yield line


def git(root: Path, *arguments: str) -> str:
    """What `git …` prints, on a machine where git may know nobody."""
    identity = ("-c", "user.name=Alguém", "-c", "user.email=alguem@exemplo.com")
    done = subprocess.run(
        ["git", *identity, *arguments], cwd=root, capture_output=True, text=True, check=True
    )
    return done.stdout
