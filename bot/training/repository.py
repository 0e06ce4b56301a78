"""The git repository of the project, by the command `git`: branches in worktrees of their own.

Everything that may fail half-way happens in such a worktree; the checkout the house runs from
only ever goes forward to a finished commit.
"""

import fcntl
import os
import re
import subprocess
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree

from bot.settings import Settings

PREFIX = "training"
_BRANCH = re.compile(rf"{PREFIX}/\d{{4}}-\d\d-\d\d-\d+")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SETTINGS = (
    *("-c", "core.hooksPath=/dev/null"),  # hooks are for people at an editor
    *("-c", "commit.gpgSign=false"),
    *("-c", "core.quotePath=false"),
    *("-c", "advice.detachedHead=false"),
)


class RepositoryError(Exception):
    """Git cannot do it; the message tells a trainer why and what to do."""


@dataclass(frozen=True)
class Author:
    """Whose name stands in the history."""

    name: str
    email: str

    def environment(self) -> dict[str, str]:
        """As git reads it, whatever its configuration says."""
        name = _plain(self.name) or _plain(self.email) or PREFIX
        email = _plain(self.email) or f"{PREFIX}@localhost"
        return {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", email))
        }


def _plain(text: str) -> str:
    """`text` on one line, without what git takes for the end of a name."""
    kept = (char for char in text if unicodedata.category(char)[0] != "C" and char not in "<>")
    return " ".join("".join(kept).split()).strip(" .,:;\"'")


class Repository:
    """The checkout at `root`, and the worktrees of its training branches."""

    def __init__(self, root: Path | None = None, worktrees: Path | None = None) -> None:
        """Raises RepositoryError when `root` is no git checkout or there is no git."""
        self.root = (root or Settings().training_repository).resolve()
        self._worktrees = (worktrees or self.root / "var" / "training" / "branches").resolve()
        self._common = self._find()

    def _find(self) -> Path:
        """The folder all worktrees share."""
        try:
            top, common = self.git("rev-parse", "--show-toplevel", "--git-common-dir").splitlines()
        except RepositoryError as error:
            why = f" ({error})" if "not a git repository" not in str(error) else ""
            raise RepositoryError(f"{_NO_REPOSITORY.format(root=self.root)}{why}") from None
        if Path(top).resolve() != self.root:
            raise RepositoryError(_NO_REPOSITORY.format(root=self.root))
        if not self._has("HEAD"):
            raise RepositoryError("O repositório git ainda não tem nenhum commit: faça o primeiro.")
        return (self.root / common).resolve()

    def git(
        self,
        *arguments: str,
        where: Path | None = None,
        author: Author | None = None,
        stdin: str | None = None,
    ) -> str:
        """What `git …` prints. Raises RepositoryError with its last words."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        fixed = {"LC_ALL": "C.UTF-8", "GIT_TERMINAL_PROMPT": "0", "GIT_LITERAL_PATHSPECS": "1"}
        try:
            done = subprocess.run(
                ["git", *_SETTINGS, *arguments],
                cwd=where or self.root,
                env={**own, **fixed, **(author.environment() if author else {})},
                input=(stdin or "").encode(),
                capture_output=True,
            )
        except FileNotFoundError:
            raise RepositoryError(
                "O programa git não está instalado nesta máquina. No Debian: apt-get install git"
            ) from None
        if done.returncode:
            raise RepositoryError(
                _last_words((done.stderr or done.stdout).decode(errors="replace"))
            )
        printed: bytes = done.stdout  # as bytes: no line end may be changed
        return printed.decode(errors="surrogateescape")

    def _has(self, revision: str) -> bool:
        with suppress(RepositoryError):
            return bool(self.git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}"))
        return False

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One change at a time, of all processes that share this repository."""
        with (self._common / "combinado-training.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def head(self) -> str:
        """The commit the checkout stands on."""
        return self.git("rev-parse", "HEAD").strip()

    def files(self, commit: str, *paths: str) -> dict[str, str]:
        """The texts of all files below `paths` in a commit."""
        listed = self.git("ls-tree", "-r", "-z", commit_name(commit), "--", *paths)
        entries = [entry.split("\t", 1) for entry in listed.split("\0") if entry]
        blobs = [about.split()[2] for about, _ in entries]
        return dict(zip([name for _, name in entries], self._texts(blobs), strict=True))

    def _texts(self, blobs: Iterable[str]) -> Iterator[str]:
        """What these objects hold, asked for at once."""
        asked = "".join(f"{blob}\n" for blob in blobs)
        printed = self.git("cat-file", "--batch", stdin=asked).encode(errors="surrogateescape")
        while printed:
            head, _, rest = printed.partition(b"\n")
            size = int(head.split()[2])
            yield rest[:size].decode(errors="surrogateescape")
            printed = rest[size + 1 :]

    def dirty(self, paths: Iterable[str]) -> list[str]:
        """Which of these files differ in the checkout from its last commit, or are not in it."""
        if not (named := list(paths)):
            return []
        listed = self.git("status", "--porcelain", "-z", "--no-renames", "-uall", "--", *named)
        return sorted(entry[3:] for entry in listed.split("\0") if entry)

    def refuse_unsaved(self, paths: Iterable[str]) -> None:
        """Raise RepositoryError when one of these files has changes without a commit."""
        if busy := self.dirty(paths):
            raise RepositoryError(_UNSAVED.format(files=", ".join(busy)))

    def changed(self, commit: str) -> list[str]:
        """The files a commit changed."""
        shown = self.git("show", "--format=", "--name-only", "-z", "--no-renames", commit)
        return [name for name in shown.split("\0") if name]

    def subjects(self, commits: Iterable[str]) -> dict[str, str]:
        """The first line of what each commit says; of one that is gone, nothing."""
        asked = "".join(f"{commit_name(commit)}\n" for commit in commits)
        listed = self.git(
            *("log", "--no-walk=unsorted", "--ignore-missing", "--stdin", "--format=%H %s"),
            stdin=asked,
        )
        return dict(line.split(" ", 1) for line in listed.splitlines() if asked)

    def holds(self, commit: str) -> bool:
        """Whether the checkout has a commit in its history."""
        return self._is_ancestor(commit_name(commit), "HEAD")

    def undone_by(self, commit: str) -> str | None:
        """The commit in the checkout's history that took `commit` back, unless that was too."""
        words = f"This reverts commit {commit_name(commit)}"
        listed = self.git("log", "--format=%H", "--fixed-strings", f"--grep={words}", "HEAD")
        return next((each for each in listed.split() if not self.undone_by(each)), None)

    def _is_ancestor(self, one: str, other: str) -> bool:
        with suppress(RepositoryError):
            self.git("merge-base", "--is-ancestor", one, other)
            return True
        return False

    def new_branch(self, day: date, base: str) -> str:
        """A branch that begins at `base`, with a worktree. The caller holds the lock."""
        listed = self.git("for-each-ref", "--format=%(refname:short)", f"refs/heads/{PREFIX}/")
        taken = {*listed.split(), *(f"{PREFIX}/{each}" for each in self._folders())}
        names = (f"{PREFIX}/{day.isoformat()}-{number}" for number in range(1, len(taken) + 2))
        branch = next(name for name in names if name not in taken)
        self._add_worktree("-b", branch, str(self._folder(branch)), commit_name(base))
        return branch

    def _folders(self) -> list[str]:
        return os.listdir(self._worktrees) if self._worktrees.is_dir() else []

    def _folder(self, branch: str) -> Path:
        if not _BRANCH.fullmatch(branch):
            raise RepositoryError(f"“{branch}” não é um ramo de treino.")
        return self._worktrees / branch.removeprefix(f"{PREFIX}/")

    def worktree(self, branch: str) -> Path:
        """Where the files of a branch are; made again when somebody deleted them."""
        folder = self._folder(branch)
        if not (folder / ".git").exists():
            if not self._has(f"refs/heads/{branch}"):
                raise RepositoryError(f"O ramo {branch} não existe mais no repositório.")
            rmtree(folder, ignore_errors=True)
            self._add_worktree(str(folder), branch)
        return folder

    def _add_worktree(self, *arguments: str) -> None:
        self._worktrees.mkdir(parents=True, exist_ok=True)
        self.git("worktree", "prune")
        self.git("worktree", "add", "--quiet", *arguments)

    def write(self, branch: str, files: Mapping[str, str], message: str, author: Author) -> str:
        """Commit these texts on a branch and return the commit; paths are inside the project."""
        folder = self.worktree(branch)
        for path, text in files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")
        self.git("add", "--", *files, where=folder)
        self.git("commit", "--quiet", "--file=-", where=folder, author=author, stdin=message)
        return self.git("rev-parse", "HEAD", where=folder).strip()

    def bring_up(self, branch: str, author: Author) -> str:
        """Take into a branch what the checkout has by now; returns the commit it stands on.

        Raises RepositoryError when both changed the same lines; the branch stays as it was.
        """
        message = f"Reúne {branch} com o ramo em uso"
        return self._in_worktree(branch, author, "merge", "--no-edit", "-m", message, self.head())

    def undo(self, branch: str, commit: str, author: Author) -> str:
        """A commit on a branch that takes back `commit`; as `bring_up`."""
        return self._in_worktree(branch, author, "revert", "--no-edit", commit_name(commit))

    def _in_worktree(self, branch: str, author: Author, *command: str) -> str:
        folder = self.worktree(branch)
        before = self.git("rev-parse", "HEAD", where=folder).strip()
        self.git("reset", "--quiet", "--hard", before, where=folder)  # of a try that was killed
        try:
            self.git(*command, where=folder, author=author)
        except RepositoryError as error:
            torn = self.git("diff", "--name-only", "--diff-filter=U", where=folder).split("\n")
            self.git("reset", "--quiet", "--hard", before, where=folder)
            files = ", ".join(name for name in torn if name)
            raise RepositoryError(_CONFLICT.format(files=files) if files else str(error)) from None
        return self.git("rev-parse", "HEAD", where=folder).strip()

    def go_forward(self, commit: str) -> None:
        """Let the checkout go on to a commit that has all it has. Raises RepositoryError."""
        listed = self.git("diff", "--name-only", "--no-renames", "-z", "HEAD", commit_name(commit))
        self.refuse_unsaved([name for name in listed.split("\0") if name])
        self.git("merge", "--quiet", "--ff-only", commit)

    def remove(self, branch: str) -> None:
        """Delete a branch and its worktree."""
        folder = self._folder(branch)
        with suppress(RepositoryError):
            self.git("worktree", "remove", "--force", str(folder))
        rmtree(folder, ignore_errors=True)
        self.git("worktree", "prune")
        self.git("branch", "--quiet", "-D", branch)


def commit_name(text: str) -> str:
    """`text`, if it is the whole name of a commit. Raises RepositoryError."""
    if not _COMMIT.fullmatch(text):
        raise RepositoryError(f"“{text}” não é um commit.")
    return text


def _last_words(printed: str) -> str:
    lines = [line for line in printed.strip().splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("fatal:", "error:"))]
    return "O git recusou: " + " ".join((told or lines)[-2:]).strip()


_NO_REPOSITORY = (
    "As mudanças são gravadas em git, e {root} não é um repositório git. "
    "Instale o projeto com `git clone`, ou crie um ali com `git init` e um primeiro commit."
)
_UNSAVED = (
    "Há mudanças ainda sem commit nestes arquivos: {files}. "
    "Grave-as com `git commit` ou desfaça-as com `git restore`, e tente de novo."
)
_CONFLICT = (
    "Outra mudança mexeu nas mesmas linhas de {files}. Nada foi alterado. Para aplicar: descarte "
    "esta mudança e aplique os exemplos outra vez. Para desfazer: corrija as linhas numa nova."
)
