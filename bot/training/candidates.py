"""A change becomes a model: trained beside the one that answers, and measured against it.

`begin` is asked on a page; `prepare` is the job, which takes minutes. It may be killed and run
again: what it had done by then, it finds.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import structlog
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot import db, jobs, model
from bot.conversations.models import Serving
from bot.desk.models import User
from bot.model import TrainingError
from bot.nlu import evaluation
from bot.nlu.evaluation import EvaluationError
from bot.nlu.examples import Place, read_example
from bot.nlu.measures import Understood, reliability
from bot.nlu.writing import AddExample, AddIntent
from bot.settings import Settings
from bot.training import applying, changes, story_runs
from bot.training.comparing import Comparison, Pair, StoryScores, compare
from bot.training.models import (
    AT_WORK,
    Candidate,
    CandidateState,
    Change,
    ChangeState,
    ReviewedExample,
)
from bot.training.policy import get_policy
from bot.training.repository import Author, RepositoryError
from bot.training.story_runs import StoryRunError

log = structlog.get_logger()

TELL_EVERY = 2.0
"""Seconds."""
_MOST_REVIEWED = 2000
_REVIEWED = text(f"""
    SELECT item.text, verdict.intent
      FROM training.items AS item
      JOIN LATERAL (SELECT intent FROM training.annotations WHERE item_id = item.id
                     ORDER BY id DESC LIMIT 1) AS verdict ON true
     WHERE item.state IN ('accepted', 'relabelled') AND verdict.intent IS NOT NULL
       AND item.id NOT IN (SELECT item_id FROM training.examples
                            WHERE item_id IS NOT NULL AND change_id IS NOT NULL)
     ORDER BY item.id DESC LIMIT {_MOST_REVIEWED}
""")
Labelled = list[tuple[str, str]]


class CandidateRefused(Exception):
    """What was asked of a candidate cannot be done; the message says why, in Portuguese."""


def begin(session: Session, change_id: UUID, trainer: User) -> Candidate:
    """Have a model made of a change. Raises CandidateRefused while one is being made."""
    change = session.get(Change, change_id, with_for_update=True)
    if change is None or not change.commit:
        raise CandidateRefused("Esta mudança não existe mais.")
    if change.state is ChangeState.UNDONE:
        raise CandidateRefused("Esta mudança foi desfeita. Corrija os exemplos e aplique de novo.")
    of_it = select(Candidate).where(Candidate.change_id == change_id)
    if session.scalars(of_it.where(Candidate.state.in_(AT_WORK))).first():
        raise CandidateRefused("Um modelo desta mudança já está sendo treinado.")
    candidate = Candidate(change_id=change_id, author=trainer.id, told="Na fila.")
    session.add(candidate)
    session.flush()
    from bot.training.tasks import prepare_candidate  # the job's module knows this one

    jobs.defer_in(session, prepare_candidate, lock="training", candidate_id=str(candidate.id))
    return candidate


def folder_of(candidate_id: UUID) -> Path:
    """Where a candidate's pictures are."""
    return Settings().var_dir / "training" / "candidates" / str(candidate_id)


def prepare(candidate_id: UUID) -> None:
    """Train and measure a candidate; whatever goes wrong is told on its row."""
    try:
        _prepare(candidate_id)
    except (TrainingError, EvaluationError, StoryRunError, RepositoryError) as error:
        log.warning("candidate failed", candidate=str(candidate_id), error=str(error)[-500:])
        _note(candidate_id, CandidateState.FAILED, str(error)[-4000:])
    except Exception:
        log.exception("candidate failed", candidate=str(candidate_id))
        words = "Algo falhou por aqui, e a equipe técnica tem o registro. Tente de novo."
        _note(candidate_id, CandidateState.FAILED, words)


def _prepare(candidate_id: UUID) -> None:
    with db.transaction() as session:
        candidate = session.get_one(Candidate, candidate_id)
        if candidate.state not in AT_WORK:
            return
        row, author = session.get_one(Change, candidate.change_id), candidate.author
        trainer = session.get_one(User, author)
    change = changes.Change(row.branch, row.commit or "")
    changes.bring_up(change, Author(trainer.name, trainer.email))
    root = changes.files_of(change)
    _note(candidate_id, CandidateState.TRAINING, "Começando o treino…")
    trained = model.train(root, _teller(candidate_id))
    comparison = _measure(candidate_id, candidate.change_id, trained, root)
    with db.transaction() as session:
        done = session.get_one(Candidate, candidate_id)
        done.model, done.comparison = model.name(trained), comparison.model_dump(mode="json")
        done.state, done.done_at = CandidateState.READY, datetime.now(UTC)
        done.told = "Pronto."


def _note(candidate_id: UUID, state: CandidateState, told: str) -> None:
    with db.transaction() as session:
        candidate = session.get_one(Candidate, candidate_id)
        candidate.state, candidate.told = state, told


def _teller(candidate_id: UUID) -> Callable[[str], None]:
    """Notes now and then how long the training has taken."""
    started, told_at = time.monotonic(), 0.0

    def tell(_line: str) -> None:
        nonlocal told_at
        now = time.monotonic()
        if now - told_at > TELL_EVERY:
            told_at = now
            words = f"Treinando há {now - started:.0f} s; leva uns dois minutos."
            _note(candidate_id, CandidateState.TRAINING, words)

    return tell


def serving_now(session: Session) -> str:
    """The model that answers."""
    row = session.scalar(select(Serving))
    return row.current if row else model.fingerprint()


def _measure(candidate_id: UUID, change_id: UUID, trained: Path, root: Path) -> Comparison:
    with db.transaction() as session:
        current = model.file_of(serving_now(session))
        reviewed = [(words, intent) for words, intent in session.execute(_REVIEWED)]
        taught = taught_by(session, change_id)
    if not current.exists():
        raise EvaluationError(
            f"O modelo que responde hoje ({current.name}) não está mais no disco."
        )
    tell = _step(candidate_id)
    tell("Medindo o modelo de hoje…")
    old = _understand(current, reviewed, taught, root)
    tell("Medindo o candidato…")
    new = _understand(trained, reviewed, taught, root)
    tell("Repassando as conversas salvas…")
    stories = _stories(current, trained, root)
    tell("Desenhando…")
    sets = {name: (old[name], new[name]) for name in old if name != TAUGHT}
    comparison = compare(
        (model.name(current), model.name(trained)),
        sets,
        (old.get(TAUGHT, []), new.get(TAUGHT, [])),
        stories,
        (current.stat().st_size, trained.stat().st_size),
        get_policy().gate,
    )
    _draw(candidate_id, sets)
    return comparison


def _step(candidate_id: UUID) -> Callable[[str], None]:
    return lambda words: _note(candidate_id, CandidateState.MEASURING, words)


UNSEEN, REVIEWED, TAUGHT = "Inéditas", "Revisadas", "taught"
"""The sets: of `tests/nlu/`, of the inbox and in no file, and of the change itself."""


def taught_by(session: Session, change_id: UUID) -> Labelled:
    """The messages of the change, without their marks."""
    rows = select(ReviewedExample).where(ReviewedExample.change_id == change_id)
    taught: Labelled = []
    for edit in applying.edits_of(session.scalars(rows)):
        match edit:
            case AddExample(intent, words):
                taught.append((read_example(Place(Path(), 0), intent, words).text, intent))
            case AddIntent(name=name, examples=examples):
                taught += [(words, name) for words in examples]
    return taught


def _understand(
    trained: Path, reviewed: Labelled, taught: Labelled, root: Path
) -> dict[str, list[Understood]]:
    """What a model hears in every set of messages, by the set's name."""
    with TemporaryDirectory() as folder:
        unseen = evaluation.unseen_files()
        files = {f"{UNSEEN} {number}": path for number, path in enumerate(unseen, 1)}
        for name, messages in ((REVIEWED, reviewed), (TAUGHT, taught)):
            if len(messages) > (1 if name == REVIEWED else 0):
                files[name] = Path(folder) / f"{name}.json"
                files[name].write_text(json.dumps(messages), encoding="utf-8")
        heard = evaluation.understand(list(files.values()), trained, root)
        return dict(zip(files, heard.values(), strict=True))


def _stories(current: Path, trained: Path, root: Path) -> list[StoryScores]:
    """How every saved conversation goes with both, those of the change included."""
    files = story_runs.files_in(root)
    before = {(each.file, each.story): each for each in story_runs.run(current, files, root)}
    return [
        StoryScores(
            story=each.story,
            current=before[each.file, each.story].passed,
            candidate=each.passed,
            failure=_failure(each),
        )
        for each in story_runs.run(trained, files, root)
    ]


def _failure(result: story_runs.StoryResult) -> str:
    if not result.failures:
        return result.error or ""
    first = result.failures[0]
    return f"em “{first.text}” esperava {first.expected}, veio {first.predicted}"


def _draw(candidate_id: UUID, sets: Mapping[str, Pair]) -> None:
    """The confusion matrix and the reliability of both, on all unseen messages."""
    folder = folder_of(candidate_id)
    folder.mkdir(parents=True, exist_ok=True)
    figures = {}
    for place, name in enumerate(("current", "candidate")):
        heard = [each for pair in sets.values() for each in pair[place]]
        figures[name] = {
            "bins": [asdict(each) for each in reliability(heard)],
            "pairs": [[each.meant, each.heard] for each in heard],
        }
    (folder / "figures.json").write_text(json.dumps(figures))
    evaluation.in_rasas_environment("bot.rasa_pictures", str(folder.absolute()))
