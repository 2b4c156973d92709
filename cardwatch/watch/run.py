"""One run: what is due is fetched and judged, what is news is told, and nothing twice.

State moves in transactions, messages through an outbox. A run may be killed anywhere: what it
had fetched is judged by the next, what it had judged is told by the next, and what it had
told is not told again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from cardwatch import alerts, sources
from cardwatch.errors import DeliveryError
from cardwatch.model import Snapshot
from cardwatch.model.watch import Check, Finding, Kept, Track, Verdict, WatchSource
from cardwatch.store import Store
from cardwatch.watch.accounts import Accounts
from cardwatch.watch.fetching import Fetched, Fetcher
from cardwatch.watch.judging import Judge, Outcome
from cardwatch.watch.lock import only_run
from cardwatch.watch.posting import Post
from cardwatch.watch.promising import Promises
from cardwatch.watch.quoting import Quotes
from cardwatch.watch.releasing import Releases
from cardwatch.watch.settings import Settings, World

# Listings name documents, which are fetched in the same run; no document names more.
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. ``undelivered`` are the reasons why messages wait for the next run.

    ``left`` are sources for which the time was not enough, ``stranded`` messages for channels
    that the settings no longer name.
    """

    run: int
    checks: tuple[Check, ...]
    news: tuple[Finding, ...]
    delivered: int
    undelivered: tuple[str, ...]
    left: int = 0
    stranded: int = 0

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many checks came to each verdict."""
        return dict(sorted(Counter(check.verdict for check in self.checks).items()))


def known_sources(settings: Settings, store: Store) -> dict[str, WatchSource]:
    """All that is watched, by name: what files describe, and what listings named."""
    named = {source.name: source for source in sources.load(settings.home / "sources")}
    found = {each.name: each for each in store.found_sources() if each.parent in named}
    return dict(sorted({**found, **named}.items()))


def run(
    settings: Settings,
    world: World | None = None,
    *,
    only: Sequence[str] = (),
    every: bool = False,
) -> Report:
    """Look at the sources that are due: ``only`` those named, or ``every`` one, due or not.

    Raises:
        WatchError: another run is under way, or a source is not known or wrong.
        StoreError: the store cannot be used.
    """
    world = world or World()
    with only_run(settings.home), Store(settings.home, settings.database) as store:
        store.only_run()
        return _Run(settings, world, store).run(only, every=every)


class _Run:
    def __init__(self, settings: Settings, world: World, store: Store) -> None:
        self._settings = settings
        self._world = world
        self._store = store
        self._outcomes: list[Outcome] = []
        self._delivered = 0
        self._undelivered: list[str] = []
        self._stranded = 0
        self._post = Post(store, settings)
        self._told: list[Finding] = []
        self._seen: set[str] = set()

    def run(self, only: Sequence[str], *, every: bool) -> Report:
        known = known_sources(self._settings, self._store)
        for name in only:
            if name not in known:
                raise sources.unknown_source(name, known)
        self._world.step("begin")
        number = self._store.begin_run(self._world.stamp())
        accounts = Accounts(self._store, self._settings, self._world, self._known)
        self._judge = Judge(
            self._store, self._settings, self._world, self._post, number, accounts.of
        )
        self._deliver()
        self._finish_waiting(known)
        deadline = self._world.now() + timedelta(seconds=self._settings.seconds)
        fetcher = Fetcher(self._settings, self._world, deadline)
        left = 0
        for _ in range(_ROUNDS):
            if self._world.stopping():
                break
            due = self._due(known, only, every=every)
            left = self._round(fetcher, due)
            known = known_sources(self._settings, self._store)
        self._look_back(known)
        self._deliver()
        self._world.step("end")
        report = Report(
            number,
            tuple(each.check for each in self._outcomes),
            (*(news for each in self._outcomes for news in each.news), *self._told),
            self._delivered,
            tuple(self._undelivered),
            left,
            self._stranded,
        )
        self._store.end_run(number, self._world.stamp(), _summary(report))
        return report

    def _known(self) -> Mapping[str, WatchSource]:
        return known_sources(self._settings, self._store)

    # -- what is due ----------------------------------------------------------------------

    def _due(
        self, known: Mapping[str, WatchSource], only: Sequence[str], *, every: bool
    ) -> list[WatchSource]:
        now, tracks = self._world.stamp(), self._store.tracks()
        wanted = [
            source
            for name, source in known.items()
            if name not in self._seen
            and (not only or name in only or source.parent in only)
            and (every or name in only or tracks.get(name, Track()).next_due <= now)
        ]
        # who waited longest comes first, should the time not be enough for all
        return sorted(wanted, key=lambda each: (tracks.get(each.name, Track()).next_due, each.name))

    def _round(self, fetcher: Fetcher, due: Sequence[WatchSource]) -> int:
        """Fetch and judge; what failed for now is tried once more when all others are done."""
        later: list[WatchSource] = []
        for together in fetcher.fetch(due, self._conditions):
            later += (each.source for each in together if each.transient)
            self._take([each for each in together if not each.transient])
        for together in fetcher.fetch(later, self._conditions):
            self._take(together)
        return sum(1 for source in due if source.name not in self._seen)

    def _conditions(self, source: WatchSource) -> Mapping[str, str]:
        """Headers that let the server say that nothing changed since the last snapshot."""
        last = self._store.last_judged(source.name)
        # while something else stands in the document's place, it is looked at in full
        if last is None or self._store.track(source.name).trouble or last.url != source.url:
            return {}
        given = dict(last.headers)
        pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
        values = {name: given.get(header, "") for name, header in pairs}
        return {
            name: value
            for name, value in values.items()
            if value and value.isprintable() and value.isascii()
        }

    # -- what came ------------------------------------------------------------------------

    def _take(self, together: Sequence[Fetched]) -> None:
        """Keep what is new of what came together, and judge each."""
        new = []
        for fetched in together:
            for answer in fetched.answers:
                self._store.add_answer(fetched.source.name, answer)
            if fetched.snapshot is not None:
                self._world.step(f"fetched {fetched.source.name}")
                if self._is_new(fetched.source, fetched.snapshot):
                    new.append((fetched.source.name, fetched.snapshot))
        kept = {each.source: each for each in self._store.keep(new)}
        for name in kept:
            self._world.step(f"kept {name}")
        for fetched in together:
            self._judge_one(fetched, kept.get(fetched.source.name))

    def _is_new(self, source: WatchSource, snapshot: Snapshot) -> bool:
        if snapshot.status == 304:
            return False
        last = self._store.last_judged(source.name)
        return last is None or last.sha256 != snapshot.sha256

    def _judge_one(self, fetched: Fetched, kept: Kept | None) -> None:
        source = fetched.source
        if fetched.error is not None:
            self._seen.add(source.name)
            self._world.step(f"failed {source.name}")
            self._outcomes.append(self._judge.failure(source, fetched.error))
            return
        if fetched.snapshot is None:
            return
        self._seen.add(source.name)
        last = kept or self._store.last_judged(source.name)
        if fetched.snapshot.status == 304 or last is None:
            self._outcomes.append(self._judge.unchanged(source))
        else:
            self._outcomes.append(self._looked(source, last, fresh=kept is not None))

    def _finish_waiting(self, known: Mapping[str, WatchSource]) -> None:
        """Judge what an earlier run had kept when it was stopped."""
        for kept in self._store.waiting():
            if kept.source in known:
                self._outcomes.append(self._looked(known[kept.source], kept, fresh=True))

    def _looked(self, source: WatchSource, kept: Kept, *, fresh: bool) -> Outcome:
        look = self._judge.listing if source.kind.lists else self._judge.capture
        return look(source, kept, fresh=fresh)

    # -- telling --------------------------------------------------------------------------

    def _deliver(self) -> None:
        """Send what waits. A channel that fails is left alone until the next run."""
        settings = {each.to: dict(each.settings) for each in self._settings.channels}
        failed: set[str] = set()
        self._stranded = 0
        for parcel in self._post.waiting(self._world.stamp()):
            message = parcel.message
            if message.channel not in settings:
                self._stranded += len(parcel.carries)
                continue
            if message.channel in failed:
                continue
            self._world.step(f"send {message.id}")
            with self._store.transaction():
                for each in parcel.carries:
                    self._store.begin_sending(each, self._world.stamp())
            self._world.step(f"sending {message.id}")
            try:
                alerts.send(message, settings[message.channel])
            except DeliveryError as wrong:
                failed.add(message.channel)
                self._undelivered.append(f"{message.channel.partition(':')[0]}: {wrong}")
                with self._store.transaction():
                    for each in parcel.carries:
                        self._store.not_sent(each, wrong.message)
                continue
            self._world.step(f"sent {message.id}")
            with self._store.transaction():
                for each in parcel.carries:
                    self._store.sent(each, self._world.stamp())
            self._delivered += len(parcel.carries)

    def _look_back(self, known: Mapping[str, WatchSource]) -> None:
        """What follows from all that was seen: releases, promises due, quotes, accounts."""
        releases = Releases(self._store, self._settings, self._world, self._post)
        promises = Promises(self._store, self._world, self._post)
        self._told += releases.tell(known)
        self._told += promises.tell(known)
        self._told += Quotes(self._store, self._settings, self._world, self._post).tell(known)
        # an account of what was not told is no news
        for _ in self._post.accounts(self._world.stamp(), known):
            self._world.step("account")


def _summary(report: Report) -> str:
    counts = ", ".join(f"{verdict.value} {count}" for verdict, count in report.counts.items())
    return f"{len(report.checks)} sources ({counts}), {len(report.news)} told"
