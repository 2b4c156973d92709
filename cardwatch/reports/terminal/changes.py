"""Changes between two editions with what their publisher said of them, at a terminal."""

from __future__ import annotations

from collections import Counter

from cardwatch.reports.subjects import Audit, Diff
from cardwatch.reports.terminal.diff import compared, folded, listed
from cardwatch.reports.terminal.paper import Paper, passage_place, quoted, styled

_INDENT = 5


def audit(subject: Audit, paper: Paper) -> None:
    """The whole report of changes and what was said of them."""
    result = subject.audit
    shown = Diff(result.revision, subject.old, subject.new)
    paper.line(styled("What changed, and what was said of it", "title"))
    compared(subject.old, subject.new, paper)
    statuses = Counter(
        change.announcement.status for change in result.changes if change.announcement
    )
    paper.paragraph(
        " · ".join(f"{number:,} {status}" for status, number in sorted(statuses.items()))
        or "no substantive changes"
    )
    if result.silent_rate_strict is not None and result.silent_rate_lenient is not None:
        paper.paragraph(
            f"silent revision rate: {result.silent_rate_strict:.0%} strict, "
            f"{result.silent_rate_lenient:.0%} if partly announced counts as announced"
        )
    folded(result.revision.changes, paper)
    listed(result.changes, shown, paper)
    if result.unfound:
        paper.blank()
        paper.line(styled("Declared, and not found in the documents", "title"))
        for passage in result.unfound:
            paper.paragraph(quoted(passage.quote, passage.span.start), indent=_INDENT)
            paper.paragraph(styled(passage_place(passage), "dim"), indent=_INDENT)
