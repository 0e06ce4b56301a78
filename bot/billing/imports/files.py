"""Rows of a CSV or XLSX file, one at a time: memory stays flat however long the file is."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile, ZipFile

from bot.billing.imports.errors import ImportRefused
from bot.billing.imports.words import FileProblem, Problem

LONGEST_LINE = 64 * 1024
MOST_LINES_OF_A_ROW = 20
MOST_COLUMNS = 100
LAST_ROW_OF_A_SHEET = 1_048_576
# A sheet is read as a stream, but openpyxl holds all its distinct texts at once.
BIGGEST_SHEET = 1024**3
BIGGEST_TEXTS = 100 * 1024**2
TEXTS = "xl/sharedStrings.xml"
DELIMITERS = ";,\t|"


@dataclass(frozen=True)
class Row:
    """`line` as people count it; `share` of the file read so far; no `cells` with a `problem`."""

    line: int
    cells: Sequence[Any]
    share: float
    problem: Problem | None = None


def rows_of(path: Path) -> Iterator[Row]:
    """Give the rows that are not empty. What the file is, its first bytes say, not its name.

    Raises ImportRefused for a file that cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise ImportRefused(FileProblem.NO_FILE, reason=error.strerror) from error
    if not start:
        raise ImportRefused(FileProblem.EMPTY)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ImportRefused(FileProblem.OLD_EXCEL)
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ImportRefused(FileProblem.UTF16)
    found = _sheet_rows(path) if start.startswith(b"PK\x03\x04") else _csv_rows(path)
    return (row for row in found if row.problem or not _is_empty(row.cells))


def _is_empty(cells: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


# --- CSV


@dataclass(frozen=True)
class _Line:
    number: int
    text: str | None
    share: float


def _csv_rows(path: Path) -> Iterator[Row]:
    size = path.stat().st_size or 1
    with path.open("rb") as file:
        lines = _lines(file, size)
        waiting: deque[_Line] = deque()
        delimiter = ""
        while line := _next(waiting, lines):
            if line.text is None:
                yield Row(line.number, (), line.share, Problem.LINE_TOO_LONG)
                continue
            delimiter = delimiter or max(DELIMITERS, key=line.text.count)
            yield _row(line, delimiter, waiting, lines)


def _lines(file: BinaryIO, size: int) -> Iterator[_Line]:
    """Give lines in UTF-8 or, where that is not what they are, Latin-1 as Windows writes it."""
    number = 0
    while raw := file.readline(LONGEST_LINE):
        number += 1
        whole = raw.endswith(b"\n") or len(raw) < LONGEST_LINE
        while not whole and (rest := file.readline(LONGEST_LINE)):
            whole = rest.endswith(b"\n")
            raw = b""
        yield _Line(number, _decode(raw) if raw else None, file.tell() / size)


def _decode(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _next(waiting: deque[_Line], lines: Iterator[_Line]) -> _Line | None:
    return waiting.popleft() if waiting else next(lines, None)


def _row(line: _Line, delimiter: str, waiting: deque[_Line], lines: Iterator[_Line]) -> Row:
    """Return the row that begins with `line`; quotes may hold line breaks.

    Quotes that do not close cost their own line only: those read after it are put back.
    """
    read = [line]
    while True:
        try:
            texts = [each.text or "" for each in read]
            (cells,) = csv.reader(texts, delimiter=delimiter, strict=True)
        except csv.Error as error:
            if "unexpected end" not in str(error):
                return _rejected(read, waiting, Problem.STRAY_QUOTES)
            more = _next(waiting, lines) if len(read) < MOST_LINES_OF_A_ROW else None
            if more is None or more.text is None:
                if more:
                    waiting.appendleft(more)
                return _rejected(read, waiting, Problem.OPEN_QUOTES)
            read.append(more)
        except ValueError:  # a lone carriage return has made two rows of one line
            return _rejected(read, waiting, Problem.CHARACTER)
        else:
            return Row(line.number, cells, read[-1].share)


def _rejected(read: Sequence[_Line], waiting: deque[_Line], problem: Problem) -> Row:
    waiting.extendleft(reversed(read[1:]))
    return Row(read[0].number, (), read[0].share, problem)


# --- XLSX


def _sheet_rows(path: Path) -> Iterator[Row]:
    """Give the rows of the first sheet. Formulas come as they are written, not as results."""
    from openpyxl import load_workbook  # half a second that only an XLSX is worth

    _refuse_huge(path)
    try:
        book = load_workbook(path, read_only=True)
        with closing(book):
            sheet = book.worksheets[0]
            height = sheet.max_row or LAST_ROW_OF_A_SHEET
            sheet.reset_dimensions()
            rows = sheet.iter_rows(
                values_only=True, max_col=MOST_COLUMNS, max_row=LAST_ROW_OF_A_SHEET
            )
            for line, cells in enumerate(rows, start=1):
                yield Row(line, cells, min(line / height, 1))
    except ImportRefused:
        raise
    except Exception as error:  # whatever a broken or forged file makes openpyxl raise
        raise ImportRefused(FileProblem.UNREADABLE) from error


def _refuse_huge(path: Path) -> None:
    """Refuse what a small file could unpack to: the archive says so before it is read."""
    try:
        with ZipFile(path) as archive:
            sizes = {info.filename: info.file_size for info in archive.infolist()}
    except BadZipFile as error:
        raise ImportRefused(FileProblem.UNREADABLE) from error
    if sum(sizes.values()) > BIGGEST_SHEET or sizes.get(TEXTS, 0) > BIGGEST_TEXTS:
        raise ImportRefused(FileProblem.TOO_BIG)
