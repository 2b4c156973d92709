"""A release, from its documents to its brief."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cardwatch import app
from cardwatch.brief import brief
from cardwatch.model import Document
from cardwatch.model.release import Brief

__all__ = ["brief_release"]


def brief_release(
    document: Document,
    companion: Document | None = None,
    previous: Document | None = None,
    *,
    rules: Sequence[Path] = (),
    cache: bool = False,
) -> Brief:
    """The brief of a document: beside its ``companion``, and since its ``previous`` edition.

    The companion counts as the account of what changed. ``rules`` and ``cache`` are those of
    ``find_gaps``.
    """
    gaps = app.find_gaps(document, companion, rules=rules, cache=cache) if companion else None
    revision = app.audit_revision(previous, document, companion, rules=rules) if previous else None
    return brief(document, companion, gaps, previous=previous, revision=revision)
