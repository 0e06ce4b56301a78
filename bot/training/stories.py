"""A conversation that took place, as an end-to-end test story for Rasa.

It says what the person wrote, personal data replaced, the intent that should be heard in it and
the action that follows. What is said beyond that billing decides anew each day; `rasa test` knows
nothing of it, so only the names of the responses are noted, for whoever reads the file.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.nlu.writing import EditRefused
from bot.training.masking import mask

FOLDER = "tests/stories"
NO_ANSWER = ("action_session_start", "action_listen", None)
UNSURE = "nlu_fallback"
LONGEST_NAME = 60

Event = dict[str, Any]

# Of the dialogue Rasa has now: one before it was somebody else's, or was forgotten on purpose.
_EVENTS = text("""
    SELECT event.data FROM bot.conversations AS conversation
      JOIN rasa.events AS event ON event.sender_id = conversation.dialogue_id::text
     WHERE conversation.id = :conversation ORDER BY event.id
""")
_NAMES = text("""
    SELECT profile_name FROM bot.contacts
      JOIN bot.conversations ON conversations.contact_id = contacts.id
     WHERE conversations.id = :conversation AND profile_name IS NOT NULL
""")


@dataclass(frozen=True)
class Turn:
    """What was said at one go, and what the bot did.

    `text` is masked; of a tap or a file it is what stood on it. `form` was open when it came;
    `requested` is what it waits for since; `said` are names of responses.
    """

    turn_id: str | None
    text: str
    is_typed: bool
    intent: str
    form: str | None
    actions: tuple[str, ...]
    requested: str | None
    said: tuple[str, ...]


@dataclass(frozen=True)
class Recorded:
    """A conversation by sessions: after a long silence Rasa begins a new one."""

    sessions: tuple[tuple[Turn, ...], ...]

    @property
    def turns(self) -> list[Turn]:
        """All turns in their order."""
        return [turn for session in self.sessions for turn in session]

    @property
    def unsure(self) -> list[Turn]:
        """Turns the bot did not understand: only a trainer can say what should be heard there."""
        return [turn for turn in self.turns if turn.intent == UNSURE]


def recorded(session: Session, conversation_id: UUID) -> Recorded:
    """What a conversation was, as Rasa keeps it. Raises EditRefused when Rasa has nothing of it."""
    if session.execute(text("SELECT to_regclass('rasa.events')")).scalar() is None:
        raise EditRefused(_NOTHING)
    rows = session.execute(_EVENTS, {"conversation": conversation_id}).scalars()
    events = [json.loads(row) for row in rows]
    names = session.execute(_NAMES, {"conversation": conversation_id}).scalars().all()
    found = read_events(events, names)
    if not found.turns:
        raise EditRefused(_NOTHING)
    return found


_NOTHING = "O bot não guarda nada desta conversa: não há o que salvar como teste."


def read_events(events: Sequence[Event], names: Iterable[str] = ()) -> Recorded:
    """The turns in the events of a Rasa tracker; `names` of the person are masked as well."""
    known = [each["value"] for each in events if _is_slot(each, "customer_name")]
    masked = [*names, *(name for name in known if name)]
    sessions = [tuple(_turns(part, masked)) for part in _sessions(events)]
    return Recorded(tuple(each for each in sessions if each))


def _is_slot(event: Event, name: str) -> bool:
    return bool(event["event"] == "slot" and event["name"] == name)


def _sessions(events: Sequence[Event]) -> Iterator[list[Event]]:
    part: list[Event] = []
    for event in events:
        if event["event"] == "session_started":
            yield part
            part = []
        part.append(event)
    yield part


def _turns(events: Sequence[Event], names: Sequence[str]) -> Iterator[Turn]:
    """The turns the bot answered."""
    form: str | None = None
    for user, after in _by_message(events):
        actions = [event["name"] for event in after if event["event"] == "action"]
        if done := tuple(name for name in actions if name not in NO_ANSWER):
            yield _turn(user, after, done, form, names)
        opened = [event["name"] for event in after if event["event"] == "active_loop"]
        form = opened[-1] if opened else form


def _by_message(events: Sequence[Event]) -> Iterator[tuple[Event, Sequence[Event]]]:
    """Each message with all that came before the next."""
    places = [place for place, event in enumerate(events) if event["event"] == "user"]
    for place, end in pairwise([*places, len(events)]):
        yield events[place], events[place + 1 : end]


def _turn(
    user: Event,
    after: Sequence[Event],
    actions: tuple[str, ...],
    form: str | None,
    names: Sequence[str],
) -> Turn:
    metadata, typed = user.get("metadata") or {}, user.get("text") or ""
    is_typed = not typed.startswith("/")
    words = typed if is_typed else metadata.get("said") or ""
    requested = [each["value"] for each in after if _is_slot(each, "requested_slot")]
    keys = [(each.get("metadata") or {}).get("phrasing") for each in after]
    return Turn(
        turn_id=metadata.get("turn_id"),
        text=_plain(mask(words, names).text),
        is_typed=is_typed,
        intent=((user.get("parse_data") or {}).get("intent") or {}).get("name") or "",
        form=form,
        actions=actions,
        requested=requested[-1] if requested else None,
        said=tuple(dict.fromkeys(key.rsplit(".", 1)[0] for key in keys if key)),
    )


def _plain(words: str) -> str:
    """Lines as a story can hold them: no marks of entities, no commands, nothing invisible."""
    kept = words.translate({ord("["): "(", ord("]"): ")"})
    lines = ("".join(char for char in line if _is_visible(char)) for line in kept.splitlines())
    return "\n".join(line.strip().lstrip("/").strip() for line in lines if line.strip(" \t/"))


def _is_visible(char: str) -> bool:
    return char == "\u200d" or unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def path_of(title: str) -> str:
    """The file of a story; Rasa tests those that begin with `test_`. Raises EditRefused."""
    letters = unicodedata.normalize("NFKD", mask(title).text.lower()).encode("ascii", "ignore")
    slug = re.sub(r"[^a-z0-9]+", "_", letters.decode()).strip("_")[:LONGEST_NAME].strip("_")
    if not slug:
        raise EditRefused("Dê um nome ao teste, com ao menos uma letra.")
    return f"{FOLDER}/test_{slug}.yml"


def as_story(
    title: str,
    conversation: Recorded,
    rules: Mapping[str, str],
    intents: Mapping[str, str] | None = None,
) -> str:
    """The text of the file.

    `intents`: by turn what should be heard where something else was, so that the story fails
    until a model hears it; `rules`: the action that answers each intent (`rules_in`).
    """
    one_line = " ".join(mask(title).text.split())
    lines = ['version: "3.1"', "", "stories:"]
    for number, turns in enumerate(conversation.sessions, 1):
        name = one_line if len(conversation.sessions) == 1 else f"{one_line} ({number})"
        lines += [f"- story: {json.dumps(name, ensure_ascii=False)}", "  steps:"]
        form = None
        for turn in turns:
            opened, form = turn.form != form, turn.form
            lines += _steps(turn, opened, (intents or {}).get(turn.turn_id or ""), rules)
    return "\n".join([*lines, ""])


def _steps(turn: Turn, opened: bool, meant: str | None, rules: Mapping[str, str]) -> Iterator[str]:
    """`opened`: the form is another one since the turn before. Rasa's own export names it where
    it was opened; there it would be predicted instead of waiting for the next message."""
    intent = meant or turn.intent
    if turn.is_typed:
        yield "  - user: |"
        yield from (f"      {line}" for line in turn.text.splitlines() or ["…"])
        yield f"    intent: {intent}"
    else:
        if turn.text:
            yield f"  # tocou ou enviou: {' '.join(turn.text.split())}"
        yield f"  - intent: {intent}"
    if opened:
        yield f"  - active_loop: {turn.form or 'null'}"
    for action in _actions(turn, meant, rules):
        yield f"  - action: {action}"
    if turn.requested and not meant:
        yield "  - slot_was_set:"
        yield f"    - requested_slot: {turn.requested}"
    if turn.said and not meant:
        yield f"  # respondeu: {', '.join(turn.said)}"


def _actions(turn: Turn, meant: str | None, rules: Mapping[str, str]) -> Sequence[str]:
    """What was done, or what would be done for another intent: the form decides inside itself."""
    if meant is None or meant == turn.intent or turn.form:
        return turn.actions
    return [rules[meant]] if meant in rules else turn.actions


def rules_in(files: Mapping[str, str]) -> dict[str, str]:
    """The action that answers each intent, from the texts of `data/rules/`."""
    texts = [text for path, text in files.items() if path.startswith("data/rules/")]
    rules = [rule["steps"] for each in texts for rule in yaml.safe_load(each)["rules"]]
    return {intent["intent"]: action["action"] for intent, action in rules}
