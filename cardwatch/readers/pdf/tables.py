"""Ruled tables: a grid from the rules that are drawn, and the words that stand in its cells.

A full grid gives its cells, found by pdfplumber; where only horizontal rules are drawn, columns
are the gaps that no word crosses. pdfium has read rules and words already, so nothing is parsed
twice.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from cardwatch.readers.pdf.drawings import MIN_WIDTH, of_one_width
from cardwatch.readers.pdf.sheets import Drawing, Rect, Run, Sheet, TextLine

# (position across, start, end): a horizontal edge at its height, a vertical one at its x.
Edge = tuple[float, float, float]

# Rules of one table meet within a stroke's width or two.
_NEAR = 3.0
# Vertical rules that go this far beyond the last horizontal one hold a row cut by the page.
_CUT = 8.0
_EDGE_LIMIT = 1500
_WORD_LIMIT = 10_000
_GRID_LIMIT = 6000
_CROSSING_LIMIT = 1500


@dataclass(slots=True)
class CellLine:
    """One printed line of a cell; ``raised`` are the pieces of it that are set high, (start, end)
    within its text.
    """

    text: str
    rect: Rect
    page: int
    raised: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class TableCell:
    """One cell and its printed lines."""

    page: int
    row: int
    column: int
    lines: list[CellLine] = field(default_factory=list)
    header: bool = False

    @property
    def text(self) -> str:
        """The words of the cell."""
        return " ".join(line.text for line in self.lines)


@dataclass(slots=True)
class Table:
    """A table: ``at`` is the index on the page of its first character, ``columns`` its edges.

    ``runs_on`` and ``runs_in``: no rule closes its last row, or opens its first: that row is
    cut by the page's end.
    """

    page: int
    at: int
    rect: Rect
    columns: tuple[float, ...]
    cells: list[TableCell]
    runs_in: bool = False
    runs_on: bool = False


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    x0: float
    x1: float
    line: TextLine
    raised: bool = False

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def height(self) -> float:
        return self.line.base - 0.3 * self.line.size


@dataclass(slots=True)
class _Grid:
    """Columns and rows between edges, and for each field the cell that it is part of."""

    xs: list[float]
    ys: list[float]
    cell: dict[tuple[int, int], tuple[int, int]]
    runs_in: bool = False
    runs_on: bool = False


def take_tables(sheet: Sheet) -> list[Table]:
    """Take the words of ruled tables out of the sheet's lines; the tables, in stream order."""
    if not sheet.words:
        return []
    across, down = _edges(sheet.drawing, sheet.width, sheet.height)
    if len(across) + len(down) > _EDGE_LIMIT:
        return []
    words = _words(sheet)
    if len(words) > _WORD_LIMIT:
        return []
    tables = []
    grids = _grids(across, down)
    rects = [(g.xs[0], g.ys[0], g.xs[-1], g.ys[-1]) for g in grids]
    for grid in [*grids, *_open_grids(across, rects, words)]:
        table = _fill(grid, words, sheet) if grid is not None else None
        if table is not None:
            tables.append(table)
    return sorted(tables, key=lambda table: table.at)


def _words(sheet: Sheet) -> list[_Word]:
    out: list[_Word] = []
    for line in sheet.lines:
        for start, end, x0, x1 in sheet.words.get(line.at, ()):
            mark = next((r for r in line.runs if start < r.start < end and _high(r, line)), None)
            if mark is not None:
                out.append(_Word(line.text[mark.start : end], mark.x0, x1, line, raised=True))
                end, x1 = mark.start, mark.x0
            out.append(_Word(line.text[start:end], x0, x1, line))
    return out


def _high(run: Run, line: TextLine) -> bool:
    """Whether a run of a line is set above its base, and smaller."""
    return line.base - run.base > 0.1 * line.size and run.size < 0.97 * line.size


# -------------------------------------------------------------------- edges to grids


def _edges(drawing: Drawing, width: float, height: float) -> tuple[list[Edge], list[Edge]]:
    """Horizontal and vertical edges, those on one line joined."""
    across: list[Edge] = []
    down: list[Edge] = []
    for x0, top, x1, bottom in drawing.rules:
        if x1 - x0 >= bottom - top:
            across.append(((top + bottom) / 2, x0, x1))
        else:
            down.append(((x0 + x1) / 2, top, bottom))
    for x0, top, x1, bottom in drawing.boxes:
        if (x1 - x0) * (bottom - top) > 0.85 * width * height:
            continue
        across += [(top, x0, x1), (bottom, x0, x1)]
        down += [(x0, top, bottom), (x1, top, bottom)]
    return _merged(across), _merged(down)


def _merged(edges: list[Edge]) -> list[Edge]:
    """Edges within a stroke's width of each other put on one line, and joined where they touch."""
    out: list[Edge] = []
    group: list[Edge] = []
    for edge in [*sorted(edges), (float("inf"), 0.0, 0.0)]:
        if group and edge[0] - group[0][0] > _NEAR:
            place = sum(member[0] for member in group) / len(group)
            start, end = float("-inf"), float("-inf")
            for _, low, high in sorted(group, key=lambda member: member[1]):
                if low > end + _NEAR:
                    if end > start:
                        out.append((place, start, end))
                    start, end = low, high
                end = max(end, high)
            out.append((place, start, end))
            group = []
        group.append(edge)
    return [edge for edge in out if edge[2] - edge[1] > 4]


def _grids(across: list[Edge], down: list[Edge]) -> list[_Grid]:
    """The closed grids of a page: pdfplumber joins edges to cells and cells to tables.

    It is given the edges that pdfium has read, so that it parses nothing. Its search takes
    time with the square of the crossings: a page with more of them than tables have is left.
    """
    if len(across) < 2 or len(down) < 2:
        return []
    from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells

    edges = [
        {"orientation": "h", "x0": x0, "x1": x1, "top": y, "bottom": y} for y, x0, x1 in across
    ] + [{"orientation": "v", "x0": x, "x1": x, "top": y0, "bottom": y1} for x, y0, y1 in down]
    crossings = edges_to_intersections(edges, _NEAR, _NEAR)
    if len(crossings) > _CROSSING_LIMIT:
        return []
    tables = cells_to_tables(intersections_to_cells(crossings))
    found = (_grid(cells, down) for cells in tables)
    return [grid for grid in found if grid is not None]


def _grid(boxes: list[Rect], down: list[Edge]) -> _Grid | None:
    """Columns and rows of a table from the boxes of its cells, which may span several."""
    xs = sorted({x for box in boxes for x in (box[0], box[2])})
    ys = sorted({y for box in boxes for y in (box[1], box[3])})
    columns, rows = len(xs) - 1, len(ys) - 1
    if columns < 2 or rows < 1 or columns * rows > _GRID_LIMIT:
        return None
    cell: dict[tuple[int, int], tuple[int, int]] = {}
    for x0, top, x1, bottom in sorted(boxes, key=lambda box: (box[1], box[0])):
        first = (ys.index(top), xs.index(x0))
        for row in range(first[0], ys.index(bottom)):
            for column in range(first[1], xs.index(x1)):
                cell.setdefault((row, column), first)
    if len(set(cell.values())) < 2:
        return None
    return _with_cut_rows(_Grid(xs, ys, cell), down)


def _with_cut_rows(grid: _Grid, down: list[Edge]) -> _Grid:
    """The grid with the rows at its ends that only the page's end cuts: no rule closes them."""
    walls = [
        edge
        for edge in down
        if edge[0] in grid.xs and edge[1] < grid.ys[-1] + _NEAR and edge[2] > grid.ys[0] - _NEAR
    ]
    first, last = min(edge[1] for edge in walls), max(edge[2] for edge in walls)
    columns = range(len(grid.xs) - 1)
    if grid.ys[0] - first > _CUT:
        grid.ys.insert(0, first)
        grid.cell = {(row + 1, at): (own[0] + 1, own[1]) for (row, at), own in grid.cell.items()}
        grid.cell.update({(0, column): (0, column) for column in columns})
        grid.runs_in = True
    if last - grid.ys[-1] > _CUT:
        row = len(grid.ys) - 1
        grid.ys.append(last)
        grid.cell.update({(row, column): (row, column) for column in columns})
        grid.runs_on = True
    return grid


def _open_grids(across: list[Edge], taken: list[Rect], words: list[_Word]) -> list[_Grid | None]:
    """Grids from horizontal rules of one width, three or more, with columns of words between."""
    free = [
        edge
        for edge in across
        if edge[2] - edge[1] > MIN_WIDTH
        and not any(r[1] - 4 <= edge[0] <= r[3] + 4 and r[0] - 4 <= edge[1] for r in taken)
    ]
    out: list[_Grid | None] = []
    for edges in of_one_width(free, lambda edge: (edge[1], edge[2])):
        ys: list[float] = []
        for above, below in pairwise(edges):
            inside_words = [w for w in words if above[0] < w.height < below[0]]
            gaps = _gaps(inside_words, above[1], above[2])
            if gaps and inside_words:
                ys = ys or [above[0]]
                ys.append(below[0])
            else:
                out.append(_open_grid(ys, above, words))
                ys = []
        out.append(_open_grid(ys, edges[-1], words))
    return out


def _gaps(words: list[_Word], left: float, right: float) -> list[float]:
    """The middles of the gaps between ``left`` and ``right`` that no word crosses."""
    out: list[float] = []
    end = left
    for word in sorted(words, key=lambda word: word.x0):
        if word.x0 - end > 0.7 * word.line.size and end > left:
            out.append((end + word.x0) / 2)
        end = max(end, word.x1)
    return out if end <= right + 20 else []


def _open_grid(ys: list[float], edge: Edge, words: list[_Word]) -> _Grid | None:
    if len(ys) < 3:
        return None
    inside = [word for word in words if ys[0] < word.height < ys[-1]]
    gaps = _gaps(inside, edge[1], edge[2])
    if not gaps:
        # A heading over several columns: the columns of the rows below it.
        inside = [word for word in words if ys[1] < word.height < ys[-1]]
        gaps = _gaps(inside, edge[1], edge[2])
    if not gaps:
        return None
    xs = [edge[1] - 5, *gaps, edge[2] + 5]
    if len(ys) <= 4:
        ys = sorted({*ys, *_row_breaks(inside, ys, gaps)})
    cells = [(row, column) for row in range(len(ys) - 1) for column in range(len(xs) - 1)]
    return _Grid(xs, ys, {field: field for field in cells})


def _row_breaks(words: list[_Word], ys: list[float], gaps: list[float]) -> list[float]:
    """Heights at which a row begins between rules.

    A row begins with a line that fills the first column and most of the others, with more room
    above it than lines of one cell have, where rows have more room at all.
    """
    columns: dict[float, set[int]] = defaultdict(set)
    sizes: dict[float, float] = {}
    base = float("-inf")
    for word in sorted(words, key=lambda word: word.line.base):
        if word.line.base - base > 2:
            base = word.line.base
        columns[base].add(bisect_right(gaps, word.middle))
        sizes[base] = max(sizes.get(base, 0.0), word.line.size)
    bases = sorted(columns)
    steps = [below - above for above, below in pairwise(bases)]
    least, most = min(steps, default=0), max(steps, default=0)
    wanted = 0.6 * max(map(len, columns.values()), default=0)
    out: list[float] = []
    for above, base in pairwise(bases):
        if bisect_right(ys, above) != bisect_right(ys, base):
            continue
        apart = base - above > 1.08 * least or most <= 1.08 * least
        if apart and 0 in columns[base] and len(columns[base]) >= max(2, wanted):
            out.append(base - 0.9 * sizes[base])
    return out


# -------------------------------------------------------------------- words into cells


def _fill(grid: _Grid, words: list[_Word], sheet: Sheet) -> Table | None:
    """The table with its words, taken out of the sheet's lines; ``None``: this is no table."""
    filled: dict[tuple[int, int], list[_Word]] = defaultdict(list)
    used: dict[int, int] = defaultdict(int)
    for word in words:
        row = bisect_right(grid.ys, word.height) - 1
        column = bisect_right(grid.xs, word.middle) - 1
        owner = grid.cell.get((row, column))
        if owner is not None:
            filled[owner].append(word)
            used[id(word.line)] += 1
    count = len(set(grid.cell.values()))
    if len(filled) < 2 or len(filled) < 0.3 * count or len({c for _, c in filled}) < 2:
        return None
    total: dict[int, int] = defaultdict(int)
    for word in words:
        total[id(word.line)] += 1
    gone = {key for key, number in used.items() if number >= 0.5 * total[key]}
    at = min(line.at for line in sheet.lines if id(line) in gone) if gone else 0
    sheet.lines[:] = [line for line in sheet.lines if id(line) not in gone]
    heads = _header_rows(filled)
    cells = [
        TableCell(sheet.number, row, column, _printed(inside), row < heads)
        for (row, column), inside in sorted(filled.items())
    ]
    rect = (grid.xs[0], grid.ys[0], grid.xs[-1], grid.ys[-1])
    columns = tuple(grid.xs)
    return Table(sheet.number, at, rect, columns, cells, grid.runs_in, grid.runs_on)


def _header_rows(filled: dict[tuple[int, int], list[_Word]]) -> int:
    """How many rows at the top are set in bold, if the others are not."""
    rows: dict[int, list[bool]] = defaultdict(list)
    for (row, column), words in filled.items():
        if column or len(filled) < 3:
            rows[row] += [_is_bold(word) for word in words]
    heads = 0
    for row in sorted(rows):
        if not all(rows[row]):
            break
        heads = row + 1
    return heads if heads <= max(1, len(rows) // 2) else 1


def _is_bold(word: _Word) -> bool:
    for run in word.line.runs:
        if run.x0 - 1 <= word.middle <= run.x1 + 1:
            return run.font.bold
    return word.line.font.bold


def _printed(words: list[_Word]) -> list[CellLine]:
    """The words of a cell line by line."""
    lines: list[list[_Word]] = []
    for word in sorted(words, key=lambda word: (word.line.base, word.x0)):
        if lines and abs(lines[-1][0].line.base - word.line.base) < 0.5 * word.line.size:
            lines[-1].append(word)
        elif lines and _is_raised(lines[-1][-1], word):
            # A raised sign on a line of its own comes before the words that it belongs to.
            lines[-1].append(word)
        else:
            lines.append([word])
    out: list[CellLine] = []
    for line in lines:
        line.sort(key=lambda word: word.x0)
        tallest = max(line, key=lambda word: word.line.size)
        printed = CellLine(
            "",
            (line[0].x0, tallest.line.top, line[-1].x1, max(w.line.bottom for w in line)),
            tallest.line.page,
        )
        for at, word in enumerate(line):
            near = at and word.x0 - line[at - 1].x1 < 0.1 * word.line.size
            raised = word.raised or _is_raised(word, tallest)
            printed.text += "" if not at or near or raised else " "
            start = len(printed.text)
            printed.text += word.text
            if raised and at:
                printed.raised.append((start, len(printed.text)))
        out.append(printed)
    return out


def _is_raised(word: _Word, other: _Word) -> bool:
    """Whether ``word`` stands a little above the line of the larger ``other``."""
    size = other.line.size
    return word.line.size < 0.85 * size and 0 < other.line.base - word.line.base < 0.6 * size


# -------------------------------------------------------------------- tables over pages


def continues(table: Table, following: Table) -> bool:
    """Whether ``following``, at the top of the next page, goes on with the columns of ``table``."""
    if following.page != table.cells[-1].lines[-1].page + 1 or len(table.columns) != len(
        following.columns
    ):
        return False
    return all(abs(a - b) < 4 for a, b in zip(table.columns, following.columns, strict=True))


def extend(table: Table, following: Table) -> list[str]:
    """Add the rows of ``following``; returns the words of a repeated head row, left out."""
    head = [cell.text for cell in table.cells if cell.row == 0]
    repeated = [cell.text for cell in following.cells if cell.row == 0]
    skip = 1 if head == repeated and len(head) > 1 else 0
    last = table.cells[-1].row
    cut = table.runs_on and following.runs_in and not skip
    shift = last + 1 - skip - cut
    table.runs_on = following.runs_on
    ending = takewhile(lambda cell: cell.row == last, reversed(table.cells))
    begun = {cell.column: cell for cell in ending}
    rest: list[TableCell] = []
    for cell in following.cells:
        if cut and cell.row == 0 and cell.column in begun:
            begun[cell.column].lines += cell.lines
        elif cell.row >= skip:
            if cut and cell.row == 0:
                # The text turns the page after the row that the page cuts.
                cell.page = table.cells[-1].page
            cell.row += shift
            cell.header = cell.header and not following.runs_in and not table.cells
            rest.append(cell)
    table.cells += rest
    if cut:
        table.cells.sort(key=lambda cell: (cell.row, cell.column))
    return repeated if skip else []
