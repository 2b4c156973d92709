"""Use cases about quoted words: chosen, pictured, verified, and packed as evidence."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cardwatch import app
from cardwatch.errors import BadReference, CardwatchError, QuoteError
from cardwatch.model import Document, Quote, QuoteStatus, Snapshot, Span

if TYPE_CHECKING:
    from cardwatch.model.watch import Kept
    from cardwatch.quotes.evidence import Bracket, Pack
    from cardwatch.store import Store

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


def of_report(document: str, chosen: Chosen) -> tuple[str, Chosen]:
    """The document that is meant where a saved report stands in its place, with ``finding``.

    Raises:
        BadReference: the report has no such finding.
        QuoteError: its document is not at hand.
    """
    path = Path(document)
    if not chosen.finding or chosen.report or path.suffix.lower() != ".json" or not path.is_file():
        return document, chosen
    from cardwatch import quotes

    location, digest = quotes.finding_source(file_bytes(path), chosen.finding, document)
    return at_hand(location, digest, path), replace(chosen, report=path)


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


def source_of(quoted: Quote, saved: Path) -> str:
    """Where the quoted file is at hand: its bytes by their hash, else a file of its name.

    The bytes are looked for where the quote says that they were, beside the file ``saved`` that
    holds the quote (as in an evidence pack), and among the snapshots of the watch. Only if they
    are nowhere is a file taken that stands at the old place with other bytes. An address is not
    followed: a saved quote is verified offline, or against a document that is named.

    Raises:
        QuoteError: there is no such file.
    """
    source = quoted.source
    return at_hand(source.location, source.sha256, saved, source.url)


def at_hand(location: str, digest: str, saved: Path, url: str = "") -> str:
    """Where a file that a saved result names by location and SHA-256 is at hand.

    Raises:
        QuoteError: nowhere.
    """
    hints = [Path(location), saved.parent / location, saved.parent / Path(location).name]
    found = [path for path in hints if not location.startswith(("//", "\\\\")) and _is_file(path)]
    for path in found:
        if digest and sha256(file_bytes(path)).hexdigest() == digest:
            return str(path)
    if digest and watched(digest):
        return f"sha256:{digest}"
    if not found or found[0] != hints[0]:
        raise QuoteError(
            "the file that was quoted is not at hand",
            hint="name the document itself: a file, an address or a snapshot",
            where=url or location,
        )
    return location


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


# -- what the watch has kept ------------------------------------------------------------------


@contextmanager
def _store() -> Iterator[Store | None]:
    """The store of the watch, if there is one: looking for evidence makes none."""
    from cardwatch.store import Store, default_home

    home = default_home()
    if not (home / "bytes").is_dir():
        yield None
        return
    with Store(home) as store:
        yield store


def watched(digest: str) -> bool:
    """Whether the watch has kept the bytes of a SHA-256."""
    with _store() as store:
        return store is not None and any(each.sha256 == digest for each in store.snapshots())


def bracket(opened: app.Opened, quoted: Quote) -> Bracket | None:
    """Between which captures the words came and went, if the watch has kept the document.

    From the capture that is quoted one goes back, and on, to the first capture without the
    words. A capture that was no document (an error page, a login) or cannot be read says nothing.
    """
    from cardwatch.quotes.evidence import Bracket

    digest = opened.document.source.sha256
    with _store() as store:
        kept = store.snapshots() if store is not None else ()
        mine = [each for each in kept if each.sha256 == digest]
        if store is None or not mine:
            return None
        name = mine[-1].source
        bad = {each.snapshot_sha256 for each in store.states(name) if each.problem}
        row = [each for each in kept if each.source == name and each.sha256 not in bad]
    if opened.snapshot is not None:
        mine = [each for each in mine if each.retrieved == opened.snapshot.retrieved] or mine
    at = next((at for at, each in enumerate(row) if each.id == mine[-1].id), None)
    if at is None:
        return None
    known: dict[str, bool | None] = {digest: True}
    first, before = _edge(row[at::-1], quoted, known)
    last, after = _edge(row[at:], quoted, known)
    return Bracket(_named(before), _named(first), _named(last), _named(after), name)


def _edge(
    row: Sequence[Kept], quoted: Quote, known: dict[str, bool | None]
) -> tuple[Kept, Kept | None]:
    """The last capture of a row that has the words, and the first that lacks them."""
    has = row[0]
    for each in row:
        if each.sha256 not in known:
            known[each.sha256] = _stands(quoted, each.sha256)
        if known[each.sha256] is False:
            return has, each
        if known[each.sha256]:
            has = each
    return has, None


def _stands(quoted: Quote, digest: str) -> bool | None:
    """Whether the words stand in a snapshot; ``None`` if it cannot be read."""
    try:
        found = app.verify(quoted, app.read(f"sha256:{digest}"))
    except CardwatchError:
        return None
    return found.status in (QuoteStatus.EXACT, QuoteStatus.MOVED)


def _named(kept: Kept | None) -> str:
    return f"{kept.retrieved} sha256:{kept.sha256}" if kept is not None else ""


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

    document = opened.document
    snapshot = opened.snapshot or _recorded(document.source.sha256)
    _, unique = cite(document, quoted.span)
    # in the pack the file stands there, wherever it stood when it was read
    inside = evidence.file_name(quoted.source.media_type)
    quoted = replace(quoted, source=replace(quoted.source, location=inside))
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
        bracket=bracket(opened, quoted),
    )
    asked = (lambda data: stamp.time_stamp(data, authority)) if authority else None
    return evidence.build(parts, asked)


def _recorded(digest: str) -> Snapshot | None:
    """The fetch of a file that the watch has kept, however the file was named."""
    return app.open_source(f"sha256:{digest}").snapshot if digest and watched(digest) else None


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


def write_bytes(data: bytes, path: Path, *inputs: str | Path | None) -> None:
    """Write a file whole, but never over one of the ``inputs``.

    Raises:
        CardwatchError: it is one of them, or cannot be written.
    """
    read = [Path(each) for each in inputs if each]
    if path.is_file() and any(_is_file(each) and each.samefile(path) for each in read):
        raise CardwatchError(
            "is a document to be read, and would be written over",
            hint="name another file to write to",
            where=str(path),
        )
    try:
        path.write_bytes(data)
    except OSError as wrong:
        raise CardwatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
