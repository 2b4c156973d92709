"""Headings to sections: numbers read from titles, levels, paths, and the tiling of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cardwatch.model import Block, BlockKind, Mark, MarkKind, Section, Span

_WORD_NUMBER = re.compile(
    r"(?P<number>(?P<word>section|article|chapter|part|appendix|annex|schedule|exhibit|title)\s+"
    r"(?:\d+(?:\.\d+)*[a-z]?|[ivxlc]+|[a-z](?:\.\d+)*))(?:\s*[.:)\]–—-]+\s*|\s+|$)(?P<title>.*)",
    re.IGNORECASE | re.DOTALL,
)
_DOTTED = re.compile(
    r"(?:§\s*)?(?P<number>\d{1,3}(?:\.\d{1,3})+|[A-Z]\.\d{1,3}(?:\.\d{1,3})*)[.:)]?\s+(?P<title>\S.*)",
    re.DOTALL,
)
_POINTED = re.compile(
    r"(?:§\s*)?(?P<number>\d{1,3}|[IVXLC]{1,6}|[A-Z])(?:\.|\)|:|\s[–—-])\s+(?P<title>\S.*)",
    re.DOTALL,
)
_LONE = re.compile(r"(?:§\s*)?(?P<number>\d{1,2})\s+(?P<title>[A-ZÀ-Þ“\"‘'(].*)", re.DOTALL)
_APPENDIX = re.compile(r"(?:appendix|annex|appendices|annexes)\b", re.IGNORECASE)
# A title stands within the first characters of a text.
_TITLE_WITHIN = 3_000
# A heading in bold longer than this is a paragraph that its author wanted read.
_HEADING_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as it stands in the text. ``level`` 1 is the top."""

    span: Span
    text: str
    level: int


def split_number(text: str) -> tuple[str, str]:
    """The number that a heading carries (``""``: none) and its title without it.

    ``1.5 Scope`` gives ``1.5``, ``Appendix A: Method`` gives ``Appendix A``, ``§ 4. Terms``
    gives ``4``. A lone integer counts only before a capital: ``2 Aims``, not ``3 months``.
    """
    text = " ".join(text.split())
    for pattern in (_WORD_NUMBER, _DOTTED, _POINTED, _LONE):
        if match := pattern.match(text):
            return match["number"], match["title"].strip() or match["number"]
    return "", text


def sections_of(length: int, headings: Sequence[Heading]) -> tuple[Section, ...]:
    """Sections that tile a text of ``length`` characters, one for each heading in order.

    Text before the first heading is a section of level 0 without a title. A numbered heading
    whose number extends that of an open section (1.5 under 1) is its child, whatever its style.
    """
    sections: list[Section] = []
    if not headings or headings[0].span.start > 0:
        end = headings[0].span.start if headings else length
        sections.append(Section(Span(0, end), Span(0, end), Span(0, 0), "", "", 0, ()))
    stack: list[int] = []
    starts = [heading.span.start for heading in headings[1:]] + [length]
    for heading, end in zip(headings, starts, strict=False):
        number, title = split_number(heading.text)
        level = _level(heading.level, number, [sections[index] for index in stack])
        while stack and sections[stack[-1]].level >= level:
            _close(sections, stack.pop(), heading.span.start)
        above = sections[stack[-1]] if stack else None
        appendix = bool(_APPENDIX.match(heading.text)) or (above is not None and above.appendix)
        span = Span(heading.span.start, end)
        path = (*(above.path if above else ()), title)
        parent = stack[-1] if stack else None
        stack.append(len(sections))
        sections.append(
            Section(span, span, heading.span, title, number, level, path, parent, appendix)
        )
    while stack:
        _close(sections, stack.pop(), length)
    return tuple(sections)


def _close(sections: list[Section], index: int, end: int) -> None:
    section = sections[index]
    sections[index] = replace(section, extent=Span(section.span.start, end))


def _level(level: int, number: str, above: Sequence[Section]) -> int:
    """The level of a heading, deeper than the open section whose number its own extends."""
    if "." not in number:
        return max(1, level)
    for section in reversed(above):
        if section.number and number.startswith(f"{section.number}."):
            return max(level, section.level + 1)
    return max(1, level)


def title_of(given: str, headings: list[Heading], text: str) -> str:
    """The given title, else the highest heading near the start, else the first line."""
    if given:
        return given[:300]
    if headings:
        near = [h for h in headings if h.span.start < _TITLE_WITHIN] or headings[:1]
        first = min(near, key=lambda heading: heading.level)
        return " ".join(first.text.split())[:300]
    return text.split("\n", 1)[0][:120].strip()


def with_bold_headings(
    blocks: tuple[Block, ...], marks: list[Mark], text: str
) -> tuple[Block, ...]:
    """Paragraphs that are wholly bold and short become headings, where a document has few others.

    A document with a heading tree of its own uses bold paragraphs for run-in labels; one
    without it uses them as its headings. A title alone is no tree.
    """
    bold = _bold_runs(marks, text)
    found = [
        index
        for index, block in enumerate(blocks)
        if block.kind is BlockKind.PARAGRAPH
        and len(block.span) <= _HEADING_LIMIT
        and bold.get(block.span.start, -1) >= block.span.end - 1
        and text[block.span.end - 1] not in ".,;"
        and "\n" not in text[block.span.start : block.span.end]
    ]
    headed = [block for block in blocks if block.kind is BlockKind.HEADING]
    if len(found) < 2 or len(headed) > max(1, len(found) // 3):
        return blocks
    out, level = list(blocks), 0
    chosen = set(found)
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.HEADING:
            level = block.level
        elif index in chosen:
            out[index] = replace(block, kind=BlockKind.HEADING, level=level + 1)
    return tuple(out)


def _bold_runs(marks: list[Mark], text: str) -> dict[int, int]:
    """Start and end of every run of bold text; blanks between two marks do not part a run."""
    runs: dict[int, int] = {}
    start = end = -1
    for mark in sorted(m.span for m in marks if m.kind is MarkKind.BOLD):
        if start < 0 or text[end : mark.start].strip(" ") or mark.start < end:
            start = mark.start if start < 0 or mark.start >= end else start
        end = max(end, mark.end)
        runs[start] = end
    return runs
