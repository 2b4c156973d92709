"""Amounts that a passage gives, brought to one scale: days, percent, money, and how often.

"Thirty days", "one month" and "30 days" are one amount; so are "twice a year" and "every six
months".
"""

from __future__ import annotations

import math
import re

from cardwatch.model.document import Span
from cardwatch.model.statement import Clause, Features, Quantity

# The unit of what happens at intervals: its figure is the days from one time to the next.
CADENCE = "cadence"
# The unit of how old somebody is, in years.
AGE = "age"
# Units in which one figure for a thing excludes another.
UNITS = frozenset({"days", "percent", "money", CADENCE, AGE})
# Units in which a limit ("up to two years") excludes another ("up to six months"); what is
# measured may well be "under 1 %" and "under 0.1 %".
_LIMITED = frozenset({"days", "money", AGE})

# Units whose figures name one thing each and are never rounded.
_EXACT = frozenset({"date", "year", "level"})

# Amounts closer than this (relative) are one, rounded: 12 months of 30 days are a year.
_SAME = 0.02

_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0, "quarter": 90.0, "year": 365.0}
_TIMES = {"once": 1, "twice": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "twelve": 12}
_ADVERBS = {
    "daily": 1.0, "weekly": 7.0, "monthly": 30.0, "quarterly": 90.0, "annual": 365.0,
    "annually": 365.0, "yearly": 365.0, "semiannual": 182.5, "semi-annual": 182.5,
    "semiannually": 182.5, "semi-annually": 182.5,
}  # fmt: skip
_OFTEN = re.compile(
    r"(?:(?P<times>once|twice|\w+ times) )?(?:a|an|per|each|every) (?P<unit>day|week|month|quarter|"
    r"year)$"
)


def amounts(features: Features, start: int) -> tuple[Quantity, ...]:
    """The amounts of a passage whose text begins at ``start``, what is repeated as cadences.

    A duration within a cadence ("every six months") is the cadence's, not one of its own.
    """
    found: list[Quantity] = []
    repeated: list[Span] = []
    for cadence in features.cadences:
        span = Span(cadence.span.start, cadence.span.start + len(cadence.cue))
        within = [q for q in features.quantities if q.unit == "days" and q.span.overlaps(span)]
        days = within[0].low if within else _interval(cadence)
        if days:
            found.append(Quantity(span, days, days, CADENCE))
            repeated += [span, *(each.span for each in within)]
    plain = [
        each
        for each in features.quantities
        if not any(span.overlaps(each.span) for span in repeated)
        and not (each.unit == "days" and _repeats(features.text[: each.span.start - start]))
    ]
    plain = [_as_age(each, features.text, start) for each in plain]
    return tuple(sorted((*found, *plain), key=lambda each: each.span))


_OLD = re.compile(r"\s*-?\s*(?:old\b|of age\b)", re.IGNORECASE)
_OLDER = re.compile(r"\b(?:older|over|above|younger|under)$", re.IGNORECASE)
_AGED = re.compile(r"\bage[ds]?(?: of| is)?(?: at least)?\s*$", re.IGNORECASE)
_AGES = range(5, 26)  # what terms ask for; older people are asked nothing


def _as_age(amount: Quantity, text: str, start: int) -> Quantity:
    """The amount as an age, if it is one: "13 years old", "13 or older", "aged 13 and over"."""
    low, high = amount.span.start - start, amount.span.end - start
    before, given, after = text[max(0, low - 20) : low], text[low:high], text[high : high + 10]
    if amount.unit == "days":
        old = _OLD.match(after)
        if old is None or "year" not in given.lower():
            return amount
        span = Span(amount.span.start, amount.span.end + old.end())
        years = amount.low / _DAYS["year"]
    elif int(amount.low) in _AGES and (_OLDER.search(given) or _AGED.search(before)):
        span, years = amount.span, amount.low
    else:
        return amount
    return Quantity(span, years, years, AGE, amount.comparator)


def _interval(cadence: Clause) -> float | None:
    """The days from one time to the next; nothing for "regularly"."""
    if cadence.cue in _ADVERBS:
        return _ADVERBS[cadence.cue]
    match = _OFTEN.match(cadence.cue)
    if not match:
        return None
    times = _TIMES.get((match["times"] or "once").split()[0])
    return _DAYS[match["unit"]] / times if times else None


_BEFORE_REPEATED = re.compile(r"\b(?:every|each|per|once|twice)\W+(?:\w+\W+){0,2}$", re.IGNORECASE)


def _repeats(before: str) -> bool:
    return bool(_BEFORE_REPEATED.search(before[-60:]))


def apart(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts of one unit cannot both be right.

    Open ranges are taken at their word, but two limits on one side are held against each other.
    """
    (low, high), (other_low, other_high) = _range(one), _range(other)
    side = _open(one)
    if side and side == _open(other) and one.unit in _LIMITED:
        ends = (high, other_high) if side == "down" else (low, other_low)
        return _differ(*ends, one.unit)
    floor, ceiling = max(low, other_low), min(high, other_high)
    return floor > ceiling and _differ(floor, ceiling, one.unit)


def same(one: Quantity, other: Quantity) -> bool:
    """Whether two amounts are one: their unit, their figures, and the side that is open."""
    return (
        one.unit == other.unit
        and _open(one) == _open(other)
        and not _differ(one.low, other.low, one.unit)
        and not _differ(one.high, other.high, one.unit)
    )


def _differ(one: float, other: float, unit: str) -> bool:
    if unit in _EXACT or math.isinf(one) or math.isinf(other):
        return one != other
    return abs(one - other) > _SAME * max(abs(one), abs(other), 1e-9)


def _open(amount: Quantity) -> str:
    """Which side of an amount is open: "up to", "at least", or neither."""
    return {"<": "down", "<=": "down", ">": "up", ">=": "up"}.get(amount.comparator, "")


def _range(amount: Quantity) -> tuple[float, float]:
    side = _open(amount)
    if side == "down":
        return -math.inf, amount.high
    if side == "up":
        return amount.low, math.inf
    return amount.low, amount.high
