"""Sentences of a draft that retell a passage of a source more or less firmly than it speaks.

Every test asks for the same verb, unit or noun on both sides, in a sentence that shares most of
its content with the passage: what is doubtful is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cardwatch.model import (
    CheckedQuotation,
    Document,
    Features,
    Passage,
    Quantity,
    Sentence,
    Shift,
    Span,
    Strength,
)
from cardwatch.quotes.claims import Claim, Stem, claims, stated

# Of a sentence's content words, the share that a passage must have to be what it retells, and
# the least number of them. Chosen on the demo drafts so that no honest sentence is called
# a shift; what is less alike is not looked at.
_SHARE = 0.5
_LEAST = 4
# A denial or a figure needs a passage that is nearer: unlike a modal, it has many uses.
_SHARE_CLOSE = 0.6
# Of these a document holds many that have nothing to do with each other.
_NO_FIGURE = frozenset(["count", "date", "year", "level"])
_MEASURES = frozenset(["percent", "money", "days", "hours", "flop", "tokens", "ratio"])
# Of counted things ("six tests") a document has many: only a passage nearly the same counts.
_SHARE_COUNTED = 0.75
_NAMED = re.compile(r"(?:^|[A-Z]\w*[ \u00a0-])$")
# A quotation of fewer words is a term, and does not make the sentence a quotation.
_TERM = 3
_ALL = re.compile(r"\b(all|every|each)\s+(?:of\s+)?(?:the\s+|our\s+|its\s+)?(\w+)", re.IGNORECASE)
_SOME = re.compile(
    r"\b(some|most|many|few|several|a few|nearly all|almost all)\s+(?:of\s+)?"
    r"(?:the\s+|our\s+|its\s+)?(\w+)",
    re.IGNORECASE,
)

_NEARLY = re.compile(r"\b(?:nearly|almost|not|virtually|practically) $", re.IGNORECASE)
_PRONOUNS = frozenset(["them", "these", "those", "it", "us", "you", "other", "of"])


@dataclass(frozen=True, slots=True)
class Language:
    """What the stages beside this one know of language; ``nearest`` finds passages by content."""

    sentences: Callable[[Document], Sequence[Sentence]]
    describe: Callable[[str], Features]
    nearest: Callable[[Features, Document], Sequence[Span]]
    stem: Stem


@dataclass(frozen=True, slots=True)
class _Told:
    """A passage that a sentence of the draft retells, and how much of it (0 to 1)."""

    document: int
    passage: Passage
    features: Features
    share: float


def find_shifts(
    draft: Document,
    quotations: Sequence[CheckedQuotation],
    documents: Sequence[Document],
    language: Language,
) -> tuple[Shift, ...]:
    """The sentences of ``draft`` that shift what a source says; one shift for a sentence.

    A sentence that quotes is left out: its quotation is checked word by word.
    """
    quoted = [
        each.quotation.span
        for each in quotations
        if len(each.quotation.quote.split()) >= _TERM or each.quotation.style == "block"
    ]
    found = []
    for sentence in language.sentences(draft):
        if any(span.overlaps(sentence.span) for span in quoted):
            continue
        shift = _shift(draft, sentence.span, documents, language)
        if shift is not None:
            found.append(shift)
    return tuple(found)


def _shift(
    draft: Document, span: Span, documents: Sequence[Document], language: Language
) -> Shift | None:
    text = draft.quote(span)
    features = language.describe(text)
    told = sorted(_told(features, documents, language), key=lambda each: -each.share)
    words = " ".join(text.split())
    if not told or any(words in " ".join(each.passage.quote.split()) for each in told):
        return None
    for note in (
        _firmness(text, told, language.stem),
        _figure(features, text, told),
        _scope(text, told, language.stem),
    ):
        if note is not None:
            words, source = note
            return Shift(span, text, source.document, source.passage, words)
    return None


def _told(features: Features, documents: Sequence[Document], language: Language) -> Iterator[_Told]:
    if len(features.terms) < _LEAST:
        return
    for number, document in enumerate(documents):
        for span in language.nearest(features, document):
            there = language.describe(document.quote(span))
            shared = len(features.terms & there.terms)
            share = shared / len(features.terms)
            if shared >= _LEAST and share >= _SHARE:
                yield _Told(number, document.passage(span), there, share)


def _firmness(text: str, told: Sequence[_Told], stem: Stem) -> tuple[str, _Told] | None:
    """Another modal, or a denial, for the same verb; no shift if any passage says the same."""
    for ours in claims(text, stem):
        theirs = [
            (claim, each) for each in told for claim in _of(each.passage.quote, ours.verb, stem)
        ]
        note = _compared(ours, theirs)
        if note is not None:
            return note
    own = {claim.verb for claim in claims(text, stem)}
    for each in told:
        for claim in claims(each.passage.quote, stem):
            ours_plain = stated(text, claim.verb, stem) if claim.verb not in own else None
            if ours_plain is None:
                continue
            theirs = [
                (other, there)
                for there in told
                for other in _of(there.passage.quote, claim.verb, stem)
            ]
            note = _compared(ours_plain, theirs)
            if note is not None:
                return note
    return None


def _of(text: str, verb: str, stem: Stem) -> list[Claim]:
    found = [claim for claim in claims(text, stem) if claim.verb == verb]
    if not found and (plain := stated(text, verb, stem)) is not None:
        found.append(plain)
    return found


def _compared(ours: Claim, theirs: Sequence[tuple[Claim, _Told]]) -> tuple[str, _Told] | None:
    if not theirs or any(
        claim.strength is ours.strength and claim.denied == ours.denied for claim, _ in theirs
    ):
        return None
    claim, source = theirs[0]
    if claim.denied != ours.denied:
        if source.share < _SHARE_CLOSE:
            return None
        return ("the source denies it" if claim.denied else "the source affirms it"), source
    # "can" says what is possible or what is allowed: against a plain verb it shifts nothing
    if "can" in (ours.by.lower(), claim.by.lower()) and Strength.COMMITTED in (
        ours.strength,
        claim.strength,
    ):
        return None
    way = "firmer" if ours.strength > claim.strength else "weaker"
    return f"“{ours.by}” is {way} than the source’s “{claim.by}”", source


def _figure(features: Features, text: str, told: Sequence[_Told]) -> tuple[str, _Told] | None:
    """Another figure of the only quantity of its unit on both sides, or one without its bound."""
    for ours in features.quantities:
        least = _SHARE_CLOSE if ours.unit in _MEASURES else _SHARE_COUNTED
        close = [each for each in told if each.share >= least]
        named = _NAMED.search(text[: ours.span.start])
        if named or ours.unit in _NO_FIGURE or _alone(ours, features) is None:
            continue
        theirs = [(_alone(ours, each.features), each) for each in close]
        known = [(quantity, each) for quantity, each in theirs if quantity is not None]
        if not known or any(_same(ours, quantity) for quantity, _ in known):
            continue
        quantity, source = known[0]
        here = text[ours.span.start : ours.span.end]
        there = source.passage.quote[quantity.span.start : quantity.span.end]
        if here.strip() and there.strip():
            return f"“{here}” where the source has “{there}”", source
    return None


def _alone(wanted: Quantity, features: Features) -> Quantity | None:
    found = [each for each in features.quantities if each.unit == wanted.unit]
    return found[0] if len(found) == 1 else None


def _same(one: Quantity, other: Quantity) -> bool:
    bounds = {"<", "<=", ">", ">="}
    if (one.comparator in bounds) != (other.comparator in bounds):
        return False
    return (one.low, one.high) == (other.low, other.high)


def _scope(text: str, told: Sequence[_Told], stem: Stem) -> tuple[str, _Told] | None:
    """Words for all of what the source says of some or most."""
    for ours in _ALL.finditer(text):
        noun = stem(ours[2].lower())
        if noun in _PRONOUNS or _NEARLY.search(text[: ours.start()]):
            continue
        for each in told:
            for theirs in _SOME.finditer(each.passage.quote):
                if stem(theirs[2].lower()) == noun:
                    return f"“{ours[0]}” where the source has “{theirs[0]}”", each
    return None
