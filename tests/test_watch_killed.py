"""A run may be killed anywhere: the next one tells exactly what was not told.

A run counts its steps; each is a place where a process is stopped at once, as by SIGKILL,
with nothing tidied up. This is done at every step of two runs, the second with news.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardwatch.model import Document
from cardwatch.store import Store
from cardwatch.watch.run import run
from tests.test_watch import CARD, FRAMEWORK, TERMS, changed
from tests.watching import Clock, Site, page, settings, source, told, world

_KILLED = 77


pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared a hundred times over is compared once; the processes inherit it."""
    from cardwatch import app

    known: dict[tuple[str, str], object] = {}
    compare = app.compare

    def once(old: Document, new: Document) -> object:
        key = (old.text, new.text)
        if key not in known:
            known[key] = compare(old, new)
        return known[key]

    monkeypatch.setattr(app, "compare", once)


class Steps:
    """Counts the steps of a run, and ends the process at one of them."""

    def __init__(self, fatal: int | None) -> None:
        self.count = 0
        self.fatal = fatal

    def __call__(self, _name: str) -> None:
        self.count += 1
        if self.count == self.fatal:
            os._exit(_KILLED)


def _run(home: Path, at: datetime, fatal: int | None) -> int:
    clock, steps = Clock(at), Steps(fatal)
    run(settings(home), world(clock, steps))
    return steps.count


def killed(home: Path, at: datetime, fatal: int) -> bool:
    """Run in a process of its own that dies at a step; whether it did."""
    context = multiprocessing.get_context("fork")
    process = context.Process(target=_run, args=(home, at, fatal))
    process.start()
    process.join(60)
    return process.exitcode == _KILLED


def prepare(home: Path, site: Site) -> datetime:
    """A watch that has looked once, and a site with news of every kind since."""
    for name in ("terms", "framework", "gone"):
        source(home, name, f'url = "{site.url(f"/{name}")}"\nrobots = false\n')
    source(home, "cards", f'url = "{site.url("/cards/")}"\nkind = "listing"\nrobots = false\n')
    site.put("/terms", page(*TERMS))
    site.put("/framework", page(*FRAMEWORK))
    site.put("/gone", page(*TERMS[1:]))
    site.put("/cards/", "<p>none yet")
    clock = Clock()
    run(settings(home), world(clock))
    site.put("/gone", b"", 404)
    clock.turn(days=1)
    run(settings(home), world(clock))
    assert told(home) == []
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
    site.put("/framework", page(*changed(FRAMEWORK, "pause", "slow")) + "<!-- x -->")
    site.put("/cards/", '<a href="two">Two</a>')
    site.put("/cards/two", page(*CARD, title="Two"))
    return clock.at + timedelta(days=1)


def test_killed_at_every_step(tmp_path: Path, site: Site) -> None:
    """After the next run there are the alerts of an undisturbed run: none twice, none lost."""
    start = tmp_path / "start"
    at = prepare(start, site)
    calm = tmp_path / "calm"
    _copy(start, calm)
    steps = _run(calm, at, None)
    wanted = sorted(told(calm))
    assert len(wanted) == 4
    assert steps > 20
    for fatal in range(1, steps + 1):
        home = tmp_path / f"killed-{fatal}"
        _copy(start, home)
        assert killed(home, at, fatal), fatal
        _run(home, at + timedelta(minutes=5), None)
        assert sorted(told(home)) == wanted, f"killed at step {fatal}"
        with Store(home) as store:
            assert not list(store.verify())
            assert store.waiting() == ()
            assert store.unsent("9999") == ()
            assert len(store.matters()) == 4
        # and a third look has nothing to add
        _run(home, at + timedelta(days=2), None)
        assert sorted(told(home)) == wanted
        shutil.rmtree(home)


@pytest.mark.slow
def test_killed_at_every_statement(tmp_path: Path, site: Site) -> None:
    """The same at every statement of SQL and every file that is written, before and after.

    Each takes a process, so that every seventh is tried unless CARDWATCH_TEST_FULL is set.
    """
    stride = 1 if os.environ.get("CARDWATCH_TEST_FULL") else 7
    start = tmp_path / "start"
    at = prepare(start, site)
    calm = tmp_path / "calm"
    _copy(start, calm)
    _run(calm, at, None)
    wanted = sorted(told(calm))
    for fatal in range(1, 1000, stride):
        home = tmp_path / f"killed-{fatal}"
        _copy(start, home)
        context = multiprocessing.get_context("fork")
        process = context.Process(target=_run_closely, args=(home, at, fatal))
        process.start()
        process.join(60)
        _run(home, at + timedelta(minutes=5), None)
        assert sorted(told(home)) == wanted, f"killed at statement {fatal}"
        with Store(home) as store:
            assert not list(store.verify())
            assert store.unsent("9999") == ()
        shutil.rmtree(home)
        if process.exitcode == 0:
            break
    assert fatal > 100


def _run_closely(home: Path, at: datetime, fatal: int) -> None:
    """A run whose steps are the statements and writes below it."""
    import cardwatch.alerts.file
    import cardwatch.store.blobs
    from cardwatch.store.database import Sqlite

    steps = Steps(fatal)

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def run_it(*given: object, **more: object) -> object:
            steps("before")
            result = function(*given, **more)
            steps("after")
            return result

        return run_it

    Sqlite.rows = counted(Sqlite.rows)  # type: ignore[method-assign,assignment]
    cardwatch.store.blobs._write = counted(cardwatch.store.blobs._write)  # type: ignore[assignment]
    cardwatch.alerts.file.send = counted(cardwatch.alerts.file.send)  # type: ignore[assignment]
    _run(home, at, None)


def test_killed_again_and_again(tmp_path: Path, site: Site) -> None:
    """A run that dies at its first, second, third step and so on gets there in the end."""
    home = tmp_path / "home"
    at = prepare(home, site)
    for fatal in range(1, 60):
        if not killed(home, at + timedelta(seconds=fatal), fatal):
            break
    assert len(told(home)) == len(set(told(home))) == 4


def _copy(start: Path, home: Path) -> None:
    shutil.copytree(start, home)
