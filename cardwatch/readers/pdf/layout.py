"""From lines as they come to lines as they are read: order, markers, furniture, contents."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from cardwatch.readers.pdf.sheets import Run, Sheet, TextLine, split_line

_BULLETS = "•●○◦▪▫■□‣⁃–—∙·➢►▶✓✔❖◆◇★*-"
BULLET = re.compile(rf"([{re.escape(_BULLETS)}o])(?:\s+|$)")
NUMBER = re.compile(r"(\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,5})[.)])(?:\s+|$)")
_LONE_MARKER = re.compile(
    rf"(?:[{re.escape(_BULLETS)}]|\(?(?:\d{{1,3}}|[A-Za-z]|[ivx]{{1,5}})[.)])$"
)
_PAGE_NUMBER = re.compile(
    r"(?:page\s+|p\.\s*|[-–—|]\s*)?(?P<label>\d{1,4}|[ivxlc]{1,7})(?:\s*[-–—|]|\s*(?:of|/)\s*\d{1,4})?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_ENTRY = re.compile(r"\S.*?(?:[\s.·…_]{2,}|\s)(?P<page>\d{1,4}|[ivxlc]{1,7})$")
_LEADERS = re.compile(r"(?:\.\s?){5,}|…{2,}|·{5,}|_{5,}")
_CONTENTS = re.compile(r"(?:table of )?contents|inhalt|sommaire", re.IGNORECASE)
# Running heads and page numbers stand in the outer eighth of a page.
_ZONE = 0.125
# A page with more lines than this is not laid out by hand: its stream order is taken.
_LINE_LIMIT = 2_000
_MARKER_LIMIT = 300
# Shares of the page that a drawn figure takes, and characters to a square point: running text
# at 10 points has about 0.016, the labels of a chart a tenth of that.
_SMALL_FIGURE = 0.02
_LARGE_FIGURE = 0.7
_THIN = 0.006


@dataclass(slots=True)
class Furniture:
    """What is no running text: the page's printed label, (kind, text) of each line removed,
    and (kind, reason) of each place that could not be read.
    """

    label: str = ""
    removed: list[tuple[str, str]] = field(default_factory=list)
    unread: list[tuple[str, str]] = field(default_factory=list)


# -------------------------------------------------------------------- figures


def take_figure_text(sheet: Sheet) -> list[str]:
    """Take the words inside drawn figures out of the sheet's lines: axes, labels, legends.

    A form that holds a page's text looks like a figure; what tells them apart is how thinly
    the words stand in it.
    """
    area = max(1.0, sheet.width * sheet.height)
    gone: set[int] = set()
    for x0, top, x1, bottom in sheet.drawing.forms:
        size = (x1 - x0) * (bottom - top)
        if not _SMALL_FIGURE < size / area < _LARGE_FIGURE:
            continue
        inside = [
            line
            for line in sheet.lines
            if x0 <= (line.x0 + line.x1) / 2 <= x1 and top <= line.base <= bottom
        ]
        if sum(len(line.text) for line in inside) < _THIN * size:
            gone.update(id(line) for line in inside)
    words = [line.text for line in sheet.lines if id(line) in gone]
    sheet.lines[:] = [line for line in sheet.lines if id(line) not in gone]
    return words


# -------------------------------------------------------------------- order within a page


def straighten(sheet: Sheet) -> list[TextLine]:
    """The lines of a page in reading order: raised pieces rejoined, bullets beside their lines.

    The order of the content stream is kept unless it interleaves two columns.
    """
    lines: list[TextLine] = []
    markers: list[TextLine] = []
    for line in _split_at_gutter(sheet.lines):
        if line.vertical:
            continue
        if len(line.text) <= 6 and _LONE_MARKER.match(line.text.strip()):
            markers.append(line)
        elif lines and _continues(lines[-1], line):
            _join(lines[-1], line)
        else:
            lines.append(line)
    return _columns(_attach_markers(lines, markers))


def _split_at_gutter(lines: list[TextLine]) -> list[TextLine]:
    """The lines, those cut in two that hold a line of either of two columns.

    A gutter is a gap at one place in two lines out of five, with words enough on either side.
    """
    starts: Counter[int] = Counter()
    for line in lines:
        for before, run in pairwise(line.runs):
            if (
                run.x0 - before.x1 > line.size
                and min(before.end, line.runs[-1].end - run.start) > 12
            ):
                starts[round(run.x0 / 3)] += 1
    if not starts:
        return lines
    place, count = max(starts.items(), key=lambda item: (item[1], -item[0]))
    if count < max(5, 0.4 * len(lines)):
        return lines
    out: list[TextLine] = []
    for line in lines:
        at = next(
            (
                index
                for index, (before, run) in enumerate(pairwise(line.runs), 1)
                if abs(round(run.x0 / 3) - place) <= 1 and run.x0 - before.x1 > 0.8 * line.size
            ),
            0,
        )
        out += split_line(line, at) if at else [line]
    return out


def _continues(before: TextLine, line: TextLine) -> bool:
    """Whether ``line`` is the next piece of the same printed line: raised, or after such."""
    size = max(before.size, line.size)
    if not -0.2 * size < line.x0 - before.x1 < 0.6 * size:
        return False
    if abs(before.base - line.base) < 0.1 * size:
        return True
    return abs(before.base - line.base) < 0.6 * size and min(before.size, line.size) < 0.85 * size


def _join(before: TextLine, line: TextLine) -> None:
    """Add ``line`` at the end of ``before``; a gap wider than a hair becomes a space."""
    spaced = line.x0 - before.x1 > 0.18 * max(before.size, line.size)
    shift = len(before.text) + spaced
    text = before.text + " " * spaced + line.text
    before.runs[-1].end = shift
    for run in line.runs:
        before.runs.append(
            Run(run.start + shift, run.end + shift, run.font, run.size, run.x0, run.x1, run.base)
        )
    for link in line.links:
        before.links.append(type(link)(link.start + shift, link.end + shift, link.target))
    if line.size > before.size:
        before.size, before.base, before.font = line.size, line.base, line.font
        before.top, before.bottom = line.top, line.bottom
    before.text, before.broken = text, line.broken
    before.x0, before.x1 = min(before.x0, line.x0), max(before.x1, line.x1)


def _attach_markers(lines: list[TextLine], markers: list[TextLine]) -> list[TextLine]:
    """Lines with the lone bullets and numbers that stand to the left of them on one baseline."""
    if len(markers) > _MARKER_LIMIT:
        return sorted([*lines, *markers], key=lambda line: line.at)
    for marker in markers:
        near = [
            line
            for line in lines
            if not line.marker
            and abs(line.base - marker.base) < 0.3 * max(line.size, marker.size)
            and -1.0 < line.x0 - marker.x1 < 4.0 * line.size
        ]
        if near:
            best = min(near, key=lambda line: line.x0)
            best.marker = marker.text.strip()
        else:
            at = next((i for i, line in enumerate(lines) if line.at > marker.at), len(lines))
            lines.insert(at, marker)
    return lines


def _columns(lines: list[TextLine]) -> list[TextLine]:
    """The lines column by column, where the stream jumps to and fro between two columns."""
    jumps = sum(
        1
        for before, line in pairwise(lines)
        if (before.x0 > line.x1 or line.x0 > before.x1)
        and len(before.text) > 20
        and len(line.text) > 20
    )
    if len(lines) > _LINE_LIMIT or jumps < 6 or jumps < len(lines) // 4:
        return lines
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    for x in sorted({round(line.x0) for line in lines}):
        if not left + 0.3 * (right - left) < x < left + 0.7 * (right - left):
            continue
        east = [line for line in lines if line.x0 >= x - 2]
        crossing = [line for line in lines if line.x0 < x - 2 and line.x1 > x]
        if len(east) > 0.3 * len(lines) and len(crossing) < 0.2 * len(lines):
            return _bands(lines, crossing, x - 2)
    return lines


def _bands(lines: list[TextLine], crossing: list[TextLine], x: float) -> list[TextLine]:
    """Between lines that cross the gutter at ``x``: all to its left, then all to its right."""
    wide = {id(line) for line in crossing}
    out: list[TextLine] = []
    left: list[TextLine] = []
    right: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (round(line.base), line.x0)):
        if id(line) in wide:
            out += [*left, *right, line]
            left, right = [], []
        elif line.x0 >= x:
            right.append(line)
        else:
            left.append(line)
    return [*out, *left, *right]


# -------------------------------------------------------------------- furniture


def strip_furniture(pages: list[tuple[Sheet, list[TextLine]]]) -> list[Furniture]:
    """Take running heads and page numbers out of every page's lines (in place).

    A running head stands at one height with the same words, digits aside, on three pages or
    more (two in a document of fewer than six), or in one small type on half of the pages: a
    head may name its chapter. A page number is a number that rises with the pages, or stands
    where those stand.
    """
    needed = 3 if len(pages) >= 6 else 2
    outer = [_outer(sheet, lines) for sheet, lines in pages]
    heads = _heads(outer, needed) | _small_heads(pages, outer, needed)
    numbers = _page_numbers(outer, needed)
    found: list[Furniture] = [Furniture(sheet.label) for sheet, _ in pages]
    for index, (_, lines) in enumerate(pages):
        for _, line in outer[index]:
            if id(line) in numbers:
                found[index].label = numbers[id(line)]
                found[index].removed.append(("page number", line.text))
            elif id(line) in heads:
                found[index].removed.append(("running head", line.text))
        lines[:] = [line for line in lines if id(line) not in numbers and id(line) not in heads]
    return found


def _page_numbers(outer: list[list[tuple[str, TextLine]]], needed: int) -> dict[int, str]:
    """The lines (by identity) that are page numbers, and the labels that they print."""
    series: dict[tuple[str, int], list[TextLine]] = defaultdict(list)
    lone: list[tuple[tuple[str, int], TextLine, str]] = []
    for index, entries in enumerate(outer):
        for zone, line in entries:
            if match := _PAGE_NUMBER.match(line.text.strip()):
                key = (zone, _value(match["label"]) - index)
                series[key].append(line)
                lone.append((key, line, match["label"]))
    most = max(map(len, series.values()), default=0)
    # Small numbers such as those of footnotes rise with the pages too, but not on all of them.
    good = {key for key, lines in series.items() if len(lines) >= max(needed, 0.3 * most)}
    places = {(zone, round(line.base)) for zone, n in good for line in series[zone, n]}
    return {
        id(line): label
        for key, line, label in lone
        if key in good or (key[0], round(line.base)) in places
    }


def _small_heads(
    pages: list[tuple[Sheet, list[TextLine]]],
    outer: list[list[tuple[str, TextLine]]],
    needed: int,
) -> set[int]:
    """The outer lines (by identity) in one type smaller than the text, at one height, on half
    of the pages.
    """
    sizes: Counter[float] = Counter()
    for _, lines in pages:
        for line in lines:
            sizes[line.size] += len(line.text)
    body = max(sizes.items(), key=lambda item: (item[1], item[0]), default=(0.0, 0))[0]
    places: dict[tuple[str, int, str, float], list[TextLine]] = defaultdict(list)
    for (_, lines), entries in zip(pages, outer, strict=True):
        bases = sorted(line.base for line in lines)
        for zone, line in entries:
            if line.size < 0.95 * body and _alone(line, bases):
                places[zone, round(line.base / 4), line.font.name, line.size].append(line)
    wanted = max(needed, 0.5 * len(pages))
    return {id(line) for lines in places.values() if len(lines) >= wanted for line in lines}


def _outer(sheet: Sheet, lines: list[TextLine]) -> list[tuple[str, TextLine]]:
    """The outermost lines at the top and the bottom that stand apart from the running text."""
    high, low = sheet.height * _ZONE, sheet.height * (1 - _ZONE)
    down = sorted(lines, key=lambda line: line.base)
    out = [("top", line) for line in _apart(down) if line.base < high]
    feet = [line for line in _apart(down[::-1]) if line.base > low and not _is_note(line)]
    return out + [("foot", line) for line in feet]


def _is_note(line: TextLine) -> bool:
    """Whether a line at the foot opens a footnote: with a raised number, or a sign."""
    first = line.runs[0]
    label = line.text[: first.end].strip()
    raised = len(line.runs) > 1 and first.size < 0.85 * line.size and label.isdigit()
    return raised or line.text[0] in "*†‡§¶"


def _apart(lines: list[TextLine]) -> list[TextLine]:
    """The first lines, six at most, down to the last gap or change of size among them."""
    last = len(lines) if len(lines) < 4 else 0
    for at, (line, inner) in enumerate(pairwise(lines[:6]), 1):
        size = max(line.size, inner.size)
        gap = abs(inner.base - line.base)
        if gap > 1.75 * size or abs(line.size - inner.size) > 0.08 * size:
            last = max(last, at)
    return lines[:last]


def _alone(line: TextLine, bases: list[float]) -> bool:
    """Whether no line stands within the room of one above or below: ``bases`` are sorted."""
    above, below = bisect_left(bases, line.base - 2), bisect_right(bases, line.base + 2)
    room = 1.75 * line.size
    return not (above and line.base - bases[above - 1] < room) and not (
        below < len(bases) and bases[below] - line.base < room
    )


def _heads(outer: list[list[tuple[str, TextLine]]], needed: int) -> set[int]:
    """The outer lines (by identity) whose words recur at one height.

    What stands behind another line must be on half of the pages: words may well recur at the
    top of the text.
    """
    seen: dict[tuple[str, int, str], list[tuple[TextLine, bool]]] = defaultdict(list)
    for entries in outer:
        before = ""
        for zone, line in entries:
            words = _DIGITS.sub("#", " ".join(line.text.split()))
            if words != "#":
                seen[zone, round(line.base / 6), words].append((line, zone == before))
            before = zone
    out: set[int] = set()
    for (zone, height, words), here in seen.items():
        # Rounding cuts anywhere: the next height is the same place.
        both = here + seen.get((zone, height + 1, words), [])
        behind = sum(1 for _, inner in both if inner) > 0.5 * len(both)
        if len(both) >= needed and (not behind or len(both) > 0.5 * len(outer)):
            out.update(id(line) for line, _ in both)
    return out


def _value(label: str) -> int:
    """The number that a page label stands for, arabic or roman."""
    if label.isdigit():
        return int(label)
    digits = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
    total = 0
    values = [digits[char] for char in label.lower()]
    for at, value in enumerate(values):
        total += -value if any(later > value for later in values[at + 1 :]) else value
    return total - 100_000


# -------------------------------------------------------------------- contents


def split_contents(
    pages: list[tuple[Sheet, list[TextLine]]],
) -> dict[int, list[TextLine]]:
    """Take tables of contents out of the pages' lines (in place); returns them by page index.

    A run of five lines or more, most of which end in a page number, the numbers rising.
    """
    out: dict[int, list[TextLine]] = {}
    opened = False
    for index, (_, lines) in enumerate(pages):
        if index > 40 and not opened:
            break
        entries = [at for at, line in enumerate(lines) if _is_entry(line, len(pages))]
        enough = 2 if opened else 4
        if len(entries) < enough or len(entries) < 0.5 * (entries[-1] - entries[0] + 1):
            opened = False
            continue
        values = [_page_of(lines[at]) for at in entries]
        rising = sum(1 for a, b in pairwise(values) if b >= a)
        if rising < 0.85 * (len(values) - 1):
            opened = False
            continue
        first, last = entries[0], entries[-1]
        while first > 0 and (opened or _CONTENTS.fullmatch(lines[first - 1].text.strip())):
            first -= 1
        out[index] = lines[first : last + 1]
        opened = last + 1 >= len(lines) - 1
        lines[:] = lines[:first] + lines[last + 1 :]
    return out


def _is_entry(line: TextLine, pages: int) -> bool:
    match = _ENTRY.match(line.text)
    if not match or not match["page"].isdigit() or int(match["page"]) > pages + 50:
        return False
    if _LEADERS.search(line.text) or any(link.target.startswith("#page=") for link in line.links):
        return True
    return len(line.runs) > 1 and line.runs[-1].x0 - line.runs[-2].x1 > 2 * line.size


def _page_of(line: TextLine) -> int:
    match = _ENTRY.match(line.text)
    return int(match["page"]) if match else 0
