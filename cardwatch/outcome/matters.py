"""Which concepts of the lexicon stand for which of the codebook's dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from cardwatch.model import Dimension

# Obligation is told by modals and by the strength of clauses, not by what a passage is about.
MATTERS: Mapping[Dimension, frozenset[str]] = {
    dimension: frozenset(concepts.split())
    for dimension, concepts in (
        (Dimension.SCOPE, "covered-models risk-domain model risk cbrn cyber autonomy safeguard "
                          "security"),
        (Dimension.THRESHOLD, "threshold cadence evaluation-cadence compute capability evaluate "
                              "regularly any-time promptly dangerous-capability risk-tier"),
        (Dimension.ACTOR, "governance board responsible-officer advisory-group external-review "
                          "partner expert employee government approve"),
        (Dimension.DISCLOSURE, "publish disclose notify transparency visible hidden "
                               "government-notice report"),
        (Dimension.CONSEQUENCE, "pause terminate stop refuse forbid refusal fallback "
                                "required-safeguards incident deploy"),
    )
}  # fmt: skip


def speaks_of(concepts: AbstractSet[str], dimension: Dimension) -> bool:
    """Whether any of ``concepts`` stands for ``dimension``."""
    return not MATTERS[dimension].isdisjoint(concepts)


def differs(old: AbstractSet[str], new: AbstractSet[str], dimension: Dimension) -> bool:
    """Whether a concept of ``dimension`` is in one of the two only."""
    return speaks_of(old ^ new, dimension)


def gained(old: AbstractSet[str], new: AbstractSet[str]) -> int:
    """In how many dimensions ``new`` speaks of something that ``old`` does not."""
    return sum(speaks_of(new - old, dimension) for dimension in MATTERS)
