"""What stands on a page besides text: links, rules, boxes, pictures."""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from cardwatch.readers.pdf.calls import address, bound
from cardwatch.readers.pdf.sheets import Anchor, Drawing, Frame, Rect, TextLine

# A page with more objects than this is a picture drawn stroke by stroke, or an attack.
_OBJECT_LIMIT = 200_000
_RULE_LIMIT = 5_000
_SEGMENT_LIMIT = 2_000
_TARGET_LIMIT = 10_000
# Rules shorter than this underline words or open footnotes; those of tables are longer.
MIN_WIDTH = 100.0

Item = TypeVar("Item")
_LINK_LIMIT = 5_000
_LINKS_OF_A_LINE = 50


class Drawer:
    """Reads links and drawings of the pages of one open document."""

    def __init__(self, document: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._document = document
        self._bounds = [ctypes.c_float() for _ in range(4)]
        self._pbounds = [ctypes.byref(edge) for edge in self._bounds]
        self._matrix = raw.FS_MATRIX()
        self._pmatrix = ctypes.byref(self._matrix)
        handle, number = ctypes.c_void_p, ctypes.c_int
        self._object = bound(raw.FPDFPage_GetObject, handle, handle, number)
        self._kind = bound(raw.FPDFPageObj_GetType, number, handle)

    def link(self, page: Any, text_page: Any, lines: list[TextLine], length: int) -> None:
        """Give each line the part of each link that stands on it."""
        starts = [line.at for line in lines]
        for anchor in self._anchors(page, text_page, length):
            index = max(0, bisect_right(starts, anchor.start) - 1)
            for at in range(index, len(lines)):
                line = lines[at]
                if line.at >= anchor.end or len(line.links) >= _LINKS_OF_A_LINE:
                    break
                start = max(0, anchor.start - line.at)
                end = min(len(line.text), anchor.end - line.at)
                if start < end:
                    line.links.append(Anchor(start, end, anchor.target))

    def _anchors(self, page: Any, text_page: Any, length: int) -> Iterator[Anchor]:
        raw = self._raw
        position, link, rect = ctypes.c_int(0), raw.FPDF_LINK(), raw.FS_RECTF()
        for _ in range(_LINK_LIMIT):
            if not raw.FPDFLink_Enumerate(page, ctypes.byref(position), ctypes.byref(link)):
                return
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
                if not 1 < size < _TARGET_LIMIT:
                    return ""
                buffer = ctypes.create_string_buffer(size)
                raw.FPDFAction_GetURIPath(self._document, action, buffer, size)
                return buffer.raw[: size - 1].decode("utf-8", "replace")
            destination = raw.FPDFAction_GetDest(self._document, action)
        if not destination:
            return ""
        index = raw.FPDFDest_GetDestPageIndex(self._document, destination)
        return f"#page={index + 1}" if index >= 0 else ""

    def draw(self, page: Any, drawing: Drawing, frame: Frame) -> None:
        """Sort what is drawn on the page under rules, boxes and pictures."""
        raw = self._raw
        count, where, text = raw.FPDFPage_CountObjects(page), address(page), raw.FPDF_PAGEOBJ_TEXT
        for at in range(min(count, _OBJECT_LIMIT)):
            found = self._object(where, at)
            kind = self._kind(found)
            if kind == text:
                continue
            thing = ctypes.cast(found, raw.FPDF_PAGEOBJECT)
            if not raw.FPDFPageObj_GetBounds(thing, *self._pbounds):
                continue
            left, low, right, high = (edge.value for edge in self._bounds)
            rect = frame.rect(left, low, right, high)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._path(thing, rect, drawing, frame)
            else:
                drawing.pictures.append(rect)
                if kind == raw.FPDF_PAGEOBJ_FORM:
                    drawing.forms.append(rect)

    def _path(
        self,
        thing: Any,
        rect: Rect,
        drawing: Drawing,
        frame: Frame,
    ) -> None:
        """Sort a path under rules or boxes; of one with many strokes, each stroke."""
        raw = self._raw
        if len(drawing.rules) > _RULE_LIMIT:
            return
        width, height = rect[2] - rect[0], rect[3] - rect[1]
        segments = raw.FPDFPath_CountSegments(thing)
        if min(width, height) <= 3.0:
            drawing.rules.append(rect)
        elif segments <= 6:
            drawing.boxes.append(rect)
        elif segments <= _SEGMENT_LIMIT:
            self._strokes(thing, segments, drawing, frame)

    def _strokes(self, thing: Any, segments: int, drawing: Drawing, frame: Frame) -> None:
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


def table_band(drawing: Drawing, width: float, height: float) -> tuple[float, float]:
    """The top and bottom of where a page's rules could be those of tables; (0, 0): nowhere.

    That takes three uprights, or three rules of one width.
    """
    found = [rule for rule in drawing.rules if rule[3] - rule[1] > 8]
    found += [box for box in drawing.boxes if box[2] - box[0] < 0.9 * width]
    places = {round(x / 4) for rule in found for x in (rule[0], rule[2])}
    band = [rule for rule in found if len(places) >= 3]
    wide = [rule for rule in drawing.rules if rule[2] - rule[0] > MIN_WIDTH]
    for rules in of_one_width(wide, lambda rule: (rule[0], rule[2])):
        band += rules if len(rules) >= 3 else []
    if not band or height <= 0:
        return 0.0, 0.0
    return min(rule[1] for rule in band), max(rule[3] for rule in band)


def of_one_width(
    items: Sequence[Item], ends: Callable[[Item], tuple[float, float]]
) -> list[list[Item]]:
    """The items in groups whose left ends and whose right ends lie within 4 points."""
    groups: list[list[Item]] = []
    for item in items:
        left, right = ends(item)
        for group in groups:
            first = ends(group[0])
            if abs(first[0] - left) < 4 and abs(first[1] - right) < 4:
                group.append(item)
                break
        else:
            groups.append([item])
    return groups
