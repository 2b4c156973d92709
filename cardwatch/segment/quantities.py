"""Numbers with their units and comparators, normalised so that they can be compared."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import date, timedelta

from cardwatch.model import Quantity, Span

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "half": 0.5,
}  # fmt: skip
NUMERALS = frozenset(_WORDS)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "mn": 1e6,
           "billion": 1e9, "bn": 1e9, "b": 1e9, "trillion": 1e12, "tn": 1e12}  # fmt: skip
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0, "quarter": 90.0, "year": 365.0, "hour": 1 / 24,
         "minute": 1 / 1440, "second": 1 / 86400}  # fmt: skip
_COMPARATORS = (
    ("<=", r"at (?:the )?most|up to|(?:no|not) (?:more|later|longer|older|greater) than|"
           r"(?:a )?maximum of|(?:not|without|never) exceed(?:ing)?|≤|<=|within"),
    (">=", r"at (?:the )?least|(?:no|not) (?:less|fewer|earlier|sooner|younger) than|"
           r"(?:a )?minimum of|≥|>="),
    ("<", r"less than|fewer than|under|below|younger than|<"),
    (">", r"more than|greater than|over|above|older than|exceed(?:s|ed|ing)?|in excess of|>"),
    ("~", r"about|around|approximately|roughly|some|nearly|almost|~|≈|circa|on the order of"),
)  # fmt: skip
_AFTER = re.compile(
    r"\s*(?:(?P<up>or (?:more|above|over|older|greater|higher|longer|later)|\+)|"
    r"(?P<down>or (?:less|fewer|below|under|younger|lower|shorter|earlier|sooner)))"
    r"(?!\w|\s*[$€£\d])",
    re.IGNORECASE,
)
_COMPARATOR = "|".join(f"(?P<c{i}>{words})" for i, (_, words) in enumerate(_COMPARATORS))
_NUMERAL = "|".join(sorted(_WORDS, key=len, reverse=True))
_NUMBER = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,12}(?:\.\d+)?e\+?\d{1,2}|\d{1,18}(?:\.\d{1,18})?|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-"
    rf"(?:one|two|three|four|five|six|seven|eight|nine)\b|(?:{_NUMERAL})\b"
)
# Words of which a number only names a place or an edition.
_LABEL = re.compile(
    r"(?:\b(?:section|sec|appendix|table|figure|fig|pages?|pp?|footnotes?|notes?|chapter|"
    r"article|annex|version|part|step|item|clause|paragraph|v)\.?|[§#])\s*$",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    rf"(?<![\w.$€£§#^-])(?:(?:{_COMPARATOR})\s*)?"
    rf"(?P<currency>[$€£]|US\$)?\s?(?P<number>{_NUMBER})(?!\w*\d)"
    r"(?:\s?(?P<scale>hundred|thousand|million|billion|trillion|bn|mn|tn|k|m|b)\b)?"
    r"(?:\s*(?P<power>\^|\*\*)\s?(?P<exponent>\d{1,3})|(?P<super>[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))?"
    rf"(?:\s*(?:-|–|to)\s*[$€£]?(?P<high>\d+(?:\.\d+)?|(?:{_NUMERAL})\b))?"
    rf"(?:\s+(?:in|out of|(?:in|out of|of) (?:every|each))\s+(?P<among>{_NUMBER})(?!\w)"
    r"(?:\s(?P<many>hundred|thousand|million|billion)\b)?)?"
    r"(?:\s*(?P<percent>%|percent\b|per\s?cent\b|percentage points?\b)"
    r"|\s?(?P<times>[x×](?!\w)|times\b|-?fold\b)"
    r"|[\s-]*(?P<time>second|minute|hour|day|week|month|quarter|year)s?\b"
    r"|[\s-]*(?P<flop>(?:floating[\s-]point )?(?:flops?|operations?)\b)"
    r"|[\s-]+(?P<noun>[a-z][a-z-]{2,}))?",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(?:level|tier|[A-Z]{2,5}-?)[ -]?(?P<level>\d)(?![\w.]*\d)\b")
_MONTHS = {name: i for i, name in enumerate(
    "jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}  # fmt: skip
_MONTH = (
    r"(?P<month{0}>Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATE = re.compile(
    r"(?<![\w.])(?:(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)|"
    rf"(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format(2)},?\s+(?P<y2>(?:19|20)\d\d)|"
    rf"{_MONTH.format(3)}\s+(?:(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+)?(?P<y3>(?:19|20)\d\d))"
    r"(?![\w.]*\d)"
)
_YEAR = re.compile(r"(?:19|20)\d\d$")
_FUNCTION = frozenset(
    "of and or to in for with on at by from per than the that which is are was were will may "
    "must should can has have had not out as if when but its this these other each such into "
    "after before during until more most less fewer times".split()
)
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# The longest comparator, with its blanks: where to look for a quantity before its number.
_BEFORE = 28
# Cheap signs without which a text holds no quantity.
_ANY = re.compile(rf"\d|\b(?:{_NUMERAL})\b", re.IGNORECASE)


def quantities(text: str, offset: int = 0) -> Iterator[Quantity]:
    """The quantities in ``text`` in order.

    Durations are in days (a month is 30), money in its figure, dates in days since year 1, a
    number in ten as percent, "4x" as a ratio. The number of a section, page, version or list
    item is none.
    """
    if not _ANY.search(text):
        return
    taken = [(quantity.span, quantity) for quantity in (*_dates(text), *_levels(text))]
    for match in _matches(text):
        start, end = match.span()
        if any(span.start < end and start < span.end for span, _ in taken):
            continue
        if quantity := _quantity(match, text):
            taken.append((quantity.span, quantity))
    for span, quantity in sorted(taken, key=lambda one: one[0].start):
        place = Span(offset + span.start, offset + span.end)
        yield Quantity(place, quantity.low, quantity.high, quantity.unit, quantity.comparator)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What may be quantities, looked for only where something numeric stands."""
    at = 0
    for sign in _ANY.finditer(text):
        if sign.start() < at:
            continue
        match = _QUANTITY.search(text, max(at, sign.start() - _BEFORE))
        if match is None:
            return
        yield match
        at = match.end()


def _quantity(match: re.Match[str], text: str) -> Quantity | None:
    number = match["number"].lower()
    if not _counts(match, text):
        return None
    low = _value(number)
    high = _value(match["high"]) if match["high"] else low
    factor = _SCALES[match["scale"].lower()] if match["scale"] else 1.0
    exponent = match["exponent"] or (match["super"] or "").translate(_SUPER)
    if exponent:
        power = min(300.0, float(exponent))
        low = high = low**power if abs(low) <= 10 else math.inf
        if not math.isfinite(low):
            return None
    unit, scale = _unit(match)
    if match["among"] and (whole := _value(match["among"])):
        whole *= _SCALES[match["many"].lower()] if match["many"] else 1.0
        low, high, unit, factor, scale = 100 * low / whole, 100 * high / whole, "percent", 1, 1
    sign = next((s for i, (s, _) in enumerate(_COMPARATORS) if match[f"c{i}"]), "=")
    low, high = sorted((low * factor * scale, high * factor * scale))
    end = match.end()
    if match["noun"] and unit == "count":
        end = match.end("noun") if match["noun"].lower() not in _FUNCTION else match.start("noun")
        while text[end - 1].isspace():
            end -= 1
    if after := _AFTER.match(text, end):
        sign, end = (">=" if after["up"] else "<="), after.end()
    if low != high:
        sign = "range"
    return Quantity(Span(match.start(), end), low, high, unit, sign)


def _counts(match: re.Match[str], text: str) -> bool:
    """Whether a number says how many, not which one."""
    number = match["number"].lower()
    measured = match["percent"] or match["time"] or match["times"] or match["among"]
    if number[0].isalpha():
        noun = (match["noun"] or "").lower()
        if number in ("one", "half") and not measured and not match["scale"]:
            return any(match[f"c{i}"] for i in range(4)) and noun not in _FUNCTION
        return bool(measured or match["scale"] or (noun and noun not in _FUNCTION))
    if not match["currency"] and _LABEL.search(text, max(0, match.start() - 14), match.start()):
        return False
    at_head = not text[: match.start()].strip(" \t•●-*([")
    return not (at_head and text[match.end("number") : match.end("number") + 1] in (".", ")"))


def _value(number: str) -> float:
    word = number.lower()
    if word[0].isdigit():
        return float(word.replace(",", "")[:30])
    return float(sum(_WORDS[part] for part in word.split("-")))


def _unit(match: re.Match[str]) -> tuple[str, float]:
    for group, unit in (("percent", "percent"), ("currency", "money"), ("times", "ratio")):
        if match[group]:
            return unit, 1.0
    if match["time"]:
        return "days", _DAYS[match["time"].lower()]
    if match["flop"] and _many(match):
        return "flop", 1.0
    if _YEAR.match(match["number"]) and not match["scale"] and not match["noun"]:
        return "year", 1.0
    noun = (match["noun"] or match["flop"] or "").lower()
    return (noun if noun and noun not in _FUNCTION else "count"), 1.0


def _many(match: re.Match[str]) -> bool:
    """Whether a number of operations is one of computing: by name, or so great that it must be."""
    great = match["exponent"] or match["super"] or "e" in match["number"].lower()
    return bool(great) or "flop" in match["flop"].lower()


def _dates(text: str) -> Iterator[Quantity]:
    for match in _DATE.finditer(text):
        name = (match["month2"] or match["month3"] or "").lower()[:3]
        month = int(match["m1"]) if match["m1"] else _MONTHS[name]
        day = match["d1"] or match["d2"] or match["d3"]
        year = int(match["y1"] or match["y2"] or match["y3"])
        try:
            first = date(year, month, int(day or 1))
        except ValueError:
            continue  # the thirtieth of February is no date
        last = first if day else date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
        low, high = float(first.toordinal()), float(last.toordinal())
        yield Quantity(Span(*match.span()), low, high, "date", "=" if low == high else "range")


def _levels(text: str) -> Iterator[Quantity]:
    for match in _LEVEL.finditer(text):
        level = float(match["level"])
        yield Quantity(Span(*match.span()), level, level, "level")
