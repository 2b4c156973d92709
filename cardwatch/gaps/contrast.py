"""What two documents say that cannot both be the whole truth.

Similar words do not make a contradiction, and contradictions often share few words: "people
cannot see that it acts" and "we always tell you what we do" have none in common.
So the comparison is of features: who is told, what is claimed for all cases, which items a
closed list holds, which figure is given for a thing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cardwatch.gaps.claim import Claim, Contrast
from cardwatch.gaps.figures import find_figures
from cardwatch.gaps.lists import ClosedList, Concepts, find_lists, outside
from cardwatch.model import (
    Actor,
    Document,
    Features,
    Reading,
    Sentence,
    Span,
    Statement,
    Strength,
    Visibility,
)

# How many of a claim's neighbours tell what "this" and "they" in it refer to.
_CONTEXT = 2


@dataclass(frozen=True, slots=True)
class Companion:
    """The claims, closed lists and words of a companion, found once."""

    document: Document
    claims: tuple[Claim, ...]
    lists: tuple[ClosedList, ...]
    known: frozenset[str]
    concepts: Concepts
    figures: Mapping[Span, Contrast]
    opposed: Mapping[Span, Contrast]


def find_claims(
    reading: Reading,
    describe: Callable[[Sentence], Features],
    concepts: Concepts,
    document: Reading,
    opposed: Mapping[Span, Contrast],
) -> Companion:
    """What the companion claims: its statements, with their context, and its closed lists.

    ``concepts`` names the lexicon's concepts in a run of words. The figures of the companion
    are matched with the statements of ``document`` here, all at once: each with its likest.
    ``opposed`` are its statements, by their spans, that go against a promise.
    """
    features = [describe(sentence) for sentence in reading.sentences]
    stated = sorted({statement.sentence for statement in reading.statements})
    claims = tuple(_claim(reading, features, index) for index in stated)
    lists = find_lists(reading, features, stated, concepts)
    known = frozenset(word.stem for sentence in reading.sentences for word in sentence.words)
    figures = find_figures(document, claims)
    return Companion(reading.document, claims, lists, known, concepts, figures, opposed)


def find_contrast(
    statement: Statement, sentence: Sentence, context: Sequence[Features], companion: Companion
) -> Contrast | None:
    """The strongest contrast between a statement and the companion, if there is one.

    ``sentence`` is the statement's own; ``context`` holds the features of the sentences just
    before it, nearest first: they tell what "these safeguards" are.
    """
    found = [
        contrast
        for contrast in (
            _told(statement, context, companion),
            companion.figures.get(statement.span),
            companion.opposed.get(statement.span),
            _denied(statement, companion),
            _outside(statement, sentence, companion),
        )
        if contrast
    ]
    return max(found, key=lambda contrast: (contrast.contradicts, contrast.score), default=None)


def _claim(reading: Reading, features: Sequence[Features], index: int) -> Claim:
    sentence = reading.sentences[index]
    before = [
        features[i]
        for i in range(max(0, index - _CONTEXT), index)
        if reading.sentences[i].section == sentence.section
    ]
    about = features[index].concepts.union(*(each.concepts for each in before))
    nearby = features[index].terms.union(*(each.terms for each in before))
    excepted = [each.span for each in features[index].exceptions]
    own = frozenset(
        word.stem
        for word in sentence.words
        if not word.stop and not any(span.start <= word.start < span.end for span in excepted)
    )
    return Claim(sentence.span, features[index], about, nearby, own)


# -- told against not told ------------------------------------------------------------------

# Words of giving notice to somebody. Publishing and disclosing are to the world: not to publish
# a list does not contradict telling a person what happens to a request.
_NOTICE = re.compile(
    r"\b(?:notif\w+|inform(?:s|ed|ing)?|tell(?:s|ing)?|told|visible|invisible|show(?:s|n|ing)?|"
    r"see(?:s|n)?|signs?|notices?|aware|unaware|alert(?:s|ed)?|hidden|silent(?:ly)?|secret(?:ly)?|"
    r"message|warning|indicat\w+|knowledge)\b",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:you|users?|customers?|developers?|people|persons?|clients?|subscribers?|holders?|"
    r"members?|patients?|employees?)\b",
    re.IGNORECASE,
)
# Concepts of telling itself, of the document itself, and those so wide that sharing them shows
# nothing.
_TELLING = frozenset(
    "notify visible hidden publish disclose transparency risk misuse api model agreement glossary "
    "conduct".split()
)
# A sentence with one of these is about what the sentences before it were about.
_REFERS = re.compile(r"\b(?:this|these|those|they|them|it|its|such|instead|here)\b", re.IGNORECASE)
# A firm statement that something happens unseen, not a finding that something went unseen.
_REPORTED = re.compile(
    r"\b(?:did|was|were|had|found|saw|observed|noticed|examples?|instances?|cases?)\b",
    re.IGNORECASE,
)
_FIRM = (Strength.COMMITTED, Strength.POSSIBLE)


def _told(
    statement: Statement, context: Sequence[Features], companion: Companion
) -> Contrast | None:
    """The companion says that people are told; the statement says that they are not."""
    here = statement.features
    if here.visibility is not Visibility.NOT_TOLD or not _gives_notice(here):
        return None
    if here.strength not in _FIRM and (not here.negated or _REPORTED.search(statement.quote)):
        return None
    about = here.concepts
    if _REFERS.search(statement.quote):
        about = about.union(*(each.concepts for each in context))
    best: Contrast | None = None
    for claim in companion.claims:
        if claim.features.visibility is not Visibility.TOLD or not _gives_notice(claim.features):
            continue
        refers = _REFERS.search(claim.features.text)
        shared = (about & (claim.about if refers else claim.features.concepts)) - _TELLING
        if not shared:
            continue
        sure = 0.6 + 0.1 * min(3, len(shared)) + (0.15 if claim.features.universal else 0.0)
        if best is None or sure > best.score:
            note = "the companion says that people are told"
            if claim.features.universal:
                note += ", without exception"
            sure = min(1.0, sure)
            best = Contrast("told and not told", claim.span, sure, note, contradicts=True)
    return best


def _gives_notice(features: Features) -> bool:
    """Whether it is about people being told something, not the public of an event."""
    people = features.actor is Actor.USER or _PEOPLE.search(features.text)
    return bool(people and _NOTICE.search(features.text))


# -- done here, denied there ----------------------------------------------------------------

# The share of what a denial is about that a statement must be about, and the fewest words.
_ABOUT = 0.6
_FEWEST = 2
_NO = frozenset("not no never none neither nor without n't cannot do does will would".split())
_EXCEPT = frozenset("unless except unlike exclud apart other".split())
# Who consents decides for himself: what is done only then is what a denial leaves open.
_CONSENT = re.compile(
    r"\b(?:if|when|where|once|unless|until|only|with|without)\b[^.;]{0,40}\b(?:agree\w*|consent\w*|"
    r"permission|opt(?:s|ed)?[ -]?in|ask\w*|chooses?|allow\w*|approv\w*)\b",
    re.IGNORECASE,
)


def _denied(statement: Statement, companion: Companion) -> Contrast | None:
    """The companion says that a thing is not done; the statement says that it is, or may be.

    What a denial excepts ("unless you agree") is not what it is about, and a statement of what
    is done with somebody's consent does not go against it.
    """
    here = statement.features
    if here.negated or here.strength not in _FIRM or _CONSENT.search(statement.quote):
        return None
    if here.actor not in (Actor.PUBLISHER, Actor.UNKNOWN):
        return None
    best: Contrast | None = None
    for claim in companion.claims:
        there = claim.features
        if not _denies(claim):
            continue
        about = (claim.own | {there.action}) - _NO
        shared = about & (here.terms | {here.action})
        if there.action not in shared or len(shared) < max(_FEWEST, _ABOUT * len(about)):
            continue
        excepted = there.terms - claim.own - _EXCEPT
        if excepted and len(excepted & here.terms) >= _ABOUT * len(excepted):
            continue  # "unlike cards, reports are not ...": the statement is about cards
        sure = 0.5 + 0.3 * len(shared) / len(about)
        if best is None or sure > best.score:
            note = "the companion says that this is not done"
            best = Contrast("done and denied", claim.span, sure, note, contradicts=True)
    return best


def _denies(claim: Claim) -> bool:
    """Whether the publisher says flatly, of what is named right there, that it is not done.

    What holds under a condition, and what introduces a list, denies too little by itself.
    """
    there = claim.features
    flat = there.negated and there.strength in _FIRM and there.actor is Actor.PUBLISHER
    open_ended = bool(there.conditions) or there.text.rstrip().endswith(":")
    return flat and not open_ended and not _refers_back(claim)


def _refers_back(claim: Claim) -> bool:
    """Whether what a claim is about was named before it; "it" in an exception is named in it."""
    spans = (each.span for each in claim.features.exceptions)
    end = min((span.start - claim.span.start for span in spans), default=None)
    return bool(_REFERS.search(claim.features.text[:end]))


# -- an item outside a closed list ----------------------------------------------------------


def _outside(statement: Statement, sentence: Sentence, companion: Companion) -> Contrast | None:
    """The companion lists the kinds of a thing; the statement is about one more of its kind."""
    for listed in companion.lists:
        if outside(statement, sentence, listed, companion.known, companion.concepts):
            shared = statement.features.concepts & listed.about
            note = (
                f"the companion lists {len(listed.items)} kinds as if they were all; "
                "this is not among them"
            )
            sure = min(0.8, 0.4 + 0.1 * len(shared))
            return Contrast("outside a closed list", listed.span, sure, note, contradicts=False)
    return None
