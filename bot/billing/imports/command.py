"""`combinado billing import`: a file goes in, watched by whoever typed it."""

import argparse
import sys
import time
from pathlib import Path

from bot.billing.context import make_context
from bot.billing.imports.layouts import LAYOUTS
from bot.billing.imports.service import Progress, import_file
from bot.billing.imports.words import PROGRESS, UNKNOWN_COLUMN
from bot.settings import get_settings

SECONDS_BETWEEN_LINES = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV or XLSX; docs/import.md says which columns")
    parser.add_argument("--kind", choices=[*LAYOUTS, "auto"], default="auto")
    parser.add_argument("--report", type=Path, help="write what was refused to this CSV")
    parser.add_argument("--strict", action="store_true", help="all rows go in, or none")


def run(file: Path, kind: str, report: Path | None, strict: bool) -> None:
    """Import and print what became of the rows. Raises ImportRefused."""
    summary = import_file(
        make_context(get_settings()),
        file,
        None if kind == "auto" else kind,
        report,
        strict=strict,
        progress=_line(),
    )
    for column in summary.unknown_columns:
        print(UNKNOWN_COLUMN.format(column=column), file=sys.stderr)
    print(summary)


def _line() -> Progress:
    """Return what keeps one line on a terminal up to date, and is silent elsewhere."""
    shown = 0.0

    def show(lines: int, share: float) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - shown > SECONDS_BETWEEN_LINES or share == 1:
            shown = now
            print(PROGRESS.format(lines=lines, share=share), end="", file=sys.stderr, flush=True)

    def silent(lines: int, share: float) -> None:
        pass

    return show if sys.stderr.isatty() else silent
