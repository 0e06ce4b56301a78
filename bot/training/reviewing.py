"""The reviewed pieces that wait: added, mended, and looked at together before a change is made.

What cannot be written is named piece by piece, so that one of them does not hide the others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from bot import db
from bot.nlu.writing import EditRefused, clean, edited
from bot.training import applying, changes
from bot.training.changes import ChangeRefused, Proposal
from bot.training.checking import Problem
from bot.training.models import ExampleKind, ReviewedExample
from bot.training.repository import Repository

Pieces = Sequence[ReviewedExample]
SPOKEN = frozenset({ExampleKind.EXAMPLE, ExampleKind.RESPONSE, ExampleKind.SYNONYM})
"""Kinds that are a text."""
MENDED = SPOKEN | {ExampleKind.INTENT}
"""Kinds a trainer may mend; the others are made again."""


@dataclass(frozen=True)
class Preview:
    """What some pieces would do together.

    `refused`: by piece why it cannot be written; `problems`: by piece what is wrong with it;
    `others`: what is wrong with none of them alone.
    """

    proposal: Proposal | None
    refused: Mapping[int, str] = field(default_factory=dict)
    problems: Mapping[int, list[Problem]] = field(default_factory=dict)
    others: Sequence[str] = ()

    @property
    def may_be_applied(self) -> bool:
        """Whether nothing has to be mended first."""
        is_sound = self.proposal is not None and not self.proposal.errors
        return is_sound and not self.refused and bool(self.proposal and self.proposal.files)


def preview(pieces: Pieces, repository: Repository | None = None) -> Preview:
    """Look at pieces together. Raises RepositoryError."""
    if not pieces:
        return Preview(None)
    repository = repository or Repository()
    refused: dict[int, str] = {}
    try:
        proposal = _propose(pieces, repository)
    except EditRefused:
        sources = repository.files(repository.head(), *changes.SOURCES)
        refused = _refused(sources, [], sorted(pieces, key=_intents_first))
        try:
            proposal = _propose([each for each in pieces if each.id not in refused], repository)
        except EditRefused as error:
            return Preview(None, refused, others=[str(error)])
    problems, others = _by_piece(proposal, pieces)
    return Preview(proposal, refused, problems, others)


def _propose(pieces: Pieces, repository: Repository) -> Proposal:
    edits, stories = applying.edits_of(pieces), applying.stories_of(pieces)
    return changes.propose(edits, stories, repository=repository)


def _intents_first(piece: ReviewedExample) -> bool:
    return piece.kind is not ExampleKind.INTENT


def _refused(sources: Mapping[str, str], kept: Pieces, pieces: Pieces) -> dict[int, str]:
    """Which of `pieces` cannot be written after `kept`: in halves, as nearly all of them can."""
    try:
        edited(sources, applying.edits_of([*kept, *pieces]))
    except EditRefused as error:
        if len(pieces) == 1:
            return {pieces[0].id: str(error)}
        half = len(pieces) // 2
        found = _refused(sources, kept, pieces[:half])
        sound = [each for each in pieces[:half] if each.id not in found]
        return found | _refused(sources, [*kept, *sound], pieces[half:])
    return {}


def _by_piece(proposal: Proposal, pieces: Pieces) -> tuple[dict[int, list[Problem]], list[str]]:
    """Each problem beside the piece whose line it is about."""
    found: dict[int, list[Problem]] = defaultdict(list)
    others = []
    for problem in proposal.problems:
        line = _line(proposal, problem)
        owner = next((each for each in pieces if _wrote(each, line)), None)
        if owner:
            found[owner.id].append(problem)
        else:
            others.append(str(problem))
    return found, others


def _line(proposal: Proposal, problem: Problem) -> str:
    lines = proposal.files.get(str(problem.place.file), "").split("\n")
    return lines[problem.place.line - 1].strip() if problem.place.line <= len(lines) else ""


def _wrote(piece: ReviewedExample, line: str) -> bool:
    match piece.kind:
        case ExampleKind.EXAMPLE:
            return line == f"- {clean(piece.text)}"
        case ExampleKind.MOVE:
            return line == f"- {piece.text.partition(' ')[2]}"
        case ExampleKind.INTENT:
            new = applying.NewIntent.model_validate_json(piece.text)
            words = [clean(text) for text in new.examples]
            return line.removeprefix("- ") in words or any(
                answer.splitlines()[0] in line for answer in new.answers if answer.strip()
            )
        case ExampleKind.RESPONSE:
            return bool(line) and piece.text.strip().splitlines()[0] in line
    return False


def add(piece: ReviewedExample, repository: Repository | None = None) -> None:
    """Keep a piece made by hand. Raises EditRefused when it could not be written."""
    with db.transaction() as session:
        _refuse_unwritable(session, piece, repository or Repository())
        session.add(piece)


def mend(
    id_: int, text: str, intent: str | None = None, repository: Repository | None = None
) -> None:
    """Write a piece otherwise. Raises EditRefused, ChangeRefused when somebody took it."""
    with db.transaction() as session:
        piece = _waiting(session, id_)
        if piece.kind not in MENDED:
            raise ChangeRefused("Isto não se corrige aqui: remova e faça de novo.")
        piece.text = text.strip()
        piece.intent = intent or piece.intent
        _refuse_unwritable(session, piece, repository or Repository())


def remove(id_: int) -> None:
    """Forget a piece. Raises ChangeRefused when somebody took it."""
    with db.transaction() as session:
        session.delete(_waiting(session, id_))


def _waiting(session: Session, id_: int) -> ReviewedExample:
    piece = session.get(ReviewedExample, id_, with_for_update=True)
    if piece is None or piece.change_id is not None:
        raise ChangeRefused("Alguém já aplicou ou removeu este exemplo. Recarregue a página.")
    return piece


def _refuse_unwritable(session: Session, piece: ReviewedExample, repository: Repository) -> None:
    """`piece` may be for an intent that waits itself."""
    if piece.kind is ExampleKind.STORY:
        return
    with session.no_autoflush:
        waiting = applying.waiting(session)
    intents = [each for each in waiting if each.kind is ExampleKind.INTENT and each is not piece]
    its_own = [each for each in intents if each.intent == piece.intent][:1]
    sources = repository.files(repository.head(), *changes.SOURCES)
    edited(sources, applying.edits_of([*its_own, piece]))


def line_piece(author: UUID, intent: str, line: str, to: str | None) -> ReviewedExample:
    """A line of the files to take out, or (with `to`) to put under another intent."""
    if to:
        text = f"{intent} {line}"
        return ReviewedExample(kind=ExampleKind.MOVE, intent=to, text=text, author=author)
    return ReviewedExample(kind=ExampleKind.REMOVAL, intent=intent, text=line, author=author)
