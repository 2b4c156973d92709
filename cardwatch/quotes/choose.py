"""Which words of a document are meant: by words that stand there, or by a saved finding."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import islice
from typing import Any

from cardwatch.errors import BadReference
from cardwatch.model import Document, Span
from cardwatch.quotes.search import find_near
from cardwatch.quotes.tokens import Tokens, tokens

# A report on a document of a thousand pages is some tens of megabytes.
_LONGEST = 200_000_000
_PLACES = 1_000
_LISTED = 5


def find_words(document: Document, words: str, within: Span, nth: int = 0) -> Span:
    """The place of ``words`` between the ends of ``within``: the only one, or the ``nth`` from 1.

    Kinds of quotation mark and dash, line breaks and letter case do not matter.

    Raises:
        BadReference: they do not stand there, or in several places; it lists these.
    """
    wanted = [token.bare for token in tokens(words) if token.is_word]
    source = Tokens(document.text)
    spans = [
        span
        for first in islice(source.find(wanted), _PLACES)
        if within.contains(span := _span(source, first, first + len(wanted) - 1))
    ]
    if not spans:
        near = find_near(wanted, source)
        hint = "cardwatch read writes the text as it is searched"
        if near is not None:
            passage = document.passage(_span(source, near.first, near.last))
            hint = f"the nearest words are “{' '.join(passage.quote.split())[:200]}”" + (
                f", p. {passage.page}" if passage.page is not None else ""
            )
        raise _wrong("these words do not stand there", hint, document)
    if nth > len(spans):
        raise _wrong(f"there are {len(spans)} such places only", "", document)
    if len(spans) > 1 and not nth:
        raise _several(document, spans)
    return spans[max(0, nth - 1)]


def _span(source: Tokens, first: int, last: int) -> Span:
    row = source.between(first, last)
    return Span(row[0].start, row[-1].end)


def _several(document: Document, spans: list[Span]) -> BadReference:
    places = []
    for number, span in enumerate(spans[:_LISTED], 1):
        page = document.page_at(span.start)
        place = f"p. {page}" if page is not None else document.section_at(span.start).label
        places.append(f"{number}: {place or span.start}")
    more = f" and {len(spans) - _LISTED} more" if len(spans) > _LISTED else ""
    return _wrong(
        f"these words stand in {len(spans)} places",
        f"choose one with --nth, or narrow it with --page or --section: {'; '.join(places)}{more}",
        document,
    )


def _wrong(message: str, hint: str, document: Document) -> BadReference:
    return BadReference(message, hint=hint, where=document.source.location)


def finding_span(document: Document, report: bytes, name: str, where: str) -> Span:
    """The place of a finding, by its id or its rank from 1, in saved JSON of gaps or of a diff.

    Of a change between editions, the side that this document is.

    Raises:
        BadReference: the JSON is no such report, has no such finding, or is of another text.
    """
    _, chosen = _chosen(report, name, where)
    for passage in (chosen, chosen.get("new"), chosen.get("old")):
        span = _stands(document, passage)
        if span is not None:
            return span
    raise BadReference(
        "the finding is of another document, or of another edition of it",
        hint="its words do not stand at its place here",
        where=where,
    )


def finding_source(report: bytes, name: str, where: str) -> tuple[str, str]:
    """The location and SHA-256 of the document that a finding of a saved report stands in.

    Of a change between editions, the new one, if the words stand there.

    Raises:
        BadReference: the JSON is no such report, has no such finding, or names no document.
    """
    plain, chosen = _chosen(report, name, where)
    body = plain["revision"] if isinstance(plain.get("revision"), dict) else plain
    side = "document" if "document" in plain else "new" if chosen.get("new") else "old"
    source = body.get(side)
    location, digest = (
        (source.get("location"), source.get("sha256")) if isinstance(source, dict) else ("", "")
    )
    if not isinstance(location, str) or not isinstance(digest, str) or not location:
        raise BadReference("names no document", hint="name it before --finding", where=where)
    return location, digest


def _chosen(report: bytes, name: str, where: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """A saved report and its finding of an id or rank."""
    if len(report) > _LONGEST:
        raise BadReference(f"over the limit of {_LONGEST:,} bytes", where=where)
    try:
        plain = json.loads(report)
    except (ValueError, RecursionError) as wrong:
        raise BadReference(
            "not JSON", hint="cardwatch gaps --json writes it", where=where
        ) from wrong
    found = _findings(plain)
    if found is None:
        hint = "cardwatch gaps --json and cardwatch diff --json write reports"
        raise BadReference("not a report with findings", hint=hint, where=where)
    chosen = next((each for each in found if each.get("id") == name), None)
    rank = name.removeprefix("#")
    if chosen is None and rank.isdecimal() and 0 < int(rank[:9]) <= len(found):
        chosen = found[int(rank[:9]) - 1]
    if chosen is None:
        raise BadReference(
            f"no finding {name[:80]!r}", hint="a finding is named by its id or rank", where=where
        )
    return plain, chosen


def _findings(plain: Any) -> list[Mapping[str, Any]] | None:
    for name in ("gaps", "changes"):
        rows = plain.get(name) if isinstance(plain, dict) else None
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
    return None


def _stands(document: Document, passage: Any) -> Span | None:
    """The span of a passage whose words stand at it in the document."""
    if not isinstance(passage, dict) or not isinstance(passage.get("span"), dict):
        return None
    start, end = passage["span"].get("start"), passage["span"].get("end")
    if not (type(start) is int and type(end) is int and 0 <= start < end <= len(document.text)):
        return None
    return Span(start, end) if document.text[start:end] == passage.get("quote") else None
