"""One thing, two figures: each figure of the companion against the statement likest to it.

Two sentences that give figures share many words without being about the same thing ("flagged
conversations are kept for ..." and "conversations are kept for ..."). So a figure is not held
against every statement with another one, but against those that match its sentence best, and
not at all when the best of them gives the same figure.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

from cardwatch.gaps.claim import Claim, Contrast
from cardwatch.model import Features, Quantity, Reading, Span, Statement, Strength

# Figures closer than this (relative) are one figure, rounded.
_SAME_FIGURE = 0.02
# The share of a claim's weighted words and concepts that a statement must have.
_LIKE = 0.3
# A statement whose own figure the companion gives for much the same thing is confirmed by it.
_CONFIRMED = 0.25
# Two figures for one thing are less sure a find than a plain denial.
_SUREST = 0.8
# Statements nearly as like as the likest are meant too.
_NEARLY = 0.9
_OFTEN = re.compile(r"\b(?:every|each|per|once|twice)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)
_UNITS = frozenset({"days", "percent", "money"})


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
        for theirs in claim.features.quantities:
            if theirs.unit not in _UNITS:
                continue
            for statement, sure in _other_figures(open_statements, claim, theirs, rarity):
                known = found.get(statement.span)
                if known is None or sure > known.score:
                    note = "the companion gives another figure for what seems the same thing"
                    found[statement.span] = Contrast(
                        "different figures", claim.span, sure, note, contradicts=True
                    )
    return found


def _other_figures(
    statements: Sequence[Statement], claim: Claim, theirs: Quantity, rarity: dict[str, float]
) -> list[tuple[Statement, float]]:
    """The statements likest to a claim that give another figure in its unit, with how like."""
    candidates = [
        (like, statement)
        for statement in statements
        if any(mine.unit == theirs.unit for mine in statement.features.quantities)
        and (like := _likeness(statement.features, claim.features, rarity)) >= _LIKE
    ]
    best = max((like for like, _ in candidates), default=0.0)
    meant = [(like, each) for like, each in candidates if like >= _NEARLY * best]
    if any(_gives(statement.features, theirs) for _, statement in meant):
        return []
    return [
        (each, min(_SUREST, 0.4 + like)) for like, each in meant if _excluded(each, claim, theirs)
    ]


def _confirmed(statement: Statement, claims: Sequence[Claim], rarity: dict[str, float]) -> bool:
    """Whether the companion gives a statement's figure for what may be the same thing."""
    return any(
        _gives(claim.features, figure)
        and _likeness(statement.features, claim.features, rarity) >= _CONFIRMED
        for figure in statement.features.quantities
        for claim in claims
    )


def _gives(features: Features, figure: Quantity) -> bool:
    mine = [each for each in features.quantities if each.unit == figure.unit]
    return any(not _apart(each, figure) for each in mine)


def _excluded(statement: Statement, claim: Claim, figure: Quantity) -> bool:
    """Whether every figure of a statement in that unit excludes the companion's.

    How often is not how long: a cadence is held against cadences only.
    """
    mine = [each for each in statement.features.quantities if each.unit == figure.unit]
    often = _is_cadence(figure, claim.features, claim.span)
    return all(
        _apart(each, figure) and _is_cadence(each, statement.features, statement.span) is often
        for each in mine
    )


def _is_cadence(figure: Quantity, features: Features, within: Span) -> bool:
    before = features.text[: figure.span.start - within.start]
    return bool(_OFTEN.search(before)) or any(
        cadence.span.overlaps(figure.span) for cadence in features.cadences
    )


def _apart(one: Quantity, other: Quantity) -> bool:
    """Whether two figures cannot both be right; open ranges are taken at their word."""
    (low, high), (other_low, other_high) = _interval(one), _interval(other)
    floor, ceiling = max(low, other_low), min(high, other_high)
    return floor - ceiling > _SAME_FIGURE * max(abs(floor), abs(ceiling), 1e-9)


def _interval(figure: Quantity) -> tuple[float, float]:
    if figure.comparator in ("<", "<="):
        return -math.inf, figure.high
    if figure.comparator in (">", ">="):
        return figure.low, math.inf
    return figure.low, figure.high


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
