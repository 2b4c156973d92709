"""Quotations: taken, verified, and checked in a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cardwatch.app.disclosing import kept_index
from cardwatch.model import Document, DraftReport, Features, Quote, Span, Verification


def quote(document: Document, span: Span) -> Quote:
    """The exact words at ``span`` with all that is needed to find and prove them again."""
    from cardwatch import quotes

    return quotes.quote(document, span)


def verify(quoted: Quote, document: Document) -> Verification:
    """What became of quoted words in ``document``: exact, moved, edited or deleted."""
    from cardwatch import quotes

    return quotes.verify(quoted, document)


def check_draft(draft: Document, documents: Sequence[Document]) -> DraftReport:
    """Every quotation of ``draft``: exact, near with its differences, or not found.

    ``shifts`` are sentences that retell a source more or less firmly than it speaks, or give
    their quotation to another page or source.
    """
    from cardwatch import quotes, segment

    def nearest(features: Features, document: Document) -> Sequence[Span]:
        from cardwatch import disclosure

        found = disclosure.find_disclosure(features, kept_index(document))
        return [each.span for each in found.evidence]

    language = quotes.Language(segment.segment, segment.describe_text, nearest, segment.stem)
    report = quotes.check_draft(draft, documents)
    shifts = [
        *quotes.find_shifts(draft, report.quotations, documents, language),
        *quotes.find_misattributed(draft, report.quotations, documents, segment.segment(draft)),
    ]
    return replace(report, shifts=tuple(sorted(shifts, key=lambda each: each.span)))
