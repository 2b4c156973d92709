"""Source files: every key is understood or refused, and what is written is read back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch import discover, sources
from cardwatch.errors import ReadError, TooLarge, WatchError
from cardwatch.model.watch import Entry, SourceKind, WatchSource
from cardwatch.watch import desk
from tests.conftest import Ran
from tests.watching import page, serving, source

FULL = WatchSource(
    name="lab/card",
    url="https://lab.example/cards",
    publisher="Lab",
    document="Card",
    kind=SourceKind.LISTING,
    pattern=r"/cards/\d+",
    companion="lab/post",
    language="en",
    every=90,
    select=("main", "a[href]"),
    drop=(".ad",),
    headers=(("Accept-Language", "en"),),
    notes='says "so" \\ twice\n',
    robots=False,
    private=True,
)


def test_a_file_says_all(tmp_path: Path) -> None:
    """Every field of a source can be written, and comes back."""
    sources.write(tmp_path, FULL)
    assert sources.load(tmp_path) == (FULL,)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_words_come_back(notes: str, document: str) -> None:
    """Whatever a title holds, its file is read back as it was."""
    import tomllib

    made = replace(FULL, notes=notes, document=document)
    try:
        text = sources.text_of(made).encode()
    except UnicodeEncodeError:
        return
    assert sources.parse(tomllib.loads(text.decode()), FULL.name, "x") == made


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('url = "https://a.example"\nurls = "x"', "unknown key 'urls'"),
        ('url = "ftp://a.example"', "address"),
        ("", "address"),
        ("url = 3", "must be a text"),
        ('url = "https://a.example"\nkind = "blog"', "unknown kind"),
        ('url = "https://a.example"\nevery = "often"', "not a schedule"),
        ('url = "https://a.example"\nselect = "main"', "list of texts"),
        ('url = "https://a.example"\nrobots = "no"', "true or false"),
        ('url = "https://a.example"\npattern = "x"', "for feeds"),
        ('url = "https://a.example"\nkind = "feed"\npattern = "("', "regular expression"),
        ('url = "https://a.example"\n[headers]\n"a b" = "x"', "not a header"),
        ('url = "https://a.example"\n[headers]\nX = "a\\r\\nEvil: 1"', "not a header"),
        ('url = "https://a.example"\n[headers]\nHost = "b"', "set by cardwatch"),
        ("url = ", "cannot be read"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, complaint: str) -> None:
    """With the file's name; nothing is guessed."""
    source(tmp_path, "lab/card", text)
    with pytest.raises(WatchError, match=complaint) as told:
        sources.load(tmp_path / "sources")
    assert told.value.where == "lab/card/source.toml"


@pytest.mark.parametrize("name", ["", "../up", "/abs", "a//b", "A", "a b", "a/../b", "é", "a/"])
def test_a_name_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    """A name is a path below the folder of sources."""
    with pytest.raises(WatchError, match="no name"):
        sources.write(tmp_path, replace(FULL, name=name))


def test_a_source_is_not_written_over(tmp_path: Path) -> None:
    """The file that is there stays as it is."""
    sources.write(tmp_path, FULL)
    with pytest.raises(WatchError, match="of this name"):
        sources.write(tmp_path, replace(FULL, url="https://other.example"))
    assert sources.load(tmp_path) == (FULL,)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.Lab.example/legal/Terms_of Use.html?x=1", "lab.example/terms_of-use.html"),
        ("https://lab.example", "lab.example/page"),
        ("https://lab.example/%2e%2e/..", "lab.example/page"),
    ],
)
def test_an_address_has_a_name(url: str, name: str) -> None:
    """One that may be the name of a source."""
    assert sources.checked_name(sources.name_of(url)) == name


@pytest.mark.parametrize("count", [1, 59, 60, 720, 1440, 10080, 20160])
def test_schedules_come_back(count: int) -> None:
    """Minutes to words to minutes."""
    assert sources.minutes(sources.every(count)) == count


def test_a_trial_shows_all_and_keeps_nothing(tmp_path: Path, cardwatch: Callable[..., Ran]) -> None:
    """What is read, left out and recorded, over which addresses; then nothing is there."""
    with serving() as site:
        words = '<nav><a href="/x">Menu of the lab</a></nav>'
        site.put("/new", words + page("We keep data for 30 days."), ETag='"7"', Server="x")
        site.put("/old", b"", 302, Location="/new")
        home = tmp_path / "home"
        ran = cardwatch("watch", "test", site.url("/old"), "--allow-private", "--home", home)
    assert ran.code == 0
    for line in (f"via       {site.url('/old')}", f"address   {site.url('/new')}", 'etag: "7"'):
        assert line in ran.out
    assert "We keep data for 30 days." in ran.out
    assert "left out" in ran.out
    assert "fetched over http" in ran.out
    assert "nothing was kept" in ran.out
    assert not (home / "bytes").exists()
    assert not (home / "sources").exists()


def test_the_starters_are_well_described() -> None:
    """Every source that ships can be watched, and says whose document it is."""
    found = desk.starters()
    assert len(found) >= 20
    for each in found:
        assert each.publisher, each.name
        assert each.document, each.name
        assert each.url.startswith("https://"), each.name
        assert each.robots, each.name
    names = {each.name for each in found}
    urls = [each.url for each in found]
    assert len(set(urls)) == len(urls)
    for each in found:
        assert not each.companion or "://" in each.companion or each.companion in names


RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<link>https://lab.example/</link>
<item><title>Model &amp; card</title><link>https://lab.example/cards/2</link>
<pubDate>Tue, 09 Jun 2026 12:00:00 GMT</pubDate></item>
<item><title>Old</title><link>/cards/1#top</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><title>Card</title><link rel="self" href="https://lab.example/self"/>
<link href="https://lab.example/cards/2"/><updated>2026-06-09T12:00:00Z</updated>
<content type="html">&lt;b&gt;words&lt;/b&gt;</content></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://lab.example/cards/2</loc><lastmod>2026-06-09</lastmod></url>
<url><loc>https://lab.example/about</loc></url></urlset>"""
BASE = "https://lab.example/feed"


@pytest.mark.parametrize(("kind", "text"), [("feed", RSS), ("feed", ATOM), ("sitemap", SITEMAP)])
def test_documents_are_named(kind: str, text: str) -> None:
    """Feeds and sitemaps name documents with titles and times; a pattern chooses."""
    found = discover.entries(SourceKind(kind), text.encode(), BASE, pattern=r"/cards/2$")
    assert [each.url for each in found] == ["https://lab.example/cards/2"]
    assert "2026" in found[0].published


def test_addresses_are_whole() -> None:
    """Relative ones are joined, fragments cut, each is named once, scripts are left out."""
    links = [
        ("cards/1#a", "One"),
        ("cards/1#b", "Again"),
        ("javascript:alert(1)", "no"),
        ("mailto:x@lab.example", "no"),
        ("file:///etc/passwd", "no"),
        ("//other.example/x", "Two  \n lines"),
    ]
    found = discover.entries(SourceKind.LISTING, b"", "https://lab.example/a/", links=links)
    assert found == (
        Entry("https://lab.example/a/cards/1", "One"),
        Entry("https://other.example/x", "Two lines"),
    )


def test_a_feed_that_is_not_well_formed_is_read() -> None:
    """As far as the forgiving parser can."""
    broken = RSS.replace("&amp;", "&").replace("</rss>", "")
    found = discover.entries(SourceKind.FEED, broken.encode(), BASE)
    assert "https://lab.example/cards/2" in [each.url for each in found]


def test_a_giant_feed_is_cut() -> None:
    """Ten million entries are as many as the first few thousand; memory does not grow."""
    import tracemalloc

    item = b"<item><link>https://lab.example/%d</link></item>"
    body = b"<rss><channel>" + b"".join(item % number for number in range(200_000))
    tracemalloc.start()
    found = discover.entries(SourceKind.FEED, body, BASE)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == discover.MOST_ENTRIES
    assert peak < 20_000_000
    with pytest.raises(TooLarge):
        discover.entries(SourceKind.FEED, b"x" * (discover.MOST_BYTES + 1), BASE)


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]><rss><channel>&a;</channel></rss>",
        b"<a>" * 200_000,
        b"<rss><channel><item>" + b"<a/>" * 100_000,
        b"no feed at all",
        b"",
        b"\x00\xff\xfe" * 100,
    ],
)
def test_a_hostile_feed_is_refused(body: bytes) -> None:
    """Entities, depth, endless items and noise are told as what they are."""
    with pytest.raises(ReadError):
        discover.entries(SourceKind.FEED, body, BASE)


def test_the_commands_add_and_list(tmp_path: Path, cardwatch: Callable[..., Ran]) -> None:
    """What is added is listed and checked; a second of its name is refused."""
    home = ("--home", tmp_path)
    url = "https://lab.example/terms"
    ran = cardwatch("watch", "add", url, "--publisher", "Lab", "--every", "1d", *home)
    assert (ran.code, ran.err) == (0, "")
    assert "lab.example/terms" in cardwatch("watch", "list", *home).out
    assert "1 source," in cardwatch("watch", "check", *home).out
    assert cardwatch("watch", "add", url, *home).code == 2
    assert sources.load(tmp_path / "sources")[0].publisher == "Lab"
    starter = desk.starters()[0].name
    assert cardwatch("watch", "add", starter, *home).code == 0
    assert cardwatch("watch", "add", "no/such", *home).code == 2
    assert starter in cardwatch("watch", "list", "--starters", "--json").out
    source(tmp_path, "bad", "url = 1")
    ran = cardwatch("watch", "check", *home)
    assert ran.code == 2
    assert "bad/source.toml" in ran.err
