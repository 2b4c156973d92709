"""Nine days of a release: card, post, list, terms and framework, with all that befalls them.

The days are played undisturbed, and then with a run that is killed at each of its steps.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardwatch import app, releases
from cardwatch.model import Span
from cardwatch.reports import Citation, View, render
from cardwatch.store import Store
from cardwatch.watch import keeping
from cardwatch.watch.run import Report, run
from cardwatch.watch.settings import Channel, Settings
from tests.pdf_samples import Sheet
from tests.watching import Clock, Site, page, settings, source, told, world

pytestmark = pytest.mark.usefixtures("quick_disk")

HIDDEN = "Users are not told when the filter has shortened a reply."
POST = (
    "Heron 5 is here today, and it is our fastest model so far.",
    "Users will be told whenever the filter has shortened a reply.",
    "We keep conversations for 90 days and then delete them.",
    'The <a href="heron-5-card.pdf">card</a> has more.',
)
FRAMEWORK = (
    "This framework says how Harbor Works decides whether a model is safe to be released.",
    "We will publish a review of this framework by 8 June 2026.",
    "An outside group reviews our decisions each year.",
)
_FULL = bool(os.environ.get("CARDWATCH_TEST_FULL"))
LISTED = ("about", "heron-5", "heron-5-card.pdf")
DAYS = 9


def terms(day: int) -> str:
    """Terms that say the same every day, in other quotes, dates and links."""
    quotes = ('"', '"') if day % 2 else ("\u201c", "\u201d")
    return page(
        f"Last updated {day + 3} days ago.",
        "You must be at least eighteen years old to open an account with the service.",
        "We will tell you by mail before a change takes effect, as the section "
        f"{quotes[0]}Changes{quotes[1]} says.",
        f'The <a href="/privacy?session=s{day}">privacy notice</a> says what we keep about you.',
        "You may end your account at any time, and we will delete what you stored in thirty days.",
    )


def swinging(day: int) -> str:
    """A page that shows one of two texts, by turns."""
    price = "ten" if day % 2 else "twelve"
    return page(f"The service costs {price} crowns a month.", "Prices hold for a year.",
                title="Prices")  # fmt: skip


def card(hidden: str = HIDDEN, stamp: str = "") -> bytes:
    """A card of two pages whose second holds the safeguard; a stamp changes its bytes alone."""
    sheet = Sheet()
    sheet.text(72, 100, "Heron 5 System Card", 20, "Times-Bold")
    sheet.lines(72, 150, ["This card describes Heron 5, a model of Harbor Works.", "",
                          "Conversations are kept for 90 days and then deleted."])  # fmt: skip
    sheet.turn()
    sheet.text(72, 100, "2 Safeguards", 14, "Times-Bold")
    sheet.lines(72, 150, ["A filter watches replies about weapons.", "", hidden])
    sheet.canvas.setKeywords(stamp)
    return sheet.bytes()


def links(names: tuple[str, ...]) -> str:
    return "".join(f'<p><a href="{each}">{each}</a></p>' for each in names)


def publish(site: Site, day: int) -> None:
    """What the site shows on a day; days before the first are the watch's beginning."""
    site.put("/terms", terms(day))
    site.put("/prices", swinging(day))
    site.put("/rules", page(*FRAMEWORK, title="Framework"))
    site.put("/old-rules", page("These rules were in force until 2025.", "They bind nobody now."))
    if day < 1:
        site.put("/news/", links(LISTED[:1]))
        return
    order = LISTED if day % 2 else LISTED[::-1]
    site.put("/news/", links(order))
    site.put("/news/heron-5", page(*POST, title="Introducing Heron 5"))
    hidden = HIDDEN.replace("are not told", "are told") if 3 <= day < 6 else HIDDEN
    site.put("/news/heron-5-card.pdf", card(hidden, stamp=f"made again on day {day}"))
    if day == 4:
        site.put("/news/heron-5", b"", 503)
        site.put("/terms", page("Something went wrong. Try again later.", title="Error"))
        site.put("/rules", b"", 503)
    if day >= 7:
        site.put("/old-rules", b"", 404)


def prepare(home: Path, site: Site) -> Clock:
    """A watch that has looked for three days before the first, and knows the swinging page."""
    shared = 'publisher = "Harbor Works"\nevery = "1d"\nrobots = false\n'
    source(home, "harbor/news", f'url = "{site.url("/news/")}"\nkind = "listing"\n{shared}')
    for name in ("terms", "prices", "rules", "old-rules"):
        source(home, f"harbor/{name}", f'url = "{site.url(f"/{name}")}"\n{shared}')
    clock = Clock(datetime.fromisoformat("2026-05-30T09:00:00+00:00"))
    for day in (-2, -1, 0):
        publish(site, day)
        look(home, clock)
    assert told(home) == [
        "Harbor Works: harbor/prices changed: one change",
        "Harbor Works: harbor/prices went back to a text that it had before",
    ]
    (home / "alerts.txt").unlink()
    return clock


def look(home: Path, clock: Clock, step: Callable[[str], None] | None = None) -> Report:
    clock.turn(days=1)
    return run(_settings(home), world(clock, step))


def _settings(home: Path) -> Settings:
    """A file of text, and a file of JSON for programs."""
    lines = Channel(f"file:{home / 'alerts.jsonl'}", (("form", "json"),))
    return settings(home, channels=(Channel(f"file:{home / 'alerts.txt'}"), lines))


def quote_the_card(home: Path) -> None:
    """Somebody prints the hidden sentence, and has the watch follow it."""
    with Store(home) as store:
        (kept,) = [each for each in store.snapshots() if each.url.endswith("card.pdf")]
        document = app.read(store.blobs.get(kept.sha256))
    at = document.text.index(HIDDEN)
    quoted = app.quote(document, Span(at, at + len(HIDDEN)))
    path = home / "quoted.json"
    path.write_text(render(Citation(quoted, unique=True, form=""), "json", View()))
    # a later day's file has other bytes, so that the source is named
    keeping.add_quote(_settings(home), path, kept.source, "an article")


WANTED = {
    1: ("New document: Heron 5 System Card: its announcement contradicts one statement",),
    3: ("Harbor Works: heron-5-card.pdf changed: one change, silent",
        "Harbor Works: heron-5-card.pdf: a quoted sentence was edited"),
    6: ("Harbor Works: heron-5-card.pdf went back to a text that it had before",
        "Harbor Works: heron-5-card.pdf: a quoted sentence stands as it was quoted"),
    7: ("Harbor Works: harbor/rules: a promise was due on 2026-06-08",),
    8: ("Harbor Works: harbor/old-rules is gone",),
}  # fmt: skip


def test_nine_days_of_a_release(tmp_path: Path, site: Site) -> None:
    """One brief on the day, and then only what is news; each once, and complete."""
    clock = prepare(tmp_path, site)
    for day in range(1, DAYS + 1):
        publish(site, day)
        before = len(told(tmp_path))
        report = look(tmp_path, clock)
        # what else the announcement leaves out is for the gaps to say
        titles = [each.partition(";")[0] for each in told(tmp_path)[before:]]
        assert sorted(titles) == sorted(WANTED.get(day, ())), f"day {day}"
        assert len(report.news) == len(WANTED.get(day, ())), f"day {day}"
        if day == 1:
            quote_the_card(tmp_path)
    text = (tmp_path / "alerts.txt").read_text("utf-8")
    assert f"1. contradicted, high severity (p. 2, 2 Safeguards)\n   \u201c{HIDDEN}\u201d" in text
    assert "links to it" in text
    assert "- Users are not told when" in text
    assert "+ Users are told when" in text
    _whole(tmp_path)


def test_programs_hear_the_same(tmp_path: Path, site: Site) -> None:
    """The JSON of the release has its brief, that of the change its comparison."""
    clock = prepare(tmp_path, site)
    for day in range(1, 4):
        publish(site, day)
        look(tmp_path, clock)
    alerts = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text().splitlines()]
    reports = {each["kind"]: each["report"] for each in alerts if each["report"]}
    assert reports["new document"]["schema"] == "cardwatch/brief/1"
    assert reports["new document"]["findings"][0]["place"]["quote"] == HIDDEN
    assert reports["change"]["schema"] == "cardwatch/revision/1"
    assert all(each["html"] and each["markdown"] for each in alerts)


def test_what_was_not_told_can_be_told(tmp_path: Path, site: Site) -> None:
    """The week's account counts the noise, the returns, the error page and the outages."""
    clock = prepare(tmp_path, site)
    for day in range(1, DAYS + 1):
        publish(site, day)
        look(tmp_path, clock)
    weekly = Channel(f"file:{tmp_path / 'weekly.txt'}", (("weekly", f"{clock.now():%a} 10:00"),))
    clock.turn(hours=2)
    run(settings(tmp_path, channels=(weekly,)), world(clock))
    text = (tmp_path / "weekly.txt").read_text()
    for line in ("fetches with differences that say nothing new", "differences of",
                 "fetches: a state seen before", "1 fetches: bad capture",
                 "2 fetches: unreachable"):  # fmt: skip
        assert line in text, text


# -- killed -----------------------------------------------------------------------------------


@pytest.fixture
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared a hundred times over is compared once; the processes inherit it."""
    for module, name in ((app, "compare"), (releases, "brief_release")):
        monkeypatch.setattr(module, name, _once(getattr(module, name)))
    monkeypatch.setattr("cardwatch.watch.releasing.brief_release", releases.brief_release)


def _once(function: Callable[..., object]) -> Callable[..., object]:
    known: dict[tuple[str, ...], object] = {}

    def asked(*given: object, **more: object) -> object:
        key = tuple(getattr(each, "text", "") for each in given)
        if key not in known:
            known[key] = function(*given, **more)
        return known[key]

    return asked


def _day(home: Path, at: datetime, fatal: int | None) -> int:
    """A run at a time, in which the process is killed at a step; how many steps it had."""
    count = 0

    def step(_name: str) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    run(_settings(home), world(Clock(at), step))
    return count


@pytest.mark.slow
@pytest.mark.usefixtures("remembered")
def test_nine_days_killed_at_every_step(tmp_path: Path, site: Site) -> None:
    """After the next run there are that day's alerts: none twice, none lost, the store whole.

    Every step of every day if CARDWATCH_TEST_FULL is set, else every fifth.
    """
    _sweep(tmp_path, site, _day, 1 if _FULL else 5)


@pytest.mark.slow
@pytest.mark.usefixtures("remembered")
def test_nine_days_killed_at_every_statement(tmp_path: Path, site: Site) -> None:
    """The same before and after every statement of SQL, file written and message sent.

    All of them if CARDWATCH_TEST_FULL is set, else every fiftieth.
    """
    _sweep(tmp_path, site, _day_closely, 1 if _FULL else 50)


def _sweep(
    tmp_path: Path, site: Site, play: Callable[[Path, datetime, int | None], int], stride: int
) -> None:
    context = multiprocessing.get_context("fork")
    tried = 0
    home = tmp_path / "undisturbed"
    clock = prepare(home, site)
    for day in range(1, DAYS + 1):
        publish(site, day)
        start = tmp_path / "start"
        shutil.copytree(home, start)
        clock.turn(days=1)
        _day(home, clock.at, None)
        for fatal in range(1, 10_000, stride):
            # the same place as before: what is kept names no folder but the channels do
            killed = tmp_path / "killed"
            shutil.copytree(start, killed)
            process = context.Process(target=play, args=(killed, clock.at, fatal))
            process.start()
            process.join(120)
            assert process.exitcode in (-signal.SIGKILL, 0), (day, fatal)
            tried += 1
            _day(killed, clock.at + timedelta(minutes=5), None)
            assert sorted(told(killed)) == sorted(told(home)), f"day {day}, step {fatal}"
            assert _lines(killed) == _lines(home), f"day {day}, step {fatal}"
            _whole(killed)
            shutil.rmtree(killed)
            if process.exitcode == 0:
                # it has fewer steps than this
                break
        shutil.rmtree(start)
        if day == 1:
            quote_the_card(home)
    assert tried > 3 * DAYS


def _day_closely(home: Path, at: datetime, fatal: int | None) -> int:
    """A run whose steps are the statements, the files written and the messages sent."""
    import cardwatch.alerts.file
    import cardwatch.store.blobs
    from cardwatch.store.database import Sqlite

    count = 0

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def run_it(*given: object, **more: object) -> object:
            step()
            result = function(*given, **more)
            step()
            return result

        return run_it

    def step() -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    Sqlite.rows = counted(Sqlite.rows)  # type: ignore[method-assign,assignment]
    cardwatch.store.blobs._write = counted(cardwatch.store.blobs._write)  # type: ignore[assignment]
    cardwatch.alerts.file.send = counted(cardwatch.alerts.file.send)  # type: ignore[assignment]
    return _day(home, at, None)


def _lines(home: Path) -> list[str]:
    path = home / "alerts.jsonl"
    lines = path.read_text().splitlines() if path.exists() else []
    return sorted(json.loads(line)["title"] for line in lines)


def _whole(home: Path) -> None:
    with Store(home) as store:
        assert not list(store.verify())
        assert store.unsent("9999") == ()
        assert store.waiting() == ()
