"""`python -m bench`: measure, and print one table in Markdown."""

import sys
from itertools import product

from bench import accepts, figures, machine, start, stock, surroundings, turns
from bench.accepts import Accepts
from bench.figures import Row
from bench.meta import Meta

NOTE = """\
A turn is measured from the moment Meta has the webhook's 200 to the moment Meta has the
reply; the stock bot answers over its bare REST channel, in memory, and calls nothing.
Not in these figures: a typed message waits BURST_SECONDS (1 s unless set) for the next one,
because people write in bursts and a burst is answered once; here it is 0. Taps never wait.
The accepts are of one web process that shares the cores with the senders and PostgreSQL."""


def main() -> None:
    """Measure everything; progress goes to stderr, figures to stdout."""
    print(machine.describe(), end="\n\n", flush=True)
    _progress("seconds from `combinado up` to ready, twice")
    rows = _start_rows(*start.measure())
    _progress("the stock bot, trained when there is none yet")
    stock.trained_project()
    rows = [*_running_rows(), *rows]
    print(figures.table(rows), end="\n\n")
    print(NOTE)


def _running_rows() -> list[Row]:
    """Everything measured on running processes."""
    meta = Meta()
    with surroundings.running_house(meta) as (house, var_dir):
        stock_bot = stock.Stock(house.logs)
        try:
            stock_bot.wait_until_ready()
            memory = machine.memory_by_process(house.ports)
            memory["PostgreSQL"] = machine.memory(machine.postgres_pid(var_dir))
            memory["stock Rasa"] = machine.memory(stock_bot.pid)
            _progress(f"{turns.CONVERSATIONS} conversations, ours and the stock bot's in turn")
            timed = turns.measure(house, meta, stock_bot)
        finally:
            stock_bot.stop()
        _progress("webhooks as fast as one web process takes them")
        house.kill("worker")
        taken = accepts.measure(house.url("web"))
    return [*_turn_rows(timed), *_accept_rows(taken), *_memory_rows(memory)]


def _turn_rows(timed: turns.Timed) -> list[Row]:
    rows = []
    for way, kind in product(("tapped", "typed"), (turns.TALKS, turns.BILLS)):
        seconds = timed.replied[way, kind]
        result = f"{figures.latency(seconds)}, {figures.ratio(seconds, timed.stock)}"
        rows.append(Row(f"Webhook accepted → reply at Meta, {way}, {kind}", result))
    every = [second for seconds in timed.replied.values() for second in seconds]
    result = f"{figures.latency(every)}, **{figures.ratio(every, timed.stock)}**"
    return [
        *rows,
        Row("Webhook accepted → reply at Meta, all turns", result),
        Row("Stock `rasa init` bot, bare REST round trip", figures.latency(timed.stock)),
        Row("Webhook posted → accepted, one at a time", figures.latency(timed.accepted)),
    ]


def _accept_rows(taken: Accepts) -> list[Row]:
    result = f"{taken.per_second:.0f} per second, {figures.latency(taken.seconds)}"
    return [Row(f"Durable webhook accepts, {accepts.CONNECTIONS} connections", result)]


def _memory_rows(memory: dict[str, str]) -> list[Row]:
    return [Row(f"Memory when ready, {name}", result) for name, result in memory.items()]


def _start_rows(first: float, again: float) -> list[Row]:
    return [
        Row("`combinado up` to ready, model trained, empty database", f"{first:.1f} s"),
        Row("`combinado up` to ready, again", f"{again:.1f} s"),
    ]


def _progress(what: str) -> None:
    print(f"measuring {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
