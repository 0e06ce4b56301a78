"""How soon do operators see a message? `python -m bench.desk`

200 open conversations, 30 consoles on one web process, each on its own stream of server-sent
events: the time from posting Meta's webhook to the event at every console that may see it, and to
the words being on the page of one of them, in Chromium. The other team's hear nothing.
"""

import os
import random
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import requests
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import text

from bench import figures, machine
from bench.figures import Row
from bench.meta import Person, signed
from bench.surroundings import stop_postgres
from bot import db
from bot.desk import people
from bot.desk.models import Team
from bot.desk.roles import Role
from bot.settings import PROJECT, get_settings
from tests.house import House

CONVERSATIONS, CONSOLES, OTHER_TEAM = 200, 30, 5
MESSAGES, PER_SECOND = 100, 5
PASSWORD = "uma-senha-comprida"


class Console(threading.Thread):
    """One operator's stream; notes when each conversation's event arrives."""

    def __init__(self, url: str, email: str) -> None:
        super().__init__(daemon=True)
        self._session, self._url = signed_in(url, email), url
        self.heard: dict[str, list[float]] = defaultdict(list)
        self.is_open = threading.Event()

    def run(self) -> None:
        """Read the stream line by line, and the messages of a conversation of one's own."""
        with (
            suppress(requests.RequestException),  # the house stops before its consoles
            self._session.get(f"{self._url}/desk/events", stream=True, timeout=600) as stream,
        ):
            for line in stream.iter_lines(chunk_size=1):
                self.is_open.set()
                if line.startswith(b"event: c-"):
                    self.heard[line[9:].decode()].append(time.perf_counter())


def signed_in(url: str, email: str) -> requests.Session:
    """A browser's session, after the form."""
    session = requests.Session()
    page = session.get(f"{url}/desk/login", timeout=10).text
    token = re.search(r'X-CSRFToken": "([^"]+)"', page)
    form = {"email": email, "password": PASSWORD, "csrf_token": token[1] if token else ""}
    session.post(f"{url}/desk/login", data=form, timeout=20).raise_for_status()
    return session


@contextmanager
def running_web() -> Iterator[House]:
    """The web process and the worker on a database of their own."""
    with TemporaryDirectory(prefix="combinado-") as name:
        os.environ |= {"DEMO": "1", "DATABASE_URL": "", "VAR_DIR": name}
        get_settings.cache_clear()
        db.migrate()
        house = House(db.database_url(), Path(name), VAR_DIR=str(PROJECT / "var"))
        try:
            for process in ("web", "worker"):
                house.start(process)
            yield house
        finally:
            house.stop_all()
            db.engine().dispose()
            stop_postgres(Path(name))


def _make_people() -> list[str]:
    """E-mails: the team's, then those of the other team."""
    with db.transaction() as session:
        session.merge(Team(id="outra", name="Outra"))
        session.flush()
        emails = []
        for number in range(CONSOLES + OTHER_TEAM):
            email = f"p{number}@example.com"
            team = "geral" if number < CONSOLES else "outra"
            people.create(session, email, f"Pessoa {number}", Role.OPERATOR, PASSWORD, team)
            emails.append(email)
    return emails


def _make_conversations(url: str) -> dict[str, Person]:
    """Open conversations, half in the queue and half held; who is behind each."""
    persons = [Person.with_phone(f"55119{number:08d}") for number in range(CONVERSATIONS)]
    for person in persons:
        _post(url, person, "oi")
    with db.transaction() as session:
        session.execute(
            text("""
            UPDATE bot.conversations AS c SET handoff_reason = 'ask_human', queued_at = now(),
                   owner = CASE WHEN place % 2 = 0 THEN 'queue' ELSE 'operator' END,
                   operator_id = CASE WHEN place % 2 = 1 THEN people[place % :people + 1] END,
                   taken_at = now(), touched_at = now()
              FROM (SELECT id, row_number() OVER () AS place FROM bot.conversations) AS numbered,
                   (SELECT array_agg(id) AS people FROM desk.users WHERE team = 'geral') AS team
             WHERE numbered.id = c.id"""),
            {"people": CONSOLES},
        )
        rows = session.execute(
            text("""SELECT c.id, a.value FROM bot.conversations c
                      JOIN bot.contact_aliases a USING (contact_id) WHERE a.kind = 'phone'""")
        ).all()
    by_phone = {person.phone: person for person in persons}
    return {str(id_): by_phone[phone] for id_, phone in rows}


def _post(url: str, person: Person, words: str) -> None:
    body = person.text(words)
    requests.post(
        f"{url}/webhooks/whatsapp", data=body, headers=signed(body), timeout=10
    ).raise_for_status()


def _measure(url: str, consoles: list[Console], persons: dict[str, Person]) -> list[float]:
    """Seconds from posting to the event, at each console of the team."""
    chosen = random.Random(1).sample(sorted(persons), MESSAGES)
    posted = {}
    for number, conversation in enumerate(chosen):
        posted[conversation] = time.perf_counter()
        _post(url, persons[conversation], f"mensagem {number}")
        time.sleep(max(0, posted[conversation] + 1 / PER_SECOND - time.perf_counter()))
    time.sleep(2)
    seconds = []
    for conversation, at in posted.items():
        for console in consoles[:CONSOLES]:
            after = [heard for heard in console.heard[conversation] if heard > at]
            assert after, f"{conversation} was not seen"
            seconds.append(min(after) - at)
        assert not any(console.heard[conversation] for console in consoles[CONSOLES:])
    return seconds


def _measure_page(page: Page, url: str, conversation: str, person: Person) -> list[float]:
    """Seconds from posting to the words on the page of an open conversation."""
    page.goto(f"{url}/desk/c/{conversation}")
    page.wait_for_timeout(1000)
    seconds = []
    for number in range(30):
        words = f"na tela {number} {UUID(int=number)}"
        started = time.perf_counter()
        _post(url, person, words)
        page.get_by_text(words).last.wait_for(timeout=10_000)
        seconds.append(time.perf_counter() - started)
    return seconds


def main() -> None:
    """Measure, and print one table in Markdown."""
    with running_web() as house:
        url = house.url("web")
        emails = _make_people()
        persons = _make_conversations(url)
        consoles = [Console(url, email) for email in emails]
        for console in consoles:
            console.start()
        for console in consoles:
            assert console.is_open.wait(20)
        print("consoles are connected", file=sys.stderr, flush=True)
        time.sleep(3)
        seconds = _measure(url, consoles, persons)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path="/usr/bin/chromium", args=["--no-sandbox"]
            )
            page = browser.new_page()
            page.goto(f"{url}/desk/login")
            page.get_by_label("E-mail").fill(emails[0])
            page.get_by_label("Senha", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Entrar").click()
            page.wait_for_url("**/desk/")
            conversation = sorted(persons)[0]
            on_page = _measure_page(page, url, conversation, persons[conversation])
            browser.close()
    what = f"webhook posted → event at {CONSOLES} consoles, {CONVERSATIONS} conversations open"
    print(machine.describe() + "\n")
    rows = [Row(what, figures.latency(seconds))]
    print(figures.table([*rows, Row("webhook posted → words on a page", figures.latency(on_page))]))
    assert figures.percentile(seconds, 0.95) < 1
    assert figures.percentile(on_page, 0.95) < 1


if __name__ == "__main__":
    main()
