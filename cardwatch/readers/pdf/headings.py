"""Which pieces are headings, and how deep: from the outline, or from numbers and fonts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cardwatch.model import BlockKind
from cardwatch.readers.pdf.blocks import Metrics, Piece

_NUMBERED = re.compile(
    r"(?:(?:section|chapter|part|article|appendix|annex)\s+)?"
    r"(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,3})*|[IVX]{1,5})[.:)]?\s+(?=\S)",
    re.IGNORECASE,
)
_WORD_NUMBER = re.compile(r"(?:appendix|annex|chapter|part|section)\b", re.IGNORECASE)
_PLAIN = re.compile(r"[\W_]+")
_LIMIT = 200
# A title page holds a title, names, a date and an address: not more characters than this.
_COVER_LIMIT = 400

Style = tuple[float, str, bool]


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """One entry of a document's outline; ``page`` counts from 1, ``level`` from 1."""

    title: str
    level: int
    page: int


def mark_headings(
    pieces: list[Piece], outline: Sequence[OutlineEntry], metrics: Metrics
) -> list[Piece]:
    """The pieces, headings among them marked as such and given their levels.

    With an outline its titles are looked up on their pages; headings in the same styles that
    it leaves out are added. Without one, headings are found by style and number.
    """
    matched = _match(pieces, outline)
    found = find_headings(pieces, metrics)
    if len(matched) < 3 or len(matched) < 0.4 * sum(1 for entry in outline if entry.title):
        levels = found
        levels.update({at: level for at, level in matched.items() if at not in levels})
    else:
        depth: dict[Style, Counter[int]] = defaultdict(Counter)
        for at, level in matched.items():
            depth[_style(pieces[at])][level] += 1
        levels = dict(matched)
        for at in found:
            counts = depth.get(_style(pieces[at]))
            if at not in levels and counts:
                levels[at] = counts.most_common(1)[0][0]
    for at, level in levels.items():
        piece = pieces[at]
        piece.kind, piece.level, piece.marker, piece.text_at = BlockKind.HEADING, level, "", 0
    return pieces


def find_headings(pieces: Sequence[Piece], metrics: Metrics) -> dict[int, int]:
    """Index and level of each heading, without help from an outline."""
    styles: dict[Style, list[int]] = defaultdict(list)
    cover = _cover(pieces)
    for at, piece in enumerate(pieces):
        if at not in cover and _may_head(piece, metrics):
            styles[_style(piece)].append(at)
    chosen: dict[int, Style] = {}
    larger = [style for style in styles if style[0] > 1.04 * metrics.size]
    numbered = {
        style: [at for at in ats if _number(pieces[at].text)] for style, ats in styles.items()
    }
    tree = sum(len(styles[style]) for style in larger) + sum(map(len, numbered.values())) >= 3
    for style, ats in styles.items():
        if style in larger:
            chosen.update((at, style) for at in ats)
        elif numbered[style]:
            chosen.update((at, style) for at in numbered[style])
        elif not tree:
            chosen.update((at, style) for at in ats)
    return _levels(pieces, chosen)


def _cover(pieces: Sequence[Piece]) -> set[int]:
    """The pieces of a title page that are no title: dates, names, addresses.

    A title page is a first page of few words; its title is what is set largest.
    """
    first = [at for at, piece in enumerate(pieces) if piece.page == 1 and piece.lines]
    if not first or sum(len(pieces[at].text) for at in first) > _COVER_LIMIT:
        return set()
    largest = max(_style(pieces[at])[0] for at in first)
    return {at for at in first if _style(pieces[at])[0] < largest}


def _may_head(piece: Piece, metrics: Metrics) -> bool:
    """Whether a piece looks like a heading: short, apart, not a sentence, not body style."""
    if piece.kind not in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) or len(piece.lines) > 4:
        return False
    if piece.kind is BlockKind.LIST_ITEM and not piece.marker[:1].isalnum():
        return False
    text = piece.text
    if not 1 < len(text) <= _LIMIT or not any(char.isalpha() for char in text):
        return False
    if text[-1] in ",;" or (text[-1] == "." and len(text) > 60) or piece.lines[-1].broken:
        return False
    size, font, bold = _style(piece)
    if size > 1.04 * metrics.size:
        return True
    if size < 0.97 * metrics.size:
        return bold and size > 0.85 * metrics.size and "." in _number(text)
    family = font.split("-")[0] != metrics.font.split("-")[0]
    whole = all(line.bold for line in piece.lines)
    return (bold and whole and not metrics.bold) or (family and bool(_number(text)))


def _style(piece: Piece) -> Style:
    line = max(piece.lines, key=lambda line: line.size)
    return round(line.size * 2) / 2, line.font.name, line.font.bold


def _number(text: str) -> str:
    """The number that opens a heading: ``2``, ``A.1``, ``Appendix B``; ``""`` without one."""
    match = _NUMBERED.match(text)
    if not match:
        return ""
    number = match["number"]
    if (
        number.isalpha()
        and not _WORD_NUMBER.match(text)
        and text[len(number) : len(number) + 1] not in ".:)"
    ):
        return ""
    return number


def _levels(pieces: Sequence[Piece], chosen: dict[int, Style]) -> dict[int, int]:
    """Levels: the depth of its number, else that usual for its style, else its rank by size."""
    depth: dict[Style, Counter[int]] = defaultdict(Counter)
    for at, style in chosen.items():
        if number := _number(pieces[at].text):
            depth[style][number.count(".") + 1] += 1
    order = sorted(set(chosen.values()), key=lambda style: (-style[0], style[1]))
    known = {style: counts.most_common(1)[0][0] for style, counts in depth.items()}
    level = 1
    for style in order:
        if style in known:
            level = known[style] + 1
        else:
            known[style] = level
            if not any(other in depth for other in order):
                level += 1
    out: dict[int, int] = {}
    for at, style in sorted(chosen.items()):
        number = _number(pieces[at].text)
        out[at] = number.count(".") + 1 if "." in number else known[style]
        if number and "." not in number and style in depth:
            out[at] = 1
    return out


# -------------------------------------------------------------------- the outline


def plain(text: str) -> str:
    """``text`` for comparing titles: letters and digits only, in one case."""
    return _PLAIN.sub("", text).casefold()


def _match(pieces: Sequence[Piece], outline: Sequence[OutlineEntry]) -> dict[int, int]:
    """Index and level of the pieces that the outline names, found near the page it gives."""
    names: dict[tuple[int, str], list[int]] = defaultdict(list)
    for at, piece in enumerate(pieces):
        if piece.lines and len(piece.lines) <= 5:
            for name in _names(piece):
                names[piece.lines[0].page, name].append(at)
    out: dict[int, int] = {}
    shift = _root(outline)
    for entry in outline:
        wanted = plain(entry.title)
        for page in (entry.page, entry.page + 1, entry.page - 1):
            near = names.get((page, wanted), []) if wanted else []
            while near and near[0] in out:
                near.pop(0)
            if near:
                out[near[0]] = max(1, entry.level - shift)
                break
    return out


def _names(piece: Piece) -> set[str]:
    """What an outline may call a piece: its words with its number, or without."""
    text = piece.text
    names = {plain(f"{piece.marker} {text}"), plain(text)}
    if _number(text):
        names.add(plain(text.split(None, 1)[-1]))
    return names - {""}


def _root(outline: Sequence[OutlineEntry]) -> int:
    """1 if a single entry, the title, stands above all others, else 0."""
    tops = [entry for entry in outline if entry.level == 1]
    return int(len(tops) == 1 and len(outline) > 1 and outline[0] is tops[0])
