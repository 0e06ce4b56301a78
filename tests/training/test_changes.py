"""Reviewed examples become a commit on a branch, and come into use only when somebody says so."""

import os
import subprocess
import threading
from pathlib import Path

import pytest

from bot.nlu.writing import AddExample, AddVariation, Edit, EditRefused, MoveExample
from bot.training import changes
from bot.training.changes import Change, ChangeRefused
from bot.training.diffs import Kind
from bot.training.repository import Author, Repository, RepositoryError
from tests.nlu.test_writing import FILES
from tests.training.checkout import git

ANA = Author("Ana Treinadora", "ana@exemplo.com")
BIA = Author("Bia", "bia@exemplo.com")
TALK = "data/nlu/talk.yml"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project in git, on a machine where git knows nobody."""
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    root = tmp_path / "project"
    for path, text in {**FILES, ".gitignore": "var/\n"}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    git(root.parent, "init", "-q", "-b", "main", str(root))
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "O começo")
    return root


@pytest.fixture
def repository(root: Path) -> Repository:
    """The project's repository, with its worktrees below `var/`."""
    return Repository(root, root / "var" / "training" / "branches")


def _apply(repository: Repository, *edits: Edit, author: Author = ANA) -> Change:
    proposal = changes.propose(edits, repository=repository)
    return changes.apply(proposal, author, "Mais jeitos de dizer oi", repository=repository)


def _state(root: Path) -> tuple[str, ...]:
    """Everything of the checkout: its commit, what git sees in it, its files."""
    texts = [file.read_text() for file in sorted(root.rglob("*.yml")) if "var" not in file.parts]
    return (git(root, "rev-parse", "HEAD"), git(root, "status", "--porcelain"), *texts)


def test_a_change_is_shown_before_it_is_made(repository: Repository) -> None:
    proposal = changes.propose([AddExample("goodbye", "adeus")], repository=repository)
    [diff] = proposal.diff
    assert (diff.path, diff.added, diff.removed) == (TALK, 1, 0)
    [added] = [line for line in diff.lines if line.kind is Kind.ADDED]
    assert (added.before, added.after, added.text) == (None, 15, "    - adeus")


def test_the_diff_is_one_that_git_can_apply(root: Path, repository: Repository) -> None:
    edits = [
        MoveExample("greet", "oi", "goodbye"),
        AddVariation("utter_greet", "Oi, {name}. Bom dia!"),
    ]
    proposal = changes.propose(edits, repository=repository)
    (root / "change.diff").write_text(proposal.text)
    git(root, "apply", "change.diff")
    assert {path: (root / path).read_text() for path in proposal.files} == proposal.files


def test_a_change_is_a_commit_of_the_trainer_and_the_checkout_stays(
    root: Path, repository: Repository
) -> None:
    before = _state(root)
    change = _apply(repository, AddExample("goodbye", "adeus"))
    assert _state(root) == before
    said = git(root, "log", "-1", "--format=%an <%ae>|%cn|%s", change.branch).strip()
    assert said == "Ana Treinadora <ana@exemplo.com>|Ana Treinadora|Mais jeitos de dizer oi"
    files = changes.files_of(change, repository=repository)
    assert "    - adeus\n" in (files / TALK).read_text()
    assert files.is_relative_to(root / "var" / "training" / "branches")


def test_what_is_more_than_understanding_is_known(repository: Repository) -> None:
    """Rules and words are read by the actions when they start."""
    change = _apply(repository, AddExample("goodbye", "adeus"))
    assert changes.changed_files(change, repository=repository) == [TALK]
    words = changes.propose([AddVariation("utter_greet", "Opa!")], repository=repository)
    assert not words.is_understanding_alone
    assert changes.understanding_alone([TALK, "tests/stories/test_oi.yml"])


def test_names_are_numbered_by_day(repository: Repository) -> None:
    one, other = (_apply(repository, AddExample("greet", text)) for text in ("oie", "opa"))
    assert one.branch[:-1] == other.branch[:-1]
    assert (one.branch[-1], other.branch[-1]) == ("1", "2")


def test_errors_keep_a_change_from_being_applied(repository: Repository) -> None:
    """Each names the line it clashes with."""
    edits = [AddExample("greet", "Tchau"), AddExample("greet", "meu cpf é 111.444.777-35")]
    proposal = changes.propose(edits, repository=repository)
    [two, personal] = proposal.errors
    assert two.kind == "A mesma mensagem em duas intenções"
    assert str(two.place) == f"{TALK}:9"
    assert two.details == (f"{TALK}:15: “tchau” é goodbye",)
    assert personal.kind == "Dados pessoais"
    with pytest.raises(ChangeRefused, match="duas intenções"):
        changes.apply(proposal, ANA, "x", repository=repository)


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (AddExample("greet", "Oi"), "Repetida na mesma intenção"),
        (AddExample("greet", "quanto devo"), "Quase igual a uma mensagem de outra intenção"),
        (AddExample("greet", "bom dia minha querida!"), "Quase igual a outra da mesma intenção"),
        (AddExample("greet", "oi [150](valor)"), "Entidade ou papel que não existe no domain.yml"),
        (AddExample("greet", "oi [150](amount"), "Anotação quebrada"),
        (AddVariation("utter_greet", "Pague agora ou vai ser preso"), "ameaça"),
        (AddVariation("utter_greet", "São {total}."), "campos diferentes"),
    ],
)
def test_what_a_trainer_should_look_at_is_told(
    repository: Repository, edit: Edit, kind: str
) -> None:
    proposal = changes.propose([edit], repository=repository)
    assert kind in [problem.kind for problem in proposal.problems]


def test_nothing_to_change_is_said(repository: Repository) -> None:
    with pytest.raises(ChangeRefused, match="nada a mudar"):
        changes.apply(changes.propose([], repository=repository), ANA, "x", repository=repository)


def test_a_merged_change_is_in_use_and_a_reverted_one_is_not(
    root: Path, repository: Repository
) -> None:
    before = (root / TALK).read_text()
    change = _apply(repository, AddExample("goodbye", "adeus"))
    changes.merge(change, BIA, repository=repository)
    changes.merge(change, BIA, repository=repository)
    assert "adeus" in (root / TALK).read_text()
    assert changes.is_in_use(change, repository=repository)
    changes.revert(change, BIA, repository=repository)
    assert (root / TALK).read_text() == before
    assert git(root, "log", "-1", "--format=%an").strip() == "Bia"
    assert git(root, "status", "--porcelain") == ""


def test_a_reverted_change_can_come_back_and_go_again(root: Path, repository: Repository) -> None:
    change = _apply(repository, AddExample("goodbye", "adeus"))
    for _ in range(2):
        changes.merge(change, ANA, repository=repository)
        assert "adeus" in (root / TALK).read_text()
        changes.revert(change, BIA, repository=repository)
        assert "adeus" not in (root / TALK).read_text()
        assert not changes.is_in_use(change, repository=repository)


def test_two_changes_of_one_day_go_together(root: Path, repository: Repository) -> None:
    """Even for the same intent, unless they are about the same words."""
    one = _apply(repository, AddExample("greet", "boa noite pra você"))
    other = _apply(repository, AddExample("goodbye", "tchauzinho"), author=BIA)
    changes.merge(one, ANA, repository=repository)
    assert changes.bring_up(other, BIA, repository=repository)
    assert not changes.bring_up(other, BIA, repository=repository)
    changes.merge(other, BIA, repository=repository)
    text = (root / TALK).read_text()
    assert "tchauzinho" in text
    assert "boa noite pra você" in text
    changes.revert(one, ANA, repository=repository)
    assert "boa noite pra você" not in (root / TALK).read_text()


def test_a_conflict_changes_nothing(root: Path, repository: Repository) -> None:
    one = _apply(repository, AddExample("goodbye", "adeus"))
    other = _apply(repository, AddExample("goodbye", "fui"))
    changes.merge(one, ANA, repository=repository)
    before = _state(root)
    with pytest.raises(RepositoryError, match=f"mesmas linhas de {TALK}"):
        changes.merge(other, BIA, repository=repository)
    assert _state(root) == before
    folder = changes.files_of(other, repository=repository)
    assert "fui" in (folder / TALK).read_text()
    assert git(folder, "status", "--porcelain") == ""


@pytest.mark.parametrize("staged", [False, True])
def test_work_without_a_commit_is_never_overwritten(
    root: Path, repository: Repository, staged: bool
) -> None:
    change = _apply(repository, AddExample("goodbye", "adeus"))
    (root / TALK).write_text(FILES[TALK].replace("tchau", "tchau tchau"))
    if staged:
        git(root, "add", ".")
    before = _state(root)
    with pytest.raises(RepositoryError, match=f"sem commit nestes arquivos: {TALK}"):
        changes.merge(change, ANA, repository=repository)
    with pytest.raises(RepositoryError, match="sem commit"):
        _apply(repository, AddExample("goodbye", "fui"))
    assert _state(root) == before


def test_work_in_other_files_stays_and_does_no_harm(root: Path, repository: Repository) -> None:
    change = _apply(repository, AddExample("goodbye", "adeus"))
    (root / "data/rules/talk.yml").write_text("# em obras\n")
    changes.merge(change, ANA, repository=repository)
    assert (root / "data/rules/talk.yml").read_text() == "# em obras\n"
    assert "adeus" in (root / TALK).read_text()


def test_a_change_never_merged_cannot_be_reverted(repository: Repository) -> None:
    change = _apply(repository, AddExample("goodbye", "adeus"))
    with pytest.raises(RepositoryError, match="não está em uso"):
        changes.revert(change, ANA, repository=repository)


def test_a_deleted_worktree_is_made_again(root: Path, repository: Repository) -> None:
    change = _apply(repository, AddExample("goodbye", "adeus"))
    subprocess.run(["rm", "-r", str(root / "var")], check=True)
    assert "adeus" in (changes.files_of(change, repository=repository) / TALK).read_text()


def test_a_discarded_change_leaves_nothing(root: Path, repository: Repository) -> None:
    change = _apply(repository, AddExample("goodbye", "adeus"))
    changes.discard(change, repository=repository)
    assert change.branch not in git(root, "branch", "--all")
    assert os.listdir(root / "var" / "training" / "branches") == []
    with pytest.raises(RepositoryError, match="não existe mais"):
        changes.files_of(change, repository=repository)


def test_trainers_who_apply_at_once_get_a_branch_each(root: Path, repository: Repository) -> None:
    made: list[Change] = []

    def work(number: int) -> None:
        own = Repository(root, root / "var" / "training" / "branches")
        made.append(_apply(own, AddExample("greet", f"oi número {number}")))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({change.branch for change in made}) == 5
    assert len({change.commit for change in made}) == 5


def test_a_hostile_name_of_a_trainer_is_only_a_name(root: Path, repository: Repository) -> None:
    author = Author("Eva\n<root@x> --author=b", "")
    change = _apply(repository, AddExample("goodbye", "adeus"), author=author)
    assert git(root, "log", "-1", "--format=%an", change.branch) == "Evaroot@x --author=b\n"


@pytest.mark.parametrize("branch", ["main", "training/x", "--help", "training/2026-01-01-1/../x"])
def test_only_training_branches_are_touched(repository: Repository, branch: str) -> None:
    change = Change(branch, repository.head())
    for act in (changes.files_of, changes.discard):
        with pytest.raises(RepositoryError, match="não é um ramo de treino"):
            act(change, repository=repository)
    with pytest.raises(RepositoryError, match="não é um commit"):
        changes.propose([], base="--all", repository=repository)


def test_stories_are_part_of_a_change_and_no_other_file_is(repository: Repository) -> None:
    stories = {"tests/stories/test_oi.yml": 'version: "3.1"\n'}
    assert changes.propose([], stories, repository=repository).files == stories
    for path in ("../x.yml", "/etc/x.yml", "bot/cli.py", "policies/desk.yml"):
        with pytest.raises(EditRefused, match="não é um arquivo de treino"):
            changes.propose([], {path: "x"}, repository=repository)


def test_it_works_in_a_worktree_and_on_no_branch(root: Path, tmp_path: Path) -> None:
    git(root, "worktree", "add", "-q", "--detach", str(tmp_path / "other"))
    other = Repository(tmp_path / "other", tmp_path / "elsewhere")
    change = _apply(other, AddExample("goodbye", "adeus"))
    changes.merge(change, ANA, repository=other)
    assert "adeus" in (tmp_path / "other" / TALK).read_text()
    assert "adeus" not in (root / TALK).read_text()


def test_without_git_it_says_what_to_do(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No repository; a folder of another one; one without a commit; no program."""
    (tmp_path / "plain").mkdir()
    for folder in (tmp_path / "plain", root / "data"):
        with pytest.raises(RepositoryError, match="não é um repositório git"):
            Repository(folder, tmp_path / "w")
    git(tmp_path, "init", "-q", str(tmp_path / "empty"))
    with pytest.raises(RepositoryError, match="nenhum commit"):
        Repository(tmp_path / "empty", tmp_path / "w")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git não está instalado"):
        Repository(root, tmp_path / "w")
