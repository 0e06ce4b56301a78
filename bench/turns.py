"""From a webhook's 200 to the reply at Meta, for turns that talk and turns that call billing.

One conversation is a debtor's, up to the yes that is never given: with it the debt would
be gone and the next conversation would be another.
"""

import time
from collections import defaultdict
from dataclasses import dataclass, field

import requests

from bench.meta import Meta, Person, signed
from bench.stock import Stock
from tests.house import MARIA, House

CONVERSATIONS = 25
PAUSE_SECONDS = 0.05
"""Between turns, ours and the stock bot's alike: nobody answers before having read."""

TALKS, BILLS = "only talks", "calls billing"


@dataclass(frozen=True)
class Said:
    """A message of the script: words, or the number of the choice tapped."""

    what: str | int
    kind: str

    @property
    def way(self) -> str:
        """How it was said."""
        return "typed" if isinstance(self.what, str) else "tapped"


SCRIPT = (
    Said("oi", TALKS),
    Said("529", BILLS),
    Said("você é um robô?", TALKS),
    Said("quanto eu devo?", BILLS),
    Said("o que acontece se eu não pagar?", TALKS),
    Said("essa dívida é de quê?", BILLS),
    Said("por que tem multa e juros?", BILLS),
    Said("muito obrigada", TALKS),
    Said(0, BILLS),  # the reason: offers come
    Said(0, BILLS),  # the first offer: its summary
    Said(1, TALKS),  # no, another one: the offers again
    Said(1, BILLS),  # the second offer
    Said(1, TALKS),  # no
)


@dataclass
class Timed:
    """Seconds of every turn, by (way, kind), and of the stock bot's beside them."""

    replied: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    accepted: list[float] = field(default_factory=list)
    stock: list[float] = field(default_factory=list)


def measure(house: House, meta: Meta, stock: Stock) -> Timed:
    """Hold the conversations, ours and the stock bot's in turn: what is slow is slow for both."""
    timed = Timed()
    _converse(house, meta, Timed())
    stock.talk(len(SCRIPT), PAUSE_SECONDS)
    for _ in range(CONVERSATIONS):
        _converse(house, meta, timed)
        timed.stock += stock.talk(len(SCRIPT), PAUSE_SECONDS)
    return timed


def _converse(house: House, meta: Meta, timed: Timed) -> None:
    url = house.url("web") + "/webhooks/whatsapp"
    person = Person.with_phone(MARIA)
    choices: list[dict[str, object]] = []
    with requests.Session() as session:
        for said in SCRIPT:
            time.sleep(PAUSE_SECONDS)
            body = _body(person, said, choices)
            posted = time.perf_counter()
            response = session.post(url, data=body, headers=signed(body), timeout=10)
            accepted = time.perf_counter()
            assert response.status_code == 200, response.text
            reply = meta.next_reply()
            timed.accepted.append(accepted - posted)
            timed.replied[said.way, said.kind].append(reply.at - accepted)
            choices = reply.choices() or choices


def _body(person: Person, said: Said, choices: list[dict[str, object]]) -> bytes:
    if isinstance(said.what, str):
        return person.text(said.what)
    assert said.what < len(choices), f"choice {said.what} was not offered, only {choices}"
    return person.tap(choices[said.what])
