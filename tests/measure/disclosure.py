"""Measure find_disclosure on the dev rows, and fit its weights.

``python -m tests.measure.disclosure`` prints the figures of the shipped weights.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from cardwatch.disclosure import find_disclosure
from cardwatch.model import Document
from cardwatch.segment import describe_text
from tests.measure.common import SHARED, index_of


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


def plain_summaries() -> float:
    data = json.loads((SHARED / "eval/plain-summaries/dev.json").read_text())
    gold, score = [], []
    shuffle = random.Random(1)
    features = {}
    for _ in range(10):
        pool = data[:]
        shuffle.shuffle(pool)
        index = index_of(Document.from_text("\n\n".join(r["reference_summary"] for r in pool[:40])))
        for k, r in enumerate(pool[:80]):
            if r["uid"] not in features:
                features[r["uid"]] = describe_text(r["original_text"])
            gold.append(k < 40)
            score.append(find_disclosure(features[r["uid"]], index).score)
    return auc(gold, score)


def contract_nli() -> tuple[float, float]:
    data = json.loads((SHARED / "eval/contract-nli/dev.json").read_text())
    code = {"stated": "Entailment", "partly stated": "Entailment", "linked only": "NotMentioned",
            "absent": "NotMentioned", "contradicted": "Contradiction"}  # fmt: skip
    probes = {k: describe_text(v["hypothesis"]) for k, v in data["labels"].items()}
    aps, right = [], []
    for doc in data["documents"]:
        index = index_of(Document.from_text(doc["text"]))
        for key, note in doc["annotation_sets"][0]["annotations"].items():
            answer = find_disclosure(probes[key], index)
            right.append(code[answer.status] == note["choice"])
            if note["choice"] != "NotMentioned":
                best = [max((e.score for e in answer.evidence if e.span.start < b and a < e.span.end), default=0.0)
                        for a, b in doc["spans"]]  # fmt: skip
                aps.append(
                    average_precision([i in note["spans"] for i in range(len(doc["spans"]))], best)
                )
    return sum(aps) / len(aps), sum(right) / len(right)


def main() -> None:
    print(f"plain-summaries AUC {plain_summaries():.3f}")
    print("contract-nli mAP {:.3f}, accuracy {:.3f}".format(*contract_nli()))


if __name__ == "__main__":
    main()
