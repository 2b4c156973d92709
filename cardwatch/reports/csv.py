"""Findings as comma-separated values, safe to open in a spreadsheet.

A cell that a spreadsheet could take for a formula begins with an apostrophe, as the guidance of
OWASP on CSV injection has it; every cell is quoted; line ends within a cell become blanks. Where
a country writes decimals with a comma, spreadsheets part cells at semicolons, whatever the file
means: what would begin a cell there is treated alike.
"""

from __future__ import annotations

import csv
import re
from io import StringIO

from cardwatch.reports.findings import Finding, findings, results
from cardwatch.reports.subjects import Subject, View
from cardwatch.reports.words import shortened

COLUMNS = (
    "id",
    "status",
    "severity",
    "announcement",
    "standing",
    "reason",
    "rule",
    "why",
    "page",
    "section",
    "words",
    "against",
    "against page",
    "against section",
    "rank",
    "confidence",
    "doubt",
    "start",
    "end",
    "document",
    "compared with",
)
# What begins a formula, in plain and in full width; a cell's own tab and line end are blanks.
_FORMULA = tuple("=+-@|%\t\r\n＝＋－＠")
_AFTER_SEMICOLON = re.compile(r"([;；]\s*[\"']*\s*)([=+\-@|%＝＋－＠])")
# A cell of the most used spreadsheet holds 32,767 characters.
_LONGEST = 30_000


def render(subject: Subject, view: View) -> str:
    """One row for each finding, below a row of names."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for result in results(subject):
        for finding in findings(result, view.limit):
            writer.writerow([safe(cell) for cell in _cells(finding)])
    return out.getvalue()


def _cells(finding: Finding) -> tuple[str | int | float | None, ...]:
    against = finding.against
    return (
        finding.id,
        finding.status,
        finding.severity,
        finding.announcement,
        finding.standing.value,
        finding.reason,
        finding.rule,
        finding.why,
        finding.place.page,
        finding.place.section,
        finding.place.quote,
        against.quote if against else "",
        against.page if against else None,
        against.section if against else "",
        round(finding.score, 4),
        round(finding.confidence, 4),
        finding.doubt,
        finding.place.span.start,
        finding.place.span.end,
        finding.where.source.location,
        finding.other.source.location,
    )


def safe(cell: str | float | None) -> str:
    """A cell as text that no spreadsheet computes; numbers of our own stay as they are."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    line = shortened(cell, _LONGEST)
    line = _AFTER_SEMICOLON.sub(r"\1'\2", line)
    return f"'{line}" if line.startswith(_FORMULA) else line
