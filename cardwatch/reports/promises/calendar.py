"""Promises as an iCalendar file (RFC 5545): one event a promise, with a rule where it recurs.

Written here and not by a library: what is needed is four line types, escaping and folding, and
the output must be the same for the same input.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from cardwatch.model import Period, PeriodUnit, Promise, PromiseReport
from cardwatch.reports.inert import one_line
from cardwatch.reports.promises.rows import in_words

_OCTETS = 75  # RFC 5545, 3.1: lines should be no longer, without their line end
_SUMMARY = 90
_DESCRIPTION = 1_500
_FREQUENCY = {
    PeriodUnit.DAYS: "DAILY",
    PeriodUnit.WEEKS: "WEEKLY",
    PeriodUnit.MONTHS: "MONTHLY",
    PeriodUnit.YEARS: "YEARLY",
}
_LAST_EVERYWHERE = 28  # the last day of a month that every month has


def calendar(report: PromiseReport) -> str:
    """The dated promises as a calendar; each event is a whole day, free and not busy.

    Stamps are the day that was asked about, so that the same question gives the same file.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//cardwatch//commitments//EN",
        "CALSCALE:GREGORIAN",
    ]
    seen: dict[str, int] = {}
    for promise in report.promises:
        seen[promise.id] = seen.get(promise.id, 0) + 1
        lines += _event(promise, report, seen[promise.id])
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _event(promise: Promise, report: PromiseReport, number: int) -> Iterator[str]:
    first = _first_day(promise)
    if first is None:
        return
    stamp = report.on.replace("-", "")
    yield "BEGIN:VEVENT"
    copy = "" if number == 1 else f"-{number}"
    yield f"UID:{promise.id}{copy}@cardwatch"
    yield f"DTSTAMP:{stamp}T000000Z"
    yield f"DTSTART;VALUE=DATE:{first:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{first + timedelta(days=1):%Y%m%d}"
    if not promise.due and promise.every is not None:
        yield f"RRULE:{_rule(promise.every, date.fromisoformat(promise.start))}"
    yield f"SUMMARY:{_text(_short(one_line(promise.passage.quote), _SUMMARY))}"
    yield f"DESCRIPTION:{_text(_description(promise, report))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _first_day(promise: Promise) -> date | None:
    """The due day, or the first day of the cadence; ``None`` where there is none."""
    if promise.every is not None and promise.start and not promise.due:
        if promise.every.unit is PeriodUnit.HOURS:
            return None
        days = (*promise.passed, *promise.ahead)
        return date.fromisoformat(days[0]) if days else None
    return date.fromisoformat(promise.due) if promise.due else None


def _rule(every: Period, start: date) -> str:
    rule = f"FREQ={_FREQUENCY[every.unit]};INTERVAL={max(1, round(every.high))}"
    if every.unit in (PeriodUnit.MONTHS, PeriodUnit.YEARS) and start.day > _LAST_EVERYWHERE:
        # a month without that day falls due on its last one
        days = ",".join(str(day) for day in range(_LAST_EVERYWHERE, start.day + 1))
        month = f";BYMONTH={start.month}" if every.unit is PeriodUnit.YEARS else ""
        rule += f"{month};BYMONTHDAY={days};BYSETPOS=-1"
    return rule


def _description(promise: Promise, report: PromiseReport) -> str:
    place = " · ".join(
        part
        for part in (
            one_line(report.title),
            f"p. {promise.passage.page}" if promise.passage.page is not None else "",
            one_line(promise.passage.section),
        )
        if part
    )
    parts = [f"“{one_line(promise.passage.quote)}”", place]
    if promise.every is not None:
        parts.append(f"every {in_words(promise.every)}, counted from {promise.start}")
    if promise.recipient:
        parts.append(f"to {one_line(promise.recipient)}")
    parts += [f"condition: {one_line(condition.quote)}" for condition in promise.conditions]
    parts.append(one_line(report.document.location))
    return _short("\n".join(parts), _DESCRIPTION)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _text(value: str) -> str:
    """A TEXT value (RFC 5545, 3.3.11): what has a meaning in it is escaped."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, none of which cuts a character."""
    piece, size, room = "", 0, _OCTETS
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if size + width > room:
            yield piece
            piece, size, room = " ", 1, _OCTETS
        piece += character
        size += width
    yield piece
