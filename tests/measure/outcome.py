"""Measure assess_change on the dev rows with each pair of documents left out, and fit its weights.

``python -m tests.measure.outcome`` prints the figures; with ``fit`` it also writes the weights.
``python -m tests.measure.outcome without`` says what each measure is worth.
Needs SciPy, which users do not. The method is described in docs/outcome.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize

from cardwatch import assess_change
from cardwatch.outcome.dimensions import both_ways, dimensions, signs_of_both, touches
from cardwatch.outcome.edits import Side, edits, mended
from cardwatch.outcome.figures import figures
from cardwatch.outcome.measures import measures
from cardwatch.outcome.weights import Line, Weights, load_weights
from cardwatch.resources import folder
from cardwatch.segment import describe_text, load_lexicon, words
from tests.measure.common import SHARED

# How strongly the weights are drawn to the codebook: from 2 to 8 the kappas stay within 0.02.
DRAW = 3.0
# Of the lines that tell dimensions and mixed changes from fewer measures; 1 to 10 differ by 0.02.
DRAW_TOUCHED = 2.0
HEAD = """\
# The weights of cardwatch/outcome. Logistic regressions: is a change material at all; given that
# it is, was the commitment strengthened rather than weakened; given that it was weakened, was it
# strengthened too (mixed); does it touch each dimension. "prior" is what the
# published codebook alone suggests (in logits, set by hand before fitting); "weight" is fitted
# by `python -m tests.measure.outcome fit`, drawn to the prior, on the dev rows of Zhu 2026,
# Silent Revision, arXiv 2609.08789 (CC BY 4.0): 255 traced commitments in 6 pairs of documents.
# Figures with each pair left out, and what was tried: docs/outcome.md.
"""


@dataclass
class Data:
    """The dev rows: their measures, gold outcomes (R, S, W), and pairs of documents."""

    rows: list[dict[str, Any]]
    found: list[dict[str, float]]
    touched: list[dict[str, float]]
    sides: list[tuple[Side, Side]]
    gold: Any
    pair: Any


def load() -> Data:
    text = (SHARED / "eval/silent-revision/dev.jsonl").read_text()
    rows = [json.loads(line) for line in text.splitlines()]
    rows = [r for r in rows if r["outcome"] in "RSW" and r["old"] and r["new"]]
    meanings = load_lexicon().of_words
    found, touched, sides = [], [], []
    for row in rows:
        old, new = (Side(describe_text(t), words(t)) for t in map(mended, (row["old"], row["new"])))
        moved, changed = figures(old.features, new.features), edits(old, new, meanings)
        found.append(measures(old, new, changed, moved))
        touched.append(touches((old, new), changed, moved, found[-1], meanings))
        sides.append((old, new))
    gold, pair = ([r[key] for r in rows] for key in ("outcome", "pair"))
    return Data(rows, found, touched, sides, np.array(gold), np.array(pair))


def kappa(gold: Sequence[Any], found: Sequence[Any]) -> float:
    """Cohen's kappa of two codings."""
    gold, found = list(gold), list(found)
    n = len(gold)
    agree = sum(a == b for a, b in zip(gold, found, strict=True)) / n
    chance = sum(gold.count(c) * found.count(c) / n**2 for c in {*gold, *found})
    return 1.0 if chance == 1 else (agree - chance) / (1 - chance)


def matrix(found: Sequence[Mapping[str, float]], names: Sequence[str]) -> Any:
    return np.array([[1.0, *(one[name] for name in names)] for one in found])


def fit(x: Any, right: Any, priors: Mapping[str, float], strength: float = DRAW) -> Any:
    """The constant and weights of least log loss, drawn to their priors."""
    start = np.array([0.0, *priors.values()])
    draw = np.array([1e-4, *(strength for _ in priors)])
    sign = np.where(right, 1, -1)

    def loss(w: Any) -> tuple[float, Any]:
        z = sign * (x @ w)
        slope = -(x * (sign / (1 + np.exp(z)))[:, None]).sum(0) + draw * (w - start)
        return np.logaddexp(0, -z).sum() + 0.5 * (draw * (w - start) ** 2).sum(), slope

    return minimize(loss, start, jac=True, method="L-BFGS-B").x


def left_out(data: Data, material: Mapping[str, float], stronger: Mapping[str, float]) -> Any:
    """For each row the chances of a material and of a stronger change, its pair left out."""
    one, other = matrix(data.found, [*material]), matrix(data.found, [*stronger])
    changed = data.gold != "R"
    chances = np.zeros((len(data.gold), 2))
    for pair in sorted(set(data.pair)):
        rest, here = data.pair != pair, data.pair == pair
        w = fit(one[rest], changed[rest], material)
        v = fit(other[rest & changed], (data.gold == "S")[rest & changed], stronger)
        chances[here, 0] = 1 / (1 + np.exp(-one[here] @ w))
        chances[here, 1] = 1 / (1 + np.exp(-other[here] @ v))
    return chances


def outcomes(chances: Any) -> Any:
    return np.where(chances[:, 0] < 0.5, "R", np.where(chances[:, 1] >= 0.5, "S", "W"))


def report(data: Data, chances: Any) -> None:
    found = outcomes(chances)
    print(f"{'left out':10} rows  outcome  material  accuracy")
    for pair in [*sorted(set(data.pair)), "all"]:
        here = (data.pair == pair) | (pair == "all")
        gold, said = data.gold[here], found[here]
        print(f"{pair:10} {here.sum():4} {kappa(gold, said):8.3f} "
              f"{kappa(gold != 'R', said != 'R'):9.3f} {(gold == said).mean():9.2f}")  # fmt: skip
    sure = np.where(found == "R", 1 - chances[:, 0], chances[:, 0] * np.where(
        found == "S", chances[:, 1], 1 - chances[:, 1]))  # fmt: skip
    print("confidence  rows  mean  right")
    for low, high in ((0.3, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        here = (sure >= low) & (sure < high)
        if here.any():
            right = (found == data.gold)[here].mean()
            print(
                f"{low:.2f}-{min(high, 1):.2f} {here.sum():7} {sure[here].mean():5.2f} {right:6.2f}"
            )
    print("gold (down) and found (across), R S W:")
    for g in "RSW":
        print("  ", g, [int(((data.gold == g) & (found == f)).sum()) for f in "RSW"])


NUMBERS = {"scope": "1", "threshold": "2", "actor": "3", "obligation": "4", "disclosure": "5",
           "consequence": "6"}  # fmt: skip


def is_of(data: Data, dimension: str) -> Any:
    return np.array([NUMBERS[dimension] in row["dims"].split(";") for row in data.rows])


def lines_of_rows(data: Data, weights: Weights) -> Any:
    """For each line its name, priors, measures, the rows it is fitted on, and those that hold."""
    changed, weaker = data.gold != "R", data.gold == "W"
    signs = [signs_of_both(*sides, found, weights.stronger)
             for sides, found in zip(data.sides, data.found, strict=True)]  # fmt: skip
    mixed = np.array(["MIX" in row["flags"] for row in data.rows])
    yield "material", weights.material.priors, data.found, changed | True, changed, DRAW
    yield "stronger", weights.stronger.priors, data.found, changed, data.gold == "S", DRAW
    yield "mixed", weights.mixed.priors, signs, weaker, mixed, DRAW_TOUCHED
    for name, line in weights.dimensions.items():
        right = is_of(data, name)
        yield f"dimensions.{name}", line.priors, data.touched, changed, right, DRAW_TOUCHED


def report_touched(data: Data, weights: Weights) -> None:
    """Dimensions of the material rows, mixed ones of the weakened, with each pair left out."""
    hits = named = wanted = 0
    both = said = meant = 0
    for pair in sorted(set(data.pair)):
        here, fitted = data.pair == pair, {}
        for name, priors, found, keep, right, draw in lines_of_rows(data, weights):
            rest = keep & ~here
            constant, *w = fit(matrix(found, [*priors])[rest], right[rest], priors, draw)
            fitted[name] = Line(constant, dict(zip(priors, w, strict=True)), priors)
        lines = {d: fitted[f"dimensions.{d}"] for d in weights.dimensions}
        for at in np.flatnonzero(here & (data.gold != "R")):
            gold = {d for d in NUMBERS if NUMBERS[d] in data.rows[at]["dims"].split(";")}
            told = {*dimensions(data.touched[at], lines)}
            hits, named, wanted = hits + len(gold & told), named + len(told), wanted + len(gold)
            if data.gold[at] == "W":
                signs = signs_of_both(*data.sides[at], data.found[at], fitted["stronger"])
                mixed = both_ways(signs, fitted["mixed"], data.found[at], fitted["stronger"])
                is_mixed = "MIX" in data.rows[at]["flags"]
                both, said, meant = both + (mixed and is_mixed), said + mixed, meant + is_mixed
    print(f"each pair left out: dimensions: precision {hits / named:.2f}, "
          f"recall {hits / wanted:.2f}; mixed: {both} of {meant} found, {said} said")  # fmt: skip


def report_shipped(data: Data) -> None:
    """What the shipped weights say of the rows that they were fitted on."""
    codes = {"retained": "R", "strengthened": "S"}
    found = [codes.get(assess_change(r["old"], r["new"]).outcome, "W") for r in data.rows]
    print(f"shipped weights, same rows: outcome {kappa(data.gold, found):.3f}, "
          f"material {kappa(data.gold != 'R', [f != 'R' for f in found]):.3f}")  # fmt: skip


def without(data: Data, material: Mapping[str, float], stronger: Mapping[str, float]) -> None:
    for line, name in [(0, n) for n in material] + [(1, n) for n in stronger]:
        pair = [dict(material), dict(stronger)]
        del pair[line][name]
        found = outcomes(left_out(data, *pair))
        print(f"without {name:20} of {('material', 'stronger')[line]}: "
              f"outcome {kappa(data.gold, found):.3f}, "
              f"material {kappa(data.gold != 'R', found != 'R'):.3f}")  # fmt: skip


def write(data: Data, weights: Weights) -> None:
    out = HEAD
    for name, priors, found, keep, right, draw in lines_of_rows(data, weights):
        constant, *fitted = fit(matrix(found, [*priors])[keep], right[keep], priors, draw)
        out += f"\n[{name}]\nconstant = {constant:.3f}\n\n[{name}.measures]\n"
        for (measure, prior), weight in zip(priors.items(), fitted, strict=True):
            out += f'"{measure}" = {{ prior = {prior}, weight = {weight:.3f} }}\n'
    (folder("rules") / "weights" / "outcome.toml").write_text(out)
    load_weights.cache_clear()


def main() -> None:
    shipped = load_weights()
    lines = shipped.material.priors, shipped.stronger.priors
    data = load()
    report(data, left_out(data, *lines))
    if "fit" in sys.argv[1:]:
        write(data, shipped)
        write(data, load_weights())  # the signs of both ways lean on the fitted line for stronger
    if "without" in sys.argv[1:]:
        without(data, *lines)
    report_touched(data, load_weights())
    report_shipped(data)


if __name__ == "__main__":
    main()
