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

    _check_the_schema_of_answers_once()
    _keep_connections_to_the_actions()
    sys.exit(rasa())


def _check_the_schema_of_answers_once():
    """Spare 20 to 30 ms for each action: `jsonschema.validate` checks the schema itself too."""
    from jsonschema import Draft202012Validator
    from rasa.core.actions.action import RemoteAction

    validator = Draft202012Validator(RemoteAction.action_response_format_spec())
    RemoteAction._validate_action_result = lambda _action, result: not validator.validate(result)


def _keep_connections_to_the_actions():
    """Rasa opens a session and a connection for each call of an action, and closes both."""
    from rasa.utils.endpoints import EndpointConfig

    new_session, kept = EndpointConfig.session, {}

    @asynccontextmanager
    async def session(endpoint):
        if endpoint.url not in kept:
            kept[endpoint.url] = new_session(endpoint)
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
