"""Promises set against a day: which dates have passed, and which lie ahead."""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from cardwatch.model import DueState, Period, PeriodUnit, Promise

# So many dates of a cadence are given ahead, and so many of those that passed.
_AHEAD = 3
_PASSED = 6
# A date is soon when it is no further off than this.
_SOON = timedelta(days=30)
# No cadence is followed further than this from its start: a guard against hostile numbers.
_MOST = 4_000


def as_of(promises: Sequence[Promise], on: date) -> tuple[Promise, ...]:
    """The promises as they stand on a day, those whose date comes first in front.

    A cadence falls due at the end of its longest interval: every three to six months is at
    the latest every six. Whether a promise was kept, its words do not tell.
    """
    dated = [_dated(promise, on) for promise in promises]
    return tuple(sorted(dated, key=lambda promise: _order(promise, on)))


def _order(promise: Promise, on: date) -> tuple[int, str, int]:
    groups = list(DueState)
    if promise.state is DueState.PASSED and promise.ahead:
        first = promise.ahead[0]
    else:
        first = promise.due or (promise.ahead[0] if promise.ahead else on.isoformat())
    return groups.index(promise.state), first, promise.passage.span.start


def _dated(promise: Promise, on: date) -> Promise:
    if promise.every is not None and promise.start:
        return _recurring(promise, promise.every, date.fromisoformat(promise.start), on)
    if promise.due:
        day = date.fromisoformat(promise.due)
        state = DueState.PASSED if day < on else DueState.AHEAD
        return replace(promise, state=DueState.SOON if on <= day <= on + _SOON else state)
    if promise.within is not None:
        return replace(promise, state=DueState.ON_EVENT)
    return replace(promise, state=DueState.UNDATED)


def _recurring(promise: Promise, every: Period, start: date, on: date) -> Promise:
    passed: list[str] = []
    ahead: list[str] = []
    for day in dates(start, every):
        if day < on:
            passed.append(day.isoformat())
        else:
            ahead.append(day.isoformat())
        if len(ahead) == _AHEAD:
            break
    state = DueState.PASSED if passed else DueState.AHEAD
    if ahead and date.fromisoformat(ahead[0]) <= on + _SOON:
        state = DueState.SOON
    return replace(promise, state=state, passed=tuple(passed[-_PASSED:]), ahead=tuple(ahead))


def dates(start: date, every: Period) -> Iterator[date]:
    """The days on which a cadence falls due at the latest, after its start."""
    for turn in range(1, _MOST):
        try:
            yield later(start, every, turn)
        except (OverflowError, ValueError):
            return  # beyond the calendar


def later(start: date, every: Period, turns: int = 1) -> date:
    """The day ``turns`` of the longest interval after ``start``.

    Months keep the day of the month as far as the month has it.

    Raises:
        ValueError: beyond the calendar.
    """
    length = every.high * turns
    if every.unit in (PeriodUnit.MONTHS, PeriodUnit.YEARS):
        months = round(length * (12 if every.unit is PeriodUnit.YEARS else 1))
        at = start.year * 12 + start.month - 1 + months
        year, month = divmod(at, 12)
        if not 1 <= year <= 9999:
            raise ValueError("beyond the calendar")
        return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
    days = {PeriodUnit.WEEKS: 7.0, PeriodUnit.DAYS: 1.0}.get(every.unit, 1 / 24)
    return start + timedelta(days=max(1, round(length * days)))
