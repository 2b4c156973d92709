"""Numbers with their units and comparators, normalised so that they can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardwatch.model import Quantity, Span

_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100,
}  # fmt: skip
_SCALES = {"thousand": 1e3, "k": 1e3, "million": 1e6, "m": 1e6, "billion": 1e9, "bn": 1e9,
           "b": 1e9, "trillion": 1e12}  # fmt: skip
_DAYS = {"day": 1.0, "week": 7.0, "month": 30.0, "quarter": 90.0, "year": 365.0, "hour": 1 / 24,
         "minute": 1 / 1440, "second": 1 / 86400}  # fmt: skip
_COMPARATORS = (
    ("<=", r"at most|up to|no more than|not more than|maximum of|≤|within"),
    (">=", r"at least|no less than|no fewer than|not less than|minimum of|≥"),
    ("<", r"less than|fewer than|under|below|<"),
    (">", r"more than|greater than|over|above|exceed(?:s|ing)?|>"),
    ("~", r"about|around|approximately|roughly|some|nearly|almost|~|≈|circa"),
)
_COMPARATOR = "|".join(f"(?P<c{i}>{words})" for i, (_, words) in enumerate(_COMPARATORS))
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|" + "|".join(_WORDS)
_QUANTITY = re.compile(
    rf"(?<![\w.$€£§#-])(?:(?:{_COMPARATOR})\s*)?"
    rf"(?P<currency>[$€£])?(?P<number>{_NUMBER})(?![\w]*\d)"
    r"(?:\s?(?P<scale>thousand|million|billion|trillion|bn|k|m|b)\b)?"
    r"(?:\s*(?:-|–|to)\s*(?P<high>\d+(?:\.\d+)?|" + "|".join(_WORDS) + r"))?"
    r"(?:\s*(?P<percent>%|percent\b|per\s?cent\b)"
    r"|[\s-]*(?P<time>second|minute|hour|day|week|month|quarter|year)s?\b"
    r"|[\s-]*(?P<noun>[a-z][a-z-]{2,}))?",
    re.IGNORECASE,
)


def quantities(text: str, offset: int = 0) -> Iterator[Quantity]:
    """The quantities in ``text`` in order. Durations are in days, money in its figure."""
    for match in _QUANTITY.finditer(text):
        low = _value(match["number"])
        if match["noun"] is None and match["number"].lower() in _WORDS and not match["time"]:
            if not match["percent"]:
                continue  # "one" as a pronoun
        high = _value(match["high"]) if match["high"] else low
        scale = _SCALES[match["scale"].lower()] if match["scale"] else 1.0
        unit, factor = _unit(match)
        sign = next((s for i, (s, _) in enumerate(_COMPARATORS) if match[f"c{i}"]), "=")
        low, high = sorted((low * scale * factor, high * scale * factor))
        if low != high:
            sign = "range"
        span = Span(offset + match.start(), offset + match.end())
        yield Quantity(span, low, high, unit, sign)


def _value(number: str) -> float:
    word = number.lower()
    return float(_WORDS[word]) if word in _WORDS else float(number.replace(",", ""))


def _unit(match: re.Match[str]) -> tuple[str, float]:
    if match["percent"]:
        return "percent", 1.0
    if match["currency"]:
        return "money", 1.0
    if match["time"]:
        return "days", _DAYS[match["time"].lower()]
    return (match["noun"] or "").lower(), 1.0
