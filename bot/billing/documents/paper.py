"""Paper: A4 pages that fill from the top, with the creditor above and the proof below.

What is put on it are blocks: headings, paragraphs, fields and tables. It knows no document.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.billing import pix
from bot.billing.sheet import BOLD, CODE, GREY, PLAIN, RED, Align, Color, Sheet, broken

LEFT: Final = 20.0
RIGHT: Final = 190.0
WIDTH: Final = RIGHT - LEFT
BRAND: Final[Color] = (0.043, 0.361, 0.282)
RULE: Final[Color] = (0.80, 0.84, 0.82)

_TOP: Final = 44.0
_BOTTOM: Final = 276.0
_LEADING: Final = 0.5
_ROW: Final = 6.4
_SEAL: Final = 44.0
_QR: Final = 36.0


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Paragraph:
    text: str
    size: float = 10.5
    bold: bool = False


@dataclass(frozen=True)
class Fields:
    """Labelled values side by side: (label, value), any number of them, three in a row."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Column:
    """`width` is a share of the page; numbers are aligned to the right."""

    title: str
    width: float
    number: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under their columns, and a total; it goes on over as many pages as it takes."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


Block = Heading | Paragraph | Fields | Table


@dataclass(frozen=True)
class Proof:
    """What is below a document: how anybody can tell that it is genuine."""

    title: str
    text: str
    until: str
    code_label: str
    code: str
    url: str


@dataclass(frozen=True)
class Content:
    """A whole document. `page` has the fields {page} and {pages}; `warning` may be empty."""

    title: str
    reference: str
    brand: str
    legal_name: str
    letterhead: str
    page: str
    warning: str
    blocks: tuple[Block, ...]
    proof: Proof


def render(content: Content) -> bytes:
    """Return a document as PDF; the same content gives the same bytes."""
    qr = pix.qr_modules(content.proof.url)
    pages = _Paper(content, qr, pages=1).fill().page  # once to count, once to print
    return _Paper(content, qr, pages).fill().finish()


class _Paper:
    """A sheet with a place `y` where the next block goes."""

    def __init__(self, content: Content, qr: Sequence[bytes], pages: int) -> None:
        title = " ".join(filter(None, (content.title, content.reference)))
        self._content, self._qr, self._pages, self.page = content, qr, pages, 1
        self._sheet = Sheet(title, content.legal_name)
        self._begin_page()

    def fill(self) -> "_Paper":
        """Put everything on the pages."""
        self._title()
        for block, after in pairwise((*self._content.blocks, None)):
            match block:
                case Heading():
                    self._heading(block, after)
                case Paragraph():
                    self._paragraph(block)
                case Fields():
                    self._fields(block)
                case Table():
                    self._table(block)
        self._seal()
        return self

    def finish(self) -> bytes:
        return self._sheet.finish()

    def _begin_page(self) -> None:
        content, sheet = self._content, self._sheet
        sheet.fill([(0, 0, 210, 5)], BRAND)
        sheet.text(LEFT, 19, content.brand, 15, BOLD, color=BRAND, width=WIDTH)
        sheet.text(LEFT, 25, content.legal_name, 8.5, width=WIDTH)
        sheet.text(LEFT, 29.5, content.letterhead, 8.5, color=GREY, width=WIDTH)
        sheet.line((LEFT, 33), (RIGHT, 33), 0.6, RULE)
        number = content.page.format(page=self.page, pages=self._pages)
        sheet.text(LEFT, 287, content.proof.code, 7.5, color=GREY)
        sheet.text(RIGHT, 287, number, 7.5, color=GREY, align="right")
        if content.warning:
            sheet.text(105, 287, content.warning, 8, BOLD, color=RED, align="center")
        self._y = _TOP

    def _room(self, height: float) -> None:
        """Go on to a new page when there is less than `height` left on this one."""
        if self._y + height > _BOTTOM:
            self._sheet.next_page()
            self.page += 1
            self._begin_page()

    def _title(self) -> None:
        self._sheet.text(LEFT, self._y + 4, self._content.title, 21, BOLD, width=WIDTH)
        self._sheet.text(LEFT, self._y + 11, self._content.reference, 11, color=GREY, width=WIDTH)
        self._y += 20

    def _heading(self, heading: Heading, after: Block | None) -> None:
        """Draw a heading on the page of what it is over."""
        self._room(26 if isinstance(after, Table) else 16)
        self._y += 4
        self._sheet.text(LEFT, self._y + 3, heading.text, 12, BOLD, color=BRAND)
        self._y += 8

    def _paragraph(self, paragraph: Paragraph) -> None:
        font, size = BOLD if paragraph.bold else PLAIN, paragraph.size
        for line in broken(paragraph.text, font, size, WIDTH):
            self._room(size * _LEADING)
            self._sheet.text(LEFT, self._y + size * 0.35, line, size, font)
            self._y += size * _LEADING
        self._y += 2.5

    def _fields(self, fields: Fields) -> None:
        width = WIDTH / 3
        for start in range(0, len(fields.pairs), 3):
            self._room(13)
            for place, (label, value) in enumerate(fields.pairs[start : start + 3]):
                x = LEFT + place * width
                self._sheet.text(x, self._y + 3, label, 8, color=GREY, width=width - 3)
                self._sheet.text(x, self._y + 8, value, 11, BOLD, width=width - 3)
            self._y += 13
        self._y += 1

    def _table(self, table: Table) -> None:
        self._table_head(table)
        for row in table.rows:
            if self._y + _ROW > _BOTTOM:
                self._room(_ROW)
                self._table_head(table)
            self._table_row(table, row, PLAIN)
            self._sheet.line((LEFT, self._y), (RIGHT, self._y), 0.4, RULE)
        if table.total:
            self._room(_ROW)
            self._table_row(table, table.total, BOLD)
        self._y += 3

    def _table_head(self, table: Table) -> None:
        self._room(2 * _ROW)
        self._table_row(table, tuple(column.title for column in table.columns), PLAIN, 8, GREY)
        self._sheet.line((LEFT, self._y), (RIGHT, self._y), 0.9)

    def _table_row(
        self,
        table: Table,
        row: Sequence[str],
        font: str,
        size: float = 9.5,
        color: Color = (0, 0, 0),
    ) -> None:
        x = LEFT
        for column, text in zip(table.columns, row, strict=True):
            width = column.width * WIDTH
            align: Align = "right" if column.number else "left"
            edge, room = (x + width, width) if column.number else (x, width - 3)
            self._sheet.text(
                edge, self._y + 4.5, text, size, font, width=room, align=align, color=color
            )
            x += width
        self._y += _ROW

    def _seal(self) -> None:
        """Draw the proof at the foot of the last page."""
        self._room(_SEAL + 4)
        sheet, proof, y = self._sheet, self._content.proof, _BOTTOM - _SEAL
        sheet.line((LEFT, y), (RIGHT, y), 0.6, RULE)
        sheet.qr(self._qr, LEFT - 2, y + 4, _QR)
        x, width = LEFT + _QR + 3, WIDTH - _QR - 3
        sheet.text(x, y + 9.5, proof.title, 10.5, BOLD, color=BRAND)
        after = sheet.paragraph(x, y + 14.8, f"{proof.text} {proof.until}", width, 8.5)
        sheet.text(x, after + 2.2, proof.code_label, 8, color=GREY)
        sheet.text(x + 34, after + 2.4, proof.code, 11.5, BOLD)
        sheet.text(x, after + 7.6, proof.url, 7.2, CODE, width=width)
