"""Reads a PDF, stage by stage: open, pages, furniture, pieces, headings, document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from cardwatch.errors import Encrypted, NoText, ReadError, TooLarge
from cardwatch.model import BlockKind, Document, MediaType, Source
from cardwatch.readers.building import Builder
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf.blocks import (
    Metrics,
    Piece,
    join_pages,
    mark_endnotes,
    measure,
    nest,
    segment,
    take_footnotes,
)
from cardwatch.readers.pdf.bombs import refuse_bombs
from cardwatch.readers.pdf.compose import Composer
from cardwatch.readers.pdf.glyphs import PageReader
from cardwatch.readers.pdf.headings import OutlineEntry, mark_headings
from cardwatch.readers.pdf.hyphens import Hyphens
from cardwatch.readers.pdf.layout import (
    Furniture,
    split_contents,
    straighten,
    strip_furniture,
    take_figure_text,
)
from cardwatch.readers.pdf.sheets import Sheet, TextLine
from cardwatch.readers.pdf.tables import Table, take_tables

NAME = "pdf"
VERSION = "1"
# An outline deeper or longer than this is damaged, or an attack.
_OUTLINE_DEPTH = 12
_OUTLINE_LIMIT = 20_000
# The end mark of a PDF stands in its last 1,024 bytes; some files have blanks after it.
_TAIL = 4_096
# What programs write where their user gave no title: a file's name, or a word for nothing.
_NO_TITLE = re.compile(
    r"untitled|microsoft \w+ - |.*\.(?:docx?|pdf|tex|indd|dvi|html?|pptx?|odt|rtf|md|txt)$"
    # what programs write where nobody gave a title
    r"|\W*(?:anonymous|unspecified|unknown|none|null|n/?a|no title|title|document ?\d*|new document"
    r"|slide ?1|powerpoint presentation|print|layout ?1|about:blank|-)?\W*$",
    re.IGNORECASE,
)
# A picture smaller than this share of the page is a sign or a logo, not a figure.
_FIGURE = 0.02


@dataclass(frozen=True, slots=True)
class _File:
    """Its title, whether its end is missing, and whether to look for tables in it."""

    title: str
    cut: bool
    tables: bool


def read(data: bytes, source: Source, options: ReadOptions, *, outline: bool = True) -> Document:
    """The document in the PDF ``data``.

    Without ``outline`` headings are found by numbers and fonts alone. Raises ``Encrypted``,
    ``NoText``, ``TooLarge`` or ``ReadError``; a page that cannot be read is recorded as unread.
    """
    if len(data) > options.max_bytes:
        raise TooLarge(
            f"the PDF has {len(data):,} bytes, the limit is {options.max_bytes:,}",
            where=source.location,
        )
    refuse_bombs(data, source.location)
    with opened(data, source, options) as document:
        entries = list(_outline(document)) if outline else []
        title = _metadata(document, "Title")
        sheets = _sheets(document, options)
    cut = b"%%EOF" not in data[-_TAIL:]
    return _document(sheets, entries, _File(title, cut, options.tables), source)


@contextmanager
def opened(data: bytes, source: Source, options: ReadOptions) -> Iterator[Any]:
    """The document's handle, closed at the end; pdfium's errors become those of the house."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    try:
        document = pdfium.PdfDocument(data, password=options.password)
    except pdfium.PdfiumError as error:
        code = getattr(error, "err_code", None)
        if code == raw.FPDF_ERR_PASSWORD:
            given = options.password is not None
            raise Encrypted(
                "the password is wrong" if given else "the PDF is encrypted",
                hint="try another with --password; capitals and blanks count"
                if given
                else "give its password with --password",
                where=source.location,
            ) from error
        raise ReadError(
            "the PDF is damaged beyond reading",
            hint="fetch it again; a download may have been cut short",
            where=source.location,
        ) from error
    try:
        count = len(document)
        if count > options.max_pages:
            raise TooLarge(
                f"the PDF has {count:,} pages, the limit is {options.max_pages:,}",
                where=source.location,
            )
        if count == 0:
            raise NoText("the PDF has no pages", where=source.location)
        yield document
    finally:
        document.close()


def outline_of(data: bytes) -> list[OutlineEntry]:
    """The outline of the PDF ``data``, as its author made it; empty without one."""
    with opened(data, Source("", MediaType.PDF), ReadOptions()) as document:
        return list(_outline(document))


def _sheets(document: Any, options: ReadOptions) -> list[Sheet]:
    reader, count = PageReader(document.raw), len(document)
    sheets = []
    for index in range(count):
        sheets.append(reader.read(index))
        if options.progress is not None:
            options.progress(index + 1, count)
    return sheets


def _outline(document: Any) -> Iterator[OutlineEntry]:
    for count, bookmark in enumerate(document.get_toc(max_depth=_OUTLINE_DEPTH)):
        if count >= _OUTLINE_LIMIT:
            return
        destination = bookmark.get_dest()
        index = destination.get_index() if destination is not None else None
        if index is not None:
            yield OutlineEntry(bookmark.get_title() or "", bookmark.level + 1, index + 1)


def _metadata(document: Any, key: str) -> str:
    value = str(document.get_metadata_value(key) or "").strip()
    return "" if _NO_TITLE.match(value) else value


# -------------------------------------------------------------------- the document


def _document(
    sheets: list[Sheet],
    outline: list[OutlineEntry],
    file: _File,
    source: Source,
) -> Document:
    if not any(line.text.strip() for sheet in sheets for line in sheet.lines):
        raise _no_text(sheets, source.location)
    labels = [take_figure_text(sheet) for sheet in sheets]
    tables = [take_tables(sheet) if file.tables else [] for sheet in sheets]
    pages = [(sheet, straighten(sheet)) for sheet in sheets]
    furniture = strip_furniture(pages)
    for index, lines in split_contents(pages).items():
        furniture[index].removed += [("contents", line.text) for line in lines]
    for found, words in zip(furniture, labels, strict=True):
        found.removed += [("figure text", text) for text in words]
    _note_unread(sheets, furniture)
    metrics = measure([lines for _, lines in pages])
    hyphens = Hyphens(line for _, lines in pages for line in lines)
    pieces = _pieces(pages, tables, metrics)
    mark_headings(pieces, outline, metrics)
    mark_endnotes(pieces)
    builder = Builder(source, NAME, VERSION)
    notes: dict[str, list[int]] = {}
    for before, piece in zip([None, *pieces], pieces, strict=False):
        if piece.label and (before is None or before.label != piece.label or piece.marker):
            notes.setdefault(piece.label, []).append(piece.lines[0].page)
    composer = Composer(builder, hyphens, metrics, sheets, furniture, notes)
    for piece in pieces:
        composer.write(piece)
    composer.turn_to(len(sheets))
    if file.cut:
        reason = "the file has no end mark: it was cut short, and pages may be missing"
        builder.unread("damaged file", reason)
    document = builder.finish(title=file.title or _largest(pieces))
    read_pages = sum(1 for sheet in sheets if sheet.lines)
    return replace(document, coverage=replace(document.coverage, pages_read=read_pages))


def _no_text(sheets: Sequence[Sheet], where: str) -> NoText:
    """Why a file has no words: its pages are pictures, or damaged, or blank."""
    if any(sheet.drawing.pictures for sheet in sheets):
        return NoText(
            "the PDF has no text layer: its pages are pictures",
            hint="run it through text recognition (OCR) first",
            where=where,
        )
    damage = next((sheet.damage for sheet in sheets if sheet.damage), "")
    if damage:
        return NoText(f"no page of the PDF could be read: {damage}", where=where)
    drawn = any(sheet.drawing.rules or sheet.drawing.boxes for sheet in sheets)
    return NoText(
        "the PDF has no text, only drawn lines" if drawn else "the pages of the PDF are blank",
        hint="letters drawn as shapes need text recognition (OCR)" if drawn else "",
        where=where,
    )


def _pieces(
    pages: list[tuple[Sheet, list[TextLine]]], tables: list[list[Table]], metrics: Metrics
) -> list[Piece]:
    parts = []
    earlier: list[Piece] = []
    note: Piece | None = None
    for (sheet, lines), found in zip(pages, tables, strict=True):
        notes = take_footnotes(lines, sheet.number, metrics, note)
        note = notes[-1] if notes else None
        pieces: list[Piece] = []
        for table in found:
            place = _place(table, lines)
            pieces += segment(lines[:place], sheet.number, metrics, earlier)
            pieces.append(Piece(BlockKind.TABLE, [], sheet.number, table=table))
            lines = lines[place:]
        pieces += segment(lines, sheet.number, metrics, earlier)
        earlier = [*earlier, *pieces][-12:]
        parts.append((pieces, notes))
    joined = list(join_pages(parts))
    nest(joined)
    return joined


def _place(table: Table, lines: list[TextLine]) -> int:
    """Where among ``lines`` the table stands: by the stream, unless the page says otherwise.

    Only lines of its own columns stand above or below it.
    """
    left, top, right, bottom = table.rect
    place = next((at for at, line in enumerate(lines) if line.at > table.at), len(lines))
    over = [line.x0 < right and left < line.x1 for line in lines]
    below = sum(
        there and line.base > bottom for there, line in zip(over[:place], lines, strict=False)
    )
    above = sum(
        there and line.base < top for there, line in zip(over[place:], lines[place:], strict=True)
    )
    if below + above <= 2:
        return place
    found = (at for at, line in enumerate(lines) if over[at] and line.base > top)
    return next(found, len(lines))


def _note_unread(sheets: list[Sheet], furniture: list[Furniture]) -> None:
    """Record pages without text, and figures; words inside a drawn figure are furniture."""
    for sheet, found in zip(sheets, furniture, strict=True):
        area = max(1.0, sheet.width * sheet.height)
        shares = [((r[2] - r[0]) * (r[3] - r[1])) / area for r in sheet.drawing.pictures]
        if sheet.damage:
            found.unread.append(("damaged page", sheet.damage))
        elif not sheet.text.strip():
            scanned = any(share > 0.4 for share in shares)
            reason = "a picture of a page, without text" if scanned else "nothing to read"
            found.unread.append(("scanned page" if scanned else "blank page", reason))
        else:
            figures = sum(1 for share in shares if _FIGURE < share < 0.9)
            found.unread += [("figure", "a picture, not text")] * min(figures, 20)


def _largest(pieces: list[Piece]) -> str:
    """The largest words on the first page that has any, if they stand together: a title.

    Largest words in several places are headings, of which none names the whole.
    """
    first = [
        piece
        for piece in pieces
        if piece.lines and pieces[0].lines and piece.lines[0].page == pieces[0].page
    ]
    if not first:
        return ""
    size = max(piece.lines[0].size for piece in first)
    large = [at for at, piece in enumerate(first) if piece.lines[0].size > 0.98 * size]
    if large[-1] - large[0] >= len(large) + _BETWEEN:
        return ""
    return " ".join(first[at].text for at in large)[:300]


# Between the lines of a title stand at most so many others: a date, an author.
_BETWEEN = 2
