"""The quotations in a draft, each looked up in its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cardwatch.model import (
    CheckedQuotation,
    Difference,
    Document,
    DraftReport,
    Passage,
    Quotation,
    QuotationStatus,
    Span,
)
from cardwatch.quotes.search import Place, differences, find_near
from cardwatch.quotes.tokens import Token, Tokens, tokens

# Fewer words than this are a term in quotation marks, not a quotation that can be placed.
_SHORT = 3
# An honest ellipsis leaves out part of one passage, not half a document (words).
_ELLIPSIS_REACH = 400
# A longer quotation mark pair is a missing closing mark.
_LONGEST = 6_000

_PAIRS = (("“", "”"), ("«", "»"), ("„", "“"), ('"', '"'), ("‘", "’"), ("'", "'"))
_BLOCK = re.compile(r"(?:^[ \t]*>[^\n]*(?:\n|\Z))+", re.MULTILINE)
_ELLIPSIS = re.compile(r"\[\s*(?:…|\.\s?\.\s?\.)\s*\]|…|\.\s?\.\s?\.(?:\s?\.)?")
_BRACKET = re.compile(r"\[([^\[\]\n]{0,120})\]")
_REMARK = re.compile(r"sic|emphasis (?:added|mine|ours|in original)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a quotation between ellipses; ``blanks`` are places of bracketed words."""

    tokens: tuple[Token, ...]
    brackets: tuple[tuple[int, str], ...]


def check_draft(draft: Document, documents: Sequence[Document]) -> DraftReport:
    """Every quotation of ``draft``: exact, near with its differences, or not found.

    Exact allows other kinds of quotation mark, dash and blank, a bracketed change of case or
    bracketed replacement, honest ellipses and the punctuation at the very end. It allows no
    other difference.
    """
    sources = [Tokens(document.text) for document in documents]
    checked = tuple(_check(quotation, documents, sources) for quotation in quotations(draft.text))
    return DraftReport(draft.source, tuple(d.source for d in documents), checked)


# -- finding quotations ---------------------------------------------------------------------


def quotations(text: str) -> list[Quotation]:
    """The quotations in ``text``, in order: all styles of mark, nested ones, block quotations."""
    found = [
        Quotation(Span(match.start(), match.end()), match.group(), "block")
        for match in _BLOCK.finditer(text)
    ]
    for opening, closing in _PAIRS:
        found.extend(_marked(text, opening, closing))
    unique = {quotation.span: quotation for quotation in found}
    return sorted(
        unique.values(), key=lambda quotation: (quotation.span.start, -quotation.span.end)
    )


def _marked(text: str, opening: str, closing: str) -> Iterator[Quotation]:
    at = 0
    while True:
        start = _opening(text, opening, at)
        if start is None:
            return
        end = _closing(text, opening, closing, start)
        if end is None:
            at = start
            continue
        if text[start:end].strip():
            yield Quotation(Span(start, end), text[start:end], opening + closing)
        at = end + 1


def _opening(text: str, mark: str, at: int) -> int | None:
    """One past the next opening mark; an apostrophe inside a word opens nothing."""
    while (at := text.find(mark, at)) >= 0:
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if not (mark in "'‘" and before.isalnum()) and after.strip():
            return at + 1
        at += 1
    return None


def _closing(text: str, opening: str, closing: str, start: int) -> int | None:
    """The place of the closing mark; nested pairs of unlike marks are skipped over."""
    depth, at = 1, start
    stop = min(len(text), start + _LONGEST)
    while at < stop:
        here = text[at]
        if here == closing and not _apostrophe(text, at, closing):
            depth -= 1
            if depth == 0:
                return at
        elif here == opening and opening != closing and not _continues(text, at):
            depth += 1
        at += 1
    return None


def _continues(text: str, at: int) -> bool:
    """Whether an opening mark at a paragraph's head goes on with an open quotation."""
    return text[:at].rstrip(" \t").endswith("\n\n")


def _apostrophe(text: str, at: int, mark: str) -> bool:
    return mark in "'’" and text[at + 1 : at + 2].isalnum()


# -- checking one ---------------------------------------------------------------------------


def _check(
    quotation: Quotation, documents: Sequence[Document], sources: Sequence[Tokens]
) -> CheckedQuotation:
    pieces = _pieces(quotation.quote)
    count = sum(token.is_word for piece in pieces for token in piece.tokens)
    best: CheckedQuotation | None = None
    for number, (document, source) in enumerate(zip(documents, sources, strict=True)):
        found = _look_up(quotation, pieces, number, document, source)
        if best is None or _goodness(found) > _goodness(best):
            best = found
    if best is None or best.status is QuotationStatus.NOT_FOUND:
        status = QuotationStatus.TOO_SHORT if count < _SHORT else QuotationStatus.NOT_FOUND
        return CheckedQuotation(quotation, status, None, (), ())
    if count < _SHORT and best.status is QuotationStatus.NEAR:
        return CheckedQuotation(quotation, QuotationStatus.TOO_SHORT, None, (), ())
    return best


def _goodness(found: CheckedQuotation) -> tuple[int, int]:
    order = (QuotationStatus.NOT_FOUND, QuotationStatus.NEAR, QuotationStatus.EXACT)
    return order.index(found.status), -len(found.differences)


def _look_up(
    quotation: Quotation,
    pieces: Sequence[_Piece],
    number: int,
    document: Document,
    source: Tokens,
) -> CheckedQuotation:
    passages: list[Passage] = []
    unlike: list[Difference] = []
    places: list[Place] = []
    for piece in pieces:
        place = _place(piece, source, places[-1].last + 1 if places else 0)
        if place is None:
            return CheckedQuotation(quotation, QuotationStatus.NOT_FOUND, None, (), ())
        row = source.between(place.first, place.last)
        unlike.extend(_unlike(piece, row))
        passages.append(document.passage(Span(row[0].start, row[-1].end)))
        places.append(place)
    unlike.extend(_ellipses(places))
    status = QuotationStatus.NEAR if unlike else QuotationStatus.EXACT
    note = "with bracketed words" if any(piece.brackets for piece in pieces) else ""
    return CheckedQuotation(quotation, status, number, tuple(passages), tuple(unlike), note)


def _place(piece: _Piece, source: Tokens, after: int) -> Place | None:
    wanted = [token.bare for token in piece.tokens if token.is_word]
    nearest: Place | None = None
    for start in (after, 0):
        for first in source.find(wanted, start):
            place = Place(first, first + len(wanted) - 1, 1.0)
            if not _unlike(piece, source.between(place.first, place.last)):
                return place
            nearest = nearest or place
    return nearest or find_near(wanted, source)


def _ellipses(places: Sequence[Place]) -> Iterator[Difference]:
    """Ellipses that leave out too much, or that turn the order of the source round."""
    for before, after in pairwise(places):
        if after.first <= before.last:
            yield Difference("", "…", critical=True, kind="order")
        elif after.first - before.last > _ELLIPSIS_REACH:
            yield Difference("", "…", critical=False, kind="long ellipsis")


def _unlike(piece: _Piece, row: Sequence[Token]) -> tuple[Difference, ...]:
    """The differences that no bracket owns up to; a bracketed negation or figure still counts."""
    unlike = differences(row, piece.tokens)
    if not piece.brackets:
        return unlike
    marked = {word for _, words in piece.brackets for word in words.lower().split()}
    return tuple(
        each
        for each in unlike
        if not (
            set(each.quoted.lower().split()) <= marked
            and each.quoted
            and each.kind not in ("negation", "number", "unit", "modal")
        )
    )


def _pieces(quote: str) -> list[_Piece]:
    text = re.sub(r"^[ \t]*>[ \t]?", "", quote, flags=re.MULTILINE)
    pieces, at = [], 0
    for match in [*_ELLIPSIS.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = _piece(text[at:end])
        if any(token.is_word for token in piece.tokens):
            pieces.append(piece)
        at = match.end() if match else end
    return pieces


def _piece(text: str) -> _Piece:
    brackets: list[tuple[int, str]] = []
    bare = []
    at = 0
    for match in _BRACKET.finditer(text):
        bare.append(text[at : match.start()])
        inside = match[1].strip()
        if not _REMARK.search(inside):
            bare.append(inside)
            # "[t]he" changes a letter's case only, which no comparison minds
            if not (len(inside) == 1 and text[match.end() : match.end() + 1].isalpha()):
                brackets.append((match.start(), " ".join(t.form for t in tokens(inside))))
        at = match.end()
    bare.append(text[at:])
    return _Piece(tuple(tokens("".join(bare))), tuple(brackets))
