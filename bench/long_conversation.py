"""Does a conversation get slower as it gets longer? `python -m bench.long_conversation`

The same message at turn 2 and at turns further on, in the same conversations: what counts is
the ratio within one run.
"""

import sys
import time
from collections import defaultdict
from itertools import cycle, islice

import requests

from bench import figures, machine, surroundings
from bench.figures import Row
from bench.meta import Meta, Person, signed
from tests.house import MARIA, House

CONVERSATIONS = 15
MEASURED = (2, 10, 20, 30, 40, 50, 60)
"""Turns at which everybody says the same."""
PROBE = "você é um robô?"
FIRST = {1: "oi", 3: "529", 4: "esqueci de pagar"}
BETWEEN = (
    "quanto eu devo?",
    "tá muito caro",
    "consigo 200 por mês",
    "não, prefiro outra",
    "essa dívida é de quê?",
    "muito obrigada",
    "o que acontece se eu não pagar?",
    "por que tem multa e juros?",
)
PAUSE_SECONDS = 0.05
"""Between turns: nobody answers before having read."""


def script() -> list[str]:
    """What is said, from the first turn to the last measured."""
    between = cycle(BETWEEN)
    return [
        PROBE if turn in MEASURED else FIRST.get(turn) or next(between)
        for turn in range(1, MEASURED[-1] + 1)
    ]


def measure(house: House, meta: Meta) -> dict[int, list[float]]:
    """Seconds from the webhook's 200 to the reply at Meta, by measured turn."""
    seconds: dict[int, list[float]] = defaultdict(list)
    _converse(house, meta, defaultdict(list))
    for _ in range(CONVERSATIONS):
        _converse(house, meta, seconds)
        print(".", end="", file=sys.stderr, flush=True)
    return seconds


def _converse(house: House, meta: Meta, seconds: dict[int, list[float]]) -> None:
    url = house.url("web") + "/webhooks/whatsapp"
    person = Person.with_phone(MARIA)
    with requests.Session() as session:
        for turn, words in enumerate(script(), 1):
            time.sleep(PAUSE_SECONDS)
            body = person.text(words)
            response = session.post(url, data=body, headers=signed(body), timeout=10)
            accepted = time.perf_counter()
            assert response.status_code == 200, response.text
            reply = meta.next_reply()
            if turn in MEASURED:
                seconds[turn].append(reply.at - accepted)


def main() -> None:
    """Measure, and print one table in Markdown."""
    meta = Meta()
    with surroundings.running_house(meta) as (house, _):
        seconds = measure(house, meta)
    first = seconds[MEASURED[0]]
    rows = [
        Row(f"Turn {turn}", f"{figures.latency(taken)}, {figures.ratio(taken, first)}")
        for turn, taken in islice(seconds.items(), len(MEASURED))
    ]
    print(machine.describe(), figures.table(rows), sep="\n\n")


if __name__ == "__main__":
    main()
