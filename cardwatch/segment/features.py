"""What a passage says, read off its words: actor, strength, polarity, conditions, quantities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

from cardwatch.model import (
    Actor,
    Clause,
    Document,
    Features,
    Sentence,
    Span,
    Strength,
    Visibility,
    Word,
)
from cardwatch.segment.clauses import Main, main_clauses
from cardwatch.segment.enumerations import enumeration
from cardwatch.segment.lexicon import Lexicon, load_lexicon
from cardwatch.segment.quantities import NUMERALS, quantities
from cardwatch.segment.words import words

# Each pattern comes with the words of which one must be there for it to match: most sentences
# hold none, and looking that up is ten times as fast as searching.
_UNIVERSAL = frozenset(
    "all any every each always whenever never none throughout entire entirely everyone anyone "
    "everything nobody".split()
)
_NOT_UNIVERSAL = re.compile(
    r"\b(?:not|n['’]t|nearly|almost) (?:all|every|each|always|any|entirely|everyone|everything)\b|"
    r"\bif any\b|\bat all\b",
    re.IGNORECASE,
)
_CONDITION_WORDS = frozenset(
    "if when whenever where once provided providing assuming until before after subject depending "
    "appropriate needed necessary possible feasible practicable long event case cases extent "
    "circumstances required warranted prior pending".split()
)
_CONDITION = re.compile(
    r"\b(only if|even if|if and when|if|whenever|when|where (?:appropriate|possible|feasible|"
    r"necessary|practicable|permitted|required)|where|provid(?:ed|ing) that|assuming that|"
    r"(?:as|so) long as|in the event(?: of| that)?|in cases? (?:of|where|that|when)|once|until|"
    r"before|prior to|after|subject to|depending (?:on|upon)|pending|"
    r"(?:as|if|when) (?:is |are |deemed )?(?:appropriate|needed|necessary|feasible|warranted|"
    r"required|possible|practicable)|to the extent (?:that |possible |permitted |practicable )?|"
    r"under (?:certain|some|limited|appropriate) circumstances)\b",
    re.IGNORECASE,
)
_EXCEPTION_WORDS = frozenset(
    "unless except excepting other apart excluding exception exceptions notwithstanding save "
    "does do unlike however exempt exempted otherwise".split()
)
_EXCEPTION = re.compile(
    r"\b(unless|except(?:ing)?(?: for| that| as| to| where| when| if)?|other than|apart from|"
    r"excluding|with the exception of|(?:an )?exceptions? (?:to|is|are|may)|notwithstanding|"
    r"save (?:for|as)|do(?:es)? not apply|unless otherwise|exempt(?:ed)? from|unlike|however)\b",
    re.IGNORECASE,
)
_CADENCE_WORDS = frozenset(
    "every once twice times daily weekly monthly quarterly annual annually yearly biannual "
    "biannually biweekly semiannual semi bi regular regularly periodic periodically time "
    "intervals continually continuously routinely frequently ongoing per each".split()
)
_CADENCE = re.compile(
    r"\b(every (?:\w+ ){0,3}(?:day|week|month|quarter|year)s?|"
    r"(?:once|twice|\w+ times) (?:a|an|per|each|every) (?:\w+ )?(?:day|week|month|quarter|year)|"
    r"each (?:day|week|month|quarter|year)|per (?:day|week|month|quarter|year)|"
    r"(?:bi-?|semi-?)?(?:daily|weekly|monthly|quarterly|annual(?:ly)?|yearly)|"
    r"regular(?:ly)?|periodic(?:ally)?|from time to time|at regular intervals|continu(?:al|ous)ly|"
    r"routinely|frequently|on an ongoing basis)\b",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\b(?:notif\w+|inform(?:s|ed|ing)?|told|tell(?:s|ing)? (?:you|them|him|her|us|everyone|anyone|"
    r"(?:(?:the|an?|each|every|our|its|their) )?(?:\w+ )?(?:users?|customers?|persons?|people|"
    r"accounts?|holders?|developers?|owners?|public|board|regulators?|authorit\w+))|disclos\w+|visible|transparen\w+|announc\w+|"
    r"let \w+ know|made aware|alert(?:s|ed)?|see(?:s|n)? (?:that|when|which)|shown|display\w*|"
    r"communicat\w+|public(?:ly)?|publish\w*)\b",
    re.IGNORECASE,
)
_UNTOLD = re.compile(
    r"\b(?:invisib\w+|hidden|conceal\w*|silent(?:ly)?|secret(?:ly)?|covert(?:ly)?|undisclosed|"
    r"without (?:\w+ ){0,3}(?:notice|notif\w+|telling|inform\w+|knowledge|indication|warning)|"
    r"(?:no|nor any|not any|never any) (?:\w+ ){0,2}"
    r"(?:sign|notice|notification|message|warning|indication|mention|hint|trace|explanation)s?|"
    r"unaware|unknowing\w*|unbeknown\w*|(?:cannot|can['’]t|could not|no way (?:of|to)) "
    r"(?:see|tell|know\w*) (?:that|when|whether|if|which))\b",
    re.IGNORECASE,
)
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|neither|nor|cannot|without|\w+n['’]t|refus\w+|prohibit\w*|forbid\w*)\b",
    re.IGNORECASE,
)
_CLAUSE_BREAK = re.compile(r"[,;:.!?]")
# Words between a negation and the telling that it denies ("will not, in general, be told").
_NEGATION_REACH = 5
_DIGIT = re.compile(r"\d")
_CLAUSE_END = re.compile(r"[,;:]|$")
_OBJECT_WORDS = 8
_MOST_CLAUSES = 40  # of a kind in one sentence; what has more is no sentence
_BARRIERS = frozenset("if when where unless that which who because until before after".split())


def describe(sentence: Sentence, document: Document, lexicon: Lexicon | None = None) -> Features:
    """The features of one sentence of a document; offsets are the document's."""
    text = document.quote(sentence.span)
    return _describe(text, sentence.span.start, sentence.words, lexicon or load_lexicon())


def describe_text(
    text: str, lexicon: Lexicon | None = None, sequence: Sequence[Word] | None = None
) -> Features:
    """The features of a passage on its own; offsets are into ``text``.

    ``sequence`` is its words, where they are known already.
    """
    sequence = words(text) if sequence is None else sequence
    return _describe(text, 0, sequence, lexicon or load_lexicon())


def _describe(text: str, offset: int, sequence: Sequence[Word], lexicon: Lexicon) -> Features:
    lowers = {word.lower for word in sequence}
    concepts = frozenset(
        wide for _, _, name in lexicon.find(sequence) for wide in lexicon.widened(name)
    )
    clauses = main_clauses(text, sequence, offset)
    main = max(clauses, key=lambda clause: clause.strength, default=None)
    return Features(
        text=text,
        terms=frozenset(word.stem for word in sequence if not word.stop),
        concepts=concepts,
        actor=_actor(clauses, main),
        action=sequence[main.verb].stem if main and main.verb >= 0 else "",
        object=_object(sequence, main.verb) if main and main.verb >= 0 else frozenset(),
        negated=main.negated if main else False,
        universal=_universal(text, lowers),
        strength=main.strength if main else Strength.NONE,
        modal=main.modal if main else "",
        visibility=_visibility(text),
        conditions=_clauses(_CONDITION, text, offset) if lowers & _CONDITION_WORDS else (),
        exceptions=_clauses(_EXCEPTION, text, offset) if lowers & _EXCEPTION_WORDS else (),
        cadences=_clauses(_CADENCE, text, offset) if lowers & _CADENCE_WORDS else (),
        quantities=tuple(quantities(text, offset)) if _counted(text, lowers) else (),
        enumeration=enumeration(text, offset),
        strengths=tuple(clause.strength for clause in clauses),
    )


def strength_of(text: str) -> tuple[Strength, str]:
    """The strength of the strongest main clause of ``text``, and the word that carries it.

    Present tense counts as committed, past tense as none.
    """
    clauses = main_clauses(text, words(text))
    main = max(clauses, key=lambda clause: clause.strength, default=None)
    return (main.strength, main.modal) if main else (Strength.NONE, "")


def _actor(clauses: Sequence[Main], main: Main | None) -> Actor:
    """Who acts in the strongest clause, else in the first that shows it."""
    if main is not None and main.actor is not Actor.UNKNOWN:
        return main.actor
    return next((c.actor for c in clauses if c.actor is not Actor.UNKNOWN), Actor.UNKNOWN)


def _object(sequence: Sequence[Word], verb: int) -> frozenset[str]:
    """The content words that follow the action, up to the next subordinate clause."""
    found: list[str] = []
    for word in sequence[verb + 1 : verb + 1 + 2 * _OBJECT_WORDS]:
        if word.lower in _BARRIERS or len(found) == _OBJECT_WORDS:
            break
        if not word.stop:
            found.append(word.stem)
    return frozenset(found)


def _universal(text: str, lowers: AbstractSet[str]) -> bool:
    if not lowers & _UNIVERSAL:
        return "no one" in text.lower() if "one" in lowers else False
    kept = _NOT_UNIVERSAL.sub("", text).lower() if _NOT_UNIVERSAL.search(text) else ""
    return not kept or any(re.search(rf"\b{word}\b", kept) for word in _UNIVERSAL & lowers)


def _counted(text: str, lowers: AbstractSet[str]) -> bool:
    return bool(_DIGIT.search(text)) or not lowers.isdisjoint(NUMERALS)


def _visibility(text: str) -> Visibility:
    """Told or not told; a negation counts within its clause, a few words before the telling."""
    if _UNTOLD.search(text):
        return Visibility.NOT_TOLD
    match = _TOLD.search(text)
    if not match:
        return Visibility.UNSAID
    clause = _CLAUSE_BREAK.split(text[: match.start()])[-1]
    before = " ".join(clause.split()[-_NEGATION_REACH:])
    return Visibility.NOT_TOLD if _NEGATION.search(before) else Visibility.TOLD


def _clauses(pattern: re.Pattern[str], text: str, offset: int) -> tuple[Clause, ...]:
    """Clauses from a cue up to the next comma, semicolon or the end."""
    found = []
    for match in islice(pattern.finditer(text), _MOST_CLAUSES):
        stop = _CLAUSE_END.search(text, match.end())
        end = stop.start() if stop else len(text)
        cue = " ".join(match.group().lower().split())
        found.append(Clause(Span(offset + match.start(), offset + end), cue))
    return tuple(found)
