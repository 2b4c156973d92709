"""The shape of a document: where its pages and sections begin, without its words.

A saved report has it for each document, so that a page of findings can be drawn from the
report alone; with the words that the report quotes it makes a document again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cardwatch.model import Coverage, Document, Page, Section, Source, Span


@dataclass(frozen=True, slots=True)
class PageStart:
    """A page's number and the offset of its first character."""

    number: int
    start: int


@dataclass(frozen=True, slots=True)
class SectionStart:
    """A section's heading and the offset of its first character; ``parent`` is an index."""

    start: int
    level: int
    number: str
    title: str
    parent: int | None


@dataclass(frozen=True, slots=True)
class Shape:
    """A document's title, its length in characters, and where its parts begin."""

    title: str
    characters: int
    pages: tuple[PageStart, ...]
    sections: tuple[SectionStart, ...]


def shape_of(document: Document) -> Shape:
    """The shape of a document."""
    return Shape(
        document.title,
        len(document.text),
        tuple(PageStart(page.number, page.span.start) for page in document.pages),
        tuple(
            SectionStart(each.span.start, each.level, each.number, each.title, each.parent)
            for each in document.sections
        ),
    )


def document_of(
    shape: Shape, source: Source, coverage: Coverage, quotes: Iterable[tuple[Span, str]]
) -> Document:
    """A document of that shape whose text is blank but for the ``quotes`` at their places.

    Raises:
        ValueError: a part begins before the one ahead of it, a quote reaches beyond the text,
            or it does not fill its span.
    """
    length = shape.characters
    pages = _spans([page.start for page in shape.pages], length)
    sections = _spans([section.start for section in shape.sections], length)
    return Document(
        text=_text(length, quotes),
        source=source,
        sections=tuple(
            Section(
                span=span,
                extent=span,
                heading=Span(span.start, span.start),
                title=each.title,
                number=each.number,
                level=each.level,
                path=(each.title,),
                parent=_parent(each.parent, at),
            )
            for at, (span, each) in enumerate(zip(sections, shape.sections, strict=True))
        )
        or (Section(Span(0, length), Span(0, length), Span(0, 0), "", "", 0, ()),),
        pages=tuple(Page(each.number, span) for span, each in zip(pages, shape.pages, strict=True)),
        coverage=coverage,
        title=shape.title,
        reader="saved",
        reader_version="1",
    )


def _parent(parent: int | None, at: int) -> int | None:
    """Only what stands ahead can be a parent, so that climbing always ends."""
    if parent is not None and not 0 <= parent < at:
        raise ValueError("a section's parent must stand ahead of it")
    return parent


def _spans(starts: list[int], length: int) -> list[Span]:
    return [
        Span(start, end)
        for start, end in zip(starts, [*starts[1:], length][: len(starts)], strict=True)
    ]


def _text(length: int, quotes: Iterable[tuple[Span, str]]) -> str:
    parts: list[str] = []
    at = 0
    for span, quote in sorted(set(quotes), key=lambda each: (each[0].start, -each[0].end)):
        if len(quote) != len(span) or span.end > length:
            raise ValueError(f"the quote at {span.start} does not fill its span")
        if span.end > at:
            start = max(at, span.start)
            parts.append(" " * (start - at))
            parts.append(quote[start - span.start :])
            at = span.end
    parts.append(" " * (length - at))
    return "".join(parts)
