"""Pages as pdfium reads them: lines of text with their fonts and places.

pdfium is called through its raw interface, a handful of calls for a line and none for a
character: that is what makes a page cost two milliseconds.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import Any

from cardwatch.readers.pdf.calls import address, bound
from cardwatch.readers.pdf.drawings import Drawer, table_band
from cardwatch.readers.pdf.sheets import Font, Frame, Run, Sheet, TextLine

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


class PageReader:
    """Reads the pages of one open document; buffers and font names are shared between pages."""

    def __init__(self, document: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._document = document
        self._drawer = Drawer(document)
        self._size = 0
        self._buffer: Any = None
        self._name = ctypes.create_string_buffer(256)
        self._x, self._y = ctypes.c_double(), ctypes.c_double()
        self._at = (ctypes.byref(self._x), ctypes.byref(self._y))
        self._edges = [ctypes.c_double() for _ in range(4)]
        self._pedges = [ctypes.byref(edge) for edge in self._edges]
        self._box, self._matrix = raw.FS_RECTF(), raw.FS_MATRIX()
        self._pbox, self._pmatrix = ctypes.byref(self._box), ctypes.byref(self._matrix)
        self._fonts: dict[str, Font] = {}
        self._seen: dict[int, Font] = {}
        handle, index, status = ctypes.c_void_p, ctypes.c_int, ctypes.c_int
        self._count_rects = bound(raw.FPDFText_CountRects, index, handle, index, index)
        self._object_at = bound(raw.FPDFText_GetTextObject, handle, handle, index)
        self._font_of = bound(raw.FPDFTextObj_GetFont, handle, handle)
        self._size_at = bound(raw.FPDFText_GetFontSize, ctypes.c_double, handle, index)
        self._matrix_at = bound(raw.FPDFText_GetMatrix, status, handle, index, handle)
        self._origin_at = bound(raw.FPDFText_GetCharOrigin, status, handle, index, handle, handle)
        self._loose_at = bound(raw.FPDFText_GetLooseCharBox, status, handle, index, handle)
        self._box_at = bound(raw.FPDFText_GetCharBox, status, handle, index, *[handle] * 4)

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
                self._drawer.link(page, text_page, sheet.lines, len(sheet.text))
                self._drawer.draw(page, sheet.drawing, frame)
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

    def _lines(self, text_page: Any, sheet: Sheet, frame: Frame) -> Iterator[TextLine]:
        page = address(text_page)
        for match in _LINE.finditer(sheet.text):
            words = match.group().rstrip("\r\n")
            broken = words[-1:] in HYPHENS if words else False
            if broken:
                words = words[:-1] + "-"
            if not words.strip():
                continue
            bare = words.lstrip()
            at, words = match.start() + len(words) - len(bare), bare
            count = self._count_rects(page, at, len(words))
            starts = [0]
            if count > 1:
                starts = sorted(
                    {found.start() for found in _WORD.finditer(words)}
                    | {edge for found in _INSIDE.finditer(words) for edge in found.span()}
                    | {found.end() - 1 for found in _INSIDE.finditer(words) if found.group()}
                )
            runs = self._runs(page, at, words, [s for s in starts if s < len(words)], frame)
            yield from _as_lines(runs, sheet.number, at, words, broken)

    def _runs(self, page: int, at: int, words: str, starts: list[int], frame: Frame) -> list[Run]:
        """Runs that begin at some of ``starts``: where the text object and then the font change.

        Text objects on one baseline and in one font, close to each other, make one run.
        """
        runs: list[Run] = []
        last, word_at, word_x = None, 0, 0.0
        for start in starts:
            thing = self._object_at(page, at + start)
            if thing is None or thing == last:
                continue
            last = thing
            while (
                start and words[start - 1] != " " and self._object_at(page, at + start - 1) == thing
            ):
                start -= 1
            font = self._font(self._font_of(thing) or 0)
            size = self._size_at(page, at + start)
            if self._matrix_at(page, at + start, self._pmatrix):
                size *= (self._matrix.b**2 + self._matrix.d**2) ** 0.5
            size = round(size, 2) if 0.5 < size < 1000 else 1.0
            self._origin_at(page, at + start, *self._at)
            x, y = frame.place(self._x.value, self._y.value)
            step, word_x = x - word_x, x
            reach, word_at = (0.45 * (start - word_at) + 0.8) * size, start
            if runs:
                before = runs[-1]
                alike = (
                    before.font is font
                    and abs(before.size - size) < 0.1
                    and abs(before.base - y) < 0.12 * size
                )
                # A step that the letters before it account for holds no gap to be measured.
                if alike and 0 < step < reach:
                    continue
                self._close(page, at, words, before, start, frame)
                if alike and -0.5 * size < x - before.x1 < 1.2 * size:
                    continue
            runs.append(Run(start, len(words), font, size, x, x, y))
        if runs:
            runs[0].start = 0
            self._close(page, at, words, runs[-1], len(words), frame)
        return runs

    def _close(self, page: int, at: int, words: str, run: Run, end: int, frame: Frame) -> None:
        """End ``run`` before ``end``: its right edge is that of its last visible character."""
        run.end = end
        last = at + max(0, len(words[:end].rstrip()) - 1)
        self._loose_at(page, last, self._pbox)
        box = self._box
        if frame.turn == 0:
            run.x1 = max(run.x0, min(box.right - frame.left, 2 * frame.width))
        else:
            run.x1 = max(run.x0, frame.rect(box.left, box.bottom, box.right, box.top)[2])

    def _font(self, handle: int) -> Font:
        """The font behind a handle; handles are only good while the page is open."""
        known = self._seen.get(handle)
        if known is None:
            pointer = ctypes.cast(handle, self._raw.FPDF_FONT)
            length = self._raw.FPDFFont_GetBaseFontName(pointer, self._name, 255) if handle else 0
            name = self._name.raw[: max(0, min(length, 255) - 1)].decode("latin-1")
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
            self._seen[handle] = known
        return known

    def _measure(self, text_page: Any, sheet: Sheet, frame: Frame) -> None:
        """Note where each word stands, for lines among rules: a table is read word by word."""
        top, bottom = table_band(sheet.drawing, sheet.width, sheet.height)
        page = address(text_page)
        for line in sheet.lines:
            if line.bottom < top or line.top > bottom:
                continue
            sheet.words[line.at] = [
                (
                    *match.span(),
                    self._edge(page, line.at + match.start(), frame, 0),
                    self._edge(page, line.at + match.end() - 1, frame, 2),
                )
                for match in _WORD.finditer(line.text)
            ]

    def _edge(self, page: int, at: int, frame: Frame, side: int) -> float:
        """The left (0) or right (2) edge of a character."""
        self._box_at(page, at, *self._pedges)
        left, right, low, high = self._edges
        if frame.turn == 0:
            return max(-1e4, min(1e4, (right if side else left).value - frame.left))
        return frame.rect(left.value, low.value, right.value, high.value)[side]

    # ---------------------------------------------------------------- the page

    def _frame(self, page: Any) -> Frame:
        raw = self._raw
        box = raw.FS_RECTF()
        left = bottom = 0.0
        if raw.FPDF_GetPageBoundingBox(page, ctypes.byref(box)):
            left, bottom = box.left, box.bottom
        width, height = raw.FPDF_GetPageWidthF(page), raw.FPDF_GetPageHeightF(page)
        return Frame(left, bottom, width, height, raw.FPDFPage_GetRotation(page))

    def _label(self, index: int) -> str:
        size = self._raw.FPDF_GetPageLabel(self._document, index, None, 0)
        if not 2 < size <= 200:
            return ""
        buffer = ctypes.create_string_buffer(size)
        self._raw.FPDF_GetPageLabel(self._document, index, buffer, size)
        return buffer.raw[: size - 2].decode("utf-16-le", "replace").strip()


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
