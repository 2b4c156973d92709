"""Quotes that can be proved, and drafts whose quotations are checked."""

from __future__ import annotations

from cardwatch.quotes.anchor import quote, text_hash, verify
from cardwatch.quotes.draft import check_draft
from cardwatch.quotes.marks import quotations

__all__ = ["check_draft", "quotations", "quote", "text_hash", "verify"]
