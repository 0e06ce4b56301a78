"""`combinado simulate`: a run of simulated debtors, its report and its transcripts."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot import db
from bot.billing.client import BillingClient
from bot.creditor import get_creditor
from bot.rehearsal import casting, people, portfolio, report
from bot.rehearsal.hearing import misheard
from bot.rehearsal.house import House, open_house
from bot.rehearsal.mind import Outcome
from bot.rehearsal.phone import Meta
from bot.rehearsal.repetition import repetitions
from bot.rehearsal.results import Judged, Results
from bot.rehearsal.rules import Case, check
from bot.rehearsal.talk import Conversation, Talk
from bot.rehearsal.witness import Witness
from bot.settings import get_settings

AT_ONCE = 16
"""Conversations held at the same time: enough to keep every process busy."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Let `parser` know what a run takes."""
    parser.add_argument("--conversations", type=int, default=500, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N conversations")
    parser.add_argument("--only", metavar="PERSONA", help="only this one of personas.yml")


def run(conversations: int, seed: int, show: int, only: str | None) -> int:
    """Hold the conversations and print the report; 1 when a rule broke or somebody was stuck.

    Raises PersonasError, HouseError, TrainingError.
    """
    cast = people.load().only(only)
    directory = get_demo_var_dir() / "simulate" / str(seed)
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.md"):
        old.unlink()
    results = _rehearse(cast, conversations, seed, directory)
    _write(results, directory)
    for judged in results.judged[:show]:
        print(report.transcript(judged))
    print(report.report(results))
    print(f"Conversas em {os.path.relpath(directory)}", file=sys.stderr)
    return 0 if results.is_clean else 1


def get_demo_var_dir() -> Path:
    """Where runs are kept; from here on everything is the demo's, and nothing of `.env`."""
    os.environ |= {
        "DEMO": "1",
        "BILLING_PROVIDER": "builtin",
        "PUBLIC_URL": "http://localhost:8000",
    }
    get_settings.cache_clear()
    return get_settings().var_dir


def _rehearse(cast: people.Cast, count: int, seed: int, directory: Path) -> Results:
    today = datetime.now(ZoneInfo("America/Sao_Paulo")).date()
    debtors = casting.cast_debtors(cast, seed, count, today)
    with _on_the_line() as (meta, witness), open_house(meta, witness, directory / "logs") as house:
        client = _client(house)
        ids = portfolio.put_in(debtors, client, directory)
        started = time.monotonic()
        talk = Talk(house, meta, cast, seed)
        held = _hold_all(talk, debtors, ids)
        seconds = time.monotonic() - started
        _ask_afterwards(held, client)
        judged = [_judge(conversation, witness) for conversation in held]
    return Results(seed, seconds, judged)


@contextmanager
def _on_the_line() -> Iterator[tuple[Meta, Witness]]:
    meta, witness = Meta(), Witness()
    try:
        yield meta, witness
    finally:
        meta.stop()
        witness.stop()


def _client(house: House) -> BillingClient:
    return BillingClient(house.billing_url, get_settings().billing_token.get_secret_value())


def _hold_all(
    talk: Talk, debtors: Sequence[casting.Debtor], ids: dict[str, str]
) -> list[Conversation]:
    held = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        talking = [pool.submit(talk.hold, debtor, ids[debtor.phone]) for debtor in debtors]
        for done, finished in enumerate(as_completed(talking), 1):
            held.append(finished.result())
            _show_progress(done, len(debtors), held)
    return sorted(held, key=lambda conversation: conversation.debtor.number)


def _show_progress(done: int, of: int, held: Sequence[Conversation]) -> None:
    if not sys.stderr.isatty():
        return
    filled = 30 * done // of
    agreed = sum(conversation.outcome is Outcome.AGREED for conversation in held)
    stuck = sum(bool(conversation.dead_end) for conversation in held)
    bar = f"[{'█' * filled}{' ' * (30 - filled)}]"
    end = "\n" if done == of else ""
    line = f"\r{bar} {done}/{of} conversas, {agreed} acordos, {stuck} becos sem saída"
    print(line, end=end, file=sys.stderr, flush=True)


def _ask_afterwards(held: Sequence[Conversation], client: BillingClient) -> None:
    """Why people were handed over, and who could have paid but did not agree."""
    with db.engine().connect() as connection:
        reasons: dict[str, str] = dict(connection.execute(_HANDOFFS).tuples().all())
    for conversation in held:
        conversation.handoff = reasons.get(conversation.debtor.phone)
        if conversation.debtor.persona.wants_to_pay and not conversation.could_pay:
            conversation.could_pay = portfolio.could_pay(
                client, conversation.customer_id, conversation.means.monthly
            )


_HANDOFFS = text("""
    SELECT address, handoff_reason
      FROM bot.contact_aliases JOIN bot.conversations USING (contact_id)
     WHERE kind = 'phone' AND handoff_reason IS NOT NULL
""")


def _judge(conversation: Conversation, witness: Witness) -> Judged:
    answers = [
        *witness.answers(conversation.customer_id),
        *witness.answers(conversation.debtor.phone),
    ]
    answers.sort(key=lambda answer: answer.at)
    conversation.mishaps += misheard(conversation, answers)
    case = Case(conversation, answers, get_creditor())
    return Judged(conversation, check(case), list(repetitions(conversation)))


def _write(results: Results, directory: Path) -> None:
    for judged in results.judged:
        file = directory / judged.conversation.debtor.file_name
        file.write_text(report.transcript(judged), encoding="utf-8")
    (directory / "relatorio.md").write_text(report.report(results), encoding="utf-8")
    (directory / "figures.json").write_text(json.dumps(results.figures(), indent=1))
