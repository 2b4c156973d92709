"""The laws that every document keeps, whatever it was read from."""

from __future__ import annotations

from collections.abc import Iterator

from cardwatch.model import BlockKind, Document, Span


def broken_laws(document: Document) -> list[str]:
    """What is wrong with a document, in words; empty when it keeps all laws."""
    return [
        *_spans_lie_within(document),
        *_blocks_are_disjoint_and_leave_only_blanks(document),
        *_tiles(document, [s.span for s in document.sections], "sections"),
        *(_tiles(document, [p.span for p in document.pages], "pages") if document.pages else ()),
        *_sections_nest(document),
        *_cells_lie_in_their_tables(document),
        *_text_is_clean(document),
        *_coverage_adds_up(document),
    ]


def _spans_lie_within(document: Document) -> Iterator[str]:
    size = len(document.text)
    spans: list[tuple[str, Span]] = [("block", b.span) for b in document.blocks]
    spans += [("mark", mark.span) for mark in document.marks]
    spans += [("link", link.span) for link in document.links]
    spans += [("mend", mend.span) for mend in document.mends]
    spans += [("line", line.span) for line in document.lines]
    spans += [("call", span) for note in document.footnotes for span in note.marks]
    spans += [("note", note.body) for note in document.footnotes if note.body]
    for name, span in spans:
        if span.end > size:
            yield f"{name} {span} ends beyond the text ({size})"
        elif name != "mend" and not document.quote(span).strip():
            yield f"{name} {span} holds no words"
    for drop in document.coverage.dropped:
        if not 0 <= drop.at <= size:
            yield f"dropped at {drop.at}"


def _blocks_are_disjoint_and_leave_only_blanks(document: Document) -> Iterator[str]:
    at = 0
    for block in document.blocks:
        if block.span.start < at:
            yield f"block {block.span} overlaps the one before"
        elif document.text[at : block.span.start].strip():
            yield f"words between blocks at {at}: {document.text[at : block.span.start]!r:.80}"
        quote = document.quote(block.span)
        if quote != quote.strip():
            yield f"blanks at the ends of block {block.span}"
        at = block.span.end
    if document.text[at:].strip():
        yield f"words after the last block: {document.text[at:]!r:.80}"


def _tiles(document: Document, spans: list[Span], name: str) -> Iterator[str]:
    at = 0
    for span in spans:
        if span.start != at:
            yield f"{name} do not tile: {span} after {at}"
        at = span.end
    if at != len(document.text):
        yield f"{name} end at {at}, the text at {len(document.text)}"


def _sections_nest(document: Document) -> Iterator[str]:
    for index, section in enumerate(document.sections):
        if not section.extent.contains(section.span):
            yield f"section {index} is wider than its extent"
        if section.level and len(section.path) < 1:
            yield f"section {index} has no path"
        if section.parent is not None:
            above = document.sections[section.parent]
            if above.level >= section.level or section.path[:-1] != above.path:
                yield f"section {index} does not stand under its parent"
            if not above.extent.contains(section.extent):
                yield f"section {index} reaches out of its parent"
    headings = [b.span for b in document.blocks if b.kind is BlockKind.HEADING]
    if headings != [s.heading for s in document.sections if s.level]:
        yield "headings and sections differ"


def _cells_lie_in_their_tables(document: Document) -> Iterator[str]:
    for block in document.blocks:
        at = block.span.start
        for cell in block.cells:
            if cell.span.start < at or cell.span.end > block.span.end:
                yield f"cell {cell.span} is out of place in {block.span}"
            at = cell.span.end


def _text_is_clean(document: Document) -> Iterator[str]:
    for char in set(document.text):
        if (ord(char) < 32 and char not in "\n\t") or 0x7F <= ord(char) < 0xA0:
            yield f"a control character in the text: {char!r}"
        if 0xD800 <= ord(char) < 0xE000:
            yield "a lone surrogate in the text"


def _coverage_adds_up(document: Document) -> Iterator[str]:
    coverage = document.coverage
    if coverage.characters != len(document.text):
        yield f"coverage counts {coverage.characters} of {len(document.text)} characters"
    if coverage.words != len(document.text.split()):
        yield "coverage counts other words than the text holds"
    if coverage.pages_read > coverage.pages:
        yield "more pages read than there are"
