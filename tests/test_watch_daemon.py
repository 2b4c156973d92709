"""A watch that stays: it waits for what is due, survives faults, and stops when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cardwatch.errors import WatchError
from cardwatch.watch.daemon import Round, stay
from cardwatch.watch.lock import only_daemon, only_run
from cardwatch.watch.settings import Channel
from tests.test_watch import TERMS, changed
from tests.watching import Clock, Site, page, settings, source, told, world

pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture
def home(tmp_path: Path, site: Site) -> Path:
    text = f'url = "{site.url("/terms")}"\nevery = "2h"\nrobots = false\n'
    source(tmp_path, "harbor/terms", text)
    site.put("/terms", page(*TERMS))
    return tmp_path


def rounds(home: Path, clock: Clock, count: int, **more: object) -> list[Round]:
    """The first rounds of a daemon, by a clock."""
    stop = threading.Event()
    made = []
    for each in stay(lambda: settings(home, **more), world(clock), stop=stop):
        made.append(each)
        if len(made) == count:
            stop.set()
    return made


def looked(made: list[Round]) -> list[int]:
    return [len(each.report.checks) if each.report else -1 for each in made]


def test_a_source_is_looked_at_when_it_is_due(home: Path, site: Site) -> None:
    """Every two hours, with the waits between no longer than a quarter of an hour."""
    clock = Clock()
    start = clock.at
    made = rounds(home, clock, 19)
    assert sum(looked(made)) == 3
    assert (clock.at - start).total_seconds() == pytest.approx(sum(each.wait for each in made[:-1]))
    assert all(30 <= each.wait <= 990 for each in made)
    assert len(site.requests) == 3


def test_a_new_source_is_seen_without_a_restart(home: Path, site: Site) -> None:
    """Files are read anew before each round."""
    clock = Clock()
    stop = threading.Event()
    seen: list[str] = []
    for each in stay(lambda: settings(home), world(clock), stop=stop):
        assert each.report is not None
        seen += [check.source for check in each.report.checks]
        if len(seen) == 1:
            text = f'url = "{site.url("/other")}"\nrobots = false\n'
            source(home, "harbor/other", text)
        if "harbor/other" in seen:
            stop.set()
    assert seen == ["harbor/terms", "harbor/other"]


def test_a_wrong_file_is_told_and_waited_out(home: Path, site: Site) -> None:
    """A fault is given with its error and tried again, later each time; then all goes on."""
    clock = Clock()
    stop = threading.Event()
    made: list[Round] = []
    for each in stay(lambda: settings(home), world(clock), stop=stop):
        made.append(each)
        if len(made) == 1:
            source(home, "harbor/wrong", 'url = "no address"\n')
        if len(made) == 4:
            source(home, "harbor/wrong", f'url = "{site.url("/x")}"\nrobots = false\n')
        if len(made) == 5:
            stop.set()
    assert [each.wrong is None for each in made] == [True, False, False, False, True]
    waits = [each.wait for each in made[1:4]]
    assert waits == sorted(waits)
    assert waits[0] < waits[2]


def test_what_could_not_be_delivered_is_sent_later(home: Path, site: Site, tmp_path: Path) -> None:
    """The outbox keeps it, and the daemon comes back to it."""
    where = tmp_path / "not" / "yet"
    where.parent.write_text("a file where a folder must be")
    channels = (Channel(f"file:{where}"),)
    clock = Clock()
    stop = threading.Event()
    made: list[Round] = []
    for each in stay(lambda: settings(home, channels=channels), world(clock), stop=stop):
        made.append(each)
        if len(made) == 1:
            site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
        if each.report and each.report.undelivered and where.parent.is_file():
            where.parent.unlink()
        elif where.exists():
            stop.set()
    assert "changed: one change" in where.read_text()


def test_a_run_by_hand_is_waited_for(home: Path) -> None:
    """While another run holds the watch, the daemon waits; two daemons there are never."""
    with only_run(home):
        (made,) = rounds(home, Clock(), 1)
    assert made.report is None
    assert "another run" in str(made.wrong)
    with only_daemon(home), pytest.raises(WatchError, match="another daemon"):
        rounds(home, Clock(), 1)


def test_no_request_is_made_once_it_is_to_stop(home: Path, site: Site) -> None:
    """A stop in the middle of a run ends its waits and leaves the rest for the next."""
    for number in range(5):
        text = f'url = "{site.url(f"/page-{number}")}"\nrobots = false\n'
        source(home, f"harbor/page-{number}", text)
        site.put(f"/page-{number}", page(*TERMS))
    stop, clock = threading.Event(), Clock()

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        stop.set()

    outside = replace(world(clock), sleep=sleep)
    (made,) = stay(lambda: settings(home, delay=2.0), outside, stop=stop)
    assert made.report is not None
    assert (len(site.requests), made.report.left) == (1, 5)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
def test_a_process_stops_cleanly(home: Path, site: Site, number: signal.Signals) -> None:
    """The command itself: news is told while it stays, and a signal ends it with 0."""
    (home / "watch.toml").write_text(
        f'private = true\ndelay = 0\n[[alert]]\nto = "file:{home / "alerts.txt"}"\n'
    )
    rules = (home / "sources/harbor/terms/source.toml").read_text()
    process = subprocess.Popen(
        [sys.executable, "-m", "cardwatch", "watch", "daemon", "--home", str(home)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    try:
        end = time.monotonic() + 30
        while not site.requests and time.monotonic() < end:
            time.sleep(0.05)
        assert site.requests, rules
        while "looked at" not in (process.stdout.readline() if process.stdout else "looked at"):
            pass
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
    assert "stopped after 1 rounds" in out
    assert told(home) == []
