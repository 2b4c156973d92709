"""A document: one canonical text, and everything else as half-open spans into it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of character offsets into ``Document.text``: ``start <= at < end``."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Span) -> bool:
        """Whether ``other`` lies wholly within this span."""
        return self.start <= other.start and other.end <= self.end

    def cover(self, other: Span) -> Span:
        """The smallest span that contains both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in PDF points (1/72 inch), the origin at the page's top left."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


class MediaType(StrEnum):
    """What a reader can read; the value is what ``--as`` takes."""

    PDF = "pdf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    DOCX = "docx"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a document came from. ``sha256`` is of the bytes as they came; times are ISO 8601.

    ``url`` is the public address that the document names as its own, or that it was fetched
    from.
    """

    location: str
    media_type: MediaType
    sha256: str = ""
    size: int = 0
    retrieved: str = ""
    published: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The bytes of one fetch, never changed. Times are ISO 8601 in UTC; header names lower case.

    ``url`` is the address that was asked for, ``final_url`` the one that answered, ``redirects``
    the addresses passed on the way. ``notes`` say what to be wary of. ``sent`` are the
    headers of the request.
    """

    url: str
    final_url: str
    data: bytes
    sha256: str
    retrieved: str
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    sent: tuple[tuple[str, str], ...] = ()

    def header(self, name: str) -> str:
        """The first value of a header; empty when the server sent none."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), "")


class BlockKind(StrEnum):
    """What a block is; a list item or table row is a block of its own."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list item"
    TABLE = "table"
    CAPTION = "caption"
    FOOTNOTE = "footnote"
    QUOTE = "quote"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table; rows and columns count from 0."""

    span: Span
    row: int
    column: int
    header: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item, table, caption, footnote, quotation or code listing.

    Blocks stand in reading order and do not overlap; only blank characters lie between them.
    ``level`` is a heading's depth (1 is the top) or a list item's nesting (1 is the outermost).
    ``marker`` is the bullet or number of a list item, or the mark of a footnote, and is not
    part of the text unless the source prints it in running text. ``line`` is the line of the
    source that the block begins on, from 1; 0 where the source has no lines or they are unknown.
    """

    span: Span
    kind: BlockKind
    level: int = 0
    marker: str = ""
    cells: tuple[Cell, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text down to the next heading; sections tile the text in order.

    ``span`` is the section's own text, ``extent`` takes in its subsections. ``path`` holds the
    titles from the top down to this one. The text before the first heading is a section of
    level 0 with an empty title.
    """

    span: Span
    extent: Span
    heading: Span
    title: str
    number: str
    level: int
    path: tuple[str, ...]
    parent: int | None = None
    appendix: bool = False

    @property
    def label(self) -> str:
        """Number and title as a reader would cite them: ``1.5 Safeguards``."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True, slots=True)
class Page:
    """One page; ``number`` counts from 1, ``label`` is what the page itself prints, if known.

    Pages tile the text. Width and height are in points, 0 where the source has no geometry.
    """

    number: int
    span: Span
    label: str = ""
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """A run of text on one printed line and its rectangle; lines are in text order."""

    span: Span
    box: Box


class MarkKind(StrEnum):
    """Emphasis that the source gives a span."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"


@dataclass(frozen=True, slots=True)
class Mark:
    """A span that the source emphasises."""

    span: Span
    kind: MarkKind


@dataclass(frozen=True, slots=True)
class Link:
    """A span of text that leads to ``target`` (an address, or ``#page=N`` inside the document)."""

    span: Span
    target: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """A footnote: its label, the marks that call it, and its body (``None``: not found)."""

    label: str
    marks: tuple[Span, ...]
    body: Span | None


@dataclass(frozen=True, slots=True)
class Mend:
    """Text that the reader mended: ``original`` stood in the source where ``span`` stands now.

    ``kind`` names the repair: ``hyphen``, ``ligature``, ``line break``, ``page break``, ``space``.
    A pure removal has an empty span at its place.
    """

    span: Span
    kind: str
    original: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Text that the reader left out of the canonical text on purpose.

    ``kind`` names why: ``running head``, ``page number``, ``navigation``, ``banner``,
    ``related``, ``script``, ``comment``, ``front matter``, ...; ``at`` is the nearest offset.
    """

    kind: str
    text: str
    at: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Unread:
    """A place that exists in the source and that the reader could not read.

    ``kind``: ``figure``, ``scanned page``, ``blank page``, ``table``, ``damaged page``, ...
    """

    kind: str
    at: int
    page: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the source was read; every finding that leans on an unread place says so."""

    pages: int = 0
    pages_read: int = 0
    characters: int = 0
    words: int = 0
    dropped: tuple[Dropped, ...] = ()
    unread: tuple[Unread, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A span with its words and place, ready to be shown. ``page`` is ``None`` without pages."""

    span: Span
    quote: str
    page: int | None = None
    section: str = ""


@dataclass(frozen=True)
class Document:
    """One canonical text and everything that is known about its places.

    ``text[span.start:span.end]`` is the quote: no place is ever searched for afterwards.
    Invariants: blocks are disjoint and in order; sections tile the text; pages, when there
    are any, tile the text; every span lies within the text.
    """

    text: str
    source: Source
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    pages: tuple[Page, ...] = ()
    lines: tuple[Line, ...] = ()
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    mends: tuple[Mend, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    title: str = ""
    reader: str = ""
    reader_version: str = ""

    @staticmethod
    def from_text(text: str, *, location: str = "<text>") -> Document:
        """A plain document whose text is exactly ``text``: offsets stay those of the caller.

        Paragraphs (runs between blank lines) become blocks; the whole is one section.
        """
        source = Source(
            location=location,
            media_type=MediaType.TEXT,
            sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            size=len(text),
        )
        whole = Span(0, len(text))
        section = Section(whole, whole, Span(0, 0), "", "", 0, ())
        return Document(
            text=text,
            source=source,
            blocks=tuple(Block(span, BlockKind.PARAGRAPH) for span in _paragraphs(text)),
            sections=(section,),
            coverage=Coverage(characters=len(text), words=len(text.split())),
            reader="given",
            reader_version="1",
        )

    def quote(self, span: Span) -> str:
        """The exact words at ``span``."""
        return self.text[span.start : span.end]

    def passage(self, span: Span) -> Passage:
        """``span`` with its words, page and section: in a footnote, the section that calls it.

        Printed pages put a footnote under whatever section the page ends with.
        """
        at = bisect_right(self._noted, (span.start + 1,)) - 1
        start, end, called = self._noted[at] if at >= 0 else (0, 0, 0)
        inside = start <= span.start and span.end <= end
        section = self.section_at(called if inside else span.start)
        return Passage(span, self.quote(span), self.page_at(span.start), section.label)

    def page_at(self, offset: int) -> int | None:
        """The number of the page that ``offset`` stands on; ``None`` without pages.

        The printed line at ``offset`` decides where there is one: a table row that a page cuts
        has cells on two pages, which pages as stretches of text cannot tell.
        """
        if not self.pages:
            return None
        at = bisect_right(self._line_starts, offset) - 1
        if at >= 0 and offset < self.lines[at].span.end:
            return self.lines[at].box.page
        return self.pages[_index_at(self._page_starts, offset)].number

    def section_index(self, offset: int) -> int:
        """The index in ``sections`` of the innermost section at ``offset``."""
        return _index_at(self._section_starts, offset)

    def section_at(self, offset: int) -> Section:
        """The innermost section at ``offset``."""
        return self.sections[self.section_index(offset)]

    def block_index(self, offset: int) -> int:
        """The index in ``blocks`` of the block at ``offset``, or of the last one before it."""
        return _index_at(self._block_starts, offset)

    def boxes(self, span: Span) -> tuple[Box, ...]:
        """One rectangle for each printed line that ``span`` touches, cut to it.

        Within a line the places are reckoned from how wide letters usually are, not measured.
        """
        first = max(0, bisect_right(self._line_starts, span.start) - 1)
        return tuple(self._boxes_from(first, span))

    def _boxes_from(self, first: int, span: Span) -> Iterator[Box]:
        for line in self.lines[first:]:
            if line.span.start >= span.end:
                return
            if not line.span.overlaps(span):
                continue
            box = line.box
            first, last = max(span.start, line.span.start), min(span.end, line.span.end)
            head, body = (
                _breadth(self.text[start:end])
                for start, end in ((line.span.start, first), (first, last))
            )
            whole = head + body + _breadth(self.text[last : line.span.end])
            left, right = head / whole, (head + body) / whole
            width = box.x1 - box.x0
            yield Box(box.page, box.x0 + width * left, box.top, box.x0 + width * right, box.bottom)

    @cached_property
    def _noted(self) -> list[tuple[int, ...]]:
        """The bodies of footnotes in order, each with the place of its first mark."""
        return sorted(
            (note.body.start, note.body.end, note.marks[0].start)
            for note in self.footnotes
            if note.body is not None and note.marks
        )

    @cached_property
    def _page_starts(self) -> list[int]:
        return [page.span.start for page in self.pages]

    @cached_property
    def _section_starts(self) -> list[int]:
        return [section.span.start for section in self.sections]

    @cached_property
    def _block_starts(self) -> list[int]:
        return [block.span.start for block in self.blocks]

    @cached_property
    def _line_starts(self) -> list[int]:
        return [line.span.start for line in self.lines]


# How wide characters are, in hundredths of the type size: about what fonts without fixed width
# have. What is not named is as wide as most small letters.
_BREADTHS = {
    **dict.fromkeys("ijl'’|.,:;!", 25),
    **dict.fromkeys(' ftr()[]{}-/\\"“”‘I', 33),
    **dict.fromkeys("mwMW@%—…", 85),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 67),
}
_BREADTH = 54


def _breadth(text: str) -> int:
    return sum(_BREADTHS.get(char, _BREADTH) for char in text)


def _index_at(starts: Sequence[int], offset: int) -> int:
    return max(0, bisect_right(starts, offset) - 1)


def _paragraphs(text: str) -> Iterator[Span]:
    """The runs of text between blank lines, without blanks at their ends."""
    start: int | None = None
    end = at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            if start is None:
                start = at + (len(line) - len(line.lstrip()))
            end = at + len(line.rstrip())
        elif start is not None:
            yield Span(start, end)
            start = None
        at += len(line)
    if start is not None:
        yield Span(start, end)
