"""What a passage says, read off its words: actor, strength, polarity, conditions, quantities."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cardwatch.model import (
    Actor,
    Clause,
    Document,
    Enumeration,
    Features,
    Sentence,
    Span,
    Strength,
    Visibility,
    Word,
)
from cardwatch.segment.lexicon import Lexicon, load_lexicon
from cardwatch.segment.quantities import quantities
from cardwatch.segment.words import words

# The order of obligation strength follows the codebook that DESIGN.md names.
_MODALS: tuple[tuple[Strength, re.Pattern[str]], ...] = tuple(
    (strength, re.compile(rf"\b({forms})\b", re.IGNORECASE))
    for strength, forms in (
        (
            Strength.COMMITTED,
            r"must|shall|will|won['’]t|commit(?:s|ted|ting)? to|require[sd]?|cannot|can['’]t|"
            r"may not|(?:is|are) (?:not )?(?:required|obliged|prohibited|forbidden)",
        ),
        (
            Strength.INTENDED,
            r"intend(?:s|ed)?|aim(?:s|ed)?|plan(?:s|ned)? to|expect(?:s|ed)?|hope(?:s)?|"
            r"seek(?:s)?|strive(?:s)?|work(?:ing)? (?:to|toward)|try to|attempt to|goal",
        ),
        (Strength.POSSIBLE, r"may|might|could|can|consider(?:s|ing)?|explor(?:e|es|ing)|would"),
        (Strength.RECOMMENDED, r"should|recommend(?:s|ed)?|encourage[sd]?|suggest(?:s|ed)?|ought"),
    )
)
_PRESENT = re.compile(r"\b(?:we|you|users?|customers?) (?:also |do not |don['’]t |never |always )?"
                      r"(?!(?:have|had|are|were|was|did)\b)(?!\w+ed\b)[a-z]{3,}\b", re.IGNORECASE)  # fmt: skip
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|neither|nor|cannot|without|\w+n['’]t|refus\w+|prohibit\w*|forbid\w*)\b",
    re.IGNORECASE,
)
_UNIVERSAL = re.compile(
    r"\b(?:all|any|every|each|always|whenever|never|no one|none|in all cases|at all times|"
    r"under no circumstances|throughout|entire(?:ly)?)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(if|when|whenever|where|provided that|as long as|so long as|in the event|in case|once|"
    r"until|before|after|subject to|depending on|as (?:appropriate|needed|necessary)|"
    r"where (?:appropriate|possible|feasible))\b",
    re.IGNORECASE,
)
_EXCEPTION = re.compile(
    r"\b(unless|except(?:ing)?(?: for| that| as| to)?|other than|apart from|excluding|"
    r"with the exception of|notwithstanding|save (?:for|as)|does not apply|do not apply|"
    r"unlike|however)\b",
    re.IGNORECASE,
)
_CADENCE = re.compile(
    r"\b(every (?:\w+ ){0,3}(?:day|week|month|quarter|year)s?|"
    r"(?:once|twice|\w+ times) (?:a|per|each|every) (?:day|week|month|quarter|year)|"
    r"(?:bi-?|semi-?)?(?:daily|weekly|monthly|quarterly|annual(?:ly)?|yearly)|"
    r"regular(?:ly)?|periodic(?:ally)?|from time to time|at regular intervals)\b",
    re.IGNORECASE,
)
_SUBJECTS: tuple[tuple[Actor, re.Pattern[str]], ...] = (
    (Actor.PUBLISHER, re.compile(r"\b(?:we|us|our|ours|the company)\b", re.IGNORECASE)),
    (Actor.USER, re.compile(r"\b(?:you|your|users?|customers?|developers?|clients?|licensees?|"
                            r"organi[sz]ations?|subscribers?)\b", re.IGNORECASE)),
    (Actor.SAFEGUARD, re.compile(r"\b(?:safeguards?|classifiers?|filters?|interventions?|"
                                 r"mitigations?|monitor(?:s|ing)?)\b", re.IGNORECASE)),
    (Actor.THIRD_PARTY, re.compile(r"\b(?:third[- ]part(?:y|ies)|external \w+|partners?|vendors?|"
                                   r"auditors?|evaluators?|regulators?)\b", re.IGNORECASE)),
    (Actor.MODEL, re.compile(r"\b(?:models?|assistant|system|it)\b", re.IGNORECASE)),
)  # fmt: skip
_TOLD = re.compile(
    r"\b(?:notif\w+|inform(?:s|ed|ing)?|tell|told|disclos\w+|visible|transparen\w+|announc\w+|"
    r"let \w+ know|made aware|alert(?:s|ed)?|see(?:s|n)? (?:that|when|which)|shown|display\w*|"
    r"communicat\w+|public(?:ly)?|publish\w*)\b",
    re.IGNORECASE,
)
_UNTOLD = re.compile(
    r"\b(?:invisib\w+|hidden|conceal\w*|silent(?:ly)?|secret(?:ly)?|covert(?:ly)?|undisclosed|"
    r"without (?:\w+ ){0,3}(?:notice|notif\w+|telling|inform\w+|knowledge|indication|warning))\b",
    re.IGNORECASE,
)
_OPEN_LIST = re.compile(
    r"\b(?:such as|for example|for instance|e\.g\.|including|among others|etc|"
    r"and (?:others|so on|more)|not limited to|like)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r",\s*(?:and|or)?\s*|;\s*(?:and|or)?\s*|\s+(?:and|or)\s+")


def describe(sentence: Sentence, document: Document, lexicon: Lexicon | None = None) -> Features:
    """The features of one sentence of a document; offsets are the document's."""
    text = document.quote(sentence.span)
    return _describe(text, sentence.span.start, sentence.words, lexicon or load_lexicon())


def describe_text(text: str, lexicon: Lexicon | None = None) -> Features:
    """The features of a passage on its own; offsets are into ``text``."""
    return _describe(text, 0, words(text), lexicon or load_lexicon())


def _describe(text: str, offset: int, sequence: Sequence[Word], lexicon: Lexicon) -> Features:
    strength, modal = strength_of(text)
    concepts = frozenset(
        wide for _, _, name in lexicon.find(sequence) for wide in lexicon.widened(name)
    )
    return Features(
        text=text,
        terms=frozenset(word.stem for word in sequence if not word.stop),
        concepts=concepts,
        actor=_actor(text),
        negated=bool(_NEGATION.search(text)),
        universal=bool(_UNIVERSAL.search(text)),
        strength=strength,
        modal=modal,
        visibility=_visibility(text),
        conditions=_clauses(_CONDITION, text, offset),
        exceptions=_clauses(_EXCEPTION, text, offset),
        cadences=_clauses(_CADENCE, text, offset),
        quantities=tuple(quantities(text, offset)),
        enumeration=_enumeration(text, offset),
    )


def strength_of(text: str) -> tuple[Strength, str]:
    """The strength of the strongest obligation word in ``text``, and that word.

    Present tense with a person as its subject counts as committed.
    """
    for strength, pattern in _MODALS:
        match = pattern.search(text)
        if match:
            return strength, match.group().lower()
        if strength is Strength.COMMITTED and _PRESENT.search(text):
            return strength, "present"
    return Strength.NONE, ""


def _actor(text: str) -> Actor:
    found = [(match.start(), actor) for actor, p in _SUBJECTS if (match := p.search(text))]
    return min(found, key=lambda pair: pair[0])[1] if found else Actor.UNKNOWN


def _visibility(text: str) -> Visibility:
    if _UNTOLD.search(text):
        return Visibility.NOT_TOLD
    match = _TOLD.search(text)
    if not match:
        return Visibility.UNSAID
    before = text[max(0, match.start() - 40) : match.start()]
    return Visibility.NOT_TOLD if _NEGATION.search(before) else Visibility.TOLD


def _clauses(pattern: re.Pattern[str], text: str, offset: int) -> tuple[Clause, ...]:
    """Clauses from a cue up to the next comma, semicolon or the end."""
    found = []
    for match in pattern.finditer(text):
        stop = re.compile(r"[,;:]|$").search(text, match.end())
        end = stop.start() if stop else len(text)
        found.append(Clause(Span(offset + match.start(), offset + end), match.group().lower()))
    return tuple(found)


def _enumeration(text: str, offset: int) -> Enumeration | None:
    """The longest run of at least three items joined by commas and a last "and" or "or"."""
    match = re.search(r"[^,;:.]+(?:,[^,;:.]+)+,?\s+(?:and|or)\s+[^,;:.]+", text)
    if not match:
        return None
    items, at = [], match.start()
    for gap in [*_ITEM.finditer(text, match.start(), match.end()), None]:
        end = gap.start() if gap else match.end()
        if text[at:end].strip():
            items.append(Span(offset + at, offset + end))
        at = gap.end() if gap else end
    span = Span(offset + match.start(), offset + match.end())
    closed = not _OPEN_LIST.search(text, max(0, match.start() - 20), match.end())
    return Enumeration(span, tuple(items), closed)
