"""Use cases about quoted words: chosen, pictured, verified, and packed as evidence."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cardwatch import app
from cardwatch.errors import BadReference, CardwatchError, QuoteError
from cardwatch.model import Document, Quote, Span

if TYPE_CHECKING:
    from cardwatch.quotes.evidence import Pack

# A saved quote is some kB, a saved report some MB.
_LONGEST = 200_000_000


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which words are meant. ``page``, ``section`` and ``span`` narrow where ``grep`` looks.

    Words that are looked for bring the sentences that they stand in, since half a sentence can
    say the opposite of the whole; ``words_only`` takes them alone. Without ``grep``, the whole
    of the place is meant. ``finding`` is an id or rank in the saved ``report``.
    """

    grep: str = ""
    nth: int = 0
    words_only: bool = False
    page: str = ""
    section: str = ""
    span: str = ""
    finding: str = ""
    report: Path | None = None


def choose(document: Document, chosen: Chosen) -> Span:
    """The place of the chosen words.

    Raises:
        BadReference: the choice leads nowhere, or to several places.
    """
    from cardwatch import quotes

    if chosen.finding:
        if chosen.report is None:
            raise BadReference(
                "a finding stands in a report", hint="name the saved JSON with --report"
            )
        data = file_bytes(chosen.report)
        return quotes.finding_span(document, data, chosen.finding, str(chosen.report))
    within = _within(document, chosen)
    if not chosen.grep:
        if within == Span(0, len(document.text)):
            raise BadReference(
                "say which words",
                hint="--grep WORDS, --page 13, --section 1.5, --span 1200-1400, or --finding ID",
            )
        return _trimmed(document, within)
    found = quotes.find_words(document, chosen.grep, within, chosen.nth)
    return found if chosen.words_only else _sentences(document, found)


def _within(document: Document, chosen: Chosen) -> Span:
    from cardwatch.references import locate

    within = Span(0, len(document.text))
    page = f"p.{chosen.page.removeprefix('p.')}" if chosen.page else ""
    for reference in (page, chosen.section, chosen.span):
        if reference:
            there = locate(document, reference)
            start, end = max(within.start, there.start), min(within.end, there.end)
            if start >= end:
                raise BadReference("these places have no words in common", where=reference)
            within = Span(start, end)
    return within


def _trimmed(document: Document, span: Span) -> Span:
    text = document.quote(span)
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, max(start, span.start + len(text.rstrip())))


def _sentences(document: Document, found: Span) -> Span:
    """The sentences that the words stand in, within their blocks."""
    from cardwatch import segment

    for block in document.blocks:
        if block.span.overlaps(found):
            for sentence in segment.sentence_spans(document.text, block.span.start, block.span.end):
                if sentence.overlaps(found):
                    found = found.cover(sentence)
    return found


def cite(document: Document, span: Span) -> tuple[Quote, bool]:
    """The quote at a place, and whether its words stand there only."""
    from cardwatch import quotes

    quoted = quotes.quote(document, span)
    return quoted, quotes.is_unique(quoted, document)


def picture(opened: app.Opened, quoted: Quote, password: str | None = None) -> bytes:
    """A PNG of the words on their page, or set plainly where the source has no pages to show."""
    from cardwatch.quotes import picture as drawing

    document = opened.document
    pages = drawing.pages_of(document, quoted.span)
    if not pages:
        return drawing.text_picture(quoted, document)
    from cardwatch.readers.options import ReadOptions
    from cardwatch.readers.pdf.picture import page_pictures

    options = ReadOptions(password=password)
    drawn = page_pictures(opened.data, pages, options=options, where=document.source.location)
    return drawing.page_picture(quoted, document, drawn)


def saved_quote(path: Path) -> Quote:
    """The quote in a file that ``cardwatch quote --json`` wrote.

    Raises:
        QuoteError: it holds no quote; it says what is wrong with which field.
    """
    from cardwatch import quotes

    return quotes.load_quote(file_bytes(path), str(path))


def source_of(quoted: Quote) -> str:
    """The path of the file that a quote was taken from, if it is still there.

    An address is not followed: a saved quote is verified offline, or against a document that is
    named.

    Raises:
        QuoteError: there is no such file.
    """
    location = quoted.source.location
    try:
        found = stat.S_ISREG(Path(location).stat().st_mode)
    except (OSError, ValueError):
        found = False
    if not found:
        raise QuoteError(
            "the file that was quoted is not at hand",
            hint="name the document to verify against after the quote",
            where=location,
        )
    return location


def pack(
    opened: app.Opened, quoted: Quote, *, authority: str = "", password: str | None = None
) -> Pack:
    """An evidence pack of quoted words; an ``authority`` (its address) is asked for a time-stamp.

    Raises:
        QuoteError: the authority gave no stamp.
    """
    from cardwatch.quotes import evidence, stamp
    from cardwatch.reports import Citation, View, render
    from cardwatch.store.warc import warc

    document, snapshot = opened.document, opened.snapshot
    _, unique = cite(document, quoted.span)
    forms = {"citation.txt": "plain", "annotation.json": "annotation"}
    cited = {
        name: render(Citation(quoted, unique, form), "terminal", View())
        for name, form in forms.items()
    }
    parts = evidence.Evidence(
        quote=quoted,
        document=document,
        data=opened.data,
        cited={"quote.json": render(Citation(quoted, unique), "json", View()), **cited},
        picture=picture(opened, quoted, password),
        snapshot=snapshot,
        warc=warc(snapshot) if snapshot is not None else b"",
    )
    asked = (lambda data: stamp.time_stamp(data, authority)) if authority else None
    return evidence.build(parts, asked)


def file_bytes(path: Path) -> bytes:
    """What a file holds, up to a limit.

    Raises:
        CardwatchError: it cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise CardwatchError(f"cannot be opened: {reason}", where=str(path)) from wrong
    if len(data) > _LONGEST:
        raise CardwatchError(f"over the limit of {_LONGEST:,} bytes", where=str(path))
    return data


def write_bytes(data: bytes, path: Path) -> None:
    """Write a file whole.

    Raises:
        CardwatchError: it cannot be written.
    """
    try:
        path.write_bytes(data)
    except OSError as wrong:
        raise CardwatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
