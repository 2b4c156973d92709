"""Changes that may be a conversion's and not the publisher's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cardwatch.model import BlockKind, Change, Document, Passage, Span

_STRAY = re.compile(r"[●•○▪■◦‣⁃]")
_WORD = re.compile(r"\w+")
_FIRST = 4  # words that tell one list item from another
_LISTED = (BlockKind.LIST_ITEM, BlockKind.FOOTNOTE)


def doubt(changes: list[Change], old: Document, new: Document) -> list[Change]:
    """The changes, with a doubt on items lost or gained where a list was read otherwise.

    Where one edition has a list item or note by itself and the other runs the list together,
    with its marks left in the text, an item may have been lost on the way.
    """
    marks = {True: _run_together(new), False: _run_together(old)}
    made = []
    for change in changes:
        gone = change.old is not None
        passage, document = (change.old, old) if gone else (change.new, new)
        one_sided = (change.old is None) != (change.new is None)
        if one_sided and not change.doubt and passage is not None:
            other = "new" if gone else "old"
            if _beside(document, passage) & marks[gone]:
                change = replace(
                    change,
                    doubt=f"the {other} edition as read runs this list together: an item may "
                    "have been lost in the conversion",
                )
        made.append(change)
    return made


def _run_together(document: Document) -> frozenset[tuple[str, ...]]:
    """The first words after each list mark that stands in running text."""
    return frozenset(
        words
        for block in document.blocks
        for mark in _STRAY.finditer(document.text, block.span.start, block.span.end)
        if (words := _first_words(document, Span(mark.end(), block.span.end)))
    )


def _beside(document: Document, passage: Passage) -> set[tuple[str, ...]]:
    """The first words of the list items or notes that stand around a passage."""
    at = document.block_index(passage.span.start) if document.blocks else 0
    return set(_neighbours(document, at))


def _neighbours(document: Document, at: int) -> Iterator[tuple[str, ...]]:
    if not document.blocks or document.blocks[at].kind not in _LISTED:
        return
    for other in (at - 1, at + 1):
        if 0 <= other < len(document.blocks) and document.blocks[other].kind in _LISTED:
            yield _first_words(document, document.blocks[other].span)


def _first_words(document: Document, span: Span) -> tuple[str, ...]:
    end = min(span.end, span.start + 120)
    words = [word.lower() for word in _WORD.findall(document.text, span.start, end)]
    return tuple(words[:_FIRST]) if len(words) >= _FIRST else ()
