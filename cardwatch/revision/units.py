"""Whole commitments: the statements of a passage, cut and joined as a reader takes them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cardwatch.model import Document, Reading, Span, Statement, StatementKind

# Sentences that a conversion ran together: ``in place.3We will``. A few letters before the stop
# keep web addresses and initials whole.
_RUN_TOGETHER = re.compile(r"(?<=[a-z]{3})[.!?][”\")]?\d{0,2}(?=[A-Z][a-z]+\s)")
_NOTE_NUMBER = re.compile(r"\A\s*\d{1,3}(?=[A-Z“\"])")
# A sentence that was cut after initials goes on, unless it begins as sentences do.
_INITIALS = re.compile(r"(?:[A-Z]\.){2,}\Z")
_BEGINS = re.compile(
    r"\W*(?:we|our|the|this|these|if|in|it|for|a|an|all|any|each|no|when|where|where|as)\b", re.I
)
# What leans on the sentence before it says nothing by itself.
_LEANS = re.compile(
    r"\W*(?:(?:this|these|those|such)\b(?! (?:policy|framework|document|section|agreement|terms|"
    r"notice|standard|version|update)\b)|in (?:either|each|that|this|both|such) (?:case|event)|"
    r"(?:for|as an) example\b|examples?\b|(?:once|after) (?:this|that)\b|in doing so\b|"
    r"in addition, (?!we\b|the\b|our\b)|(?:[\w-]+,? ){1,8}(?:of )?such an? |"
    r"(?:[\w-]+,? ){1,5}such \w+s\b)",
    re.IGNORECASE,
)
# No commitment is longer than this, in characters, however much leans on it.
_LONGEST = 900
_SHORTEST = 12


@dataclass(frozen=True, slots=True)
class Unit:
    """One commitment as an edition words it, and what kinds of statement it holds."""

    span: Span
    kinds: tuple[StatementKind, ...]


def units(
    reading: Reading, statements: Sequence[Statement], mend: Callable[[str], str]
) -> tuple[Unit, ...]:
    """The commitments that ``statements``, in order, make up.

    A sentence that leans on the one before it, or that was cut after initials, is one with it;
    sentences that were run together are taken apart. ``mend`` tells run-together words apart.
    """
    made: list[Unit] = []
    document = reading.document
    for statement in statements:
        for number, span in enumerate(_parts(document, statement.span)):
            before = made[-1] if made else None
            if before is not None and _belongs(document, before.span, span, mend, not number):
                kinds = tuple(dict.fromkeys((*before.kinds, *statement.kinds)))
                made[-1] = Unit(before.span.cover(span), kinds)
            else:
                made.append(Unit(span, statement.kinds))
    return tuple(made)


def _parts(document: Document, span: Span) -> Iterator[Span]:
    """The sentences of a span, without footnote numbers at their heads."""
    start = span.start
    for cut in _RUN_TOGETHER.finditer(document.text, span.start, span.end):
        if cut.start() - start >= _SHORTEST:
            yield _unnumbered(document, Span(start, cut.end()))
            start = cut.end()
    if span.end - start >= _SHORTEST or start == span.start:
        yield _unnumbered(document, Span(start, span.end))


def _unnumbered(document: Document, span: Span) -> Span:
    number = _NOTE_NUMBER.match(document.quote(span))
    return Span(span.start + number.end(), span.end) if number else span


def _belongs(
    document: Document,
    before: Span,
    span: Span,
    mend: Callable[[str], str],
    first: bool,
) -> bool:
    between = document.text[before.end : span.start]
    if between.strip() or span.end - before.start > _LONGEST:
        return False
    if document.blocks and document.block_index(before.start) != document.block_index(span.start):
        return False
    words = mend(document.quote(span))
    if first and _INITIALS.search(document.quote(before).rstrip()):
        return not _BEGINS.match(words)
    return bool(_LEANS.match(words))
