"""Measure find_announcement on the dev rows, leaving one pair of editions out at a time.

``python -m tests.measure.announcement`` prints the figures, ``--fit`` also writes the weights.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

import cardwatch
from cardwatch.disclosure.announce import _change as change_of
from cardwatch.disclosure.announce import features_of, summary_of
from cardwatch.disclosure.weights import Model
from cardwatch.segment import describe_text
from tests.measure.common import SHARED, index_of
from tests.measure.disclosure import auc
from tests.measure.fitting import fit, write

NAMES = ("shared", "changed_said", "tells")
HEAD = """
Fitted by tests/measure/announcement.py on 168 material changes of four pairs of frontier safety
frameworks, coded announced or not against the publisher's account (Zhu 2026, Silent Revision,
arXiv 2609.08789, CC BY 4.0). Equal weights on standardised features, one slope fitted.
The cut for "announced" makes the dev rate right; figures are in docs/disclosure.md.
"""


def load() -> tuple[list[dict[str, str]], list[dict[str, float]]]:
    """The material dev rows and the features of each."""
    place = SHARED / "eval/silent-revision"
    rows = [json.loads(line) for line in (place / "dev.jsonl").read_text().splitlines()]
    rows = [
        r for r in rows if r["material"] == "yes" and r["announcement"] in ("ANN", "ANN-P", "SIL")
    ]
    accounts = {
        p.stem: index_of(cardwatch.read(p, cache=False)) for p in (place / "accounts").glob("*.md")
    }
    found = []
    for row in rows:
        index = accounts[row["pair"]]
        change = change_of(
            *(describe_text(row[k]) if row[k] else None for k in ("old", "new")), index
        )
        found.append(
            summary_of(
                [
                    features_of(change.probe, change.changed, index, n)
                    for n in range(len(index.units))
                ]
            )
        )
    return rows, found


def kappa(gold: Sequence[bool], said: Sequence[bool]) -> float:
    """Cohen's kappa of two yes-or-no codings."""
    a, b = np.array(gold), np.array(said)
    agree = (a == b).mean()
    chance = a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean())
    return float((agree - chance) / (1 - chance))


def cuts_of(rows: Sequence[Mapping[str, str]], scores: Sequence[float]) -> dict[str, float]:
    """The scores above which as many rows stand as are announced, and at least partly so."""
    ranked = sorted(scores, reverse=True)
    announced = sum(r["announcement"] == "ANN" for r in rows)
    partly = sum(r["announcement"] != "SIL" for r in rows)
    return {
        "announced": (ranked[announced - 1] + ranked[announced]) / 2,
        "partly": (ranked[partly - 1] + ranked[partly]) / 2,
    }


def train(rows: Sequence[Mapping[str, str]], features: Sequence[Mapping[str, float]]) -> Model:
    """Equal weights on the standardised features: four pairs of editions are too few for more."""
    raw = np.array([[f.get(name, 0.0) for name in NAMES] for f in features])
    mean, scale = raw.mean(0), raw.std(0) + 1e-9
    sums = [{"sum": float(v)} for v in ((raw - mean) / scale).sum(1)]
    bias, slope = fit(sums, [r["announcement"] == "ANN" for r in rows], ["sum"], penalty=0.0)
    weights = {name: slope["sum"] / size for name, size in zip(NAMES, scale, strict=True)}
    bias -= sum(weights[name] * at for name, at in zip(NAMES, mean, strict=True))
    model = Model(float(bias), {k: float(v) for k, v in weights.items()}, {})
    return replace(model, cuts=cuts_of(rows, [model.probability(f) for f in features]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    args = parser.parse_args()
    rows, features = load()
    gold = [r["announcement"] == "ANN" for r in rows]
    scores, said = [0.0] * len(rows), [False] * len(rows)
    for pair in sorted({r["pair"] for r in rows}):
        inside = [i for i, r in enumerate(rows) if r["pair"] != pair]
        model = train([rows[i] for i in inside], [features[i] for i in inside])
        for i, row in enumerate(rows):
            if row["pair"] == pair:
                scores[i] = model.probability(features[i])
                said[i] = scores[i] >= model.cuts["announced"]
    print(
        f"one pair left out: AUC {auc(gold, scores):.3f}, kappa {kappa(gold, said):.3f}, "
        f"rate error {abs(np.mean(said) - np.mean(gold)):.3f}"
    )
    model = train(rows, features)
    scores = [model.probability(f) for f in features]
    said = [s >= model.cuts["announced"] for s in scores]
    print(
        f"fitted on all: AUC {auc(gold, scores):.3f}, kappa {kappa(gold, said):.3f}, "
        f"{dict(model.weights)}"
    )
    if args.fit:
        print(write("announcement", HEAD, {"announced": (model.bias, model.weights, model.cuts)}))


if __name__ == "__main__":
    main()
