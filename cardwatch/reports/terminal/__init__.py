"""Results for a person at a terminal: readable at any width, with and without colour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cardwatch.reports import subjects as on
from cardwatch.reports.brief import brief_in_form
from cardwatch.reports.patch import patch
from cardwatch.reports.promises import FORMS, promises_in_form
from cardwatch.reports.quotes import cite, draft_in_form
from cardwatch.reports.subjects import Subject, View, fresh
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


def render(subject: Subject, view: View) -> str:
    """The subject laid out in ``view.width`` columns, ending with a newline."""
    own = _own_form(subject, view)
    if own is not None:
        return own
    paper = Paper(view)
    LAYOUTS[type(subject)](subject, paper)
    return paper.text()


def _own_form(subject: Subject, view: View) -> str | None:
    """The text of what is not laid out on paper: it has, or was asked for in, a form of its own."""
    match subject:
        case on.WholeText():
            return whole_text(subject)
        case on.Several(several):
            return "\n".join(render(each, view) for each in several)
        case on.Briefing():
            return brief_in_form(subject, view)
        case on.Citation(form=form) if form:
            return cite(subject)
        case on.CheckedDraft(form=form) if form:
            return draft_in_form(subject)
        case on.Promises(form=form) if form in FORMS:
            return promises_in_form(subject)
        case on.Diff(form="patch"):
            return patch(fresh(subject))
        case _:
            return None


def _judged(layout: Callable[[Any, Paper], None]) -> Callable[[Any, Paper], None]:
    """A layout of findings without those that are known or suppressed, which are counted."""

    def laid(subject: Any, paper: Paper) -> None:
        layout(fresh(subject), paper)
        if subject.triage and subject.triage.says:
            paper.labelled("left out", subject.triage.says, indent=0, room=10)

    return laid


def _rule_file(subject: on.RuleFile, paper: Paper) -> None:
    paper.paragraph(f"written to {subject.path}; cardwatch rules test --rules tries its examples")


# What lays each subject out on paper; those that have their own form only stand above.
LAYOUTS: dict[type, Callable[[Any, Paper], None]] = {
    on.Outline: outline,
    on.Place: place,
    on.Statements: statements,
    on.Gaps: _judged(gaps),
    on.Diff: _judged(diff),
    on.Audit: _judged(audit),
    on.Past: history,
    on.Promises: commitments,
    on.RuleList: listing,
    on.RuleSheet: sheet,
    on.RuleFile: _rule_file,
    on.RuleTest: test,
    on.Citation: citation,
    on.Verified: verified,
    on.CheckedDraft: checked_draft,
    on.Packed: packed,
    on.Table: table,
}
