"""A run that is killed at any step loses no release, no promise and no digest, and repeats none."""

from __future__ import annotations

import multiprocessing
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardwatch.store import Store
from cardwatch.watch.run import run
from cardwatch.watch.settings import Channel, Settings
from tests.test_releases import CARD, POST
from tests.watching import Clock, Site, page, settings, source, told, world

_KILLED = 77
_WANTED = (1, 1)
PROMISE = "We will publish our first review of these rules by 1 June 2026."


def _settings(home: Path, *, digest: bool) -> Settings:
    given = (("digest", "12:00"), ("weekly", "wed 08:00")) if digest else ()
    return settings(home, channels=(Channel(f"file:{home / 'alerts.txt'}", given),))


def _prepare(home: Path, site: Site) -> datetime:
    """A watch that looked once, with a release and a promise that fell due since."""
    listing = f'url = "{site.url("/news/")}"\nkind = "listing"\nrobots = false\n'
    source(home, "news", listing)
    source(home, "rules", f'url = "{site.url("/rules")}"\nrobots = false\n')
    site.put("/rules", page(PROMISE, title="Rules"))
    site.put("/news/", '<a href="about">About</a>')
    clock = Clock()
    run(_settings(home, digest=False), world(clock))
    site.put("/news/card", page(*CARD, title="Heron 5 System Card"))
    site.put("/news/post", page(*POST, title="Introducing Heron 5"))
    links = "".join(f'<a href="{name}">{name}</a>' for name in ("about", "card", "post"))
    site.put("/news/", f"<p>{links}")
    return clock.at + timedelta(days=1)


def _run(home: Path, at: datetime, fatal: int | None, *, digest: bool) -> int:
    count = 0

    def step(_name: str) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os._exit(_KILLED)

    run(_settings(home, digest=digest), world(Clock(at), step))
    return count


def _matters(home: Path) -> tuple[int, int]:
    """How often the release and the promise were told, alone or in a digest."""
    text = (home / "alerts.txt").read_text("utf-8")
    return text.count("1. contradicted"), text.count(f"“{PROMISE}”")


@pytest.mark.slow
@pytest.mark.parametrize("digest", [False, True], ids=["alone", "joined"])
def test_killed_at_every_step(tmp_path: Path, site: Site, digest: bool) -> None:
    """After the next runs there are the alerts of an undisturbed run, none twice, none lost."""
    start = tmp_path / "start"
    at = _prepare(start, site)
    calm = tmp_path / "calm"
    shutil.copytree(start, calm)
    steps = _run(calm, at, None, digest=digest)
    steps_later = _run(calm, at + timedelta(hours=5), None, digest=digest)
    assert len(told(calm)) == (1 if digest else 2)
    assert _matters(calm) == _WANTED
    context = multiprocessing.get_context("fork")
    for fatal in range(1, steps + steps_later + 1):
        home = tmp_path / f"killed-{fatal}"
        shutil.copytree(start, home)
        first, then = (fatal, None) if fatal <= steps else (None, fatal - steps)
        # the last one after another noon: what was found late waits for the next digest
        for hours, stop in ((0, first), (5, then), (28, None)):
            moment = at + timedelta(hours=hours)
            process = context.Process(
                target=_run, args=(home, moment, stop), kwargs={"digest": digest}
            )
            process.start()
            process.join(60)
            assert process.exitcode == (_KILLED if stop else 0), fatal
        assert _matters(home) == _WANTED, f"killed at step {fatal}"
        with Store(home) as store:
            assert not list(store.verify())
            assert store.unsent("9999") == ()
        shutil.rmtree(home)
