"""Whole messages by several hands with the value meant in each: how many are read right."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.portuguese import (
    parse_amount,
    parse_date,
    parse_installments,
    parse_option,
    parse_percent,
)

FOLDER = Path(__file__).parents[1] / "nlu"
FILES = ("values", "values_second", "values_third", "values_fourth", "values_fifth", "values_sixth")
ENOUGH = 0.97

Row = dict[str, Any]
READERS: Mapping[str, Callable[[Row], object]] = {
    "amount": lambda row: parse_amount(row["text"]),
    "date": lambda row: parse_date(row["text"], date.fromisoformat(row["today"])),
    "installments": lambda row: parse_installments(row["text"]),
    "percent": lambda row: parse_percent(row["text"]),
    "option": lambda row: parse_option(row["text"], row["count"]),
}
VALUES: Mapping[str, Callable[[Any], object]] = {
    "amount": Decimal, "percent": Decimal, "date": date.fromisoformat, "installments": int,
    "option": int,
}  # fmt: skip


def _rows() -> list[Row]:
    return [
        row
        for name in FILES
        for row in yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    ]


def _misread(rows: list[Row]) -> list[str]:
    """Say of every message read wrong what was meant and what was read."""
    return [
        f"{row['kind']}: {row['text']!r} means {meant}, read as {read}"
        for row in rows
        for meant in (row["value"] and VALUES[row["kind"]](row["value"]),)
        for read in (READERS[row["kind"]](row),)
        if read != meant
    ]


@pytest.mark.parametrize("kind", READERS)
def test_values_of_one_kind_are_read_as_they_were_meant(kind: str) -> None:
    rows = [row for row in _rows() if row["kind"] == kind]
    wrong = _misread(rows)
    assert 1 - len(wrong) / len(rows) >= ENOUGH, "\n".join(wrong)


def test_values_of_all_kinds_are_read_as_they_were_meant() -> None:
    rows = _rows()
    wrong = _misread(rows)
    print("\n".join(wrong))
    assert 1 - len(wrong) / len(rows) >= ENOUGH, "\n".join(wrong)
