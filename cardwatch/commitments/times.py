"""Times in promises: dates, cadences, and periods after an event."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from cardwatch.model import Period, PeriodUnit

_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fourteen": 14, "fifteen": 15,
    "eighteen": 18, "twenty": 20, "twenty-four": 24, "thirty": 30, "forty": 40, "forty-five": 45,
    "forty-eight": 48, "sixty": 60, "seventy-two": 72, "ninety": 90, "hundred": 100,
}  # fmt: skip
_NUMBER = r"\d{1,4}|" + "|".join(sorted(_NUMBERS, key=len, reverse=True))
_UNITS = {
    "hour": (PeriodUnit.HOURS, 1),
    "day": (PeriodUnit.DAYS, 1),
    "week": (PeriodUnit.WEEKS, 1),
    "fortnight": (PeriodUnit.WEEKS, 2),
    "month": (PeriodUnit.MONTHS, 1),
    "quarter": (PeriodUnit.MONTHS, 3),
    "year": (PeriodUnit.YEARS, 1),
}
_UNIT = "hour|day|week|fortnight|month|quarter|year"
_KIND = r"(?:calendar|working|business|full|consecutive)[ -]"
_SPAN = (
    rf"(?P<low>{_NUMBER})(?:\s*(?:\(\d+\)\s*)?(?:-|–|—|to|or|and)\s*(?P<high>{_NUMBER}))?"
    rf"(?:\s*\(\d+\))?[\s-]+(?:{_KIND})?(?P<unit>{_UNIT})s?\b"
)
_EVERY = re.compile(rf"\bevery\s+(?:approximately |about |roughly )?{_SPAN}", re.IGNORECASE)
_EVERY_ONE = re.compile(
    rf"\b(?:every|each)\s+(?P<other>other |second )?(?:calendar )?(?P<unit>{_UNIT})\b(?!\s+of\b)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    rf"\b(?P<times>once|twice|(?P<n>{_NUMBER}) times)\s+(?:in\s+)?(?:a|an|per|every|each)\s+"
    rf"(?:(?P<low>{_NUMBER})[\s-]+)?(?:calendar )?(?P<unit>{_UNIT})s?\b",
    re.IGNORECASE,
)
_ADVERBS: dict[str, tuple[float, PeriodUnit]] = {
    "daily": (1, PeriodUnit.DAYS),
    "weekly": (1, PeriodUnit.WEEKS),
    "biweekly": (2, PeriodUnit.WEEKS),
    "fortnightly": (2, PeriodUnit.WEEKS),
    "monthly": (1, PeriodUnit.MONTHS),
    "bimonthly": (2, PeriodUnit.MONTHS),
    "quarterly": (3, PeriodUnit.MONTHS),
    "biannually": (6, PeriodUnit.MONTHS),
    "biannual": (6, PeriodUnit.MONTHS),
    "semiannually": (6, PeriodUnit.MONTHS),
    "semiannual": (6, PeriodUnit.MONTHS),
    "annually": (1, PeriodUnit.YEARS),
    "annual": (1, PeriodUnit.YEARS),
    "yearly": (1, PeriodUnit.YEARS),
    "biennially": (2, PeriodUnit.YEARS),
    "biennial": (2, PeriodUnit.YEARS),
}
# Before these a word of cadence says how often; before others it is a size (annual revenue).
_DOINGS = (
    r"(?:\w+[ -]){0,3}?(?:reports?|reviews?|audits?|updates?|assessments?|evaluations?|tests?|"
    r"testing|meetings?|summar(?:y|ies)|statements?|training|exercises?|drills?|basis|cadence|"
    r"briefings?|checks?|inspections?|disclosures?|publications?|newsletters?|consultations?|cycles?)"
)
_ADVERB = re.compile(
    r"\b(?P<word>semi-?annual(?:ly)?|bi-?annual(?:ly)?|bi-?ennial(?:ly)?|bi-?weekly|bi-?monthly|"
    rf"fortnightly|quarterly|annually|yearly|monthly|weekly|daily|annual(?= {_DOINGS}\b))"
    rf"(?:(?= {_DOINGS}\b)|"
    r"(?=\s*(?:[.,;:)]|$|and\b|or\b|to\b|by\b|with\b|on\b|in\b|the\b|our\b|as\b))|"
    r"(?<=ly)(?=\s))",
    re.IGNORECASE,
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?"
)
_DAY = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m1>{_MONTH})\.?,?\s+(?P<y1>(?:19|20)\d\d)|"
    rf"(?P<m2>{_MONTH})\.?\s+(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y2>(?:19|20)\d\d)|"
    r"(?P<y3>(?:19|20)\d\d)-(?P<m3>\d\d)-(?P<d3>\d\d))\b"
)
_PART = re.compile(
    rf"\b(?:(?:the\s+)?(?P<edge>end|start|beginning|middle|close)\s+of\s+)?(?:the\s+year\s+)?"
    rf"(?:(?P<month>{_MONTH})\.?\s+|Q(?P<quarter>[1-4])\s+(?:of\s+)?|"
    rf"(?:the\s+)?(?P<nth>first|second|third|fourth)\s+(?P<span>quarter|half)\s+of\s+)?"
    r"(?P<year>20\d\d)\b"
)
_BY = re.compile(
    r"\b(?:by|before|until|no later than|not later than|on or before|at the latest by|"
    r"(?:is |are |was )?(?:due|scheduled|planned)(?: on| for| by| in)?|on|in|during)\s+$",
    re.IGNORECASE,
)
_FIRM = re.compile(r"\b(?:by|before|until|later than|on or before|latest by|due)\b", re.IGNORECASE)
_WITHIN = re.compile(
    r"\b(?P<how>within|no later than|not later than|no more than|not more than|at most|after|in)\s+"
    rf"(?:the\s+)?(?:first\s+|next\s+)?{_SPAN}"
    r"(?:\s+(?P<rel>of|after|from|following|before|prior to)\b)?",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"\b(?:at least|not less than|no fewer than|no less than|not fewer than)\s+{_SPAN}"
    r"(?:['’]?\s+(?:(?:prior |advance )?notice\b\s*)?"
    r"(?P<rel>before|prior to|in advance of|ahead of)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Time:
    """A time in a sentence; ``start`` and ``end`` are offsets into it.

    ``firm``: by that day, and not only on or in it, which may tell of the past.
    """

    start: int
    end: int
    due: date | None = None
    every: Period | None = None
    within: Period | None = None
    before: bool = False
    firm: bool = True


def times(text: str) -> list[Time]:
    """The dates, cadences and periods that ``text`` sets, in order, none inside another."""
    found = [*_cadences(text), *_deadlines(text), *_periods(text)]
    found.sort(key=lambda time: (time.start, -time.end))
    kept: list[Time] = []
    for time in found:
        if not kept or time.start >= kept[-1].end:
            kept.append(time)
    return kept


def number(word: str) -> float:
    """The value of a numeral, in digits or as a word."""
    return float(word) if word.isdigit() else float(_NUMBERS[word.lower()])


def _period(match: re.Match[str]) -> Period:
    low = number(match["low"])
    high = number(match["high"]) if match["high"] else low
    unit, size = _UNITS[match["unit"].lower()]
    return Period(min(low, high) * size, max(low, high) * size, unit)


def _cadences(text: str) -> Iterator[Time]:
    for match in _EVERY.finditer(text):
        yield Time(*match.span(), every=_period(match))
    for match in _EVERY_ONE.finditer(text):
        unit, size = _UNITS[match["unit"].lower()]
        n = float(size * (2 if match["other"] else 1))
        yield Time(*match.span(), every=Period(n, n, unit))
    for match in _TIMES.finditer(text):
        yield Time(*match.span(), every=_part_of(match))
    for match in _ADVERB.finditer(text):
        each, unit = _ADVERBS[match["word"].lower().replace("-", "")]
        yield Time(*match.span("word"), every=Period(each, each, unit))


_SMALLER = {
    PeriodUnit.YEARS: (PeriodUnit.MONTHS, 12),
    PeriodUnit.MONTHS: (PeriodUnit.DAYS, 30),
    PeriodUnit.WEEKS: (PeriodUnit.DAYS, 7),
    PeriodUnit.DAYS: (PeriodUnit.HOURS, 24),
}


def _part_of(match: re.Match[str]) -> Period:
    """Twice a year is every six months; three times a month is every ten days."""
    word = match["times"].lower()
    times_ = 1.0 if word == "once" else 2.0 if word == "twice" else number(match["n"])
    unit, size = _UNITS[match["unit"].lower()]
    length = (number(match["low"]) if match["low"] else 1.0) * size
    if times_ > 1 and unit in _SMALLER:
        unit, factor = _SMALLER[unit]
        length *= factor
    each = max(1.0, round(length / max(1.0, times_)))
    return Period(each, each, unit)


def _deadlines(text: str) -> Iterator[Time]:
    for match in _DAY.finditer(text):
        lead = _BY.search(text, max(0, match.start() - 24), match.start())
        day = _date(match)
        if lead and day:
            firm = bool(_FIRM.search(lead.group()))
            yield Time(lead.start(), match.end(), due=day, firm=firm)
    for match in _PART.finditer(text):
        lead = _BY.search(text, max(0, match.start() - 24), match.start())
        if lead and (_FIRM.search(lead.group()) or match["edge"] or match["month"]):
            firm = bool(_FIRM.search(lead.group()))
            day = _last_day(match, lead.group())
            yield Time(lead.start(), match.end(), due=day, firm=firm)


def _date(match: re.Match[str]) -> date | None:
    year = int(match["y1"] or match["y2"] or match["y3"])
    name = match["m1"] or match["m2"]
    month = int(match["m3"]) if match["m3"] else _MONTHS.index(name.lower()[:3]) + 1
    try:
        return date(year, month, int(match["d1"] or match["d2"] or match["d3"]))
    except ValueError:
        return None  # the thirtieth of February is no date


def first_day(text: str) -> date | None:
    """The first whole date in ``text``; a month with its year counts from its first day."""
    for match in _DAY.finditer(text):
        day = _date(match)
        if day:
            return day
    for match in _PART.finditer(text):
        if match["month"]:
            return date(int(match["year"]), _MONTHS.index(match["month"].lower()[:3]) + 1, 1)
    return None


def _last_day(match: re.Match[str], lead: str) -> date:
    """The last day that a part of a year leaves: its end, or with ``before`` the day before it."""
    year = int(match["year"])
    first, last = 1, 12
    if match["month"]:
        first = last = _MONTHS.index(match["month"].lower()[:3]) + 1
    elif match["quarter"]:
        last = int(match["quarter"]) * 3
        first = last - 2
    elif match["nth"]:
        nth = ("first", "second", "third", "fourth").index(match["nth"].lower()) + 1
        length = 3 if match["span"].lower() == "quarter" else 6
        last = min(12, nth * length)
        first = last - length + 1
    edge = (match["edge"] or "").lower()
    if edge in ("start", "beginning") or ("before" in lead.lower() and not edge):
        return date(year, first, 1)
    if edge == "middle":
        return date(year, (first + last + 1) // 2, 1)
    return date(year, last, calendar.monthrange(year, last)[1])


def _periods(text: str) -> Iterator[Time]:
    for match in _WITHIN.finditer(text):
        how, rel = match["how"].lower(), (match["rel"] or "").lower()
        if how in ("in", "after", "at most", "no more than", "not more than") and rel not in (
            "of", "after", "following",
        ):  # fmt: skip
            continue
        if how == "in" and rel == "of":
            continue
        before = rel in ("before", "prior to")
        yield Time(match.start(), _end(match), within=_period(match), before=before)
    for match in _LEAST.finditer(text):
        yield Time(match.start(), _end(match), within=_period(match), before=True)


def _end(match: re.Match[str]) -> int:
    """Where the unit ends, its plural with it."""
    end = match.end("unit")
    return end + 1 if match.string[end : end + 1] in ("s", "S") else end
