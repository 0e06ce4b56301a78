"""Rasa's process: runs in Rasa's own environment, which has none of our libraries.

Starts Rasa's command line without the deprecation warnings of its old libraries, and gives
its logs the form the other processes have. `rasa_healthz.py` gives it `/healthz`.
"""

import json
import logging
import os
import sys
import warnings
from contextlib import asynccontextmanager


def main():
    """Run `rasa` with the arguments of this process."""
    warnings.showwarning = lambda *_, **__: None
    if os.environ.get("LOG_FORMAT", "json") == "json":
        logging.Formatter.format = _as_json
    from rasa.__main__ import main as rasa

    _trust_our_own_actions()
    _keep_connections_to_the_actions()
    sys.exit(rasa())


def _trust_our_own_actions():
    """Spare 20 to 30 ms for each action: `jsonschema` checks the schema, then the answer by it."""
    from rasa.core.actions.action import RemoteAction

    RemoteAction._validate_action_result = lambda *_: True


def _keep_connections_to_the_actions():
    """Rasa opens a session and a connection for each call of an action, and closes both."""
    import ujson
    from aiohttp import ClientSession
    from rasa.utils.endpoints import EndpointConfig

    kept = {}

    @asynccontextmanager
    async def session(endpoint):
        if endpoint.url not in kept:
            kept[endpoint.url] = ClientSession(json_serialize=ujson.dumps)
        yield kept[endpoint.url]

    EndpointConfig.session = session


def _as_json(_formatter, record):
    line = {
        "event": record.getMessage(),
        "level": record.levelname.lower(),
        "logger": record.name,
        "process": "rasa",
    }
    if record.exc_info:
        line["exception"] = logging.Formatter().formatException(record.exc_info)
    return json.dumps(line, ensure_ascii=False)


if __name__ == "__main__":
    main()
