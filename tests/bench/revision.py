"""How the time of an audit grows with a rewritten edition.

    python -m tests.bench.revision [statements ...]

Both editions are made of as many promises as are asked for, none of which the other edition has,
with an account of sixty lines. Prints seconds of the processor, so that a busy machine measures
the same as an idle one; run it twice and believe the smaller number.
"""

from __future__ import annotations

import random
import sys
import time

import cardwatch
from cardwatch.model import Document

SIZES = (375, 750, 1500)
WHO = ("We", "The safety team", "The board", "Our officer", "The company", "The audit committee")
DOES = (
    "will review", "will publish", "must assess", "will notify staff of", "will retain",
    "may restrict", "will evaluate", "will monitor", "will report on", "will test",
)  # fmt: skip
WHEN = (
    "every six months", "within 30 days", "before each release", "when a threshold is reached",
    "unless the board agrees", "at least annually", "after each incident", "where the law allows",
)  # fmt: skip
SYLLABLES = "ba de ki lo mu na pe ri so tu va we xi yo zu cha dro fle gri sta".split()
WORDS = 900
LINES = 60


def edition(statements: int, seed: int) -> Document:
    """An edition of promises about things that another seed's edition does not speak of."""
    chance = random.Random(seed)
    nouns = ["".join(chance.choices(SYLLABLES, k=3)) + "s" for _ in range(WORDS)]
    lines = [f"# Policy {seed}", ""]
    for number in range(statements):
        if number % 10 == 0:
            lines += [f"## {number // 10 + 1}. {chance.choice(nouns).title()}", ""]
        things = ", ".join(chance.sample(nouns, 4))
        lines += [f"{chance.choice(WHO)} {chance.choice(DOES)} the {things} of the "
                  f"{chance.choice(nouns)} {chance.choice(WHEN)}.", ""]  # fmt: skip
    return cardwatch.read("\n".join(lines).encode(), media_type="markdown", cache=False)


def account(seed: int) -> Document:
    """A post of general lines."""
    chance = random.Random(seed)
    lines = (f"We now {chance.choice(DOES).split()[1]} models {chance.choice(WHEN)}, and share "
             f"what we found with experts number {number}." for number in range(LINES))  # fmt: skip
    return cardwatch.read("\n\n".join(lines).encode(), media_type="markdown", cache=False)


def seconds(statements: int) -> tuple[float, int]:
    """The processor's seconds of one audit, and the changes that it found."""
    old, new, post = edition(statements, 1), edition(statements, 2), account(3)
    start = time.process_time()
    audit = cardwatch.audit_revision(old, new, post)
    return time.process_time() - start, len(audit.changes)


def main() -> None:
    for size in [int(each) for each in sys.argv[1:]] or SIZES:
        took, changes = seconds(size)
        print(f"{size:6} statements  {changes:6} changes  {took:7.2f} s")


if __name__ == "__main__":
    main()
