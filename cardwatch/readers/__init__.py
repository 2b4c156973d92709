"""Readers: bytes to a document, chosen by what the bytes are."""

from __future__ import annotations

from hashlib import sha256
from importlib import import_module
from typing import Protocol, cast

from cardwatch.errors import NoText, TooLarge
from cardwatch.model import Document, MediaType, Source
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.sniffing import sniff

__all__ = ["READERS", "ReadOptions", "read_bytes", "reader_version", "sniff"]


class Reader(Protocol):
    """What a module in the table has: a name, a version, and one verb."""

    NAME: str
    VERSION: str

    def read(self, data: bytes, source: Source, options: ReadOptions) -> Document:
        """The document that ``data`` holds; raises a ``ReadError`` where it holds none."""


# The modules are imported when they are needed: a help page must load no PDF library.
READERS: dict[MediaType, str] = {
    MediaType.PDF: "cardwatch.readers.pdf",
    MediaType.HTML: "cardwatch.readers.html",
    MediaType.MARKDOWN: "cardwatch.readers.markdown",
    MediaType.TEXT: "cardwatch.readers.text",
    MediaType.DOCX: "cardwatch.readers.docx",
}


def read_bytes(
    data: bytes,
    *,
    location: str,
    media_type: MediaType | None = None,
    options: ReadOptions | None = None,
    retrieved: str = "",
    published: str = "",
    url: str = "",
) -> Document:
    """The document that ``data`` holds, read by the reader for its media type.

    Without ``media_type`` the bytes decide, and the name in ``location`` only between formats
    that look alike. ``retrieved`` and ``published`` are ISO 8601 times. Raises ``ReadError`` in
    one of its forms when there is no document to be had.
    """
    options = options or ReadOptions()
    if not data:
        raise NoText("the file is empty", where=location)
    if len(data) > options.max_bytes:
        raise TooLarge(
            f"{len(data)} bytes are over the limit of {options.max_bytes}", where=location
        )
    chosen = media_type or sniff(data, location)
    source = Source(
        location=location,
        media_type=chosen,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        retrieved=retrieved,
        published=published,
        url=url,
    )
    return _reader(chosen).read(data, source, options)


def reader_version(media_type: MediaType) -> tuple[str, str]:
    """Name and version of the reader for a media type: what a cached document depends on."""
    reader = _reader(media_type)
    return reader.NAME, reader.VERSION


def _reader(media_type: MediaType) -> Reader:
    return cast("Reader", import_module(READERS[media_type]))
