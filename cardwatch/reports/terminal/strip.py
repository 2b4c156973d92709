"""A strip that shows where in a document the findings sit: letters first, colour besides."""

from __future__ import annotations

from rich.text import Text

from cardwatch.model import Severity
from cardwatch.reports.inert import one_line
from cardwatch.reports.subjects import Gaps
from cardwatch.reports.terminal.paper import STYLES, Paper, styled

_LETTERS = {Severity.HIGH: "H", Severity.MEDIUM: "m", Severity.LOW: "l"}
_WORST_FIRST = (Severity.HIGH, Severity.MEDIUM, Severity.LOW)
_UNREAD, _NOTHING = "?", "·"
_ROOM = 11


def strip(subject: Gaps, paper: Paper) -> None:
    """One row of cells over the whole document, each with its worst finding, and a scale."""
    length = max(1, len(subject.document.text))
    cells = min(100, paper.width - _ROOM - 4)
    worst: list[Severity | None] = [None] * cells
    for gap in subject.report.gaps:
        at = min(cells - 1, gap.span.start * cells // length)
        seen = worst[at]
        if seen is None or _WORST_FIRST.index(gap.severity) < _WORST_FIRST.index(seen):
            worst[at] = gap.severity
    unread = {
        min(cells - 1, place.at * cells // length) for place in subject.document.coverage.unread
    }
    row = Text()
    for at, severity in enumerate(worst):
        if severity is not None:
            row.append(_LETTERS[severity], STYLES[severity])
        else:
            row.append(_UNREAD if at in unread else _NOTHING, STYLES["dim"])
    paper.line("  ", styled("where".ljust(_ROOM), "dim"), row)
    paper.line(" " * (_ROOM + 2), styled(_scale(subject, cells), "dim"))
    legend = "H high  m medium  l low" + (f"  {_UNREAD} a place not read" if unread else "")
    paper.line(" " * (_ROOM + 2), styled(legend, "dim"))


def _scale(subject: Gaps, cells: int) -> str:
    """Page numbers, or section numbers, under the cells where they begin."""
    document = subject.document
    length = max(1, len(document.text))
    row = [" "] * cells
    free = 0
    for at in range(0, cells, max(1, cells // 5)):
        offset = at * length // cells
        page = document.page_at(offset)
        section = document.section_at(offset)
        number = section.number or one_line(section.title)[:12]
        label = f"p. {page}" if page is not None else f"{offset * 100 // length} %"
        if page is None and number:
            label = f"§ {number}" if section.number else number
        if at >= free and at + len(label) <= cells:
            row[at : at + len(label)] = label
            free = at + len(label) + 1
    return "".join(row).rstrip()
