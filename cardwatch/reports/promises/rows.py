"""Promises as comma-separated values, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from io import StringIO

from cardwatch.model import Period, Promise, PromiseReport
from cardwatch.reports.csv import safe

COLUMNS = (
    "id",
    "state",
    "due",
    "every",
    "next",
    "last passed",
    "within",
    "event",
    "who",
    "to whom",
    "conditions",
    "words",
    "page",
    "section",
    "counts from",
    "document",
)


def rows(report: PromiseReport) -> str:
    """One row for each promise, below a row of names."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(COLUMNS)
    for promise in report.promises:
        writer.writerow([safe(cell) for cell in _cells(promise, report)])
    return out.getvalue()


def _cells(promise: Promise, report: PromiseReport) -> tuple[str | int | None, ...]:
    within = in_words(promise.within)
    return (
        promise.id,
        promise.state.value,
        promise.due,
        in_words(promise.every),
        promise.ahead[0] if promise.ahead else "",
        promise.passed[-1] if promise.passed else "",
        f"{within} before" if within and promise.before else within,
        promise.event,
        promise.actor.value,
        promise.recipient,
        "; ".join(condition.quote for condition in promise.conditions),
        promise.passage.quote,
        promise.passage.page,
        promise.passage.section,
        promise.start,
        report.document.location,
    )


def in_words(period: Period | None) -> str:
    """A period as a reader says it: ``3 to 6 months``; empty without one."""
    if period is None:
        return ""
    low, high = (f"{n:g}" for n in (period.low, period.high))
    unit = period.unit.value if high != "1" else period.unit.value.removesuffix("s")
    return f"{high} {unit}" if low == high else f"{low} to {high} {unit}"
