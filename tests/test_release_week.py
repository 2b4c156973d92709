"""Nine days of a release: a card that is a PDF, its post, a framework with a dated promise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cardwatch.store import Store
from cardwatch.watch.run import Report, run
from tests.pdf_samples import Sheet
from tests.watching import Clock, Site, page, quick_disk, serving, settings, source, told, world

__all__ = ["quick_disk"]
pytestmark = pytest.mark.usefixtures("quick_disk")

HIDDEN = "Users are not told when the filter has shortened a reply."
POST = (
    "Heron 5 is here today, and it is our fastest model so far.",
    "Users will be told whenever the filter has shortened a reply.",
    "We keep conversations for 90 days and then delete them.",
)
FRAMEWORK = (
    "This framework says how Harbor Works decides whether a model is safe to be released.",
    "We will publish a review of this framework by 6 June 2026.",
    "An outside group reviews our decisions each year.",
)


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


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as served:
        yield served


def test_nine_days_of_a_release(tmp_path: Path, site: Site) -> None:
    """One brief on the day, silence after; the silent re-upload, its reversal and the promise."""
    clock = Clock()

    def look() -> Report:
        clock.turn(days=1)
        return run(settings(tmp_path), world(clock))

    shared = 'publisher = "Harbor Works"\nevery = "1d"\nrobots = false\n'
    source(tmp_path, "harbor/news", f'url = "{site.url("/news/")}"\nkind = "listing"\n{shared}')
    source(tmp_path, "harbor/rules", f'url = "{site.url("/rules")}"\n{shared}')
    site.put("/rules", page(*FRAMEWORK, title="Framework"))
    site.put("/news/", '<a href="about">About us</a>')
    assert look().news == ()

    # day one: card and post
    site.put("/news/heron-5-card.pdf", card())
    link = 'The <a href="heron-5-card.pdf">card</a> has more.'
    site.put("/news/heron-5", page(*POST, link, title="Introducing Heron 5"))
    links = ("about", "heron-5", "heron-5-card.pdf")
    site.put("/news/", "".join(f'<p><a href="{each}">{each}</a></p>' for each in links))
    report = look()
    text = (tmp_path / "alerts.txt").read_text("utf-8")
    assert len(report.news) == 1
    assert "its announcement contradicts one statement" in told(tmp_path)[0]
    assert f"1. contradicted, high severity (p. 2, 2 Safeguards)\n   “{HIDDEN}”" in text
    assert "links to it" in text

    # day two: other bytes, same words; another order of the list
    site.put("/news/heron-5-card.pdf", card(stamp="made again"))
    site.put("/news/", "".join(f'<p><a href="{each}">{each}</a></p>' for each in reversed(links)))
    assert look().news == ()

    # day three: the card says the opposite, without a word
    site.put("/news/heron-5-card.pdf", card(HIDDEN.replace("are not told", "are told")))
    assert len(look().news) == 1
    assert told(tmp_path)[1].endswith("changed: one change")

    # day four: an outage; day five: the promised day has passed
    site.put("/news/heron-5", b"", 503)
    assert look().news == ()
    site.put("/news/heron-5", page(*POST, link, title="Introducing Heron 5"))
    titles = [each.title for _ in range(2) for each in look().news]
    assert titles == ["Harbor Works: harbor/rules: a promise was due on 2026-06-06"]

    # day seven: the card is put back as it was
    site.put("/news/heron-5-card.pdf", card())
    assert [each.kind.value for each in look().news] == ["oscillation"]

    # days eight and nine: nothing
    assert look().news == look().news == ()
    assert len(told(tmp_path)) == 4
    with Store(tmp_path) as store:
        assert not list(store.verify())
        assert store.unsent("9999") == ()
