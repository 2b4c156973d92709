"""What is known of a page once pdfium has read it: lines, runs, links, drawings, its frame."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

Rect = tuple[float, float, float, float]

_HALF = re.compile("[\ud800-\udfff]")
# No page is larger (200 inches, 14,400 points, is the format's own limit); beyond lies damage.
_FAR = 20_000.0


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface: its name without the subset tag, and what the name says about it."""

    name: str
    bold: bool
    italic: bool
    mono: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link annotation: the characters from ``start`` to ``end`` lead to ``target``."""

    start: int
    end: int
    target: str


@dataclass(slots=True)
class Run:
    """Characters of one line in one font: ``start`` and ``end`` count within the line."""

    start: int
    end: int
    font: Font
    size: float
    x0: float
    x1: float
    base: float


@dataclass(slots=True)
class TextLine:
    """One printed line. ``at`` is the index of its first character on the page.

    ``top``, ``base`` and ``bottom`` grow downwards from the page's top. ``broken``: pdfium took
    the hyphen that ends the line for a line-break hyphen. ``marker`` is a bullet or number that
    is printed beside the line as a text of its own; ``links`` count within the line.
    """

    page: int
    at: int
    text: str
    runs: list[Run]
    x0: float
    x1: float
    top: float
    base: float
    bottom: float
    size: float
    font: Font
    broken: bool = False
    vertical: bool = False
    marker: str = ""
    links: list[Anchor] = field(default_factory=list)

    @property
    def bold(self) -> bool:
        """Whether every run of the line is bold."""
        return all(run.font.bold for run in self.runs)


@dataclass(slots=True)
class Drawing:
    """What is drawn on a page besides text, as rectangles (x0, top, x1, bottom).

    ``rules`` are thin lines, ``boxes`` rectangles, ``pictures`` images and drawn figures,
    ``forms`` those of them that may hold text of their own.
    """

    rules: list[Rect] = field(default_factory=list)
    boxes: list[Rect] = field(default_factory=list)
    pictures: list[Rect] = field(default_factory=list)
    forms: list[Rect] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One page as read. ``damage`` says why it could not be, if it could not."""

    number: int
    width: float = 0.0
    height: float = 0.0
    label: str = ""
    text: str = ""
    lines: list[TextLine] = field(default_factory=list)
    drawing: Drawing = field(default_factory=Drawing)
    words: dict[int, list[tuple[int, int, float, float]]] = field(default_factory=dict)
    damage: str = ""


@dataclass(slots=True)
class Frame:
    """How a page's own coordinates become points from the top left of what is shown."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the page's own coordinates stands; far outside, at the corner."""
        x, y = x - self.left, y - self.bottom
        if not (-_FAR < x < _FAR and -_FAR < y < _FAR):
            return 0.0, 0.0
        if self.turn == 0:
            return x, self.height - y
        if self.turn == 1:
            return y, x
        if self.turn == 2:
            return self.width - x, y
        return self.width - y, self.height - x

    def unplace(self, x: float, y: float) -> tuple[float, float]:
        """The point of the page's own coordinates that stands there: ``place`` turned round."""
        if self.turn == 0:
            y = self.height - y
        elif self.turn == 1:
            x, y = y, x
        elif self.turn == 2:
            x = self.width - x
        else:
            x, y = self.height - y, self.width - x
        return x + self.left, y + self.bottom

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """The rectangle between two points of the page's own coordinates."""
        ax, ay = self.place(x0, y0)
        bx, by = self.place(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def whole(text: str) -> str:
    """``text`` with the halves of characters beyond the basic plane put together."""
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def split_line(line: TextLine, index: int) -> list[TextLine]:
    """``line`` as two lines, the second from the run at ``index`` on."""
    out: list[TextLine] = []
    for runs in (line.runs[:index], line.runs[index:]):
        start, end = runs[0].start, runs[-1].end
        links = [
            Anchor(max(0, link.start - start), min(end, link.end) - start, link.target)
            for link in line.links
            if link.start < end and link.end > start
        ]
        out.append(
            replace(
                line,
                at=line.at + start,
                text=line.text[start:end].rstrip(),
                runs=[replace(run, start=run.start - start, end=run.end - start) for run in runs],
                x0=runs[0].x0,
                x1=runs[-1].x1,
                broken=line.broken and runs[-1] is line.runs[-1],
                links=links,
            )
        )
    return out
