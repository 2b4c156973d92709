"""Measure find_disclosure on the dev rows, and fit its weights.

``python -m tests.measure.disclosure`` prints the figures of the shipped weights; ``--fit`` fits
anew, prints what cross-validation gives and writes ``rules/weights/disclosure.toml``;
``--unseen`` also leaves out one statement of the contracts at a time, which is slow.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cardwatch.disclosure import PassageIndex, find_disclosure
from cardwatch.disclosure.compare import Probe, candidates, compare, make_probe, widen
from cardwatch.disclosure.judge import _Passage, conflicts, gist_of, said_odds, survey
from cardwatch.disclosure.weights import Model, load_models, sigmoid
from cardwatch.model import Document, Span
from cardwatch.segment import describe_text
from tests.measure.common import SHARED, index_of
from tests.measure.fitting import fit, write

_CODE = {
    "stated": "Entailment",
    "partly stated": "Entailment",
    "linked only": "NotMentioned",
    "absent": "NotMentioned",
    "contradicted": "Contradiction",
}
_FOLDS = 5
# No dev row contradicts a denial; that affirming what is denied contradicts it needs no rows.
_KNOWN = {"denied_but_affirmed": 4.0}
_HEAD = """
Fitted by tests/measure/disclosure.py; the figures are in docs/disclosure.md. Logistic regression,
L2 penalty, on 61 contracts x 17 statements (Koreeda & Manning 2021, ContractNLI, CC BY 4.0)
and 223 clauses of terms with their plain summaries (Manor & Li 2019), dev rows only.
passage: does one passage say a statement; said: does a document, from what its passages show;
gist: the same for a statement wider than the passages (weights at or above zero);
contradicted: does what it says go against the statement (weights at or above zero).
"""


def auc(gold: Sequence[bool], score: Sequence[float]) -> float:
    """The chance that a positive outscores a negative."""
    ranked = sorted(range(len(score)), key=lambda i: score[i])
    rank = [0.0] * len(score)
    at = 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and score[ranked[end]] == score[ranked[at]]:
            end += 1
        for i in ranked[at:end]:
            rank[i] = (at + end + 1) / 2
        at = end
    positives = sum(gold)
    total = sum(r for r, g in zip(rank, gold, strict=True) if g)
    return (total - positives * (positives + 1) / 2) / (positives * (len(gold) - positives))


def average_precision(gold: Sequence[bool], score: Sequence[float]) -> float:
    """The mean precision at each right passage, ties in document order."""
    order = sorted(range(len(gold)), key=lambda i: -score[i])
    hits = total = 0.0
    for rank, i in enumerate(order, 1):
        if gold[i]:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


@dataclass
class Row:
    """One statement and document: candidates with features, and what gold says of them."""

    group: int
    probe: Probe
    index: PassageIndex
    numbers: list[int]
    seen: list[dict[str, float]]
    right: list[bool]
    said: bool
    contract: bool
    choice: str = ""
    key: str = ""
    gold: list[int] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    scored: bool = True

    def ranked(self, model: Model) -> list[_Passage]:
        gist = self.probe.gist
        found = [
            _Passage(n, s, model.logit(widen(s, gist)))
            for n, s in zip(self.numbers, self.seen, strict=True)
        ]
        return sorted(found, key=lambda one: (-one.odds, one.number))

    def precision(self, ranked: Sequence[_Passage]) -> float:
        best = [0.0] * len(self.spans)
        for one in ranked:
            span = self.index.units[one.number].span
            for i, (a, b) in enumerate(self.spans):
                if span.start < b and a < span.end:
                    best[i] = max(best[i], one.score)
        return average_precision([i in self.gold for i in range(len(best))], best)


def contracts() -> list[Row]:
    data = json.loads((SHARED / "eval/contract-nli/dev.json").read_text())
    asked = {k: describe_text(v["hypothesis"]) for k, v in data["labels"].items()}
    rows = []
    for number, doc in enumerate(data["documents"]):
        index = index_of(Document.from_text(doc["text"]))
        spans = [tuple(span) for span in doc["spans"]]
        for key, note in doc["annotation_sets"][0]["annotations"].items():
            probe = make_probe(asked[key], index)
            numbers = candidates(probe, index, 32)
            gold = [Span(*spans[i]) for i in note["spans"]]
            right = [any(index.units[n].span.overlaps(span) for span in gold) for n in numbers]
            rows.append(
                Row(
                    group=number % _FOLDS,
                    probe=probe,
                    index=index,
                    numbers=numbers,
                    seen=[compare(probe, index, n) for n in numbers],
                    right=right,
                    said=note["choice"] != "NotMentioned",
                    contract=True,
                    choice=note["choice"],
                    key=key,
                    gold=note["spans"],
                    spans=spans,
                )
            )
    return rows


def summaries(seed: int = 1, rounds: int = 10, *, scored: bool = True) -> list[Row]:
    """Sets of forty summaries asked with their own forty clauses and forty others."""
    data = json.loads((SHARED / "eval/plain-summaries/dev.json").read_text())
    asked = {r["uid"]: describe_text(r["original_text"]) for r in data}
    shuffle, rows = random.Random(seed), []
    for _ in range(rounds):
        pool = data[:]
        shuffle.shuffle(pool)
        own: list[str] = [r["reference_summary"] for r in pool[:40]]
        index = index_of(Document.from_text("\n\n".join(own)))
        starts = [0]
        for text in own:
            starts.append(starts[-1] + len(text) + 2)
        of = [max(i for i, at in enumerate(starts) if at <= u.span.start) for u in index.units]
        for k, r in enumerate(pool[:80]):
            probe = make_probe(asked[r["uid"]], index)
            numbers = candidates(probe, index, 32)
            right = [k < 40 and own[of[n]] == r["reference_summary"] for n in numbers]
            rows.append(
                Row(
                    group=zlib.crc32(r["uid"].encode()) % _FOLDS,
                    probe=probe,
                    index=index,
                    numbers=numbers,
                    seen=[compare(probe, index, n) for n in numbers],
                    right=right,
                    said=k < 40,
                    contract=False,
                    scored=scored,
                )
            )
    return rows


def fit_passage(rows: Sequence[Row]) -> Model:
    x: list[dict[str, float]] = []
    y, w = [], []
    for row in rows:
        if row.said and row.seen:
            x += [widen(seen, row.probe.gist) for seen in row.seen]
            y += row.right
            w += [1 / len(row.seen)] * len(row.seen)
    bias, slopes = fit(x, y, list(x[0]), penalty=1e-5, weights=w)
    return Model(bias, slopes, {})


def fit_said(rows: Sequence[Row], passage: Model, penalty: float) -> Model:
    x = [survey(row.probe, row.index, row.ranked(passage)) for row in rows]
    names = sorted({name for one in x for name in one})
    contracts_ = sum(row.contract for row in rows)
    share = 0.7 * contracts_ / (len(rows) - contracts_ + 1)
    w = [1.0 if row.contract else share for row in rows]
    bias, slopes = fit(x, [row.said for row in rows], names, penalty=penalty, weights=w)
    return Model(bias, slopes, {"stated": 0.54, "contradicted": 0.5, "linked": 0.25, "whole": 0.6})


def fit_gist(rows: Sequence[Row], passage: Model) -> Model:
    """The model of statements wider than the passages; likeness can only speak for it."""
    wider = [row for row in rows if not row.contract]
    x = [gist_of(row.probe, row.ranked(passage)) for row in wider]
    names = sorted({name for one in x for name in one})
    bias, slopes = fit(
        x,
        [row.said for row in wider],
        names,
        penalty=0.01,
        positive=True,
        floors={"gist_length": -math.inf},
    )
    return Model(bias, slopes, {})


def fit_contradicted(rows: Sequence[Row], passage: Model) -> Model:
    said = [row for row in rows if row.contract and row.said]
    x = [conflicts(row.probe, row.index, row.ranked(passage)) for row in said]
    names = sorted({name for one in x for name in one})
    bias, slopes = fit(
        x,
        [row.choice == "Contradiction" for row in said],
        names,
        penalty=1e-3,
        positive=True,
        floors=_KNOWN,
    )
    return Model(bias, slopes, {})


def validate(rows: Sequence[Row], penalty: float, fold_of: Callable[[Row], Any]) -> str:
    """Figures where every row is judged by models that have not seen its fold."""
    aps: list[float] = []
    right: list[bool] = []
    said: list[tuple[bool, float]] = []
    gold: list[bool] = []
    scores: list[float] = []
    for fold in sorted({fold_of(row) for row in rows if fold_of(row) is not None}):
        inside = [row for row in rows if fold_of(row) != fold]
        passage = fit_passage(inside)
        against = fit_contradicted(inside, passage)
        models = {"said": fit_said(inside, passage, penalty), "gist": fit_gist(inside, passage)}
        for row in rows:
            if fold_of(row) != fold or not row.scored:
                continue
            ranked = row.ranked(passage)
            p = sigmoid(said_odds(row.probe, row.index, ranked, models))
            if not row.contract:
                gold.append(row.said)
                scores.append(p)
                continue
            q = against.probability(conflicts(row.probe, row.index, ranked))
            choice = "NotMentioned" if p < 0.54 else "Contradiction" if q >= 0.5 else "Entailment"
            right.append(choice == row.choice)
            said.append((row.said, p))
            if row.said:
                aps.append(row.precision(ranked))
    line = (
        f"contracts: mAP {sum(aps) / len(aps):.3f}, accuracy {sum(right) / len(right):.3f}, "
        f"said or not AUC {auc([g for g, _ in said], [p for _, p in said]):.3f}"
    )
    return line + (f"; summaries: AUC {auc(gold, scores):.3f}" if gold else "")


def shipped() -> None:
    rows = [*contracts(), *summaries()]
    answers = [find_disclosure(row.probe.features, row.index) for row in rows]
    both = list(zip(rows, answers, strict=True))
    asked = [(row, answer) for row, answer in both if row.contract]
    aps = [
        row.precision(row.ranked(load_models("disclosure")["passage"]))
        for row, _ in asked
        if row.said
    ]
    right = [_CODE[answer.status] == row.choice for row, answer in asked]
    print(f"contract-nli mAP {sum(aps) / len(aps):.3f}, accuracy {sum(right) / len(right):.3f}")
    rest = [(row.said, answer.score) for row, answer in both if not row.contract]
    print(f"plain-summaries AUC {auc([g for g, _ in rest], [s for _, s in rest]):.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--unseen", action="store_true")
    parser.add_argument("--penalty", type=float, default=0.003)
    args = parser.parse_args()
    if not args.fit and not args.unseen:
        shipped()
        return
    rows = [*contracts(), *summaries(), *summaries(77, 10, scored=False)]
    print("folds left out:", validate(rows, args.penalty, lambda row: row.group))
    if args.unseen:
        print("statements left out:", validate(rows, args.penalty, lambda row: row.key or None))
    if args.fit:
        passage = fit_passage(rows)
        said, against = fit_said(rows, passage, args.penalty), fit_contradicted(rows, passage)
        models = {
            "passage": passage,
            "said": said,
            "gist": fit_gist(rows, passage),
            "contradicted": against,
        }
        print(
            write("disclosure", _HEAD, {k: (m.bias, m.weights, m.cuts) for k, m in models.items()})
        )


if __name__ == "__main__":
    main()
