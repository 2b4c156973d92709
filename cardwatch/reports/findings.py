"""Findings of any kind as one plain list, for the formats that are made of rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from cardwatch.errors import ReportError
from cardwatch.model import (
    Change,
    Document,
    Gap,
    Passage,
    Severity,
    Span,
    Standing,
    Triage,
)
from cardwatch.reports.subjects import Audit, Diff, Gaps, Several, Subject


@dataclass(frozen=True, slots=True)
class Finding:
    """A gap or a change of substance.

    ``words`` are those at ``span`` of the document ``where`` it is found; ``against`` the passage
    of the other one that it is held against, if there is any. ``status`` is the disclosure
    status or the outcome; ``severity`` is empty for changes. ``announcement`` is that of a change
    that was held against an account. ``matches`` are stems that both passages have, ``missing``
    those that the other one lacks.
    """

    id: str
    status: str
    severity: str
    rule: str
    why: str
    where: Document
    place: Passage
    against: Passage | None
    other: Document
    score: float
    confidence: float
    standing: Standing
    reason: str
    announcement: str = ""
    doubt: str = ""
    change: Change | None = None
    matches: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[int, int]:
        """Where ``where`` and ``other`` stand among the documents of the result."""
        return (1, 0) if self.change is not None and self.change.new else (0, 1)

    @property
    def level(self) -> Severity:
        """How much it matters; a change that takes something away matters more than others."""
        if self.severity:
            return Severity(self.severity)
        if self.status in ("weakened", "removed"):
            return Severity.HIGH if self.announcement in ("", "silent") else Severity.MEDIUM
        return Severity.LOW


def results(subject: Subject) -> tuple[Gaps | Diff | Audit, ...]:
    """The results in a subject, one or several.

    Raises:
        ReportError: it holds no findings.
    """
    match subject:
        case Gaps() | Diff() | Audit():
            return (subject,)
        case Several(subjects):
            return subjects
        case _:
            raise ReportError(
                "there is no such form of this", hint="gaps, diffs and audits have findings"
            )


def findings(result: Gaps | Diff | Audit, limit: int | None = None) -> Iterator[Finding]:
    """The findings of a result in its order, at most ``limit``; noise is none."""
    match result:
        case Gaps(report, document, companion, triage):
            for gap in report.gaps[:limit]:
                yield _gap(gap, document, companion, triage)
        case Diff():
            changes = [change for change in result.revision.changes if not change.noise]
            for change in changes[:limit]:
                yield _change(change, result.old, result.new, result.triage)
        case Audit():
            for change in result.audit.changes[:limit]:
                yield _change(change, result.old, result.new, result.triage)


def left_out(result: Gaps | Diff | Audit, limit: int | None) -> int:
    """How many findings a limit leaves out."""
    return 0 if limit is None else max(0, sum(1 for _ in findings(result)) - limit)


def title(result: Gaps | Diff | Audit) -> str:
    """What a result is, in one line."""
    match result:
        case Gaps():
            return "What the document says that its companion leaves out"
        case Diff():
            return "What changed between two editions"
        case Audit():
            return "What changed, and what its publisher said of it"


def documents(result: Gaps | Diff | Audit) -> tuple[tuple[str, Document], ...]:
    """The documents of a result with their roles."""
    if isinstance(result, Gaps):
        return (("document", result.document), ("companion", result.companion))
    return (("old", result.old), ("new", result.new))


def _standing(triage: Triage | None, finding: str) -> tuple[Standing, str]:
    if triage is None:
        return Standing.NEW, ""
    return triage.standing(finding), triage.reason(finding)


def _gap(gap: Gap, document: Document, companion: Document, triage: Triage | None) -> Finding:
    standing, reason = _standing(triage, gap.id)
    best = gap.evidence[0] if gap.evidence else None
    return Finding(
        id=gap.id,
        status=gap.status.value,
        severity=gap.severity.value,
        rule=gap.rule,
        why=gap.why,
        where=document,
        place=Passage(gap.span, gap.quote, gap.page, gap.section),
        against=Passage(best.span, best.quote, best.page, best.section) if best else None,
        other=companion,
        score=gap.rank_score,
        confidence=gap.confidence,
        standing=standing,
        reason=reason,
        doubt=gap.doubt,
        matches=tuple(best.matches) if best else (),
        missing=tuple(best.missing) if best else (),
    )


def _change(change: Change, old: Document, new: Document, triage: Triage | None) -> Finding:
    standing, reason = _standing(triage, change.id)
    here, there = (new, old) if change.new else (old, new)
    place = change.new or change.old or Passage(Span(0, 0), "", None, change.section)
    status = (change.outcome or change.kind).value
    effects = ", ".join(effect.value for effect in change.effects)
    return Finding(
        id=change.id,
        status=status,
        severity="",
        rule=f"change-{status.replace(' ', '-')}",
        why=f"{status}: {effects}" if effects else status,
        where=here,
        place=place,
        against=change.old if change.new else None,
        other=there,
        score=change.rank_score,
        confidence=change.confidence,
        standing=standing,
        reason=reason,
        announcement=change.announcement.status.value if change.announcement else "",
        doubt=change.doubt,
        change=change,
    )
