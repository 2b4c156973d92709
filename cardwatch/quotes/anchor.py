"""Quotes of a document, and whether they stand in another edition of it."""

from __future__ import annotations

from hashlib import sha256

from cardwatch.errors import QuoteError
from cardwatch.model import Document, Passage, Quote, QuoteStatus, Span, Verification
from cardwatch.quotes.search import differences, find_near
from cardwatch.quotes.tokens import Tokens, tokens

# Characters of context kept on each side: enough to tell apart repeated words, short enough
# to be shown.
_CONTEXT = 64


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


def verify(quoted: Quote, document: Document) -> Verification:
    """What became of quoted words in ``document``: exact, moved, edited (with what), deleted.

    Exact means: the same characters at the same place. Moved means the same words elsewhere;
    of several places the one whose neighbourhood is most like the original's is taken. A
    negation, modal, figure, unit or name that differs makes the words edited, however alike.
    """
    same_bytes = bool(quoted.source.sha256) and quoted.source.sha256 == document.source.sha256
    same_text = quoted.text_sha256 == text_hash(document)
    here = document.text[quoted.span.start : quoted.span.end]
    if here == quoted.exact and (same_text or _context(quoted, document, quoted.span.start) > 0.5):
        found = document.passage(quoted.span)
        return Verification(QuoteStatus.EXACT, found, (), same_bytes, same_text)
    moved = _elsewhere(quoted, document)
    if moved is not None:
        note = f"stands at {moved.span.start}-{moved.span.end}"
        return Verification(QuoteStatus.MOVED, moved, (), same_bytes, same_text, note)
    return _edited(quoted, document, same_bytes=same_bytes, same_text=same_text)


def _elsewhere(quoted: Quote, document: Document) -> Passage | None:
    places: list[int] = []
    at = document.text.find(quoted.exact)
    while at >= 0 and len(places) < 1000:
        places.append(at)
        at = document.text.find(quoted.exact, at + 1)
    if not places:
        return None
    best = max(places, key=lambda place: (_context(quoted, document, place), -place))
    return document.passage(Span(best, best + len(quoted.exact)))


def _context(quoted: Quote, document: Document, at: int) -> float:
    """The share (0 to 1) of the original neighbours that stand around ``at``."""
    before = document.text[max(0, at - _CONTEXT) : at]
    after = document.text[at + len(quoted.exact) : at + len(quoted.exact) + _CONTEXT]
    wanted = [token.bare for token in tokens(f"{quoted.prefix} {quoted.suffix}")]
    have = {token.bare for token in tokens(f"{before} {after}")}
    return sum(word in have for word in wanted) / len(wanted) if wanted else 1.0


def _edited(
    quoted: Quote, document: Document, *, same_bytes: bool, same_text: bool
) -> Verification:
    source, wanted = Tokens(document.text), list(tokens(quoted.exact))
    place = find_near([token.bare for token in wanted if token.is_word], source)
    if place is None:
        return Verification(QuoteStatus.DELETED, None, (), same_bytes, same_text)
    row = source.between(place.first, place.last)
    found = document.passage(Span(row[0].start, row[-1].end))
    unlike = differences(wanted, row)
    status = QuoteStatus.EDITED if unlike else QuoteStatus.MOVED
    return Verification(status, found, unlike, same_bytes, same_text)
