"""Lines laid out for print to blocks: paragraphs joined, headings and lists by their look."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from cardwatch.model import BlockKind
from cardwatch.readers.building import Builder
from cardwatch.readers.rows import Row, rows_of
from cardwatch.readers.sections import split_number

_ATX = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_UNDERLINE = re.compile(r"\s*(={3,}|-{3,}|~{3,})\s*")
_RULE = re.compile(r"\s*([-=_*~#·.•+])(?:\s*\1){4,}\s*")
_BULLET = re.compile(r"\s*([●•◦▪‣⁃∙○■□➢➤✓]|[-*–—o](?=\s))\s*(?=\S)")
_NUMBERED = re.compile(
    r"\s*(\((?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})\)|(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]"
    r"|\d{1,3}(?:\.\d{1,3})+\.?)\s+(?=\S)"
)
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*[¹²³⁰⁴-⁹]*$")
_WORD_HEADING = re.compile(
    r"(?:section|article|chapter|part|appendix|annex|schedule|exhibit)\s+"
    r"(?:\d+(?:\.\d+)*|[ivxlc]+|[a-z])(?:\s*[.:)–—-]|\s+[A-Z]|$)",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(\d{1,2}(?:\.\d{1,3})+|[A-Z]\.\d{1,3}(?:\.\d{1,3})*)[.)]?\s+[A-Z“\"‘(]")
_INTEGER = re.compile(r"(?:\d{1,2}|[IVX]{1,5})[.)]?\s+[A-Z“\"‘]")
_WORD = re.compile(r"[^\W\d_][\w’'-]*")
# A clause of a contract: number, title, and the words run on in the same line.
_CLAUSE = re.compile(r"\s{0,4}(?P<number>\d{1,2})[.)]?\s+(?P<title>[A-Z][^.:!?]{2,70})[.:](?=\s|$)")
# Columns of a table set with blanks; justified lines have no gaps as wide.
_GAP = re.compile(r"(?<=\S)\s{3,}(?=\S)")
_CODE = re.compile(r"[<>{}=]|\w\(|\[\w*\]")
_HEADING_WORDS = 14
_HEADING_LENGTH = 110
# Lines longer than this are not wrapped by hand: each is a paragraph.
_WRAPPED_LIMIT = 140


def read_lines(text: str, builder: Builder, above: int = 0) -> None:
    """Write a laid-out text into ``builder``: headings, lists, paragraphs joined from lines.

    ``above`` counts the lines of the source that stand before ``text``.
    """
    rows = rows_of(text)
    layout = _Layout(builder, _wrap(rows), _vocabulary(rows), _clauses(rows))
    layout.hashes = any(_ATX.fullmatch(row.bare) for row in _first_filled(rows, 60))
    layout.read(rows, above)


def reads_as_layout(text: str) -> bool:
    """Whether a text under a Markdown name is really lines laid out for print.

    No Markdown heading or link stands in it, and many of its lines are indented.
    """
    lines = [line for line in text.split("\n")[:4000] if line.strip()]
    if len(lines) < 20:
        return False
    if any(_ATX.fullmatch(line) or "](" in line or line.startswith("```") for line in lines):
        return False
    indented = sum(1 for line in lines if line.startswith("    "))
    return indented * 20 > len(lines)


def _wrap(rows: list[Row]) -> int:
    """The width at which lines are wrapped; 0 where they are not."""
    lengths = sorted(
        len(row.text)
        for row, after in pairwise(rows)
        if row.bare and after.bare and not row.dropped and not _ATX.fullmatch(row.text)
    )
    if not lengths:
        return 0
    wide = lengths[int(len(lengths) * 0.9)]
    return wide if 30 <= wide <= _WRAPPED_LIMIT else 0


def _first_filled(rows: list[Row], count: int) -> list[Row]:
    return [row for row in rows[: 4 * count] if row.bare and not row.dropped][:count]


def _clauses(rows: list[Row]) -> dict[int, int]:
    """Lines that open a numbered clause with its title, and where the title ends.

    They count from 1 through the text, three at least: a single one is an item of a list.
    """
    found: list[tuple[int, int]] = []
    ends: dict[int, int] = {}
    for index, row in enumerate(rows):
        match = None if row.dropped else _CLAUSE.match(row.text)
        if match is None or not _title_case(match["title"]) or len(match["title"].split()) > 9:
            continue
        if not row.text.rstrip().endswith(":") or match.end() < len(row.text.rstrip()):
            found.append((index, int(match["number"])))
            ends[index] = match.end()
    chain: list[int] = []
    for index, number in found:
        if number == len(chain) + 1:
            chain.append(index)
    return {index: ends[index] for index in chain} if len(chain) >= 3 else {}


def _vocabulary(rows: list[Row]) -> frozenset[str]:
    """Words that stand whole in the text, to tell whether a hyphen at a line's end is theirs."""
    if not any(row.text.endswith("-") for row in rows):
        return frozenset()
    return frozenset(word.lower() for row in rows for word in _WORD.findall(row.text))


@dataclass
class _Layout:
    builder: Builder
    wrap: int
    vocabulary: frozenset[str]
    clauses: dict[int, int]
    hashes: bool = False
    indents: list[int] = field(default_factory=list)
    level: int = 0
    numbered_level: int = 0
    turned: bool = False
    last: Row | None = None
    atx: int = 0
    seen: int = 0
    row: int = 0

    def read(self, rows: list[Row], above: int) -> None:
        kept = []
        for row in rows:
            if row.dropped:
                kept.append(Row("", row.page, line=row.line))
                kept[-1].dropped = f"{row.dropped}\0{row.bare}"
            else:
                kept.append(row)
        skip = False
        tables = _table_rows(kept)
        for index, row in enumerate(kept):
            self.builder.source_line = above + row.line if row.line else 0
            if row.page is not None:
                self.builder.page(row.page)
                self.turned = True
            if row.dropped:
                kind, _, words = row.dropped.partition("\0")
                self.builder.drop(kind, words)
            if skip:
                skip = False
            elif index in tables:
                self._table_row(row)
            elif index in self.clauses:
                end = self.clauses[index]
                self._heading(1, row.text[:end].strip())
                if row.text[end:].strip():
                    self._body(Row(row.text[end:].strip()), first=True)
                    self.last = Row(row.text)
            elif row.bare:
                before = kept[index - 1] if index else None
                after = kept[index + 1] if index + 1 < len(kept) else None
                skip = self._row(row, before, after, _next_filled(kept, index))
            else:
                self.last = None
        self.builder.end()

    def _row(self, row: Row, before: Row | None, after: Row | None, following: Row | None) -> bool:
        """Write one line; whether the next one belongs to it (an underline)."""
        builder = self.builder
        first = before is None or not before.bare
        alone = first and (after is None or not after.bare)
        underlined = after is not None and _UNDERLINE.fullmatch(after.text)
        if _RULE.fullmatch(row.text):
            builder.end()
            self.last = None
            return False
        if self.hashes and (atx := _ATX.fullmatch(row.bare)):
            self._atx(len(atx[1]), atx[2], joined=not first)
            return False
        self.atx = 0
        if underlined and first and len(row.bare) <= _HEADING_LENGTH:
            self._heading(1 if underlined[1][0] == "=" else 2, row.bare)
            return True
        level = self._heading_level(row, alone=alone, first=first, after=after, following=following)
        if level:
            self._heading(level, row.bare)
            return False
        self._body(row, first=first)
        self.last = row
        self.seen += 1
        return False

    def _table_row(self, row: Row) -> None:
        if self.builder.open_kind is not BlockKind.TABLE:
            self.builder.begin(BlockKind.TABLE)
            self.builder.unread("table", "its columns were told apart by blanks alone")
            self.row = 0
        for column, words in enumerate(_GAP.split(row.bare)):
            self.builder.cell(self.row, column)
            self.builder.say(words)
        self.row += 1
        self.last = None

    # ---------------------------------------------------------------- headings

    def _atx(self, level: int, words: str, *, joined: bool) -> None:
        builder = self.builder
        if joined and self.atx == level and not split_number(words)[0]:
            builder.say(" " + words)
        else:
            builder.begin(BlockKind.HEADING, level=level)
            builder.say(words)
        self.atx, self.level = level, level
        self.last = None

    def _heading(self, level: int, words: str) -> None:
        self.builder.begin(BlockKind.HEADING, level=level)
        self.builder.say(words)
        self.builder.end()
        self.level, self.last = level, None
        if split_number(words)[0]:
            self.numbered_level = level
        self.indents.clear()

    def _heading_level(
        self, row: Row, *, alone: bool, first: bool, after: Row | None, following: Row | None
    ) -> int:
        """The level of the heading that a line is, or 0."""
        words = row.bare
        if len(words) > _HEADING_LENGTH or len(words.split()) > _HEADING_WORDS:
            return 0
        if not _WORD.search(words) or words[-1] in ",;" or _BULLET.match(row.text):
            return 0
        if _CODE.search(words):
            return 0
        if self.last is not None and not alone and not _ends(self.last.bare) and not first:
            return 0
        numbered = self._numbered_level(row, alone=alone, after=after, following=following)
        if numbered or words[-1] in ".:":
            return numbered
        if _capitals(words) and (first or alone):
            return 1 if self.seen == 0 or not self.level else min(2, self.level + 1)
        if alone and not self.seen and not self.level and words[0].isupper():
            return 1 if _title_case(words) else 0
        return self._plain_level(row, alone=alone, first=first, after=after, following=following)

    def _numbered_level(
        self, row: Row, *, alone: bool, after: Row | None, following: Row | None
    ) -> int:
        words = row.bare
        short = bool(self.wrap) and len(row.text) < 0.75 * self.wrap
        lone = alone or (short and after is not None and after.bare[:1].isupper())
        if _WORD_HEADING.match(words) and lone and words[-1] != ".":
            return 1
        if match := _DOTTED.match(words):
            title = words[match.end() - 1 :]
            sentence = words[-1] in ".:" and len(title.split()) > 6
            return match[1].count(".") + 1 if lone and not sentence else 0
        if not _INTEGER.match(words):
            return 0
        if not alone:
            body = after is not None and len(after.text) >= 0.7 * self.wrap > 0
            opens = body and after is not None and after.bare[:1].isupper()
            return 1 if opens and short and words[-1].isalpha() and len(words.split()) < 9 else 0
        number, title = split_number(words)
        in_list = following is not None and split_number(following.bare)[0].isdecimal()
        if not number or in_list or len(title.split()) > 10 or title[-1] == ":":
            return 0
        return 1 if title[-1] != "." or _title_case(title) else 0

    def _plain_level(
        self, row: Row, *, alone: bool, first: bool, after: Row | None, following: Row | None
    ) -> int:
        """A short unnumbered line before a long one, in text that is wrapped."""
        words = row.bare
        if not self.wrap or not first or len(words.split()) > 9 or not words[0].isupper():
            return 0
        if ":" in words:
            return 0
        if len(row.text) > 0.6 * self.wrap or row.indent > 8 or words[-1].isdigit():
            return 0
        body = following if alone else after
        if body is None or not body.bare[:1].isupper() or len(body.text) < 0.7 * self.wrap:
            return 0
        if alone and not _title_case(words):
            return 0
        return min(self.numbered_level + 1, 6)

    # ---------------------------------------------------------------- paragraphs and lists

    def _body(self, row: Row, *, first: bool) -> None:
        builder, words = self.builder, row.bare
        turned, self.turned = self.turned, False
        marker = self._marker(row, first=first)
        if marker:
            self._item(row, marker)
        elif self._goes_on(row, first=first, turned=turned):
            self._join(words, "page break" if turned else "line break")
        else:
            inside = row.indent > 0 and self.indents and row.indent > self.indents[-1]
            if inside and not first:
                builder.begin(BlockKind.LIST_ITEM, level=len(self.indents))
            else:
                self.indents.clear()
                builder.begin(BlockKind.PARAGRAPH)
            builder.say(words)

    def _goes_on(self, row: Row, *, first: bool, turned: bool) -> bool:
        kind = self.builder.open_kind
        if kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            return False
        tail = self.builder.last
        if first:
            return turned and row.bare[:1].islower() and not _ends(tail)
        if not self.wrap or self.last is None:
            return bool(self.wrap)
        ended = _ends(self.last.bare)
        if ended and len(self.last.text) < 0.6 * self.wrap and row.bare[:1].isupper():
            return False
        return not (ended and row.indent > self.last.indent + 1 and kind is BlockKind.PARAGRAPH)

    def _marker(self, row: Row, *, first: bool) -> str:
        if match := _BULLET.match(row.text):
            return match[1]
        match = _NUMBERED.match(row.text)
        if match is None:
            return ""
        if first or self.last is None:
            return match[1]
        # in the middle of a paragraph a number is a marker only where the line before has ended
        # and this one does not stand deeper, as the second line of an item does
        level = self.indents[-1] if self.indents else self.last.indent
        return match[1] if _ends(self.last.bare) and row.indent <= level + 4 else ""

    def _item(self, row: Row, marker: str) -> None:
        while self.indents and row.indent < self.indents[-1]:
            self.indents.pop()
        if not self.indents or row.indent > self.indents[-1]:
            self.indents.append(row.indent)
        words = row.bare[len(marker) :].lstrip()
        self.builder.begin(
            BlockKind.LIST_ITEM, level=min(len(self.indents), 9), marker=marker.rstrip()
        )
        self.builder.say(words)

    def _join(self, words: str, kind: str) -> None:
        builder = self.builder
        if builder.last == "-" and words[:1].islower():
            start = builder.at
            left, right = builder.tail_word()[:-1], _WORD.match(words)
            if right and (left + right.group()).lower() in self.vocabulary:
                builder.unsay(1)
                builder.mend("hyphen", "-\n", start - 1)
            builder.say(words)
            return
        start = builder.at
        builder.say(" ")
        if kind == "page break":
            builder.mend(kind, "\n\n", start)
        builder.say(words)


def _table_rows(rows: list[Row]) -> frozenset[int]:
    """Lines that stand in tables: three or more with wide gaps, with no others between them."""
    gapped = [
        not row.dropped and bool(_GAP.search(row.bare)) and not _BULLET.match(row.text)
        for row in rows
    ]
    filled = [index for index, row in enumerate(rows) if row.bare]
    found: set[int] = set()
    at = 0
    while at < len(filled):
        end = at
        while end < len(filled) and _in_table(rows, gapped, filled[end]):
            if end > at and filled[end] - filled[end - 1] > 2:
                break
            end += 1
        if sum(gapped[index] for index in filled[at:end]) >= 3 and gapped[filled[at]]:
            found.update(filled[at:end])
        at = max(end, at + 1)
    return frozenset(found)


def _in_table(rows: list[Row], gapped: list[bool], index: int) -> bool:
    """A line with a gap, or one that a cell of two lines leaves right before such a line."""
    if gapped[index]:
        return True
    after = index + 1
    return after < len(rows) and gapped[after] and bool(rows[index - 1].bare) and index > 0


def _next_filled(rows: list[Row], index: int) -> Row | None:
    return next((row for row in rows[index + 1 : index + 8] if row.bare), None)


def _ends(words: str) -> bool:
    return bool(_SENTENCE_END.search(words[-12:]))


def _capitals(words: str) -> bool:
    letters = [char for char in words if char.isalpha()]
    return len(letters) >= 4 and all(char.isupper() for char in letters)


def _title_case(words: str) -> bool:
    long = [word for word in _WORD.findall(words) if len(word) > 3]
    return bool(long) and sum(word[0].isupper() for word in long) >= 0.6 * len(long)
