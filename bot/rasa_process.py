"""Rasa's process: runs in Rasa's own environment, which has none of our libraries.

Starts Rasa's command line without the deprecation warnings of its old libraries, and gives
its logs the form the other processes have. `rasa_healthz.py` gives it `/healthz`.
"""

import json
import logging
import os
import sys
import warnings


def main():
    """Run `rasa` with the arguments of this process."""
    warnings.showwarning = lambda *_, **__: None
    if os.environ.get("LOG_FORMAT", "json") == "json":
        logging.Formatter.format = _as_json
    from rasa.__main__ import main as rasa

    sys.exit(rasa())


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
