"""One statement graded in the companion: what the judge makes of it, corrected by contrasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from cardwatch.gaps.claim import Contrast
from cardwatch.gaps.contrast import Companion, find_contrast
from cardwatch.gaps.lists import Concepts
from cardwatch.gaps.wording import reread
from cardwatch.model import (
    BlockKind,
    Disclosure,
    DisclosureStatus,
    Document,
    Evidence,
    Features,
    Reading,
    Reason,
    Sentence,
    Statement,
    Strength,
)
from cardwatch.model.amounts import amounts, same

Disclose = Callable[[Features], Disclosure]
Describe = Callable[[Sentence], Features]
DescribeText = Callable[[str], Features]

# A passage that says less than this of a statement neither states nor denies it.
SAID = 0.6
# How sure the judge must be over all, and what still counts as a hint; chosen so that what the
# demo corpus states is stated and what it leaves out is not.
_SURE = 0.75
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
# How many passages of the companion are kept with a verdict.
_SHOWN = 5
# The reason of what is said in part, by a passage that gives none of the statement's figures.
FIGURES_LEFT_OUT = "figures left out"
_SAID_SO = (DisclosureStatus.STATED, DisclosureStatus.PARTLY_STATED)


@dataclass(frozen=True, slots=True)
class Graded:
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


def grade(
    statement: Statement,
    document: Reading,
    known: Companion,
    disclose: Disclose,
    language: Language,
) -> Graded:
    """The companion's disclosure of a statement, corrected by what the two cannot both mean."""
    sentence = document.sentences[statement.sentence]
    judged = reread(disclose(statement.features), statement, sentence, language.describe_text)
    disclosure = _surely(judged, known.document)
    disclosure = _opposed(statement, disclosure, language)
    disclosure = _without_figures(statement, disclosure, language)
    context = _context(statement, document, language.describe)
    contrast = find_contrast(statement, sentence, context, known)
    stated = disclosure.status is DisclosureStatus.STATED
    if contrast is None or (stated and not contrast.contradicts):
        return Graded(statement, disclosure, None)
    return Graded(statement, _contrasted(disclosure, contrast, known.document), contrast)


def _without_figures(
    statement: Statement, disclosure: Disclosure, language: Language
) -> Disclosure:
    """Note it where the passage that says a part of a statement gives none of its figures."""
    if disclosure.status is not DisclosureStatus.PARTLY_STATED or not disclosure.evidence:
        return disclosure
    figures = amounts(statement.features, statement.span.start)
    told = amounts(language.describe_text(disclosure.evidence[0].quote), 0)
    if not figures or any(same(figure, other) for figure in figures for other in told):
        return disclosure
    note = "how much, how often or by when it does not say"
    return replace(
        disclosure, reasons=(*disclosure.reasons, Reason(FIGURES_LEFT_OUT, 1.0, 0.0, note))
    )


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
        (best >= SAID and not told[0].missing) or (best >= _ALMOST and not _lacks(told[0]))
    ):
        return replace(disclosure, status=DisclosureStatus.STATED, score=best)
    if disclosure.status is DisclosureStatus.CONTRADICTED and (best < SAID or _lacks(told[0])):
        return replace(disclosure, status=DisclosureStatus.ABSENT)
    if disclosure.status not in _SAID_SO:
        return disclosure
    if disclosure.score >= _SURE and best >= SAID:
        return disclosure
    score = max(disclosure.score, disclosure.claim_score)
    hinted = score >= _SURE or best >= SAID
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
    if best.score < SAID or _lacks(best):
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
