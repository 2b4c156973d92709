"""Tables whose columns were put in another order: the same cells, read another way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from cardwatch.diff.edition import Edition
from cardwatch.model import BlockKind, Pair

# A table of more columns is compared as it stands.
_COLUMNS = 40

Tables = tuple[int, int]


def reordered(old: Edition, new: Edition, pairs: Sequence[Pair]) -> dict[Tables, tuple[int, ...]]:
    """For each pair of tables (their blocks), where each old column stands now.

    Only where every pair of rows agrees, and at least one column moved. Ambiguous columns (with
    the same cells in every row) keep their order.
    """
    rows: defaultdict[Tables, list[tuple[list[str], list[str]]]] = defaultdict(list)
    for pair in pairs:
        if len(pair.old) != 1 or len(pair.new) != 1:
            continue
        i, j = pair.old[0], pair.new[0]
        if old.block(i).kind is new.block(j).kind is BlockKind.TABLE:
            tables = old.sentences[i].block, new.sentences[j].block
            rows[tables].append((_cells(old, i), _cells(new, j)))
    found = {}
    for tables, some in rows.items():
        order = _order(some)
        if order and any(a > b for a, b in pairwise(order)):
            found[tables] = order
    return found


def _cells(edition: Edition, index: int) -> list[str]:
    span = edition.sentences[index].span
    return [
        " ".join(edition.document.quote(cell.span).split())
        for cell in edition.block(index).cells
        if span.contains(cell.span)
    ]


def _order(rows: Sequence[tuple[list[str], list[str]]]) -> tuple[int, ...]:
    """The one order of columns that all rows bear out; empty if there is none."""
    sizes = {len(side) for row in rows for side in row}
    if len(sizes) != 1 or len(rows) < 2 or not 1 < min(sizes) <= _COLUMNS:
        return ()
    before = list(zip(*(left for left, _ in rows), strict=True))
    after = list(zip(*(right for _, right in rows), strict=True))
    places: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for at in reversed(range(len(after))):
        places[after[at]].append(at)
    order = [places[column].pop() if places[column] else -1 for column in before]
    return () if -1 in order else tuple(order)
