"""What did not go in: a file for whoever mends it, a few lines for whoever looks on."""

import csv
import sys
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.billing.imports.columns import Layout
from bot.billing.imports.words import MORE_REJECTED, REJECTED, REPORT_HEADER, Problem

SHOWN = 10
LONGEST_VALUE = 40


class Report:
    """Writes each problem as it is found, to `path` or else the first few to stderr.

    Nothing is kept in memory. Documents, names, phones and e-mails are masked.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._written = 0

    def __enter__(self) -> Self:
        if self._path is not None:
            # With a BOM and semicolons a Brazilian Excel opens it as a table.
            self._file = self._path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file, delimiter=";")
            self._writer.writerow(REPORT_HEADER)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._path is not None:
            self._file.close()
        elif self._written > SHOWN:
            print(MORE_REJECTED.format(count=self._written - SHOWN), file=sys.stderr)

    def add(self, layout: Layout, line: int, field: str, value: Any, problem: Problem) -> None:
        """Write one problem; `field` is empty where it is the whole line's."""
        column = layout.field(field).label if field else ""
        shown = _shown(value, personal=bool(field) and layout.field(field).personal)
        self._written += 1
        if self._path is not None:
            self._writer.writerow((line, column, shown, problem.value))
        elif self._written <= SHOWN:
            text = REJECTED.format(line=line, column=column, value=shown, reason=problem.value)
            print(text, file=sys.stderr)


def _shown(value: Any, *, personal: bool) -> str:
    """Return a value for human eyes: on one line, masked if personal, no formula for Excel."""
    text = "" if value is None else " ".join(str(value)[:LONGEST_VALUE].split())
    text = "".join(char if char.isprintable() else "?" for char in text)
    if personal and text:
        return "***" + (text[-2:] if len(text) > 4 else "")
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
