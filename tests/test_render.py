"""Pages that scripts write: read as a browser shows them, and the browser reaches nothing."""

from __future__ import annotations

import shutil
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cardwatch.errors import CardwatchError, SourceError, TooLarge, Unreachable
from cardwatch.fetch import Limits, Network
from cardwatch.model import Snapshot
from cardwatch.model.watch import Verdict
from cardwatch.render import Rendered, render
from cardwatch.store import Store
from cardwatch.watch.run import run
from cardwatch.watch.settings import World
from tests.test_watch import TERMS
from tests.watching import Site, page, serving, settings, source

pytestmark = pytest.mark.usefixtures("quick_disk")

HOME = "https://lab.example/terms"


@pytest.fixture
def browser() -> None:
    """A browser, or the reason why there is none."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    if not any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))):
        pytest.skip("no Chromium is installed")


class Web:
    """A web in memory; what is asked of it is noted."""

    def __init__(self, **pages: str | bytes) -> None:
        self.pages = {f"https://lab.example/{name}": body for name, body in pages.items()}
        self.asked: list[str] = []

    def get(self, url: str) -> Snapshot:
        self.asked.append(url)
        body = self.pages.get(url)
        if body is None:
            raise Unreachable("the server answered 404", status=404)
        data = body.encode() if isinstance(body, str) else body
        kind = "text/javascript" if url.endswith("js") else "text/html"
        return Snapshot(url, url, data, "", "", headers=(("content-type", kind),))

    def show(self, seconds: float = 30, max_bytes: int = 1_000_000) -> Rendered:
        return render(HOME, self.get, seconds=seconds, max_bytes=max_bytes)


def script(code: str, body: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Terms</title></head><body>{body}<script>{code}</script>"
    )


WRITE = "const p = document.createElement('p'); p.textContent = {}; document.body.append(p);"


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
def test_what_scripts_write_is_read() -> None:
    """Those of the page, those that it loads, and what these fetch; the note counts them."""
    web = Web(
        terms='<body><script src="/app.js"></script>',
        **{"app.js": f"fetch('/data').then(r => r.text()).then(t => {{ {WRITE.format('t')} }})"},
        data="thirty days",
    )
    shown = web.show()
    assert b"<p>thirty days</p>" in shown.html
    assert shown.final_url == HOME
    assert web.asked == [HOME, "https://lab.example/app.js", "https://lab.example/data"]
    assert shown.notes[0].endswith("3 requests answered, 0 refused")


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
def test_only_what_words_depend_on_is_asked_for() -> None:
    """No pictures, no films, nothing that sends; each is counted."""
    body = "<img src=/i.png><video src=/v.mp4></video><p>words"
    web = Web(terms=script("fetch('/send', {method: 'POST'}).catch(() => {})", body))
    shown = web.show()
    assert b"words" in shown.html
    assert web.asked == [HOME]
    assert shown.notes[0].endswith("1 requests answered, 3 refused")


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
def test_a_browser_reaches_nothing_itself(tmp_path: Path) -> None:
    """Not by a socket, not by a name, not by an address: whatever it wants is asked for here."""
    with serving() as site:
        site.put("/secret", "inside")
        there = f"127.0.0.1:{site.port}"
        code = (
            f"new WebSocket('ws://{there}/secret'); new EventSource('http://{there}/secret');"
            f"navigator.sendBeacon('http://{there}/secret'); new Worker('/worker.js');"
            f"const l = document.createElement('link'); l.rel = 'preconnect';"
            f"l.href = 'http://{there}'; document.head.append(l);"
            f"fetch('http://{there}/secret').catch(() => {{}});"
        )
        web = Web(terms=script(code))
        web.show()
        assert site.requests == []
        assert f"http://{there}/secret" in web.asked


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize(
    "code",
    ["while (true) {}", "setInterval(() => fetch('/x?' + Math.random()), 1)"],
    ids=["busy", "asking"],
)
def test_a_page_that_never_rests_costs_no_more_than_its_time(code: str) -> None:
    """It is shown as far as it came, or given up for now."""
    web, begun = Web(terms=script(code, "<p>words")), time.monotonic()
    try:
        shown = web.show(seconds=6).html
    except Unreachable:
        shown = b"words"
    assert b"words" in shown
    assert time.monotonic() - begun < 25
    assert len(web.asked) <= 201


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
def test_a_page_that_grows_without_end_is_refused() -> None:
    """Its text is not even brought over."""
    with pytest.raises(TooLarge):
        Web(terms=script("document.body.append('x'.repeat(2_000_000))")).show(max_bytes=1_000_000)


def test_a_page_that_cannot_be_had_starts_no_browser() -> None:
    """What fails for the page itself is told as for any other."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    with pytest.raises(CardwatchError, match="404"):
        Web().show()


def test_without_the_library_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(SourceError) as told:
        Web(terms="x").show()
    assert "cardwatch[browser]" in told.value.hint


def test_without_a_browser_it_is_told_where_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """The place is in the environment."""
    pytest.importorskip("playwright", reason="playwright is not installed")
    monkeypatch.setenv("CARDWATCH_BROWSER", "/nowhere/chromium")
    with pytest.raises(SourceError, match="no browser"):
        Web(terms="x").show()


@pytest.mark.slow
@pytest.mark.usefixtures("browser")
def test_a_watched_page_is_rendered(tmp_path: Path, site: Site) -> None:
    """It is judged as any page; the snapshot says how it was made; nothing private is reached."""
    inside = threading.Event()
    text = repr(page(*TERMS).partition("<body>")[2])
    other = f"fetch('http://localhost:{site.port}/inside').catch(() => {{}});"
    site.put("/terms", script(f"{other} document.body.innerHTML = {text}"))
    site.put("/inside", b"secret")
    key = f'url = "{site.url("/terms")}"\nrobots = false\nprivate = true\n'
    source(tmp_path, "terms", f"{key}render = true\n")
    network = replace(Network(), resolve=lambda _host, _port: ["127.0.0.1"])
    chosen = settings(tmp_path, private=False, limits=Limits(seconds=30))
    for verdict in (Verdict.FIRST, Verdict.SAME_BYTES):
        (check,) = run(chosen, World(network=network), every=True).checks
        assert check.verdict in (verdict, Verdict.SAME_TEXT)
    assert not inside.is_set()
    assert {path for path, _ in site.requests} == {"/terms"}
    with Store(tmp_path) as store:
        (kept,) = store.snapshots()
        assert "rendered by chromium" in kept.notes[0]
        assert b"eighteen years" in store.blobs.get(kept.sha256)
