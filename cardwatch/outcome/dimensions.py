"""In what a commitment changed: the codebook's dimensions and the effects of the words."""

from __future__ import annotations

import math
from collections.abc import Mapping

from cardwatch.model import Dimension, Effect
from cardwatch.outcome.edits import Edits, Meanings, Side
from cardwatch.outcome.figures import Figures
from cardwatch.outcome.matters import MATTERS, differs, gained, speaks_of
from cardwatch.outcome.weights import Line

# A dimension is named from this chance on: with each pair of documents left out, the precision
# and the recall of the dimensions are then about the same (docs/outcome.md).
_NAMED = 1 / 3
# The coders named more than three dimensions of no change.
_MOST = 3
# What says that a strengthening is likely and is none itself.
_NO_SIGN = frozenset(["subjects kept", "words shared", "weaker too"])
# A change went both ways when the chance of it is this high ...
_MIXED = 0.35
# ... or when both sides of the sum hold a term of at least this many logits: at even odds, one
# that moves the probability from a half to three quarters.
_BOTH_WAYS = 1.1


def touches(
    sides: tuple[Side, Side],
    edits: Edits,
    moved: Figures,
    found: Mapping[str, float],
    meanings: Meanings,
) -> dict[str, float]:
    """The figures from which the dimensions are told, by name; ``found`` are the measures of
    the change. "scope words" and the like are logs of how many of the changed words speak of a
    dimension, "scope differs" that a concept of it came or went, "about scope" that the old
    wording speaks of it.
    """
    old, new = (side.features for side in sides)
    figures = {
        "modal": found["loosened"] + found["firmed"],
        "step": abs(found["firmer clauses"]),
        "universal": found["universal lost"],
        "figure": float(moved.moved),
        "cadence": float(bool(old.cadences) != bool(new.cadences)),
        "other actor": float(old.actor is not new.actor),
        "other party": float(found["other party"] > 0),
        "other audience": float(found["other audience"] > 0),
    }
    for dimension, concepts in MATTERS.items():
        changed = sum(
            not concepts.isdisjoint(meanings.get(stem, ())) for stem in (*edits.gone, *edits.come)
        )
        about = speaks_of(old.concepts, dimension)
        figures[f"{dimension} words"] = math.log1p(changed)
        figures[f"{dimension} differs"] = float(differs(old.concepts, new.concepts, dimension))
        figures[f"about {dimension}"] = float(about)
        figures[f"{dimension} on one side"] = float(about != speaks_of(new.concepts, dimension))
    return figures


def dimensions(
    touched: Mapping[str, float], lines: Mapping[Dimension, Line]
) -> tuple[Dimension, ...]:
    """The dimensions of a change, the likeliest first: at least one, at most three."""
    order = list(Dimension)
    chances = {dimension: lines[dimension].chance(touched) for dimension in order}
    ranked = sorted(order, key=lambda d: (-chances[d], order.index(d)))
    return tuple(d for d in ranked[:_MOST] if d is ranked[0] or chances[d] >= _NAMED)


def signs_of_both(
    old: Side, new: Side, found: Mapping[str, float], stronger: Line
) -> dict[str, float]:
    """From what it is told that a weakened commitment also grew stronger: "signs of more", the
    logits for stronger; "longer", the log of how its words grew; "matters gained", the
    dimensions of which it speaks anew.
    """
    return {
        "signs of more": sum(term for term in _terms(found, stronger) if term > 0),
        "longer": math.log((len(new.words) + 5) / (len(old.words) + 5)),
        "matters gained": float(gained(old.features.concepts, new.features.concepts)),
    }


def both_ways(
    signs: Mapping[str, float], mixed: Line, found: Mapping[str, float], stronger: Line
) -> bool:
    """Whether a commitment grew weaker in one respect and stronger in another."""
    terms = _terms(found, stronger)
    clear = max(terms) >= _BOTH_WAYS and min(terms) <= -_BOTH_WAYS
    return clear or mixed.chance(signs) >= _MIXED


def _terms(found: Mapping[str, float], stronger: Line) -> list[float]:
    return [w * found[name] for name, w in stronger.weights.items() if name not in _NO_SIGN]


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
