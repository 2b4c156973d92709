"""A picture of quoted words: highlighted on their page, over a strip that says what it shows."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cardwatch.model import Document, PagePicture, Quote, Span

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

    Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
    Colour = tuple[int, int, int]

# A passage over more pages than this is no picture any more.
PAGES = 3
_YELLOW = (255, 236, 110)
_PAPER = (255, 255, 255)
_INK = (24, 26, 30)
_FAINT = (112, 116, 124)
_STRIP = (32, 36, 44)
_STRIP_INK = (236, 238, 242)
_STRIP_FAINT = (168, 174, 186)
_EDGE = (206, 210, 216)
_WIDTH = 1_200
_MARGIN = 64
# Characters of the text around the passage, and of the passage itself, that a card shows.
_AROUND = 420
_SHOWN = 3_600
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u206f\ufeff\ud800-\udfff]"
)


def pages_of(document: Document, span: Span) -> tuple[int, ...]:
    """The numbers of the pages that the span stands on, as far as its lines have boxes."""
    numbers = sorted({box.page for box in document.boxes(span)})
    return tuple(numbers[:PAGES])


def page_picture(quote: Quote, document: Document, pages: Sequence[PagePicture]) -> bytes:
    """A PNG of the pages that the quote stands on, one above the other, the words marked.

    The marks are as wide as the words' share of their lines, which is within a letter or two.
    """
    from PIL import Image

    sheets = [_marked(page, quote, document) for page in pages]
    width = max(sheet.width for sheet in sheets)
    strip = _strip(quote, width)
    gap = 12
    height = sum(sheet.height for sheet in sheets) + gap * (len(sheets) - 1) + strip.height
    whole = Image.new("RGB", (width, height), _EDGE)
    at = 0
    for sheet in sheets:
        whole.paste(sheet, ((width - sheet.width) // 2, at))
        at += sheet.height + gap
    whole.paste(strip, (0, height - strip.height))
    return _png(whole)


def _marked(page: PagePicture, quote: Quote, document: Document) -> Image.Image:
    """A page with the words as under a highlighter: paper turns yellow, ink stays black."""
    from PIL import Image, ImageChops, ImageDraw

    sheet = Image.frombytes("RGB", (page.width, page.height), page.pixels)
    colour = Image.new("RGB", sheet.size, _PAPER)
    draw = ImageDraw.Draw(colour)
    for box in document.boxes(quote.span):
        if box.page == page.page and box.x1 > box.x0 and box.bottom > box.top:
            corners = [value * page.scale for value in (box.x0, box.top, box.x1, box.bottom)]
            pad = 1.5 * page.scale
            draw.rounded_rectangle(
                (corners[0] - pad, corners[1] - pad, corners[2] + pad, corners[3] + pad),
                radius=2 * page.scale,
                fill=_YELLOW,
            )
    return ImageChops.multiply(sheet, colour)


def text_picture(quote: Quote, document: Document) -> bytes:
    """A PNG of the words in their paragraph, set plainly, for sources that have no pages."""
    from PIL import Image

    size = 26
    writer = _Writer(_WIDTH, _MARGIN)
    writer.write(_place(quote), 18, _FAINT)
    writer.gap(14)
    before, inside, after = _in_context(quote, document)
    runs = [_Run(before, marked=False), _Run(inside, marked=True), _Run(after, marked=False)]
    writer.flow(runs, size)
    strip = _strip(quote, _WIDTH)
    whole = Image.new("RGB", (_WIDTH, writer.height + _MARGIN + strip.height), _PAPER)
    writer.paint(whole)
    whole.paste(strip, (0, whole.height - strip.height))
    return _png(whole)


def _in_context(quote: Quote, document: Document) -> tuple[str, str, str]:
    """The text before, in and after the passage, as far as its blocks reach and room allows."""
    span = quote.span
    touched = [block.span for block in document.blocks if block.span.overlaps(span)]
    start = min([span.start, *(each.start for each in touched)])
    end = max([span.end, *(each.end for each in touched)])
    before = document.text[start : span.start]
    after = document.text[span.end : end]
    inside = document.quote(span)
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:].partition(" ")[2]
    if len(after) > _AROUND:
        after = after[:_AROUND].rpartition(" ")[0] + " …"
    if len(inside) > _SHOWN:
        inside = inside[:_SHOWN].rpartition(" ")[0] + " …"
    return before, inside, after


def _place(quote: Quote) -> str:
    titles = [*quote.section_path[:-1], quote.section or "".join(quote.section_path[-1:])]
    return " › ".join(title for title in titles if title)


def _strip(quote: Quote, width: int) -> Image.Image:
    """The caption: what document, where in it, from where and when, and its hash."""
    from PIL import Image

    source = quote.source
    size = max(16, width // 60)
    page = f"page {quote.page}" if quote.page is not None else ""
    where = " · ".join(each for each in (page, quote.section) if each)
    days = [f"published {source.published[:10]}"] if source.published else []
    days += [f"retrieved {source.retrieved[:10]}"] if source.retrieved else []
    writer = _Writer(width, max(24, width // 36))
    writer.write(quote.title or source.location, size + 2, _STRIP_INK, bold=True)
    writer.write(where, size, _STRIP_INK)
    # of a path on somebody's machine, readers of the picture need the name only
    origin = source.url or source.location.replace("\\", "/").rpartition("/")[2]
    writer.write(" · ".join([origin, *days]), size - 2, _STRIP_FAINT)
    if source.sha256:
        writer.write(f"SHA-256 {source.sha256}", size - 2, _STRIP_FAINT)
    strip = Image.new("RGB", (width, writer.height + writer.margin), _STRIP)
    writer.paint(strip)
    return strip


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class _Word:
    """A word placed on the paper; ``blank`` is the width of the blank before it."""

    text: str
    x: float
    y: float
    blank: float
    font: Font
    height: int
    colour: Colour
    marked: bool


class _Writer:
    """Lays words between margins, line under line; ``height`` is how far it has come."""

    def __init__(self, width: int, margin: int) -> None:
        self.width, self.margin, self.height = width, margin, margin
        self._words: list[_Word] = []
        self._lines = 0

    def gap(self, height: int) -> None:
        """Leaves room."""
        self.height += height

    def write(self, text: str, size: int, colour: Colour, *, bold: bool = False) -> None:
        """A line of text, broken where it must be, of three lines at most."""
        if not text.strip():
            return
        font = _font(size, bold=bold)
        self._set([(text, False)], font, size, colour, most=3)

    def flow(self, runs: Sequence[_Run], size: int) -> None:
        """Runs of text as one; newlines in them begin lines."""
        self._set([(run.text, run.marked) for run in runs], _font(size), size, _INK, most=400)

    def _set(
        self, runs: Sequence[tuple[str, bool]], font: Font, size: int, colour: Colour, *, most: int
    ) -> None:
        step = round(size * 1.5)
        blank = font.getlength(" ")
        x, lines = float(self.margin), 1
        for text, marked in runs:
            for part in re.findall(r"\n+|[^\S\n]+|\S+", _CONTROLS.sub("\ufffd", text)):
                if part.isspace():
                    if "\n" in part and x > self.margin:
                        lines, x = lines + 1, float(self.margin)
                        self.height += step + (step // 2 if len(part) > 1 else 0)
                    elif x > self.margin:
                        x += blank
                    continue
                for word in self._fitting(part, font):
                    length = font.getlength(word)
                    if x > self.margin and x + length > self.width - self.margin:
                        lines, x = lines + 1, float(self.margin)
                        self.height += step
                    if lines > most:
                        break
                    lead = blank if x > self.margin else 0.0
                    self._words.append(
                        _Word(word, x, self.height, lead, font, size, colour, marked)
                    )
                    x += length
        self.height += step

    def _fitting(self, word: str, font: Font) -> Iterator[str]:
        """A word in parts that fit between the margins: an address may be longer than a line."""
        room = self.width - 2 * self.margin
        while font.getlength(word) > room and len(word) > 1:
            cut = max(1, int(len(word) * room / font.getlength(word)) - 1)
            yield word[:cut]
            word = word[cut:]
        yield word

    def paint(self, image: Image.Image) -> None:
        """Draws what was laid, marks first."""
        from PIL import ImageDraw

        draw = ImageDraw.Draw(image)
        before: _Word | None = None
        for word in self._words:
            if word.marked:
                joins = before is not None and before.marked and before.y == word.y
                left = word.x - (word.blank if joins else 3)
                right = word.x + word.font.getlength(word.text) + 3
                high = round(word.height * 0.12)
                draw.rectangle(
                    (left, word.y - high, right, word.y + word.height * 1.2), fill=_YELLOW
                )
            before = word
        for word in self._words:
            _draw_word(draw, word)


def _draw_word(draw: ImageDraw.ImageDraw, word: _Word) -> None:
    draw.text((word.x, word.y), word.text, font=word.font, fill=word.colour)


def _font(size: int, *, bold: bool = False) -> Font:
    """DejaVu Sans where the system has it, since it knows most signs; else Pillow's own font."""
    from PIL import ImageFont

    try:
        return ImageFont.truetype("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf", size)
    except OSError:
        return ImageFont.load_default(size)


def _png(image: Image.Image) -> bytes:
    made = io.BytesIO()
    image.save(made, "PNG", optimize=False, compress_level=6)
    return made.getvalue()
