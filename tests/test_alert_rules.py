"""Who hears what and when: by the rules of a channel, at a time that is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch import alerts
from cardwatch.alerts.digest import parcels, untold
from cardwatch.alerts.rules import Rule, rule_of
from cardwatch.errors import WatchError
from cardwatch.model import Severity
from cardwatch.model.watch import Check, Event, MatterKind, Message, Verdict
from tests.test_alerts import message
from tests.test_plugs import PACKAGE, plugs

FINDING = message().finding
NOON = "2026-06-01T12:00:00+00:00"  # a Monday


def when(settings: dict[str, str], at: str = NOON, severity: Severity = Severity.HIGH) -> str:
    return rule_of(settings).when(replace(FINDING, severity=severity), at)


def test_every_sender_is_in_the_table() -> None:
    """A module with a ``send`` that the table lacks would never be asked."""
    assert plugs(PACKAGE / "alerts", "send") == set(alerts.ALERTS.values())
    for name in alerts.ALERTS:
        assert isinstance(alerts.keys(f"{name}:x"), frozenset)


@pytest.mark.parametrize(
    ("settings", "heard"),
    [
        ({}, True),
        ({"publisher": "lab"}, True),
        ({"publisher": "Other, LAB"}, True),
        ({"publisher": "Other"}, False),
        ({"source": "lab/*"}, True),
        ({"source": "other/*"}, False),
        ({"kind": "change, gone"}, True),
        ({"kind": "new document"}, False),
        ({"severity": "high"}, True),
        ({"pack": "terms"}, True),
        ({"recovery": "no"}, True),
    ],
)
def test_who_hears(settings: dict[str, str], heard: bool) -> None:
    """Each key keeps out what it does not name; a pack keeps out only what is known of others."""
    assert rule_of(settings).hears(FINDING) is heard


def test_a_pack_keeps_out_the_others() -> None:
    """A finding of rules of other packs is not heard."""
    rule = rule_of({"pack": "terms, privacy"})
    assert rule.hears(replace(FINDING, packs=("privacy", "system-card")))
    assert not rule.hears(replace(FINDING, packs=("system-card",)))


def test_recoveries_can_be_left_out() -> None:
    """Who wants no recoveries hears the beginning and not the end."""
    end = replace(FINDING, event=Event.RESOLVED)
    assert not rule_of({"recovery": "no"}).hears(end)
    assert rule_of({}).hears(end)


@pytest.mark.parametrize(
    ("settings", "at", "wanted"),
    [
        ({}, NOON, NOON),
        ({"digest": "08:00"}, NOON, "2026-06-02T08:00:00+00:00"),
        ({"digest": "12:00"}, NOON, NOON),
        ({"digest": "08:00, 17:30"}, NOON, "2026-06-01T17:30:00+00:00"),
        ({"digest": "fri 08:00"}, NOON, "2026-06-05T08:00:00+00:00"),
        ({"digest": "monday 11:00"}, NOON, "2026-06-08T11:00:00+00:00"),
        ({"digest": "08:00", "zone": "America/New_York"}, NOON, NOON),
        ({"quiet": "22:00-07:00"}, NOON, NOON),
        ({"quiet": "22:00-07:00"}, "2026-06-01T23:10:00+00:00", "2026-06-02T07:00:00+00:00"),
        ({"quiet": "22:00-07:00"}, "2026-06-01T06:59:59+00:00", "2026-06-01T07:00:00+00:00"),
        ({"quiet": "22:00-07:00"}, "2026-06-01T07:00:00+00:00", "2026-06-01T07:00:00+00:00"),
        ({"quiet": "09:00-13:00", "urgent": "high"}, NOON, NOON),
        ({"quiet": "11:00-13:00", "digest": "12:30"}, NOON, "2026-06-01T13:00:00+00:00"),
    ],
)
def test_when(settings: dict[str, str], at: str, wanted: str) -> None:
    """At the next hour of the digest, after the quiet hours, or at once."""
    assert when(settings, at) == wanted


def test_what_is_late_waits_for_the_end_of_the_quiet_hours() -> None:
    """A message that could not go out before them does not go out in them."""
    rule = rule_of({"quiet": "22:00-07:00", "urgent": "high"})
    low = replace(FINDING, severity=Severity.LOW)
    assert rule.holds_back(low, "2026-06-01T23:00:00+00:00")
    assert not rule.holds_back(FINDING, "2026-06-01T23:00:00+00:00")
    assert not rule.holds_back(low, "2026-06-01T07:00:00+00:00")


def test_the_hour_is_that_of_the_zone_all_year() -> None:
    """Clocks that are put forward and back change no hour of the digest."""
    settings = {"digest": "08:00", "zone": "Europe/Paris"}
    assert when(settings, "2026-03-28T12:00:00+00:00") == "2026-03-29T06:00:00+00:00"
    assert when(settings, "2026-10-24T12:00:00+00:00") == "2026-10-25T07:00:00+00:00"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.sampled_from(["00:00", "08:30", "23:59", "sun 02:30"]),
    st.sampled_from(["", "22:00-07:00", "00:00-23:59", "02:00-03:00"]),
    st.sampled_from(["UTC", "Europe/Paris", "Asia/Kathmandu", "America/St_Johns"]),
)
def test_a_message_waits_at_most_a_week_and_a_day(
    moment: datetime, digest: str, quiet: str, zone: str
) -> None:
    """Whatever the rule, a message goes out, never before its time and not much later."""
    at = moment.replace(microsecond=0).isoformat() + "+00:00"
    found = when({"digest": digest, "quiet": quiet, "zone": zone}, at)
    assert found >= at
    assert (datetime.fromisoformat(found) - datetime.fromisoformat(at)).days <= 8


def test_each_week_has_its_account() -> None:
    """The last moment that was due, within the week before."""
    rule = rule_of({"weekly": "fri 09:00"})
    assert rule.last_weekly(NOON) == "2026-05-29T09:00:00+00:00"
    assert rule.last_weekly("2026-05-29T09:00:00+00:00") == "2026-05-29T09:00:00+00:00"
    assert rule.last_weekly("2026-05-29T08:59:59+00:00") == "2026-05-22T09:00:00+00:00"
    assert rule_of({}).last_weekly(NOON) == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "chnage"),
        ("severity", "huge"),
        ("urgent", "very"),
        ("digest", "8"),
        ("digest", "someday 08:00"),
        ("digest", "25:00"),
        ("quiet", "night"),
        ("quiet", "22:00"),
        ("weekly", "08:00:00"),
        ("zone", "Europe/Atlantis"),
        ("zone", "../../etc/passwd"),
        ("recovery", "perhaps"),
        ("colour", "red"),
    ],
)
def test_a_slip_is_told(key: str, value: str) -> None:
    """Unknown keys and values are errors that say what is known."""
    with pytest.raises(WatchError) as wrong:
        rule_of({key: value})
    assert wrong.value.hint


# -- digests --------------------------------------------------------------------------------

DIGEST = {"file:a": rule_of({"digest": "08:00", "urgent": "high"})}


def letter(name: str, severity: Severity, channel: str = "file:a", **more: bool) -> Message:
    finding = replace(FINDING, matter=name, severity=severity, title=f"title {name}")
    return replace(
        message(f"title {name}"), id=f"{name}-opened", channel=channel, finding=finding, **more
    )


def test_a_digest_joins_what_waits() -> None:
    """One parcel for the channel, the worst first; urgent and other channels' go alone."""
    given = [
        letter("low", Severity.LOW),
        letter("high", Severity.HIGH),
        letter("medium", Severity.MEDIUM),
        letter("other", Severity.LOW, "file:b"),
    ]
    made = parcels(given, DIGEST)
    assert [[each.finding.matter for each in parcel.carries] for parcel in made] == [
        ["low", "medium"],
        ["high"],
        ["other"],
    ]
    text = made[0].message.text
    assert text.index("title medium") < text.index("title low")
    assert made[0].message.subject == "2 matters; the first: title medium"
    assert made[0].message.finding.severity is Severity.MEDIUM
    assert made[0].message.finding.kind is MatterKind.DIGEST


def test_a_digest_of_one_is_the_message() -> None:
    """Nothing is wrapped that is alone."""
    one = letter("low", Severity.LOW)
    assert parcels([one], DIGEST)[0].message == one


def test_a_digest_that_was_cut_off_keeps_its_id() -> None:
    """What was being sent stays together, so that its receiver can tell the repeat."""
    given = [letter(name, Severity.LOW) for name in "ab"]
    first = parcels(given, DIGEST)[0].message
    again = [replace(each, repeated=True) for each in given]
    later = parcels([*again, letter("c", Severity.LOW)], DIGEST)
    assert [parcel.message.id for parcel in later] == [first.id, "c-opened"]
    assert later[0].message.repeated


def test_every_message_is_in_one_parcel() -> None:
    """None is lost, none goes twice."""
    given = [
        letter(str(number), list(Severity)[number % 3], f"file:{'ab'[number % 2]}",
               repeated=number % 5 == 0)
        for number in range(30)
    ]  # fmt: skip
    for rules in ({}, DIGEST, {**DIGEST, "file:b": Rule()}):
        carried = [each.id for parcel in parcels(given, rules) for each in parcel.carries]
        assert sorted(carried) == sorted(each.id for each in given)


def test_the_account_counts_by_class() -> None:
    """Only what was seen in the span, and not told, by its class."""
    span = ("2026-06-01", "2026-06-08")
    verdicts = (Verdict.NOISE, Verdict.NOISE, Verdict.UNREACHABLE, Verdict.CHANGED)
    checks = [Check("s", "2026-06-02", each) for each in verdicts]
    checks.append(Check("s", "2026-06-09", Verdict.NOISE))
    made = untold(checks, [("link targets", 40)], [], span)
    assert made.checks == 4
    assert dict(made.counts) == {
        "fetches with differences that say nothing new": 2,
        "differences of link targets": 40,
        "fetches: unreachable": 1,
    }
