"""A release in a minute: the headline, the three worst findings, what could not be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from cardwatch.model import (
    AnnouncementStatus,
    Change,
    Coverage,
    DisclosureStatus,
    Document,
    Gap,
    GapReport,
    Outcome,
    Passage,
    Revision,
    RevisionAudit,
    Severity,
)
from cardwatch.model.release import Brief, BriefFinding, Named

# What somebody reads on a telephone on release day.
SHOWN = 3
# Ranks (0 to 1) at which a change that takes something away is of high and of medium severity:
# those at which the watch calls a change severe.
_HIGH, _MEDIUM = 0.6, 0.3
# A passage with more characters is read on no telephone.
_LONG = 400
_SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_LOST = (Outcome.WEAKENED, Outcome.REMOVED)
_TOLD = (AnnouncementStatus.ANNOUNCED,)


def brief(
    document: Document,
    companion: Document | None = None,
    gaps: GapReport | None = None,
    *,
    previous: Document | None = None,
    revision: Revision | RevisionAudit | None = None,
    shown: int = SHOWN,
) -> Brief:
    """The brief of a document's release, of what was found about it.

    ``gaps`` are those between it and its ``companion``, ``revision`` what changed since the
    ``previous`` edition. Findings stand by severity, and gaps and changes of one severity in
    turns, each in the order of its report; several that one section holds against one passage
    count as one matter, of which the first stands with the rest behind.
    """
    gaps_found = [_gap(gap) for gap in gaps.gaps] if gaps else []
    changes = [_change(change) for change in _changes(revision)]
    ranked = _varied(list(_worst(gaps_found, changes)))
    return Brief(
        headline=_headline(document, companion, gaps, ranked, changes),
        document=_named(document),
        companion=_named(companion) if companion else None,
        previous=_named(previous) if previous else None,
        findings=tuple(ranked[:shown]),
        found=len(ranked),
        counts=tuple(_counts(gaps, revision, changes)),
        unread=tuple(_unread(document, companion, previous)),
        more=tuple(_more(document, companion, previous)),
        packs=_packs(gaps),
    )


def _packs(gaps: GapReport | None) -> tuple[str, ...]:
    found = gaps.gaps if gaps else ()
    hits = (hit for gap in found for statement in gap.statements for hit in statement.hits)
    return tuple(sorted({hit.pack for hit in hits}))


def _named(document: Document) -> Named:
    return Named(document.title or document.source.location, document.source)


# -- findings -------------------------------------------------------------------------------


def _changes(revision: Revision | RevisionAudit | None) -> list[Change]:
    if revision is None:
        return []
    return [change for change in revision.changes if not change.noise]


def _gap(gap: Gap) -> BriefFinding:
    best = gap.evidence[0] if gap.evidence else None
    return BriefFinding(
        gap.id,
        gap.status.value,
        gap.severity,
        _telling(gap),
        gap.why,
        against=Passage(best.span, best.quote, best.page, best.section) if best else None,
        doubt=gap.doubt,
    )


def _telling(gap: Gap) -> Passage:
    """The gap's words; of a long passage, the statement that weighs most."""
    whole = Passage(gap.span, gap.quote, gap.page, gap.section)
    if len(gap.quote) <= _LONG or not gap.statements:
        return whole
    best = max(gap.statements, key=lambda each: (each.weight, -each.span.start))
    return Passage(best.span, best.quote, best.page, best.section)


def _change(change: Change) -> BriefFinding:
    place = change.new or change.old
    if place is None:
        raise ValueError(f"the change {change.id} has no words")
    told = change.announcement.status.value if change.announcement else ""
    return BriefFinding(
        change.id,
        (change.outcome or change.kind).value,
        _severity(change),
        place,
        ", ".join(effect.value for effect in change.effects),
        change=True,
        against=change.old if change.new else None,
        announcement=told,
        doubt=change.doubt,
    )


def _severity(change: Change) -> Severity:
    """A change that takes nothing away is of low severity, one that was announced of no high."""
    if change.outcome not in _LOST or change.rank_score < _MEDIUM:
        return Severity.LOW
    told = change.announcement is not None and change.announcement.status in _TOLD
    return Severity.HIGH if change.rank_score >= _HIGH and not told else Severity.MEDIUM


def _worst(gaps: Sequence[BriefFinding], changes: Sequence[BriefFinding]) -> Iterator[BriefFinding]:
    for severity in _SEVERITIES:
        sides = ([each for each in side if each.severity is severity] for side in (gaps, changes))
        for pair in zip_longest(*sides):
            yield from (each for each in pair if each is not None)


def _varied(ranked: Sequence[BriefFinding]) -> list[BriefFinding]:
    """Findings of one severity on one matter, after the first of them, stand behind the others."""
    seen: set[tuple[object, ...]] = set()
    again: dict[int, bool] = {}
    for at, finding in enumerate(ranked):
        against = finding.against.span if finding.against else None
        matter = (finding.severity, finding.change, finding.place.section, against)
        # of what is held against nothing, only the place could be the same
        again[at] = against is not None and matter in seen
        seen.add(matter)
    order = sorted(again, key=lambda at: (_SEVERITIES.index(ranked[at].severity), again[at]))
    return [ranked[at] for at in order]


# -- words ----------------------------------------------------------------------------------


def _headline(
    document: Document,
    companion: Document | None,
    gaps: GapReport | None,
    ranked: Sequence[BriefFinding],
    changes: Sequence[BriefFinding],
) -> str:
    name = _named(document).title
    parts = []
    if gaps is not None:
        by = Counter(gap.status for gap in gaps.gaps)
        contradicted = by[DisclosureStatus.CONTRADICTED]
        missing = by[DisclosureStatus.ABSENT] + by[DisclosureStatus.LINKED_ONLY]
        if contradicted:
            parts.append(f"its announcement contradicts {_many(contradicted, 'statement')}")
        if missing:
            parts.append(f"{'' if contradicted else 'its announcement '}leaves out {missing:,}")
        if not contradicted and not missing:
            parts.append("nothing that its announcement leaves out was found")
    elif companion is None:
        parts.append("no announcement was found yet")
    lost = sum(each.status in _LOST for each in changes)
    if lost:
        parts.append(f"{_many(lost, 'commitment')} weakened or removed since the last edition")
    high = sum(each.severity is Severity.HIGH for each in ranked)
    tail = f" ({high:,} of high severity)" if high else ""
    return f"{name}: {'; '.join(parts) or 'released'}{tail}"


def _many(number: int, word: str) -> str:
    return f"one {word}" if number == 1 else f"{number:,} {word}s"


def _counts(
    gaps: GapReport | None,
    revision: Revision | RevisionAudit | None,
    changes: Sequence[BriefFinding],
) -> Iterator[tuple[str, int]]:
    if gaps is not None:
        yield "statements", len(gaps.verdicts)
        # gaps, which may join several statements: the sums need not agree
        by = Counter(gap.status for gap in gaps.gaps)
        for status in (
            DisclosureStatus.CONTRADICTED,
            DisclosureStatus.ABSENT,
            DisclosureStatus.LINKED_ONLY,
            DisclosureStatus.PARTLY_STATED,
        ):
            if by[status]:
                yield f"gaps {status.value}", by[status]
    if revision is not None:
        yield "changes since the last edition", len(changes)
        outcomes = Counter(change.status for change in changes)
        for name in sorted(outcomes):
            yield f"changes {name}", outcomes[name]
        silent = sum(each.announcement == AnnouncementStatus.SILENT for each in changes)
        if silent:
            yield "changes not announced", silent
        if noise := sum(change.noise for change in _all_changes(revision)):
            yield "differences that say nothing new", noise


def _all_changes(revision: Revision | RevisionAudit) -> Sequence[Change]:
    if isinstance(revision, RevisionAudit):
        return revision.revision.changes
    return revision.changes


def _unread(*documents: Document | None) -> Iterator[str]:
    for role, document in zip(
        ("the document", "the announcement", "the earlier edition"), documents, strict=True
    ):
        if document is None:
            continue
        for kind, number, pages in _places(document.coverage):
            where = f" (p. {pages})" if pages else ""
            yield f"{role}: {_many(number, kind)}{where}"


def _places(coverage: Coverage) -> Iterator[tuple[str, int, str]]:
    kinds = sorted({each.kind for each in coverage.unread})
    for kind in kinds:
        places = [each for each in coverage.unread if each.kind == kind]
        pages = sorted({each.page for each in places if each.page is not None})
        listed = ", ".join(str(page) for page in pages[:8]) + (", …" if len(pages) > 8 else "")
        yield kind, len(places), listed
    missing = coverage.pages - coverage.pages_read
    if missing > 0 and "scanned page" not in kinds:
        yield "page", missing, ""


def _more(
    document: Document, companion: Document | None, previous: Document | None
) -> Iterator[tuple[str, ...]]:
    """Commands by their words, for documents that a command can open again."""
    place = _location(document)
    if place and companion and _location(companion):
        yield "cardwatch", "gaps", place, _location(companion)
    if place and previous and _location(previous):
        account = ("--account", _location(companion)) if companion else ()
        name = "revision" if companion else "diff"
        yield "cardwatch", name, _location(previous), place, *account
    if place:
        yield "cardwatch", "statements", place


def _location(document: Document) -> str:
    where = document.source.location
    return "" if where.startswith(("<", "-")) else where
