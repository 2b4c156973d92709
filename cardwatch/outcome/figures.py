"""The numbers and periods of two wordings, and how they moved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cardwatch.model import Actor, Features, Quantity
from cardwatch.outcome.edits import numbers_name

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


# What a publisher owes its readers: the longer the period that it is reckoned by, the more.
_OWED = re.compile(
    r"\b(?:liab\w+|damages|refund\w*|reimburs\w*|compensat\w+|indemni\w+|warrant(?:y|ies)|"
    r"service credits?|notice (?:periods?|of)|(?:prior|advance|written|days|weeks|months)['’]?"
    r" (?:\w+ )?notice|in advance)\b",
    re.IGNORECASE,
)
# In the sentence of a period: that the reader has it, or that others must act before its end.
_READER = re.compile(
    r"\b(?:you|users?|customers?|licensees?|subscribers?|members?|(?:account|right) ?holders?)\b"
    r"(?!['’])",
    re.IGNORECASE,
)
_FOR_OTHERS = re.compile(r"\b(?:we|our|is|are|be|been|being)\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.;!?]\s")
# A number just behind one of these is how often, not how long.
_OFTEN = re.compile(r"\b(?:every|each|per|once|twice)\b\W*(?:\w+\W+){0,2}$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures moved. ``looser`` is 1 where a figure now asks less than it did (a longer
    period, a higher threshold, a lower minimum), -1 where it asks more. ``dropped`` and ``set_``
    are of periods, ``lost`` and ``gained`` of other numbers.
    """

    period: bool
    looser: int
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

    The numbers of levels, list items and names ("Model 4") name things and are no figures.
    """
    before, after = _periods(old), _periods(new)
    numbers, others = _numbers(old), _numbers(new)
    period = bool(before) and bool(after) and before != after
    return Figures(
        period=period,
        looser=_period_looser(old, new, before, after) if period else _looser(numbers, others),
        dropped=bool(before) and not after,
        set_=bool(after) and not before,
        lost=bool(_values(numbers) - _values(others)),
        gained=bool(_values(others) - _values(numbers)),
    )


def _period_looser(old: Features, new: Features, before: set[float], after: set[float]) -> int:
    """Longer asks less, except of a least duration ("for at least a year"), of the time that
    readers are given, and of a period by which what is owed to them is reckoned.
    """
    mean_old, mean_new = sum(before) / len(before), sum(after) / len(after)
    longer = (mean_new > mean_old) - (mean_new < mean_old)
    least = _least(old) and _least(new)
    owed = bool(_OWED.search(old.text)) or all(map(_given_readers, (old, new)))
    return -longer if least or owed else longer


def _given_readers(features: Features) -> bool:
    """Whether readers act in a passage, and each of its periods is time that they have."""
    if features.actor is not Actor.USER:
        return False
    for quantity in features.quantities:
        if quantity.unit == "days":
            start = quantity.span.start
            before = _SENTENCE_END.split(features.text[max(0, start - 400) : start])[-1]
            reader = _READER.search(before)
            if not reader or _FOR_OTHERS.search(before, reader.end()):
                return False
    return True


def _least(features: Features) -> bool:
    spans = [q for q in features.quantities if q.unit == "days"]
    return bool(spans) and all(
        q.comparator in (">", ">=") and not _often(features, q) for q in spans
    )


def _often(features: Features, quantity: Quantity) -> bool:
    text, span = features.text, quantity.span
    inside = re.search(r"\b(?:every|each|per)\b", text[span.start : span.end])
    return bool(inside or _OFTEN.search(text, max(0, span.start - 30), span.start))


def _looser(before: Sequence[Quantity], after: Sequence[Quantity]) -> int:
    """Of numbers in one unit, where each side has one: whether the new one asks less."""
    for unit in sorted({q.unit for q in before} & {q.unit for q in after}):
        old, *more = [q for q in before if q.unit == unit]
        new, *others = [q for q in after if q.unit == unit]
        if more or others or (old.low, old.high) == (new.low, new.high):
            continue
        higher = 1 if new.low > old.low else -1
        if unit == "flop" or new.comparator in (">", "<", "<="):
            return higher  # what a rule applies above, or how much it lets pass
        if new.comparator == ">=":
            return -higher  # the least that it asks for
    return 0


def _values(numbers: Sequence[Quantity]) -> set[tuple[float, float]]:
    return {(q.low, q.high) for q in numbers}


def _periods(features: Features) -> set[float]:
    found = {q.low for q in features.quantities if q.unit == "days" and q.low >= 1}
    for match in _PERIOD.finditer(features.text):
        days = _DAYS[(match["unit"] or match["adverb"]).lower()]
        twice = (match["often"] or "").lower() == "twice"
        found.add(days / 2 if twice else float(days))
    return found


def _numbers(features: Features) -> list[Quantity]:
    text = features.text
    return [
        q
        for q in features.quantities
        if q.unit not in ("days", "level")
        and not numbers_name(text, q.span.start, q.span.end)
        and not _ITEM.match(text[max(0, q.span.start - 1) : q.span.end + 2])
    ]
