"""Gaps made ready for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from cardwatch.model import DisclosureStatus, Evidence, Gap, Severity, Span
from cardwatch.reports.html.parts import (
    AGAINST,
    LEADS,
    WORDS,
    Anchors,
    Card,
    Lead,
    Sheet,
    Side,
    Term,
    Tick,
    count,
    paper,
    safe_address,
    standing,
    tallies,
    title_of,
    where,
)
from cardwatch.reports.html.places import Map, Mark, State, draw, offsets
from cardwatch.reports.subjects import Gaps, View
from cardwatch.reports.words import brief, marked, shortened, written

STATES = {
    DisclosureStatus.CONTRADICTED: State("C", "contradicted", "contradicted"),
    DisclosureStatus.ABSENT: State("A", "absent", "absent"),
    DisclosureStatus.PARTLY_STATED: State("P", "partly stated", "partly"),
    DisclosureStatus.LINKED_ONLY: State("L", "linked only", "linked"),
    DisclosureStatus.STATED: State("S", "stated", "stated"),
}
_NOTHING = State("·", "nothing to judge", "nothing")
_HEIGHTS = {Severity.HIGH: 1.0, Severity.MEDIUM: 0.66, Severity.LOW: 0.33}
# Passages shown beside a finding in full; the others are in the JSON.
_BESIDE = 1
_MORE = 2
_TERMS = 10
_NEAR = 0.005  # a passage that shares less than this is near in nothing


def sheet(subject: Gaps, view: View, anchors: Anchors) -> Sheet:
    """Everything that the page shows of a report of gaps."""
    report, document = subject.report, subject.document
    names = {id(gap): anchors.name("gap", gap.id) for gap in report.gaps}
    shown = report.gaps[: view.limit]
    marks = [
        Mark(gap.span.start, STATES[gap.status], names[id(gap)] if at < len(shown) else "")
        for at, gap in enumerate(report.gaps)
    ]
    statuses = Counter(each.disclosure.status.value for each in report.verdicts)
    severities = Counter(gap.severity.value for gap in report.gaps)
    order = list(STATES.values())
    return Sheet(
        kind="gaps",
        anchor=anchors.name("report", "gaps"),
        title="What the document says that its companion leaves out",
        lead=f"{title_of(document)}, held against {title_of(subject.companion)}",
        papers=(paper("document", document), paper("companion", subject.companion)),
        tallies=tallies([state.name for state in order], statuses, [state.look for state in order]),
        of=count(len(report.verdicts), "statement"),
        severities=tallies(list(Severity), severities, list(Severity)),
        notes=(),
        maps=(_map(subject, marks),),
        ticks=_ticks(subject, marks),
        cards=tuple(
            _card(number, gap, names[id(gap)], subject) for number, gap in enumerate(shown, 1)
        ),
        more=len(report.gaps) - len(shown),
        triage=subject.triage,
        leads=tuple(
            _lead(number, gap, names[id(gap)]) for number, gap in enumerate(shown[:LEADS], 1)
        ),
        leading="Worst first",
    )


def _lead(number: int, gap: Gap, anchor: str) -> Lead:
    there = gap.evidence[0] if gap.evidence else None
    against = ""
    if gap.status is DisclosureStatus.CONTRADICTED and there is not None:
        against = f"but the companion: “{shortened(there.quote, AGAINST)}”"
    return Lead(
        anchor,
        number,
        gap.status.value,
        STATES[gap.status].look,
        gap.severity.value,
        where(gap.page, gap.section),
        brief(marked(gap.quote, keys=_keys(gap)), WORDS),
        against,
    )


def _map(subject: Gaps, marks: list[Mark]) -> Map:
    graded = [
        Mark(each.statement.span.start, STATES[each.disclosure.status])
        for each in subject.report.verdicts
    ]
    title = f"Where in {title_of(subject.document)}"
    return draw(title, subject.document, [*marks, *graded], [*STATES.values(), _NOTHING])


def _ticks(subject: Gaps, marks: list[Mark]) -> tuple[Tick, ...]:
    heights = {gap.span.start: _HEIGHTS[gap.severity] for gap in reversed(subject.report.gaps)}
    length = subject.document.coverage.characters or len(subject.document.text)
    return tuple(
        Tick(x, heights[mark.at], mark.state.look) for x, mark in offsets(marks, length, 1000)
    )


def _card(number: int, gap: Gap, anchor: str, subject: Gaps) -> Card:
    how, why_not = standing(subject.triage, gap.id)
    # the words are marked as against the passage that stands beside them
    compared = gap.evidence[0] if gap.evidence else None
    address = safe_address(subject.document.source.url, gap.page)
    return Card(
        anchor=anchor,
        id=shortened(gap.id, 64),
        number=number,
        head=gap.status.value,
        look=STATES[gap.status].look,
        severity=gap.severity.value,
        labels=(shortened(gap.rule, 64),),
        place=where(gap.page, gap.section),
        section=_part(subject, gap),
        why=shortened(gap.why, 600),
        left=Side(
            "Document",
            marked(
                gap.quote,
                compared.matches if compared else (),
                compared.missing if compared else (),
                _keys(gap),
            ),
            # the head of the card says where it stands; here the words are a link to it
            where(gap.page, gap.section) if address else "",
            address,
        ),
        right=tuple(_companion(gap, subject)),
        lines=tuple(_lines(gap)),
        terms=tuple(
            Term(
                shortened(each.name.replace("_", " "), 80),
                f"{each.value:.2f}",
                f"{each.weight:.2f}",
                shortened(each.note, 200),
            )
            for each in gap.reasons
        ),
        standing=how,
        reason=why_not,
    )


def _part(subject: Gaps, gap: Gap) -> str:
    """The section of the first level that a finding stands in, for the filter."""
    sections = subject.document.sections
    if not sections:
        return shortened(gap.section, 80)
    section = subject.document.section_at(gap.span.start)
    while section.parent is not None and section.level > 1:
        section = sections[section.parent]
    return shortened(section.label, 80) or "Before the first heading"


def _keys(gap: Gap) -> Iterator[Span]:
    """The words that its rules go by, as spans of the quote."""
    for statement in gap.statements:
        for hit in statement.hits:
            start, end = hit.span.start - gap.span.start, hit.span.end - gap.span.start
            if 0 <= start < end <= len(gap.quote) and hit.rule == gap.rule:
                yield Span(start, end)


def _companion(gap: Gap, subject: Gaps) -> Iterator[Side]:
    seen: set[Span] = set()
    for evidence in gap.evidence:
        if evidence.span in seen or (evidence.score < _NEAR and seen):
            continue
        seen.add(evidence.span)
        yield _passage(_label(gap) if len(seen) == 1 else "Also near", evidence, subject)
        if len(seen) == _BESIDE + _MORE:
            return
    if not seen:
        yield Side("Companion", (), "", note="No passage there is anywhere near.", absent=True)


def _passage(label: str, evidence: Evidence, subject: Gaps) -> Side:
    place = f"{where(evidence.page, evidence.section)} · match {evidence.score:.0%}"
    address = safe_address(subject.companion.source.url, evidence.page)
    pieces = marked(evidence.quote, evidence.matches)
    return Side(label, pieces, place, address, shortened(evidence.note, 300))


def _label(gap: Gap) -> str:
    match gap.status:
        case DisclosureStatus.CONTRADICTED:
            return "Companion, but"
        case DisclosureStatus.ABSENT:
            return "Companion, nearest"
        case _:
            return "Companion"


def _lines(gap: Gap) -> Iterator[tuple[str, str]]:
    """What is told below the two passages."""
    if gap.burial.score >= 0.5:
        signs = [
            "in a footnote" if gap.burial.footnote else "",
            "in an appendix" if gap.burial.appendix else "",
            "" if gap.burial.in_summary else "not in the summary",
            "" if gap.burial.in_headings else "no heading names it",
            f"{gap.burial.distance:.0%} into the document",
        ]
        yield "Burial", ", ".join(sign for sign in signs if sign)
    if gap.absence is not None:
        said = (
            f"{count(gap.absence.passages, 'passage')} for {count(len(gap.absence.terms), 'word')}"
        )
        never = written(gap.absence.never_found, gap.quote, _TERMS)
        yield "Searched", f"{said}; nowhere there: {', '.join(never)}" if never else said
    if gap.doubt:
        yield "Doubt", shortened(gap.doubt, 400)
    rank = f"{gap.rank_score:.3f}, confidence {gap.confidence:.2f}"
    rules = sorted({hit.rule for statement in gap.statements for hit in statement.hits})
    yield "Rank", rank
    if len(rules) > 1:
        yield "Rules", shortened(", ".join(rules), 400)
