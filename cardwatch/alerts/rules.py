"""Who hears what, and when: the keys of an ``[[alert]]`` table that are about its messages.

The time is given, and nothing here asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from fnmatch import fnmatchcase
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cardwatch.errors import WatchError
from cardwatch.model import Severity
from cardwatch.model.watch import Event, Finding, MatterKind

KEYS = frozenset(
    "publisher source kind severity pack recovery digest quiet urgent weekly zone".split()
)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RANK = {Severity.LOW: 0, Severity.MEDIUM: 1, Severity.HIGH: 2}
_T = TypeVar("_T")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of the day, on each day or on one of the week (0 is Monday)."""

    at: time
    day: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a channel hears, and when. What is empty keeps nothing out.

    ``publishers`` and ``sources`` are patterns with ``*``. A finding of which no pack is known
    is heard whatever the ``packs``. ``digest`` are the moments at which messages go out in
    one; ``quiet`` is a span of the day in which none goes out; ``urgent`` is the severity
    from which on a message waits for neither. ``weekly`` is when to tell what was not told.
    """

    publishers: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    kinds: frozenset[MatterKind] = frozenset()
    severity: Severity = Severity.LOW
    packs: frozenset[str] = frozenset()
    recovery: bool = True
    digest: tuple[Moment, ...] = ()
    quiet: tuple[time, time] | None = None
    urgent: Severity | None = None
    weekly: Moment | None = None
    zone: tzinfo = UTC

    def hears(self, finding: Finding) -> bool:
        """Whether the channel is told of a finding.

        The severity of an end is that of its beginning, so that who heard the one hears the
        other, unless the channel wants no recoveries.
        """
        if finding.event is Event.RESOLVED and not self.recovery:
            return False
        return (
            _fits(finding.publisher.lower(), [each.lower() for each in self.publishers])
            and _fits(finding.source, self.sources)
            and (not self.kinds or finding.kind in self.kinds)
            and _RANK[finding.severity] >= _RANK[self.severity]
            and (not self.packs or not finding.packs or bool(self.packs & set(finding.packs)))
        )

    def is_urgent(self, finding: Finding) -> bool:
        """Whether the channel is told of it at once, whatever the time."""
        return self.urgent is not None and _RANK[finding.severity] >= _RANK[self.urgent]

    def when(self, finding: Finding, at: str) -> str:
        """The earliest time to tell it (ISO 8601 in UTC), for a finding that is posted ``at``."""
        now = datetime.fromisoformat(at)
        if self.is_urgent(finding):
            return _stamp(now)
        moment = min((self._next(each, now) for each in self.digest), default=now)
        return _stamp(self._after_quiet(moment))

    def holds_back(self, finding: Finding, at: str) -> bool:
        """Whether it is the channel's quiet hours, for what should have gone out before them."""
        now = datetime.fromisoformat(at)
        return not self.is_urgent(finding) and self._after_quiet(now) > now

    def last_weekly(self, at: str) -> str:
        """The last moment up to ``at`` at which what was not told was due; empty for never."""
        if self.weekly is None:
            return ""
        week = datetime.fromisoformat(at) - timedelta(days=7)
        # strictly after a week ago, so that one lies in each week
        return _stamp(self._next(self.weekly, week + timedelta(seconds=1)))

    def _next(self, moment: Moment, now: datetime) -> datetime:
        """The first such moment that is not before ``now``."""
        here = now.astimezone(self.zone)
        for days in range(9):
            day = (here + timedelta(days=days)).date()
            then = datetime.combine(day, moment.at, self.zone)
            if then >= now and moment.day in (None, day.weekday()):
                return then
        raise AssertionError("every week has every day")

    def _after_quiet(self, moment: datetime) -> datetime:
        if self.quiet is None:
            return moment
        here = moment.astimezone(self.zone)
        start, end = self.quiet
        clock = here.time()
        inside = start <= clock < end if start <= end else clock >= start or clock < end
        return self._next(Moment(end), moment) if inside else moment


def rule_of(settings: Mapping[str, str], known: Iterable[str] = ()) -> Rule:
    """The rule that the keys of a channel make; ``known`` are those that its sender has.

    Raises:
        WatchError: a key is unknown, or a value cannot be understood; it names those that can.
    """
    if unknown := sorted(set(settings) - KEYS - set(known)):
        names = ", ".join(sorted({*KEYS, *known}))
        raise WatchError(f"an [[alert]] has no key {unknown[0][:40]!r}", hint=f"known: {names}")
    kinds = {each.value: each for each in MatterKind}
    severities = {each.value: each for each in Severity}
    flags = {"": True, "yes": True, "true": True, "no": False, "false": False}
    urgent = settings.get("urgent", "")
    weekly = settings.get("weekly", "")
    return Rule(
        publishers=_listed(settings, "publisher"),
        sources=_listed(settings, "source"),
        kinds=frozenset(_one(each, kinds, "kind") for each in _listed(settings, "kind")),
        severity=_one(settings.get("severity", "low"), severities, "severity"),
        packs=frozenset(_listed(settings, "pack")),
        recovery=_one(settings.get("recovery", "").lower(), flags, "recovery"),
        digest=tuple(_moment(each) for each in _listed(settings, "digest")),
        quiet=_span(settings.get("quiet", "")),
        urgent=_one(urgent, severities, "urgent") if urgent else None,
        weekly=_moment(weekly, day=0) if weekly else None,
        zone=_zone(settings["zone"]) if settings.get("zone") else UTC,
    )


def _listed(settings: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in settings.get(key, "").split(",") if each.strip())


def _one(text: str, known: Mapping[str, _T], key: str) -> _T:
    if text not in known:
        names = ", ".join(name for name in known if name)
        raise WatchError(f"{key} cannot be {text[:40]!r}", hint=f"one of: {names}")
    return known[text]


def _moment(text: str, day: int | None = None) -> Moment:
    name, _, clock = text.strip().lower().rpartition(" ")
    if name and name[:3] not in _DAYS:
        raise WatchError(f"not a day: {name[:40]!r}", hint=f"one of: {', '.join(_DAYS)}")
    return Moment(_clock(clock), _DAYS.index(name[:3]) if name else day)


def _clock(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        raise WatchError(f"not a time: {text[:40]!r}", hint="08:30, or mon 08:30")
    return time(int(found[1]), int(found[2]))


def _span(text: str) -> tuple[time, time] | None:
    if not text:
        return None
    start, dash, end = text.partition("-")
    if not dash:
        raise WatchError(f"not a span of the day: {text[:40]!r}", hint="22:00-07:00")
    return _clock(start), _clock(end)


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        raise WatchError(f"no time zone is called {name[:40]!r}", hint="Europe/Paris") from wrong


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _fits(text: str, patterns: Iterable[str]) -> bool:
    given = list(patterns)
    return not given or any(fnmatchcase(text, each) for each in given)
