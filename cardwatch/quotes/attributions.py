"""Where a draft says that its quotations stand: the page, and the document by its title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardwatch.model import (
    CheckedQuotation,
    Document,
    QuotationStatus,
    Sentence,
    Shift,
    ShiftKind,
    Span,
)
from cardwatch.quotes.draft import Searched, checked

_PAGE = re.compile(
    r"\b(?:pp?\.\s?|pages?\s)(\d{1,4})(?:\s?(?:[-–]|to|and)\s?(\d{1,4}))?\b", re.IGNORECASE
)
# The line under a block quotation that says where it is from.
_CREDIT = re.compile(r"\s*(?:[—–―]|--?)\s?[^\n]{1,160}")
# A title of one word is a word like any other.
_WORDS = 2
_FOUND = (QuotationStatus.EXACT, QuotationStatus.NEAR)


def find_misattributed(
    draft: Document,
    quotations: Sequence[CheckedQuotation],
    documents: Sequence[Document],
    sentences: Sequence[Sentence],
) -> Iterator[Shift]:
    """Quotations to which their own sentence, or the line under a block, gives another place.

    A page counts as wrong where it is the only one that is named there, and none of the
    quotations there has it; a title where it is another source's, which lacks the words.
    """
    places: dict[Span, list[CheckedQuotation]] = {}
    for each in quotations:
        if each.status in _FOUND and each.document is not None and each.found:
            places.setdefault(_around(draft, each, sentences), []).append(each)
    for span, here in places.items():
        said = _outside(draft, span, quotations)
        note = _wrong_page(said, here, documents) or _wrong_title(said, draft, here[0], documents)
        if note:
            first = here[0]
            yield Shift(
                span,
                draft.quote(span),
                first.document or 0,
                first.found[0],
                note,
                ShiftKind.MISPLACED,
            )


def _around(draft: Document, each: CheckedQuotation, sentences: Sequence[Sentence]) -> Span:
    """The sentences that a quotation stands in; with a block, the line of credit after it."""
    span = each.quotation.span
    if each.quotation.style == "block":
        credit = _CREDIT.match(draft.text, span.end)
        return Span(span.start, credit.end()) if credit else span
    for sentence in sentences:
        if sentence.span.overlaps(span):
            span = span.cover(sentence.span)
    return span


def _outside(draft: Document, span: Span, quotations: Sequence[CheckedQuotation]) -> str:
    """The draft's own words in a span, those of its quotations left out."""
    inside = [q.quotation.span for q in quotations if q.quotation.span.overlaps(span)]
    return "".join(
        " " if any(each.start <= at < each.end for each in inside) else draft.text[at]
        for at in range(span.start, span.end)
    )


def _wrong_page(
    said: str, here: Sequence[CheckedQuotation], documents: Sequence[Document]
) -> str | None:
    named = list(_PAGE.finditer(said))
    if len(named) != 1:
        return None
    first = int(named[0][1])
    last = int(named[0][2] or first)
    stand: list[int] = []
    for each in here:
        document = documents[each.document or 0]
        for passage in each.found:
            for at in (passage.span.start, passage.span.end - 1):
                page = document.page_at(at)
                if page is None:
                    return None
                label = next((p.label for p in document.pages if p.number == page), "")
                if first <= page <= last or label in (named[0][1], named[0][2]):
                    return None
                stand.append(page)
    return f"the draft gives {named[0][0]}; the words stand on p. {stand[0]}" if stand else None


def _wrong_title(
    said: str, draft: Document, each: CheckedQuotation, documents: Sequence[Document]
) -> str | None:
    own = " ".join(said.casefold().split())
    titles = [" ".join(document.title.casefold().split()) for document in documents]
    mine = each.document or 0
    if titles[mine] and titles[mine] in own:
        return None
    for number, title in enumerate(titles):
        if number == mine or len(title.split()) < _WORDS or title not in own:
            continue
        there = checked(draft.text, each.quotation, [Searched(documents[number])])
        if there.status is not QuotationStatus.EXACT:
            return (
                f"the draft names “{documents[number].title}”; "
                f"the words stand in “{documents[mine].title or documents[mine].source.location}”"
            )
    return None
