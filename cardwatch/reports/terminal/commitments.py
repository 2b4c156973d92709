"""Promises at a terminal: what passed, what is due, what comes, and what hangs on an event."""

from __future__ import annotations

from itertools import groupby

from cardwatch.model import Actor, DueState, Promise
from cardwatch.reports.inert import one_line
from cardwatch.reports.promises.rows import in_words
from cardwatch.reports.subjects import Promises
from cardwatch.reports.terminal.paper import Paper, count, join, quoted, styled, where
from cardwatch.reports.words import shortened

_INDENT = 14
_WORDS = 600
_TITLES = {
    DueState.PASSED: ("Dates that have passed: was it done?", "contradicted"),
    DueState.SOON: ("Due within thirty days", "medium"),
    DueState.AHEAD: ("Ahead", "stated"),
    DueState.ON_EVENT: ("When something happens", "linked only"),
    DueState.UNDATED: ("Without a date", "dim"),
}


def commitments(subject: Promises, paper: Paper) -> None:
    """The promises in groups, by how they stand on the day."""
    report = subject.report
    paper.line(styled("What was promised, and when it is due", "title"))
    paper.blank()
    title = one_line(report.title)
    name = join(styled(f"{title}, " if title else "", "title"), one_line(report.document.location))
    paper.labelled("document", name, indent=2, room=14)
    paper.labelled("as of", report.on, indent=2, room=14)
    if report.start:
        paper.labelled("counts from", f"{report.start}: {report.start_why}", indent=2, room=14)
    else:
        paper.labelled("counts from", f"{report.start_why}; --from gives one", indent=2, room=14)
    shown = report.promises[: paper.view.limit]
    for state, group in groupby(shown, key=lambda promise: promise.state):
        own = list(group)
        text, style = _TITLES[state]
        paper.blank()
        paper.line(styled(text, style), f"  {count(len(own), 'promise')}")
        for promise in own:
            paper.blank()
            _promise(promise, paper)
    if not shown:
        paper.blank()
        paper.paragraph("No promise with a time was found; --all lists those without one.")
    if len(shown) < len(report.promises):
        paper.blank()
        paper.paragraph(f"{len(report.promises) - len(shown):,} more: --limit")
    paper.blank()


def _promise(promise: Promise, paper: Paper) -> None:
    head = styled(_when(promise).ljust(_INDENT - 2), "key")
    words = quoted(
        shortened(promise.passage.quote, _WORDS),
        promise.passage.span.start,
        [time.span for time in promise.timing]
        if len(promise.passage.quote) <= _WORDS and "  " not in promise.passage.quote
        else (),
    )
    paper.paragraph(join(head, words), indent=2, hang=_INDENT - 2)
    place = where(promise.passage.page, promise.passage.section)
    paper.paragraph(styled(place, "dim"), indent=_INDENT)
    for label, content in _details(promise):
        paper.labelled(label, content, indent=_INDENT, room=14)


def _when(promise: Promise) -> str:
    if promise.due and not promise.every:
        return promise.due
    if promise.state is DueState.PASSED and promise.passed:
        return promise.passed[-1]
    if promise.ahead:
        return promise.ahead[0]
    if promise.within:
        return ("≥ " if promise.before else "≤ ") + in_words(promise.within)
    return f"({in_words(promise.every)})" if promise.every else "—"


def _details(promise: Promise) -> list[tuple[str, str]]:
    details: list[tuple[str, str]] = []
    if promise.every:
        passed = f"{len(promise.passed)} or more passed" if len(promise.passed) > 5 else (
            f"{count(len(promise.passed), 'date')} passed" if promise.passed else "")  # fmt: skip
        ahead = f"next {', '.join(promise.ahead)}" if promise.ahead else ""
        parts = [f"every {in_words(promise.every)}", passed, ahead]
        details.append(("cadence", "; ".join(part for part in parts if part)))
    if promise.event:
        details.append(("before" if promise.before else "counted from", one_line(promise.event)))
    if promise.actor is not Actor.UNKNOWN:
        details.append(("by", promise.actor.value))
    if promise.recipient:
        details.append(("to", one_line(promise.recipient)))
    details += [("condition", one_line(condition.quote)) for condition in promise.conditions]
    return details
