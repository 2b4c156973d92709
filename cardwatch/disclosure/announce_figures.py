"""Figures of a change: does a line of the account still state the one that was replaced?"""

from __future__ import annotations

from cardwatch.disclosure.index import PassageIndex
from cardwatch.model import Features, Quantity

# Dates and years name the edition, levels a grade of something: an account says both for many
# reasons. What is left are amounts, which a passage states as they are in force.
_NAMES = frozenset(["date", "year", "level"])

Figure = tuple[float, float, str]


def replaced(
    old: Features | None, new: Features | None
) -> tuple[frozenset[Figure], frozenset[Figure]]:
    """The amounts that the change takes away and those that it puts in their place.

    Both are empty unless amounts of one unit stand on both sides.
    """
    if old is None or new is None:
        return frozenset(), frozenset()
    before, after = _figures(old.quantities), _figures(new.quantities)
    gone, came = before - after, after - before
    units = {unit for _, _, unit in gone} & {unit for _, _, unit in came}
    return (
        frozenset(each for each in gone if each[2] in units),
        frozenset(each for each in came if each[2] in units),
    )


def states_only_old(
    index: PassageIndex, number: int, gone: frozenset[Figure], came: frozenset[Figure]
) -> bool:
    """Whether a line states an amount that the change took away, and none that came instead."""
    if not gone or index.describe is None:
        return False
    span = index.units[number].span
    told = _figures(index.describe(index.document.text[span.start : span.end]).quantities)
    return bool(told & gone) and not told & came


def _figures(quantities: tuple[Quantity, ...]) -> frozenset[Figure]:
    return frozenset((q.low, q.high, q.unit) for q in quantities if q.unit not in _NAMES)
