"""Reports: a result to text, in one form or another. Nothing here prints."""

from __future__ import annotations

from enum import StrEnum
from importlib import import_module
from typing import Protocol, cast

from cardwatch.reports.inert import inert, inert_json, one_line
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
    RuleFailure,
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
)

__all__ = [
    "FINDINGS_ONLY",
    "REPORTERS",
    "Audit",
    "Briefing",
    "CheckedDraft",
    "Citation",
    "Diff",
    "Form",
    "Gaps",
    "Outline",
    "Packed",
    "Past",
    "Place",
    "Promises",
    "RuleFailure",
    "RuleFile",
    "RuleList",
    "RuleSheet",
    "RuleTest",
    "Several",
    "Statements",
    "Subject",
    "Table",
    "Verified",
    "View",
    "WholeText",
    "inert",
    "inert_json",
    "one_line",
    "render",
]


class Reporter(Protocol):
    """What a module in the table has: one verb."""

    def render(self, subject: Subject, view: View) -> str:
        """The subject as text that ends with a newline; whatever documents say in it is inert."""


# The modules are imported when they are needed: JSON needs no terminal library.
REPORTERS: dict[str, str] = {
    "csv": "cardwatch.reports.csv",
    "html": "cardwatch.reports.html",
    "json": "cardwatch.reports.json",
    "junit": "cardwatch.reports.junit",
    "markdown": "cardwatch.reports.markdown",
    "sarif": "cardwatch.reports.sarif",
    "terminal": "cardwatch.reports.terminal",
}


class Form(StrEnum):
    """The forms that findings can have."""

    TERMINAL = "terminal"
    HTML = "html"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"


# What only findings have; every other subject is for a terminal or a program.
FINDINGS_ONLY = frozenset(REPORTERS) - {"json", "terminal"}


def render(subject: Subject, form: str, view: View) -> str:
    """``subject`` in the ``form`` that the table names."""
    return cast("Reporter", import_module(REPORTERS[form])).render(subject, view)
