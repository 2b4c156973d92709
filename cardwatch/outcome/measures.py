"""What two wordings of a commitment have in common and in what they differ, as figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cardwatch.model import Features, Word


@dataclass(frozen=True, slots=True)
class Side:
    """One wording: what it says and its words in order."""

    features: Features
    words: Sequence[Word]


def measures(old: Side, new: Side) -> dict[str, float]:
    """The figures that the judgement weighs, by name. Each is explained in docs/outcome.md."""
    before = [word.stem for word in old.words]
    after = [word.stem for word in new.words]
    common = len(old.features.terms & new.features.terms)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    return {
        "old kept": common / max(1, len(old.features.terms)),
        "new known": common / max(1, len(new.features.terms)),
        "same order": matcher.ratio(),
        "longest run": max(block.size for block in matcher.get_matching_blocks())
        / max(1, len(before)),
        "length": math.log((len(after) + 5) / (len(before) + 5)),
        "strength": float(new.features.strength - old.features.strength),
    }
