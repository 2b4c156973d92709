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
# A dimension is named when this share of the changed words, and this many of them, speak of it.
# Chosen on the dev rows, where scope, threshold and obligation together are most of the gold.
_SHARE = 0.05
_LEAST = 2
# Three quarters of a step on the scale of obligation strength, of the mean of all clauses.
_STEP = 0.75 / 4


def dimensions(
    edits: Edits, moved: Figures, found: Mapping[str, float], meanings: Meanings
) -> tuple[Dimension, ...]:
    """The dimensions that the changed words touch, the most touched first; at least one.

    ``found`` are the measures of the change. Scope is what is left when neither how much nor
    how firmly was touched.
    """
    changed = [*edits.gone, *edits.come]
    counts: Counter[Dimension] = Counter()
    for stem in changed:
        counts.update({_MATTERS[c] for c in meanings.get(stem, ()) if c in _MATTERS})
    least = min(_LEAST, len(changed))
    touched = {
        dimension: count / len(changed)
        for dimension, count in counts.items()
        if count >= max(least, _SHARE * len(changed))
    }
    if moved.moved:
        touched[Dimension.THRESHOLD] = 1.0
    if _obliged(found):
        touched[Dimension.OBLIGATION] = 0.9
    if not touched.keys() & {Dimension.THRESHOLD, Dimension.OBLIGATION}:
        touched[Dimension.SCOPE] = 0.3
    order = list(Dimension)
    return tuple(sorted(touched, key=lambda d: (-touched[d], order.index(d))))


def _obliged(found: Mapping[str, float]) -> bool:
    """Whether the commitment binds otherwise: by a modal in place, or by its clauses as a whole."""
    steps = abs(found["firmer clauses"])
    return found["loosened"] > 0 or found["firmed"] > 0 or steps >= _STEP


def effects(
    old: Side, new: Side, moved: Figures, touched: tuple[Dimension, ...]
) -> tuple[Effect, ...]:
    """What the change does to the sentence, from its two readings."""
    before, after = old.features, new.features
    one, other = before.enumeration, after.enumeration
    shown = (
        (Effect.NEGATION, before.negated != after.negated),
        (Effect.VISIBILITY, before.visibility is not after.visibility),
        (Effect.OBLIGATION, Dimension.OBLIGATION in touched),
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
