"""Quotes of a document, and whether they stand in another edition of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from hashlib import sha256

from cardwatch.errors import QuoteError
from cardwatch.model import (
    Document,
    Passage,
    Quote,
    QuoteStatus,
    Span,
    Stretch,
    StretchKind,
    Verification,
)
from cardwatch.quotes.search import NEAR, Place, differences, find_near
from cardwatch.quotes.tokens import Tokens, tokens

# Characters of context kept on each side: enough to tell apart repeated words, short enough
# to be shown.
_CONTEXT = 64
# Places looked at when words occur many times over.
_PLACES = 1_000
# At a place where less than this share of the neighbours stand, the words are others' words.
_SAME_PLACE = 0.5
# The share of the words that make an edited sentence known in the section where it stood.
_NEAR_AT_HOME = 0.4
# So many words on each side make a place known although the words between are others.
_NEIGHBOURS = 4
# A quoted sentence is compared with a whole one: up to its end, if that is so near (characters).
_END = re.compile(r"[.!?](?=[\s”’\"')\]]*(?:\s|$))")
_REST = 300


def quote(document: Document, span: Span) -> Quote:
    """The exact words at ``span`` with all that is needed to find and prove them again.

    Raises:
        QuoteError: the span is empty, blank, or outside the text.
    """
    exact = document.quote(span)
    if span.end > len(document.text) or not exact.strip():
        raise QuoteError(
            f"no words at {span.start}-{span.end}",
            hint=f"the text has {len(document.text)} characters",
            where=document.source.location,
        )
    section = document.section_at(span.start)
    page = document.page_at(span.start)
    label = next((each.label for each in document.pages if each.number == page), "")
    return Quote(
        exact=exact,
        prefix=document.text[max(0, span.start - _CONTEXT) : span.start],
        suffix=document.text[span.end : span.end + _CONTEXT],
        span=span,
        source=document.source,
        title=document.title,
        section_path=section.path,
        section=section.label,
        page=page,
        page_label=label,
        text_sha256=text_hash(document),
        reader=document.reader,
        reader_version=document.reader_version,
        mends=tuple(mend for mend in document.mends if span.contains(mend.span)),
    )


def text_hash(document: Document) -> str:
    """The SHA-256 of the canonical text in UTF-8."""
    return sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def is_unique(quoted: Quote, document: Document) -> bool:
    """Whether the words stand once only in the document, capitals and blanks apart."""
    text = " ".join(document.text.lower().split())
    words = " ".join(quoted.exact.lower().split())
    first = text.find(words)
    return first < 0 or text.find(words, first + 1) < 0


def verify(quoted: Quote, document: Document) -> Verification:
    """What became of quoted words in ``document``: exact, moved, edited (with what), deleted.

    Exact means: the same characters at the same place. Moved means the same words elsewhere;
    of several places the one whose neighbourhood is most like the original's is taken. A
    negation, modal, figure, unit or name that differs makes the words edited, however alike.
    The ``note`` tells of a change just outside the words, which may turn what they say.
    """
    same_bytes = bool(quoted.source.sha256) and quoted.source.sha256 == document.source.sha256
    same_text = quoted.text_sha256 == text_hash(document)
    at = quoted.span.start
    here = document.text[at : quoted.span.end]
    if here == quoted.exact and (
        same_text or (_whole(quoted, document, at) and _context(quoted, document, at) > _SAME_PLACE)
    ):
        note = _around(quoted, document, at)
        found = document.passage(quoted.span)
        return Verification(QuoteStatus.EXACT, found, (), same_bytes, same_text, note)
    moved = _elsewhere(quoted, document)
    if moved is not None:
        note = _around(quoted, document, moved.span.start)
        return Verification(QuoteStatus.MOVED, moved, (), same_bytes, same_text, note)
    return _edited(quoted, document, same_bytes=same_bytes, same_text=same_text)


def _elsewhere(quoted: Quote, document: Document) -> Passage | None:
    places = [place for place in _finds(quoted, document) if _whole(quoted, document, place)]
    if not places:
        return None
    best = max(places, key=lambda place: (_context(quoted, document, place), -place))
    return document.passage(Span(best, best + len(quoted.exact)))


def _finds(quoted: Quote, document: Document) -> Iterator[int]:
    at = document.text.find(quoted.exact)
    for _ in range(_PLACES):
        if at < 0:
            return
        yield at
        at = document.text.find(quoted.exact, at + 1)


def _whole(quoted: Quote, document: Document, at: int) -> bool:
    """Whether words that were whole in the original are whole at ``at``: "may" not in "mayor"."""
    end = at + len(quoted.exact)
    begins = quoted.exact[:1].isalnum() and not quoted.prefix[-1:].isalnum()
    ends = quoted.exact[-1:].isalnum() and not quoted.suffix[:1].isalnum()
    return not (
        (begins and at and document.text[at - 1].isalnum())
        or (ends and document.text[end : end + 1].isalnum())
    )


def _context(quoted: Quote, document: Document, at: int) -> float:
    """The share (0 to 1) of the original neighbours that stand around ``at``."""
    before = document.text[max(0, at - _CONTEXT) : at]
    after = document.text[at + len(quoted.exact) : at + len(quoted.exact) + _CONTEXT]
    wanted = [token.bare for token in tokens(f"{quoted.prefix} {quoted.suffix}")]
    have = {token.bare for token in tokens(f"{before} {after}")}
    return sum(word in have for word in wanted) / len(wanted) if wanted else 1.0


def _around(quoted: Quote, document: Document, at: int) -> str:
    """A weighty change among the nearest words on either side, in words; empty if there is none.

    Only where the neighbourhood is still the same: of words that moved elsewhere it says nothing.
    """
    if _context(quoted, document, at) <= _SAME_PLACE:
        return ""
    end = at + len(quoted.exact)
    sides = (
        ("before", quoted.prefix, document.text[max(0, at - _CONTEXT) : at]),
        ("after", quoted.suffix, document.text[end : end + _CONTEXT]),
    )
    for side, old, new in sides:
        # the far end of the context may be half a word
        cut = slice(1, None) if side == "before" else slice(None, -1)
        one, other = list(tokens(old))[cut], list(tokens(new))[cut]
        for each in differences(one, other):
            inner = each.critical and each.kind != "name"
            at_far_end = _far(each.source, old, side) and _far(each.quoted, new, side)
            if inner and not at_far_end:
                was, now = each.source or "nothing", each.quoted or "nothing"
                return f"just {side} the words, “{was}” became “{now}”"
    return ""


def _far(words: str, context: str, side: str) -> bool:
    """Whether words stand at the end of a context that is away from the quote, or nowhere."""
    edge = " ".join(token.form for token in tokens(context))
    edge = edge[: len(edge) // 3] if side == "before" else edge[-(len(edge) // 3) :]
    return not words or words in edge


def _edited(
    quoted: Quote, document: Document, *, same_bytes: bool, same_text: bool
) -> Verification:
    source, wanted = Tokens(document.text), list(tokens(quoted.exact))
    place = _nearest([token.bare for token in wanted if token.is_word], source, quoted, document)
    if place is None:
        place = _between(quoted, source)
    if place is None:
        return Verification(QuoteStatus.DELETED, None, (), same_bytes, same_text)
    row = source.between(place.first, place.last)
    span = Span(row[0].start, row[-1].end)
    unlike = differences(wanted, row)
    if not unlike:
        found = document.passage(span)
        return Verification(QuoteStatus.MOVED, found, (), same_bytes, same_text)
    if quoted.exact.rstrip("”’\"' \n")[-1:] in (".", "!", "?"):
        end = _END.search(document.text, span.end, span.end + _REST)
        if end and "\n\n" not in document.text[span.end : end.end()]:
            span = Span(span.start, end.start() + 1)
            unlike = differences(wanted, list(tokens(document.quote(span))))
    found = document.passage(span)
    red = redline(quoted.exact, found.quote)
    return Verification(
        QuoteStatus.EDITED, found, unlike, same_bytes, same_text, _twice(same_bytes=same_bytes), red
    )


def _nearest(words: list[str], source: Tokens, quoted: Quote, document: Document) -> Place | None:
    """Where most of the words stand; within the section of old, fewer of them will do."""
    place = find_near(words, source, _NEAR_AT_HOME)
    if place is None or place.likeness >= NEAR:
        return place
    there = document.section_at(source.all[source.words[place.first]].start)
    return place if there.title and there.title in quoted.section_path else None


def _between(quoted: Quote, source: Tokens) -> Place | None:
    """What stands between the old neighbours now, where they are still neighbours.

    The words may be quite others: a sentence that was turned round is edited, not deleted.
    """
    before = [token.bare for token in list(tokens(quoted.prefix))[1:] if token.is_word]
    after = [token.bare for token in list(tokens(quoted.suffix))[:-1] if token.is_word]
    before, after = before[-_NEIGHBOURS:], after[:_NEIGHBOURS]
    length = sum(token.is_word for token in tokens(quoted.exact))
    if min(len(before), len(after)) < _NEIGHBOURS:
        return None
    for start in source.find(before):
        first = start + len(before)
        for end in source.find(after, first):
            if end - first > 3 * length + _NEIGHBOURS:
                break
            if end > first:
                return Place(first, end - 1, 0.0)
    return None


def _twice(*, same_bytes: bool) -> str:
    return "the bytes are the same: another version of the reader reads them otherwise" * same_bytes


def redline(old: str, new: str) -> tuple[Stretch, ...]:
    """The stretches, by whole words, that lead from ``old`` to ``new``."""
    before, after = old.split(), new.split()
    found: list[Stretch] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch(StretchKind.KEPT, " ".join(before[a:b])))
            continue
        if b > a:
            found.append(Stretch(StretchKind.GONE, " ".join(before[a:b])))
        if d > c:
            found.append(Stretch(StretchKind.COME, " ".join(after[c:d])))
    return tuple(found)
