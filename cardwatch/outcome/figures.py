"""The numbers and periods of two wordings, and how they moved."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cardwatch.model import Features

_DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 90, "year": 365, "daily": 1, "weekly": 7,
         "monthly": 30, "quarterly": 90, "annual": 365, "annually": 365, "yearly": 365}  # fmt: skip
_PERIOD = re.compile(
    r"(?:(?P<often>once|twice) )?(?:an?|per|each|every|one) (?:\w+ )?"
    r"(?P<unit>day|week|month|quarter|year)\b|"
    r"\b(?P<adverb>daily|weekly|monthly|quarterly|annual|annually|yearly)\b",
    re.IGNORECASE,
)
# "1)", "(2)": the number of an item in a running list.
_ITEM = re.compile(r"\(?\d{1,2}\)")


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures moved, each 0 or 1 except ``longer``: 1 or -1 where a period grew longer
    or shorter. ``dropped`` and ``set_`` are of periods, ``lost`` and ``gained`` of other numbers.
    """

    period: bool
    longer: int
    dropped: bool
    set_: bool
    lost: bool
    gained: bool

    @property
    def number(self) -> bool:
        """Whether a number or a period came or went, without another in its place."""
        return self.dropped or self.set_ or self.lost or self.gained

    @property
    def moved(self) -> bool:
        """Whether anything at all differs."""
        return self.period or self.number


def figures(old: Features, new: Features) -> Figures:
    """Compare the periods (a yearly term is one of 365 days) and the other numbers.

    The numbers of levels and of list items name things and are no figures.
    """
    before, after = _periods(old), _periods(new)
    numbers, others = _numbers(old), _numbers(new)
    period = bool(before) and bool(after) and before != after
    longer = 0
    if period:
        mean_old, mean_new = sum(before) / len(before), sum(after) / len(after)
        longer = (mean_new > mean_old) - (mean_new < mean_old)
    return Figures(
        period=period,
        longer=longer,
        dropped=bool(before) and not after,
        set_=bool(after) and not before,
        lost=bool(numbers - others),
        gained=bool(others - numbers),
    )


def _periods(features: Features) -> set[float]:
    found = {q.low for q in features.quantities if q.unit == "days" and q.low >= 1}
    for match in _PERIOD.finditer(features.text):
        days = _DAYS[(match["unit"] or match["adverb"]).lower()]
        twice = (match["often"] or "").lower() == "twice"
        found.add(days / 2 if twice else float(days))
    return found


def _numbers(features: Features) -> set[tuple[float, float]]:
    text = features.text
    return {
        (q.low, q.high)
        for q in features.quantities
        if q.unit not in ("days", "level")
        and not _ITEM.match(text[max(0, q.span.start - 1) : q.span.end + 2])
    }
