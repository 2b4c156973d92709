"""One thing, two figures: each figure of the companion against the statement likest to it.

Two sentences that give figures share many words without being about the same thing ("flagged
conversations are kept for ..." and "conversations are kept for ..."). So a figure is not held
against every statement with another one, but against those that match its sentence best, and
not at all when the best of them gives the same figure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from cardwatch.gaps.claim import Claim, Contrast
from cardwatch.model import Features, Quantity, Reading, Span, Statement, Strength
from cardwatch.model.amounts import UNITS, amounts, apart

# The share of a claim's weighted words and concepts that a statement must have.
_LIKE = 0.3
# A statement whose own figure the companion gives for much the same thing is confirmed by it.
_CONFIRMED = 0.25
# Two figures for one thing are less sure a find than a plain denial.
_SUREST = 0.8
# Statements nearly as like as the likest are meant too.
_NEARLY = 0.9


def find_figures(document: Reading, claims: Sequence[Claim]) -> dict[Span, Contrast]:
    """For statements (by span) that give another figure than the companion: the contrast."""
    rarity = _rarity(document)
    open_statements = [
        statement
        for statement in document.statements
        # a row of a table says too little of what it counts
        if " | " not in statement.quote and not _confirmed(statement, claims, rarity)
    ]
    found: dict[Span, Contrast] = {}
    for claim in claims:
        if claim.features.strength is Strength.NONE:
            continue  # a figure that was measured once binds nobody
        for theirs in amounts(claim.features, claim.span.start):
            if theirs.unit not in UNITS:
                continue
            for statement, sure in _other_figures(open_statements, claim, theirs, rarity):
                known = found.get(statement.span)
                if known is None or sure > known.score:
                    found[statement.span] = Contrast(
                        "different figures",
                        claim.span,
                        sure,
                        _note(claim, theirs),
                        contradicts=True,
                    )
    return found


def _note(claim: Claim, figure: Quantity) -> str:
    start, end = (at - claim.span.start for at in (figure.span.start, figure.span.end))
    given = " ".join(claim.features.text[start:end].split())
    return f"the companion gives another figure for what seems the same thing: {given}"


def _other_figures(
    statements: Sequence[Statement], claim: Claim, theirs: Quantity, rarity: dict[str, float]
) -> list[tuple[Statement, float]]:
    """The statements likest to a claim that give another figure in its unit, with how like."""
    candidates = [
        (like, statement)
        for statement in statements
        if _in_unit(statement.features, statement.span, theirs)
        and (like := _likeness(statement.features, claim.features, rarity)) >= _LIKE
    ]
    best = max((like for like, _ in candidates), default=0.0)
    meant = [(like, each) for like, each in candidates if like >= _NEARLY * best]
    if any(_gives(statement.features, statement.span, theirs) for _, statement in meant):
        return []
    return [(each, min(_SUREST, 0.4 + like)) for like, each in meant]


def _confirmed(statement: Statement, claims: Sequence[Claim], rarity: dict[str, float]) -> bool:
    """Whether the companion gives a statement's figure for what may be the same thing."""
    return any(
        _gives(claim.features, claim.span, figure)
        and _likeness(statement.features, claim.features, rarity) >= _CONFIRMED
        for figure in amounts(statement.features, statement.span.start)
        for claim in claims
    )


def _gives(features: Features, place: Span, figure: Quantity) -> bool:
    return any(not apart(each, figure) for each in _in_unit(features, place, figure))


def _in_unit(features: Features, place: Span, figure: Quantity) -> list[Quantity]:
    return [each for each in amounts(features, place.start) if each.unit == figure.unit]


def _likeness(here: Features, there: Features, rarity: dict[str, float]) -> float:
    """The share (0 to 1) of what the claim is about that the statement is about as well.

    Words and concepts weigh by how rare they are among the document's statements; the figures
    themselves weigh nothing.
    """
    mine = _about(here)
    theirs = _about(there)
    usual = math.log(2.0)
    total = sum(rarity.get(each, usual) for each in theirs)
    shared = sum(rarity.get(each, usual) for each in theirs & mine)
    return shared / total if total else 0.0


def _about(features: Features) -> frozenset[str]:
    words = frozenset(term for term in features.terms if not any(c.isdigit() for c in term))
    return words | frozenset(f"={name}" for name in features.concepts)


def _rarity(document: Reading) -> dict[str, float]:
    """The inverse document frequency of words and concepts, each statement one document."""
    counts = Counter(
        each for statement in document.statements for each in _about(statement.features)
    )
    total = len(document.statements)
    return {each: math.log(1 + total / count) for each, count in counts.items()}
