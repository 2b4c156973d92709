"""Highlights with notes, written into a copy of a PDF."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any

from cardwatch.errors import ReadError
from cardwatch.model import Box, MediaType, PageNote, Source
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf.bombs import refuse_bombs
from cardwatch.readers.pdf.reading import opened
from cardwatch.readers.pdf.sheets import Frame

_OPACITY = 110  # of 255: the words stay readable, as under a marker
_AUTHOR = "cardwatch"


def mark(
    data: bytes,
    notes: Sequence[PageNote],
    *,
    options: ReadOptions | None = None,
    where: str = "",
) -> bytes:
    """The PDF ``data`` with a highlight annotation for each note, on each page that it touches.

    The annotations are appended: the bytes that were there stay as they are, at the beginning.
    Boxes without a rectangle on a page of the PDF are passed over.

    Raises ``ReadError`` in one of its forms when the PDF cannot be opened or written.
    """
    import pypdfium2 as pdfium
    import pypdfium2.raw as raw

    refuse_bombs(data, where)
    source = Source(location=where, media_type=MediaType.PDF)
    out = BytesIO()
    with opened(data, source, options or ReadOptions()) as document:
        for number, group in groupby(_by_page(notes), key=lambda each: each[0]):
            if not 1 <= number <= len(document):
                continue
            page = raw.FPDF_LoadPage(document, number - 1)
            if not page:
                continue
            try:
                frame = _frame(raw, page)
                for _, note, boxes, part in group:
                    _annotate(raw, page, [_corners(frame, box) for box in boxes], note, part)
            finally:
                raw.FPDF_ClosePage(page)
        try:
            document.save(out, flags=raw.FPDF_INCREMENTAL)
        except pdfium.PdfiumError as wrong:
            raise ReadError("the PDF cannot be written with notes", where=where) from wrong
    return out.getvalue()


def _by_page(notes: Iterable[PageNote]) -> list[tuple[int, PageNote, list[Box], int]]:
    """Each page that a note touches, with its boxes there; parts of a note count from 0."""
    parts = []
    for note in notes:
        boxes = sorted(note.boxes, key=lambda box: box.page)
        pages = groupby(boxes, key=lambda box: box.page)
        parts += [(page, note, list(group), part) for part, (page, group) in enumerate(pages)]
    return sorted(parts, key=lambda each: each[0])


def _frame(raw: Any, page: Any) -> Frame:
    box = raw.FS_RECTF()
    left = bottom = 0.0
    if raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box)):
        left, bottom = box.left, box.bottom
    width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
    return Frame(left, bottom, width, height, raw.FPDFPage_GetRotation(page))


def _corners(frame: Frame, box: Box) -> tuple[tuple[float, float], ...]:
    """The box's corners in the page's own coordinates: those that look top left, top right,
    bottom left and bottom right, as quadrilaterals are written.
    """
    corners = ((box.x0, box.top), (box.x1, box.top), (box.x0, box.bottom), (box.x1, box.bottom))
    return tuple(frame.unplace(x, y) for x, y in corners)


def _annotate(
    raw: Any, page: Any, quads: list[tuple[tuple[float, float], ...]], note: PageNote, part: int
) -> None:
    made = raw.FPDFPage_CreateAnnot(page, raw.FPDF_ANNOT_HIGHLIGHT)
    if not made:
        return
    try:
        for quad in quads:
            flat = [number for corner in quad for number in corner]
            raw.FPDFAnnot_AppendAttachmentPoints(made, raw.FS_QUADPOINTSF(*flat))
        xs = [x for quad in quads for x, _ in quad]
        ys = [y for quad in quads for _, y in quad]
        raw.FPDFAnnot_SetRect(made, raw.FS_RECTF(min(xs), max(ys), max(xs), min(ys)))
        raw.FPDFAnnot_SetColor(made, raw.FPDFANNOT_COLORTYPE_Color, *note.color, _OPACITY)
        raw.FPDFAnnot_SetFlags(made, raw.FPDF_ANNOT_FLAG_PRINT)
        title = note.title if part == 0 else f"{note.title} (continued)"
        name = note.name if part == 0 else f"{note.name}-{part + 1}"
        for key, value in (
            (b"Contents", f"{title}\n\n{note.text}"),
            (b"T", _AUTHOR),
            (b"Subj", title),
            (b"NM", name),
        ):
            raw.FPDFAnnot_SetStringValue(made, key, _wide(raw, value))
    finally:
        raw.FPDFPage_CloseAnnot(made)


def _wide(raw: Any, text: str) -> Any:
    encoded = text.encode("utf-16-le", "replace") + b"\0\0"
    return ctypes.cast(ctypes.create_string_buffer(encoded), raw.FPDF_WIDESTRING)
