"""Sheets of A4 to draw on, in millimetres from their top left corner: boletos and documents.

The only module that knows reportlab. Texts shrink to their width before they lose anything.
"""

import io
import unicodedata
from bisect import bisect
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
PLAIN: Final = "Helvetica"
BOLD: Final = "Helvetica-Bold"
CODE: Final = "Courier"

Align = Literal["left", "right", "center"]
Color = tuple[float, float, float]
Rectangle = tuple[float, float, float, float]

BLACK: Final[Color] = (0, 0, 0)
GREY: Final[Color] = (0.35, 0.35, 0.35)
WHITE: Final[Color] = (1, 1, 1)
RED: Final[Color] = (0.75, 0.07, 0.07)
FAINT: Final[Color] = (0.97, 0.86, 0.86)

_MM: Final = 72 / 25.4
_SMALLEST: Final = 5.0
_PADDING: Final = 1.0


class Sheet:
    """The pages of a PDF whose bytes depend only on what is drawn on them.

    Readers and screen readers are told its title and that it is in Portuguese, but not what is a
    heading or a table: reportlab cannot tag (docs/decisions/0005).
    """

    def __init__(self, title: str, author: str) -> None:
        self._out = io.BytesIO()
        size = (WIDTH * _MM, HEIGHT * _MM)
        self._canvas = Canvas(self._out, pagesize=size, invariant=True, lang="pt-BR")
        self._canvas.setTitle(_printable(title))
        self._canvas.setAuthor(_printable(author))
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def next_page(self) -> None:
        """Leave this page and draw on a new one."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Return the PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._out.getvalue()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float = 8,
        font: str = PLAIN,
        *,
        width: float | None = None,
        align: Align = "left",
        color: Color = BLACK,
    ) -> None:
        """Write one line with its baseline at `y`; `size` in points, `width` in mm to fit in.

        `x` is the left, right or centre of the line, as `align` says.
        """
        text, size = _fit(_printable(text), font, size, width)
        self._canvas.setFont(font, size)
        self._canvas.setFillColorRGB(*color)
        draw = {
            "left": self._canvas.drawString,
            "right": self._canvas.drawRightString,
            "center": self._canvas.drawCentredString,
        }[align]
        draw(*_point(x, y), text)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        weight: float = 0.5,
        color: Color = BLACK,
    ) -> None:
        """Draw a line of `weight` points."""
        self._canvas.setLineWidth(weight)
        self._canvas.setStrokeColorRGB(*color)
        self._canvas.line(*_point(*start), *_point(*end))

    def cut(self, y: float, left: float, right: float) -> None:
        """Draw the dashed line to cut along."""
        self._canvas.setDash(3, 3)
        self.line((left, y), (right, y))
        self._canvas.setDash()

    def fill(self, rectangles: Iterable[Rectangle], color: Color = BLACK) -> None:
        """Fill rectangles of (x, y, width, height) as one shape, without seams."""
        path = self._canvas.beginPath()
        for x, y, width, height in rectangles:
            path.rect(*_point(x, y + height), width * _MM, height * _MM)
        self._canvas.setFillColorRGB(*color)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def cell(
        self,
        box: Rectangle,
        label: str,
        *values: str,
        align: Align = "left",
        font: str = PLAIN,
        size: float = 8,
    ) -> None:
        """Draw a field of a form: its frame, open at the top, its small label, its values below."""
        x, y, width, height = box
        self.line((x, y + height), (x + width, y + height))
        for side in (x, x + width):
            self.line((side, y), (side, y + height))
        self.text(x + _PADDING, y + 2.2, label, 5.5, color=GREY, width=width - 2 * _PADDING)
        edge = {"left": x + _PADDING, "right": x + width - _PADDING, "center": x + width / 2}[align]
        step = 3.3
        baseline = y + height - 1.4 - step * (len(values) - 1)
        for number, value in enumerate(values):
            self.text(
                edge,
                baseline + number * step,
                value,
                size,
                font,
                width=width - 2 * _PADDING,
                align=align,
            )

    def code(self, x: float, y: float, text: str, columns: int, size: float) -> None:
        """Write a long code in a fixed pitch, broken every `columns` characters."""
        for number in range(0, len(text), columns):
            self.text(x, y, text[number : number + columns], size, CODE)
            y += size * 0.42

    def paragraph(self, x: float, y: float, text: str, width: float, size: float) -> float:
        """Write a text broken by words at `width` mm; return the next baseline."""
        for line in broken(text, PLAIN, size, width):
            self.text(x, y, line, size)
            y += size * 0.48
        return y

    def qr(self, rows: Sequence[bytes], x: float, y: float, size: float) -> None:
        """Draw a QR `size` mm wide with its white zone of 4 modules, which nothing may cross."""
        module = size / (len(rows) + 8)
        self.fill([(x, y, size, size)], WHITE)
        dark: list[Rectangle] = []
        for down, row in enumerate(rows, start=4):
            columns = (across for across, black in enumerate(row, start=4) if black)
            dark += [(x + c * module, y + down * module, module, module) for c in columns]
        self.fill(dark)

    def watermark(self, x: float, y: float, text: str, size: float, angle: float) -> None:
        """Write a large faint text centred on a point; draw it before what goes on top."""
        self._canvas.saveState()
        self._canvas.translate(*_point(x, y))
        self._canvas.rotate(angle)
        self._canvas.setFont(BOLD, size)
        self._canvas.setFillColorRGB(*FAINT)
        self._canvas.drawCentredString(0, -size / 3, _printable(text))
        self._canvas.restoreState()


def broken(text: str, font: str, size: float, width: float) -> list[str]:
    """Return a text in lines that fit into `width` mm, broken between words.

    A word wider than that is broken wherever it has to be.
    """
    room = width * _MM
    words = (part for word in _printable(text).split() for part in _parts(word, font, size, room))
    lines: list[str] = simpleSplit(" ".join(words), font, size, room)
    return lines


def _parts(word: str, font: str, size: float, room: float) -> Iterator[str]:
    """Cut a word into parts that fit; nearly all words are one."""
    while stringWidth(word, font, size) > room:
        fitting = _longest(word, font, size, room)
        yield word[:fitting]
        word = word[fitting:]
    yield word


def _longest(text: str, font: str, size: float, room: float) -> int:
    """Return how many characters of a text that is too wide fit into `room` points: some do."""
    ends = range(1, len(text))
    return bisect(ends, room, key=lambda end: stringWidth(text[:end], font, size)) or 1


def _point(x: float, y: float) -> tuple[float, float]:
    return x * _MM, (HEIGHT - y) * _MM


def _fit(text: str, font: str, size: float, width: float | None) -> tuple[str, float]:
    """Shrink a text to `width` mm, down to 5 points; past that, cut it with an ellipsis."""
    if width is None:
        return text, size
    room = width * _MM
    natural = stringWidth(text, font, size)
    if natural > room:
        size = max(_SMALLEST, size * room / natural)
    if stringWidth(text, font, size) <= room + 0.01:
        return text, size
    fitting = _longest(text, font, size, room - stringWidth("…", font, size))
    return text[:fitting].rstrip() + "…", size


def _printable(text: str) -> str:
    """Return what the standard fonts can print: another alphabet's accents go, the rest is `?`."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(_printable_character(char) for char in composed)


def _printable_character(char: str) -> str:
    if not char.isprintable():
        return " "
    for form in (char, unicodedata.normalize("NFKD", char)[0]):
        if form.encode("cp1252", "ignore"):
            return form
    return "?"
