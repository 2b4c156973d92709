"""A watch that stays: it looks at each source when it is due, until it is told to stop.

Each round is a run like any other, with its lock, its outbox and its end. Between two rounds
nothing is held: no lock, no connection, no document.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from types import FrameType
from typing import Any

from cardwatch.errors import CardwatchError
from cardwatch.model.watch import Track
from cardwatch.store import Store
from cardwatch.watch.lock import only_daemon
from cardwatch.watch.run import Report, known_sources, run
from cardwatch.watch.settings import Settings, World

# Between two rounds, in seconds: at least, so that due sources gather and a fault is not hammered
# at; at most, so that a changed file is seen within minutes.
_SHORTEST, _LONGEST = 30.0, 900.0
# Twice as long after each failure, up to this.
_BACKED_OFF = 3600.0
# A wait is longer by up to this share of it, so that many watches do not come at once.
_JITTER = 0.1


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to: its report, or why there is none, and the wait until the next."""

    report: Report | None
    wrong: CardwatchError | None
    wait: float


def stay(
    settings: Callable[[], Settings],
    world: World | None = None,
    *,
    stop: threading.Event | None = None,
) -> Iterator[Round]:
    """Run when something is due, and give each round, until ``stop`` is set.

    ``settings`` are asked for anew before each round. A round that fails is given with its
    error and tried again later.

    Raises:
        WatchError: another daemon holds this watch, or the settings are wrong from the first.
    """
    stop = stop or threading.Event()
    asked = stop

    def sleep(seconds: float) -> None:
        asked.wait(seconds)

    world = replace(world or World(sleep=sleep), stopping=stop.is_set)
    current, failures = settings(), 0
    with only_daemon(current.home):
        while not stop.is_set():
            made = _round(settings, world, failures)
            failures = failures + 1 if made.wrong or _undelivered(made) else 0
            yield made
            if not stop.is_set():
                world.sleep(made.wait)


def _round(settings: Callable[[], Settings], world: World, failures: int) -> Round:
    try:
        current = settings()
        report = run(current, world)
        wait = _until_due(current, world)
    except CardwatchError as wrong:
        return Round(None, wrong, _backed_off(failures, world))
    made = Round(report, None, wait)
    if _undelivered(made):
        return replace(made, wait=_backed_off(failures, world))
    return made


def _undelivered(made: Round) -> bool:
    return made.report is not None and bool(made.report.undelivered)


def _backed_off(failures: int, world: World) -> float:
    longest: float = min(_SHORTEST * 2 ** min(failures, 10), _BACKED_OFF)
    return longest * (1 + _JITTER * world.chance())


def _until_due(settings: Settings, world: World) -> float:
    """Seconds until the next source or message is due, within bounds, and a little by chance."""
    now = world.now()
    with Store(settings.home, settings.database) as store:
        tracks = store.tracks()
        dues = [tracks.get(name, Track()).next_due for name in known_sources(settings, store)]
        row = store.database.one(
            "SELECT min(not_before) FROM outbox WHERE delivered = '' AND not_before > ?",
            (world.stamp(),),
        )
    if row and row[0]:
        dues.append(row[0])
    first = min(dues, default=world.stamp())
    due = (datetime.fromisoformat(first) - now).total_seconds() if first else 0.0
    wait: float = min(max(due, _SHORTEST), _LONGEST) if dues else _LONGEST
    return wait * (1 + _JITTER * world.chance())


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set; a second one ends the process as usual."""
    stop = threading.Event()
    before: dict[int, Any] = {}

    def ask(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, before[number])
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        before[number] = signal.signal(number, ask)
    try:
        yield stop
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
