"""How common a word is in policy prose at large, so that a small companion can be weighed.

``rules/weights/background.txt`` holds one stem and a count a line: in how many of the passages
named in its head the stem occurs. A word that stands in every contract tells little even where
the companion has it once.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardwatch.errors import RuleError
from cardwatch.resources import folder

# What a document and the background each contribute to how common a word is taken to be;
# tried from 0.2 to 0.8 on the dev rows (docs/disclosure.md).
_OWN_SHARE = 0.35
# A document's own share of a word, from one sentence in twenty, is worth so much of the share at
# large; tried from 0.3 to 1 on the gold of the demo corpus.
_COMMON = 0.05
_BESIDE = 0.5


@dataclass(frozen=True)
class Background:
    """Passages counted, and in how many of them each stem stands."""

    passages: int
    counts: Mapping[str, int]

    def idf(self, stem: str, own: float, passages: int) -> float:
        """What a stem weighs: the negative log of how common it is, here and at large.

        ``own`` of the document's ``passages`` hold it. Between 0 and about 9.
        """
        common = (self.counts.get(stem, 0) + 0.5) / (self.passages + 1)
        here = (own + 0.5) / (passages + 1)
        share = _OWN_SHARE * passages / (passages + 60.0)
        return -math.log((1 - share) * common + share * here)

    def beside(self, shares: Mapping[str, float]) -> Background:
        """The same where words stand in such shares (0 to 1) of the passages asked about.

        What a document says in every third sentence, such as the name of its subject, tells as
        little of one statement as a word that is common at large; it counts half of that.
        """
        raised = {
            stem: round(_BESIDE * share * self.passages)
            for stem, share in shares.items()
            if share >= _COMMON and _BESIDE * share * self.passages > self.counts.get(stem, 0)
        }
        return Background(self.passages, {**self.counts, **raised})


@cache
def load_background(path: Path | None = None) -> Background:
    """The table in ``path``, by default the one that ships with cardwatch.

    Raises:
        RuleError: a line is neither a comment nor ``stem count``, or no line counts passages.
    """
    place = path or folder("rules") / "weights" / "background.txt"
    counts: dict[str, int] = {}
    for number, line in enumerate(place.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        word, _, count = line.rpartition(" ")
        if not word or not count.isdigit():
            raise RuleError(f"not a stem and a count: {line!r}", where=f"{place}:{number}")
        counts[word] = int(count)
    try:
        passages = counts.pop("*")
    except KeyError:
        raise RuleError(
            "no line '* N' says how many passages were counted", where=str(place)
        ) from None
    return Background(passages, counts)
