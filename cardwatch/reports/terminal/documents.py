"""One document at a terminal: its text, outline, places and statements."""

from __future__ import annotations

from rich.text import Text

from cardwatch.model import Block, BlockKind, Document, Section, Span
from cardwatch.reports.inert import inert, one_line
from cardwatch.reports.subjects import Outline, Place, Statements, WholeText
from cardwatch.reports.terminal.paper import (
    Paper,
    count,
    join,
    measure,
    quoted,
    styled,
    title_of,
    where,
)

# Sections deeper than this are told from their neighbours by the number alone.
_DEEPEST = 8
# A long title goes on so much further in, and keeps so far from what stands at the margin.
_HANG, _GAP = 2, 2


def whole_text(subject: WholeText) -> str:
    """The canonical text, one character for one; a newline at the end if it has none."""
    text = inert(subject.document.text)
    return text if text.endswith("\n") else text + "\n"


def _head(document: Document, paper: Paper) -> None:
    paper.paragraph(styled(title_of(document), "title"))
    if document.title:
        paper.paragraph(styled(document.source.location, "dim"))
    paper.paragraph(measure(document.coverage))
    paper.blank()


def outline(subject: Outline, paper: Paper) -> None:
    """The section tree: number and title, words, page."""
    document = subject.document
    _head(document, paper)
    for section in document.sections:
        words = len(document.text[section.extent.start : section.extent.end].split())
        if not words:
            continue
        page = document.page_at(section.span.start)
        _entry(section, styled(_size(words, page), "dim"), paper)


def _entry(section: Section, size: Text, paper: Paper) -> None:
    """A title, wrapped beside its size where it is long; the size stands by its last line."""
    indent = "  " * min(_DEEPEST, max(0, section.level - 1))
    if section.label:
        title = styled(one_line(section.label), "title" if section.level <= 1 else "")
    else:
        title = styled("(before the first heading)", "dim")
    room = paper.width - len(size.plain) - _GAP
    *lines, last = paper.wrapped(title, room - len(indent) - _HANG)
    for at, line in enumerate([*lines, last]):
        line.rstrip()
        made = join(indent, " " * (_HANG if at else 0), line)
        if at == len(lines):
            paper.ends(made, size)
        else:
            paper.add([made])


def _size(words: int, page: int | None) -> str:
    return f"{words:,} words" + (f"   p. {page}" if page is not None else "")


def place(subject: Place, paper: Paper) -> None:
    """A place: its section path and page, then its blocks; a part of a block is bracketed."""
    document, span = subject.document, subject.span
    _head(document, paper)
    section = document.section_at(span.start)
    path = " › ".join(one_line(title) for title in section.path) or "(before the first heading)"
    last = document.page_at(max(span.start, span.end - 1))
    page = document.page_at(span.start)
    pages = "" if page is None else f"p. {page}" if page == last else f"pp. {page}-{last}"
    paper.paragraph(styled(" · ".join(each for each in (path, pages) if each), "title"))
    words = len(document.quote(span).split())
    paper.paragraph(styled(f"characters {span.start}-{span.end} · {count(words, 'word')}", "dim"))
    paper.blank()
    for block in _around(document, span):
        _block(document, block, span, paper)
        paper.blank()


def _around(document: Document, span: Span) -> list[Block]:
    """The blocks that the span touches; one more on each side if it is a part of a block."""
    touched = [at for at, block in enumerate(document.blocks) if block.span.overlaps(span)]
    if not touched:
        return []
    first, last = touched[0], touched[-1]
    part = not (
        span.contains(document.blocks[first].span) and span.contains(document.blocks[last].span)
    )
    if part:
        first, last = max(0, first - 1), min(len(document.blocks) - 1, last + 1)
    return list(document.blocks[first : last + 1])


def _block(document: Document, block: Block, span: Span, paper: Paper) -> None:
    text = document.quote(block.span)
    inside = block.span.overlaps(span)
    if inside and not span.contains(block.span):
        start = max(0, span.start - block.span.start)
        end = min(len(text), span.end - block.span.start)
        text = f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}"
    style = "title" if block.kind is BlockKind.HEADING else "" if inside else "dim"
    marker = f"{one_line(block.marker) or '•'} " if block.kind is BlockKind.LIST_ITEM else ""
    indent = 2 * max(0, block.level - 1) if block.kind is BlockKind.LIST_ITEM else 0
    if block.kind is BlockKind.TABLE:
        for line in text.splitlines():
            paper.paragraph(styled(line, style), hang=4)
        return
    paper.paragraph(join(marker, styled(one_line(text), style)), indent=indent, hang=len(marker))


def statements(subject: Statements, paper: Paper) -> None:
    """Every statement in the order of the document: what it does, its rule, place and words."""
    reading = subject.reading
    _head(reading.document, paper)
    found = reading.statements
    paper.paragraph(
        f"{count(len(found), 'statement')} in {count(len(reading.sentences), 'sentence')}"
    )
    shown = found[: paper.view.limit]
    for number, statement in enumerate(shown, 1):
        paper.blank()
        kinds = ", ".join(kind.value for kind in statement.kinds)
        paper.ends(
            join(styled(f"{number:>3}  ", "dim"), styled(kinds, "key")),
            styled(where(statement.page, statement.section), "dim"),
        )
        keys = [hit.span for hit in statement.hits]
        paper.paragraph(quoted(statement.quote, statement.span.start, keys), indent=5)
        for hit in statement.hits if paper.view.explain else statement.hits[:1]:
            paper.labelled(hit.rule, f"{hit.says} ({hit.weight:.2f})", indent=5, room=24)
    if len(shown) < len(found):
        paper.blank()
        paper.paragraph(f"{len(found) - len(shown):,} more: --all")
