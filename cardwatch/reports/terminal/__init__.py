"""Results for a person at a terminal: readable at any width, with and without colour."""

from __future__ import annotations

from typing import assert_never

from cardwatch.reports.brief import brief_in_form
from cardwatch.reports.patch import patch
from cardwatch.reports.promises import FORMS, promises_in_form
from cardwatch.reports.quotes import cite, draft_in_form
from cardwatch.reports.subjects import (
    Audit,
    Briefing,
    CheckedDraft,
    Citation,
    Diff,
    Gaps,
    Outline,
    Packed,
    Past,
    Place,
    Promises,
    RuleFile,
    RuleList,
    RuleSheet,
    RuleTest,
    Several,
    Statements,
    Subject,
    Table,
    Verified,
    View,
    WholeText,
    fresh,
)
from cardwatch.reports.terminal.commitments import commitments
from cardwatch.reports.terminal.diff import diff
from cardwatch.reports.terminal.documents import outline, place, statements, whole_text
from cardwatch.reports.terminal.findings import gaps
from cardwatch.reports.terminal.history import history
from cardwatch.reports.terminal.paper import Paper
from cardwatch.reports.terminal.quotes import checked_draft, citation, packed, verified
from cardwatch.reports.terminal.revision import audit
from cardwatch.reports.terminal.rules import listing, sheet, test
from cardwatch.reports.terminal.tables import table


def render(subject: Subject, view: View) -> str:  # noqa: C901  # one case for each subject
    """The subject laid out in ``view.width`` columns, ending with a newline."""
    if isinstance(subject, WholeText):
        return whole_text(subject)
    if isinstance(subject, Citation) and subject.form:
        return cite(subject)
    if isinstance(subject, CheckedDraft) and subject.form:
        return draft_in_form(subject)
    if isinstance(subject, Briefing):
        return brief_in_form(subject, view)
    if isinstance(subject, Promises) and subject.form in FORMS:
        return promises_in_form(subject)
    if isinstance(subject, Several):
        return "\n".join(render(each, view) for each in subject.subjects)
    if isinstance(subject, Diff) and subject.form == "patch":
        return patch(fresh(subject))
    paper = Paper(view)
    match subject:
        case Outline():
            outline(subject, paper)
        case Place():
            place(subject, paper)
        case Statements():
            statements(subject, paper)
        case Gaps():
            gaps(fresh(subject), paper)
        case Diff():
            diff(fresh(subject), paper)
        case Audit():
            audit(fresh(subject), paper)
        case Past():
            history(subject, paper)
        case Promises():
            commitments(subject, paper)
        case RuleList():
            listing(subject, paper)
        case RuleSheet():
            sheet(subject, paper)
        case RuleFile(path):
            paper.paragraph(f"written to {path}; cardwatch rules test --rules tries its examples")
        case RuleTest():
            test(subject, paper)
        case Citation():
            citation(subject, paper)
        case Verified():
            verified(subject, paper)
        case CheckedDraft():
            checked_draft(subject, paper)
        case Packed():
            packed(subject, paper)
        case Table():
            table(subject, paper)
        case _:
            assert_never(subject)
    if isinstance(subject, Gaps | Diff | Audit) and subject.triage and subject.triage.says:
        paper.labelled("left out", subject.triage.says, indent=0, room=10)
    return paper.text()
