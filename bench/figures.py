"""Figures and how they are written. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured and what came out."""

    what: str
    result: str


def percentile(values: Iterable[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 100) // 100) - 1)]


def latency(seconds: Sequence[float]) -> str:
    """Median and 95th percentile of `seconds`, in milliseconds, and how many there are."""
    p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
    return f"p50 {p50:.1f} ms, p95 {p95:.1f} ms (n={len(seconds)})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """Our median as a multiple of theirs."""
    return f"{percentile(ours, 0.5) / percentile(theirs, 0.5):.2f} × stock"


def table(rows: Iterable[Row]) -> str:
    """The rows as a table in Markdown."""
    return "\n".join(
        ["| measured | result |", "|---|---|", *(f"| {row.what} | {row.result} |" for row in rows)]
    )
