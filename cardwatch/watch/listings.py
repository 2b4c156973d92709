"""New documents: what feeds, sitemaps and listing pages name that they did not name before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from cardwatch import app as use
from cardwatch import discover, sources
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


def entries_of(source: WatchSource, snapshot: Snapshot) -> tuple[Entry, ...]:
    """The documents that a fetched listing names.

    Raises:
        ReadError: it is no listing of its kind.
    """
    links: Sequence[tuple[str, str]] = ()
    if source.kind is SourceKind.LISTING:
        data = snapshot.data
        if source.select or source.drop:
            data = use.keep_parts(data, source.select, source.drop)
        links = use.page_links(data)
    return discover.entries(
        source.kind, snapshot.data, snapshot.final_url, pattern=source.pattern, links=links
    )


def found_source(listing: WatchSource, entry: Entry) -> WatchSource:
    """The source of a document that a listing named; it is looked at as often as the listing."""
    kind = SourceKind.PDF if urlsplit(entry.url).path.lower().endswith(".pdf") else SourceKind.PAGE
    leaf = sources.name_of(entry.url).rpartition("/")[2]
    short = matter_id(entry.url)[:6]
    return replace(
        listing,
        name=sources.checked_name(f"{listing.name}/{leaf[:60]}-{short}"),
        url=entry.url,
        kind=kind,
        document=entry.title or leaf,
        pattern="",
        select=(),
        drop=(),
        parent=listing.name,
    )


def many_at_once(listing: WatchSource, entries: Sequence[Entry], at: str) -> Finding:
    """What is told of a listing that names very many new documents at once."""
    name = listing.document or listing.name
    return Finding(
        matter_id(listing.name, MatterKind.NEW_DOCUMENT, at),
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
