"""The judgement: what became of a commitment, in what, and how sure that is."""

from __future__ import annotations

from cardwatch.model import Assessment, Dimension, Effect, Outcome
from cardwatch.outcome.measures import Side, measures
from cardwatch.outcome.weights import load_weights


def assess(old: Side, new: Side) -> Assessment:
    """What became of the commitment that ``old`` words when it is worded as ``new``.

    Retained, strengthened or weakened; ``confidence`` is the probability of that outcome.
    """
    weights = load_weights()
    found = measures(old, new)
    material = weights.material.chance(found)
    stronger = weights.stronger.chance(found)
    if material < 0.5:
        reasons = tuple(weights.material.reasons(found)[:6])
        return Assessment(Outcome.RETAINED, (), (), False, round(1 - material, 4), reasons)
    outcome = Outcome.STRENGTHENED if stronger >= 0.5 else Outcome.WEAKENED
    sure = material * max(stronger, 1 - stronger)
    reasons = (*weights.material.reasons(found)[:4], *weights.stronger.reasons(found)[:4])
    obliged = old.features.strength != new.features.strength
    return Assessment(
        outcome,
        (Dimension.OBLIGATION,) if obliged else (Dimension.SCOPE,),
        (Effect.OBLIGATION,) if obliged else (Effect.SCOPE,),
        False,
        round(sure, 4),
        reasons,
    )
