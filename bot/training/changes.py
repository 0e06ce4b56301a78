"""What trainers reviewed becomes a commit: checked, shown as a diff, on a branch of its own.

A change is one commit on a branch `training/<day>-<number>`, whose files are in a worktree below
`var/training/branches/`. The checkout the house runs from is touched by `merge` and `revert`
alone. Nothing here knows the database.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

from bot.business_hours import SAO_PAULO
from bot.nlu.writing import Edit, EditRefused, edited
from bot.training import checking, diffs
from bot.training.checking import Problem
from bot.training.diffs import FileDiff
from bot.training.repository import Author, Repository, RepositoryError, commit_name

SOURCES = ("domain.yml", "data")
STORIES = "tests/stories"


class ChangeRefused(Exception):
    """A change that may not be applied; the message names its errors."""


@dataclass(frozen=True)
class Proposal:
    """What a change would do, for a trainer to look at. `base` is the commit it starts from."""

    base: str
    files: Mapping[str, str] = field(repr=False)
    diff: tuple[FileDiff, ...]
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """What must be mended before it can be applied."""
        return tuple(problem for problem in self.problems if problem.is_error)

    @property
    def is_understanding_alone(self) -> bool:
        """Whether a model is all that changes; rules and words are read when the actions start."""
        return understanding_alone(self.files)

    @property
    def text(self) -> str:
        """All of the diff as text, as git would show it."""
        return "".join(each.text for each in self.diff)


@dataclass(frozen=True)
class Change:
    """A change that was applied: the branch, and the one commit that makes it."""

    branch: str
    commit: str


def propose(
    edits: Sequence[Edit],
    stories: Mapping[str, str] | None = None,
    *,
    base: str | None = None,
    repository: Repository | None = None,
) -> Proposal:
    """What `edits` and new test stories (texts by path) do to a commit, by default the checkout's.

    Raises EditRefused when something cannot be written, RepositoryError without git.
    """
    repository = repository or Repository()
    base = base or repository.head()
    before = repository.files(base, *SOURCES, STORIES)
    sources = {path: text for path, text in before.items() if not path.startswith(STORIES)}
    files = {**edited(sources, edits), **(stories or {})}
    _refuse_other_places(files)
    changed = {path: text for path, text in files.items() if before.get(path) != text}
    return Proposal(
        base,
        changed,
        tuple(diffs.between(before, changed)),
        tuple(checking.problems(sources, {**sources, **files})),
    )


def _refuse_other_places(files: Mapping[str, str]) -> None:
    for path in map(PurePosixPath, files):
        if path.is_absolute() or ".." in path.parts or path.suffix != ".yml":
            raise EditRefused(f"“{path}” não é um arquivo de treino.")
        if (
            path.parts[0] != "data"
            and not path.is_relative_to(STORIES)
            and str(path) not in SOURCES
        ):
            raise EditRefused(f"“{path}” não é um arquivo de treino.")


def apply(
    proposal: Proposal, author: Author, summary: str, *, repository: Repository | None = None
) -> Change:
    """Commit exactly what was proposed, on a new branch.

    Raises ChangeRefused when it has errors or changes nothing, RepositoryError: also when the
    checkout has changes without a commit in these files, as they could not be merged later.
    """
    if proposal.errors:
        lines = "\n".join(str(problem) for problem in proposal.errors)
        raise ChangeRefused(f"Há erros a corrigir antes de aplicar:\n{lines}")
    if not proposal.files:
        raise ChangeRefused("Não há nada a mudar: tudo já está assim nos arquivos.")
    repository = repository or Repository()
    repository.refuse_unsaved(proposal.files)
    with repository.lock():
        branch = repository.new_branch(datetime.now(SAO_PAULO).date(), proposal.base)
        try:
            commit = repository.write(branch, proposal.files, _message(summary), author)
        except BaseException:
            repository.remove(branch)
            raise
    return Change(branch, commit)


def _message(summary: str) -> str:
    first, *rest = summary.strip().splitlines() or ["Exemplos revisados"]
    return "\n".join([first[:200], *([""] if rest and rest[0].strip() else []), *rest])


def files_of(change: Change, *, repository: Repository | None = None) -> Path:
    """Where the project is as the change has it: what `bot.model.train` is given as root."""
    repository = repository or Repository()
    with repository.lock():
        return repository.worktree(change.branch)


def changed_files(change: Change, *, repository: Repository | None = None) -> list[str]:
    """The files the change has altered."""
    return (repository or Repository()).changed(commit_name(change.commit))


def understanding_alone(paths: Iterable[str]) -> bool:
    """Whether these files teach a model and nothing else: no rule, no word the bot says."""
    return all(path.startswith(("data/nlu/", f"{STORIES}/")) for path in paths)


def is_in_use(change: Change, *, repository: Repository | None = None) -> bool:
    """Whether the checkout has the change, merged and not reverted since."""
    repository = repository or Repository()
    return repository.holds(change.commit) and not repository.undone_by(change.commit)


def bring_up(change: Change, author: Author, *, repository: Repository | None = None) -> bool:
    """Take into the change's branch what the checkout has by now; whether that was anything.

    Then its model is another one. Raises RepositoryError when they do not go together.
    """
    repository = repository or Repository()
    with repository.lock():
        folder = repository.worktree(change.branch)
        before = repository.git("rev-parse", "HEAD", where=folder).strip()
        return repository.bring_up(change.branch, author) != before


def merge(change: Change, author: Author, *, repository: Repository | None = None) -> str:
    """Let the checkout's branch have the change; returns the commit it stands on then.

    Nothing happens when it has it; one that was reverted comes back. Raises RepositoryError, with
    nothing changed, when others changed the same lines or the checkout has changes without a
    commit in the same files.
    """
    repository = repository or Repository()
    with repository.lock():
        if not repository.holds(change.commit):
            repository.go_forward(repository.bring_up(change.branch, author))
        elif undone := repository.undone_by(change.commit):
            repository.bring_up(change.branch, author)
            repository.go_forward(repository.undo(change.branch, undone, author))
        return repository.head()


def revert(change: Change, author: Author, *, repository: Repository | None = None) -> str:
    """Take the change back out of the checkout's branch by a commit of its own, and return it.

    Raises RepositoryError as `merge`, and when the change is not in use.
    """
    repository = repository or Repository()
    with repository.lock():
        if not is_in_use(change, repository=repository):
            raise RepositoryError(f"A mudança {change.branch} não está em uso: nada a desfazer.")
        repository.bring_up(change.branch, author)
        repository.go_forward(repository.undo(change.branch, change.commit, author))
        return repository.head()


def discard(change: Change, *, repository: Repository | None = None) -> None:
    """Delete the branch and its files; what was merged stays in the history."""
    repository = repository or Repository()
    with repository.lock():
        repository.remove(change.branch)
