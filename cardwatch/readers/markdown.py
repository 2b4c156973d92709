"""Markdown to a document: the text as it is rendered, with the marks kept as places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from cardwatch.errors import NoText
from cardwatch.model import BlockKind, Document, MarkKind, Source
from cardwatch.readers.building import Builder, superscript
from cardwatch.readers.front_matter import split_front_matter
from cardwatch.readers.html_walk import BLOCKS, INLINE, SILENT, Element, Walker, page_mark
from cardwatch.readers.layout import read_lines, reads_as_layout
from cardwatch.readers.notes import tie_notes
from cardwatch.readers.options import ReadOptions

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

NAME = "markdown"
VERSION = "1"

# Directive fences (":::note", ":::", "::::turn{label=...}") stand on lines of their own. They are
# turned into comments that only this module writes: a private character opens them.
_PRIVATE = "\ue000"
_DIRECTIVE = re.compile(r"^ {0,3}:{3,}[ \t]*([A-Za-z][\w-]*)?(\[[^\]\n]*\])?(\{[^}\n]*\})?[ \t]*$")
_DIRECTIVE_LABEL = re.compile(r'(?:label|title)="([^"]*)"')
# A page mark that shares its line with words would make the whole line HTML: it becomes a number
# between two private characters, found again when the words are written.
_INLINE_PAGE = re.compile(r"<!--\s*(?:p|pg|page)[.:\s]\s*(\d{1,5})\s*-->", re.IGNORECASE)
_PAGE_WORD = re.compile("\ue001(\\d{1,5})\ue002")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_TEXT_DIRECTIVE = re.compile(r"(?<![\w:]):[A-Za-z][\w-]*\[([^\]\n]*)\](?:\{[^}\n]*\})?")
_NOTE_REFERENCE = re.compile(r"\[\^([^\]\s]{1,40})\]")
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)([^>]*)>", re.DOTALL)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_KINDS = {
    "caption": BlockKind.CAPTION,
    "figcaption": BlockKind.CAPTION,
    "quote": BlockKind.QUOTE,
    "transcript": BlockKind.QUOTE,
    "turn": BlockKind.QUOTE,
}
_MARKS = {
    "strong": MarkKind.BOLD,
    "b": MarkKind.BOLD,
    "em": MarkKind.ITALIC,
    "i": MarkKind.ITALIC,
    "u": MarkKind.UNDERLINE,
    "ins": MarkKind.UNDERLINE,
    "s": MarkKind.STRIKE,
    "del": MarkKind.STRIKE,
}
# Blank lines that were taken out of a table, at most, before a line of it.
_NEAR_LINES = 60
_SENTENCE_END = re.compile(r"[.!?:;…][\"'”’)\]]*$")


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The document that a Markdown file renders to.

    Raises ``NoText`` when nothing is left but markup, ``TooLarge`` over ``options.max_bytes``.
    """
    from cardwatch.readers.decoding import decode

    text, note = decode(data, options, where=source.location)
    front, body = split_front_matter(text)
    builder = Builder(front.source(source), NAME, VERSION)
    if front.raw:
        builder.drop("front matter", front.raw)
    if note:
        builder.unread("encoding", note)
    deep = _deep_line(body)
    if deep:
        where = f"from line {front.lines + deep}"
        builder.unread("deep nesting", f"{where}: quotes are nested over {_DEEPEST} deep")
    if reads_as_layout(body):
        read_lines(body, builder, front.lines)
    else:
        _Reader(builder).read(body, front.lines)
    builder.cut_related()
    document = tie_notes(builder.finish(title=front.title, published=front.published))
    if not document.text:
        raise NoText(
            "its text is nested too deeply to be read" if deep else "the file holds no text",
            hint="take the text out of its quotes" if deep else "",
            where=source.location,
        )
    return document


# Deeper than this the parser leaves out what stands in quotes and lists.
_DEEPEST = 60
_DEEP = re.compile(rf"^[ \t]*(?:>[ \t]?){{{_DEEPEST},}}[ \t]*[^>\s]", re.MULTILINE)


def _deep_line(body: str) -> int:
    """The line (from 1) of the first words that are quoted too deeply to be read, or 0."""
    found = _DEEP.search(body)
    return body.count("\n", 0, found.start()) + 1 if found else 0


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.footnote import footnote_plugin

    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": _DEEPEST})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin)
    # bodies of footnotes stay where the author put them, on their pages
    return parser.disable(["footnote_tail", "footnote_inline"])


class _Reader:
    """Writes one Markdown text into a builder."""

    def __init__(self, builder: Builder) -> None:
        self.builder = builder
        self.lists: list[tuple[bool, int]] = []
        self.quotes = 0
        self.kinds: list[BlockKind | None] = []
        self.note = False
        self.bullet = ""
        self.turned_page = False
        self.opening = False
        self.starts: list[tuple[str, int, str]] = []
        self.raised = 0
        self.row = self.column = -1

    def read(self, text: str, above: int = 0) -> None:
        """Write all of ``text``, which has so many lines ``above`` it; what is open is closed."""
        plain = _without_directives(text)
        lines = _line_numbers(plain, text)
        for token in _parser().parse(plain):
            if token.map and token.map[0] < len(lines):
                self.builder.source_line = above + lines[token.map[0]]
            self._block(token)
        self.builder.end_note()
        self.builder.end()

    # ---------------------------------------------------------------- blocks

    def _block(self, token: Token) -> None:
        kind, builder = token.type, self.builder
        if kind == "inline":
            self._inline(token.children or [])
        elif kind == "heading_open":
            builder.begin(BlockKind.HEADING, level=int(token.tag[1]))
        elif kind == "paragraph_open":
            self.starts.clear()
            self.raised = 0
            self.opening = True
        elif kind in ("bullet_list_open", "ordered_list_open"):
            self.lists.append((kind.startswith("ordered"), 0))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self.lists.pop()
            builder.end()
        elif kind == "list_item_open":
            self.bullet = f"{token.info}{token.markup}" if token.info else "•"
            builder.end()
        elif kind in ("blockquote_open", "blockquote_close"):
            self.quotes += 1 if kind.endswith("open") else -1
            builder.end()
        elif kind in ("fence", "code_block"):
            builder.begin(BlockKind.CODE)
            builder.listing(token.content)
            builder.end()
        elif kind == "html_block":
            self._html(token.content)
        elif kind == "footnote_reference_open":
            builder.begin_note(str(token.meta.get("label", "")))
            self.note = True
        elif kind == "footnote_reference_close":
            builder.end_note()
            self.note = False
        else:
            self._table(kind)

    def _table(self, kind: str) -> None:
        builder = self.builder
        if kind == "table_open":
            builder.begin(BlockKind.TABLE)
            self.row = -1
        elif kind == "table_close":
            builder.end()
        elif kind == "tr_open":
            self.row, self.column = self.row + 1, -1
        elif kind in ("th_open", "td_open"):
            self.column += 1
            self.starts.clear()
            builder.cell(self.row, self.column, header=kind == "th_open")

    def _html(self, markup: str) -> None:
        """An HTML block: a page mark, a directive, or elements to walk."""
        match = _COMMENT.fullmatch(markup.strip())
        if match:
            self._comment(match[1], between_blocks=True)
            return
        known = BLOCKS | INLINE | SILENT
        tags = _TAG.findall(markup)
        if tags and not any(name.lower() in known for _, name, _ in tags):
            # a made-up tag is shown by who wrote it, not meant for a browser
            for line in markup.strip().split("\n\n"):
                self._begin(line)
                self.builder.say(line)
            return
        for root in fragments(markup):
            self.builder.end()
            Walker(self.builder, say=self._say).walk(root)

    def _comment(self, text: str, *, between_blocks: bool) -> None:
        if text.startswith(_PRIVATE):
            self._directive(text[1:])
            return
        number = page_mark(text)
        if number is not None:
            if not between_blocks:
                self.builder.say(" ")
            self.builder.page(number)
            self.turned_page = between_blocks
        else:
            self.builder.drop("comment", text)

    def _directive(self, text: str) -> None:
        self.builder.end()
        name, _, label = text.partition(" ")
        if not name:
            if self.kinds:
                self.kinds.pop()
            return
        self.kinds.append(_KINDS.get(name.lower()))
        if label:
            self.builder.begin(BlockKind.PARAGRAPH)
            self.builder.say(label)
            self.builder.end()

    def _begin(self, first: str) -> None:
        """Open the block that a paragraph is, or go on with the one before the page turned."""
        builder, turned = self.builder, self.turned_page
        self.turned_page = False
        if turned and builder.open_kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            tail = builder.last
            if first[:1].islower() and not _SENTENCE_END.search(tail) and not self.bullet:
                start = builder.at
                builder.say(" ")
                builder.mend("page break", "\n\n", start)
                return
        if self.note:
            builder.begin(BlockKind.FOOTNOTE)
        elif self.lists:
            marker, self.bullet = self.bullet, ""
            builder.begin(BlockKind.LIST_ITEM, level=len(self.lists), marker=marker)
        else:
            kind = next((kind for kind in reversed(self.kinds) if kind), None)
            builder.begin(kind or (BlockKind.QUOTE if self.quotes else BlockKind.PARAGRAPH))

    # ---------------------------------------------------------------- lines

    def _inline(self, tokens: Sequence[Token]) -> None:
        if self.opening:
            self.opening = False
            first = next((token.content for token in tokens if token.content.strip()), "")
            self._begin(first.lstrip())
        for token in tokens:
            self._run(token)

    def _run(self, token: Token) -> None:
        kind, builder = token.type, self.builder
        if kind == "text":
            self._say(token.content)
        elif kind == "softbreak":
            builder.say(" ")
        elif kind == "hardbreak":
            builder.line_break()
        elif kind == "code_inline":
            builder.say(token.content)
        elif kind == "html_inline":
            self._tag(token.content)
        elif kind == "image":
            builder.unread("figure", " ".join(token.content.split())[:300])
        elif kind == "footnote_ref":
            label = str(token.meta.get("label", ""))
            self._call(label)
        elif kind.endswith("_open"):
            href = token.attrGet("href") if kind == "link_open" else None
            self.starts.append((token.tag, builder.at, str(href or "")))
        elif kind.endswith("_close"):
            self._close(token.tag)

    def _say(self, text: str) -> None:
        if "\ue001" in text:
            pieces = _PAGE_WORD.split(text)
            for words, number in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
                self._say(words)
                if number:
                    self.builder.say(" ")
                    self.builder.page(int(number))
            return
        if ":" in text:
            text = _TEXT_DIRECTIVE.sub(r"\1", text)
        at = 0
        for match in _NOTE_REFERENCE.finditer(text):
            self.builder.say(text[at : match.start()])
            self._call(match[1])
            at = match.end()
        rest = text[at:]
        self.builder.say(superscript(rest) if self.raised and rest.strip() else rest)

    def _call(self, label: str) -> None:
        start = self.builder.at
        self.builder.say(superscript(label) if label.isdecimal() else f"[{label}]")
        self.builder.call_note(label, start)

    def _close(self, tag: str) -> None:
        for index in range(len(self.starts) - 1, -1, -1):
            name, start, href = self.starts[index]
            if name == tag:
                del self.starts[index:]
                break
        else:
            return
        if tag == "a":
            self.builder.link(href, start)
        elif tag in _MARKS:
            self.builder.mark(_MARKS[tag], start)

    def _tag(self, markup: str) -> None:
        """One HTML tag or comment inside a line."""
        if comment := _COMMENT.fullmatch(markup):
            self._comment(comment[1], between_blocks=False)
            return
        match = _TAG.fullmatch(markup)
        name = match[2].lower() if match else ""
        if match is None or name not in INLINE | BLOCKS | SILENT:
            self.builder.say(markup)
        elif name == "br":
            self.builder.line_break()
        elif name == "sup":
            self.raised = 0 if match[1] else 1
        elif name == "img":
            self.builder.unread("figure")
        elif name in BLOCKS:
            self.builder.say(" ")
        elif match[1]:
            self._close({"strong": "strong", "em": "em"}.get(name, name))
        else:
            href = _HREF.search(match[3])
            target = next((part for part in href.groups() if part), "") if href else ""
            self.starts.append((name, self.builder.at, target))


def fragments(markup: str) -> Iterator[Element]:
    """The elements of a piece of HTML, in order; none where it has no words."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        yield html.document_fromstring(
            f"<div>{markup}</div>".encode("utf-8", "replace"), parser=parser
        )
    except etree.LxmlError:
        return


def _line_numbers(plain: str, text: str) -> list[int]:
    """For each line of ``plain`` its number in ``text``: some blank lines went, comments came.

    A line that is nowhere near was written anew and stands for the next one that is not blank.
    """
    numbers, at = [], 0
    source = text.split("\n")
    for line in plain.split("\n"):
        if line.strip():
            near = range(at, min(len(source), at + _NEAR_LINES))
            filled = next((place for place in near if source[place].strip()), at)
            at = next((place for place in near if source[place] == line), filled) + 1
        numbers.append(max(1, at))
    return numbers


def _without_directives(text: str) -> str:
    """``text`` with its directive fences turned into private comments, code left alone."""
    text = text.translate({ord(char): None for char in "\ue000\ue001\ue002"})
    text = "\n".join(
        _INLINE_PAGE.sub("\ue001\\1\ue002", line)
        if "<!--" in line and "<tr" not in line and not _COMMENT.fullmatch(line.strip())
        else line
        for line in text.split("\n")
    )
    text = re.sub(
        r"<table\b.*?</table>",
        lambda match: re.sub(r"\n\s*\n", "\n", match.group()),
        text,
        flags=re.DOTALL | re.IGNORECASE,
    )
    if ":::" not in text:
        return text
    lines, fence = [], ""
    for line in text.split("\n"):
        opened = _FENCE.match(line)
        if opened and (not fence or line.strip().startswith(fence)):
            fence = "" if fence else opened[1]
        match = None if fence else _DIRECTIVE.match(line)
        lines.append(_directive_comment(match) if match else line)
    return "\n".join(lines)


def _directive_comment(match: re.Match[str]) -> str:
    label = (match[2] or "")[1:-1]
    if not label and match[3] and (found := _DIRECTIVE_LABEL.search(match[3])):
        label = found[1]
    words = f"{match[1] or ''} {label}".rstrip().replace("--", "– ").replace(">", "›")
    return f"\n<!--{_PRIVATE}{words}-->\n"
