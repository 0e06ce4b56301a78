"""Logs: one readable stream in the demo, JSON elsewhere, personal data masked in both."""

import logging
import re
import sys
from typing import Any

import structlog

from bot.settings import Settings

# CPF (with or without punctuation), CNPJ and phones: 8 or more digits, but not an ISO date.
_LONG_NUMBER = re.compile(r"(?!\d{4}-\d{2}-\d{2}\b)\d(?:[\s().+/-]{0,2}\d){7,}")
_SECRET = re.compile(r"(?i)(bearer\s+|access_token=|hub\.verify_token=)[^\s\"'&]+")


def mask(text: str) -> str:
    """`text` with CPFs, phones and tokens hidden, the last two digits of a number kept."""
    text = _SECRET.sub(r"\1***", text)
    return _LONG_NUMBER.sub(lambda found: "***" + found.group()[-2:], text)


def _mask_event(_logger: Any, _name: str, event: dict[str, Any]) -> dict[str, Any]:
    return {
        key: mask(value) if isinstance(value, str) and key not in {"timestamp"} else value
        for key, value in event.items()
    }


def configure(settings: Settings, process: str) -> None:
    """Send the logs of this process, ours and the libraries', to stderr."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.processors.format_exc_info,
        _mask_event,
    ]
    if settings.log_format == "json":
        renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    else:
        renderer = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level, force=True)
    structlog.contextvars.bind_contextvars(process=process)
    for chatty in ("procrastinate", "alembic", "rasa_sdk", "sanic", "urllib3", "werkzeug"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
