"""Changes between two editions as a unified diff would show them, for pipes and for git.

It is for reading: a hunk is one change of substance, in the order of the new edition, and its
lines are those of ``cardwatch read``. What is folded is counted at the end.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

from cardwatch.model import Change, Document, Passage
from cardwatch.reports.inert import inert, one_line
from cardwatch.reports.subjects import Diff


def patch(subject: Diff) -> str:
    """The substantive changes (with ``subject.noise`` all) as hunks; empty if there are none."""
    shown = [each for each in subject.revision.changes if subject.noise or not each.noise]
    if not shown:
        return ""
    old, new = _Lines(subject.old), _Lines(subject.new)
    lines = [
        f"--- {one_line(subject.old.source.location)}",
        f"+++ {one_line(subject.new.source.location)}",
    ]
    for change in sorted(shown, key=lambda each: _place(each, subject)):
        head = f"@@ -{old.range_of(change.old)} +{new.range_of(change.new)} @@"
        lines.append(f"{head} {_told(change)}")
        lines += _signed("-", change.old)
        lines += _signed("+", change.new)
    if not subject.noise:
        classes = Counter(each.noise_class for each in subject.revision.changes if each.noise)
        lines += [
            f"# folded: {number:,} {name}" for name, number in sorted(classes.items(), key=str)
        ]
    return "\n".join(lines) + "\n"


def _place(change: Change, subject: Diff) -> tuple[float, str]:
    """Where a change stands in the new edition; a removal as far on as it stood in the old."""
    if change.new:
        return change.new.span.start / (len(subject.new.text) or 1), change.id
    start = change.old.span.start if change.old else 0
    return start / (len(subject.old.text) or 1), change.id


def _told(change: Change) -> str:
    what = change.noise_class.value if change.noise_class else (change.outcome or change.kind).value
    effects = ", ".join(effect.value for effect in change.effects)
    there = change.new or change.old
    page = f"p. {there.page}" if there and there.page is not None else ""
    parts = [page, one_line(change.section), f"{what}: {effects}" if effects else what]
    return " · ".join(part for part in [*parts, one_line(change.doubt)] if part)


def _signed(sign: str, passage: Passage | None) -> list[str]:
    if passage is None:
        return []
    return [f"{sign}{line.rstrip()}" for line in inert(passage.quote).split("\n") if line.strip()]


class _Lines:
    """Where the lines of a document's text begin."""

    def __init__(self, document: Document) -> None:
        self._starts = [0]
        for line in document.text.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def range_of(self, passage: Passage | None) -> str:
        """First line and number of lines, as in a unified diff; ``0,0`` for no passage."""
        if passage is None:
            return "0,0"
        first = bisect_right(self._starts, passage.span.start)
        return f"{first},{bisect_right(self._starts, max(0, passage.span.end - 1)) - first + 1}"
