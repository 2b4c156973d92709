"""What a publisher promised, as it stands on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from cardwatch.app.statements import find_statements
from cardwatch.model import Document, PromiseReport


def find_commitments(
    document: Document,
    on: date,
    *,
    start: date | None = None,
    all_: bool = False,
    rules: Sequence[Path] = (),
) -> PromiseReport:
    """What its publisher promised in a document, as it stands on a day, the next date first.

    Promises that set a time; with ``all_`` the others too. Cadences count from ``start``, else
    from the day on which the document says that it takes effect, else from its publication.
    """
    from cardwatch import commitments, segment

    reading = find_statements(document, rules=rules)
    first, why = (start, "it was given") if start else commitments.start_of(document)
    promises = commitments.find_promises(
        reading, lambda sentence: segment.describe(sentence, document), first, all_=all_
    )
    return PromiseReport(
        document.source,
        document.title,
        commitments.as_of(promises, on),
        first.isoformat() if first else "",
        why,
        on.isoformat(),
        document.coverage,
    )
