"""Indexes of sitemaps: what they name below is looked at, and only what is new is told."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from cardwatch.model.watch import SourceKind, Verdict
from cardwatch.store import Store
from cardwatch.watch import desk
from cardwatch.watch.run import Report, run
from tests.watching import Clock, Site, page, settings, source, told, world

pytestmark = pytest.mark.usefixtures("quick_disk")


def index(*paths: str) -> str:
    """An index of sitemaps; each path with the month of its last change behind a colon."""
    parts = (each.partition(":") for each in paths)
    named = "".join(
        f"<sitemap><loc>{path}</loc><lastmod>2026-{month or '01'}-01</lastmod></sitemap>"
        for path, _, month in parts
    )
    return f"<sitemapindex>{named}</sitemapindex>"


def sitemap(*paths: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{path}</loc></url>' for path in paths)}</urlset>"


class Watch:
    """A watch of an index, a day at a time."""

    def __init__(self, home: Path, site: Site) -> None:
        self.home, self.site, self.clock = home, site, Clock()
        text = f'url = "{site.url("/map.xml")}"\nkind = "sitemap"\npattern = "/docs/"\n'
        source(home, "lab", f'{text}every = "1d"\nrobots = false\n')

    def day(self) -> Report:
        self.clock.turn(days=1)
        return run(settings(self.home), world(self.clock))

    def news(self) -> list[str]:
        return sorted(each.url.rpartition("/")[2] for each in self.day().news)


@pytest.fixture
def watch(tmp_path: Path, site: Site) -> Watch:
    site.put("/map.xml", index("/old.xml:01", "/new.xml.gz:06"))
    site.put("/old.xml", sitemap("/docs/one", "/about"))
    site.put("/new.xml.gz", gzip.compress(sitemap("/docs/two").encode()))
    for name in ("one", "two", "three", "four"):
        site.put(f"/docs/{name}", page(f"This is document {name} of the lab.", title=name))
    return Watch(tmp_path, site)


def test_what_stood_there_is_no_news(watch: Watch) -> None:
    """All sitemaps of an index are looked at in the first run, and nothing of them is told."""
    report = watch.day()
    assert len(report.checks) == 3
    assert report.news == ()
    assert watch.news() == []
    kinds = {each.kind for each in desk.all_sources(settings(watch.home))}
    assert kinds == {SourceKind.SITEMAP}


def test_a_new_document_is_told(watch: Watch) -> None:
    """In a sitemap that was there, and in one that is new, in the run that finds it."""
    watch.day()
    watch.site.put("/old.xml", sitemap("/docs/one", "/about", "/docs/three"))
    assert watch.news() == ["three"]
    watch.site.put("/july.xml", sitemap("/docs/four", "/docs/one"))
    watch.site.put("/map.xml", index("/old.xml:01", "/new.xml.gz:06", "/july.xml:07"))
    assert watch.news() == ["four"]
    assert watch.news() == []


def test_a_document_that_moves_between_sitemaps_is_no_news(watch: Watch) -> None:
    """Nor is a sitemap that the index no longer names."""
    watch.day()
    watch.site.put("/all.xml", sitemap("/docs/one", "/docs/two"))
    watch.site.put("/map.xml", index("/all.xml"))
    watch.site.put("/old.xml", b"", 404)
    watch.site.put("/new.xml.gz", b"", 404)
    assert [watch.news() for _ in range(4)] == [[]] * 4
    assert told(watch.home) == []
    assert len(desk.all_sources(settings(watch.home))) == 2


def test_an_index_below_an_index(watch: Watch) -> None:
    """One between is followed, another is not."""
    site = watch.site
    site.put("/map.xml", index("/deep.xml"))
    site.put("/deep.xml", index("/old.xml", "/deeper.xml"))
    site.put("/deeper.xml", index("/new.xml.gz"))
    watch.day()
    assert watch.news() == []
    asked = [path for path, _ in site.requests]
    assert "/old.xml" in asked
    assert "/new.xml.gz" not in asked
    site.put("/old.xml", sitemap("/docs/one", "/docs/three"))
    watch.day()
    watch.day()
    assert [each.url.rpartition("/")[2] for each in desk.all_sources(settings(watch.home))].count(
        "three"
    ) == 1


def test_indexes_that_name_each_other_come_to_an_end(watch: Watch) -> None:
    """A circle of indexes costs a few requests a day, and no more the next day."""
    site = watch.site
    site.put("/map.xml", index("/a.xml", "/map.xml", "/b.xml"))
    site.put("/a.xml", index("/b.xml", "/map.xml", "/a.xml"))
    site.put("/b.xml", index("/a.xml", "/map.xml", "/b.xml"))
    counts = []
    for _ in range(4):
        site.requests.clear()
        assert watch.news() == []
        counts.append(len(site.requests))
    assert max(counts) <= 12
    assert counts[2] == counts[3]


def test_an_index_cannot_flood_the_watch(watch: Watch) -> None:
    """Of thousands of sitemaps fifty are looked at, and their documents at once are one message."""
    site = watch.site
    watch.day()
    names = [f"/s{number}.xml" for number in range(2000)]
    for name in names:
        site.put(name, sitemap(*(f"/docs/{name[1:]}-{n}" for n in range(40))))
    site.put("/map.xml", index(*names))
    site.requests.clear()
    report = watch.day()
    # the index, those of the day before, and fifty of them
    assert len(site.requests) == 53
    (news,) = report.news
    assert news.title.endswith("names 40 new documents at once; none is followed")


def test_an_index_that_turns_into_an_error_page(watch: Watch) -> None:
    """It is a bad capture, and its sitemaps are still watched."""
    watch.day()
    watch.site.put("/map.xml", "<html><body><p>Something went wrong")
    report = watch.day()
    assert {each.verdict for each in report.checks if each.source == "lab"} == {Verdict.BAD_CAPTURE}
    assert len(report.checks) == 3
    with Store(watch.home) as store:
        assert len(store.found_sources()) == 2


def test_trying_an_index_shows_what_it_names(watch: Watch) -> None:
    """A trial lists its sitemaps, and keeps nothing."""
    (lab,) = desk.all_sources(settings(watch.home))
    trial = desk.attempt(settings(watch.home), lab)
    assert [each.url.rpartition("/")[2] for each in trial.entries] == ["new.xml.gz", "old.xml"]
