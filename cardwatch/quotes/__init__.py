"""Quotes that can be proved, and drafts whose quotations are checked."""

from __future__ import annotations

from cardwatch.quotes.anchor import is_unique, quote, redline, text_hash, verify
from cardwatch.quotes.attributions import find_misattributed
from cardwatch.quotes.choose import find_words, finding_source, finding_span
from cardwatch.quotes.draft import check_draft
from cardwatch.quotes.marks import quotations
from cardwatch.quotes.saved import load_quote
from cardwatch.quotes.shifts import Language, find_shifts

__all__ = [
    "Language",
    "check_draft",
    "find_misattributed",
    "find_shifts",
    "find_words",
    "finding_source",
    "finding_span",
    "is_unique",
    "load_quote",
    "quotations",
    "quote",
    "redline",
    "text_hash",
    "verify",
]
