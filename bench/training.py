"""Does the trainers' inbox hold 50,000 messages? `python -m bench.training`

The messages are the training data's with the slips of a phone (`bot.rehearsal.noise`), until there
are enough. Measured: bringing them all into an empty inbox, which is what a month of downtime asks
for; one more run of the job; list, search and counts as the pages ask for them; and grouping alone,
in a process of its own, with what it needs of memory.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from sqlalchemy import text

from bench import figures, machine
from bench.figures import Row
from bench.surroundings import stop_postgres
from bot import db
from bot.nlu.examples import Example, read_examples
from bot.rehearsal import noise
from bot.settings import PROJECT, get_settings
from bot.training import collecting, examples, inbox
from bot.training.grouping import group
from bot.training.inbox import Filters
from bot.training.models import State
from bot.training.signals import Signal

MESSAGES, PER_CONVERSATION, DAYS = 50_000, 20, 30
ROUNDS = 12
SPOILS = (
    (noise.abbreviated, 0.4),
    (noise.misspelt, 0.3),
    (noise.without_accents, 0.4),
    (noise.shouted, 0.05),
    (noise.with_emoji, 0.2),
)
VIEWER = UUID(int=1)
SEARCHES = ("boleto", "pix copia", "desemprego", "nao devo", "juros absurdo", "quero pagar")


def messages(chance: Random) -> Iterator[tuple[str, Example]]:
    """What people write, and the example behind it."""
    known = read_examples(sorted((PROJECT / "data" / "nlu").glob("*.yml")))
    for _ in range(MESSAGES):
        example = chance.choice(known)
        words = example.text
        for spoil, share in SPOILS:
            if chance.random() < share:
                words = spoil(words, chance)
        yield words, example


def _heard(example: Example, other: str, chance: Random) -> str:
    """What a bot may have heard, sure in nine of ten."""
    sure = chance.uniform(0.9, 1) if chance.random() < 0.9 else chance.uniform(0.3, 0.9)
    intent = example.intent if sure >= 0.8 else "nlu_fallback"
    ranking = [[example.intent, sure], [other, (1 - sure) * 0.8]]
    model = f"model{chance.randrange(4)}"
    return json.dumps({"intent": intent, "confidence": sure, "ranking": ranking, "model": model})


@contextmanager
def _empty_database() -> Iterator[None]:
    with TemporaryDirectory(prefix="combinado-") as name:
        os.environ |= {"DEMO": "1", "DATABASE_URL": "", "VAR_DIR": name}
        get_settings.cache_clear()
        db.migrate()
        try:
            yield
        finally:
            db.engine().dispose()
            stop_postgres(Path(name))


def _say(now: datetime) -> None:
    """Write the turns, as the conversation package would have."""
    chance = Random(1)
    said = list(messages(chance))
    rows = []
    for place, (words, example) in enumerate(said):
        at = now - timedelta(days=DAYS) * (1 - place / MESSAGES)
        heard = _heard(example, chance.choice(said)[1].intent, chance)
        conversation = UUID(int=1 + place % (MESSAGES // PER_CONVERSATION))
        rows.append({"c": conversation, "t": uuid4(), "at": at, "words": words, "heard": heard})
    people = [{"id": id_} for id_ in sorted({row["c"] for row in rows})]
    with db.transaction() as session:
        session.execute(
            text("INSERT INTO bot.contacts (id, marketing_stopped) VALUES (:id, false)"), people
        )
        session.execute(
            text("""INSERT INTO bot.conversations (id, contact_id, phone_number_id, dialogue_id,
                                                   owner) VALUES (:id, :id, '1', :id, 'bot')"""),
            people,
        )
        session.execute(
            text("""INSERT INTO bot.turns (id, conversation_id, state, created_at, answered_at,
                                           heard)
                    VALUES (:t, :c, 'answered', :at, :at, CAST(:heard AS jsonb))"""),
            rows,
        )
        session.execute(
            text("""INSERT INTO bot.messages (id, conversation_id, turn_id, wamid, type, text,
                                              answerable, body, sent_at)
                    VALUES (:t, :c, :t, :t, 'text', :words, true, '{}', :at)"""),
            rows,
        )


def _timed(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _list(now: datetime) -> list[float]:
    """The list as trainers turn its pages and filter it."""
    week = now - timedelta(days=7)
    asked = [
        Filters(VIEWER),
        Filters(VIEWER, state=None),
        Filters(VIEWER, signal=Signal.ASKED),
        Filters(VIEWER, signal=Signal.LOW_CONFIDENCE, intent="nlu_fallback"),
        Filters(VIEWER, intent="ask_boleto"),
        Filters(VIEWER, model="model1"),
        Filters(VIEWER, since=week),
        Filters(VIEWER, state=State.SECOND_OPINION),
    ]
    seconds = []
    for _ in range(ROUNDS):
        for filters in asked:
            cursor = None
            for _ in range(3):
                started = time.perf_counter()
                page = inbox.page(filters, cursor)
                seconds.append(time.perf_counter() - started)
                cursor = page.next
                if cursor is None:
                    break
    return seconds


def _search() -> list[float]:
    return [
        _timed(lambda words=words: inbox.page(Filters(VIEWER, words=words)))  # type: ignore[misc]
        for _ in range(ROUNDS)
        for words in SEARCHES
    ]


def _counts() -> list[float]:
    return [_timed(lambda: inbox.counts(Filters(VIEWER))) for _ in range(2 * ROUNDS)]


def _neighbours(chance: Random) -> list[float]:
    examples.training_data()
    said = [words for words, _ in messages(chance)][:200]
    return [_timed(lambda words=words: examples.neighbours(words)) for words in said]  # type: ignore[misc]


def group_alone() -> None:
    """In a process of its own: seconds, groups and megabytes more than before."""
    said = [words for words, _ in messages(Random(1))]
    before = getrusage(RUSAGE_SELF).ru_maxrss
    cpu, started = time.process_time(), time.perf_counter()
    groups = len(set(group(said)))
    cpu, seconds = time.process_time() - cpu, time.perf_counter() - started
    after = getrusage(RUSAGE_SELF).ru_maxrss
    print(json.dumps([seconds, cpu, groups, (after - before) / 1024, after / 1024]))


def _measure_grouping() -> Row:
    command = [sys.executable, "-c", "from bench import training; training.group_alone()"]
    answer = subprocess.run(command, cwd=PROJECT, capture_output=True, check=True, text=True)
    seconds, cpu, groups, more, peak = json.loads(answer.stdout)
    what = f"Grouping {MESSAGES:,} messages into {groups:,} groups"
    return Row(
        what, f"{seconds:.1f} s ({cpu:.1f} s of CPU), {more:.0f} MB more, peak {peak:.0f} MB"
    )


def main() -> None:
    """Measure, and print one table in Markdown."""
    rows = [_measure_grouping()]
    with _empty_database():
        now = datetime.now(UTC)
        _say(now)
        all_in = _timed(lambda: collecting.collect(now))
        again = [_timed(lambda: collecting.collect(datetime.now(UTC))) for _ in range(5)]
        print("all messages are in the inbox", file=sys.stderr, flush=True)
        listed, searched = _list(now), _search()
        rows += [
            Row(f"All {MESSAGES:,} into an empty inbox, masked and grouped", f"{all_in:.1f} s"),
            Row("The job again, nothing new", figures.latency(again)),
            Row("List: a page of groups, filtered or not", figures.latency(listed)),
            Row("Search by words: a page of groups", figures.latency(searched)),
            Row("Counts by signal and state", figures.latency(_counts())),
            Row(
                "Neighbours of a message in the training data",
                figures.latency(_neighbours(Random(2))),
            ),
        ]
    print(machine.describe() + "\n")
    print(figures.table(rows))


if __name__ == "__main__":
    main()
