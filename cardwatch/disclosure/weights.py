"""Fitted weights, read from ``rules/weights/``: data with its provenance, not code."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cardwatch.errors import RuleError
from cardwatch.resources import folder


@dataclass(frozen=True)
class Model:
    """A logistic model: a bias, a weight for each named feature, and cuts on its value."""

    bias: float
    weights: Mapping[str, float]
    cuts: Mapping[str, float]

    def logit(self, features: Mapping[str, float]) -> float:
        """The log-odds that the features give; a feature without a weight weighs nothing."""
        total = self.bias
        for name, weight in self.weights.items():
            value = features.get(name)
            if value:
                total += weight * value
        return total

    def at(self, gist: float) -> Model:
        """The model for statements of one gist: what ends in ``_long`` folded into the rest."""
        bias = self.bias + gist * self.weights.get("long", 0.0)
        plain = {
            name: weight + gist * self.weights.get(f"{name}_long", 0.0)
            for name, weight in self.weights.items()
            if name != "long" and not name.endswith("_long")
        }
        return Model(bias, plain, self.cuts)

    def probability(self, features: Mapping[str, float]) -> float:
        """The same as a probability, 0 to 1."""
        return sigmoid(self.logit(features))


def sigmoid(x: float) -> float:
    """The logistic function, without overflow."""
    if x >= 0:
        return 1 / (1 + math.exp(-min(x, 700.0)))
    return 1 - sigmoid(-x)


@cache
def load_models(name: str) -> Mapping[str, Model]:
    """The models in ``rules/weights/<name>.toml``, by the name of their table.

    Raises:
        RuleError: the file is missing or is not made of such tables.
    """
    place = folder("rules") / "weights" / f"{name}.toml"
    try:
        tables = tomllib.loads(place.read_text(encoding="utf-8"))
        return {
            key: Model(
                float(table["bias"]),
                {k: float(v) for k, v in table["weights"].items()},
                {k: float(v) for k, v in table.get("cuts", {}).items()},
            )
            for key, table in tables.items()
            if isinstance(table, dict) and "weights" in table
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as wrong:
        raise RuleError(f"not a file of weights: {wrong!r}", where=str(place)) from wrong
