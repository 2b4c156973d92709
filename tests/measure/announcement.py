"""Measure find_announcement on the dev rows, leaving one pair of editions out at a time.

``python -m tests.measure.announcement`` prints the figures, ``--fit`` also writes the weights,
``--failures`` lists the rows judged wrong by the weights that ship, ``--words`` writes the list
of words that fit every revision.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

import cardwatch
from cardwatch.disclosure import PassageIndex
from cardwatch.disclosure.announce import find_announcement, measure
from cardwatch.disclosure.announce_lines import lines_of, told
from cardwatch.disclosure.weights import Model, load_models
from cardwatch.model import Announcement, Features
from cardwatch.resources import folder
from cardwatch.revision.accounts import _GENERAL
from cardwatch.segment import describe_text, words
from tests.measure.common import SHARED, index_of
from tests.measure.disclosure import auc
from tests.measure.fitting import fit, write

KINDS = ("reworded", "one_sided")
# Of all 383 material changes with an account, 257 were not identifiable in it (the study).
_ANNOUNCED = 126 / 383
HEAD = """
Fitted by tests/measure/announcement.py on 168 material changes of four pairs of frontier safety
frameworks, coded announced or not against the publisher's account (Zhu 2026, Silent Revision,
arXiv 2609.08789, CC BY 4.0). One feature for changes with words on both sides, one for those
that came or went, each standardised; one bias and one slope fitted for both together.
The cut for "announced" gives the dev rows the share that is announced in the whole study, a
third; from one in three on a change is partly announced. Figures are in docs/disclosure.md.
"""


@dataclass(frozen=True)
class Row:
    """One coded change, with what is known of it and the account that it is asked of."""

    gold: Mapping[str, str]
    old: Features | None
    new: Features | None
    account: PassageIndex

    @property
    def announced(self) -> bool:
        return self.gold["announcement"] == "ANN"

    @property
    def pair(self) -> str:
        return self.gold["pair"]

    @property
    def measured(self) -> tuple[str, float]:
        """Which model judges the change, and its feature."""
        said = told(self.old, self.new, self.account)
        return measure(self.old, self.new, lines_of(self.account), said)

    def answer(self) -> Announcement:
        return find_announcement(self.old, self.new, self.account)


def load() -> list[Row]:
    """The material dev rows that have an account."""
    place = SHARED / "eval/silent-revision"
    gold = [json.loads(line) for line in (place / "dev.jsonl").read_text().splitlines()]
    accounts = {
        p.stem: index_of(cardwatch.read(p, cache=False)) for p in (place / "accounts").glob("*.md")
    }
    return [
        Row(
            row,
            *(describe_text(row[side]) if row[side] else None for side in ("old", "new")),
            accounts[row["pair"]],
        )
        for row in gold
        if row["material"] == "yes" and row["announcement"] in ("ANN", "ANN-P", "SIL")
    ]


def kappa(gold: Sequence[bool], said: Sequence[bool]) -> float:
    """Cohen's kappa of two yes-or-no codings."""
    a, b = np.array(gold), np.array(said)
    agree = (a == b).mean()
    chance = a.mean() * b.mean() + (1 - a.mean()) * (1 - b.mean())
    return 1.0 if chance == 1 else float((agree - chance) / (1 - chance))


Measured = Sequence[tuple[str, float]]


def train(rows: Sequence[Row], measured: Measured) -> dict[str, Model]:
    """A model for either kind of change; both kinds are taken to be announced equally often.

    In one pair mostly additions are announced, in another mostly rewordings: which of them are
    does not carry over, so the kinds share their bias and slope on the standardised feature.
    """
    spread = {}
    for kind in KINDS:
        own = [value for name, value in measured if name == kind]
        spread[kind] = float(np.mean(own)), float(np.std(own)) + 1e-9
    even = [{"z": (value - spread[name][0]) / spread[name][1]} for name, value in measured]
    bias, slope = fit(even, [r.announced for r in rows], ["z"], penalty=0.0)
    scores = [float(1 / (1 + np.exp(-bias - slope["z"] * one["z"]))) for one in even]
    cuts = cuts_of(scores)
    return {
        kind: Model(bias - slope["z"] * mean / size, {kind: slope["z"] / size}, cuts)
        for kind, (mean, size) in spread.items()
    }


def cuts_of(scores: Sequence[float]) -> dict[str, float]:
    """The score above which as many rows stand as are announced in the whole study.

    Nothing tells changes that the coder called partly announced from silent ones (AUC 0.43), so
    "partly" is given where the probability is at least one in three, and to few.
    """
    ranked = sorted(scores, reverse=True)
    announced = round(_ANNOUNCED * len(ranked))
    cut = (ranked[announced - 1] + ranked[announced]) / 2
    return {"announced": round(cut, 2), "partly": min(cut, 1 / 3)}


def judged(models: Mapping[str, Model], measured: Measured) -> list[tuple[float, str]]:
    """Score and status of each."""
    found = []
    for name, value in measured:
        model = models[name]
        score = model.probability({name: value})
        status = "ANN" if score >= model.cuts["announced"] else "ANN-P"
        found.append((score, status if score >= model.cuts["partly"] else "SIL"))
    return found


def left_out(rows: Sequence[Row]) -> list[tuple[float, str]]:
    """Score and status of each row by models that have not seen its pair of editions."""
    measured = [row.measured for row in rows]
    found = [(0.0, "")] * len(rows)
    for pair in sorted({r.pair for r in rows}):
        inside = [i for i, r in enumerate(rows) if r.pair != pair]
        models = train([rows[i] for i in inside], [measured[i] for i in inside])
        own = [i for i, r in enumerate(rows) if r.pair == pair]
        for i, answer in zip(own, judged(models, [measured[i] for i in own]), strict=True):
            found[i] = answer
    return found


def tell(title: str, rows: Sequence[Row], found: Sequence[tuple[float, str]]) -> None:
    """The figures of some rows."""
    gold, said = [r.announced for r in rows], [status == "ANN" for _, status in found]
    some = [r.gold["announcement"] != "SIL" for r in rows]
    lenient = [status != "SIL" for _, status in found]
    scores = [score for score, _ in found]
    print(
        f"{title:14} {len(rows):4} rows  AUC {auc(gold, scores):.3f}  kappa {kappa(gold, said):.3f}"
        f"  announced {np.mean(said):.3f} ({np.mean(gold):.3f})"
        f"  lenient: kappa {kappa(some, lenient):.3f}, {np.mean(lenient):.3f} ({np.mean(some):.3f})"
    )


def reliability(rows: Sequence[Row], found: Sequence[tuple[float, str]]) -> None:
    """How often changes are announced, by the probability that was given."""
    edges = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.01)
    for low, high in itertools.pairwise(edges):
        own = [r.announced for r, (s, _) in zip(rows, found, strict=True) if low <= s < high]
        if own:
            print(f"  scored {low:.2f} to {min(high, 1):.2f}: {np.mean(own):.2f} of {len(own)}")


_PIECES = re.compile(r"\.\.\.|\[(?:changelog|post)[^\]]*\]")


def quoted(row: Row) -> set[int]:
    """The lines of the account that the coder quotes."""
    pieces = [re.sub(r"\W+", "", p).lower() for p in _PIECES.split(row.gold["account"])]
    found = set()
    for number, unit in enumerate(row.account.units):
        text = row.account.document.text[unit.span.start : unit.span.end]
        flat = re.sub(r"\W+", "", text).lower()
        if any(len(p) > 14 and len(flat) > 12 and (flat in p or p in flat) for p in pieces):
            found.add(number)
    return found


def evidence(rows: Iterable[Row]) -> None:
    """How often the lines that the coder quotes are among the first that are shown."""
    first, third, count = 0, 0, 0
    for row in rows:
        spans = {row.account.units[n].span for n in quoted(row)} if row.announced else set()
        if not spans:
            continue
        shown = [one.span in spans for one in row.answer().evidence]
        count, first, third = count + 1, first + any(shown[:1]), third + any(shown[:3])
    print(f"the coder's line shown first {first / count:.2f}, among three {third / count:.2f}")


def failures(rows: Iterable[Row]) -> None:
    """The rows that the shipped weights judge wrong, with the line shown first."""
    code = {"announced": "ANN", "partly announced": "ANN-P", "silent": "SIL"}
    for row in rows:
        answer = row.answer()
        said = code[answer.status]
        if row.announced == (said == "ANN"):
            continue
        first = answer.evidence[0].quote.replace("\n", " ")[:160] if answer.evidence else "-"
        print(f"\n{row.gold['id']} {row.gold['outcome']} {row.gold['announcement']} judged {said} "
              f"{answer.score:.2f}\n  old {row.gold['old'][:240]}\n  new {row.gold['new'][:240]}\n"
              f"  coder {row.gold['account'][:200]}\n  first {first}")  # fmt: skip


def write_words() -> None:
    """The words that fit every revision, as the stems that an index knows."""
    stems = sorted({word.stem for word in words(" ".join(sorted(_GENERAL)))})
    head = (
        "# Stems of words that fit every revision: in an account they identify no change.\n"
        "# Made by tests/measure/announcement.py --words from cardwatch/revision/accounts.py.\n"
    )
    target = folder("rules") / "weights" / "general.txt"
    target.write_text(head + "\n".join(textwrap.wrap(" ".join(stems), 98)) + "\n")
    print(f"{target}: {len(stems)} stems")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fit", action="store_true")
    parser.add_argument("--failures", action="store_true")
    parser.add_argument("--words", action="store_true")
    args = parser.parse_args()
    if args.words:
        write_words()
    rows = load()
    measured = [row.measured for row in rows]
    left = left_out(rows)
    for pair in sorted({r.pair for r in rows}):
        own = [i for i, r in enumerate(rows) if r.pair == pair]
        tell(f"{pair} left out", [rows[i] for i in own], [left[i] for i in own])
    tell("all left out", rows, left)
    reliability(rows, left)
    models = train(rows, measured)
    tell("fitted on all", rows, judged(models, measured))
    if args.fit:
        found = {kind: (m.bias, m.weights, m.cuts) for kind, m in models.items()}
        print(write("announcement", HEAD, found))
        load_models.cache_clear()
    evidence(rows)
    if args.failures:
        failures(rows)


if __name__ == "__main__":
    main()
