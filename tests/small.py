"""A small document with hand-made results, for tests that must not depend on any judgement."""

from __future__ import annotations

from dataclasses import replace

from cardwatch.model import (
    Burial,
    Coverage,
    Disclosure,
    DisclosureStatus,
    Document,
    Evidence,
    Features,
    Gap,
    GapReport,
    Page,
    ProofOfAbsence,
    Quantity,
    Reading,
    Reason,
    RuleHit,
    Section,
    Severity,
    Span,
    Statement,
    StatementKind,
    StatementVerdict,
    Unread,
)

_TEXT = (
    "Guards\n\n"
    "We never tell customers when an answer has been shortened. Two firms may read a report.\n\n"
    "Records\n\n"
    "Records of a complaint are kept for ninety days, and nobody outside the firm reads them."
)


def _document() -> Document:
    made = Document.from_text(_TEXT, location="guards.md")
    cut = _TEXT.index("Records\n")
    sections = (
        Section(Span(0, cut), Span(0, cut), Span(0, 6), "Guards", "1", 1, ("Guards",)),
        Section(
            Span(cut, len(_TEXT)),
            Span(cut, len(_TEXT)),
            Span(cut, cut + 7),
            "Records",
            "2",
            1,
            ("Records",),
        ),
    )
    pages = (Page(1, Span(0, cut)), Page(2, Span(cut, len(_TEXT))))
    coverage = Coverage(
        pages=2,
        pages_read=2,
        characters=len(_TEXT),
        words=len(_TEXT.split()),
        unread=(Unread("figure", 10, 1),),
    )
    return replace(made, title="Guards", sections=sections, pages=pages, coverage=coverage)


DOCUMENT = _document()


def statement(document: Document, span: Span) -> Statement:
    place = document.passage(span)
    quantity = Quantity(Span(span.start, span.start + 1), 0.0, float("inf"), "days", ">=")
    return Statement(
        span=span,
        quote=place.quote,
        section=place.section,
        page=place.page,
        sentence=0,
        kinds=(StatementKind.NOTIFIES,),
        features=Features(
            place.quote, frozenset(["b", "a"]), frozenset(["notice"]), quantities=(quantity,)
        ),
        hits=(
            RuleHit(
                "not-told", "own", "People are not told", 0.9, Span(span.start, span.start + 5)
            ),
        ),
        weight=0.9,
    )


def _spans(document: Document) -> tuple[Span, Span]:
    half = len(document.text) // 2
    return Span(0, half), Span(half, len(document.text))


def reading(document: Document) -> Reading:
    return Reading(document, (), tuple(statement(document, span) for span in _spans(document)))


def gap_report(document: Document, companion: Document) -> GapReport:
    """Two gaps: one contradicted, one absent with its proof."""
    first, second = _spans(document)
    evidence = Evidence(
        span=Span(0, 6),
        quote=companion.text[:6],
        score=0.4,
        section=companion.section_at(0).label,
        page=companion.page_at(0),
        matches=("custom",),
        missing=("shorten",),
        note="the companion says that people are told",
    )
    proof = ProofOfAbsence(12, ("record", "complaint"), ("record",), 1)
    gaps = (
        _gap(document, first, DisclosureStatus.CONTRADICTED, (evidence,), None),
        _gap(document, second, DisclosureStatus.ABSENT, (), proof),
    )
    verdicts = tuple(
        StatementVerdict(gap.statements[0], Disclosure(gap.status, 0.2, 0.8, gap.evidence))
        for gap in gaps
    )
    return GapReport(
        document=document.source,
        companion=companion.source,
        gaps=gaps,
        verdicts=verdicts,
        coverage=document.coverage,
        companion_coverage=companion.coverage,
        counts={each.value: sum(gap.status is each for gap in gaps) for each in DisclosureStatus},
    )


def _gap(
    document: Document,
    span: Span,
    status: DisclosureStatus,
    evidence: tuple[Evidence, ...],
    proof: ProofOfAbsence | None,
) -> Gap:
    place = document.passage(span)
    high = status is DisclosureStatus.CONTRADICTED
    return Gap(
        id=f"gap-{span.start}",
        quote=place.quote,
        span=span,
        section=place.section,
        page=place.page,
        status=status,
        severity=Severity.HIGH if high else Severity.LOW,
        rank_score=0.8 if high else 0.3,
        confidence=0.9,
        burial=Burial(
            0.7, 2, 0.5, footnote=True, appendix=False, in_summary=False, in_headings=True
        ),
        evidence=evidence,
        rule="not-told",
        why="People are not told",
        statements=(statement(document, span),),
        reasons=(Reason("weight", 0.9, 1.0, "by its rules"),),
        absence=proof,
        doubt="" if high else "1 place of the companion could not be read",
    )
