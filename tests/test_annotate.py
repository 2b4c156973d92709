"""Findings marked in the PDF: the right words, nothing else changed, and never another file."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from reportlab.pdfgen.canvas import Canvas

import cardwatch as library
from cardwatch import filing
from cardwatch.errors import ReportError
from cardwatch.model import Document, Gap, GapReport, PageNote, Span, Suppressed, Triage
from cardwatch.readers.pdf.marking import mark
from cardwatch.readers.pdf.sheets import Frame
from cardwatch.reports import Gaps, View, render
from cardwatch.reports.saved import load
from tests import hostile
from tests.conftest import Ran
from tests.small import gap_report

Run = Callable[..., Ran]
WORDS = ("We never tell customers about this.", "Records are kept for ninety days.")


def pdf(*, turn: int = 0, origin: tuple[float, float] = (0, 0)) -> bytes:
    """Two pages with a sentence each, turned, and with the corner of the page elsewhere."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(400, 300))
    for words in WORDS:
        canvas.setFont("Helvetica", 12)
        canvas.translate(200 + origin[0], 150 + origin[1])
        canvas.rotate(turn)
        canvas.drawString(-110, 40, "Another line stands above it all.")
        canvas.drawString(-110, -20, words)
        canvas.setPageRotation(turn)
        if origin != (0, 0):
            canvas.setCropBox((origin[0], origin[1], origin[0] + 400, origin[1] + 300))
            canvas._pagesize = (origin[0] + 400, origin[1] + 300)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def highlights(data: bytes) -> Iterator[tuple[int, str, str]]:
    """Every highlight: its page, the words below it, its note."""
    document = pdfium.PdfDocument(data)
    for index in range(len(document)):
        page = document[index]
        words = page.get_textpage()
        for at in range(raw.FPDFPage_GetAnnotCount(page)):
            found = raw.FPDFPage_GetAnnot(page, at)
            assert raw.FPDFAnnot_GetSubtype(found) == raw.FPDF_ANNOT_HIGHLIGHT
            below = []
            for quad in range(raw.FPDFAnnot_CountAttachmentPoints(found)):
                points = raw.FS_QUADPOINTSF()
                raw.FPDFAnnot_GetAttachmentPoints(found, quad, ctypes.byref(points))
                xs = (points.x1, points.x2, points.x3, points.x4)
                ys = (points.y1, points.y2, points.y3, points.y4)
                below.append(words.get_text_bounded(min(xs), min(ys), max(xs), max(ys)))
            size = raw.FPDFAnnot_GetStringValue(found, b"Contents", None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAnnot_GetStringValue(
                found, b"Contents", ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size
            )
            yield index + 1, " ".join(below).strip(), buffer.raw[: size - 2].decode("utf-16-le")


def note(document: Document, words: str, text: str = "why") -> PageNote:
    start = document.text.index(words)
    boxes = document.boxes(Span(start, start + len(words)))
    return PageNote("n", boxes, "1. absent", text, (255, 0, 0))


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("origin", [(0, 0), (120, 70)])
def test_the_highlight_lies_on_the_words(turn: int, origin: tuple[float, float]) -> None:
    """However a page is turned or cut, what lies below a highlight is what is quoted."""
    data = pdf(turn=turn, origin=origin)
    document = library.read(data)
    marked = mark(data, [note(document, words) for words in WORDS])
    assert [(page, below) for page, below, _ in highlights(marked)] == [
        (1, WORDS[0]),
        (2, WORDS[1]),
    ]


@pytest.mark.parametrize("turn", range(4))
def test_unplace_turns_place_round(turn: int) -> None:
    """A point comes back to where it was, whatever the page's turn and corner."""
    frame = Frame(left=12, bottom=-7, width=400, height=300, turn=turn)
    assert frame.unplace(*frame.place(33, 44)) == pytest.approx((33, 44))


def test_the_bytes_that_were_there_stay() -> None:
    """Marks are appended: the original is the beginning of the copy, and its text is the same."""
    data = pdf()
    marked = mark(data, [note(library.read(data), WORDS[0])])
    assert marked.startswith(data)
    assert library.read(marked).text == library.read(data).text


def test_notes_are_as_they_were_written() -> None:
    """Letters of any script reach the note."""
    data = pdf()
    marked = mark(data, [note(library.read(data), WORDS[0], "“naïve” 中文 😀")])
    assert [text for _, _, text in highlights(marked)] == ["1. absent\n\n“naïve” 中文 😀"]


def saved_pdf(folder: Path) -> tuple[Path, Gaps]:
    path = folder / "card.pdf"
    path.write_bytes(pdf())
    document = library.read(path)
    companion = Document.from_text(hostile.ALL + " Something else is said here, at some length.")
    report = gap_report(document, companion)
    starts = [document.text.index(words) for words in WORDS]
    gaps = tuple(
        replace(gap, span=Span(start, start + len(words)), quote=words)
        for gap, start, words in zip(report.gaps, starts, WORDS, strict=True)
    )
    return path, Gaps(_with(report, gaps), document, companion)


def _with(report: GapReport, gaps: tuple[Gap, ...]) -> GapReport:
    return replace(report, gaps=gaps)


def test_findings_are_marked_with_what_the_companion_says(tmp_path: Path) -> None:
    """Each finding has its highlight; hostile words in the note are inert."""
    _, subject = saved_pdf(tmp_path)
    found = list(highlights(filing.annotate(subject)))
    assert [(page, below) for page, below, _ in found] == [(1, WORDS[0]), (2, WORDS[1])]
    assert "1. contradicted · high" in found[0][2]
    assert not any(hostile.ACTIVE.search(text.replace("\n", "")) for _, _, text in found)


def test_a_saved_report_marks_the_same_words(tmp_path: Path) -> None:
    """From saved JSON the document is read again, and must still be what it was."""
    path, subject = saved_pdf(tmp_path)
    again = load(render(subject, "json", View()))
    assert [each[:2] for each in highlights(filing.annotate(again))] == [
        (1, WORDS[0]),
        (2, WORDS[1]),
    ]
    path.write_bytes(pdf(turn=90))
    with pytest.raises(ReportError, match="has changed"):
        filing.annotate(again)


def test_only_new_findings_are_marked(tmp_path: Path) -> None:
    """What is suppressed gets no mark."""
    _, subject = saved_pdf(tmp_path)
    first = subject.report.gaps[0].id
    settled = replace(subject, triage=Triage(suppressed=(Suppressed(first, "x"),)))
    assert [page for page, _, _ in highlights(filing.annotate(settled))] == [2]


def test_what_is_no_pdf_cannot_be_marked(cardwatch: Run, tmp_path: Path) -> None:
    """The error says so, and nothing is written."""
    card = tmp_path / "card.md"
    card.write_text("# Card\n\nWe never tell customers about this.\n", "utf-8")
    ran = cardwatch("gaps", card, card, "--annotate", tmp_path / "out.pdf")
    assert ran.code == 2
    assert "only a PDF can be marked" in ran.err
    assert not (tmp_path / "out.pdf").exists()
