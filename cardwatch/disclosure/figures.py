"""The figures of a statement held against those of a passage: the same, in other words, or not.

What a passage gives for a figure is put into the statement in its place. A statement so retold
is either what was asked, in the passage's words ("one month" for "thirty days"), or the same
with another figure, which cannot be right as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.model import Features, Quantity
from cardwatch.model.amounts import UNITS, amounts, apart, same

# Units of which a number names an edition, a grade or no thing in particular: another one is
# another matter.
_NAMES = frozenset({"level", "count", "ratio", "year"})


Figures = tuple[Quantity, ...]


@dataclass(frozen=True, slots=True)
class Retold:
    """A statement with a passage's words for its figures.

    ``other`` are the units in which the passage gives another figure; none where it gives the
    same in other words.
    """

    text: str
    other: frozenset[str]

    @property
    def excludes(self) -> bool:
        """Whether two figures of such a unit for one thing cannot both be right."""
        return bool(self.other & UNITS)


def figures_of(features: Features) -> Figures:
    """The amounts of a passage that was described on its own (offsets are into its text)."""
    return tuple(each for each in amounts(features, 0) if each.unit not in _NAMES)


def fits(ours: Figures, theirs: Figures) -> bool:
    """Whether a passage gives one of our figures, or one that may be right beside it."""
    return any(mine.unit == each.unit and not apart(mine, each) for mine in ours for each in theirs)


def retell(statement: str, ours: Figures, passage: str, theirs: Figures) -> Retold | None:
    """The statement in the passage's figures; nothing where that changes no word.

    A figure for which the passage gives a fitting one in its unit is never another.
    """
    parts: list[str] = []
    at = 0
    other: set[str] = set()
    for mine in ours:
        if mine.span.start < at:
            continue  # amounts may overlap; the first stands
        match = next((each for each in theirs if same(mine, each)), None)
        if match is None:
            kin = [each for each in theirs if each.unit == mine.unit]
            if not kin or not all(apart(mine, each) for each in kin):
                continue
            match = kin[0]
            other.add(mine.unit)
        parts += [
            statement[at : mine.span.start],
            passage[match.span.start : match.span.end],
        ]
        at = mine.span.end
    text = "".join((*parts, statement[at:]))
    return None if text == statement else Retold(text, frozenset(other))
