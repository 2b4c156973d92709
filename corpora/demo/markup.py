"""The small part of Markdown in which the demo card is written, and what is done to its words.

``parse`` turns a source into blocks and footnotes; ``inline`` turns a block's text into the
markup of the typesetter. Everything here is pure: the same source gives the same blocks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape

SOFT_HYPHEN = "\u00ad"

# Two consonants that English does not part at the end of a line.
_KEPT = "|".join(
    "bl br ch ck cl cr dg dr fl fr gh gl gn gr kn ng ph pl pr qu sc sh sk sp ss st th tr tw wh"
    " wr".split()
)
_BREAKS = (
    re.compile(
        r"(?<=\w{3})(?=(?:tion|sion|ment|ness|able|ible|less|fier|ship|ward|ical|ity|ous)s?$)"
    ),
    re.compile(r"(?<=^inter)(?=\w{4})|(?<=^under)(?=\w{4})|(?<=^over)(?=\w{4})|(?<=^safe)(?=g)"),
    re.compile(rf"(?<=[aeiou])(?!{_KEPT})[bcdfglmnprstvz](?=[bcdfgkmnpqtv][aeiou]\w\w)"),
)


@dataclass(frozen=True)
class Block:
    """One block: ``kind`` is heading, text, item, table, figure, caption, quote or mark."""

    kind: str
    text: str = ""
    level: int = 0
    bullet: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass
class Source:
    """A parsed source: its front matter, its blocks in order, and its footnotes by name."""

    meta: dict[str, str] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def note_order(self) -> dict[str, int]:
        """Number footnotes from 1 in the order in which the text refers to them."""
        order: dict[str, int] = {}
        for block in self.blocks:
            for name in re.findall(r"\[\^(\w+)\]", block.text):
                order.setdefault(name, len(order) + 1)
        return order


def parse(text: str) -> Source:
    """Parse a source. Blocks are parted by blank lines; lists may be tight."""
    source = Source()
    if text.startswith("---\n"):
        head, text = text[4:].split("\n---\n", 1)
        source.meta = dict(line.split(": ", 1) for line in head.splitlines())
    for chunk in re.split(r"\n{2,}", text.strip()):
        note = re.match(r"\[\^(\w+)\]:\s+(.*)", chunk, re.DOTALL)
        if note:
            source.notes[note[1]] = note[2]
        else:
            source.blocks.extend(_blocks(chunk))
    return source


def _blocks(chunk: str) -> list[Block]:
    heading = re.match(r"(#{2,4}) (.*)", chunk)
    if heading:
        return [Block("heading", heading[2], level=len(heading[1]) - 1)]
    if chunk.startswith("<!--"):
        return [Block("mark", chunk.strip("<!-> "))]
    if chunk.startswith("|"):
        rows = [tuple(c.strip() for c in line.strip("|").split("|")) for line in chunk.splitlines()]
        return [Block("table", rows=(rows[0], *rows[2:]))]
    figure = re.match(r"!\[(.*)\]\((.*)\)", chunk)
    if figure:
        return [Block("figure", figure[2])]
    if re.match(r"\*\*(Table|Figure) ", chunk):
        return [Block("caption", chunk)]
    if chunk.startswith(">"):
        return [Block("quote", line[2:]) for line in chunk.splitlines() if line != ">"]
    if re.match(r"- |\d+\. ", chunk):
        items = [re.match(r"(-|\d+\.) (.*)", line) for line in chunk.splitlines()]
        return [Block("item", i[2], bullet="•" if i[1] == "-" else i[1]) for i in items if i]
    return [Block("text", chunk)]


def inline(text: str, numbers: dict[str, int] | None = None, hyphenate: bool = True) -> str:
    """Turn a block's text into typesetter's markup.

    ``numbers`` gives the footnotes' numbers; without it marks are left out. ``hyphenate`` puts
    soft hyphens into long words, where a line may be broken.
    """
    out = []
    for part in re.split(r"(\[\^\w+\]|\[[^\]]+\]\([^)]+\)|`[^`]+`)", text):
        note = re.fullmatch(r"\[\^(\w+)\]", part)
        link = re.fullmatch(r"\[([^\]]+)\]\(([^)]+)\)", part)
        if note:
            number = (numbers or {}).get(note[1])
            if number:
                out.append(f'<super size="7"><a href="#note-{number}">{number}</a></super>')
        elif link:
            out.append(f'<a href="{escape(link[2])}" color="#1f4e79">{escape(link[1])}</a>')
        elif part.startswith("`"):
            out.append(f'<font face="Courier" size="9">{escape(part[1:-1])}</font>')
        else:
            out.append(_styled(part, hyphenate))
    return "".join(out)


def plain(text: str) -> str:
    """Give a block's text without its markup, as an outline shows it."""
    return re.sub(r"[*`]|\[\^\w+\]", "", text)


def ligatures(markup: str) -> str:
    """Set fi and fl as single glyphs, as good fonts do; tags are left alone."""
    parts = re.split(r"(<[^>]*>)", markup)
    return "".join(
        p if p.startswith("<") else p.replace("fi", "\ufb01").replace("fl", "\ufb02") for p in parts
    )


def _styled(text: str, hyphenate: bool) -> str:
    if hyphenate:
        text = re.sub(r"\b[a-z]{8,}\b", lambda m: _hyphens(m[0]), text)
    text = escape(text, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\*(.+?)\*", r"<i>\1</i>", text)


def _hyphens(word: str) -> str:
    places = {m.end() for pattern in _BREAKS for m in pattern.finditer(word)}
    for place in sorted(places, reverse=True):
        if place >= 3 and len(word) - place >= 3:
            word = word[:place] + SOFT_HYPHEN + word[place:]
    return word
