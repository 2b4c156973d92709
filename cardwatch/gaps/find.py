"""What a document says that its companion leaves out or contradicts: graded, grouped, ranked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256

from cardwatch.gaps.burial import Outline
from cardwatch.gaps.contrast import find_claims
from cardwatch.gaps.grading import FIGURES_LEFT_OUT, SAID, Disclose, Graded, Language, grade
from cardwatch.gaps.grouping import groups
from cardwatch.gaps.opposites import Matters, find_opposed
from cardwatch.gaps.restated import restate
from cardwatch.model import (
    Disclosure,
    DisclosureStatus,
    Document,
    Gap,
    GapReport,
    Reading,
    Reason,
    Severity,
    Span,
    Statement,
    StatementVerdict,
)

# How far (sentences) statements support each other, and how much; chosen on the demo corpus.
_COMPANY = 4
_SUPPORT = 0.25
# How far (sentences) what surrounds a contradiction belongs to it.
_BESIDE = 8
# How much of what a statement lacks in weight a sure contradiction gives it.
_NEWS = 0.6
# Rules of less weight are broad, and say little beside others; how many others are told.
_TOLD = 0.65
_ALSO = 2
# How much of a statement's weight counts when the companion treats it so.
_LEFT_OUT = {
    DisclosureStatus.CONTRADICTED: 1.0,
    DisclosureStatus.ABSENT: 0.8,
    DisclosureStatus.LINKED_ONLY: 0.45,
    DisclosureStatus.PARTLY_STATED: 0.3,
    DisclosureStatus.STATED: 0.0,
}
# A promise to report "in the coming months" leaves out the better part of "every four months".
_FIGURES_LEFT_OUT = 0.5
_SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_HIGH, _MEDIUM = 0.74, 0.5


def find_gaps(
    document: Reading,
    companion: Reading,
    disclose: Disclose,
    language: Language,
    matters: Matters,
) -> GapReport:
    """Grade every statement of ``document`` in ``companion`` and rank what is not plainly stated.

    ``disclose`` judges what some features say against the companion; ``matters`` finds what is
    promised in one and done in the other.
    """
    document, opposed = find_opposed(
        document, companion, matters, language.describe, language.describe_companion
    )
    known = find_claims(
        companion, language.describe_companion, language.concepts, document, opposed
    )
    document = replace(document, statements=_supported(document.statements))
    graded = [
        grade(statement, document, known, disclose, language) for statement in document.statements
    ]
    graded = restate(graded, document, companion, matters, language.describe_companion)
    outline = Outline.of(document)
    denied = _denied(graded, document)
    gaps = [
        _gap(group, document, companion, outline, denied)
        for group in groups(graded, document)
        if group[0].disclosure.status is not DisclosureStatus.STATED
    ]
    gaps.sort(key=lambda gap: (_SEVERITIES.index(gap.severity), -gap.rank_score, gap.span))
    verdicts = tuple(StatementVerdict(each.statement, each.disclosure) for each in graded)
    return GapReport(
        document=document.document.source,
        companion=companion.document.source,
        gaps=tuple(gaps),
        verdicts=verdicts,
        coverage=document.document.coverage,
        companion_coverage=companion.document.coverage,
        counts={
            status.value: sum(v.disclosure.status is status for v in verdicts)
            for status in DisclosureStatus
        },
    )


# -- weighing -------------------------------------------------------------------------------


def _supported(statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """Statements weigh more in company: policies come in paragraphs, slips of a rule alone.

    Each other statement within ``_COMPANY`` sentences closes a part of what the weight lacks
    to 1, in proportion to its own; and what has little weight itself gains little, so that an
    aside among policies stays one.
    """
    weighed = []
    for index, statement in enumerate(statements):
        near = [
            other.weight
            for other in statements[max(0, index - _COMPANY) : index + _COMPANY + 1]
            if other is not statement
            and other.section == statement.section
            and abs(other.sentence - statement.sentence) <= _COMPANY
        ]
        closed = 1 - math.exp(-_SUPPORT * sum(near))
        gained = statement.weight * (1 - statement.weight) * closed
        weighed.append(replace(statement, weight=statement.weight + gained))
    return tuple(weighed)


# -- a finding ------------------------------------------------------------------------------


def _denied(graded: Sequence[Graded], document: Reading) -> tuple[tuple[int, int], ...]:
    """The statements that the companion surely contradicts: section and place of each."""
    return tuple(
        (document.sentences[each.statement.sentence].section, each.statement.sentence)
        for each in graded
        if each.contrast and each.contrast.contradicts and each.contrast.score >= SAID
    )


def _beside(group: Sequence[Graded], document: Reading, denied: Sequence[tuple[int, int]]) -> float:
    """1 for statements within a paragraph or two of a contradicted one: they are its context."""
    here = group[0].statement.sentence
    section = document.sentences[here].section
    return float(any(other == section and abs(at - here) <= _BESIDE for other, at in denied))


def _gap(
    group: Sequence[Graded],
    document: Reading,
    companion: Reading,
    outline: Outline,
    denied: Sequence[tuple[int, int]],
) -> Gap:
    text = document.document
    span = Span(group[0].statement.span.start, group[-1].statement.span.end)
    worst = max(group, key=lambda each: each.statement.weight)
    disclosure = worst.disclosure
    weight = _group_weight(group)
    burial = outline.burial(span, worst.statement)
    doubt = _doubt(disclosure, companion)
    confidence = disclosure.confidence * (0.85 if doubt else 1.0)
    left_out = _left_out(disclosure)
    outside = max((each.contrast.score for each in group if each.contrast), default=0.0)
    terms = (
        Reason("what it is", weight, 1.0, "weight of the statement, by its rules"),
        Reason("left out", left_out, 1.0, f"{disclosure.status.value} in the companion"),
        Reason("not covered", _uncovered(disclosure), 0.25, "1 − how far the companion says it"),
        Reason("contrast", outside, 0.25, "how surely the companion says otherwise"),
        Reason("beside", _beside(group, document, denied), 0.15, "stands beside a contradiction"),
        Reason("burial", burial.score, 0.15, "how hard it is to come upon"),
        Reason("confidence", confidence, 0.25, "of the verdict"),
    )
    place = text.passage(span)
    return Gap(
        id=_identity(place.quote, document.document, companion.document),
        quote=place.quote,
        span=span,
        section=place.section,
        page=place.page,
        status=disclosure.status,
        severity=_severity(weight * left_out + 0.15 * outside),
        rank_score=_rank(terms),
        confidence=confidence,
        burial=burial,
        evidence=disclosure.evidence,
        rule=worst.statement.hits[0].rule if worst.statement.hits else "",
        why=_why(group, worst),
        statements=tuple(each.statement for each in group),
        reasons=(*terms, *disclosure.reasons),
        absence=disclosure.absence if disclosure.status is DisclosureStatus.ABSENT else None,
        doubt=doubt,
    )


def _left_out(disclosure: Disclosure) -> float:
    partly = disclosure.status is DisclosureStatus.PARTLY_STATED
    if partly and any(reason.name == FIGURES_LEFT_OUT for reason in disclosure.reasons):
        return _FIGURES_LEFT_OUT
    return _LEFT_OUT[disclosure.status]


def _uncovered(disclosure: Disclosure) -> float:
    """How little of it the companion says; who says the opposite covers nothing."""
    if disclosure.status is DisclosureStatus.CONTRADICTED:
        return 1.0
    return 1 - disclosure.score


def _group_weight(group: Sequence[Graded]) -> float:
    """The heaviest statement counts in full; each further one adds a little.

    A contradiction closes part of what is lacking to 1: that two documents cannot both be right
    is news whatever the matter.
    """
    weights = []
    for each in group:
        weight = each.statement.weight
        if each.contrast and each.contrast.contradicts:
            weight += (1 - weight) * _NEWS * each.contrast.score
        weights.append(weight)
    return min(1.0, max(weights) + 0.03 * (len(group) - 1))


def _rank(terms: Sequence[Reason]) -> float:
    """Severity × (1 − coverage) × burial × confidence, each softened by its weight (0 to 1).

    A factor of weight w takes values from 1 − w to 1, so that no single doubtful measure can
    sink a finding.
    """
    product = 1.0
    for term in terms:
        product *= 1 - term.weight * (1 - term.value)
    return product


def _severity(score: float) -> Severity:
    if score >= _HIGH:
        return Severity.HIGH
    return Severity.MEDIUM if score >= _MEDIUM else Severity.LOW


def _why(group: Sequence[Graded], worst: Graded) -> str:
    """What kinds of statement a finding holds, by its rules, and what contradicts it.

    The weightiest rule of the weightiest statement is told first, then up to ``_ALSO`` others
    of some weight; broad rules are told only of what meets no other.
    """
    hits = list(worst.statement.hits)
    hits += sorted(
        (hit for each in group if each is not worst for hit in each.statement.hits),
        key=lambda hit: (-hit.weight, hit.rule),
    )
    told = dict.fromkeys(
        hit.says for place, hit in enumerate(hits) if not place or hit.weight >= _TOLD
    )
    first, *others = told or [""]
    why = "; ".join(part for part in (first, worst.contrast.note if worst.contrast else "") if part)
    if others:
        why += f". Also: {'; '.join(_lowered(says) for says in others[:_ALSO])}"
    return why


def _lowered(says: str) -> str:
    """A line with a small first letter, unless it opens with an abbreviation."""
    return says if says[1:2].isupper() else says[:1].lower() + says[1:]


def _doubt(disclosure: Disclosure, companion: Reading) -> str:
    unread = len(companion.document.coverage.unread)
    if unread and disclosure.status is DisclosureStatus.ABSENT:
        places = "place" if unread == 1 else "places"
        return f"{unread} {places} of the companion could not be read"
    return ""


def _identity(quote: str, document: Document, companion: Document) -> str:
    """A short name that stays the same for the same words in the same two places."""
    key = "\n".join((" ".join(quote.split()), document.source.location, companion.source.location))
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
