"""The judgement: what became of a commitment, in what, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cardwatch.model import Assessment, Outcome, Reason
from cardwatch.outcome.dimensions import both_ways, dimensions, effects, signs_of_both, touches
from cardwatch.outcome.edits import Edits, Meanings, Side, edits
from cardwatch.outcome.figures import Figures, figures
from cardwatch.outcome.measures import measures
from cardwatch.outcome.weights import load_weights

_MOST_REASONS = 5
_ADVICE = re.compile(
    r"\b(?:recommend\w*|advice|suggestions?|proposals?|guidance for|for (?:the )?industry|"
    r"industry[- ]wide|aspirations?|best practices)\b",
    re.IGNORECASE,
)


def assess(
    old: Side, new: Side, meanings: Meanings, *, sections: tuple[str, str] = ("", "")
) -> Assessment:
    """What became of the commitment that ``old`` words when it is worded as ``new``.

    Added or removed where one side has no words; relocated where it is not firmer and now
    stands under a heading of recommendations (``sections`` are the two headings); else
    retained, strengthened or weakened. ``confidence`` is the probability of that outcome.
    """
    if not old.words or not new.words:
        return _one_sided(old, new)
    weights = load_weights()
    changed, moved = edits(old, new, meanings), figures(old.features, new.features)
    found = measures(old, new, changed, moved)
    material, stronger = weights.material.chance(found), weights.stronger.chance(found)
    outcome, sure = _decided(material, stronger)
    reasons = weights.material.reasons(found, "changed at all")[:_MOST_REASONS]
    if outcome is not Outcome.RETAINED:
        reasons += weights.stronger.reasons(found, "stronger or weaker")[:_MOST_REASONS]
    if _into_advice(sections) and outcome is not Outcome.STRENGTHENED:
        outcome = Outcome.RELOCATED
    if outcome is Outcome.RETAINED:
        return Assessment(outcome, (), (), confidence=sure, reasons=tuple(reasons))
    return _material(outcome, sure, (old, new), (changed, moved, meanings), reasons, found)


def _one_sided(old: Side, new: Side) -> Assessment:
    if not old.words and not new.words:
        return Assessment(Outcome.RETAINED, (), (), confidence=1.0)
    outcome = Outcome.REMOVED if old.words else Outcome.ADDED
    return Assessment(outcome, (), (), confidence=1.0)


def _decided(material: float, stronger: float) -> tuple[Outcome, float]:
    if material < 0.5:
        return Outcome.RETAINED, round(1 - material, 4)
    if stronger >= 0.5:
        return Outcome.STRENGTHENED, round(material * stronger, 4)
    return Outcome.WEAKENED, round(material * (1 - stronger), 4)


def _into_advice(sections: tuple[str, str]) -> bool:
    before, after = sections
    return bool(_ADVICE.search(after)) and not _ADVICE.search(before)


def _material(
    outcome: Outcome,
    sure: float,
    sides: tuple[Side, Side],
    difference: tuple[Edits, Figures, Meanings],
    reasons: list[Reason],
    found: Mapping[str, float],
) -> Assessment:
    changed, moved, meanings = difference
    weights = load_weights()
    touched = dimensions(touches(sides, changed, moved, found, meanings), weights.dimensions)
    signs = signs_of_both(*sides, found, weights.stronger)
    return Assessment(
        outcome,
        touched,
        effects(*sides, moved, touched),
        mixed=outcome is Outcome.WEAKENED
        and both_ways(signs, weights.mixed, found, weights.stronger),
        confidence=sure,
        reasons=tuple(reasons),
    )
