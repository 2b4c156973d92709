"""The builder: grows the canonical text, and makes every span as the text is made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from cardwatch.model import (
    Block,
    BlockKind,
    Box,
    Cell,
    Coverage,
    Document,
    Dropped,
    Footnote,
    Line,
    Link,
    Mark,
    MarkKind,
    Mend,
    Page,
    Source,
    Span,
    Unread,
)
from cardwatch.readers.sections import Heading, sections_of, title_of, with_bold_headings

# What the canonical text never holds: control characters (which could drive a terminal), soft
# hyphens, zero-width and bidirectional controls, lone surrogates, ligatures. Joiners (200C and
# 200D) stay: they spell words and emoji.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ud800-\udfff\ufb00-\ufb06]"
)
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_SUPERSCRIPT = str.maketrans("0123456789+-=()n−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ⁻")
_BLANKS = re.compile(r"\s+")
# "Table 2.A Scores", "Figure 3: Light", "[Box 1] Aims"; not "Table 2 shows that".
_CAPTION = re.compile(
    r"\[?(?:table|figure|fig\.|box|chart|exhibit|transcript|listing)\s+"
    r"(?-i:(?:\d+|[A-Z])(?:[.-](?:\d+|[A-Z]))*(?:\]|[.:]|\s+[–—-])?\s+[A-Z“\"(])",
    re.IGNORECASE,
)
# A report quotes what was left out; it need not hold a megabyte of menus.
_DROPPED_LIMIT = 2_000
# Where a tail of related posts may begin, as a share of the text.
_TAIL_FROM = 0.6
_RELATED = re.compile(
    r"(?:related|recommended)(?: (?:content|posts?|articles?|news|stories|reading|resources"
    r"|links|topics|publications|updates))?|(?:read|what to read) (?:next|more)|keep reading"
    r"|more (?:from|like|news|stories|posts|articles)\b.{0,40}|you (?:may|might) also like.{0,20}"
    r"|(?:latest|other|further) (?:news|posts|stories|articles)|share this (?:post|article|page)",
    re.IGNORECASE,
)


def superscript(text: str) -> str:
    """``text`` in superscript characters; as it is where one of them has no such form."""
    raised = text.translate(_SUPERSCRIPT)
    return raised if all(ord(char) > 127 for char in raised) else text


@dataclass
class _Open:
    """The block that is being written, and the places noted in it so far."""

    kind: BlockKind
    level: int
    marker: str
    base: int
    first_page: int
    parts: list[str] = field(default_factory=list)
    length: int = 0
    last: str = "\n"
    notes: list[tuple[int, int, Callable[[Span], None]]] = field(default_factory=list)
    mends: list[tuple[int, int, str, str]] = field(default_factory=list)
    cells: list[tuple[int, int, int, int, bool]] = field(default_factory=list)
    cell: tuple[int, int, int, bool] | None = None
    pending: str = ""
    line: int = 0


class Builder:
    """Grows a document block by block; ``finish`` returns it.

    Between blocks stands an empty line, between neighbouring list items a line break. What is
    noted by offset (``at``) is trimmed to the words that it holds when its block ends.
    """

    def __init__(self, source: Source, reader: str, version: str) -> None:
        self._source = source
        self._reader = (reader, version)
        self._parts: list[str] = []
        self._length = 0
        self._open: _Open | None = None
        self._note: tuple[str, int] | None = None
        self._blocks: list[Block] = []
        self._marks: list[Mark] = []
        self._links: list[Link] = []
        self._lines: list[Line] = []
        self._mends: list[Mend] = []
        self._calls: dict[str, list[Span]] = {}
        self._bodies: dict[str, Span] = {}
        self._pages: list[tuple[int, Page]] = []
        self._dropped: list[Dropped] = []
        self._unread: list[Unread] = []
        # the line of the source that is being written, from 1, where the source has lines
        self.source_line = 0

    @property
    def at(self) -> int:
        """The offset at which the next character will stand."""
        block = self._open
        return self._length if block is None else block.base + block.length + len(block.pending)

    @property
    def base(self) -> int:
        """The offset at which the open block starts; the end of the text when none is open."""
        return self._length if self._open is None else self._open.base

    @property
    def last(self) -> str:
        """The last character of the open block; a line break when it is blank."""
        return self._open.last if self._open else "\n"

    @property
    def open_kind(self) -> BlockKind | None:
        """The kind of the block that is being written, if one is."""
        return self._open.kind if self._open else None

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been written yet in the open block (or none is open)."""
        return self._open is None or self._open.length == 0

    # ---------------------------------------------------------------- blocks

    def begin(self, kind: BlockKind, *, level: int = 0, marker: str = "") -> None:
        """Open a block; one that is still open ends first."""
        self.end()
        base = self._length
        if self._blocks:
            listed = BlockKind.LIST_ITEM is kind is self._blocks[-1].kind
            base += 1 if listed else 2
        self._open = _Open(kind, level, marker, base, len(self._pages), line=self.source_line)

    def end(self) -> None:
        """Close the open block, if any; a block without words leaves no trace."""
        block, self._open = self._open, None
        if block is None:
            return
        _end_cell(block)
        text = "".join(block.parts).rstrip()
        if not text:
            self._pages[block.first_page :] = [
                (self._length, page) for _, page in self._pages[block.first_page :]
            ]
            return
        self._parts.append("\n" * (block.base - self._length) + text)
        self._length = block.base + len(text)
        cells = tuple(
            Cell(span, row, column, header)
            for start, end, row, column, header in block.cells
            if (span := _trimmed(text, block.base, start, end))
        )
        if block.kind is BlockKind.PARAGRAPH and _CAPTION.match(text) and len(text) < 2_000:
            block.kind = BlockKind.CAPTION
        whole = Span(block.base, self._length)
        self._blocks.append(Block(whole, block.kind, block.level, block.marker, cells, block.line))
        for start, end, keep in block.notes:
            if span := _trimmed(text, block.base, start, end):
                keep(span)
        for start, end, kind, original in block.mends:
            end = min(end, self._length)
            self._mends.append(Mend(Span(min(start, end), end), kind, original))

    def change(self, kind: BlockKind, *, level: int = 0, marker: str = "") -> None:
        """Change what the open block is, now that more of it is known."""
        if self._open is not None:
            self._open.kind, self._open.level, self._open.marker = kind, level, marker

    # ---------------------------------------------------------------- words

    def say(self, text: str) -> None:
        """Add running text to the open block (a paragraph opens if none is).

        Runs of blanks become one space, none at the start of a line; characters that nobody
        sees are taken out and recorded as mends.
        """
        if _UNWANTED.search(text):
            self._say_mended(text)
            return
        flat = _BLANKS.sub(" ", text)
        if flat[:1] == " " and (self._open is None or self._open.last in " \n"):
            flat = flat[1:]
        if flat:
            self.raw(flat)

    def raw(self, text: str) -> None:
        """Add ``text`` as it is to the open block, save blanks at the block's start.

        The caller answers for what it holds: no control characters.
        """
        if self._open is None:
            self.begin(BlockKind.PARAGRAPH)
        block = self._open
        assert block is not None  # noqa: S101 - begin has just opened one
        if not block.length or block.pending:
            text = text.lstrip()
        if text:
            if block.pending:
                block.parts.append(block.pending)
                block.length += len(block.pending)
                block.pending = ""
            block.parts.append(text)
            block.length += len(text)
            block.last = text[-1]

    def listing(self, text: str) -> None:
        """Add text whose line breaks and spaces matter, such as code."""
        for index, line in enumerate(text.expandtabs(4).splitlines()):
            if index:
                self.raw("\n")
            self.raw(_UNWANTED.sub("", line).rstrip())

    def tail_word(self) -> str:
        """The last run of characters without blanks in the open block."""
        parts = self._open.parts[-3:] if self._open else []
        return "".join(parts)[-60:].rsplit(None, 1)[-1] if parts else ""

    def unsay(self, count: int) -> None:
        """Take back the last ``count`` characters, which stand in the last piece that was said."""
        block = self._open
        if block is None or not block.parts or len(block.parts[-1]) < count:
            raise ValueError("only what was said last can be taken back")
        block.parts[-1] = block.parts[-1][:-count]
        block.length -= count
        block.last = block.parts[-1][-1:] or " "

    def line_break(self) -> None:
        """Start a new line in the open block; in a table cell or heading, a space."""
        if self._open is None or self._open.last == "\n":
            return
        if self._open.kind in (BlockKind.TABLE, BlockKind.HEADING):
            self.say(" ")
        else:
            self.raw("\n")

    def _say_mended(self, text: str) -> None:
        at = 0
        for match in _UNWANTED.finditer(text):
            self.say(text[at : match.start()])
            at, found, start = match.end(), match.group(), self.at
            if found in _LIGATURES:
                self.say(_LIGATURES[found])
                self.mend("ligature", found, start)
            elif found in "\x0b\x0c\x1c\x1d\x1e\x1f\x85":
                self.say(" ")
            elif self._open is not None:
                self.mend("hyphen" if found == "\u00ad" else "space", found, start)
        self.say(text[at:])

    # ---------------------------------------------------------------- places

    def mark(self, kind: MarkKind, start: int) -> None:
        """Record that the text from ``start`` to here is emphasised."""
        self._note_place(start, lambda span: self._marks.append(Mark(span, kind)))

    def link(self, target: str, start: int) -> None:
        """Record that the text from ``start`` to here leads to ``target``."""
        clean = _UNWANTED.sub("", target).strip()
        if clean:
            self._note_place(start, lambda span: self._links.append(Link(span, clean)))

    def line(self, box: Box, start: int) -> None:
        """Record where the text from ``start`` to here is printed."""
        self._note_place(start, lambda span: self._lines.append(Line(span, box)))

    def mend(self, kind: str, original: str, start: int) -> None:
        """Record that the text from ``start`` to here stands where ``original`` stood."""
        if self._open is not None:
            self._open.mends.append((start, self.at, kind, original))

    def call_note(self, label: str, start: int) -> None:
        """Record that the text from ``start`` to here is a mark that calls footnote ``label``."""
        self._note_place(start, self._calls.setdefault(label, []).append)

    def begin_note(self, label: str) -> None:
        """From here to ``end_note`` all blocks are the body of footnote ``label``."""
        self.end_note()
        self.end()
        self._note = (label, len(self._blocks))

    def end_note(self) -> None:
        """The footnote that was begun ends here."""
        if self._note is None:
            return
        self.end()
        (label, first), self._note = self._note, None
        if len(self._blocks) > first and label not in self._bodies:
            start = self._blocks[first].span
            self._bodies[label] = start.cover(self._blocks[-1].span)

    def cell(self, row: int, column: int, *, header: bool = False) -> None:
        """Start a cell in the open table; its words follow.

        Rows stand on lines of their own, their cells parted by `` | ``. An empty cell leaves no
        trace but a column number left out.
        """
        block = self._open
        if block is None or block.kind is not BlockKind.TABLE:
            raise ValueError("a cell stands in a table")
        _end_cell(block)
        if block.length:
            block.pending = " | " if block.cells and block.cells[-1][2] == row else "\n"
        block.last = "\n"
        block.cell = (self.at, row, column, header)

    def page(
        self, number: int, *, label: str = "", width: float = 0.0, height: float = 0.0
    ) -> None:
        """A page starts here, in the middle of a block or between two."""
        page = Page(number, Span(0, 0), label, width, height)
        self._pages.append((self.at, page))

    def drop(self, kind: str, text: str, page: int | None = None) -> None:
        """Record ``text`` as left out on purpose, near this place."""
        shown = _BLANKS.sub(" ", _UNWANTED.sub("", text[: 2 * _DROPPED_LIMIT])).strip()
        if shown:
            self._dropped.append(Dropped(kind, shown[:_DROPPED_LIMIT], self.at, page))

    def unread(self, kind: str, reason: str = "", page: int | None = None) -> None:
        """Record a place that exists in the source and that was not read."""
        self._unread.append(Unread(kind, self.at, page, _UNWANTED.sub("", reason)))

    def _note_place(self, start: int, keep: Callable[[Span], None]) -> None:
        if self._open is not None and start < self.at:
            self._open.notes.append((start, self.at, keep))

    # ---------------------------------------------------------------- the whole

    def cut_related(self) -> None:
        """Take away a tail that only leads elsewhere (related posts), and record it as dropped.

        Such a tail opens with a heading that says so, late in the text; no heading above it
        comes after, and it is short beside the rest.
        """
        self.end_note()
        self.end()
        text = "".join(self._parts)
        for index, block in enumerate(self._blocks):
            start = block.span.start
            if block.kind is not BlockKind.HEADING or start < len(text) * _TAIL_FROM:
                continue
            if not _RELATED.fullmatch(text[start : block.span.end]):
                continue
            after = [b.level for b in self._blocks[index:] if b.kind is BlockKind.HEADING]
            if min(after) >= block.level:
                self._cut(index, text)
            return

    def _cut(self, index: int, text: str) -> None:
        at = self._blocks[index - 1].span.end if index else 0
        del self._blocks[index:]
        self._parts, self._length = [text[:at]], at
        self._marks = [mark for mark in self._marks if mark.span.end <= at]
        self._links = [link for link in self._links if link.span.end <= at]
        self._lines = [line for line in self._lines if line.span.end <= at]
        self._mends = [mend for mend in self._mends if mend.span.end <= at]
        self._bodies = {key: span for key, span in self._bodies.items() if span.end <= at}
        for label, spans in self._calls.items():
            self._calls[label] = [span for span in spans if span.end <= at]
        self.drop("related", text[at:])

    def finish(self, *, title: str = "", published: str = "") -> Document:
        """The document: sections from its headings, pages, coverage, and a title."""
        self.end_note()
        self.end()
        text = "".join(self._parts)
        blocks = with_bold_headings(tuple(self._blocks), self._marks, text)
        headings = [
            Heading(block.span, text[block.span.start : block.span.end], block.level)
            for block in blocks
            if block.kind is BlockKind.HEADING
        ]
        pages = tuple(self._paged(len(text)))
        source = self._source
        if published and not source.published:
            source = replace(source, published=_UNWANTED.sub("", published).strip()[:64])
        return Document(
            text=text,
            source=source,
            blocks=blocks,
            sections=sections_of(len(text), headings),
            pages=pages,
            lines=tuple(self._lines),
            marks=tuple(sorted(self._marks, key=lambda mark: (mark.span, mark.kind))),
            links=tuple(sorted(self._links, key=lambda link: (link.span, link.target))),
            footnotes=tuple(self._footnotes()),
            mends=tuple(self._mends),
            coverage=Coverage(
                pages=len(pages),
                pages_read=len(pages),
                characters=len(text),
                words=len(text.split()),
                dropped=tuple(self._placed(drop, len(text)) for drop in self._dropped),
                unread=tuple(replace(u, at=min(u.at, len(text))) for u in self._unread),
            ),
            title=title_of(" ".join(_UNWANTED.sub("", title).split()), headings, text),
            reader=self._reader[0],
            reader_version=self._reader[1],
        )

    def _placed(self, drop: Dropped, length: int) -> Dropped:
        return drop if drop.at <= length else replace(drop, at=length)

    def _paged(self, length: int) -> Iterator[Page]:
        """Pages that tile the text; the first takes in what stands before its mark."""
        starts = [min(start, length) for start, _ in self._pages]
        ends = [*starts, length][1:]
        for index, ((_, page), end) in enumerate(zip(self._pages, ends, strict=True)):
            start = 0 if index == 0 else starts[index]
            yield replace(page, span=Span(start, max(start, end)))

    def _footnotes(self) -> Iterator[Footnote]:
        labels = dict.fromkeys([*self._calls, *self._bodies])
        for label in labels:
            marks, body = tuple(self._calls.get(label, ())), self._bodies.get(label)
            if marks or body:
                yield Footnote(label, marks, body)


def _end_cell(block: _Open) -> None:
    if block.cell is None:
        return
    start, row, column, header = block.cell
    end = block.base + block.length
    block.cell, block.pending = None, ""
    while block.parts and start < end and block.parts[-1][-1:].isspace():
        bare = block.parts[-1].rstrip()
        end -= len(block.parts[-1]) - len(bare)
        block.parts[-1:] = [bare] if bare else []
    block.length = end - block.base
    if start < end:
        block.cells.append((start, end, row, column, header))


def _trimmed(text: str, base: int, start: int, end: int) -> Span | None:
    """The span cut to a block's ``text`` at ``base``, without blanks at its ends."""
    words = text[start - base : end - base]
    bare = words.strip()
    if not bare:
        return None
    left = start + len(words) - len(words.lstrip())
    return Span(left, left + len(bare))
