"""Headings to sections: numbers read from titles, levels, paths, and the tiling of the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from cardwatch.model import Section, Span

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
