"""Sentences that survive policy prose: "e.g.", "Sec. 1.5", "Opus 4.8", bullets, tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from cardwatch.model import Block, BlockKind, Document, Sentence, Span
from cardwatch.segment.words import words

# A full stop after one of these does not end a sentence, whatever follows.
_NEVER_LAST = frozenset(
    [
        "e.g",
        "i.e",
        "cf",
        "vs",
        "viz",
        "approx",
        "ca",
        "eg",
        "ie",
        "no",
        "nos",
        "sec",
        "secs",
        "fig",
        "figs",
        "eq",
        "eqs",
        "ch",
        "art",
        "arts",
        "para",
        "paras",
        "pp",
        "p",
        "app",
        "tbl",
        "ref",
        "refs",
        "vol",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "st",
        "gen",
        "sen",
        "rep",
        "gov",
        "dept",
        "est",
        "al",
    ]
)
# These may end a sentence: only a following lower-case word or digit says that they do not.
_SOMETIMES_LAST = frozenset(
    [
        "inc",
        "ltd",
        "llc",
        "corp",
        "co",
        "jr",
        "sr",
        "etc",
        "u.s",
        "u.k",
        "e.u",
        "u.n",
        "a.m",
        "p.m",
        "ph.d",
    ]
)

_END = re.compile(r"([.!?…]+)([\"'”’)\]]*)(?:[⁰¹²³⁴-⁹]+|\[\^?\w{1,4}\])?(\s+)(?=\S)")
_LAST_TOKEN = re.compile(r"[\w.&’'-]+$")
_OPENS = re.compile(r"[\"'“‘(\[*_•–-]*[A-Z0-9À-ÞΑ-Ω$€£~“]")


def segment(document: Document) -> tuple[Sentence, ...]:
    """The sentences of a document in order, with their words.

    A sentence lies within one block. A table gives one sentence a row, a heading one.
    A list item that follows an introduction ending in a colon has it as ``lead``.
    """
    found = list(_block_sentences(document))
    all_words = words(document.text)
    starts = [word.start for word in all_words]
    sentences = []
    for span, block, lead in found:
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        section = document.section_index(span.start)
        sentences.append(Sentence(span, block, section, tuple(all_words[first:last]), lead))
    return tuple(sentences)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[Span]:
    """The sentences of ``text[start:end]`` as spans into ``text``, without blanks at their ends."""
    end = len(text) if end is None else end
    at = start
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, at, match, end):
            yield Span(at, match.start(3))
            at = match.end()
    tail = text[at:end]
    if tail.strip():
        yield Span(at + len(tail) - len(tail.lstrip()), at + len(tail.rstrip()))


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    if not _OPENS.match(text, match.end(), end):
        return False
    if match[1] != ".":
        return True
    token = _LAST_TOKEN.search(text, start, match.start())
    last = token.group().lower().rstrip(".") if token else ""
    if last in _NEVER_LAST:
        return False
    following = text[match.end() : match.end() + 1]
    if last in _SOMETIMES_LAST:
        return following.isupper() or not following.isalnum()
    if len(last) == 1 and last.isalpha():
        # an initial ("J. Smith") against the end of a sentence ("vitamin C. It ...")
        return last in "ai" or not following.isupper()
    # "1. Title" and "(a) text": a lone number at the head of the text is a list mark
    return not (last.isdigit() and token is not None and token.start() == start)


def _block_sentences(document: Document) -> Iterator[tuple[Span, int, Span | None]]:
    """Sentences with their block, and for list items the introduction that they belong to.

    An introduction holds for the items below it: a nested list has its own, and when it ends
    the outer one holds again.
    """
    leads: list[tuple[int, Span]] = []  # by depth: 0 for a paragraph, else the item's level
    for index, block in enumerate(document.blocks):
        spans = list(_spans_of(document, block))
        if not spans:
            continue
        in_list = block.kind is BlockKind.LIST_ITEM
        depth = max(1, block.level) if in_list else 0
        while leads and leads[-1][0] >= depth:
            leads.pop()
        lead = leads[-1][1] if leads and in_list else None
        for span in spans:
            yield span, index, lead
        if document.text.startswith(":", spans[-1].end - 1) and block.kind in _INTRODUCE:
            leads.append((depth, spans[-1]))


_INTRODUCE = frozenset([BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.HEADING])


def _spans_of(document: Document, block: Block) -> Iterator[Span]:
    if block.kind is BlockKind.TABLE:
        yield from _rows(block)
    elif block.kind in (BlockKind.HEADING, BlockKind.CODE):
        if len(block.span):
            yield block.span
    else:
        yield from sentence_spans(document.text, block.span.start, block.span.end)


def _rows(block: Block) -> Iterator[Span]:
    if not block.cells:
        yield block.span
        return
    rows: dict[int, Span] = {}
    for cell in block.cells:
        if len(cell.span):
            rows[cell.row] = rows[cell.row].cover(cell.span) if cell.row in rows else cell.span
    yield from (rows[row] for row in sorted(rows))
