"""Promises of the companion that the document goes against, though they share few words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cardwatch.gaps.claim import Contrast
from cardwatch.model import Features, Reading, RuleHit, Sentence, Span, Statement

Sides = Callable[[Reading], Mapping[int, tuple[str, ...]]]

# How sure a pair of opposites is by its phrases alone, and what each concept, up to three, that
# promise and practice share adds to that.
_SURE = 0.65
_SHARED = 0.08
_MOST = 3
# A promise is short: what rambles on, or is a row of a table, only has the words of one.
_LONGEST = 50
# The weight of a sentence that no rule has met, but that goes against a promise.
_WEIGHT = 0.8
# Concepts so wide that sharing them shows nothing.
_WIDE = frozenset("notify visible model agreement publish risk glossary conduct".split())


@dataclass(frozen=True, slots=True)
class Matters:
    """What finds sentences that promise something, that tell of the contrary, and that are on a
    matter which plain words put quite differently.

    ``says`` has a line for each matter; ``excused`` are those on which a document that makes
    the same promise does not go against it.
    """

    promised: Sides
    done: Sides
    restated: Sides
    says: Mapping[str, str]
    excused: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Promise:
    matter: str
    span: Span
    features: Features


def find_opposed(
    document: Reading,
    companion: Reading,
    matters: Matters,
    describe: Callable[[Sentence], Features],
    describe_companion: Callable[[Sentence], Features],
) -> tuple[Reading, dict[Span, Contrast]]:
    """The contrasts by the spans of the statements that they are about.

    The document comes back with those sentences among its statements that go against a promise
    and that no rule has met.
    """
    promises = [
        _Promise(matter, companion.sentences[index].span, describe_companion(sentence))
        for index, ids in sorted(matters.promised(companion).items())
        for sentence in [companion.sentences[index]]
        if len(sentence.words) <= _LONGEST and " | " not in companion.document.quote(sentence.span)
        for matter in ids
    ]
    if not promises:
        return document, {}
    if any(promise.matter in matters.excused for promise in promises):
        own = {matter for ids in matters.promised(document).values() for matter in ids}
        promises = [p for p in promises if p.matter not in matters.excused or p.matter not in own]
    statements = {statement.sentence: statement for statement in document.statements}
    found: dict[Span, Contrast] = {}
    for index, ids in sorted(matters.done(document).items()):
        against = [promise for promise in promises if promise.matter in ids]
        if not against:
            continue
        sentence = document.sentences[index]
        known = statements.get(index)
        features = known.features if known else describe(sentence)
        found[sentence.span] = max(
            (_contrast(promise, features, matters) for promise in against),
            key=lambda contrast: (contrast.score, -contrast.span.start),
        )
        if known is None:
            statements[index] = _statement(document, index, features, against[0], matters)
    kept = tuple(statements[index] for index in sorted(statements))
    return replace(document, statements=kept), found


def _contrast(promise: _Promise, features: Features, matters: Matters) -> Contrast:
    shared = (promise.features.concepts & features.concepts) - _WIDE
    sure = _SURE + _SHARED * min(_MOST, len(shared))
    note = matters.says[promise.matter]
    return Contrast("promised and done", promise.span, sure, note, contradicts=True)


def _statement(
    document: Reading, index: int, features: Features, promise: _Promise, matters: Matters
) -> Statement:
    sentence = document.sentences[index]
    place = document.document.passage(sentence.span)
    says = matters.says[promise.matter]
    hit = RuleHit(promise.matter, "opposites", says, _WEIGHT, sentence.span)
    return Statement(
        span=sentence.span,
        quote=place.quote,
        section=place.section,
        page=place.page,
        sentence=index,
        kinds=(),
        features=features,
        hits=(hit,),
        weight=_WEIGHT,
    )
