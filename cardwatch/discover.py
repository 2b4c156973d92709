"""The documents that a feed, a sitemap or a listing page names."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urldefrag, urljoin
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from cardwatch.errors import ReadError, TooLarge, WatchError
from cardwatch.model.watch import Entry, SourceKind

# More than this no publisher lists; a feed that goes on is cut here.
MOST_ENTRIES = 5_000
# Feeds and sitemaps are text: a sitemap may by its standard have 50 MB, and 50,000 addresses.
MOST_BYTES = 50_000_000
# A page is held as a tree, which takes thirty times its size.
MOST_PAGE_BYTES = 10_000_000
# What the forgiving parser is given, as it holds all of it at once.
_FORGIVEN_BYTES = 4_000_000
_CHUNK = 65_536
_LONGEST = 2_000
# A sitemap may by its standard name 50,000 others: the ones that changed last are looked at.
MOST_SITEMAPS = 50
_ENTRIES = frozenset({"item", "entry", "url"})
_SITEMAPS = frozenset({"sitemap"})
_DEEPEST = 100
_GZIP = b"\x1f\x8b"
_LARGEST_ENTRY = 2_000


def entries(
    kind: SourceKind,
    data: bytes,
    base: str,
    *,
    pattern: str = "",
    links: Iterable[tuple[str, str]] = (),
) -> tuple[Entry, ...]:
    """The documents named by what stands at ``base``, each address once, in their order.

    ``links`` are the targets and texts of a listing page's links. Only addresses in which the
    regular expression ``pattern`` is found are taken.

    Raises:
        WatchError: the pattern is no regular expression.
        ReadError: a feed or sitemap cannot be read.
    """
    if kind is SourceKind.LISTING:
        found: Iterable[Entry] = (Entry(target, text) for target, text in links)
    else:
        found = _named(data, base)
    return _taken(found, base, compiled(pattern))


def sitemaps(data: bytes, base: str) -> tuple[Entry, ...]:
    """The sitemaps that an index of sitemaps names, those that changed last first.

    None for what is no such index. At most ``MOST_SITEMAPS``; what others name is not seen.

    Raises:
        ReadError: the index cannot be read.
    """
    if b"<sitemapindex" not in _unpacked_head(data):
        return ()
    found = _taken(_streamed(data, base, _SITEMAPS), base, compiled(""))
    latest = sorted(found, key=lambda each: each.published, reverse=True)
    return tuple(latest[:MOST_SITEMAPS])


def _taken(found: Iterable[Entry], base: str, wanted: re.Pattern[str]) -> tuple[Entry, ...]:
    taken: dict[str, Entry] = {}
    for entry in found:
        url = urldefrag(urljoin(base, entry.url.strip()))[0]
        if not url.startswith(("http://", "https://")) or len(url) > _LONGEST:
            continue
        if not wanted.search(url) or url == base:
            continue
        taken.setdefault(url, Entry(url, _title(entry.title), entry.published[:40]))
        if len(taken) >= MOST_ENTRIES:
            break
    return tuple(taken.values())


def compiled(pattern: str) -> re.Pattern[str]:
    """The regular expression of a source; raises ``WatchError`` if it is none."""
    try:
        return re.compile(pattern)
    except re.error as wrong:
        raise WatchError(f"not a regular expression: {wrong}", where=pattern[:100]) from wrong


def _title(text: str) -> str:
    return " ".join(text.split())[:300]


def _named(data: bytes, base: str) -> Iterator[Entry]:
    if len(data) > MOST_BYTES:
        raise TooLarge(f"over the limit of {MOST_BYTES:,} bytes", where=base)
    count = 0
    try:
        for entry in _parsed(data, base, _ENTRIES):
            count += 1
            yield entry
            if count >= MOST_ENTRIES * 10:
                return
    except ParseError as wrong:
        if len(data) > _FORGIVEN_BYTES or data.startswith(_GZIP):
            raise ReadError(f"neither a feed nor a sitemap: {wrong}", where=base) from wrong
        forgiven = list(_forgiven(data))
        if not forgiven and not count:
            raise ReadError(f"neither a feed nor a sitemap: {wrong}", where=base) from wrong
        yield from forgiven


def _streamed(data: bytes, base: str, wanted: frozenset[str]) -> Iterator[Entry]:
    try:
        yield from _parsed(data, base, wanted)
    except ParseError as wrong:
        raise ReadError(f"cannot be read: {wrong}", where=base) from wrong


def _parsed(data: bytes, base: str, wanted: frozenset[str]) -> Iterator[Entry]:
    """The ``wanted`` elements of well-formed XML, however long, one at a time."""
    if b"<!ENTITY" in _unpacked_head(data):
        raise ReadError("a feed that defines entities is not read", where=base)
    parser: Any = XMLPullParser(("start", "end"))
    open_: list[Element] = []
    inside = size = 0
    for piece in _pieces(data, base):
        parser.feed(piece)
        for event, element in parser.read_events():
            named = _name(element) in wanted
            if event == "start":
                open_.append(element)
                inside += named
                size = size + 1 if inside else 0
                if len(open_) > _DEEPEST or size > _LARGEST_ENTRY:
                    raise ReadError("nested deeper, or longer, than any feed")
                continue
            open_.pop()
            inside -= named
            if named and not inside:
                yield _entry(element)
            if not inside:
                size = 0
                # what is done with takes no memory
                element.clear()
                if open_:
                    open_[-1].remove(element)
    parser.close()


def _unpacked_head(data: bytes) -> bytes:
    """The first bytes of XML, unpacked, without the zeros of encodings of two bytes."""
    try:
        head = next(_pieces(data, ""), b"")
    except ReadError:
        return b""
    return head.replace(b"\x00", b"")


def _pieces(data: bytes, base: str) -> Iterator[bytes]:
    """The bytes piece by piece, unpacked if a file of gzip lies at the address."""
    if not data.startswith(_GZIP):
        yield from (data[at : at + _CHUNK] for at in range(0, len(data), _CHUNK))
        return
    unpacker, size, rest = zlib.decompressobj(wbits=31), 0, data
    try:
        while rest and not unpacker.eof:
            piece = unpacker.decompress(rest, _CHUNK)
            rest = unpacker.unconsumed_tail
            size += len(piece)
            if size > MOST_BYTES:
                raise TooLarge(f"over the limit of {MOST_BYTES:,} bytes, unpacked", where=base)
            yield piece
    except zlib.error as wrong:
        raise ReadError(f"the packed file is damaged: {wrong}", where=base) from wrong


def _entry(element: Element) -> Entry:
    url = title = published = ""
    for child in element:
        name, text = _name(child), "".join(child.itertext()).strip()
        if name == "link":
            alternate = child.get("rel", "alternate") == "alternate"
            url = (child.get("href") or text) if alternate or not url else url
        elif name == "loc":
            url = text
        elif name == "title":
            title = text
        elif name in ("pubDate", "published", "lastmod", "date") or (
            name == "updated" and not published
        ):
            published = text
    return Entry(url, title, published)


def _name(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _forgiven(data: bytes) -> Iterator[Entry]:
    """Entries of a feed that is not well-formed."""
    import feedparser

    for found in feedparser.parse(data).entries[:MOST_ENTRIES]:
        yield Entry(
            str(found.get("link", "")),
            str(found.get("title", "")),
            str(found.get("published") or ""),
        )
