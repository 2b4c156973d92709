"""What a reader's reference means: a section, a page or a span, as people write them."""

from __future__ import annotations

import re
from collections.abc import Callable

from cardwatch.errors import BadReference
from cardwatch.model import Document, Section, Span


def locate(document: Document, reference: str) -> Span:
    """The place that a reader's reference means.

    ``p.13`` is a page (by its number, else by its printed label), ``1200-1400`` a span,
    ``1.5`` a section by number; else the words of a section's title, the beginning of one
    section's title, or words that stand in the title of one section only.

    Raises:
        BadReference: it leads nowhere, or to several sections.
    """
    wanted = " ".join(reference.split())
    if page := re.fullmatch(r"p(?:age|p?\.)? ?(\w+)", wanted, re.IGNORECASE):
        return _page(document, page[1])
    if span := re.fullmatch(r"(\d{1,12})-(\d{1,12})", wanted):
        return _given_span(document, int(span[1]), int(span[2]))
    return _section(document, wanted.removeprefix("§").strip())


def _page(document: Document, name: str) -> Span:
    for page in document.pages:
        if str(page.number) == name:
            return page.span
    for page in document.pages:
        if page.label == name:
            return page.span
    count = len(document.pages)
    raise BadReference(
        f"there is no page {name}",
        hint=f"it has {count} pages" if count else "this document has no pages",
        where=document.source.location,
    )


def _given_span(document: Document, start: int, end: int) -> Span:
    if not start < end <= len(document.text):
        raise BadReference(
            f"no text at {start}-{end}",
            hint=f"the text has {len(document.text)} characters",
            where=document.source.location,
        )
    return Span(start, end)


def _section(document: Document, wanted: str) -> Span:
    name = wanted.lower()
    tests: tuple[Callable[[Section], bool], ...] = (
        lambda section: section.number.rstrip(".").lower() == name.rstrip("."),
        lambda section: name in (section.title.lower(), section.label.lower()),
        lambda section: section.title.lower().startswith(name),
        # a bare number inside a title is no name of it: who writes 13 means a page or section 13
        lambda section: not name.isdigit() and name in section.label.lower(),
    )
    for test in tests:
        found = [section for section in document.sections if name and test(section)]
        if len(found) == 1:
            return found[0].extent
        if found:
            several = "; ".join(section.label for section in found[:5])
            raise BadReference(
                f"{len(found)} sections are called {wanted!r}",
                hint=f"name one by its number, or by its span from the outline: {several}",
                where=document.source.location,
            )
    raise BadReference(
        f"no section is called {wanted!r}",
        hint="cardwatch outline lists the sections; a page is written p.13, a span 1200-1400",
        where=document.source.location,
    )


def locate_in_both(old: Document, new: Document, reference: str) -> tuple[Span | None, Span | None]:
    """The place that a reference means in each of two editions; ``None`` in one that lacks it.

    Raises:
        BadReference: it leads nowhere in either.
    """
    found: list[Span | None] = []
    wrong: list[BadReference] = []
    for document in (old, new):
        try:
            found.append(locate(document, reference))
        except BadReference as error:
            found.append(None)
            wrong.append(error)
    if len(wrong) == len(found):
        raise wrong[-1]
    return found[0], found[1]
