"""Which columns a file may have, by which names people call them, and how each is read."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.billing.imports import cells
from bot.billing.imports.errors import CellError, ImportRefused
from bot.billing.imports.words import FileProblem, Problem

Values = dict[str, Any]


@dataclass(frozen=True)
class Field:
    """A column; `labels` are what people call it, the first of them the one in our templates.

    `personal` is masked wherever it is shown.
    """

    name: str
    labels: str
    read: Callable[[str], Any]
    sql_type: str = "text"
    required: bool = False
    personal: bool = False

    @property
    def label(self) -> str:
        return self.labels.split(" | ")[0]

    @property
    def many(self) -> bool:
        """Whether several columns, or several values in one, are this field."""
        return self.sql_type.endswith("[]")


@dataclass(frozen=True)
class Layout:
    """What one kind of file may hold; `check` looks at a row as a whole."""

    kind: str
    fields: Sequence[Field]
    check: Callable[[Values], None]

    def field(self, name: str) -> Field:
        return next(field for field in self.fields if field.name == name)

    def find(self, header: str) -> Field | None:
        """Return the field a header means: case, accents and punctuation do not count."""
        plain = _plain(header)
        return next((f for f in self.fields if plain in map(_plain, f.labels.split(" | "))), None)


@dataclass(frozen=True)
class Header:
    """Which field each column of a file is; None for one that nobody knows."""

    layout: Layout
    columns: Sequence[Field | None]
    unknown: Sequence[str]

    def read(self, row: Sequence[Any]) -> tuple[Values, list[tuple[str, Any, Problem]]]:
        """Return the values of a row, and (field, value, problem) for each that is wrong."""
        values: Values = {field.name: None for field in self.layout.fields}
        wrong: list[tuple[str, Any, Problem]] = []
        for field, cell in zip(self.columns, row, strict=False):
            if field is None:
                continue
            try:
                self._take(values, field, cells.text_of(cell))
            except CellError as error:
                wrong.append((field.name, cell, error.problem))
        if not wrong:
            wrong += _missing(self.layout, values)
        if not wrong:
            try:
                self.layout.check(values)
            except CellError as error:
                wrong.append((error.field, values[error.field], error.problem))
        return values, wrong

    def _take(self, values: Values, field: Field, text: str) -> None:
        if not text:
            return
        value = field.read(text)
        values[field.name] = [*(values[field.name] or ()), *value] if field.many else value


def header_of(row: Sequence[Any], layouts: Sequence[Layout]) -> Header | None:
    """Return the header a row is, of the first layout it has every required column of.

    None when it is no header at all. Raises ImportRefused when it is one, but not enough.
    """
    names = [_label(cell) for cell in row]
    found = [_match(names, layout) for layout in layouts]
    for header in found:
        if not _missing_columns(header):
            _refuse_twice(header)
            return header
    known = max(found, key=lambda header: sum(map(bool, header.columns)))
    if sum(map(bool, known.columns)) < 2:
        return None
    raise ImportRefused(FileProblem.MISSING, missing=", ".join(_missing_columns(known)))


def _match(names: Sequence[str], layout: Layout) -> Header:
    columns = [layout.find(name) if name else None for name in names]
    unknown = [name for name, field in zip(names, columns, strict=True) if name and field is None]
    return Header(layout, columns, unknown)


def _missing_columns(header: Header) -> list[str]:
    fields = header.layout.fields
    return [field.label for field in fields if field.required and field not in header.columns]


def _refuse_twice(header: Header) -> None:
    for field in header.layout.fields:
        if header.columns.count(field) > 1 and not field.many:
            raise ImportRefused(FileProblem.COLUMN_TWICE, column=field.label)


def _missing(layout: Layout, values: Values) -> list[tuple[str, Any, Problem]]:
    return [
        (field.name, "", Problem.EMPTY)
        for field in layout.fields
        if field.required and values[field.name] is None
    ]


def _label(cell: Any) -> str:
    return " ".join(str(cell).split())[:60] if cell is not None else ""


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.lower())
    return re.sub(r"[^a-z0-9]", "", decomposed)
