"""Ruled tables: a grid from the rules that are drawn, words into its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from cardwatch.readers.pdf.glyphs import Sheet, TextLine

Rect = tuple[float, float, float, float]


@dataclass(slots=True)
class TableCell:
    """One cell and its printed lines: (text, rectangle)."""

    page: int
    row: int
    column: int
    lines: list[tuple[str, Rect]] = field(default_factory=list)
    header: bool = False


@dataclass(slots=True)
class Table:
    """A table on one page (or several, joined)."""

    page: int
    rect: Rect
    cells: list[TableCell]


def take_tables(sheet: Sheet) -> list[Table]:
    """Take ruled tables out of ``lines``: each with the index at which its first line stood."""
    return []
