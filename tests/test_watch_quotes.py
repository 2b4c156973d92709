"""Quoted sentences under watch: told when they are edited, moved or gone, and not otherwise."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cardwatch import app
from cardwatch.errors import WatchError
from cardwatch.model import Document, Span
from cardwatch.reports import Citation, View, render
from cardwatch.store import Store
from cardwatch.watch import keeping
from tests.conftest import Ran
from tests.test_watch import TERMS, Watch, changed
from tests.watching import Site, page, source, told, world
from tests.watching import settings as settings_of

pytestmark = pytest.mark.usefixtures("quick_disk")

SENTENCE = "We may suspend an account that is used to harm others, and we will say why we did so."


@pytest.fixture
def watch(tmp_path: Path, site: Site) -> Watch:
    home = tmp_path / "home"
    source(home, "harbor/terms", f'url = "{site.url("/terms")}"\nevery = "1d"\n')
    site.put("/terms", page(*TERMS))
    made = Watch(home)
    made.run()
    return made


def saved(watch: Watch, words: str = SENTENCE) -> Path:
    """The quote of a sentence of the watched document as ``quote --json`` writes it."""
    with Store(watch.home) as store:
        data = store.blobs.get(store.snapshots()[-1].sha256)
    document = app.read(data)
    at = document.text.index(words)
    quoted = app.quote(document, Span(at, at + len(words)))
    path = watch.home.parent / "quote.json"
    path.write_text(render(Citation(quoted, unique=True, form=""), "json", View()))
    return path


def add(watch: Watch, words: str = SENTENCE) -> keeping.QuoteStanding:
    return keeping.add_quote(settings_of(watch.home), saved(watch, words), note="an article")[0]


def quoted_alerts(watch: Watch) -> list[str]:
    return [each for each in told(watch.home) if "quoted sentence" in each]


def test_the_quote_finds_its_source(watch: Watch) -> None:
    """By the bytes that were quoted; it is looked up at once."""
    standing = add(watch)
    assert standing.watched.source == "harbor/terms"
    assert standing.status == "stands as it was quoted"
    assert watch.run(days=1).news == ()


def test_the_same_bytes_at_two_addresses_are_told_apart(watch: Watch, site: Site) -> None:
    """The quote's own address says which of two equal documents was quoted."""
    source(watch.home, "a/copy", f'url = "{site.url("/copy")}"\nevery = "1d"\n')
    site.put("/copy", page(*TERMS))
    watch.run(days=1)
    path = saved(watch)
    quoted = json.loads(path.read_text())
    quoted["source"]["url"] = site.url("/terms")
    path.write_text(json.dumps(quoted))
    standing, _ = keeping.add_quote(settings_of(watch.home), path)
    assert standing.watched.source == "harbor/terms"


def test_an_edit_is_told_once_with_its_words(watch: Watch, site: Site) -> None:
    """A changed modal weighs; the next look, and noise elsewhere, say nothing more."""
    add(watch)
    edited = changed(TERMS, "We may suspend", "We will suspend")
    site.put("/terms", page(*edited))
    news = watch.run(days=1).news
    (alert,) = [each for each in news if each.kind.value == "quote"]
    assert alert.title == "harbor/terms: a quoted sentence was edited"
    assert alert.severity.value == "high"
    assert any("We may suspend" in line for line in alert.lines if line.startswith("- "))
    assert any("We will suspend" in line for line in alert.lines if line.startswith("+ "))
    assert "quoted for: an article" in alert.lines
    site.put("/terms", page(*changed(edited, "3 days ago", "5 days ago")))
    assert watch.run(days=1).news == ()
    assert watch.run(days=1).news == ()
    assert len(quoted_alerts(watch)) == 1


def test_its_return_is_told_and_flapping_is_not(watch: Watch, site: Site) -> None:
    """One matter: told, over, and then counted however often the page swings."""
    add(watch)
    for _ in range(3):
        site.put("/terms", page(*changed(TERMS, "We may suspend", "We will suspend")))
        watch.run(days=1)
        site.put("/terms", page(*TERMS))
        watch.run(days=1)
    assert quoted_alerts(watch) == [
        "harbor/terms: a quoted sentence was edited",
        "harbor/terms: a quoted sentence stands as it was quoted",
    ]


def test_a_deleted_sentence_is_told(watch: Watch, site: Site) -> None:
    """What is nowhere near the words is no edit of them."""
    add(watch)
    site.put("/terms", page(*(each for each in TERMS if each != SENTENCE)))
    watch.run(days=1)
    assert quoted_alerts(watch) == ["harbor/terms: a quoted sentence is no longer there"]


def test_a_sentence_under_another_heading_has_moved(watch: Watch, site: Site) -> None:
    """Other offsets are no move; another section is one, of low severity."""
    add(watch)
    site.put("/terms", page("A new first paragraph of these terms.", *TERMS))
    assert [each.kind.value for each in watch.run(days=1).news] == ["change"]
    without = [each for each in TERMS if each != SENTENCE]
    site.put("/terms", page(*without, f"</p><h2>Closing</h2><p>{SENTENCE}"))
    (alert,) = [each for each in watch.run(days=1).news if each.kind.value == "quote"]
    assert alert.title == "harbor/terms: a quoted sentence has moved to Closing"
    assert alert.severity.value == "low"


def test_a_no_before_the_words_is_told(watch: Watch, site: Site) -> None:
    """The same words after a new "It is not true that" are another sentence."""
    add(watch, "we will say why we did so")
    site.put(
        "/terms",
        page(*changed(TERMS, "others, and we will", "others, but do not expect that we will")),
    )
    (alert,) = [each for each in watch.run(days=1).news if each.kind.value == "quote"]
    assert alert.severity.value in ("medium", "high")


def test_a_date_beside_the_words_is_not_told(watch: Watch, site: Site) -> None:
    """What `diff` calls noise is noise beside a quote too, whatever else changed elsewhere."""
    lead = [TERMS[0], "Updated 2 days ago. See the help pages.", *TERMS[1:]]
    site.put("/terms", page(*lead))
    watch.run(days=1)
    add(watch, TERMS[1])
    before = len(quoted_alerts(watch))
    lead[1] = "Updated 3 days ago. See the help pages."
    site.put("/terms", page(*lead))
    watch.run(days=1)
    site.put("/terms", page(*changed(lead, "We may suspend", "We will suspend")))
    watch.run(days=1)
    assert len(quoted_alerts(watch)) == before


def test_an_error_page_is_no_deletion(watch: Watch, site: Site) -> None:
    """While something else stands in the document's place, nothing is said of quotes."""
    add(watch)
    site.put("/terms", page("The page was not found.", title="Not found"))
    for _ in range(5):
        watch.run(days=1)
    assert quoted_alerts(watch) == []


def test_a_new_reader_is_no_edit(watch: Watch, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A difference that our own reader makes in the same bytes is told to nobody."""
    add(watch)
    read = app.read

    def otherwise(*given: object, **more: object) -> Document:
        return _reworded(read(*given, **more))  # type: ignore[arg-type]

    monkeypatch.setattr(app, "read", otherwise)
    site.put("/terms", page(*TERMS) + "<!-- other bytes -->")
    watch.run(days=1)
    assert quoted_alerts(watch) == []


def _reworded(document: Document) -> Document:
    """What a reader would give that writes an "and" as a sign."""
    made = Document.from_text(document.text.replace(" and ", " & "))
    return replace(made, reader=document.reader, reader_version="99", source=document.source)


def test_what_was_so_when_it_was_added_is_no_news(watch: Watch, site: Site) -> None:
    """Whoever adds a quote that is edited already is told so by the command alone."""
    path = saved(watch)
    site.put("/terms", page(*changed(TERMS, "We may suspend", "We will suspend")))
    watch.run(days=1)
    standing, _ = keeping.add_quote(settings_of(watch.home), path)
    assert standing.status == "was edited"
    assert watch.run(days=1).news == ()


def test_an_unknown_document_is_refused(watch: Watch, tmp_path: Path) -> None:
    """A quote of what nobody watches would be looked up nowhere."""
    document = Document.from_text("We will always tell you what we do.")
    path = tmp_path / "other.json"
    quoted = app.quote(document, Span(0, 10))
    path.write_text(render(Citation(quoted, unique=True, form=""), "json", View()))
    with pytest.raises(WatchError, match="not watched"):
        keeping.add_quote(settings_of(watch.home), path)


def test_dropped_and_listed(
    watch: Watch, cardwatch: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands add, list and drop; what is dropped is not told any more."""
    monkeypatch.setenv("CARDWATCH_HOME", str(watch.home))
    added = cardwatch("watch", "quote", saved(watch), "--note", "an article", "--json")
    row = json.loads(added.out)["rows"][0]
    assert row[1] == "harbor/terms"
    assert SENTENCE[:30] in cardwatch("watch", "quotes").out
    assert cardwatch("watch", "quote", row[0], "--no").code == 0
    assert "no quotes are watched" in cardwatch("watch", "quotes").out
    assert cardwatch("watch", "quote", row[0], "--no").code == 2


def test_killed_at_every_step(watch: Watch, site: Site, tmp_path: Path) -> None:
    """After the next run there is the alert of an undisturbed run, once."""
    add(watch)
    site.put("/terms", page(*changed(TERMS, "We may suspend", "We will suspend")))
    at = watch.clock.at + timedelta(days=1)
    calm = tmp_path / "calm"
    shutil.copytree(watch.home, calm)
    steps = _run(calm, at, None)
    wanted = sorted(told(calm))
    assert len(wanted) == 2
    context = multiprocessing.get_context("fork")
    for fatal in range(1, steps + 1):
        home = tmp_path / f"killed-{fatal}"
        shutil.copytree(watch.home, home)
        process = context.Process(target=_run, args=(home, at, fatal))
        process.start()
        process.join(60)
        assert process.exitcode == 77, fatal
        _run(home, at + timedelta(minutes=5), None)
        assert sorted(told(home)) == wanted, f"killed at step {fatal}"
        shutil.rmtree(home)


def _run(home: Path, at: object, fatal: int | None) -> int:
    from cardwatch.watch.run import run
    from tests.watching import Clock

    count = 0

    def step(_name: str) -> None:
        nonlocal count
        count += 1
        if count == fatal:
            os._exit(77)

    run(settings_of(home), world(Clock(at), step))  # type: ignore[arg-type]
    return count
