"""Set a parsed source as a PDF in the manner of a system card.

A page maker of our own, because footnotes must stand on the page of their marks: each block is
wrapped, split where the page ends less the room that its footnotes need, and drawn. Two passes
are made, the first to learn the page numbers that the contents print.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from markup import Block, Source, inline, ligatures, plain
from reportlab.lib.colors import HexColor, white
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Image, Paragraph, Table, TableStyle

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 30 * mm, 30 * mm, 30 * mm, 27 * mm
BODY = WIDTH - LEFT - RIGHT
GUTTER = 8 * mm
INK, RULE, PALE = HexColor("#1d2733"), HexColor("#9aa5b1"), HexColor("#e9eef3")


def _style(name: str, font: str, size: float, leading: float, **more: object) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=leading, textColor=INK, **more
    )


def _styles() -> dict[str, ParagraphStyle]:
    files = {"Vera": "Vera", "Vera-Bold": "VeraBd", "Vera-It": "VeraIt", "Vera-BI": "VeraBI"}
    for name, file in files.items():
        pdfmetrics.registerFont(TTFont(name, f"{file}.ttf"))
    # all four must be named: a font named twice in a family would lose its weight
    pdfmetrics.registerFontFamily("Vera", *files)
    text = {"alignment": TA_JUSTIFY, "allowWidows": 0, "allowOrphans": 0}
    return {
        "text": _style("text", "Times-Roman", 10.8, 15.2, spaceAfter=8, **text),
        "item": _style("item", "Times-Roman", 10.8, 15.2, spaceAfter=4, leftIndent=16, **text),
        "quote": _style(
            "quote", "Times-Roman", 10, 14, spaceAfter=6, leftIndent=22, rightIndent=22
        ),
        "small": _style("small", "Times-Roman", 9.2, 12.4, spaceAfter=5, **text),
        "small-item": _style("si", "Times-Roman", 9.2, 12.4, spaceAfter=3, leftIndent=13, **text),
        "note": _style("note", "Times-Roman", 8.6, 10.8, spaceAfter=2, leftIndent=9),
        "caption": _style("caption", "Vera", 7.8, 11, spaceAfter=14),
        "h1": _style("h1", "Vera-Bold", 17, 22, spaceBefore=0, spaceAfter=12),
        "h2": _style("h2", "Vera-Bold", 12.2, 16, spaceBefore=12, spaceAfter=6),
        "h3": _style("h3", "Vera-Bold", 9.8, 13, spaceBefore=8, spaceAfter=4),
        "cell": _style("cell", "Times-Roman", 9.4, 11.6),
        "head": _style("head", "Times-Bold", 9.4, 11.6),
    }


class Maker:
    """Makes the pages of one pass. ``pages`` maps a heading's key to its page, when known."""

    def __init__(
        self, source: Source, folder: Path, out: io.BytesIO, pages: dict[str, int]
    ) -> None:
        self.source, self.folder, self.pages = source, folder, pages
        self.styles, self.numbers = _styles(), source.note_order()
        self.canvas = Canvas(out, pagesize=A4, invariant=1, pageCompression=1)
        self.canvas.setTitle(source.meta["title"])
        self.canvas.setAuthor(source.meta["author"])
        self.canvas.setSubject(source.meta["note"])
        self.found: dict[str, int] = {}
        self.columns, self.column, self.y = 1, 0, HEIGHT - TOP
        self.top = HEIGHT - TOP  # where the columns of this page begin
        self.page_notes: list[Paragraph] = []
        self.noted: set[int] = set()
        self.running = ""

    # -- geometry

    @property
    def width(self) -> float:
        return (BODY - GUTTER * (self.columns - 1)) / self.columns

    @property
    def x(self) -> float:
        return LEFT + self.column * (self.width + GUTTER)

    @property
    def fresh(self) -> bool:
        return self.y >= self.top - 1

    def room(self) -> float:
        """Height that is left in this column above the footnotes."""
        notes = sum(n.wrap(BODY, HEIGHT)[1] + 2 for n in self.page_notes)
        return self.y - BOTTOM - notes - (12 if self.page_notes else 0)

    # -- pages

    def end_page(self) -> None:
        canvas, number = self.canvas, self.canvas.getPageNumber()
        if self.page_notes:
            y = BOTTOM
            for note in reversed(self.page_notes):
                y += note.wrap(BODY, HEIGHT)[1] + 2
            canvas.setStrokeColor(RULE)
            canvas.setLineWidth(0.5)
            canvas.line(LEFT, y + 4, LEFT + 50 * mm, y + 4)
            for note in self.page_notes:
                height = note.wrap(BODY, HEIGHT)[1]
                note.drawOn(canvas, LEFT, y - height)
                y -= height + 2
        if number > 1:
            canvas.setFont("Vera", 7)
            canvas.setFillColor(HexColor("#66717d"))
            canvas.drawString(LEFT, HEIGHT - 18 * mm, self.source.meta["running"])
            canvas.drawRightString(WIDTH - RIGHT, HEIGHT - 18 * mm, self.running)
            canvas.setFont("Times-Roman", 9.5)
            canvas.drawCentredString(WIDTH / 2, 15 * mm, str(number))
        canvas.showPage()
        self.page_notes, self.column, self.y = [], 0, HEIGHT - TOP
        self.top = self.y

    def advance(self) -> None:
        if self.column + 1 < self.columns:
            self.column, self.y = self.column + 1, self.top
        else:
            self.end_page()

    # -- placing

    def marks(self, flowable: Flowable) -> list[int]:
        """Numbers of the footnotes marked in a paragraph and not yet on a page."""
        links = " ".join(_links(getattr(flowable, "frags", [])))
        return sorted({int(n) for n in re.findall(r"#note-(\d+)", links)} - self.noted)

    def note(self, number: int) -> Paragraph:
        name = next(k for k, n in self.numbers.items() if n == number)
        body = inline(self.source.notes[name], hyphenate=False)
        mark = f'<a name="note-{number}"/><super size="6">{number}</super> '
        return Paragraph(mark + body, self.styles["note"])

    def cost(self, flowable: Flowable) -> float:
        """Room that the footnotes of a paragraph would take."""
        notes = [self.note(n).wrap(BODY, HEIGHT)[1] + 2 for n in self.marks(flowable)]
        return sum(notes) + (12 if notes and not self.page_notes else 0)

    def place(self, flowable: Flowable) -> None:
        """Draw a flowable here, splitting it over columns and pages as need be."""
        if not self.fresh:
            self.y -= flowable.getSpaceBefore()
        height = flowable.wrap(self.width, HEIGHT)[1]
        if height + self.cost(flowable) <= self.room():
            self.draw(flowable, height)
            return
        for limit in (self.room(), self.room() - self.cost(flowable)):
            parts = flowable.split(self.width, limit) if limit > 0 else []
            if len(parts) > 1:
                first = parts[0].wrap(self.width, HEIGHT)[1]
                if first + self.cost(parts[0]) <= self.room():
                    self.draw(parts[0], first)
                    self.advance()
                    for part in parts[1:]:
                        self.place(part)
                    return
        if self.fresh:
            raise ValueError(f"a block is taller than a page: {flowable!r:.80}")
        self.advance()
        self.place(flowable)

    def draw(self, flowable: Flowable, height: float) -> None:
        for number in self.marks(flowable):
            self.page_notes.append(self.note(number))
            self.noted.add(number)
        flowable.drawOn(self.canvas, self.x, self.y - height)
        self.y -= height + flowable.getSpaceAfter()

    def need(self, height: float) -> None:
        if height > self.room() and not self.fresh:
            self.advance()

    # -- blocks

    def heading(self, block: Block, following: float) -> None:
        style = self.styles[f"h{block.level}"]
        title = plain(block.text)
        if block.level == 1:
            if not self.fresh:
                self.end_page()
            self.running = title
        flowable = Paragraph(ligatures(inline(block.text, hyphenate=False)), style)
        height = flowable.wrap(self.width, HEIGHT)[1]
        self.need(height + style.spaceBefore + style.spaceAfter + following)
        key = re.sub(r"\W+", "-", title.lower())
        self.found[key] = self.canvas.getPageNumber()
        self.canvas.bookmarkHorizontal(key, 0, self.y)
        self.canvas.addOutlineEntry(title, key, block.level - 1, closed=block.level > 1)
        self.place(flowable)

    def flowable(self, block: Block) -> Flowable:
        small = "small" if self.columns > 1 else "text"
        if block.kind == "figure":
            image = Image(str(self.folder / block.text))
            scale = self.width / image.imageWidth
            image.drawWidth, image.drawHeight = self.width, image.imageHeight * scale
            image.spaceBefore, image.spaceAfter = 6, 6
            return image
        if block.kind == "table":
            return self.table(block)
        markup = inline(block.text, self.numbers)
        if block.kind == "caption":
            return Paragraph(ligatures(inline(block.text, hyphenate=False)), self.styles["caption"])
        if block.kind == "item":
            style = self.styles["small-item" if self.columns > 1 else "item"]
            return Paragraph(markup, style, bulletText=block.bullet)
        return Paragraph(markup, self.styles["quote" if block.kind == "quote" else small])

    def table(self, block: Block) -> Table:
        count = len(block.rows[0])
        longest = [max(len(row[i]) for row in block.rows) ** 0.6 for i in range(count)]
        widths = [self.width * n / sum(longest) for n in longest]
        rows = [
            [
                Paragraph(inline(c, hyphenate=False), self.styles["cell" if r else "head"])
                for c in row
            ]
            for r, row in enumerate(block.rows)
        ]
        table = Table(rows, colWidths=widths, repeatRows=1, spaceBefore=6, spaceAfter=6)
        table.setStyle(
            TableStyle(
                [
                    ("GRID", (0, 0), (-1, -1), 0.5, RULE),
                    ("BACKGROUND", (0, 0), (-1, 0), PALE),
                    ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
                    ("TOPPADDING", (0, 0), (-1, -1), 3),
                    ("BOTTOMPADDING", (0, 0), (-1, -1), 4),
                ]
            )
        )
        return table

    def following(self, index: int) -> float:
        """Room that the block after a heading asks for, so that no heading stands alone."""
        if index + 1 >= len(self.source.blocks):
            return 0
        block = self.source.blocks[index + 1]
        if block.kind == "heading":
            return 30 + self.following(index + 1)
        if block.kind in ("table", "figure"):
            return self.flowable(block).wrap(self.width, HEIGHT)[1] + 40
        return 34

    def body(self) -> None:
        for index, block in enumerate(self.source.blocks):
            if block.kind == "mark":
                self.mark(block.text)
            elif block.kind == "heading":
                self.heading(block, self.following(index))
            else:
                flowable = self.flowable(block)
                if block.kind in ("table", "figure"):
                    height = flowable.wrap(self.width, HEIGHT)[1] + 48
                    if height < (HEIGHT - TOP - BOTTOM) * 0.6:
                        self.need(height)
                self.place(flowable)
        self.end_page()

    def mark(self, text: str) -> None:
        """Obey a mark of the source: begin two columns here, go to the next column, or end them."""
        if text == "columns":
            self.columns, self.top = 2, self.y
        elif text == "column":
            self.advance()
        elif not self.fresh or self.column or self.top < HEIGHT - TOP:
            self.end_page()
            self.columns = 1

    # -- front matter

    def cover(self) -> None:
        canvas, meta = self.canvas, self.source.meta
        canvas.setFillColor(HexColor("#173a56"))
        canvas.rect(0, HEIGHT - 92 * mm, WIDTH, 92 * mm, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont("Vera-Bold", 30)
        canvas.drawString(LEFT, HEIGHT - 64 * mm, meta["title"])
        canvas.setFillColor(INK)
        canvas.setFont("Vera", 12)
        canvas.drawString(LEFT, HEIGHT - 110 * mm, meta["author"])
        canvas.setFont("Times-Roman", 12)
        canvas.drawString(LEFT, HEIGHT - 118 * mm, meta["date"])
        canvas.setFont("Times-Italic", 9.5)
        canvas.drawString(LEFT, 30 * mm, meta["note"])
        self.end_page()

    def contents(self) -> None:
        self.running = "Contents"
        self.place(Paragraph("Contents", self.styles["h1"]))
        for block in self.source.blocks:
            if block.kind == "heading" and block.level <= 2:
                self.contents_line(plain(block.text), block.level)
        self.end_page()

    def contents_line(self, title: str, level: int) -> None:
        canvas, key = self.canvas, re.sub(r"\W+", "-", title.lower())
        leading = 17 if level == 1 else 13.5
        self.need(leading)
        font, size = ("Times-Bold", 10.8) if level == 1 else ("Times-Roman", 10.2)
        x, y, page = LEFT + (level - 1) * 14, self.y - leading + 3, str(self.pages.get(key, 0))
        canvas.setFillColor(INK)
        canvas.setFont(font, size)
        canvas.drawString(x, y, title)
        canvas.drawRightString(WIDTH - RIGHT, y, page)
        start = x + canvas.stringWidth(title, font, size) + 6
        stop = WIDTH - RIGHT - canvas.stringWidth(page, font, size) - 6
        dots = int((stop - start) / 5)
        if level > 1 and dots > 0:
            canvas.drawString(stop - dots * 5, y, ". " * dots)
        canvas.linkRect("", key, (x, y - 3, WIDTH - RIGHT, y + 10), thickness=0)
        self.y -= leading


def _links(frags: Iterable[object]) -> Iterator[str]:
    """Targets of the links in a paragraph's fragments, which nest once it has been wrapped."""
    for frag in frags:
        if isinstance(frag, (list, tuple)):
            yield from _links(frag)
        yield str(getattr(frag, "link", ""))


def typeset(source: Source, folder: Path) -> bytes:
    """Set ``source`` as a PDF; figures are found under ``folder``.

    The same source, fonts and libraries give the same bytes.
    """
    pages: dict[str, int] = {}
    for _ in range(2):
        out = io.BytesIO()
        maker = Maker(source, folder, out, pages)
        maker.cover()
        maker.contents()
        maker.body()
        maker.canvas.save()
        pages = maker.found
    return out.getvalue()
