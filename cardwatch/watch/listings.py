"""New documents: what feeds, sitemaps and listing pages name that they did not name before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from cardwatch import app as use
from cardwatch import discover, sources
from cardwatch.errors import TooLarge
from cardwatch.model import Severity, Snapshot
from cardwatch.model.watch import (
    Entry,
    Event,
    Finding,
    MatterKind,
    SourceKind,
    WatchSource,
)
from cardwatch.watch.tracking import matter_id

# More at once is no release but a site built anew: told in one message, and not followed.
MOST_AT_ONCE = 25
# An index of sitemaps names sitemaps; some sites have another index between, none needs more.
_DEEPEST_INDEX = 2


def sitemaps_of(source: WatchSource, snapshot: Snapshot) -> tuple[Entry, ...]:
    """The sitemaps that a fetched sitemap names; none if it names documents.

    Raises:
        ReadError: it is an index of sitemaps that cannot be read.
    """
    if source.kind is not SourceKind.SITEMAP:
        return ()
    return discover.sitemaps(snapshot.data, snapshot.final_url)


def entries_of(source: WatchSource, snapshot: Snapshot) -> tuple[Entry, ...]:
    """The documents, or the sitemaps, that a fetched listing names.

    Raises:
        ReadError: it is no listing of its kind.
    """
    if below := sitemaps_of(source, snapshot):
        return below
    links: Sequence[tuple[str, str]] = ()
    if source.kind is SourceKind.LISTING:
        data = snapshot.data
        if len(data) > discover.MOST_PAGE_BYTES:
            raise TooLarge(
                f"over the limit of {discover.MOST_PAGE_BYTES:,} bytes", where=snapshot.final_url
            )
        if source.select or source.drop:
            data = use.keep_parts(data, source.select, source.drop)
        links = use.page_links(data)
    return discover.entries(
        source.kind, snapshot.data, snapshot.final_url, pattern=source.pattern, links=links
    )


def root_of(listing: WatchSource) -> str:
    """The source whose file began it: the listing itself, or the index above a sitemap."""
    return listing.parent or listing.name


def sitemap_sources(index: WatchSource, named: Sequence[Entry]) -> tuple[WatchSource, ...]:
    """The sources of the sitemaps that an index names; none for an index that stands too deep.

    They name documents for the index: pattern and all are its own.
    """
    root = root_of(index)
    if index.name.removeprefix(root).count("/") >= _DEEPEST_INDEX:
        return ()
    return tuple(
        replace(index, name=_child_name(index, entry), url=entry.url, parent=root)
        for entry in named
        if entry.url != index.url
    )


def _child_name(listing: WatchSource, entry: Entry) -> str:
    leaf = sources.name_of(entry.url).rpartition("/")[2]
    return sources.checked_name(f"{listing.name}/{leaf[:60]}-{matter_id(entry.url)[:6]}")


def found_source(listing: WatchSource, entry: Entry) -> WatchSource:
    """The source of a document that a listing named; it is looked at as often as the listing."""
    kind = SourceKind.PDF if urlsplit(entry.url).path.lower().endswith(".pdf") else SourceKind.PAGE
    leaf = sources.name_of(entry.url).rpartition("/")[2]
    return replace(
        listing,
        name=_child_name(listing, entry),
        url=entry.url,
        kind=kind,
        document=entry.title or leaf,
        pattern="",
        select=(),
        drop=(),
        parent=root_of(listing),
    )


def many_at_once(listing: WatchSource, entries: Sequence[Entry], at: str) -> Finding:
    """What is told of a listing that names very many new documents at once."""
    name = listing.document or listing.name
    # the sitemaps of one index are one matter a day, however many of them were filled
    moment = at[:10] if listing.parent else at
    return Finding(
        matter_id(root_of(listing), MatterKind.NEW_DOCUMENT, moment),
        Event.OPENED,
        MatterKind.NEW_DOCUMENT,
        listing.name,
        at,
        Severity.MEDIUM,
        f"{name} names {len(entries)} new documents at once; none is followed",
        tuple(f"{entry.url} {entry.title}".strip() for entry in entries[:10]),
        listing.url,
        listing.publisher,
    )
