"""Promises: times read off words, dates reckoned, and forms that other programs can trust."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cardwatch
from cardwatch.commitments import start_of
from cardwatch.commitments.schedule import dates, later
from cardwatch.commitments.times import times
from cardwatch.commitments.untimed import binds_somebody
from cardwatch.model import Actor, Document, DueState, Period, PeriodUnit, Promise, PromiseReport
from cardwatch.reports import Promises, View, render
from cardwatch.reports.promises.calendar import _rule
from cardwatch.resources import folder
from tests.conftest import Ran

DAY = date(2026, 7, 1)
DEMO = folder("corpora") / "demo"


def report(text: str, *, start: date | None = date(2026, 1, 31), on: date = DAY) -> PromiseReport:
    return cardwatch.find_commitments(Document.from_text(text), on, start=start)


def only(text: str) -> Promise:
    found = report(text).promises
    assert len(found) == 1, [promise.passage.quote for promise in found]
    return found[0]


@pytest.mark.parametrize(
    ("words", "low", "high", "unit"),
    [
        ("every four months", 4, 4, "months"),
        ("every three to six months", 3, 6, "months"),
        ("every 3-6 months", 3, 6, "months"),
        ("quarterly", 3, 3, "months"),
        ("once every twelve months", 12, 12, "months"),
        ("twice a year", 6, 6, "months"),
        ("once a week", 1, 1, "weeks"),
        ("every other month", 2, 2, "months"),
        ("each year", 1, 1, "years"),
        ("biennially", 2, 2, "years"),
    ],
)
def test_cadences(words: str, low: float, high: float, unit: str) -> None:
    """A cadence is a period, however it is worded."""
    promise = only(f"We will publish a report on our safeguards {words}.")
    assert promise.every == Period(low, high, PeriodUnit(unit))
    assert words in promise.timing[0].quote or promise.timing[0].quote in words


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by 30 September 2026", "2026-09-30"),
        ("before March 2027", "2027-03-01"),
        ("by the end of 2026", "2026-12-31"),
        ("no later than Q3 2026", "2026-09-30"),
        ("by the end of February 2028", "2028-02-29"),
        ("by the second half of 2027", "2027-12-31"),
        ("by 2026-11-05", "2026-11-05"),
    ],
)
def test_deadlines(words: str, due: str) -> None:
    """A deadline is the last day that its words leave."""
    assert only(f"We will give every customer a log {words}.").due == due


def test_a_period_hangs_on_its_event() -> None:
    """What is due so long after an event names the event, and has no date."""
    promise = only("We will notify the regulator within 72 hours of finding that a guard failed.")
    assert promise.within == Period(72, 72, PeriodUnit.HOURS)
    assert promise.event == "finding that a guard failed"
    assert promise.recipient == "the regulator"
    assert promise.state is DueState.ON_EVENT
    assert not promise.due


def test_notice_is_a_period_before() -> None:
    """Notice given so long before something is a period that ends with it."""
    promise = only("We will publish changes at least thirty days before they take effect.")
    assert promise.before
    assert promise.within == Period(30, 30, PeriodUnit.DAYS)


@pytest.mark.parametrize(
    "text",
    [
        "Our annual revenue grew by a third.",
        "In January 2026 we ran a trial with 84 analysts.",
        "You must renew your licence every year.",
        "Daily users doubled in 2025.",
        "Laboratories should review their frameworks each year.",
    ],
)
def test_what_is_no_promise(text: str) -> None:
    """Facts, the past, the duties of users and advice to others promise nothing."""
    assert not report(text).promises


def test_conditions_are_shown() -> None:
    """The condition of a promise is a part of it, in its own words."""
    promise = only("If a guard is failing, we will withdraw the model within 72 hours.")
    assert [condition.quote for condition in promise.conditions] == ["If a guard is failing"]


def test_states_on_a_day() -> None:
    """The same promise is ahead, soon and passed as the day moves."""
    text = "We will publish the results by 31 July 2026."
    states = [
        report(text, on=day).promises[0].state
        for day in (date(2026, 6, 1), date(2026, 7, 1), date(2026, 7, 31), date(2026, 8, 1))
    ]
    assert states == [DueState.AHEAD, DueState.SOON, DueState.SOON, DueState.PASSED]


def test_a_cadence_counts_from_its_start() -> None:
    """The dates of a cadence follow its start; a short month falls due on its last day."""
    promise = only("We will report to the board every month.")
    assert promise.passed[:2] == ("2026-02-28", "2026-03-31")
    assert promise.ahead[0] == "2026-07-31"


def test_without_a_start_a_cadence_has_no_dates() -> None:
    """No day is made up where none is known."""
    promise = report("We will report to the board every month.", start=None).promises[0]
    assert promise.every is not None
    assert not promise.ahead
    assert not promise.passed


@given(
    st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    st.integers(1, 48),
    st.sampled_from(list(PeriodUnit)),
)
def test_dates_go_forward(start: date, size: int, unit: PeriodUnit) -> None:
    """Dates of a cadence never go back, and months keep the day as far as the month has it."""
    every = Period(size, size, unit)
    found = [day for day, _ in zip(dates(start, every), range(8), strict=False)]
    assert found == sorted(found)
    assert all(day > start for day in found)
    if unit is PeriodUnit.MONTHS:
        assert all(day.day == start.day or day.day >= 28 for day in found)


def test_hostile_numbers_end() -> None:
    """A cadence beyond the calendar gives no dates and no error."""
    assert not list(dates(date(2026, 1, 1), Period(9999.0, 9999.0, PeriodUnit.YEARS)))
    assert only("We will publish a report every 9999 years.").ahead == ()
    with pytest.raises(ValueError, match="calendar"):
        later(date(2026, 1, 1), Period(9000, 9000, PeriodUnit.YEARS))


@given(st.text(max_size=200))
def test_times_stand_in_the_text(text: str) -> None:
    """Every time lies in the text that sets it, in order, and none overlaps another."""
    found = times(text)
    assert all(0 <= time.start < time.end <= len(text) for time in found)
    assert all(one.end <= other.start for one, other in pairwise(found))


def unfolded(calendar: str) -> list[str]:
    assert calendar.endswith("\r\n")
    return calendar.replace("\r\n ", "").split("\r\n")


def test_calendar_is_well_formed() -> None:
    """Lines end in CRLF, are at most 75 octets, and text is escaped (RFC 5545)."""
    text = (
        "We will publish “lists; of, everything” — für alle — every four months, in \\ full. " * 2
    )
    calendar = render(Promises(report(text), "ics"), "terminal", View())
    assert all(len(line.encode()) <= 75 for line in calendar.split("\r\n"))
    lines = unfolded(calendar)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert "RRULE:FREQ=MONTHLY;INTERVAL=4;BYMONTHDAY=28,29,30,31;BYSETPOS=-1" in lines
    summary = next(line for line in lines if line.startswith("SUMMARY:"))
    assert "\\;" in summary
    assert "\\," in summary
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert len({line for line in lines if line.startswith("UID:")}) == 2


def test_calendar_cannot_be_steered() -> None:
    """A document's own line ends begin no property of the calendar."""
    text = "We will report by 30 September 2026 to all\r\nATTACH:https://evil.example/ people."
    lines = unfolded(render(Promises(report(text), "ics"), "terminal", View()))
    assert not any(line.startswith("ATTACH") for line in lines)


def test_rows_are_no_formulas() -> None:
    """A cell that a spreadsheet could compute is made text."""
    text = "=HYPERLINK(1) we will publish a list every month."
    rows = list(csv.reader(StringIO(render(Promises(report(text), "csv"), "terminal", View()))))
    assert len(rows) == 2
    assert rows[1][rows[0].index("words")].startswith("'=")


def test_gold_promises() -> None:
    """Every promise that a careful reader finds in the demo is found, with its time."""
    known = tomllib.loads((DEMO / "gold.toml").read_text("utf-8"))["promise"]
    reports = {
        name: cardwatch.find_commitments(cardwatch.read(DEMO / name), DAY)
        for name in {row["document"] for row in known}
    }
    for row in known:
        words = " ".join(row["quote"].split())
        found = [
            promise
            for promise in reports[row["document"]].promises
            if words in " ".join(promise.passage.quote.split())
        ]
        assert found, row["id"]
        promise = found[0]
        if "due" in row:
            assert promise.due == row["due"].isoformat(), row["id"]
        elif "within_hours" in row:
            assert promise.within == Period(72, 72, PeriodUnit.HOURS), row["id"]
        else:
            assert promise.every is not None
            months = promise.every.high * (12 if promise.every.unit is PeriodUnit.YEARS else 1)
            assert months == row["cadence_months"], row["id"]
            assert promise.start == row["from"].isoformat(), row["id"]


def test_command(cardwatch: Callable[..., Ran]) -> None:
    """The command writes each form and ends with 1 when something is due or has passed."""
    path = DEMO / "framework-v2.md"
    assert cardwatch("commitments", path, "--due", "2026-04-29").code == 0
    ran = cardwatch("commitments", path, "--due", "2026-11-21")
    assert ran.code == 1
    assert "2026-10-28" in ran.out
    assert cardwatch("commitments", path, "--format", "ics").out.startswith("BEGIN:VCALENDAR")
    assert cardwatch("commitments", path, "--format", "csv").out.startswith('"id"')
    assert cardwatch("commitments", path, "--due", "soon").code == 2


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("We will keep the lamp lit.", True),
        ("The audit committee will look after the lamp.", True),
        ("Keepers' notes will be published on our site.", True),
        ("We commit to the safety of all who pass.", True),
        ("When we hear of a wreck, we will promptly notify the harbour.", True),
        ("Lamps will likely become brighter.", False),
        ("We hope that the lamp will please the public.", False),
        ("We cannot rule out that the lamp will fail.", False),
        ("We will look after these things:", False),
        ("The oil must burn to give light.", False),
    ],
)
def test_promises_without_a_time(text: str, *, promised: bool) -> None:
    """Who binds itself, or what will be done, promises; what is foretold or hoped does not."""
    assert binds_somebody(text, "Lamps") is promised


def test_a_list_of_changes_promises_nothing() -> None:
    """What a change log tells of was promised elsewhere."""
    assert not binds_somebody("We will keep the lamp lit.", "Change log")


@pytest.mark.parametrize(
    ("text", "actor", "recipient"),
    [
        ("If a safeguard fails, we will mend it within 3 days.", Actor.PUBLISHER, ""),
        ("The model will be withdrawn within 3 days of a failure.", Actor.UNKNOWN, ""),
        ("We will send quarterly reports to the board.", Actor.PUBLISHER, "the board"),
        (
            "We plan sharing the report with one or more reviewers every year.",
            Actor.PUBLISHER,
            "one or more reviewers",
        ),
    ],
)
def test_by_whom_and_to_whom(text: str, actor: Actor, recipient: str) -> None:
    """Who says that it will act promises; a condition's subject, or what is acted on, does not."""
    (promise,) = cardwatch.find_commitments(Document.from_text(text), date(2026, 1, 1)).promises
    assert (promise.actor, promise.recipient) == (actor, recipient)


@pytest.mark.parametrize("day", [date(2025, 1, 31), date(2024, 2, 29), date(2025, 8, 30)])
def test_the_calendar_recurs_on_the_days_that_the_list_names(day: date) -> None:
    """The rule of an event gives the same days as the cadence, to the end of each month."""
    rrule = pytest.importorskip("dateutil.rrule", reason="dateutil is not installed")
    text = "We will review the lamp every month. We will report on it every two years."
    document = Document.from_text(text)
    report = cardwatch.find_commitments(document, day + timedelta(days=1), start=day)
    for promise in report.promises:
        assert promise.every is not None
        rule = f"DTSTART:{day:%Y%m%d}\nRRULE:{_rule(promise.every, day)}"
        found = [each.date() for each in rrule.rrulestr(rule)[:8]]
        wanted = [day, *islice(dates(day, promise.every), 7)]
        assert found == wanted


def test_a_deadline_on_the_front_is_not_the_day_of_the_document() -> None:
    """A day after "by" says nothing of when the document was written; "On 3 March" does."""
    promise = "We will publish a report by 20 May 2027. We will audit the rules every six months."
    bare = Document.from_text(f"# Rules\n\n{promise}\n")
    assert start_of(bare) == (None, "no date is known")
    dated = Document.from_text(f"# Rules\n\n{promise}\n\nOn 3 March 2026 the board adopted them.\n")
    assert start_of(dated) == (date(2026, 3, 3), "the first date on its front")
