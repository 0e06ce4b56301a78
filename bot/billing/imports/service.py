"""A file goes in: read, staged, merged and told about, in one transaction."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from sqlalchemy.orm import Session

from bot.billing.audit.signature import sign
from bot.billing.context import Context
from bot.billing.imports import customers, invoices, staging
from bot.billing.imports.columns import Header, Layout, header_of
from bot.billing.imports.errors import ImportRefused
from bot.billing.imports.files import Row, rows_of
from bot.billing.imports.layouts import LAYOUTS
from bot.billing.imports.report import Report
from bot.billing.imports.words import KINDS, SUMMARY, FileProblem, Problem
from bot.db import transaction

MERGE = {"customers": customers.merge, "invoices": invoices.merge}
ROWS_ABOVE_THE_HEADER = 10

Progress = Callable[[int, float], None]


@dataclass(frozen=True)
class Summary:
    """What became of the rows of a file."""

    kind: str
    lines: int
    new: int
    changed: int
    same: int
    repeated: int
    kept: int
    rejected: int
    seconds: float
    unknown_columns: tuple[str, ...]

    def __str__(self) -> str:
        return SUMMARY.format(**{**vars(self), "kind": KINDS[self.kind]})


def import_file(
    context: Context,
    path: Path,
    kind: str | None = None,
    report: Path | None = None,
    *,
    strict: bool = False,
    progress: Progress = lambda lines, share: None,
) -> Summary:
    """Import `path` as `kind`, or as what its columns say, and return what became of its rows.

    Valid rows go in and the others are written to `report`; with `strict` it is all or nothing.
    `progress` hears of lines read and the share of the file. Raises ImportRefused.
    """
    started = time.monotonic()
    header, rows = _open(path, [LAYOUTS[kind]] if kind else [*LAYOUTS.values()])
    with Report(report) as told, transaction() as session:
        sign(session)
        lines, unreadable = _stage(session, header, rows, told, progress)
        MERGE[header.layout.kind](session, context, told)
        staging.tell_problems(session, header.layout, told)
        counts = staging.count(session)
        rejected = counts.get("rejected", 0) + unreadable
        if strict and rejected:
            raise ImportRefused(FileProblem.STRICT, rejected=rejected)
    return Summary(
        header.layout.kind,
        lines,
        **{name: counts.get(name, 0) for name in ("new", "changed", "same", "repeated", "kept")},
        rejected=rejected,
        seconds=time.monotonic() - started,
        unknown_columns=tuple(header.unknown),
    )


def _open(path: Path, layouts: list[Layout]) -> tuple[Header, Iterator[Row]]:
    """Return the header, which may stand below a title, and the rows after it."""
    rows = rows_of(path)
    for row in islice(rows, ROWS_ABOVE_THE_HEADER):
        if header := header_of(row.cells, layouts):
            first = next(rows, None)
            if first is None:
                raise ImportRefused(FileProblem.ONLY_HEADER)
            return header, chain([first], rows)
    needed = [field.label for field in layouts[-1].fields if field.required]
    raise ImportRefused(FileProblem.NO_HEADER, missing=", ".join(needed))


def _stage(
    session: Session, header: Header, rows: Iterator[Row], report: Report, progress: Progress
) -> tuple[int, int]:
    """Put what can be read into the staging table; return how many rows there were, and not."""
    layout = header.layout
    names = [field.name for field in layout.fields]
    lines = unreadable = 0
    staging.create(session, layout)
    with staging.copying(session, layout) as copy:
        for row in rows:
            lines += 1
            progress(lines, row.share)
            values = _read(header, row, report)
            if values is None:
                unreadable += 1
            else:
                copy.write_row([row.line, *(values[name] for name in names)])
    staging.run(session, "ANALYZE staged")
    return lines, unreadable


def _read(header: Header, row: Row, report: Report) -> dict[str, object] | None:
    """Return the values of a row, or None after telling what is wrong with it."""
    problem = row.problem
    if not problem and any(cell not in (None, "") for cell in row.cells[len(header.columns) :]):
        problem = Problem.TOO_MANY_CELLS
    if problem:
        report.add(header.layout, row.line, "", "", problem)
        return None
    values, wrong = header.read(row.cells)
    for field, value, found in wrong:
        report.add(header.layout, row.line, field, value, found)
    return None if wrong else values
