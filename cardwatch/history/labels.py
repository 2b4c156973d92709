"""What a version calls itself: its number, or the date that it gives."""

from __future__ import annotations

import re

from cardwatch.model import Document

_FRONT = 2_500  # characters: where a document says which version it is
_VERSION = re.compile(
    r"\b(?:version|v|edition|rev(?:ision)?\.?)\s*(\d{1,3}(?:\.\d{1,3}){0,3})\b", re.I
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|"
    r"Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
_DATED = re.compile(
    r"\b(?:last (?:updated|modified|revised|changed)|updated|effective(?: date| as of| from)?|"
    r"in force (?:from|since)|release date|published|(?:version )?dated?)\b[\s:*_–—-]{0,12}"
    r"(?:on |as of |from )?"
    rf"((?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}})|(?:\d{{1,2}}\s+{_MONTH},?\s+\d{{4}})|"
    r"(?:\d{4}-\d\d-\d\d))",
    re.IGNORECASE,
)


def label_of(document: Document) -> str:
    """The version and date that a document gives on its front; empty where it gives none.

    A relative date ("updated 22 days ago") is none: it changes without anybody's doing.
    """
    front = f"{document.title}\n{document.text[:_FRONT]}"
    version, dated = _VERSION.search(front), _DATED.search(front)
    parts = [f"version {version[1]}"] if version else []
    if dated:
        parts.append(_iso(dated[1]))
    elif document.source.published:
        parts.append(document.source.published[:10])
    return ", ".join(parts)


_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def _iso(words: str) -> str:
    """A date in one form, however it is written, so that the same day is the same label."""
    year, day = re.search(r"\d{4}", words), re.search(r"\b\d{1,2}(?!\d)", words)
    name = re.search(r"[A-Za-z]{3,}", words)
    if year is None or day is None or name is None:
        return words
    month = _MONTHS.index(name.group()[:3].lower()) + 1
    return f"{year.group()}-{month:02}-{int(day.group()):02}"
