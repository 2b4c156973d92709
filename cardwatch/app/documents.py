"""Documents: opened from files, addresses, snapshots and bytes; places and links in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cardwatch.errors import SourceError, TooLarge
from cardwatch.model import Document, MediaType, Snapshot, Span

if TYPE_CHECKING:
    from cardwatch.readers import ReadOptions


Progress = Callable[[int, int], None]


_SNAPSHOT = re.compile(
    r"sha256:[0-9a-f]{8,64}|[a-z0-9][a-z0-9._/-]*@(?:latest|previous|\d{4}-\d\d-\d\d[T\d:+.-]*)"
)


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


def read(
    source: str | Path | bytes | BinaryIO,
    *,
    media_type: MediaType | str | None = None,
    password: str | None = None,
    allow_private: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
) -> Document:
    """The document at a path or address, or in bytes or an open binary file.

    Without ``media_type`` the content decides what it is. ``cache`` keeps what was read in
    the user's cache folder and takes it from there; a document that wants a password is
    never kept. Private network addresses are refused unless ``allow_private``. ``progress``
    is told (done, total) in pages.

    Raises:
        SourceError: the source cannot be opened.
        ReadError: it holds no document that can be read, in one of its forms.
    """
    return open_source(
        source,
        media_type=media_type,
        password=password,
        allow_private=allow_private,
        cache=cache,
        progress=progress,
    ).document


@dataclass(frozen=True, slots=True)
class Opened:
    """A document with the bytes that it was read from, and the fetch that brought them."""

    document: Document
    data: bytes
    snapshot: Snapshot | None = None


def open_source(
    source: str | Path | bytes | BinaryIO,
    *,
    media_type: MediaType | str | None = None,
    password: str | None = None,
    allow_private: bool = False,
    cache: bool = True,
    progress: Progress | None = None,
) -> Opened:
    """What ``read`` reads, by the same rules, with its bytes: for what must show or keep them."""
    from cardwatch.readers import ReadOptions

    options = ReadOptions(password=password, progress=progress)
    kind = _media_type(media_type)
    if isinstance(source, str) and _ADDRESS.match(source):
        given = _fetched(source, allow_private=allow_private)
    elif isinstance(source, str) and _SNAPSHOT.fullmatch(source) and not Path(source).exists():
        given = _recalled(source)
    else:
        given = _opened(source, options.max_bytes)
    keep = cache and password is None
    document = (_read_cached if keep else _read_given)(given, kind, options)
    return Opened(document, given.data, given.snapshot)


@dataclass(frozen=True, slots=True)
class _Given:
    """Bytes, and what is known of where they came from."""

    data: bytes
    location: str
    retrieved: str = ""
    url: str = ""
    snapshot: Snapshot | None = None


def _media_type(given: MediaType | str | None) -> MediaType | None:
    if given is None:
        return None
    known = [each.value for each in MediaType]
    if given not in known:
        raise SourceError(f"unknown type {given!r}", hint=f"one of: {', '.join(known)}")
    return MediaType(given)


def _fetched(url: str, *, allow_private: bool) -> _Given:
    from cardwatch.fetch import fetch

    snapshot = fetch(url, allow_private=allow_private)
    return _Given(snapshot.data, url, snapshot.retrieved, snapshot.final_url, snapshot)


def _recalled(reference: str) -> _Given:
    """A snapshot that the watch has kept."""
    from cardwatch.store import Store, default_home

    with Store(default_home()) as store:
        kept = store.find(reference)
        snapshot = Snapshot(
            kept.url,
            kept.final_url,
            store.blobs.get(kept.sha256),
            kept.sha256,
            kept.retrieved,
            kept.status,
            kept.headers,
            kept.redirects,
            kept.notes,
        )
    return _Given(snapshot.data, reference, snapshot.retrieved, snapshot.final_url, snapshot)


def _opened(source: str | Path | bytes | BinaryIO, limit: int) -> _Given:
    if isinstance(source, bytes):
        return _Given(source, "<bytes>")
    if isinstance(source, str | Path):
        return _Given(_file_bytes(Path(source), limit), str(source))
    name = getattr(source, "name", "")
    location = name if isinstance(name, str) and name else "<stream>"
    return _Given(_bounded(source, limit, location), location)


def _file_bytes(path: Path, limit: int) -> bytes:
    try:
        with path.open("rb") as file:
            return _bounded(file, limit, str(path))
    except FileNotFoundError as wrong:
        raise SourceError("no such file", where=str(path)) from wrong
    except IsADirectoryError as wrong:
        raise SourceError("is a folder", hint="name one document in it", where=str(path)) from wrong
    except (OSError, ValueError) as wrong:
        # ValueError: a path that no file system can hold, such as one with a null character
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise SourceError(f"cannot be opened: {reason}", where=str(path)) from wrong


def _bounded(file: BinaryIO, limit: int, location: str) -> bytes:
    data = file.read(limit + 1)
    if len(data) > limit:
        raise TooLarge(f"over the limit of {limit:,} bytes", where=location)
    return data


def _read_given(given: _Given, kind: MediaType | None, options: ReadOptions) -> Document:
    from cardwatch.readers import read_bytes

    return read_bytes(
        given.data,
        location=given.location,
        media_type=kind,
        options=options,
        retrieved=given.retrieved,
        url=given.url,
    )


def _read_cached(given: _Given, kind: MediaType | None, options: ReadOptions) -> Document:
    """The document from the cache if it is there, else read and kept.

    The location is a part of the key: a document's type and its links may depend on it.
    """
    import cardwatch.readers
    from cardwatch.cache import Cache, default_folder, stamp

    code = stamp(Path(cardwatch.readers.__file__).parent)
    key = "\n".join(
        (
            sha256(given.data).hexdigest(),
            given.location,
            given.url,
            kind or "",
            code,
            f"{options.max_pages} {options.tables}",
        )
    )
    kept = Cache(default_folder())
    document = kept.get(key, Document)
    if document is None:
        document = _read_given(given, kind, options)
        kept.put(key, document)
    if document.source.retrieved != given.retrieved:
        document = replace(document, source=replace(document.source, retrieved=given.retrieved))
    return document


def read_demo(*, cache: bool = True, progress: Progress | None = None) -> tuple[Document, Document]:
    """A fictional laboratory's system card and its announcement, which ship with cardwatch."""
    from cardwatch.readers import ReadOptions
    from cardwatch.resources import folder

    options = ReadOptions(progress=progress)
    one = _read_cached if cache else _read_given
    names = ("demo/card-v1.pdf", "demo/announcement.html")
    card, post = (
        # named as they are known everywhere, not by where this machine has them
        one(_Given(_file_bytes(folder("corpora") / name, options.max_bytes), name), None, options)
        for name in names
    )
    return card, post


def locate(document: Document, reference: str) -> Span:
    """The place that a reader's reference (``1.5``, a title, ``p.13``, ``1200-1400``) means.

    Raises:
        BadReference: it leads nowhere, or to several sections.
    """
    from cardwatch import references

    return references.locate(document, reference)


def keep_parts(data: bytes, select: Sequence[str], drop: Sequence[str]) -> bytes:
    """A page of the parts that CSS selectors match, without those that others match."""
    from cardwatch.readers.selecting import keep_parts as keep

    return keep(data, select, drop)


def page_links(data: bytes) -> tuple[tuple[str, str], ...]:
    """Every link of a page, menus included: its target as it is written, and its text."""
    from cardwatch.readers.selecting import links

    return links(data)
