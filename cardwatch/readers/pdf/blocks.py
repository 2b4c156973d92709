"""Lines to pieces: paragraphs, list items, captions and footnotes, within and across pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cardwatch.model import BlockKind
from cardwatch.readers.pdf.layout import BULLET, NUMBER
from cardwatch.readers.pdf.sheets import TextLine
from cardwatch.readers.pdf.tables import Table, continues, extend

_CAPTION = re.compile(
    r"\[?(?:figure|fig\.|table|chart|exhibit|box|algorithm|listing|plate)\s+"
    r"(?P<number>[A-Z]?\d*(?:[.\-]?[A-Za-z\d]+)*)(?P<after>\s*[\]:.|–—]+|\s*$)?",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"(?:[.!?:;…][\"”’')\]]*|(?<!\d)[.!?][”’)]?\d{1,3})$|[.!?][\"”’')\]]*\s*(?:\[\d+\]|[*†‡])$"
)
_BACK = re.compile(r"\s*[↩⏎↵]\ufe0e?\s*$")
# How many pieces back the item before this one may stand, with its own items between.
_LOOK_BACK = 12
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()
_NOTES = re.compile(r"(?:[\d.]+\s+)?(?:end\s*|foot)?notes", re.IGNORECASE)
_NOTE_LABEL = re.compile(r"\[?(\d{1,3}|[*†‡§¶]{1,3}|[a-z])\]?$")
_NOTE_START = re.compile(r"\[?(\d{1,3}|[*†‡§¶]{1,3})\]?[.)]?\s*(?=\S)")


@dataclass(slots=True)
class Piece:
    """A block in the making: its kind and the lines that it is made of, over one page or more.

    ``text_at`` is where the words begin in the first line, after a marker. ``x`` is the left
    edge of the words. ``label`` is that of a footnote. ``repeated`` are the head rows of a table
    that were left out on later pages.
    """

    kind: BlockKind
    lines: list[TextLine]
    page: int
    level: int = 0
    marker: str = ""
    text_at: int = 0
    x: float = 0.0
    label: str = ""
    table: Table | None = None
    repeated: list[tuple[str, int]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The words of the piece, roughly: for matching, not for the document."""
        return " ".join(line.text for line in self.lines)[self.text_at :].strip()

    @property
    def open(self) -> bool:
        """Whether the piece ends without the end of a sentence."""
        return self.kind in _RUNNING and not _ENDED.search(self.lines[-1].text[-12:])


_RUNNING = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.FOOTNOTE, BlockKind.CAPTION)
_HYPHENS = ("‐", "\u00ad")


@dataclass(slots=True)
class Metrics:
    """What is usual in a document: the size and font of its body text, and the line pitch."""

    size: float = 10.0
    bold: bool = False
    font: str = ""
    pitch: dict[float, float] = field(default_factory=dict)

    def pitch_of(self, size: float) -> float:
        """The usual distance between baselines at ``size``, in points."""
        return self.pitch.get(round(size * 2) / 2, 1.45 * size)


def measure(pages: Sequence[Sequence[TextLine]]) -> Metrics:
    """The usual size, font and pitches of a document, weighed by characters."""
    sizes: Counter[tuple[float, str, bool]] = Counter()
    gaps: dict[float, Counter[float]] = defaultdict(Counter)
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2, line.font.name, line.font.bold] += len(line.text)
        for before, line in pairwise(lines):
            size = round(line.size * 2) / 2
            gap = line.base - before.base
            if abs(before.size - line.size) < 0.3 and 0.8 * size < gap < 2.6 * size:
                gaps[size][round(gap * 2) / 2] += 1
    metrics = Metrics()
    if sizes:
        metrics.size, metrics.font, metrics.bold = sizes.most_common(1)[0][0]
    for size, counts in gaps.items():
        if sum(counts.values()) >= 5:
            most = max(counts.values())
            # The pitch is the smallest gap that is common; paragraph gaps are larger.
            metrics.pitch[size] = min(gap for gap, n in counts.items() if n >= 0.3 * most)
    return metrics


# -------------------------------------------------------------------- one page


def segment(
    lines: Sequence[TextLine], page: int, metrics: Metrics, earlier: Sequence[Piece] = ()
) -> list[Piece]:
    """The pieces of one page's running text, in order; ``earlier`` are some that precede."""
    pieces: list[Piece] = []
    right = _right_edges(lines)
    for index, line in enumerate(lines):
        near = pieces if len(pieces) >= _LOOK_BACK else [*earlier, *pieces]
        marker, text_at = _marker(line, near, metrics)
        if pieces and not marker and not _breaks(pieces[-1], line, right[index - 1], metrics):
            pieces[-1].lines.append(line)
            continue
        if marker:
            x = _text_x(line, text_at)
            pieces.append(Piece(BlockKind.LIST_ITEM, [line], page, 1, marker, text_at, x))
        else:
            pieces.append(Piece(BlockKind.PARAGRAPH, [line], page, x=line.x0))
    for piece in pieces:
        if piece.kind is BlockKind.PARAGRAPH and _is_caption(piece, metrics):
            piece.kind = BlockKind.CAPTION
    return pieces


def _right_edges(lines: Sequence[TextLine]) -> list[float]:
    """For each line the right edge of its column: the furthest of those that start near it."""
    edges: dict[int, float] = defaultdict(float)
    for line in lines:
        for cell in range(int(line.x0 // 40) - 1, int(line.x0 // 40) + 3):
            edges[cell] = max(edges[cell], line.x1)
    return [edges[int(line.x0 // 40)] for line in lines]


def _marker(line: TextLine, earlier: Sequence[Piece], metrics: Metrics) -> tuple[str, int]:
    """The bullet or number that opens ``line`` (``""``: none), and where its words begin."""
    if line.marker:
        return line.marker, 0
    before = earlier[-1] if earlier else None
    if match := BULLET.match(line.text):
        sure = match[1] not in "o*-–—" or _gapped(line, match.end())
        if sure or (before is not None and before.marker == match[1]):
            return match[1], match.end()
        rests = before is None or not before.open
        return (match[1], match.end()) if rests and match[1] in "*-–" else ("", 0)
    match = NUMBER.match(line.text)
    if not match or line.size > 1.05 * metrics.size or (line.bold and not metrics.bold):
        return "", 0
    if before is not None and before.lines and before.lines[-1].broken:
        return "", 0
    rest = before is None or not before.open or before.lines[-1].text.endswith(":")
    if match[1].strip("().") in ("1", "a", "A", "i", "I") and rest:
        return match[1], match.end()
    if any(_follows(piece, line, match[1]) for piece in earlier[-_LOOK_BACK:]):
        return match[1], match.end()
    if _gapped(line, match.end()) and not match[1][0].isupper():
        return match[1], match.end()
    return "", 0


def _gapped(line: TextLine, at: int) -> bool:
    """Whether the run that ends before ``at`` stands apart from the words after it."""
    for run, after in zip(line.runs, line.runs[1:], strict=False):
        if run.end <= at + 1 and after.start >= at - 1:
            return after.x0 - run.x1 > 0.35 * line.size or run.font is not after.font
    return False


def _follows(piece: Piece, line: TextLine, marker: str) -> bool:
    """Whether ``marker`` is the next number or letter after that of ``piece``, set in alike."""
    if not piece.marker or not piece.lines or abs(piece.lines[0].x0 - line.x0) > line.size:
        return False
    old, new = piece.marker.strip("()."), marker.strip("().")
    if old.isdigit() and new.isdigit():
        return int(new) == int(old) + 1
    if old in _ROMAN and new in _ROMAN and _ROMAN.index(new) == _ROMAN.index(old) + 1:
        return True
    return len(old) == len(new) == 1 and ord(new) == ord(old) + 1


def _text_x(line: TextLine, text_at: int) -> float:
    """The left edge of the words after the marker."""
    if not text_at:
        return line.x0
    for run in line.runs:
        if run.start > 0 and abs(run.start - text_at) <= 1:
            return run.x0
    return line.x0 + 0.7 * line.size


def _breaks(piece: Piece, line: TextLine, right: float, metrics: Metrics) -> bool:
    """Whether ``line`` begins a new piece after ``piece``."""
    before = piece.lines[-1]
    if abs(line.size - before.size) > 0.06 * max(line.size, before.size):
        return True
    gap = line.base - before.base
    if gap < -0.5 * line.size:
        return not (piece.open and _runs_on(piece, line, right))
    pitch = metrics.pitch_of(line.size)
    if gap > pitch + max(0.3 * line.size, 0.18 * pitch) or gap < 0.4 * line.size:
        return True
    if before.broken or before.text.endswith(_HYPHENS):
        return False
    short = right - before.x1 > 0.12 * max(1.0, right - piece.x)
    if short and before.bold != line.runs[0].font.bold:
        return True
    if piece.kind is BlockKind.LIST_ITEM and line.x0 < piece.x - 0.6 * line.size:
        hangs = len(piece.lines) > 1 and abs(before.x0 - line.x0) < 2
        return not hangs and (short or not piece.open)
    if line.x0 - before.x0 > 0.8 * line.size and len(piece.lines) > 1 and not piece.open:
        return True
    room = right - before.x1
    word = len(line.text.split(" ", 1)[0]) * 0.5 * line.size + 0.3 * line.size
    if not piece.open and room > word + 0.5 * line.size and room > 0.1 * (right - piece.x):
        return bool(_ENDED.search(before.text[-12:]))
    if line.text[:1].islower() and line.x1 - line.x0 > 0.5 * (right - piece.x):
        return False
    return room > 0.55 * (right - piece.x) > 0


def _runs_on(piece: Piece, line: TextLine, right: float) -> bool:
    """Whether an unfinished piece goes on in ``line``, at the top of another column or page."""
    before = piece.lines[-1]
    if abs(line.size - before.size) > 0.06 * before.size or line.marker:
        return False
    if line.bold and not before.bold and not before.broken:
        return False
    if before.broken or before.text.endswith(_HYPHENS):
        return True
    first = line.text[:1]
    if first.islower() or first in '(“"‘[&%':
        return True
    return right - before.x1 < 0.15 * max(1.0, right - piece.x) or first.isdigit()


def _is_caption(piece: Piece, metrics: Metrics) -> bool:
    """Whether a paragraph is the caption of a figure or table: by its label and how it looks."""
    match = _CAPTION.match(piece.text)
    if not match or not any(char.isdigit() for char in match["number"]):
        return False
    if match["after"] is not None:
        return True
    line = piece.lines[0]
    return line.size < 0.95 * metrics.size or (line.runs[0].font.bold and not metrics.bold)


def nest(pieces: Sequence[Piece]) -> None:
    """Give each list item its level by how far it is set in.

    A heading ends a list, and so does a paragraph that is not set in as far as its first item.
    """
    edges: list[float] = []
    for piece in pieces:
        if piece.kind in (BlockKind.CAPTION, BlockKind.TABLE, BlockKind.FOOTNOTE):
            continue
        x, size = piece.lines[0].x0, piece.lines[0].size
        if piece.kind is not BlockKind.LIST_ITEM:
            if not edges or x < edges[0] + 0.3 * size:
                edges = []
            continue
        while edges and edges[-1] > x + 0.8 * size:
            edges.pop()
        if not edges or x > edges[-1] + 0.8 * size:
            edges.append(x)
        piece.level = len(edges)


# -------------------------------------------------------------------- footnotes


def take_footnotes(
    lines: list[TextLine], page: int, metrics: Metrics, before: Piece | None
) -> list[Piece]:
    """Take the footnotes at the foot of a page out of its ``lines``; one piece for each.

    They are the last lines, smaller than the body text, from the first that opens with a
    raised number or sign on. Small lines above it belong to ``before``, the last note of the
    page before, if that is unfinished; they make a piece without a label.
    """
    small = len(lines)
    while small > 0 and lines[small - 1].size < 0.96 * metrics.size:
        small -= 1
    start = small
    while start < len(lines) and not _note_label(lines[start]):
        start += 1
    notes: list[Piece] = []
    rest = lines[small:start]
    if (
        before is not None
        and before.open
        and rest
        and abs(rest[0].size - before.lines[-1].size) < 0.2
    ):
        notes.append(Piece(BlockKind.FOOTNOTE, rest, page, x=rest[0].x0))
        start, lines[small:] = small, lines[start:]
    for line in lines[start:]:
        found = _note_label(line)
        if found:
            label, at = found
            notes.append(
                Piece(BlockKind.FOOTNOTE, [line], page, 0, label, at, line.x0, label=label)
            )
        else:
            notes[-1].lines.append(line)
    del lines[start:]
    return notes


def _note_label(line: TextLine) -> tuple[str, int] | None:
    """The label that opens a footnote and where its words begin; raised, or set apart."""
    if line.marker and _NOTE_LABEL.match(line.marker.rstrip(".)")):
        return line.marker.strip("[]().") or line.marker, 0
    first = line.runs[0]
    words = line.text[first.start : first.end].strip()
    match = _NOTE_LABEL.match(words)
    if match and len(line.runs) > 1:
        after = line.runs[1]
        if after.base - first.base > 0.1 * after.size or first.size < 0.85 * after.size:
            return match[1], after.start
    match = _NOTE_START.match(line.text)
    if match and match[1] in "*†‡§¶":
        return match[1], match.end()
    return None


# -------------------------------------------------------------------- across pages


def join_pages(pages: Sequence[tuple[list[Piece], list[Piece]]]) -> Iterator[Piece]:
    """All pieces in order, from (running text, footnotes) of each page.

    A paragraph that runs over the page's end takes in its continuation; floats and footnotes
    between its halves go before it if it began on their page, else after it, so that no
    sentence is cut and each stands on its own page.
    """
    out: list[Piece] = []
    running: int | None = None
    held_notes: list[Piece] = []
    for pieces, notes in pages:
        rest = list(pieces)
        if running is not None:
            at = _continuation(out[running], rest)
            if at is not None:
                out[running].lines += rest.pop(at).lines
        if rest:
            running = None
        elif running is not None:
            held_notes += notes
            continue
        out += held_notes
        held_notes = []
        if rest and out and _goes_on(out[-1], rest[0]):
            rest.pop(0)
        last = _last_running(rest)
        if last is not None and _is_cut(rest[last], rest):
            held = rest[last]
            others = [*rest[:last], *rest[last + 1 :], *notes]
            out += [*others, held]
            running = len(out) - 1
        else:
            out += [*rest, *notes]
    return iter([*out, *held_notes])


def _goes_on(before: Piece, piece: Piece) -> bool:
    """Join a table at the top of a page to the one that ended the page before."""
    if before.table is None or piece.table is None or not continues(before.table, piece.table):
        return False
    repeated = extend(before.table, piece.table)
    if repeated:
        before.repeated.append((" | ".join(repeated), piece.page))
    return True


def mark_endnotes(pieces: Sequence[Piece]) -> None:
    """Make footnotes of the numbered items of a list of notes at the end.

    Such a list stands under a heading that says so, or its items end in a sign that leads back.
    """
    backs = [
        at
        for at, piece in enumerate(pieces)
        if piece.lines and _BACK.search(piece.lines[-1].text[-4:])
    ]
    heads = [
        at
        for at, piece in enumerate(pieces)
        if piece.kind is BlockKind.HEADING and _NOTES.fullmatch(piece.text)
    ]
    if len(backs) >= 2 or (backs and len(pieces) < 60):
        first, last = backs[0], backs[-1]
        while first > 0 and pieces[first].marker.strip("().[]") != "1":
            first -= 1
        if pieces[first].kind is BlockKind.LIST_ITEM:
            _label_notes(pieces[first : last + 1])
    for head in heads:
        end = next(
            (at for at in range(head + 1, len(pieces)) if pieces[at].kind is BlockKind.HEADING),
            len(pieces),
        )
        _label_notes(pieces[head + 1 : end])


def _label_notes(pieces: Sequence[Piece]) -> None:
    label = ""
    for piece in pieces:
        number = piece.marker.strip("().[]")
        if piece.kind is BlockKind.LIST_ITEM and piece.level == 1 and number.isdigit():
            label = number
            piece.marker = number
        if label and piece.lines and piece.kind is not BlockKind.HEADING:
            piece.kind, piece.label, piece.level = BlockKind.FOOTNOTE, label, 0


def _is_cut(piece: Piece, pieces: Sequence[Piece]) -> bool:
    """Whether a piece may go on overleaf: no end of a sentence, and its last line is full."""
    line = piece.lines[-1]
    if not piece.open or (line.bold and len(piece.lines) == 1):
        return False
    if line.broken or line.text.endswith(_HYPHENS):
        return True
    right = max((one.x1 for each in pieces for one in each.lines), default=line.x1)
    return right - line.x1 < 0.2 * (right - line.x0)


def _last_running(pieces: Sequence[Piece]) -> int | None:
    """The last piece of running text, if only floats follow it."""
    for at in range(len(pieces) - 1, -1, -1):
        if pieces[at].kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            return at
        if pieces[at].kind is BlockKind.CAPTION and at == len(pieces) - 1 and pieces[at].open:
            return at
        if pieces[at].kind not in (BlockKind.CAPTION, BlockKind.TABLE):
            return None
    return None


def _continuation(piece: Piece, pieces: Sequence[Piece]) -> int | None:
    """Where among ``pieces`` the unfinished ``piece`` goes on, if it does.

    Floats may precede; past other text only words that can begin nothing are taken for it.
    """
    right = piece.lines[-1].x1
    for at, other in enumerate(pieces[:_LOOK_BACK]):
        if other.kind is BlockKind.PARAGRAPH:
            line = other.lines[0]
            if _runs_on(piece, line, right) and (not at or line.text[:1].islower()):
                return at
            if at and len(other.lines) > 1:
                return None
        elif other.kind not in (BlockKind.CAPTION, BlockKind.TABLE):
            return None
    return None
