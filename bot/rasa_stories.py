"""Conversations as tests, by Rasa's own `rasa test core --e2e`; runs in Rasa's environment.

`python -m bot.rasa_stories MODEL OUT FILE...` writes JSON to OUT: by file, what Rasa wrote of the
stories that failed, "" when none did. Each file is run by itself, with the model loaded once:
of stories in one run Rasa leaves out those whose intents and actions are those of another.
"""

import asyncio
import json
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory


async def _run(model, files):
    from rasa.core.agent import Agent
    from rasa.core.test import FAILED_STORIES_FILE, test

    agent = Agent.load(model)
    failed = {}
    for file in files:
        with TemporaryDirectory() as out:
            await test(file, agent, out_directory=out, e2e=True, disable_plotting=True)
            text = (Path(out) / FAILED_STORIES_FILE).read_text(encoding="utf-8")
        failed[file] = "" if text.startswith("#") else text
    return failed


def main():
    """Run every file."""
    warnings.showwarning = lambda *_, **__: None
    model, out, *files = sys.argv[1:]
    Path(out).write_text(json.dumps(asyncio.run(_run(model, files))))


if __name__ == "__main__":
    main()
