"""Many sources fetched politely: one request per host at a time, with a delay between them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from queue import Empty, Queue
from typing import TypeVar
from urllib.parse import urlsplit

from cardwatch.errors import CardwatchError, SourceError, Unreachable
from cardwatch.fetch import fetch
from cardwatch.model import Snapshot
from cardwatch.model.watch import WatchSource
from cardwatch.render import render
from cardwatch.robots import LIMIT, Robots
from cardwatch.watch.settings import Settings, World

# No wait between two tries is longer, whatever a server asks.
_LONGEST_WAIT = 120.0
# What waits to be judged is held in memory, and documents are large.
_QUEUED = 8
# What is kept together, so that the disk is waited for once.
_TOGETHER = 16

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of asking for a source: a snapshot, or why there is none.

    Neither: the time was up before its turn came, and it stays due. ``answers`` are the redirects
    and errors on the way.
    """

    source: WatchSource
    snapshot: Snapshot | None = None
    error: CardwatchError | None = None
    answers: tuple[Snapshot, ...] = ()

    @property
    def transient(self) -> bool:
        """Whether a later try may do better."""
        return isinstance(self.error, Unreachable) and self.error.transient


class _TimeUp(Exception):
    """The turn of a source comes after the end of the run."""


def _come_by_now(results: Queue[T]) -> Iterator[T]:
    """The next result, waited for, and those that are there already."""
    yield results.get()
    for _ in range(_TOGETHER - 1):
        try:
            yield results.get_nowait()
        except Empty:
            return


class Fetcher:
    """The requests of one run."""

    def __init__(self, settings: Settings, world: World, deadline: datetime) -> None:
        self._settings = settings
        self._world = world
        self._deadline = deadline
        self._robots = Robots(self._robots_txt)
        self._private: set[str] = set()
        # by host; a host is only ever asked by one thread
        self._asked: dict[str, datetime] = {}

    def fetch(
        self, sources: Sequence[WatchSource], conditions: Callable[[WatchSource], Mapping[str, str]]
    ) -> Iterator[tuple[Fetched, ...]]:
        """All sources, those of a host one after the other, in the order in which they come.

        Given are those together that came while the caller was at work. ``conditions`` are the
        headers that make a request conditional; they are asked for in the calling thread.
        """
        hosts: dict[str, list[tuple[WatchSource, Mapping[str, str]]]] = {}
        for source in sources:
            host = urlsplit(source.url).hostname or ""
            hosts.setdefault(host, []).append((source, conditions(source)))
        groups = list(hosts.values())
        if self._settings.hosts <= 1 or len(groups) == 1:
            for group in groups:
                for source, headers in group:
                    yield (self._one(source, headers),)
        else:
            yield from self._at_once(groups)

    def _at_once(
        self, groups: list[list[tuple[WatchSource, Mapping[str, str]]]]
    ) -> Iterator[tuple[Fetched, ...]]:
        results: Queue[Fetched | BaseException | None] = Queue(_QUEUED)
        stopped = threading.Event()

        def ask(group: list[tuple[WatchSource, Mapping[str, str]]]) -> None:
            try:
                for source, headers in group:
                    if stopped.is_set():
                        return
                    results.put(self._one(source, headers))
            except BaseException as wrong:
                results.put(wrong)
            finally:
                results.put(None)

        with ThreadPoolExecutor(self._settings.hosts) as pool:
            for group in groups:
                pool.submit(ask, group)
            left = len(groups)
            try:
                while left:
                    together = []
                    for result in _come_by_now(results):
                        if isinstance(result, BaseException):
                            raise result
                        if result is None:
                            left -= 1
                        else:
                            together.append(result)
                    if together:
                        yield tuple(together)
            finally:
                stopped.set()
                while left:
                    left -= results.get() is None

    def _one(self, source: WatchSource, headers: Mapping[str, str]) -> Fetched:
        """One source, tried again while its server may do better."""
        for attempt in range(self._settings.retries + 1):
            if self._world.stopping() or self._world.now() >= self._deadline:
                return Fetched(source)
            try:
                result = self._try(source, headers)
            except _TimeUp:
                return Fetched(source)
            if not result.transient or attempt == self._settings.retries:
                return result
            self._world.sleep(self._wait(result, attempt))
        return result

    def _wait(self, result: Fetched, attempt: int) -> float:
        """Twice as long each time, and at random, so that many watchers do not come at once."""
        asked = result.error.retry_after if isinstance(result.error, Unreachable) else 0.0
        wait: float = self._settings.delay * 2**attempt * (1 + self._world.chance())
        return min(max(wait, asked), _LONGEST_WAIT)

    def _try(self, source: WatchSource, headers: Mapping[str, str]) -> Fetched:
        private = source.private or self._settings.private
        if private:
            self._private.add(urlsplit(source.url).netloc)
        answers: list[Snapshot] = []
        try:
            delay = self._settings.delay
            if source.robots:
                if not self._robots.allows(source.url):
                    raise SourceError(
                        "robots.txt forbids to fetch it",
                        hint="robots = false in its source.toml, if you may",
                        where=source.url,
                    )
                delay = max(delay, self._robots.delay(source.url))
            self._pause(source.url, delay)
            get = self._getter(source, headers, answers)
            snapshot = self._rendered(source, get) if source.render else get(source.url)
        except CardwatchError as wrong:
            return Fetched(source, error=wrong, answers=self._stamped(answers))
        (snapshot,) = self._stamped([snapshot])
        return Fetched(source, snapshot, answers=self._stamped(answers))

    def _getter(
        self, source: WatchSource, headers: Mapping[str, str], answers: list[Snapshot]
    ) -> Callable[[str], Snapshot]:
        """What fetches for a source; its headers and permissions are for its own host only."""
        home = urlsplit(source.url).netloc
        private = source.private or self._settings.private

        def get(url: str) -> Snapshot:
            own = urlsplit(url).netloc == home
            return fetch(
                url,
                limits=self._settings.limits,
                allow_private=private and own,
                headers={**dict(source.headers), **headers} if own else None,
                network=self._world.network,
                witness=answers.append if url == source.url else None,
            )

        return get

    def _rendered(self, source: WatchSource, get: Callable[[str], Snapshot]) -> Snapshot:
        limits = self._settings.limits
        shown = render(source.url, get, seconds=limits.seconds, max_bytes=limits.max_bytes)
        return Snapshot(
            source.url,
            shown.final_url,
            shown.html,
            sha256(shown.html).hexdigest(),
            self._world.stamp(),
            headers=(("content-type", "text/html; charset=utf-8"),),
            notes=shown.notes,
        )

    def _stamped(self, snapshots: Sequence[Snapshot]) -> tuple[Snapshot, ...]:
        """Snapshots with the time by the clock of the run, which a test may turn."""
        return tuple(replace(each, retrieved=self._world.stamp()) for each in snapshots)

    def _robots_txt(self, place: str) -> Snapshot:
        self._pause(place, self._settings.delay)
        limits = replace(self._settings.limits, max_bytes=LIMIT * 4)
        return fetch(
            place,
            limits=limits,
            allow_private=urlsplit(place).netloc in self._private,
            network=self._world.network,
        )

    def _pause(self, url: str, delay: float) -> None:
        host = urlsplit(url).hostname or ""
        now = self._world.now()
        earliest = self._asked.get(host, now - timedelta(days=1)) + timedelta(seconds=delay)
        if earliest > self._deadline:
            raise _TimeUp
        if earliest > now:
            self._world.sleep((earliest - now).total_seconds())
            if self._world.stopping():
                # the wait was cut short, and its host has not been spared yet
                raise _TimeUp
        self._asked[host] = self._world.now()
