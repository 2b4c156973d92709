"""The history of a document over its versions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from cardwatch.app.documents import locate
from cardwatch.app.revisions import assess_change, drafting
from cardwatch.app.statements import load_rules, reading_of
from cardwatch.model import Document, History, Span


def trace_history(
    documents: Sequence[Document], *, blame: str = "", rules: Sequence[Path] = ()
) -> History:
    """The history of a document, its versions given from the oldest to the newest.

    ``blame`` is a place in the last version, as ``locate`` takes it, or words that stand there.

    Raises:
        BadReference: it leads nowhere in the last version.
    """
    from cardwatch import align, diff, history, segment

    loaded = load_rules(rules)
    readings = [reading_of(document, loaded) for document in documents]
    shared = drafting()
    tools = history.Tools(
        describe=segment.describe_text,
        assess=assess_change,
        align=align.align,
        compare=lambda old, new, pairs: diff.compare(old, new, pairs, shared),
        label=lambda reading: history.label_of(reading.document),
    )
    span = _blamed(documents[-1], blame) if blame and documents else None
    return history.trace(readings, tools, span)


def _blamed(document: Document, blame: str) -> Span:
    """The place that words or a reference mean; words are looked for as they are typed."""
    words = [re.escape(word) for word in blame.split()]
    found = re.search(r"\s+".join(words), document.text, re.IGNORECASE) if len(words) > 1 else None
    return Span(*found.span()) if found else locate(document, blame)
