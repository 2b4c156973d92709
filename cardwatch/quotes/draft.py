"""The quotations in a draft, each looked up in its sources."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice, pairwise

from cardwatch.model import (
    CheckedQuotation,
    Difference,
    Document,
    DraftReport,
    Quotation,
    QuotationStatus,
    Span,
)
from cardwatch.quotes.marks import longer, quotations_in, without_credit
from cardwatch.quotes.pieces import Piece, is_name, pieces_of, unlike
from cardwatch.quotes.search import Place, find_near, kind_of
from cardwatch.quotes.tokens import Token, Tokens

# Fewer words than this are a term in quotation marks, not a quotation that can be placed.
_SHORT = 3
# An honest ellipsis leaves out part of one passage, not half a document (words).
_ELLIPSIS_REACH = 400
# A modal that is left out with so few words more was what the ellipsis is for: "will … delete"
# for "will consider whether to delete".
_FEW = 5
_WEIGHING = re.compile(
    r"\b(?:will|would|shall|should|may|might|must|can|could|whether"
    r"|(?:intend|aim|plan|expect|hope|try|tries|seek|consider|want|wish|attempt)s?"
    r" (?:to|\w+ing))\b",
    re.IGNORECASE,
)
# How seldom, how little, and the bound of a figure: without it the rest says far more.
_LIMITING = re.compile(
    r"\b(?:rarely|seldom|occasionally|unlikely|partly|partially|almost no|up to|at most|at least"
    r"|(?:less|fewer|more|no later|no more) than|under|over|about|roughly|approximately)\b",
    re.IGNORECASE,
)
# Pieces of fewer words than this could be picked from anywhere: they stay in their sentence.
_SMALL_PIECE = 4
_CHAINS = 50
# The end of a sentence, so far as an ellipsis is concerned.
_STOP = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n\s*\n")
# What stands before the first word of a sentence, paragraph, item or cell.
_HEAD = re.compile(r"(?:[.!?:;][\"'”’)\]]*\s+|\n\s*|^)[\"'“‘(\[]?(?:[•◦▪–*-]\s+|\w{1,3}[.)]\s+)?$")
_HYPHENS = "-‐‑−"


class Searched:
    """A source made ready: its tokens without the marks that call its footnotes, and with."""

    def __init__(self, document: Document) -> None:
        self.document = document
        calls = [mark for note in document.footnotes for mark in note.marks]
        self.plain = Tokens(document.text, calls)
        self._calls = bool(calls)

    @cached_property
    def texts(self) -> tuple[Tokens, ...]:
        """The ways to read the source: a writer may copy the footnote marks or leave them out."""
        return (self.plain, Tokens(self.document.text)) if self._calls else (self.plain,)


def check_draft(draft: Document, documents: Sequence[Document]) -> DraftReport:
    """Every quotation of ``draft``: exact, near with its differences, or not found.

    Exact allows other kinds of quotation mark, dash and blank, words parted by a hyphen at a
    line's end, a bracketed change of case or bracketed replacement, honest ellipses, and the
    punctuation and first letter's case at the ends. It allows no other difference. Words in
    italics are reported only where they are those of a source, or nearly.
    """
    sources = [Searched(document) for document in documents]
    found = [checked(draft.text, each, sources) for each in quotations_in(draft)]
    kept = (
        each
        for each in found
        if each.quotation.style != "italic"
        or (each.document is not None and not _within_another(each, found))
    )
    return DraftReport(draft.source, tuple(d.source for d in documents), tuple(kept))


def _within_another(one: CheckedQuotation, found: Sequence[CheckedQuotation]) -> bool:
    span = one.quotation.span
    return any(
        other.quotation.style != "italic"
        and (other.quotation.span.overlaps(span) or span.contains(other.quotation.span))
        for other in found
    )


def checked(text: str, quotation: Quotation, sources: Sequence[Searched]) -> CheckedQuotation:
    """The best verdict among the ways in which the quotation may be meant."""
    best = _check(quotation, quotation.quote, sources)
    extended = longer(text, quotation)
    if extended is not None:
        other = _check(extended, extended.quote, sources)
        if other.document is not None:
            return other
    if best.status is QuotationStatus.EXACT:
        return best
    if quotation.style == "block":
        bare = without_credit(quotation.quote)
        if bare != quotation.quote.rstrip():
            span = Span(quotation.span.start, quotation.span.start + len(bare))
            best = _better(best, _check(replace(quotation, span=span, quote=bare), bare, sources))
    return best


def _better(one: CheckedQuotation, other: CheckedQuotation) -> CheckedQuotation:
    return other if _goodness(other) > _goodness(one) else one


def _goodness(found: CheckedQuotation) -> tuple[int, int]:
    order = (
        QuotationStatus.NOT_FOUND,
        QuotationStatus.TOO_SHORT,
        QuotationStatus.NEAR,
        QuotationStatus.EXACT,
    )
    return order.index(found.status), -len(found.differences)


def _check(quotation: Quotation, quote: str, sources: Sequence[Searched]) -> CheckedQuotation:
    pieces = pieces_of(quote)
    count = sum(len(piece.words) for piece in pieces)
    missing = CheckedQuotation(quotation, QuotationStatus.NOT_FOUND, None, (), ())
    best = missing
    for number, source in enumerate(sources):
        for text in source.texts:
            best = _better(best, _look_up(quotation, pieces, number, source.document, text))
            if best.status is QuotationStatus.EXACT:
                return best
    if count < _SHORT:
        return replace(missing, status=QuotationStatus.TOO_SHORT)
    return best


def _look_up(
    quotation: Quotation,
    pieces: Sequence[Piece],
    number: int,
    document: Document,
    source: Tokens,
) -> CheckedQuotation:
    places = _places(pieces, source)
    if not places:
        return CheckedQuotation(quotation, QuotationStatus.NOT_FOUND, None, (), ())
    found = _unlike(pieces, places, source)
    spans = [_span(place, source) for place in places]
    note = " ".join(_notes(pieces, places, source)) if not found else ""
    return CheckedQuotation(
        quotation,
        QuotationStatus.NEAR if found else QuotationStatus.EXACT,
        number,
        tuple(document.passage(span) for span in spans),
        found,
        note,
    )


def _span(place: Place, source: Tokens) -> Span:
    row = source.between(place.first, place.last)
    return Span(row[0].start, row[-1].end)


# -- where the pieces stand -----------------------------------------------------------------


def _places(pieces: Sequence[Piece], source: Tokens) -> list[Place]:
    """A place for each piece, in the source's order and near each other if there is such a way.

    Of several beginnings, the first whose chain has no difference is taken, else the best.
    """
    if not pieces:
        return []
    best: tuple[int, list[Place]] | None = None
    for first in _candidates(pieces[0], source, 0):
        chain = _chain(pieces, first, source)
        if chain is None:
            continue
        faults = len(_unlike(pieces, chain, source))
        if best is None or faults < best[0]:
            best = faults, chain
        if not faults:
            break
    return best[1] if best else []


def _candidates(piece: Piece, source: Tokens, after: int) -> Iterator[Place]:
    """Where a piece stands word for word, else where it nearly does."""
    exact = False
    bare = [token for token in piece.tokens if token not in piece.inserted]
    ways = [_words(row) for row in (piece.tokens, piece.joined(source.places), bare)]
    for at, words in enumerate(ways):
        if words not in ways[:at]:
            for first in islice(source.find(words, after), _CHAINS):
                exact = True
                yield Place(first, first + len(words) - 1, 1.0)
    if not exact:
        near = find_near(ways[1], source)
        if near is not None:
            yield near


def _words(row: Sequence[Token]) -> list[str]:
    return [token.bare for token in row if token.is_word]


def _chain(pieces: Sequence[Piece], first: Place, source: Tokens) -> list[Place] | None:
    chain = [first]
    for piece in pieces[1:]:
        following: Place | None = None
        for place in islice(_candidates(piece, source, chain[-1].last + 1), 20):
            following = following or place
            if not unlike(piece, source.between(place.first, place.last)):
                following = place
                break
        if following is None:
            return None
        chain.append(following)
    return chain


# -- what differs ---------------------------------------------------------------------------


def _unlike(
    pieces: Sequence[Piece], places: Sequence[Place], source: Tokens
) -> tuple[Difference, ...]:
    found: list[Difference] = []
    for piece, place in zip(pieces, places, strict=True):
        found.extend(unlike(piece, source.between(place.first, place.last)))
        found.extend(_edges(place, source))
        found.extend(_renamed(piece, place, source))
    for (one, before), (other, after) in pairwise(zip(pieces, places, strict=True)):
        small = min(len(one.words), len(other.words)) < _SMALL_PIECE
        found.extend(_ellipsis(before, after, source, small=small))
    return tuple(found)


def _edges(place: Place, source: Tokens) -> Iterator[Difference]:
    """What is glued to the ends and cut off: a sign ("%", "$", "−"), or half of a compound."""
    at, to = source.words[place.first], source.words[place.last]
    first, last = source.all[at], source.all[to]
    if at and source.all[at - 1].end == first.start:
        mark = source.all[at - 1]
        glued = source.text[mark.start : mark.end]
        compound = at > 1 and source.all[at - 2].end == mark.start and source.all[at - 2].is_word
        if mark.is_word or (glued in _HYPHENS and (compound or first.form[0].isdigit())):
            lead = source.all[at - 2].form if compound and not mark.is_word else ""
            yield _cut(f"{lead}{mark.form}{first.form}", first)
    if to + 1 < len(source.all) and source.all[to + 1].start == last.end:
        mark = source.all[to + 1]
        glued = source.text[mark.start : mark.end]
        rest = source.all[to + 2] if to + 2 < len(source.all) else None
        compound = rest is not None and rest.start == mark.end and rest.is_word
        if mark.is_word or (glued in _HYPHENS and compound):
            tail = rest.form if rest and compound and not mark.is_word else ""
            yield _cut(f"{last.form}{mark.form}{tail}", last)


def _renamed(piece: Piece, place: Place, source: Tokens) -> Iterator[Difference]:
    """Another name in brackets for the one that stands just before the words in the source."""
    lead: list[Token] = []
    for token in piece.tokens:
        if token not in piece.inserted:
            break
        lead.append(token)
    at = place.first - 1
    if not lead or at < 0:
        return
    before = source.all[source.words[at]]
    if before.end + 1 == _start(place, source) and before.bare not in {t.bare for t in lead}:
        words = [token.form for token in lead]
        if is_name(words) and is_name([before.form]):
            yield Difference(before.form, " ".join(words), critical=True, kind="name")


def _cut(whole: str, kept: Token) -> Difference:
    return Difference(whole, kept.form, critical=True, kind="cut word")


def _ellipsis(
    before: Place, after: Place, source: Tokens, *, small: bool
) -> tuple[Difference, ...]:
    """What is wrong with an ellipsis: it turns the order round, reaches too far, joins the middle
    of one sentence to that of another, or hides a "not".

    A clause between commas or brackets may be left out whatever it says; so may the end of a
    sentence, and whole sentences. Within a clause, no negation may be.
    """
    if after.first <= before.last:
        return (Difference("", "…", critical=True, kind="order"),)
    gap = source.between(before.last, after.first)[1:-1]
    left_out = source.text[_end(before, source) : _start(after, source)]
    words = after.first - before.last - 1
    stopped = bool(_STOP.search(source.text, _end(before, source), _start(after, source) + 1))
    if words > _ELLIPSIS_REACH or (small and stopped and words):
        return (Difference(_shown(left_out), "…", critical=False, kind="long ellipsis"),)
    if stopped:
        head = _HEAD.search(source.text[max(0, _start(after, source) - 8) : _start(after, source)])
        merged = Difference(_shown(left_out), "…", critical=False, kind="merged sentences")
        return () if head else (merged,)
    aside = bool(gap) and not gap[0].is_word and not gap[-1].is_word
    kind = "" if aside or not gap else kind_of(gap)
    if kind == "negation":
        return (Difference(_shown(left_out), "…", critical=True, kind=kind),)
    if not aside and words <= _FEW and _WEIGHING.search(left_out):
        return (Difference(_shown(left_out), "…", critical=True, kind="modal"),)
    if not aside and words <= _FEW and _LIMITING.search(left_out):
        return (Difference(_shown(left_out), "…", critical=True, kind="hedge"),)
    return ()


def _start(place: Place, source: Tokens) -> int:
    return source.all[source.words[place.first]].start


def _end(place: Place, source: Tokens) -> int:
    return source.all[source.words[place.last]].end


def _shown(text: str) -> str:
    words = text.split()
    return " ".join(words if len(words) <= 16 else [*words[:8], "…", *words[-7:]])


# -- what a careful reader would want to know -------------------------------------------------

_GOES_ON = re.compile(
    r"[,;:]?\s*(?:but\s+)?(unless|except|only if|only when|provided|subject to|if|until|where"
    r"|(?:with|to|for|from|by|of|is|are|be)? ?(?:not|never|no one|nobody|none|nothing))\b",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(r"\b(?:unless|except|only (?:if|when)|provided that)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(not|never|no longer|cannot|unless|neither|nor|without|n[’']t|not yet)\s+(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)


def _notes(pieces: Sequence[Piece], places: Sequence[Place], source: Tokens) -> Iterator[str]:
    """Remarks on an exact quotation: its brackets, and what stands just outside its marks."""
    if any(piece.brackets for piece in pieces):
        yield "with bracketed words;"
    start, end = _start(places[0], source), _end(places[-1], source)
    if before := _BEFORE.search(source.text[max(0, start - 60) : start]):
        yield f"just before it the source says “{before[0].strip()}”"
    for one, other in pairwise(places):
        if words := _EXCEPTION.search(source.text[_end(one, source) : _start(other, source)]):
            yield f"the ellipsis leaves out “{words[0].strip()} …”"
    if after := _GOES_ON.match(source.text[end : end + 60]):
        yield f"the source goes on: “{after[1].strip()} …”"
