"""Plain lists at a terminal."""

from __future__ import annotations

from cardwatch.reports.inert import one_line
from cardwatch.reports.subjects import Table
from cardwatch.reports.terminal.paper import Paper, styled

_GAP = 2
# The last column is wrapped if it has this much room.
_NARROWEST = 24


def table(subject: Table, paper: Paper) -> None:
    """Columns side by side where they fit; else each row as a block of labelled lines."""
    rows = subject.rows[: paper.view.limit]
    cells = [[one_line(cell) for cell in row] for row in rows]
    if not rows:
        paper.paragraph(subject.empty)
    elif sum(widths := _widths(subject, cells)) + _GAP * (len(widths) - 1) <= paper.width:
        _side_by_side(subject, cells, paper)
    elif sum(widths[:-1]) + _GAP * len(widths) + _NARROWEST <= paper.width:
        _last_wrapped(subject, cells, paper)
    else:
        _blocks(subject, cells, paper)
    if len(rows) < len(subject.rows):
        paper.paragraph(styled(f"and {len(subject.rows) - len(rows)} more", "dim"))
    if subject.notes:
        paper.blank()
    for note in subject.notes:
        paper.paragraph(note)


def _widths(subject: Table, cells: list[list[str]]) -> list[int]:
    columns = zip(subject.columns, *cells, strict=True)
    return [max(map(len, column)) for column in columns]


def _side_by_side(subject: Table, cells: list[list[str]], paper: Paper) -> None:
    widths = _widths(subject, cells)

    def line(row: tuple[str, ...] | list[str]) -> str:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        return (" " * _GAP).join(padded).rstrip()

    paper.line(styled(line(subject.columns), "dim"))
    for row in cells:
        paper.line(line(row))


def _last_wrapped(subject: Table, cells: list[list[str]], paper: Paper) -> None:
    widths = _widths(subject, cells)[:-1]
    for style, row in (("dim", list(subject.columns)), *(("", row) for row in cells)):
        padded = (cell.ljust(width + _GAP) for cell, width in zip(row, widths, strict=False))
        first = styled("".join(padded), style)
        # the last cell by itself: a long word in it must not tear the columns before it apart
        paper.add(paper.wrapped(styled(row[-1], style), paper.width, first=first))


def _blocks(subject: Table, cells: list[list[str]], paper: Paper) -> None:
    room = max(map(len, subject.columns)) + 3
    for row in cells:
        paper.paragraph(styled(row[0], "title"))
        for label, cell in zip(subject.columns[1:], row[1:], strict=True):
            if cell:
                paper.labelled(f"{label}:", cell, indent=2, room=room)
