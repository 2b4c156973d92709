"""Promises in the forms that other programs take: a calendar, and rows for a spreadsheet."""

from __future__ import annotations

from cardwatch.reports import json as as_json
from cardwatch.reports.promises.calendar import calendar
from cardwatch.reports.promises.rows import rows
from cardwatch.reports.subjects import Promises, View

FORMS = ("ics", "csv", "json")


def promises_in_form(subject: Promises) -> str:
    """The promises in the form that the subject names."""
    if subject.form == "json":
        return as_json.render(subject, View(explain=True))
    return calendar(subject.report) if subject.form == "ics" else rows(subject.report)
