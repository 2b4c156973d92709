"""Plain text to a document: paragraphs, headings and lists read from their look."""

from __future__ import annotations

from cardwatch.errors import NoText, UnknownFormat
from cardwatch.model import Document, Source
from cardwatch.readers.building import Builder
from cardwatch.readers.front_matter import split_front_matter
from cardwatch.readers.layout import read_lines
from cardwatch.readers.notes import tie_notes
from cardwatch.readers.options import ReadOptions

NAME = "text"
VERSION = "1"


# No sentence or address is as long as this; encoded data is one run of characters.
_UNBROKEN = 100_000


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The document that a plain text holds.

    Lines that were wrapped are joined; page numbers, running heads and tables of contents are
    left out and recorded. Raises ``NoText``, ``UnknownFormat``, ``TooLarge``.
    """
    from cardwatch.readers.decoding import decode

    text, note = decode(data, options, where=source.location)
    longest = max(map(len, text.split()), default=0)
    if longest > _UNBROKEN:
        raise UnknownFormat(
            f"holds a run of {longest:,} characters without a blank: data, not a text",
            hint="cardwatch reads words: PDF, HTML, Markdown, DOCX or plain text",
            where=source.location,
        )
    front, body = split_front_matter(text)
    builder = Builder(front.source(source), NAME, VERSION)
    if front.raw:
        builder.drop("front matter", front.raw)
    if note:
        builder.unread("encoding", note)
    read_lines(body, builder, front.lines)
    document = tie_notes(builder.finish(title=front.title, published=front.published))
    if not document.text:
        raise NoText("the file holds no text", where=source.location)
    return document
