"""In what a commitment changed: the codebook's dimensions and the effects of the words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from cardwatch.model import Dimension, Effect
from cardwatch.outcome.edits import Edits, Meanings, Side
from cardwatch.outcome.figures import Figures

# Concepts of the lexicon that place a changed word on a dimension.
_MATTERS: Mapping[str, Dimension] = {
    concept: dimension
    for dimension, concepts in (
        (Dimension.DISCLOSURE, "publish disclose notify transparency visible hidden "
                               "government-notice tell announce"),
        (Dimension.CONSEQUENCE, "pause terminate stop suspend refuse forbid refusal fallback "
                                "required-safeguards incident"),
        (Dimension.ACTOR, "governance board responsible-officer advisory-group external-review "
                          "partner expert employee government third-party approve"),
        (Dimension.THRESHOLD, "threshold cadence evaluation-cadence compute capability "
                              "regularly any-time promptly dangerous-capability risk-tier"),
    )
    for concept in concepts.split()
}  # fmt: skip
# The share of the changed words that must speak of a dimension for it to be named.
_SHARE = 0.2


def dimensions(
    old: Side, new: Side, edits: Edits, moved: Figures, meanings: Meanings
) -> tuple[Dimension, ...]:
    """The dimensions that the changed words touch, the most touched first; at least one."""
    changed = [*edits.gone, *edits.come]
    counts: Counter[Dimension] = Counter()
    for stem in changed:
        counts.update({_MATTERS[c] for c in meanings.get(stem, ()) if c in _MATTERS})
    found = {d: n / len(changed) for d, n in counts.items() if n >= _SHARE * len(changed)}
    if moved.moved:
        found[Dimension.THRESHOLD] = 1.0
    if _obliged(old) != _obliged(new):
        found[Dimension.OBLIGATION] = 0.9
    if not found or (len(changed) >= 4 and max(found.values()) < 2 * _SHARE):
        found[Dimension.SCOPE] = 0.3
    order = list(Dimension)
    return tuple(sorted(found, key=lambda d: (-found[d], order.index(d))))


def effects(
    old: Side, new: Side, moved: Figures, touched: tuple[Dimension, ...]
) -> tuple[Effect, ...]:
    """What the change does to the sentence, from its two readings."""
    before, after = old.features, new.features
    one, other = before.enumeration, after.enumeration
    shown = (
        (Effect.NEGATION, before.negated != after.negated),
        (Effect.VISIBILITY, before.visibility is not after.visibility),
        (Effect.OBLIGATION, _obliged(old) != _obliged(new)),
        (Effect.DISCLOSURE, Dimension.DISCLOSURE in touched),
        (Effect.CONDITION, len(before.conditions) != len(after.conditions)
                           or len(before.exceptions) != len(after.exceptions)),
        (Effect.CONSEQUENCE, Dimension.CONSEQUENCE in touched),
        (Effect.QUANTITY, moved.moved),
        (Effect.SCOPE, Dimension.SCOPE in touched or before.universal != after.universal),
        (Effect.LIST, one is not None and other is not None and len(one.items) != len(other.items)),
        (Effect.ACTOR, before.actor is not after.actor or Dimension.ACTOR in touched),
    )  # fmt: skip
    return tuple(effect for effect, holds in shown if holds) or (Effect.WORDING,)


def _obliged(side: Side) -> tuple[int, int]:
    """The weakest and the strongest main clause, those without any strength left out."""
    strengths = [int(strength) for strength in side.features.strengths if strength]
    return (min(strengths), max(strengths)) if strengths else (0, 0)
