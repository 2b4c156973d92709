"""The watch: nine days on a local server, and the laws of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from cardwatch.errors import WatchError
from cardwatch.model.watch import Verdict
from cardwatch.store import Store
from cardwatch.watch.lock import only_run
from cardwatch.watch.run import Report, run
from tests.watching import Clock, Site, page, settings, source, told, world

TERMS = (
    "Last updated 3 days ago.",
    "These terms are between you and Harbor Works, the maker of the Anchor models.",
    "You must be at least eighteen years old to open an account with the service.",
    'We will tell you by mail before a change takes effect, as the section "Changes" says.',
    'The <a href="/privacy?session=aaa1">privacy notice</a> says what we keep about you.',
    "You may end your account at any time, and we will delete what you stored in thirty days.",
    "We may suspend an account that is used to harm others, and we will say why we did so.",
    "You keep all rights in what you write, and in what the service writes for you in turn.",
    "If a part of these terms cannot be enforced, the rest of them stays in force as it is.",
)
FRAMEWORK = (
    "This framework says how Harbor Works decides whether a model is safe to be released.",
    "We will test every model for dangerous abilities before it is released to the public.",
    "We will publish a report on these tests at least every six months, beginning this June.",
    "If a model passes a threshold, we will pause its training until safeguards are in place.",
    "An outside group reviews our decisions each year, and we will publish what it recommends.",
)
CARD = (
    "This card describes Anchor 2, a language model of Harbor Works, and how it was tested.",
    "The model was tested for abilities in chemistry and biology, and stayed below thresholds.",
    "Requests about building models may be answered by a weaker model, without a notice to users.",
    "The model refuses requests for weapons, and tells the user that it does so, and why.",
    "We measured honesty on four hundred questions; the model was right on nine in ten of them.",
)


pytestmark = pytest.mark.usefixtures("quick_disk")


class Watch:
    """A watch of a site, by a clock."""

    def __init__(self, home: Path, **more: object) -> None:
        self.home = home
        self.clock = Clock()
        self.more = more

    def run(self, **turn: float) -> Report:
        self.clock.turn(**turn)
        return run(settings(self.home, **self.more), world(self.clock))

    def verdicts(self, **turn: float) -> dict[str, Verdict]:
        return {check.source: check.verdict for check in self.run(**turn).checks}


@pytest.fixture
def watch(tmp_path: Path, site: Site) -> Watch:
    source(tmp_path, "harbor/terms", f'url = "{site.url("/terms")}"\nevery = "1d"\n')
    return Watch(tmp_path)


def changed(paragraphs: tuple[str, ...], old: str, new: str) -> tuple[str, ...]:
    made = tuple(each.replace(old, new) for each in paragraphs)
    assert made != paragraphs
    return made


def test_nine_days(watch: Watch, site: Site) -> None:
    """Releases and changes are told, each once; outages, errors and cosmetics are not."""
    home = watch.home
    source(home, "harbor/framework", f'url = "{site.url("/framework")}"\nevery = "1d"\n')
    listing = f'url = "{site.url("/cards/")}"\nkind = "listing"\npattern = "/cards/."\n'
    source(home, "harbor/cards", f'{listing}every = "1d"\ndocument = "Model cards"\n')
    source(home, "harbor/flaky", f'url = "{site.url("/flaky")}"\nevery = "1d"\n')
    site.put("/terms", page(*TERMS))
    site.put("/framework", page(*FRAMEWORK, title="Framework"))
    site.put("/flaky", page(*TERMS[1:]))
    site.put("/cards/", '<a href="anchor-1">Anchor 1</a>')
    site.put("/cards/anchor-1", page(*CARD, title="Old card"))

    # the day before: nothing is news at the first look
    watch.run()
    assert told(home) == []

    # day one: a release
    site.put("/cards/", '<a href="anchor-1">Anchor 1</a> <a href="anchor-2">Anchor 2</a>')
    site.put("/cards/anchor-2", page(*CARD, title="Anchor 2"))
    watch.run(days=1)
    assert told(home) == ["New document: Anchor 2"]

    # day two: dates, links and quotes; another text on the flaky page, which is told
    cosmetic = changed(changed(TERMS, "3 days ago", "5 days ago"), "aaa1", "bbb2")
    site.put("/terms", page(*changed(cosmetic, '"Changes"', "“Changes”")))
    site.put("/flaky", page(*changed(TERMS[1:], "eighteen", "sixteen")))
    watch.run(days=1)
    assert told(home)[1:] == ["harbor/flaky changed: one change"]

    # day three: a silent re-upload, and the flaky page swings back, which is told as such
    site.put(
        "/cards/anchor-2",
        page(*changed(CARD, "without a notice", "with a notice"), title="Anchor 2"),
    )
    site.put("/flaky", page(*TERMS[1:]))
    watch.run(days=1)
    assert sorted(told(home)[2:]) == [
        "Anchor 2 changed: one change",
        "harbor/flaky went back to a text that it had before",
    ]

    # day four: an outage, and an error page in place of the framework
    site.put("/terms", b"", 503)
    site.put("/framework", page("Sorry, the page you asked for was not found.", title="Oops"))
    site.put("/flaky", page(*changed(TERMS[1:], "eighteen", "sixteen")))
    report = watch.run(days=1)
    assert report.news == ()
    assert report.counts[Verdict.UNREACHABLE] == report.counts[Verdict.BAD_CAPTURE] == 1

    # day five: all is there again, with other dates
    site.put("/terms", page(*changed(TERMS, "3 days ago", "8 days ago")))
    site.put("/framework", page(*FRAMEWORK, title="Framework"))
    assert watch.run(days=1).news == ()

    # day six: the card is put back as it was
    site.put("/cards/anchor-2", page(*CARD, title="Anchor 2"))
    watch.run(days=1)
    assert told(home)[4:] == ["Anchor 2 went back to a text that it had before"]

    # days seven and eight: the terms are removed; the second look tells
    site.put("/terms", b"", 404)
    assert watch.run(days=1).news == ()
    watch.run(days=1)
    assert told(home)[5:] == ["harbor/terms is gone"]

    # day nine: a real change
    paused = changed(FRAMEWORK, "will pause", "may pause")
    site.put("/framework", page(*paused, title="Framework"))
    watch.run(days=1)
    assert told(home)[6:] == ["harbor/framework changed: one change"]
    with Store(home) as store:
        assert not list(store.verify())
        assert store.unsent("9999") == ()


def test_what_is_not_due_is_not_asked(watch: Watch, site: Site) -> None:
    """A source is looked at when its time has come, and not before."""
    site.put("/terms", page(*TERMS))
    assert len(watch.run().checks) == 1
    assert watch.run(hours=23).checks == ()
    assert len(watch.run(hours=1).checks) == 1
    assert len(run(settings(watch.home), world(watch.clock), every=True).checks) == 1


def test_a_second_look_asks_whether_anything_changed(watch: Watch, site: Site) -> None:
    """With an entity tag, an unchanged page costs no body and no snapshot."""
    site.put("/terms", page(*TERMS), ETag='"one"')
    watch.run()
    assert watch.verdicts(days=1) == {"harbor/terms": Verdict.UNCHANGED}
    assert site.requests[-1][1]["If-None-Match"] == '"one"'
    with Store(watch.home) as store:
        assert len(store.snapshots()) == 1


def test_the_same_bytes_are_kept_once(watch: Watch, site: Site) -> None:
    """Without a tag the bytes come again, and make no snapshot."""
    site.put("/terms", page(*TERMS))
    watch.run()
    assert watch.verdicts(days=1) == {"harbor/terms": Verdict.SAME_BYTES}
    site.put("/terms", page(*TERMS) + "<!-- 2 -->")
    assert watch.verdicts(days=1) == {"harbor/terms": Verdict.SAME_TEXT}
    with Store(watch.home) as store:
        assert len(store.snapshots()) == 2


def test_an_outage_is_told_once_and_so_is_its_end(watch: Watch, site: Site) -> None:
    """At the third check in a row, not before and not again; recovery is told if it was."""
    site.put("/terms", page(*TERMS))
    watch.run()
    site.put("/terms", b"", 503)
    for expected in (0, 0, 1, 1, 1):
        watch.run(days=1)
        assert len(told(watch.home)) == expected
    site.put("/terms", page(*TERMS))
    watch.run(days=1)
    assert told(watch.home) == [
        "harbor/terms cannot be reached",
        "harbor/terms is there again",
    ]


def test_an_error_page_that_stays_is_told_once(watch: Watch, site: Site) -> None:
    """It is never told as a change; the end is told, with what changed meanwhile."""
    site.put("/terms", page(*TERMS))
    watch.run()
    site.put("/terms", page("Something went wrong. Try again later.", title="Error"))
    for _ in range(5):
        watch.run(days=1)
    assert told(watch.home) == ["harbor/terms shows something else in its place"]
    site.put("/terms", page(*changed(TERMS, "thirty days", "ninety days")))
    watch.run(days=1)
    assert told(watch.home)[1:] == ["harbor/terms changed: one change"]
    with Store(watch.home) as store:
        assert store.matters(unresolved=True) == ()


def test_a_text_that_shrank_and_stays_is_the_document(watch: Watch, site: Site) -> None:
    """A collapse is no change at first; at the third look it is one, and told once."""
    long = (*TERMS, *FRAMEWORK)
    site.put("/terms", page(*long))
    watch.run()
    site.put("/terms", page("All our rules now stand in one place, which is the rule book."))
    counts = []
    for _ in range(4):
        watch.run(days=1)
        counts.append(len(told(watch.home)))
    assert counts == [0, 0, 1, 1]
    assert "changed" in told(watch.home)[0]


def test_an_alternating_page_is_one_matter(watch: Watch, site: Site) -> None:
    """A change, then a return; further swings are counted and not told."""
    both = (page(*TERMS), page(*changed(TERMS, "eighteen", "sixteen")))
    for day in range(12):
        site.put("/terms", both[day % 2])
        watch.run(days=1)
    assert told(watch.home) == [
        "harbor/terms changed: one change",
        "harbor/terms went back to a text that it had before",
    ]
    with Store(watch.home) as store:
        swing = next(each for each in store.matters() if each.kind.value == "oscillation")
        assert swing.count == 10


def test_alternation_is_seen_through_noise(watch: Watch, site: Site) -> None:
    """Two texts that alternate with a new date each time are still two texts."""
    for day in range(8):
        text = TERMS if day % 2 else changed(TERMS, "eighteen", "sixteen")
        site.put("/terms", page(*changed(text, "3 days ago", f"{day + 10} days ago")))
        watch.run(days=1)
    assert len(told(watch.home)) == 2


def test_a_new_reader_is_no_news(watch: Watch, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts are derived anew when a reader changes: labelled in the log, told to nobody."""
    from cardwatch.readers import html

    site.put("/terms", page(*TERMS))
    watch.run()
    real = html.read

    def other(*given: object) -> object:
        from dataclasses import replace

        document = real(*given)  # type: ignore[arg-type]
        text = document.text.replace("You must", "Thou shalt not")
        return replace(document, text=text, reader_version="99", blocks=())

    monkeypatch.setattr(html, "read", other)
    monkeypatch.setenv("CARDWATCH_CACHE_DIR", str(watch.home / "other-cache"))
    site.put("/terms", page(*TERMS) + "<!-- new bytes -->")
    report = watch.run(days=1)
    assert report.news == ()
    with Store(watch.home) as store:
        verdicts = [check.verdict for check in store.checks()]
    assert verdicts[:2] == [Verdict.SAME_TEXT, Verdict.REREAD]


def test_selectors_that_change_are_no_news(watch: Watch, site: Site) -> None:
    """What the user drops from now on has not been changed by the publisher."""
    site.put("/terms", page(*TERMS, '<span class="ad">Buy now and save</span>'))
    watch.run()
    text = f'url = "{site.url("/terms")}"\nevery = "1d"\ndrop = [".ad"]\n'
    source(watch.home, "harbor/terms", text)
    site.put("/terms", page(*TERMS, '<span class="ad">Buy soon and save more</span>'))
    assert watch.run(days=1).news == ()
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety"), '<b class="ad">Offer</b>'))
    assert len(watch.run(days=1).news) == 1


def test_robots_are_heeded(watch: Watch, site: Site) -> None:
    """What robots.txt forbids is not asked for, unless the source says that it may."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /terms\n")
    site.put("/terms", page(*TERMS))
    assert watch.verdicts() == {"harbor/terms": Verdict.REFUSED}
    assert [path for path, _ in site.requests] == ["/robots.txt"]
    text = f'url = "{site.url("/terms")}"\nrobots = false\n'
    source(watch.home, "harbor/terms", text)
    assert watch.verdicts(days=1) == {"harbor/terms": Verdict.FIRST}


def test_requests_are_polite(tmp_path: Path, site: Site) -> None:
    """One at a time to a host, with the delay between them, or the longer one that it asks."""
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 7\n")
    for number in range(4):
        source(tmp_path, f"s{number}", f'url = "{site.url(f"/{number}")}"\n')
        site.put(f"/{number}", page(*TERMS))
    watch = Watch(tmp_path, delay=2.0, hosts=4)
    watch.run()
    assert site.most_at_once == 1
    assert watch.clock.slept >= 3 * 7


def test_transient_failures_are_tried_again(watch: Watch, site: Site) -> None:
    """Within the run, after the time that the server asks, and once more at its end."""
    site.put("/terms", b"", 503, Retry_After="30")
    watch.more = {"retries": 1}
    watch.run()
    asked = [path for path, _ in site.requests if path == "/terms"]
    assert len(asked) == 4
    assert watch.clock.slept >= 60


def test_the_time_of_a_run_is_limited(tmp_path: Path, site: Site) -> None:
    """What its time was not enough for stays due, and comes first the next time."""
    for number in range(3):
        source(tmp_path, f"s{number}", f'url = "{site.url(f"/{number}")}"\nrobots = false\n')
        site.put(f"/{number}", page(*TERMS))
    watch = Watch(tmp_path, delay=50.0, seconds=60.0)
    report = watch.run()
    assert [check.source for check in report.checks] == ["s0", "s1"]
    assert report.left == 1
    assert [check.source for check in watch.run().checks] == ["s2"]


def test_one_run_at_a_time(watch: Watch, site: Site) -> None:
    """A second run ends at once, and says why."""
    with only_run(watch.home), pytest.raises(WatchError, match="under way"):
        watch.run()


def test_what_cannot_be_delivered_waits(watch: Watch, site: Site) -> None:
    """Nothing is lost when a channel fails: the next run sends it, once."""
    from cardwatch.watch.settings import Channel

    site.put("/terms", page(*TERMS))
    watch.run()
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
    channel = Channel(f"file:{watch.home / 'alerts.txt'}")
    (watch.home / "alerts.txt").mkdir()
    report = watch.run(days=1)
    assert (report.delivered, len(report.undelivered), len(report.news)) == (0, 1, 1)
    (watch.home / "alerts.txt").rmdir()
    watch.more = {"channels": (channel,)}
    assert watch.run().delivered == 1
    assert len(told(watch.home)) == 1


def test_hostile_words_stay_words(watch: Watch, site: Site) -> None:
    """No control sequence of a page reaches a message."""
    site.put("/terms", page(*TERMS))
    watch.run()
    evil = changed(TERMS, "thirty days", "ninety days \x1b[31m\u202e &#27;[2J")
    site.put("/terms", page(*evil, title="Terms \x1b]0;x\x07"))
    watch.run(days=1)
    text = (watch.home / "alerts.txt").read_text("utf-8")
    assert not set(text) & {"\x1b", "\x07", "\u202e"}


def test_an_unknown_source_is_told(watch: Watch) -> None:
    """With those that come close."""
    with pytest.raises(WatchError, match="harbor/terms"):
        run(settings(watch.home), world(watch.clock), only=["harbor/term"])
