"""Paper to lay out a report on: paragraphs, labelled lines, columns, a strip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from cardwatch.model import Coverage, Document, Passage, Span
from cardwatch.reports.inert import inert, one_line
from cardwatch.reports.subjects import View

# A column for two blocks side by side; narrower than this, a sentence is hard to follow.
_HALF = 56
_GUTTER = 3
# Text beside a label that would get less room than this stands below it.
_NARROWEST = 24
_STEP = 8

STYLES = {
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
    "absent": "magenta",
    "contradicted": "bold red",
    "linked only": "blue",
    "partly stated": "cyan",
    "stated": "green",
    "dim": "dim",
    "key": "bold",
    "title": "bold",
    "gone": "red strike",
    "come": "green",
}


class Paper:
    """Collects lines of text; ``text()`` is the finished report, without blanks at line ends."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.width = view.width
        self._out = StringIO()
        self._console = Console(
            file=self._out,
            width=view.width,
            color_system="standard" if view.color else None,
            force_terminal=view.color,
            no_color=not view.color,
            legacy_windows=False,
            markup=False,
            emoji=False,
            highlight=False,
            soft_wrap=False,
        )
        self._lines: list[Text] = []

    @property
    def wide(self) -> bool:
        """Whether two blocks fit side by side."""
        return self.width >= 2 * _HALF + _GUTTER

    def text(self) -> str:
        """All lines, each ended by a newline."""
        for line in self._lines:
            line.rstrip()
            self._console.print(line, overflow="ignore", no_wrap=True, crop=False)
        return self._out.getvalue()

    def blank(self) -> None:
        """One empty line, never two."""
        if self._lines and self._lines[-1].plain.strip():
            self._lines.append(Text())

    def line(self, *parts: str | Text) -> None:
        """One line of parts, cut at the width."""
        made = join(*parts)
        if cell_len(made.plain) > self.width:
            made.truncate(self.width, overflow="ellipsis")
        self._lines.append(made)

    def ends(self, left: Text, right: Text) -> None:
        """One line with ``right`` at the right margin; on two lines when they do not fit."""
        room = self.width - cell_len(left.plain) - cell_len(right.plain)
        if room >= 2:
            self._lines.append(join(left, " " * room, right))
            return
        self._lines.extend(self.wrapped(left, self.width))
        self._lines.extend(self.wrapped(right, self.width, first="    "))

    def rule(self) -> None:
        """A line across."""
        self._lines.append(Text("─" * self.width, STYLES["dim"]))

    def paragraph(self, content: str | Text, *, indent: int = 0, hang: int = 0) -> None:
        """Text wrapped between the margins; lines after the first stand ``hang`` further in."""
        self._lines.extend(self.wrapped(content, self.width, first=" " * indent, hang=hang))

    def labelled(self, label: str, content: str | Text, *, indent: int = 4, room: int = 10) -> None:
        """A dim label and text beside it, wrapped beside it too."""
        first = join(" " * indent, styled(set_cell_size(label, room), "dim"))
        self._lines.extend(self.wrapped(content, self.width, first=first))

    def beside(self, left: Sequence[Text], right: Sequence[Text]) -> None:
        """Two blocks of lines, side by side; the left one must be wrapped to ``half``."""
        height = max(len(left), len(right))
        for at in range(height):
            begin = left[at].copy() if at < len(left) else Text()
            if at < len(right):
                begin.pad_right(max(0, self.half + _GUTTER - cell_len(begin.plain)))
                begin = join(begin, right[at])
            self._lines.append(begin)

    @property
    def half(self) -> int:
        """The width of each of two blocks side by side."""
        return (self.width - _GUTTER) // 2

    def wrapped(
        self, content: str | Text, width: int, *, first: str | Text = "", hang: int = 0
    ) -> list[Text]:
        """``content`` as lines of at most ``width`` cells, after ``first`` on the first line."""
        body = Text(one_line(content)) if isinstance(content, str) else content
        head = Text(first) if isinstance(first, str) else first
        indent = cell_len(head.plain)
        if indent > _STEP and width - indent - hang < _NARROWEST:
            # too little room beside the label: below it
            return [head, *self.wrapped(body, width, first=" " * _STEP)]
        lines = body.wrap(self._console, max(16, width - indent - hang)) or [Text()]
        return [
            join(head if at == 0 else " " * (indent + hang), line) for at, line in enumerate(lines)
        ]

    def add(self, lines: Iterable[Text]) -> None:
        """Lines as they are."""
        self._lines.extend(lines)


def styled(content: str, style: str) -> Text:
    """Inert text in one of the report's styles."""
    return Text(inert(content).replace("\n", " ").replace("\t", " "), STYLES.get(style, style))


def join(*parts: str | Text) -> Text:
    """The parts on one line."""
    whole = Text()
    for part in parts:
        whole.append_text(part if isinstance(part, Text) else Text(part))
    return whole


def quoted(text: str, start: int, keys: Iterable[Span] = ()) -> Text:
    """A quote between quotation marks, ``keys`` (spans into the document) emphasised.

    ``start`` is the quote's own place in the document.
    """
    shown = Text("“" + inert(text).replace("\n", " ").replace("\t", " ") + "”")
    for key in keys:
        first, last = max(0, key.start - start), min(len(text), key.end - start)
        if first < last:
            shown.stylize(STYLES["key"], first + 1, last + 1)
    return shown


def where(page: int | None, section: str) -> str:
    """Page and section as a reader cites them."""
    parts = [f"p. {page}" if page is not None else "", one_line(section)]
    return " · ".join(part for part in parts if part) or "at the start"


def passage_place(passage: Passage) -> str:
    """Where a passage stands."""
    return where(passage.page, passage.section)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def measure(coverage: Coverage) -> str:
    """How long a document is, and how much of it was read."""
    parts = [count(coverage.pages, "page")] if coverage.pages else []
    parts.append(count(coverage.words, "word"))
    unread: dict[str, int] = {}
    for each in coverage.unread:
        unread[each.kind] = unread.get(each.kind, 0) + 1
    if unread:
        kinds = ", ".join(count(n, one_line(kind)) for kind, n in sorted(unread.items()))
        parts.append(f"not read: {kinds}")
    else:
        parts.append("all read")
    return " · ".join(parts)


def title_of(document: Document) -> str:
    """What a document calls itself, else where it came from."""
    return one_line(document.title) or one_line(document.source.location)
