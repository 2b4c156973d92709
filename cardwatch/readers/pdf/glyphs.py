"""Pages as pdfium reads them: lines of text with their fonts and places, links, drawings.

pdfium is called through its raw interface, a handful of calls for a line and none for a
character: that is what makes a page cost two milliseconds.
"""

from __future__ import annotations

import ctypes
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

# A hyphen that pdfium found at the end of a line; the next line follows without a break.
HYPHENS = "\x02\ufffe"
_LINE = re.compile("[^\r\n\x02\ufffe]*(?:\r\n|[\r\n\x02\ufffe]|$)")
_WORD = re.compile(r"\S+")
# Where the font may change inside a word: a footnote mark after it or before it, a bracket.
_INSIDE = re.compile(
    r"(?<=\S)\[\d{1,3}\](?=$|[\s.,;:)\]’”])|(?<=[^\s\d\[(])(?:\d{1,3}|[*†‡§¶]{1,3})(?=$|[\s.,;:)\]’”])"
    r"|(?<=\d)\d\d?(?=$|[\s.,;:)])|(?<=^\d)(?=[^\W\d])|(?<=^\d\d)(?=[^\W\d])|(?<=[(“‘\"])(?=\w)"
)
_BOLD = re.compile(
    r"bold|black|heavy|demi|semib|medi(?!um)|(?:^|\+)(?:SF|CM|EC|T1)(?:BX|B)\d|CMSSBX|CMB\d", re.I
)
_ITALIC = re.compile(r"ital|obli|(?:^|\+)(?:SF|CM|EC)(?:TI|SL|BI|IT)\d|CMMI", re.I)
_MONO = re.compile(r"mono|courier|consol|typewriter|code|(?:^|\+)(?:SF|CM|EC)TT", re.I)
_HALF = re.compile("[\ud800-\udfff]")
# A form drawn inside a form inside a form is a picture, or an attack.
_DEPTH = 3
_OBJECT_LIMIT = 200_000


@dataclass(frozen=True, slots=True)
class Font:
    """A typeface: its name without the subset tag, and what the name says about it."""

    name: str
    bold: bool
    italic: bool
    mono: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link annotation: the characters from ``start`` to ``end`` lead to ``target``."""

    start: int
    end: int
    target: str


@dataclass(slots=True)
class Run:
    """Characters of one line in one font: ``start`` and ``end`` count within the line."""

    start: int
    end: int
    font: Font
    size: float
    x0: float
    x1: float
    base: float


@dataclass(slots=True)
class TextLine:
    """One printed line. ``at`` is the index of its first character on the page.

    ``top``, ``base`` and ``bottom`` grow downwards from the page's top. ``broken``: pdfium took
    the hyphen that ends the line for a line-break hyphen. ``marker`` is a bullet or number that
    is printed beside the line as a text of its own; ``links`` count within the line.
    """

    page: int
    at: int
    text: str
    runs: list[Run]
    x0: float
    x1: float
    top: float
    base: float
    bottom: float
    size: float
    font: Font
    broken: bool = False
    vertical: bool = False
    marker: str = ""
    links: list[Anchor] = field(default_factory=list)

    @property
    def bold(self) -> bool:
        """Whether every run of the line is bold."""
        return all(run.font.bold for run in self.runs)


@dataclass(slots=True)
class Drawing:
    """What is drawn on a page besides text, as rectangles (x0, top, x1, bottom).

    ``rules`` are thin lines, ``boxes`` rectangles, ``pictures`` images and drawn figures.
    """

    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    pictures: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """One page as read. ``damage`` says why it could not be, if it could not."""

    number: int
    width: float = 0.0
    height: float = 0.0
    label: str = ""
    text: str = ""
    lines: list[TextLine] = field(default_factory=list)
    drawing: Drawing = field(default_factory=Drawing)
    words: dict[int, list[tuple[int, int, float, float]]] = field(default_factory=dict)
    damage: str = ""


@dataclass(slots=True)
class _Frame:
    """How a page's own coordinates become points from the top left of what is shown."""

    left: float
    bottom: float
    width: float
    height: float
    turn: int

    def place(self, x: float, y: float) -> tuple[float, float]:
        x, y = x - self.left, y - self.bottom
        if self.turn == 1:
            return y, x
        if self.turn == 2:
            return self.width - x, y
        if self.turn == 3:
            return self.width - y, self.height - x
        return x, self.height - y

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        ax, ay = self.place(x0, y0)
        bx, by = self.place(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)


def whole(text: str) -> str:
    """``text`` with the halves of characters beyond the basic plane put together."""
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


class PageReader:
    """Reads the pages of one open document; buffers and font names are shared between pages."""

    def __init__(self, document: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._document = document
        self._size = 0
        self._buffer: Any = None
        self._name = ctypes.create_string_buffer(256)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._px, self._py = ctypes.byref(self._x), ctypes.byref(self._y)
        self._loose = raw.FS_RECTF()
        self._ploose = ctypes.byref(self._loose)
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._pedges = [ctypes.byref(edge) for edge in self._edges]
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self._pbounds = [ctypes.byref(edge) for edge in self._bounds]
        self._matrix = raw.FS_MATRIX()
        self._pmatrix = ctypes.byref(self._matrix)
        self._fonts: dict[str, Font] = {}
        self._seen: dict[int, Font] = {}

    def read(self, index: int) -> Sheet:
        """The page at ``index``; one that cannot be read comes back with its damage named."""
        raw = self._raw
        sheet = Sheet(index + 1)
        page = raw.FPDF_LoadPage(self._document, index)
        if not page:
            sheet.damage = "the page could not be loaded"
            return sheet
        try:
            frame = self._frame(page)
            sheet.width, sheet.height = frame.width, frame.height
            sheet.label = self._label(index)
            text_page = raw.FPDFText_LoadPage(page)
            if not text_page:
                sheet.damage = "the text of the page could not be loaded"
                return sheet
            try:
                self._seen = {}
                sheet.text = self._text(text_page)
                sheet.lines = list(self._lines(text_page, sheet, frame))
                _attach(sheet.lines, self._anchors(page, text_page, len(sheet.text)))
                self._draw(page, sheet.drawing, frame)
                self._measure(text_page, sheet, frame)
            finally:
                raw.FPDFText_ClosePage(text_page)
        finally:
            raw.FPDF_ClosePage(page)
        return sheet

    # ---------------------------------------------------------------- text

    def _text(self, page: Any) -> str:
        raw = self._raw
        count = raw.FPDFText_CountChars(page)
        if count <= 0:
            return ""
        if 2 * count + 2 > self._size:
            self._size = 4 * count + 1024
            self._buffer = ctypes.create_string_buffer(2 * self._size)
        units = raw.FPDFText_GetText(
            page, 0, count, ctypes.cast(self._buffer, ctypes.POINTER(ctypes.c_ushort))
        )
        raw_text = self._buffer[: 2 * max(0, units - 1)]
        text = str(raw_text.decode("utf-16-le", "replace"))
        if len(text) == count:
            return text
        if units - 1 == count:
            # pdfium counts halves of a pair as characters; ``whole`` puts them together.
            return "".join(map(chr, memoryview(raw_text).cast("H")))
        # Characters without a meaning are left out of the text: ask for each, to keep count.
        codes = (raw.FPDFText_GetUnicode(page, at) for at in range(count))
        return "".join(
            chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " "
            for code in codes
        )

    def _lines(self, page: Any, sheet: Sheet, frame: _Frame) -> Iterator[TextLine]:
        for match in _LINE.finditer(sheet.text):
            words = match.group().rstrip("\r\n")
            broken = words[-1:] in HYPHENS if words else False
            if broken:
                words = words[:-1] + "-"
            if not words.strip():
                continue
            at = match.start()
            count = self._raw.FPDFText_CountRects(page, at, len(words))
            starts = [len(words) - len(words.lstrip())]
            if count > 1:
                starts = sorted(
                    {found.start() for found in _WORD.finditer(words)}
                    | {edge for found in _INSIDE.finditer(words) for edge in found.span()}
                    | {found.end() - 1 for found in _INSIDE.finditer(words) if found.group()}
                )
            runs = self._runs(page, at, words, [s for s in starts if s < len(words)], frame)
            yield from _as_lines(runs, sheet.number, at, words, broken)

    def _runs(self, page: Any, at: int, words: str, starts: list[int], frame: _Frame) -> list[Run]:
        """Runs that begin at some of ``starts``: where the text object and then the font change.

        Text objects on one baseline and in one font, close to each other, make one run.
        """
        raw = self._raw
        runs: list[Run] = []
        last = None
        for start in starts:
            address = raw.FPDFText_GetTextObject(page, at + start)
            thing = ctypes.cast(address, ctypes.c_void_p).value if address else None
            if thing is None or thing == last:
                continue
            last = thing
            font = self._font(raw.FPDFTextObj_GetFont(address))
            raw.FPDFText_GetMatrix(page, at + start, self._pmatrix)
            scale = (self._matrix.b**2 + self._matrix.d**2) ** 0.5 or 1.0
            size = round(raw.FPDFText_GetFontSize(page, at + start) * scale, 2)
            raw.FPDFText_GetCharOrigin(page, at + start, self._px, self._py)
            x, y = frame.place(self._x.value, self._y.value)
            if runs:
                self._close(page, at, words, runs[-1], start, frame)
                before = runs[-1]
                if (
                    before.font is font
                    and abs(before.size - size) < 0.1
                    and abs(before.base - y) < 0.12 * size
                    and -0.5 * size < x - before.x1 < 1.2 * size
                ):
                    continue
            runs.append(Run(start, len(words), font, size, x, x, y))
        if runs:
            runs[0].start = 0
            self._close(page, at, words, runs[-1], len(words), frame)
        return runs

    def _close(self, page: Any, at: int, words: str, run: Run, end: int, frame: _Frame) -> None:
        """End ``run`` before ``end``: its right edge is that of its last visible character."""
        run.end = end
        last = at + len(words[:end].rstrip()) - 1
        self._raw.FPDFText_GetLooseCharBox(page, last, self._ploose)
        box = self._loose
        rect = frame.rect(box.left, box.bottom, box.right, box.top)
        run.x1 = max(run.x0, rect[2])

    def _font(self, handle: Any) -> Font:
        """The font behind a handle; handles are only good while the page is open."""
        address = ctypes.cast(handle, ctypes.c_void_p).value or 0
        known = self._seen.get(address)
        if known is None:
            length = self._raw.FPDFFont_GetBaseFontName(handle, self._name, 255) if handle else 0
            name = self._name.raw[: max(0, length - 1)].decode("latin-1")
            known = self._fonts.get(name)
            if known is None:
                bare = name[7:] if name[6:7] == "+" else name
                known = Font(
                    bare,
                    bool(_BOLD.search(bare)),
                    bool(_ITALIC.search(bare)),
                    bool(_MONO.search(bare)),
                )
                self._fonts[name] = known
            self._seen[address] = known
        return known

    def _measure(self, page: Any, sheet: Sheet, frame: _Frame) -> None:
        """Note where each word stands, for lines among rules: a table is read word by word."""
        rules = sheet.drawing.rules + sheet.drawing.boxes
        if len(rules) < 3:
            return
        top, bottom = min(rule[1] for rule in rules), max(rule[3] for rule in rules)
        for line in sheet.lines:
            if line.bottom < top or line.top > bottom:
                continue
            found = []
            for match in _WORD.finditer(line.text):
                edges = []
                for at in (match.start(), match.end() - 1):
                    self._raw.FPDFText_GetCharBox(page, line.at + at, *self._pedges)
                    left, right, low, high = (edge.value for edge in self._edges)
                    edges.append(frame.rect(left, low, right, high))
                found.append((*match.span(), edges[0][0], edges[1][2]))
            sheet.words[line.at] = found

    # ---------------------------------------------------------------- links and drawings

    def _anchors(self, page: Any, text_page: Any, length: int) -> Iterator[Anchor]:
        raw = self._raw
        position, link, rect = ctypes.c_int(0), raw.FPDF_LINK(), raw.FS_RECTF()
        while raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
            target = self._target(link)
            if not target or not raw.FPDFLink_GetAnnotRect(link, ctypes.byref(rect)):
                continue
            low, high = sorted((rect.bottom, rect.top))
            left, right = sorted((rect.left, rect.right))
            middle = (low + high) / 2
            reach = min(4.0, (right - left) / 4)
            first = raw.FPDFText_GetCharIndexAtPos(text_page, left + reach / 2, middle, reach, 4.0)
            last = raw.FPDFText_GetCharIndexAtPos(text_page, right - reach / 2, middle, reach, 4.0)
            if 0 <= first <= last < length:
                yield Anchor(first, last + 1, target)

    def _target(self, link: Any) -> str:
        raw = self._raw
        destination = raw.FPDFLink_GetDest(self._document, link)
        if not destination:
            action = raw.FPDFLink_GetAction(link)
            if not action:
                return ""
            kind = raw.FPDFAction_GetType(action)
            if kind == raw.PDFACTION_URI:
                size = raw.FPDFAction_GetURIPath(self._document, action, None, 0)
                if not 1 < size < 10_000:
                    return ""
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFAction_GetURIPath(self._document, action, buffer, size)
                return buffer.raw[: size - 1].decode("utf-8", "replace")
            destination = raw.FPDFAction_GetDest(self._document, action)
        if not destination:
            return ""
        index = raw.FPDFDest_GetDestPageIndex(self._document, destination)
        return f"#page={index + 1}" if index >= 0 else ""

    def _draw(self, page: Any, drawing: Drawing, frame: _Frame) -> None:
        raw = self._raw
        count = raw.FPDFPage_CountObjects(page)
        for at in range(min(count, _OBJECT_LIMIT)):
            thing = raw.FPDFPage_GetObject(page, at)
            kind = raw.FPDFPageObj_GetType(thing)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                continue
            if not raw.FPDFPageObj_GetBounds(thing, *self._pbounds):
                continue
            left, low, right, high = (edge.value for edge in self._bounds)
            rect = frame.rect(left, low, right, high)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(thing, rect, drawing, frame)
            else:
                drawing.pictures.append(rect)

    def _path(
        self,
        thing: Any,
        rect: tuple[float, float, float, float],
        drawing: Drawing,
        frame: _Frame,
    ) -> None:
        """Sort a path under rules or boxes; of one with many strokes, each stroke."""
        raw = self._raw
        width, height = rect[2] - rect[0], rect[3] - rect[1]
        segments = raw.FPDFPath_CountSegments(thing)
        if min(width, height) <= 3.0:
            drawing.rules.append(rect)
        elif segments <= 6:
            drawing.boxes.append(rect)
        elif segments <= 2000:
            self._strokes(thing, segments, drawing, frame)

    def _strokes(self, thing: Any, segments: int, drawing: Drawing, frame: _Frame) -> None:
        raw = self._raw
        raw.FPDFPageObj_GetMatrix(thing, self._pmatrix)
        m = self._matrix
        x, y = self._bounds[0], self._bounds[1]
        before: tuple[float, float] | None = None
        for at in range(segments):
            segment = raw.FPDFPath_GetPathSegment(thing, at)
            raw.FPDFPathSegment_GetPoint(segment, self._pbounds[0], self._pbounds[1])
            kind = raw.FPDFPathSegment_GetType(segment)
            here = (m.a * x.value + m.c * y.value + m.e, m.b * x.value + m.d * y.value + m.f)
            if kind == raw.FPDF_SEGMENT_LINETO and before is not None:
                rect = frame.rect(*before, *here)
                if min(rect[2] - rect[0], rect[3] - rect[1]) <= 1.0:
                    drawing.rules.append(rect)
            before = here

    # ---------------------------------------------------------------- the page

    def _frame(self, page: Any) -> _Frame:
        raw = self._raw
        box = raw.FS_RECTF()
        left = bottom = 0.0
        if raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box)):
            left, bottom = box.left, box.bottom
        width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
        return _Frame(left, bottom, width, height, raw.FPDFPage_GetRotation(page))

    def _label(self, index: int) -> str:
        size = self._raw.FPDF_GetPageLabel(self._document, index, None, 0)
        if not 2 < size <= 200:
            return ""
        buffer = ctypes.create_string_buffer(size)
        self._raw.FPDF_GetPageLabel(self._document, index, buffer, size)
        return buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()


def _attach(lines: list[TextLine], anchors: Iterator[Anchor]) -> None:
    """Give each line the part of each link that stands on it."""
    starts = [line.at for line in lines]
    for anchor in anchors:
        index = max(0, bisect_right(starts, anchor.start) - 1)
        for line in lines[index:]:
            if line.at >= anchor.end:
                break
            start = max(0, anchor.start - line.at)
            end = min(len(line.text), anchor.end - line.at)
            if start < end:
                line.links.append(Anchor(start, end, anchor.target))


def _as_lines(
    runs: list[Run], number: int, at: int, words: str, broken: bool
) -> Iterator[TextLine]:
    """One line of the runs, or several where pdfium went on without a break."""
    first = 0
    for index in range(1, len(runs) + 1):
        if index < len(runs):
            before, run = runs[index - 1], runs[index]
            lower = run.base - before.base > 0.7 * max(run.size, before.size)
            if not (lower and run.x0 < before.x1):
                continue
        part = runs[first:index]
        start, end = part[0].start, part[-1].end
        last = index == len(runs)
        yield _line(part, number, at + start, words[start:end], broken and last)
        first = index


def _line(runs: list[Run], number: int, at: int, words: str, broken: bool) -> TextLine:
    shift = runs[0].start
    for run in runs:
        run.start -= shift
        run.end -= shift
    main = max(runs, key=lambda run: run.end - run.start) if len(runs) > 1 else runs[0]
    x0, x1 = min(run.x0 for run in runs), max(run.x1 for run in runs)
    bare = words.rstrip()
    return TextLine(
        page=number,
        at=at,
        text=bare,
        runs=runs,
        x0=x0,
        x1=x1,
        top=main.base - 0.8 * main.size,
        base=main.base,
        bottom=main.base + 0.25 * main.size,
        size=main.size,
        font=main.font,
        broken=broken,
        vertical=len(bare) > 3 and x1 - x0 < 0.15 * main.size * len(bare),
    )
