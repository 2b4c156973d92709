"""Words on paper: which of a passage are shared, which went and which came, what is cut.

A passage becomes pieces, each of one kind; a reporter gives each kind its look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import accumulate, pairwise

from cardwatch.model import Change, Span
from cardwatch.reports.inert import inert

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
# Nobody reads a passage that is longer; the whole of it is in the JSON.
LONGEST = 4_000
# An unchanged stretch between two edits that is longer is cut to its ends.
_KEPT = 480
# What a stem lacks of its word: stemming cuts off no more than a long ending.
_ENDING = 6
_LONGEST_WORD = 60


class Kind(StrEnum):
    """What a piece of a passage is."""

    PLAIN = ""
    MATCH = "match"
    MISSING = "missing"
    GONE = "gone"
    COME = "come"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of inert text; ``key`` marks the words that a rule goes by."""

    text: str
    kind: Kind = Kind.PLAIN
    key: bool = False


def flat(text: str) -> str:
    """``text`` inert and without line ends and tabs, one character for one."""
    return inert(text).replace("\n", " ").replace("\t", " ")


def marked(
    text: str,
    matches: Sequence[str] = (),
    missing: Sequence[str] = (),
    keys: Iterable[Span] = (),
) -> tuple[Piece, ...]:
    """A passage with the words marked whose stems are in ``matches`` or ``missing``.

    ``keys`` are spans within ``text``. A passage over ``LONGEST`` is cut in its middle.
    """
    kinds = _kinds(text, matches, missing)
    key_spans = [(max(0, key.start), min(len(text), key.end)) for key in keys]
    edges = sorted(
        {0, len(text)}
        | {edge for start, end, _ in kinds for edge in (start, end)}
        | {edge for start, end in key_spans if start < end for edge in (start, end)}
    )
    starts = {start: (end, kind) for start, end, kind in kinds}
    pieces: list[Piece] = []
    until, kind = 0, Kind.PLAIN
    for start, end in pairwise(edges):
        if start >= until:
            until, kind = starts.get(start, (start, Kind.PLAIN))
        key = any(first <= start < last for first, last in key_spans)
        pieces.append(Piece(flat(text[start:end]), kind, key))
    return tuple(_cut(pieces, LONGEST))


def _kinds(
    text: str, matches: Sequence[str], missing: Sequence[str]
) -> list[tuple[int, int, Kind]]:
    """The words that carry a mark, in their order: start, end and mark."""
    if not matches and not missing:
        return []
    stems = [(stem, Kind.MATCH) for stem in matches] + [(stem, Kind.MISSING) for stem in missing]
    known: dict[str, Kind] = {}
    found = []
    for word in _WORD.finditer(text[: 2 * LONGEST]):
        lower = word.group().lower()
        if lower not in known:
            known[lower] = next((kind for stem, kind in stems if _fits(lower, stem)), Kind.PLAIN)
        if known[lower] is not Kind.PLAIN:
            found.append((word.start(), word.end(), known[lower]))
    return found


def _fits(word: str, stem: str) -> bool:
    """Whether a word has a stem; stemming may change the last letter, and cuts short words less."""
    if len(stem) <= 3:
        return word == stem or word in (stem + "s", stem + "ing", stem + "ed")
    return word.startswith(stem[:-1]) and len(word) <= len(stem) + _ENDING


def redline(change: Change) -> tuple[Piece, ...]:
    """A change's passage with what went and what came; long unchanged stretches are cut."""
    old, new = change.old, change.new
    if old is None or new is None:
        there = old or new
        kind = Kind.COME if old is None else Kind.GONE
        return tuple(_cut([Piece(flat(there.quote), kind)] if there else [], LONGEST))
    if not change.edits and old.quote != new.quote:
        whole = [Piece(flat(old.quote), Kind.GONE), Piece(" "), Piece(flat(new.quote), Kind.COME)]
        return tuple(piece for each in whole for piece in _cut([each], LONGEST))
    return tuple(_edited(change.edits, Side(old.span, old.quote), Side(new.span, new.quote)))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: its place and its words."""

    span: Span
    quote: str

    def words(self, start: int, end: int) -> str:
        """The words between two offsets of the document, as far as the passage reaches."""
        first = max(0, start - self.span.start)
        return self.quote[first : max(first, end - self.span.start)]


def _edited(edits: Iterable[tuple[Span, Span]], old: Side, new: Side) -> Iterator[Piece]:
    at = new.span.start
    for gone, come in joined(edits):
        yield from _cut([Piece(flat(new.words(at, come.start)))], _KEPT)
        for piece in (
            Piece(flat(old.words(gone.start, gone.end)), Kind.GONE),
            Piece(flat(new.words(come.start, come.end)), Kind.COME),
        ):
            yield from _cut([piece], LONGEST)
        at = max(at, come.end)
    yield from _cut([Piece(flat(new.words(at, new.span.end)))], _KEPT)


def sides(change: Change) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """The old and the new passage, each with its own edited words marked."""
    made: list[tuple[Piece, ...]] = []
    for at, (passage, kind) in enumerate(((change.old, Kind.GONE), (change.new, Kind.COME))):
        if passage is None:
            made.append(())
            continue
        side, pieces, where = Side(passage.span, passage.quote), [], passage.span.start
        for edit in joined(change.edits):
            span = edit[at]
            pieces.append(Piece(flat(side.words(where, span.start))))
            pieces.append(Piece(flat(side.words(span.start, span.end)), kind))
            where = max(where, span.end)
        pieces.append(Piece(flat(side.words(where, passage.span.end))))
        made.append(tuple(_cut(pieces, LONGEST)))
    return made[0], made[1]


def joined(edits: Iterable[tuple[Span, Span]]) -> list[tuple[Span, Span]]:
    """Edits that follow each other without a word between them, as one."""
    made: list[tuple[Span, Span]] = []
    for old, new in edits:
        last = made[-1] if made else None
        if last and last[0].end == old.start and last[1].end == new.start:
            made[-1] = (last[0].cover(old), last[1].cover(new))
        else:
            made.append((old, new))
    return made


def _cut(pieces: Iterable[Piece], longest: int) -> Iterator[Piece]:
    """The pieces, with the middle left out and counted when they are too long together."""
    kept = [piece for piece in pieces if piece.text]
    length = sum(len(piece.text) for piece in kept)
    if length <= longest + 80:
        yield from kept
        return
    head = longest * 2 // 3
    left = length - head - (longest - head)
    at, told = 0, False
    for piece in kept:
        first = piece.text[: max(0, head - at)]
        last = piece.text[max(0, head + left - at) :]
        if first:
            yield Piece(first, piece.kind, piece.key)
        if not told and at + len(piece.text) > head:
            told = True
            yield Piece(f" … {left:,} characters left out … ", Kind.CUT)
        if last:
            yield Piece(last, piece.kind, piece.key)
        at += len(piece.text)


def brief(pieces: Iterable[Piece], longest: int) -> tuple[Piece, ...]:
    """The pieces in about so many characters, cut between words, around what they mark.

    Of a passage that was replaced whole, what went and what came have half of it each.
    """
    kept = [piece for piece in pieces if piece.text]
    parts = [piece for piece in kept if piece.text.strip()]
    if [piece.kind for piece in parts] == [Kind.GONE, Kind.COME]:
        gone, come = (brief([replace(piece, kind=Kind.PLAIN)], longest // 2) for piece in parts)
        halves = ((gone, Kind.GONE), (come, Kind.COME))
        told = [
            Piece(each.text, each.kind or kind, each.key) for half, kind in halves for each in half
        ]
        told.insert(len(gone), Piece(" "))
        return tuple(told)
    starts = list(accumulate((len(piece.text) for piece in kept), initial=0))
    whole = "".join(piece.text for piece in kept)
    marks = (at for at, each in zip(starts, kept, strict=False) if each.key or each.kind)
    first = next(marks, 0)
    low = whole.rfind(" ", 0, max(0, first - longest // 3)) + 1 if first > longest // 2 else 0
    high = low + longest
    if high < len(whole):
        high = max(whole.rfind(" ", low, high), low + longest // 2)
    made = [Piece("… ", Kind.CUT)] if low else []
    for at, piece in zip(starts, kept, strict=False):
        part = piece.text[max(0, low - at) : max(0, high - at)]
        made += [Piece(part, piece.kind, piece.key)] if part else []
    return (*made, Piece(" …", Kind.CUT)) if high < len(whole) else tuple(made)


def bounded(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces, with the middle left out and counted where they are over ``LONGEST``."""
    return tuple(_cut(pieces, LONGEST))


def shortened(text: str, longest: int = LONGEST) -> str:
    """``text`` on one line and inert, its middle left out when it is too long."""
    line = " ".join(inert(text).split())
    return "".join(piece.text for piece in _cut([Piece(line)], longest))


def written(stems: Iterable[str], text: str, most: int) -> list[str]:
    """The words of ``text`` that have the stems, as they are written, at most so many."""
    words = {word.group().lower(): inert(word.group()) for word in _WORD.finditer(text)}
    found: dict[str, str] = {}
    for stem in stems:
        word = next((word for word in words if _fits(word, stem)), None)
        if word is not None and len(word) <= _LONGEST_WORD:
            found[word] = words[word]
    return list(found.values())[:most]
