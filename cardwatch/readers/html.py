"""HTML to a document: the main content with its headings, lists, tables, links and footnotes."""

from __future__ import annotations

from cardwatch.errors import NoText, ReadError
from cardwatch.model import Document, Source
from cardwatch.readers.building import Builder
from cardwatch.readers.html_main import (
    dropped_because,
    hidden_only,
    main_content,
    note_bodies,
    outside,
    weight_of,
)
from cardwatch.readers.html_meta import declared_charset, metadata, text_in_scripts
from cardwatch.readers.html_walk import Element, Walker, words_of
from cardwatch.readers.layout import read_lines
from cardwatch.readers.notes import tie_notes
from cardwatch.readers.options import ReadOptions

NAME = "html"
VERSION = "1"

# Less of the main content than this was kept: what was left out was not furniture.
_LEAST_SHARE = 0.4
_OF_THE_HEAD = frozenset("base link meta noscript script style template title".split())


def read(data: bytes, source: Source, options: ReadOptions) -> Document:
    """The document that an HTML page shows.

    What stands around the main content (menus, banners, related posts, footers) and what is
    hidden is left out and recorded. Raises ``NoText`` for a page that shows nothing and whose
    scripts hold no text either, ``UnknownFormat``, ``TooLarge``.
    """
    from cardwatch.readers.decoding import decode

    text, note = decode(
        data, options, where=source.location, declared=declared_charset(data[:4096])
    )
    root, whole = parse(text, source.location)
    facts = metadata(root)
    main = main_content(root)
    builder = _written(root, main, facts.source(source), trusting=True)
    if builder.at < _LEAST_SHARE * weight_of(main):
        # the page calls its own content "sidebar" or the like: only what is hidden goes
        builder = _written(root, main, facts.source(source), trusting=False)
    if not whole:
        builder.unread("damaged page", "elements are nested too deeply to be read")
    if note:
        builder.unread("encoding", note)
    if builder.at < 200:
        for kind, words in text_in_scripts(root):
            if len(words) > 2 * builder.at:
                read_script_text(kind, words, builder)
                break
    builder.cut_related()
    document = tie_notes(builder.finish(title=facts.title, published=facts.published))
    if not document.text:
        if not whole:
            raise NoText(
                "what the page shows is nested too deeply to be read",
                hint="save it from a browser as text, and read that",
                where=source.location,
            )
        raise NoText(
            "the page shows no text",
            hint="it may be drawn by a script: save it from a browser and read the file",
            where=source.location,
        )
    return document


def _written(root: Element, main: Element, source: Source, *, trusting: bool) -> Builder:
    """The main content in a builder; ``trusting`` the names that a page gives to its parts."""
    builder = Builder(source, NAME, VERSION)
    for why, element in outside(root, main):
        builder.drop(why, words_of(element))
    dropped = dropped_because(root) if trusting else hidden_only
    Walker(builder, dropped=dropped, notes=note_bodies(main)).walk(main)
    builder.end_note()
    builder.end()
    return builder


def parse(text: str, where: str = "") -> tuple[Element, bool]:
    """The root element of an HTML text, however broken, and whether all of it is there.

    Raises ``ReadError`` where there is no element at all.
    """
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError(f"no HTML could be read: {error}", where=where) from error
    _empty_head(root)
    limit = etree.ErrorTypes.ERR_RESOURCE_LIMIT
    return root, all(entry.type != limit for entry in parser.error_log)


def _empty_head(root: Element) -> None:
    """Move what a page without a body tag shows out of its head, where the parser leaves it."""
    from lxml import etree

    head = root.find("head")
    if head is None:
        return
    children = list(head)
    strays = (i for i, child in enumerate(children) if child.tag not in _OF_THE_HEAD)
    first = next((i for i in strays if isinstance(children[i].tag, str)), len(children))
    if first == len(children):
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    for place, child in enumerate(children[first:]):
        body.insert(place, child)


def read_script_text(kind: str, words: str, builder: Builder) -> None:
    """Write text found in a script: as HTML where it is marked up, else by its look."""
    builder.drop("script", "the text was taken from data in a script")
    if kind == "html":
        Walker(builder).walk(parse(f"<body>{words}</body>")[0])
        builder.end()
    else:
        read_lines(words, builder)
