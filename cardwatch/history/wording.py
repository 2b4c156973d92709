"""The words of a statement without what changes from version to version and says nothing."""

from __future__ import annotations

import re
from collections import Counter

from cardwatch.model import Document

# A product's own number: a name, and the number of the edition after it.
_NAMED = re.compile(r"\b([A-Z][\w’'-]*)[ -](\d{1,3}(?:\.\d{1,3}){0,2})\b(?!%)")
# So many times, and so large a share of all numbers after the name, make it the edition's.
_OFTEN = 3
_SHARE = 0.6
_PLACES = frozenset(
    "Section Sections Appendix Annex Article Table Figure Clause Chapter Part Step Item Level Tier "
    "Page Note Paragraph Rule Schedule January February March April May June July August September "
    "October November December".split()
)
_LEADING = re.compile(r"\A\W{0,3}(?:\d{1,3}(?:\.\d{1,3}){0,4}[.):]?|\(?[a-z][.)]|[ivx]+[.)])\s+")
# A list read as running text leaves the next item's number at the end of an item.
_TRAILING = re.compile(r"(?<=[\w)\]”\"'])([;.,:]?)\s+(?:\d{1,3}|[a-z])\.\s*\Z")
# How a link is written, and marks of a page's make-up, are no words of a statement.
_SCHEME = re.compile(r"\bhttps?://(?:www\.)?", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,300}>")
_HYPHEN = re.compile(r"(?<=[a-z])-(?=[a-z])")
_MARKS = re.compile(r"[*_`]+(?=\S)|(?<=\S)[*_`]+")
_QUOTES = str.maketrans("‘’“”–—", "''\"\"--")


def edition_names(document: Document) -> frozenset[tuple[str, str]]:
    """The names with the number that they bear throughout this edition."""
    counts = Counter(_NAMED.findall(document.text))
    totals: Counter[str] = Counter()
    for (name, _), n in counts.items():
        totals[name] += n
    return frozenset(
        (name, number)
        for (name, number), n in counts.items()
        if name not in _PLACES and n >= _OFTEN and n >= _SHARE * totals[name]
    )


def bare(text: str, names: frozenset[tuple[str, str]]) -> str:
    """The words without their own list numbers, emphasis and the edition's number."""

    def unnamed(match: re.Match[str]) -> str:
        return match[1] if (match[1], match[2]) in names else match[0]

    text = _SCHEME.sub("", _TAG.sub("", text))
    words = _NAMED.sub(unnamed, _LEADING.sub("", _MARKS.sub("", text)))
    words = _HYPHEN.sub(" ", _TRAILING.sub(r"\1", words).translate(_QUOTES))
    return " ".join(words.split())


def own_end(text: str) -> int:
    """Where the words of a statement end, before the number of the list item that follows."""
    match = _TRAILING.search(text)
    return match.end(1) if match else len(text)
