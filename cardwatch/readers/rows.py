"""The lines of a laid-out text: pages, page numbers, running heads, contents told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

PAGE_MARK = re.compile(
    r"[ \t]*(?:\[\[?\s*page\s+(\d{1,5})\s*\]\]?|[-=]{2,}\s*page\s+(\d{1,5})\s*[-=]{2,}"
    r"|<!--\s*(?:p|pg|page)[.\s]\s*(\d{1,5})\s*-->)[ \t]*",
    re.IGNORECASE,
)
_NUMBER_LINE = re.compile(
    r"\s*(?:page\s+)?[-–—|]?\s*(\d{1,4})\s*[-–—|]?(?:\s*(?:of|/)\s*\d{1,4})?\s*", re.IGNORECASE
)
_CONTENTS = re.compile(r"\s*\S.{2,150}?(?:\s*\.(?:\s?\.){3,}\s*|\s{3,}|\t\s*)(\d{1,4})\s*")
_TITLED = re.compile(r"#*\s*(?:table of )?contents:?", re.IGNORECASE)
_LONE_BULLET = re.compile(r"\s*[●•◦▪‣⁃∙○■□➢➤]\s*")
_ENTRY_MARKS = re.compile(r"^#+\s*|[\s.]*\d*\s*$|[^\w\s]+")
_DIGITS = re.compile(r"\d+")
_ENTRY_LENGTH = 250
# A line that stands at the edge of this share of the pages, and on three at least, is furniture.
_RUNNING_SHARE = 0.5


@dataclass(slots=True)
class Row:
    """One line. ``page`` is the number of the page that starts with it, if one does.

    ``dropped`` names why it is left out of the text (``""``: it is not). ``line`` counts the
    lines of the source from 1.
    """

    text: str
    page: int | None = None
    dropped: str = ""
    line: int = 0

    @property
    def bare(self) -> str:
        """The line without blanks at its ends."""
        return self.text.strip()

    @property
    def indent(self) -> int:
        """How many blanks stand before the line's first word."""
        return len(self.text) - len(self.text.lstrip())


def rows_of(text: str) -> list[Row]:
    """The lines of ``text`` with their pages; furniture and contents are marked as dropped."""
    rows = _paged(text.expandtabs(4))
    if not any(row.page is not None for row in rows):
        _pages_from_numbers(rows)
    _mark_edges(rows)
    _mark_contents(rows)
    _mark_titled_contents(rows)
    _join_lone_bullets(rows)
    return rows


def _paged(text: str) -> list[Row]:
    rows: list[Row] = []
    explicit = bool(re.search(rf"^{PAGE_MARK.pattern}$", text, re.MULTILINE | re.IGNORECASE))
    feeds = not explicit and "\f" in text
    start: int | None = 1 if feeds else None
    count = 1
    for number, line in enumerate(text.split("\n"), 1):
        if explicit and (mark := PAGE_MARK.fullmatch(line)):
            start = int(next(group for group in mark.groups() if group))
            continue
        pieces = line.split("\f") if "\f" in line else [line]
        for index, piece in enumerate(pieces):
            if index and feeds:
                count += 1
                start = count
            rows.append(Row(piece.rstrip(), start, line=number))
            start = None
    if start is not None:
        rows.append(Row("", start))
    return rows


def _pages_from_numbers(rows: list[Row]) -> None:
    """Lines that hold but a number, counting up through the text, end the pages they number."""
    found = [
        (index, int(match[1]))
        for index, row in enumerate(rows)
        if (match := _NUMBER_LINE.fullmatch(row.text))
        and (index == 0 or not rows[index - 1].bare)
        and (row.indent >= 20 or index + 1 == len(rows) or not rows[index + 1].bare)
    ]
    chain = _counting(found)
    if len(chain) < 3:
        return
    rows[0].page = max(1, chain[0][1])
    for index, number in chain:
        rows[index].dropped = "page number"
        if index + 1 < len(rows):
            rows[index + 1].page = number + 1


def _counting(found: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest way through ``found`` whose numbers rise by one to three at each step."""
    best: dict[int, tuple[int, int | None]] = {}
    ends: dict[int, int] = {}
    for place, (_, number) in enumerate(found):
        before = [ends[n] for n in range(number - 3, number) if n in ends]
        parent = max(before, key=lambda at: (best[at][0], at), default=None)
        length = 1 + (best[parent][0] if parent is not None else 0)
        best[place] = (length, parent)
        if number not in ends or best[ends[number]][0] <= length:
            ends[number] = place
    if not best:
        return []
    at: int | None = max(best, key=lambda place: (best[place][0], -place))
    chain = []
    while at is not None:
        chain.append(found[at])
        at = best[at][1]
    return chain[::-1]


def _mark_edges(rows: list[Row]) -> None:
    """Page numbers and running heads: the outermost lines of pages, where they repeat."""
    starts = [index for index, row in enumerate(rows) if row.page is not None]
    if len(starts) < 3:
        return
    edges: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
        filled = [i for i in range(start, end) if rows[i].bare and not rows[i].dropped]
        page = rows[start].page or 0
        edges += [(index, page) for index in dict.fromkeys([*filled[:2], *filled[-2:]])]
    count = Counter(_DIGITS.sub("#", rows[index].bare) for index, _ in edges)
    needed = max(3, _RUNNING_SHARE * len(starts))
    for index, _ in edges:
        row = rows[index]
        if len(row.bare) <= 120 and count[_DIGITS.sub("#", row.bare)] >= needed:
            number = _NUMBER_LINE.fullmatch(row.text)
            row.dropped = "page number" if number else "running head"


def _mark_contents(rows: list[Row]) -> None:
    """Three lines or more in a row that end in page numbers are a table of contents."""
    filled = [index for index, row in enumerate(rows) if row.bare and not row.dropped]
    flags = [
        len(rows[index].text) <= _ENTRY_LENGTH and bool(_CONTENTS.fullmatch(rows[index].text))
        for index in filled
    ]
    at = 0
    while at < len(filled):
        if not flags[at]:
            at += 1
            continue
        end = at
        # an entry that is too long for its line leaves one line without a number
        while end < len(filled) and (flags[end] or (end + 1 < len(filled) and flags[end + 1])):
            end += 1
        listed = sum(flags[at:end])
        numbers = [
            int(match[1])
            for index in filled[at:end]
            if (match := _CONTENTS.fullmatch(rows[index].text[:_ENTRY_LENGTH]))
        ]
        rising = sum(1 for a, b in pairwise(numbers) if a <= b)
        if listed >= 3 and rising >= 0.8 * (len(numbers) - 1):
            first = at - 1 if at and _TITLED.fullmatch(rows[filled[at - 1]].bare) else at
            for index in filled[first:end]:
                rows[index].dropped = "contents"
        at = max(end, at + 1)


def _mark_titled_contents(rows: list[Row]) -> None:
    """Under the title "Contents": every line that stands again further down, as a heading does."""
    title = next((i for i, row in enumerate(rows[:3000]) if _TITLED.fullmatch(row.bare)), None)
    if title is None:
        return
    filled = [i for i in range(title + 1, len(rows)) if rows[i].bare and not rows[i].dropped]
    keys = [_key(rows[index].bare) for index in filled]
    count = Counter(keys)
    last, missed, entries = 0, 0, 0
    for place, (index, key) in enumerate(zip(filled, keys, strict=True)):
        if not key:
            continue
        if count[key] > 1 and len(rows[index].bare) <= 150:
            entries, missed, last = entries + 1, 0, place + 1
        else:
            missed += 1
        count[key] -= 1
        if missed > 3:
            break
    # the numbers of pages, on lines of their own, go with the entries before them
    while last < len(filled) and not keys[last]:
        last += 1
    if entries >= 3:
        rows[title].dropped = "contents"
        for index in filled[:last]:
            rows[index].dropped = "contents"


def _key(words: str) -> str:
    """The words of a contents entry or heading, without numbers at either end."""
    parts = _ENTRY_MARKS.sub(" ", words).lower().split()
    while parts and (parts[0].isdigit() or len(parts[0]) == 1):
        del parts[0]
    return " ".join(parts)


def _join_lone_bullets(rows: list[Row]) -> None:
    """A bullet on a line of its own belongs to the next line."""
    for index, row in enumerate(rows):
        if row.dropped or not _LONE_BULLET.fullmatch(row.text):
            continue
        for after in rows[index + 1 : index + 3]:
            if after.bare and not after.dropped:
                after.text = f"{row.text.rstrip()} {after.bare}"
                row.text = ""
                break
