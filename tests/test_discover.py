"""Feeds, sitemaps and listings name documents; hostile ones cost little and name nothing."""

from __future__ import annotations

import contextlib
import gzip
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from cardwatch.discover import MOST_BYTES, MOST_ENTRIES, MOST_SITEMAPS, entries, sitemaps
from cardwatch.errors import ReadError, TooLarge, WatchError
from cardwatch.model.watch import Entry, SourceKind

BASE = "https://lab.example/news/"
RSS = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title>
<link>https://lab.example/</link>
<item><title>Heron  5</title><link>/news/heron-5#top</link>
<pubDate>Mon, 01 Jun 2026 09:00:00 GMT</pubDate></item>
<item><title>Again</title><link>https://lab.example/news/heron-5</link></item>
<item><title>Script</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Lab</title>
<entry><title type="html">Heron &lt;b&gt;5&lt;/b&gt;</title>
<link rel="self" href="https://lab.example/self"/><link href="https://lab.example/heron-5"/>
<updated>2026-06-02T00:00:00Z</updated><published>2026-06-01T00:00:00Z</published></entry>
</feed>"""
SITEMAP = b"""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://lab.example/heron-5.pdf</loc><lastmod>2026-06-01</lastmod></url>
<url><loc>https://lab.example/about</loc></url></urlset>"""


def test_rss() -> None:
    """Each address once, without fragment, in full, with title and date; no script."""
    assert entries(SourceKind.FEED, RSS, BASE) == (
        Entry("https://lab.example/news/heron-5", "Heron 5", "Mon, 01 Jun 2026 09:00:00 GMT"),
    )


def test_atom() -> None:
    """The link of an entry is the one for readers, the date that of its publication."""
    [entry] = entries(SourceKind.FEED, ATOM, BASE)
    assert entry.url == "https://lab.example/heron-5"
    assert entry.published == "2026-06-01T00:00:00Z"


def test_sitemap_with_a_pattern() -> None:
    """Only addresses in which the pattern is found."""
    found = entries(SourceKind.SITEMAP, SITEMAP, BASE, pattern=r"\.pdf$")
    assert found == (Entry("https://lab.example/heron-5.pdf", "", "2026-06-01"),)


INDEX = b"""<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>https://lab.example/a.xml</loc><lastmod>2026-01-01</lastmod></sitemap>
<sitemap><loc>/b.xml.gz</loc><lastmod>2026-06-01</lastmod></sitemap>
<sitemap><loc>https://lab.example/news/</loc></sitemap><sitemap><loc>file:///etc</loc></sitemap>
</sitemapindex>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_index_names_sitemaps(pack: Callable[[bytes], bytes]) -> None:
    """Those that changed last first; not itself, nothing that is no address, and no documents."""
    found = sitemaps(pack(INDEX), BASE)
    assert [each.url for each in found] == [
        "https://lab.example/b.xml.gz",
        "https://lab.example/a.xml",
    ]
    assert sitemaps(pack(SITEMAP), BASE) == sitemaps(pack(RSS), BASE) == ()


def test_an_index_names_no_end_of_sitemaps() -> None:
    """The latest are looked at; a broken index is told."""
    item = b"<sitemap><loc>/%d.xml</loc><lastmod>2026-%02d-01</lastmod></sitemap>"
    data = b"".join(item % (n, n % 12 + 1) for n in range(3000))
    found = sitemaps(b"<sitemapindex>" + data + b"</sitemapindex>", BASE)
    assert len(found) == MOST_SITEMAPS
    assert {each.published for each in found} == {"2026-12-01"}
    with pytest.raises(ReadError):
        sitemaps(b"<sitemapindex><sitemap>", BASE)


def test_a_packed_sitemap_is_unpacked() -> None:
    """As sites lay them down: a file of gzip, whatever its headers say."""
    assert entries(SourceKind.SITEMAP, gzip.compress(SITEMAP), BASE) == entries(
        SourceKind.SITEMAP, SITEMAP, BASE
    )
    with pytest.raises(ReadError):
        entries(SourceKind.SITEMAP, gzip.compress(SITEMAP)[:60], BASE)


def test_a_packed_feed_of_ten_million_entries() -> None:
    """A few hundred kilobytes that unpack to a gigabyte: as many are looked at as of any other."""
    item = b"<url><loc>/same</loc></url>"
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(b"<urlset>") + packer.flush(zlib.Z_FULL_FLUSH)
    # after a full flush the same bytes mean the same again
    part = packer.compress(item * 10_000) + packer.flush(zlib.Z_FULL_FLUSH)
    data = head + part * 1000
    assert len(data) < MOST_BYTES // 50
    found = entries(SourceKind.SITEMAP, data, BASE)
    assert [each.url for each in found] == ["https://lab.example/same"]


def test_a_packed_nothing_is_refused() -> None:
    """Blanks without end, packed to nothing, are read no further than a sitemap may be long."""
    with pytest.raises(TooLarge):
        entries(SourceKind.SITEMAP, gzip.compress(b"<urlset>" + b" " * (MOST_BYTES + 1)), BASE)


def test_listing() -> None:
    """Links of a page, in its order; the page itself is none."""
    links = (("heron-5", "Heron 5"), ("#top", ""), ("mailto:a@b.example", ""), ("", ""))
    assert entries(SourceKind.LISTING, b"", BASE, links=links) == (
        Entry("https://lab.example/news/heron-5", "Heron 5"),
    )


def test_a_feed_with_a_slip_is_read() -> None:
    """Many feeds are not well-formed."""
    broken = RSS.replace(b"Heron  5", b"Heron & 5 &nbsp; <br>")
    assert [each.url for each in entries(SourceKind.FEED, broken, BASE)][:1] == [
        "https://lab.example/news/heron-5"
    ]


@pytest.mark.parametrize("data", [b"", b"<html><p>not found", b"%PDF-1.7", b"\x00" * 1000])
def test_what_is_no_feed_says_so(data: bytes) -> None:
    """An error page in a feed's place names nothing, or is refused."""
    with contextlib.suppress(ReadError):
        assert entries(SourceKind.FEED, data, BASE) == ()


def _bomb(encoding: str) -> bytes:
    lines = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 20}">' for n in range(1, 9))
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE rss [<!ENTITY a0 "x">{lines}]>'
    return f"{text}<rss><item><title>&a8;</title><link>/x</link></item></rss>".encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_unfolded(encoding: str) -> None:
    """A few lines that mean a billion are refused at once, in whatever encoding."""
    begun = time.monotonic()
    try:
        found = entries(SourceKind.FEED, _bomb(encoding), BASE)
    except ReadError:
        found = ()
    assert all(len(each.title) < 1_000 for each in found)
    assert time.monotonic() - begun < 10


def test_no_file_is_read_through_a_feed() -> None:
    """An entity that names a file brings none of it."""
    data = (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
        b"<rss><item><title>&f;</title><link>/x</link></item></rss>"
    )
    with pytest.raises(ReadError):
        entries(SourceKind.FEED, data, BASE)


def test_a_feed_of_ten_million_entries_is_refused() -> None:
    """It is larger than any feed, and no entry of it is looked at."""
    data = bytes(MOST_BYTES + 1)
    with pytest.raises(TooLarge):
        entries(SourceKind.FEED, data, BASE)


def test_a_long_feed_takes_little_memory() -> None:
    """Entries are taken one at a time, up to a number, and what follows is not looked at."""
    item = b"<item><title>t</title><link>/%07d</link></item>"
    data = b"<rss>" + b"".join(item % number for number in range(100_000)) + b"</rss>"
    tracemalloc.start()
    try:
        found = entries(SourceKind.FEED, data, BASE)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(found) == MOST_ENTRIES
    assert peak < 10_000_000


@pytest.mark.parametrize(
    "data",
    [
        b"<rss>" + b"<a>" * 100_000,
        b"<rss><item>" + b"<a/>" * 100_000,
        b"<rss><item><link>" + b"x" * 1_000_000 + b"</link></item></rss>",
    ],
    ids=["deep", "wide", "long"],
)
def test_strange_shapes_are_refused(data: bytes) -> None:
    """Too deep, too many parts, too long an address: nothing is named."""
    with contextlib.suppress(ReadError):
        assert entries(SourceKind.FEED, data, BASE) == ()


def test_a_wrong_pattern_is_told() -> None:
    """Before anything is read."""
    with pytest.raises(WatchError):
        entries(SourceKind.FEED, RSS, BASE, pattern="(")
