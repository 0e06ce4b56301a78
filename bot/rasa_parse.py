"""What the trained model hears in messages; runs in Rasa's environment.

`python -m bot.rasa_parse MODEL OUT FILE...` writes JSON to OUT: by file, a list of what
`understood` returns, in the shape of `bot.nlu.measures.Understood`.
"""

import asyncio
import json
import logging
import sys
import time
import warnings
from pathlib import Path

FALLBACK = "nlu_fallback"
WARM_UP = 20


def understood(text, meant, parsed, milliseconds):
    """One message: what was meant, the likeliest intent, how sure, and whether we would ask."""
    ranking = [each for each in parsed["intent_ranking"] if each["name"] != FALLBACK]
    return {
        "text": text,
        "meant": meant,
        "heard": ranking[0]["name"],
        "confidence": ranking[0]["confidence"],
        "asked": parsed["intent"]["name"] == FALLBACK,
        "milliseconds": milliseconds,
    }


async def _parse(agent, example):
    text, meant = example
    started = time.perf_counter()
    parsed = await agent.parse_message(text)
    milliseconds = (time.perf_counter() - started) * 1000
    return understood(text, meant, parsed, milliseconds)


def _messages(file):
    """Pairs of text and intent."""
    from rasa.shared.nlu.training_data.loading import load_data

    if file.endswith(".json"):
        return json.loads(Path(file).read_text())
    return [(each.get("text"), each.get("intent")) for each in load_data(file).intent_examples]


async def _parse_files(model, files):
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # else each message is written out while it is timed
    agent = Agent.load(model)
    examples = {file: _messages(file) for file in files}
    for example in next(iter(examples.values()))[:WARM_UP]:
        await _parse(agent, example)
    return {
        file: [await _parse(agent, example) for example in listed]
        for file, listed in examples.items()
    }


def main():
    """Parse every message of every file."""
    warnings.showwarning = lambda *_, **__: None
    model, out, *files = sys.argv[1:]
    Path(out).write_text(json.dumps(asyncio.run(_parse_files(model, files))))


if __name__ == "__main__":
    main()
