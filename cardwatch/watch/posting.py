"""What is news goes to those who are to hear it, when they are to hear it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cardwatch.alerts.digest import Parcel, Untold, parcels, untold, untold_finding
from cardwatch.alerts.rules import Rule, rule_of
from cardwatch.model.watch import Event, Finding, Matter, MatterKind, WatchSource
from cardwatch.store import Store
from cardwatch.store.dues import noise_between
from cardwatch.watch.letters import Letter
from cardwatch.watch.settings import Settings
from cardwatch.watch.telling import message_of
from cardwatch.watch.tracking import matter_id

# A log that is longer is not counted to its end.
_MOST_CHECKS = 1_000_000
_OF_THE_WATCH = frozenset({MatterKind.DIGEST, MatterKind.UNTOLD})


class Post:
    """The outbox of one run, by the rules of its channels."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._channels = settings.channels
        self._rules = {each.to: rule_of(_own(each.settings)) for each in settings.channels}

    def tell(self, finding: Finding, letter: Letter | None = None) -> bool:
        """Open or close a finding's matter and post its messages; whether it is news."""
        with self._store.transaction():
            if not self._store.open_matter(finding):
                return False
            known = self._store.matter(finding.matter)
            # who heard the beginning hears the end
            weighed = replace(finding, severity=known.severity) if known else finding
            for channel, rule in self._rules.items():
                if rule.hears(weighed):
                    message = message_of(finding, channel, letter)
                    self._store.post(message, finding.at, rule.when(weighed, finding.at))
        return True

    def waiting(self, at: str) -> tuple[Parcel, ...]:
        """What may go out by now, joined where a channel wants it joined."""
        usual = Rule()
        due = [
            each
            for each in self._store.unsent(at)
            if not self._rules.get(each.channel, usual).holds_back(each.finding, at)
        ]
        return parcels(due, self._rules)

    # -- what was not told ----------------------------------------------------------------

    def accounts(self, at: str, known: Mapping[str, WatchSource]) -> Iterator[Finding]:
        """Post what was not told in the week before, to each channel that is to hear it by now."""
        for channel, rule in self._rules.items():
            due = rule.last_weekly(at)
            name = matter_id("", MatterKind.UNTOLD, channel, due)
            if not due or self._store.matter(name) or not self._began_before(due):
                continue
            week = datetime.fromisoformat(due) - timedelta(days=7)
            since = week.isoformat(timespec="seconds")
            finding = untold_finding(self.account(rule, (since, due), known), name)
            with self._store.transaction():
                if self._store.open_matter(finding):
                    self._store.post(message_of(finding, channel), at)
            yield finding

    def account(
        self, rule: Rule, span: tuple[str, str], known: Mapping[str, WatchSource]
    ) -> Untold:
        """What was seen in a span of time, and not told by a rule."""
        unheard = [
            each
            for each in self._store.matters()
            if span[0] <= each.opened < span[1]
            and each.kind not in _OF_THE_WATCH
            and not rule.hears(_as_finding(each, known))
        ]
        return _account(self._store, unheard, span)

    def _began_before(self, moment: str) -> bool:
        """Whether the watch ran before a moment: a new one has no week to account for."""
        row = self._store.database.one("SELECT min(started) FROM runs")
        return bool(row and row[0] and row[0] < moment)


def untold_lately(settings: Settings, days: int) -> Untold:
    """What was seen and told to nobody in the last days."""
    now = datetime.now(UTC)
    since, until = (
        moment.isoformat(timespec="seconds") for moment in (now - timedelta(days=days), now)
    )
    with Store(settings.home, settings.database) as store:
        return _account(store, (), (since, until))


def _account(store: Store, unheard: Sequence[Matter], span: tuple[str, str]) -> Untold:
    checks = store.checks(limit=_MOST_CHECKS, since=span[0])
    return untold(checks, noise_between(store.database, *span), unheard, span)


def _own(settings: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """The keys of a channel that are about its messages."""
    from cardwatch.alerts.rules import KEYS

    return {name: value for name, value in settings if name in KEYS}


def _as_finding(matter: Matter, known: Mapping[str, WatchSource]) -> Finding:
    source = known.get(matter.source)
    return Finding(
        matter.id,
        Event.OPENED,
        matter.kind,
        matter.source,
        matter.opened,
        matter.severity,
        matter.title,
        publisher=source.publisher if source else "",
    )
