"""Results for a person at a terminal: readable at any width, with and without colour."""

from __future__ import annotations

from typing import assert_never

from cardwatch.reports.subjects import (
    Audit,
    Diff,
    Gaps,
    Outline,
    Place,
    RuleFile,
    RuleList,
    RuleSheet,
    RuleTest,
    Statements,
    Subject,
    View,
    WholeText,
)
from cardwatch.reports.terminal.changes import audit, diff
from cardwatch.reports.terminal.documents import outline, place, statements, whole_text
from cardwatch.reports.terminal.findings import gaps
from cardwatch.reports.terminal.paper import Paper
from cardwatch.reports.terminal.rules import listing, sheet, test


def render(subject: Subject, view: View) -> str:
    """The subject laid out in ``view.width`` columns, ending with a newline."""
    if isinstance(subject, WholeText):
        return whole_text(subject)
    paper = Paper(view)
    match subject:
        case Outline():
            outline(subject, paper)
        case Place():
            place(subject, paper)
        case Statements():
            statements(subject, paper)
        case Gaps():
            gaps(subject, paper)
        case Diff():
            diff(subject, paper)
        case Audit():
            audit(subject, paper)
        case RuleList():
            listing(subject, paper)
        case RuleSheet():
            sheet(subject, paper)
        case RuleFile(path):
            paper.paragraph(f"written to {path}; cardwatch rules test --rules tries its examples")
        case RuleTest():
            test(subject, paper)
        case _:
            assert_never(subject)
    return paper.text()
