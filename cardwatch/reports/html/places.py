"""The map of a document: a cell for each page, or each section, with the worst that it holds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from cardwatch.model import Document
from cardwatch.reports.inert import one_line

# A map with more cells than this is read no better: neighbours share one.
_CELLS = 1_500
_TITLE = 80


@dataclass(frozen=True, slots=True)
class State:
    """What a cell may hold: its letter, its name and the name of its look."""

    letter: str
    name: str
    look: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at an offset: its state and, where it has one, the anchor of its finding."""

    at: int
    state: State
    anchor: str = ""


@dataclass(slots=True)
class Cell:
    """A page or a section: where it begins, what it holds and where a click leads."""

    number: str
    name: str
    start: int
    state: State
    anchor: str = ""
    marks: int = 0
    findings: int = 0
    unread: list[str] = field(default_factory=list)

    @property
    def says(self) -> str:
        """What the cell holds, in words that go after its name."""
        found = f", {self.findings} finding{'s' * (self.findings != 1)}" if self.findings else ""
        unread = f", not read: {', '.join(self.unread)}" if self.unread else ""
        return f": {self.state.name}{found}{unread}"


@dataclass(frozen=True, slots=True)
class Map:
    """The cells of a whole document; ``by`` is ``page`` or ``section``.

    ``partly`` counts the cells that were read but for something on them.
    """

    title: str
    by: str
    cells: tuple[Cell, ...]
    legend: tuple[tuple[State, int], ...]
    partly: int = 0


# A page with fewer words (characters) than these was not read if anything on it was not.
_READ = 200
UNREAD = State("?", "not read", "unread")


def draw(title: str, document: Document, marks: Sequence[Mark], order: Sequence[State]) -> Map:
    """The map of ``document``; of several marks in a cell the one first in ``order`` shows.

    The last of ``order`` is the state of a cell without any mark.

    Marks that come first, among those of one state, lend the cell their anchor.
    """
    cells, by = _cells(document, order[-1])
    starts = [cell.start for cell in cells]
    ends = [*starts[1:], len(document.text)]
    ranks = {state.name: rank for rank, state in enumerate(order)}
    for mark in marks:
        cell = cells[max(0, bisect_right(starts, mark.at) - 1)]
        cell.marks += 1
        cell.findings += bool(mark.anchor)
        worse = ranks[mark.state.name] < ranks.get(cell.state.name, len(ranks))
        if worse:
            cell.state = mark.state
        if mark.anchor and (worse or not cell.anchor):
            cell.anchor = mark.anchor
    for place in document.coverage.unread:
        at = _unread_at(cells, starts, place.at, place.page, by)
        cell = cells[at]
        kind = one_line(place.kind)[:_TITLE] or "a place"
        if kind not in cell.unread:
            cell.unread.append(kind)
        length = ends[at] - cell.start
        if cell.state is order[-1] and length < _READ:
            cell.state = UNREAD
    states = (*order[:-1], UNREAD, order[-1])
    legend = [(state, sum(cell.state is state for cell in cells)) for state in states]
    partly = sum(bool(cell.unread) and cell.state is not UNREAD for cell in cells)
    return Map(title, by, tuple(cells), tuple((state, n) for state, n in legend if n), partly)


def _unread_at(
    cells: Sequence[Cell], starts: Sequence[int], at: int, page: int | None, by: str
) -> int:
    """The cell of an unread place: that of its page, which may hold no text, or of its offset."""
    if by == "page" and page is not None:
        numbers = [int(cell.number) for cell in cells]
        return max(0, bisect_right(numbers, page) - 1)
    return max(0, bisect_right(starts, at) - 1)


def _cells(document: Document, bare: State) -> tuple[list[Cell], str]:
    if document.pages:
        step = -(-len(document.pages) // _CELLS)
        return [
            Cell(str(page.number), _page_name(page.number, step), page.span.start, bare)
            for page in document.pages[::step]
        ], "page"
    places = [
        section
        for section in document.sections
        if section.label or document.text[section.span.start : section.span.end].strip()
    ]
    step = max(1, -(-len(places) // _CELLS))
    cells = [
        Cell(one_line(section.number)[:8], _name(section.label), section.span.start, bare)
        for section in places[::step]
    ]
    return cells or [Cell("", "The whole text", 0, bare)], "section"


def _page_name(number: int, step: int) -> str:
    return f"Page {number}" if step == 1 else f"Pages {number} to {number + step - 1}"


def _name(label: str) -> str:
    name = one_line(label) or "Before the first heading"
    return name if len(name) <= _TITLE else name[: _TITLE - 1] + "…"


def offsets(marks: Iterable[Mark], length: int, width: float) -> list[tuple[float, Mark]]:
    """Where each mark stands on a strip of ``width``, in order."""
    whole = max(1, length)
    return sorted(
        ((round(min(width, mark.at * width / whole), 1), mark) for mark in marks),
        key=lambda each: each[0],
    )
