"""The fitted weights of the judgement: data in ``rules/weights/outcome.toml``."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardwatch.errors import RuleError
from cardwatch.model import Dimension, Reason
from cardwatch.resources import folder


@dataclass(frozen=True)
class Line:
    """One logistic regression: a constant and a weight for each measure that it looks at.

    ``priors`` are the weights that the codebook alone suggests, from which fitting starts.
    """

    constant: float
    weights: Mapping[str, float]
    priors: Mapping[str, float]

    def chance(self, measures: Mapping[str, float]) -> float:
        """The probability, 0 to 1."""
        total = self.constant + sum(w * measures[name] for name, w in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def reasons(self, measures: Mapping[str, float], note: str) -> list[Reason]:
        """The terms of the sum that are not nil, the greatest first."""
        terms = [
            Reason(name, round(measures[name], 4), weight, note)
            for name, weight in self.weights.items()
            if abs(measures[name] * weight) >= 0.005
        ]
        return sorted(terms, key=lambda term: (-abs(term.value * term.weight), term.name))


@dataclass(frozen=True)
class Weights:
    """``material``: is it a change at all; ``stronger``: given that, which way; ``mixed``: given
    that it is weaker, is it stronger too; ``dimensions``: is it a change in this one.
    """

    material: Line
    stronger: Line
    mixed: Line
    dimensions: Mapping[Dimension, Line]


@cache
def load_weights(path: Path | None = None) -> Weights:
    """The shipped weights, or those at ``path``.

    Raises:
        RuleError: the file cannot be read, lacks a part, or holds something else than numbers.
    """
    path = path or folder("rules") / "weights" / "outcome.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Weights(
            material=_line(table["material"]),
            stronger=_line(table["stronger"]),
            mixed=_line(table["mixed"]),
            dimensions={name: _line(table["dimensions"][name]) for name in Dimension},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as wrong:
        raise RuleError(f"not a file of weights: {wrong!r}", where=str(path)) from wrong


def _line(table: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Line:
    rows = table["measures"]
    return Line(
        constant=float(table["constant"]),  # type: ignore[arg-type]
        weights={name: float(row["weight"]) for name, row in rows.items()},
        priors={name: float(row["prior"]) for name, row in rows.items()},
    )
