"""What a document says that its companion leaves out or contradicts: graded, grouped, ranked."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cardwatch.gaps.burial import Outline
from cardwatch.gaps.claim import Contrast
from cardwatch.gaps.contrast import Companion, find_claims, find_contrast
from cardwatch.gaps.lists import Concepts
from cardwatch.gaps.wording import reread
from cardwatch.model import (
    BlockKind,
    Disclosure,
    DisclosureStatus,
    Document,
    Evidence,
    Features,
    Gap,
    GapReport,
    Reading,
    Reason,
    Sentence,
    Severity,
    Span,
    Statement,
    StatementVerdict,
    Strength,
)

# A sentence that opens so goes on with the one before it.
_GOES_ON = re.compile(
    r"\W*(?:this|these|those|they|it|its|such|instead|also|however|but|and|in addition|when this|"
    r"when these|if so|otherwise|we (?:also|estimate|expect))\b",
    re.IGNORECASE,
)

Disclose = Callable[[Features], Disclosure]
Describe = Callable[[Sentence], Features]
DescribeText = Callable[[str], Features]

# Statements further apart than this (characters), or more of them than fit a glance, make two
# findings even on one matter.
_NEAR = 400
_LONGEST = 900
# How far (sentences) statements support each other, and how much; chosen on the demo corpus.
_COMPANY = 4
_SUPPORT = 0.25
# A passage that says less than this of a statement neither states nor denies it.
_SAID = 0.6
# How sure the judge must be over all, and what still counts as a hint; chosen so that what the
# demo corpus states is stated and what it leaves out is not.
_SURE = 0.8
_HINTED = 0.4
# The share of a statement's words that a passage may lack and still deny it.
_MISSING = 0.2
_FEW = 3
# Words that turn a statement round or set its strength: what is denied is denied without them.
_STANCES = frozenset(
    "not never no none nor without cannot may might will would shall should must can could".split()
)
# A passage as sure as this says a statement, whatever the judge makes of the rest.
_ALMOST = 0.85
# How far (sentences) what surrounds a contradiction belongs to it.
_BESIDE = 8
# How much of what a statement lacks in weight a sure contradiction gives it.
_NEWS = 0.6
# Rules of less weight are broad, and say little beside others; how many others are told.
_TOLD = 0.65
_ALSO = 2
# How many passages of the companion are kept with a verdict.
_SHOWN = 5
_SAID_SO = (DisclosureStatus.STATED, DisclosureStatus.PARTLY_STATED)
# How much of a statement's weight counts when the companion treats it so.
_LEFT_OUT = {
    DisclosureStatus.CONTRADICTED: 1.0,
    DisclosureStatus.ABSENT: 0.8,
    DisclosureStatus.LINKED_ONLY: 0.45,
    DisclosureStatus.PARTLY_STATED: 0.3,
    DisclosureStatus.STATED: 0.0,
}
_SEVERITIES = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_HIGH, _MEDIUM = 0.74, 0.5


@dataclass(frozen=True, slots=True)
class _Graded:
    """A statement with its verdict and the contrast that made it, if one did."""

    statement: Statement
    disclosure: Disclosure
    contrast: Contrast | None


@dataclass(frozen=True, slots=True)
class Language:
    """How words are read: the features of a sentence and of a text, the concepts in words."""

    describe: Describe
    describe_companion: Describe
    describe_text: DescribeText
    concepts: Concepts


def find_gaps(
    document: Reading, companion: Reading, disclose: Disclose, language: Language
) -> GapReport:
    """Grade every statement of ``document`` in ``companion`` and rank what is not plainly stated.

    ``disclose`` judges what some features say against the companion.
    """
    known = find_claims(companion, language.describe_companion, language.concepts, document)
    document = replace(document, statements=_supported(document.statements))
    graded = [
        _grade(statement, document, known, disclose, language) for statement in document.statements
    ]
    outline = Outline.of(document)
    denied = _denied(graded, document)
    gaps = [
        _gap(group, document, companion, outline, denied)
        for group in _groups(graded, document)
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


# -- grading --------------------------------------------------------------------------------


def _grade(
    statement: Statement,
    document: Reading,
    known: Companion,
    disclose: Disclose,
    language: Language,
) -> _Graded:
    """The companion's disclosure of a statement, corrected by what the two cannot both mean."""
    sentence = document.sentences[statement.sentence]
    judged = reread(disclose(statement.features), statement, sentence, language.describe_text)
    disclosure = _surely(judged, known.document)
    disclosure = _opposed(statement, disclosure, language)
    context = _context(statement, document, language.describe)
    contrast = find_contrast(statement, sentence, context, known)
    stated = disclosure.status is DisclosureStatus.STATED
    if contrast is None or (stated and not contrast.contradicts):
        return _Graded(statement, disclosure, None)
    return _Graded(statement, _contrasted(disclosure, contrast, known.document), contrast)


def _surely(disclosure: Disclosure, companion: Document) -> Disclosure:
    """A companion leaves most of a long document out, so "stated" needs more here.

    The judge's odds are those of contracts, where half of what is asked is said. Here a
    statement is taken as said only with a passage that says it, not on the sum of hints; and
    a heading, which names a matter, says nothing of it.
    """
    terms = len(disclosure.absence.terms) if disclosure.absence else 0
    told = [
        each
        for each in disclosure.evidence
        if not _is_heading(each, companion) and (each.matches or len(each.missing) < terms)
    ]
    disclosure = replace(disclosure, evidence=tuple(told[:_SHOWN]))
    best = max((each.score for each in told), default=0.0)
    if told and (
        (best >= _SAID and not told[0].missing) or (best >= _ALMOST and not _lacks(told[0]))
    ):
        return replace(disclosure, status=DisclosureStatus.STATED, score=best)
    if disclosure.status is DisclosureStatus.CONTRADICTED and (best < _SAID or _lacks(told[0])):
        return replace(disclosure, status=DisclosureStatus.ABSENT)
    if disclosure.status not in _SAID_SO:
        return disclosure
    if disclosure.score >= _SURE and best >= _SAID:
        return disclosure
    score = max(disclosure.score, disclosure.claim_score)
    hinted = score >= _SURE or best >= _SAID
    if hinted and min(score, best) >= _HINTED:
        return replace(disclosure, status=DisclosureStatus.PARTLY_STATED)
    return replace(disclosure, status=DisclosureStatus.ABSENT)


def _lacks(evidence: Evidence) -> bool:
    """Whether a passage lacks too many of the statement's words to deny it."""
    missing = [word for word in evidence.missing if word not in _STANCES]
    words = len(evidence.matches) + len(missing)
    return len(evidence.matches) < _FEW or len(missing) > _MISSING * words


def _is_heading(evidence: Evidence, companion: Document) -> bool:
    block = companion.blocks[companion.block_index(evidence.span.start)]
    return block.kind is BlockKind.HEADING


def _opposed(statement: Statement, disclosure: Disclosure, language: Language) -> Disclosure:
    """What seems said, but with "not" on one side only, is contradicted, or else not said.

    It is contradicted where the passage has nearly all of the statement's words; with fewer
    the two may well be about different things.
    """
    if disclosure.status not in _SAID_SO or not disclosure.evidence:
        return disclosure
    best = disclosure.evidence[0]
    there, here = language.describe_text(best.quote), statement.features
    if here.negated == there.negated or here.strength is Strength.NONE:
        return disclosure
    if best.score < _HINTED:
        return disclosure
    if best.score < _SAID or _lacks(best):
        return replace(disclosure, status=DisclosureStatus.ABSENT)
    note = "says it without the negation" if here.negated else "says it with a negation"
    return replace(
        disclosure,
        status=DisclosureStatus.CONTRADICTED,
        evidence=(replace(best, note=note), *disclosure.evidence[1:]),
        reasons=(*disclosure.reasons, Reason("polarity", 1.0, 1.0, note)),
    )


def _contrasted(disclosure: Disclosure, contrast: Contrast, companion: Document) -> Disclosure:
    where = companion.passage(contrast.span)
    shown = Evidence(
        span=contrast.span,
        quote=where.quote,
        score=contrast.score,
        section=where.section,
        page=where.page,
        note=contrast.note,
    )
    status = DisclosureStatus.CONTRADICTED if contrast.contradicts else disclosure.status
    return replace(
        disclosure,
        status=status,
        confidence=max(disclosure.confidence, contrast.score),
        evidence=(shown, *disclosure.evidence),
        reasons=(*disclosure.reasons, Reason(contrast.kind, contrast.score, 1.0)),
    )


def _context(statement: Statement, document: Reading, describe: Describe) -> list[Features]:
    """The features of up to two sentences before a statement in its section, nearest first."""
    here = document.sentences[statement.sentence]
    return [
        describe(document.sentences[index])
        for index in range(statement.sentence - 1, max(-1, statement.sentence - 3), -1)
        if document.sentences[index].section == here.section
    ]


# -- grouping -------------------------------------------------------------------------------


def _groups(graded: Sequence[_Graded], document: Reading) -> list[list[_Graded]]:
    """Neighbouring statements of one status on one matter, as one finding.

    An introduction ("in these cases:") makes one with its items, and none without them: by
    itself it says nothing that they do not.
    """
    sentences = document.sentences
    introduced = {sentences[each.statement.sentence].lead for each in graded}
    groups: list[list[_Graded]] = []
    for each in graded:
        if groups and _belongs(each, groups[-1], document):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [
        group for group in groups if any(each.statement.span not in introduced for each in group)
    ]


def _belongs(each: _Graded, group: Sequence[_Graded], document: Reading) -> bool:
    last, first = group[-1].statement, group[0].statement
    here = each.statement
    if each.disclosure.status is not group[-1].disclosure.status:
        return False
    sentences = document.sentences
    if sentences[here.sentence].section != sentences[last.sentence].section:
        return False
    apart = here.span.start - last.span.end
    long = here.span.end - first.span.start > _LONGEST
    if long or apart > _NEAR:
        return False
    if sentences[here.sentence].lead in {one.statement.span for one in group}:
        return True
    if here.sentence - last.sentence > 2:
        return False
    same_block = sentences[here.sentence].block == sentences[last.sentence].block
    next_to = here.sentence == last.sentence + 1
    return (same_block or next_to) and _one_matter(here, last, same_block=same_block)


def _one_matter(here: Statement, last: Statement, *, same_block: bool) -> bool:
    """Whether a statement goes on with the one before: its rule, a pronoun, or its concepts.

    Concepts count within a paragraph only: a new one may well be about another matter.
    """
    rules = {hit.rule for hit in here.hits} & {hit.rule for hit in last.hits}
    shared = same_block and here.features.concepts & last.features.concepts
    return bool(rules or shared or _GOES_ON.match(here.quote))


# -- a finding ------------------------------------------------------------------------------


def _denied(graded: Sequence[_Graded], document: Reading) -> tuple[tuple[int, int], ...]:
    """The statements that the companion surely contradicts: section and place of each."""
    return tuple(
        (document.sentences[each.statement.sentence].section, each.statement.sentence)
        for each in graded
        if each.contrast and each.contrast.contradicts and each.contrast.score >= _SAID
    )


def _beside(
    group: Sequence[_Graded], document: Reading, denied: Sequence[tuple[int, int]]
) -> float:
    """1 for statements within a paragraph or two of a contradicted one: they are its context."""
    here = group[0].statement.sentence
    section = document.sentences[here].section
    return float(any(other == section and abs(at - here) <= _BESIDE for other, at in denied))


def _gap(
    group: Sequence[_Graded],
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
    left_out = _LEFT_OUT[disclosure.status]
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


def _uncovered(disclosure: Disclosure) -> float:
    """How little of it the companion says; who says the opposite covers nothing."""
    if disclosure.status is DisclosureStatus.CONTRADICTED:
        return 1.0
    return 1 - disclosure.score


def _group_weight(group: Sequence[_Graded]) -> float:
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


def _why(group: Sequence[_Graded], worst: _Graded) -> str:
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
