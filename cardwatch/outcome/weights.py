"""The fitted weights of the judgement: data in ``rules/weights/outcome.toml``."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardwatch.errors import RuleError
from cardwatch.model import Reason
from cardwatch.resources import folder


@dataclass(frozen=True)
class Line:
    """One logistic regression: a constant and a weight for each measure that it looks at."""

    constant: float
    weights: Mapping[str, float]

    def chance(self, measures: Mapping[str, float]) -> float:
        """The probability, 0 to 1."""
        total = self.constant + sum(w * measures[name] for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def reasons(self, measures: Mapping[str, float]) -> list[Reason]:
        """The terms of the sum that are not nil, the greatest first."""
        terms = [Reason(n, round(measures[n], 4), w) for n, w in self.weights.items() if measures[n]]
        return sorted(terms, key=lambda term: (-abs(term.value * term.weight), term.name))


@dataclass(frozen=True)
class Weights:
    """``material``: is it a change at all; ``stronger``: given that, which way."""

    material: Line
    stronger: Line


@cache
def load_weights(path: Path | None = None) -> Weights:
    """The shipped weights, or those at ``path``.

    Raises:
        RuleError: the file lacks a part or holds something else than numbers.
    """
    path = path or folder("rules") / "weights" / "outcome.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        lines = [
            Line(float(table[name]["constant"]), {k: float(v) for k, v in table[name]["weights"].items()})
            for name in ("material", "stronger")
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise RuleError(f"cannot use the weights: {wrong}", where=str(path)) from wrong
    return Weights(*lines)
