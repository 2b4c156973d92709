"""A tree of HTML elements, walked in order into a builder."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cardwatch.model import BlockKind, MarkKind
from cardwatch.readers.building import Builder, superscript

# Elements that start and end a block; all others run on in the line.
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav"
    " ol option p pre search section summary table tbody td tfoot th thead tr ul".split()
)
# Elements whose content is no text of the document.
SILENT = frozenset(
    "applet area audio base basefont button canvas datalist embed head iframe input link map math"
    " meta noembed noframes noscript object param picture progress script select source style svg"
    " template textarea title track video".split()
)
INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd label mark nobr"
    " output q rp rt ruby s samp small span strike strong sub sup time tt u var wbr".split()
)
_PICTURES = frozenset("audio canvas embed iframe img object picture svg video math".split())
_MARKS = {
    "b": MarkKind.BOLD,
    "strong": MarkKind.BOLD,
    "summary": MarkKind.BOLD,
    "em": MarkKind.ITALIC,
    "i": MarkKind.ITALIC,
    "u": MarkKind.UNDERLINE,
    "ins": MarkKind.UNDERLINE,
    "s": MarkKind.STRIKE,
    "del": MarkKind.STRIKE,
    "strike": MarkKind.STRIKE,
}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PAGE = re.compile(r"\s*(?:p|pg|page)[.:\s]\s*(\d{1,5})\s*", re.IGNORECASE)
# What an anchor that leads back from a footnote, or to a heading's own place, consists of.
_ARROWS = re.compile(r"[\s↩↑⤴⬆^¶§#🔗\ufe0e\ufe0f\[\]]*")
# A cell of a layout table holds this many words or more; of a data table, hardly ever.
_LAYOUT_WORDS = 150

# lxml ships no types, and its stubs do not know comments and entities as elements
Element = Any


def page_mark(comment: str) -> int | None:
    """The page that starts at an HTML comment such as ``p. 12`` or ``page 12``, if it says so."""
    match = _PAGE.fullmatch(comment)
    return int(match[1]) if match else None


def words_of(element: Element, limit: int = 20_000) -> str:
    """The words of an element, run together, for a record; at most about ``limit`` characters."""
    parts, size = [], 0
    for text in element.itertext():
        parts.append(text)
        size += len(text)
        if size > limit:
            break
    return " ".join(" ".join(parts).split())


@dataclass
class _Table:
    row: int = -1
    column: int = 0
    taken_until: dict[int, int] = field(default_factory=dict)
    head: bool = False


@dataclass
class Walker:
    """Writes elements into ``builder``.

    ``dropped`` names why an element is left out (``""``: it is not). ``notes`` maps the ids of
    footnote bodies to their labels. ``say``, when given, writes running text instead of the
    builder's own verb: Markdown has marks of its own inside HTML.
    """

    builder: Builder
    dropped: Callable[[Element], str] = lambda _element: ""
    say: Callable[[str], None] | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    lists: list[tuple[bool, int]] = field(default_factory=list)
    kinds: list[tuple[BlockKind, int]] = field(default_factory=list)
    tables: list[_Table] = field(default_factory=list)
    ignored_tables: int = 0
    quiet_tables: int = 0
    listing: int = 0
    raised: int = 0
    bullet: str = ""
    bold_until: int = -1
    starts: list[tuple[Element, int]] = field(default_factory=list)

    def walk(self, root: Element) -> None:
        """Write ``root`` and all that it holds, in order, without recursion."""
        from lxml import etree

        walker = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        skipped: Element = None
        for event, element in walker:
            if event == "start":
                if self._left_out(element, is_root=element is root):
                    skipped = element
                    walker.skip_subtree()
                else:
                    self._start(element)
            elif event == "comment":
                self._comment(element.text or "")
            elif event == "pi":
                pass
            elif element is skipped:
                skipped = None
            elif isinstance(element.tag, str):
                self._end(element)
            if event != "start" and element is not root and element.tail:
                self._text(element.tail)

    def _left_out(self, element: Element, *, is_root: bool) -> bool:
        tag = element.tag
        if not isinstance(tag, str):
            return True
        if tag in _PICTURES:
            self._picture(element)
            return True
        if tag in SILENT:
            return True
        why = "" if is_root else self.dropped(element)
        if why:
            self.builder.drop(why, words_of(element))
        return bool(why)

    def _picture(self, element: Element) -> None:
        alt = element.get("alt") or element.get("aria-label") or element.get("title") or ""
        decorative = element.tag == "svg" or element.get("role") == "presentation"
        if element.get("alt") == "" or (decorative and not alt):
            return
        small = (element.get("width") or "").strip() in ("0", "1")
        if not small:
            self.builder.unread("figure", " ".join(alt.split())[:300])

    # ---------------------------------------------------------------- elements

    def _start(self, element: Element) -> None:
        tag = element.tag
        label = self.notes.get(element.get("id") or "")
        if label is not None and not self.tables:
            self.builder.begin_note(label)
            self.kinds.append((BlockKind.FOOTNOTE, 0))
        if tag in BLOCKS:
            self._start_block(element)
        elif tag == "br":
            self._break_line()
        elif tag == "sup":
            self.raised += 1
        elif tag == "q":
            self._text("“")  # a browser prints the marks; so they are words of the page
        if tag in _MARKS or tag == "a":
            self.starts.append((element, self.builder.at if not self.builder.is_blank else -1))
        if element.text:
            self._text(element.text)

    def _break_line(self) -> None:
        """A line break; a second one, or one after a line all in bold, ends the paragraph."""
        builder = self.builder
        ends = builder.last == "\n" or self.bold_until == builder.at
        if self.listing:
            builder.raw("\n")
        elif ends and builder.open_kind is BlockKind.PARAGRAPH and not builder.is_blank:
            builder.end()
        else:
            builder.line_break()

    def _end(self, element: Element) -> None:
        tag = element.tag
        if self.starts and self.starts[-1][0] is element:
            _, start = self.starts.pop()
            self._emphasise(element, start)
        if tag in BLOCKS:
            self._end_block(element)
        elif tag == "sup":
            self.raised -= 1
        elif tag == "q":
            self._text("”")
        if self.notes.get(element.get("id") or "") is not None and not self.tables:
            self.builder.end_note()
            self.kinds.pop()

    def _emphasise(self, element: Element, start: int) -> None:
        builder = self.builder
        if not builder.open_kind:
            return
        start = max(start, builder.base)
        if element.tag != "a":
            builder.mark(_MARKS[element.tag], start)
            if _MARKS[element.tag] is MarkKind.BOLD and start == builder.base:
                self.bold_until = builder.at
            return
        target = (element.get("href") or "").strip()
        if not target:
            return
        label = self.notes.get(target[1:]) if target.startswith("#") else None
        if label is not None:
            builder.call_note(label, start)
        else:
            builder.link(target, start)

    def _start_block(self, element: Element) -> None:
        tag = element.tag
        if tag == "table" or self.tables:
            self._start_in_table(element)
            return
        self.builder.end()
        if tag in _HEADINGS:
            self.kinds.append((BlockKind.HEADING, _HEADINGS[tag]))
        elif tag in ("ul", "ol", "menu", "dir"):
            self.lists.append((tag == "ol", _integer(element.get("start"), 1)))
        elif tag == "li":
            self._start_item(element)
        elif tag == "blockquote":
            self.kinds.append((BlockKind.QUOTE, 0))
        elif tag in ("figcaption", "caption"):
            self.kinds.append((BlockKind.CAPTION, 0))
        elif tag == "pre":
            self.kinds.append((BlockKind.CODE, 0))
            self.listing += 1

    def _start_item(self, element: Element) -> None:
        numbered, number = self.lists[-1] if self.lists else (False, 1)
        value = _integer(element.get("value"), number)
        self.bullet = f"{value}." if numbered else "•"
        if self.lists:
            self.lists[-1] = (numbered, value + 1)
        self.kinds.append((BlockKind.LIST_ITEM, max(1, len(self.lists))))

    def _end_block(self, element: Element) -> None:
        tag = element.tag
        if self.tables:
            self._end_in_table(element)
            return
        if tag == "table":
            self.ignored_tables -= 1
        self.builder.end()
        if tag in ("ul", "ol", "menu", "dir"):
            self.lists.pop()
        elif tag in _HEADINGS or tag in ("li", "blockquote", "figcaption", "caption", "pre"):
            self.kinds.pop()
            self.listing -= tag == "pre"
            if tag == "li":
                self.bullet = ""

    # ---------------------------------------------------------------- tables

    def _start_in_table(self, element: Element) -> None:
        tag, builder = element.tag, self.builder
        if tag == "table" and not self.tables and not _is_data(element):
            self.ignored_tables += 1
            builder.end()
        elif tag == "table" and not self.tables:
            builder.begin(BlockKind.TABLE)
            self.tables.append(_Table())
        elif tag == "table":
            self.quiet_tables += 1
            builder.say(" ")
        elif tag == "caption" and builder.is_blank and not self.quiet_tables:
            builder.change(BlockKind.CAPTION)
        elif self.quiet_tables or tag not in ("tr", "td", "th", "thead", "tbody", "tfoot"):
            builder.say(" ")
        else:
            self._start_cell(element)

    def _start_cell(self, element: Element) -> None:
        table, tag = self.tables[-1], element.tag
        if tag == "thead":
            table.head = True
        elif tag == "tr":
            table.row, table.column = table.row + 1, 0
        elif tag in ("td", "th"):
            table.row = max(table.row, 0)
            while table.taken_until.get(table.column, 0) > table.row:
                table.column += 1
            self.builder.cell(table.row, table.column, header=tag == "th" or table.head)
            wide = min(_integer(element.get("colspan"), 1), 100)
            tall = min(_integer(element.get("rowspan"), 1), 10_000)
            if tall > 1:
                for column in range(table.column, table.column + wide):
                    table.taken_until[column] = table.row + tall
            table.column += max(1, wide)

    def _end_in_table(self, element: Element) -> None:
        tag = element.tag
        if tag == "table" and self.quiet_tables:
            self.quiet_tables -= 1
        elif tag == "table":
            self.tables.pop()
            self.builder.end()
        elif tag == "caption" and self.builder.open_kind is BlockKind.CAPTION:
            self.builder.begin(BlockKind.TABLE)
        elif tag == "thead":
            self.tables[-1].head = False
        elif tag not in ("tr", "td", "th", "tbody", "tfoot"):
            self.builder.say(" ")

    # ---------------------------------------------------------------- words

    def _comment(self, text: str) -> None:
        number = page_mark(text)
        if number is not None:
            if not self.builder.is_blank:
                self.builder.say(" ")
            self.builder.page(number)

    def _text(self, text: str) -> None:
        builder = self.builder
        if builder.open_kind is None:
            if not text.strip():
                return
            if _ARROWS.fullmatch(text):
                builder.drop("anchor", text)
                return
            self._open()
        elif _ARROWS.fullmatch(text) and text.strip() and self.starts and self._in_anchor():
            return
        if self.listing and not self.tables:
            builder.listing(text)
        elif (self.raised or self._calls_note()) and text.strip():
            if self.say and "[^" in text:
                self.say(text)
            else:
                builder.say(superscript(text.strip()))
        else:
            (self.say or builder.say)(text)

    def _in_anchor(self) -> bool:
        element = self.starts[-1][0]
        return element.tag == "a" and (element.get("href") or "#").startswith("#")

    def _calls_note(self) -> bool:
        if not self.notes or not self.starts:
            return False
        target = self.starts[-1][0].get("href") or ""
        return target.startswith("#") and target[1:] in self.notes

    def _open(self) -> None:
        kind, level = self.kinds[-1] if self.kinds else (BlockKind.PARAGRAPH, 0)
        if kind is BlockKind.LIST_ITEM:
            marker, self.bullet = self.bullet, ""
            if self.notes and any(note is BlockKind.FOOTNOTE for note, _ in self.kinds):
                kind, level, marker = BlockKind.FOOTNOTE, 0, ""
            self.builder.begin(kind, level=level, marker=marker)
        else:
            self.builder.begin(kind, level=level)


def _integer(text: str | None, default: int) -> int:
    try:
        value = int((text or "").strip()[:9])
    except ValueError:
        return default
    return value if value >= 0 else default


def _is_data(table: Element) -> bool:
    """Whether a table holds data, and does not merely lay out a page.

    Data has two columns or more; a heading cell settles it. Without one, headings, nested
    tables or long prose in the cells say that the table is layout.
    """
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return False
    widest = 0
    for row in table.iter("tr"):
        widest = max(widest, sum(1 for cell in row if cell.tag in ("td", "th")))
        if widest > 1:
            break
    if widest < 2:
        return False
    if next(table.iter("th"), None) is not None:
        return True
    if next(table.iterdescendants("table", "h1", "h2", "h3", "h4"), None) is not None:
        return False
    return all(len(words_of(cell).split()) < _LAYOUT_WORDS for cell in table.iter("td"))
