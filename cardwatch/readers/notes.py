"""Footnotes that a page prints as bare digits and a closing list, tied together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from cardwatch.model import Block, BlockKind, Document, Footnote, Mend, Span
from cardwatch.readers.building import superscript

_TITLE = re.compile(r"(?:foot|end)?\s*notes?:?", re.IGNORECASE)
_LABEL = re.compile(r"\[?(\d{1,3}|[¹²³⁰⁴-⁹]{1,3})\]?[.):]?\s+")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
# Raised digits after a letter or a sign: after a digit they are an exponent.
_RAISED_RUN = re.compile(r"(?<![\d⁻⁺¹²³⁰⁴-⁹])[¹²³⁰⁴-⁹]{1,3}(?![⁻⁺¹²³⁰⁴-⁹])")
# More notes than this are no list of footnotes but a text.
_NOTES_LIMIT = 500


def tie_notes(document: Document) -> Document:
    """The document with its closing list of footnotes tied to the digits that call them.

    A conversion that lost the links leaves ``word1`` in the text and a list under "Footnotes".
    Raised digits are taken as they are; plain ones only where nearly all of 1, 2, 3 … are found
    in order, and are then raised, which moves nothing: a raised digit is one character too.
    """
    document = _with_raised_marks(document)
    known = {note.label for note in document.footnotes if note.body}
    found = _closing_list(document)
    if not found or not {label for label, _, _ in found} - known:
        return document
    labels = [label for label, _, _ in found]
    limit = min(document.blocks[index].span.start for _, index, _ in found)
    marks = _raised_marks(document.text, labels, limit)
    plain = {} if marks else _plain_marks(document.text, labels, limit)
    if not marks and not plain:
        return document
    marks = marks or plain
    blocks = list(document.blocks)
    notes = [note for note in document.footnotes if note.label not in labels or note.body]
    for label, index, body in found:
        blocks[index] = replace(blocks[index], kind=BlockKind.FOOTNOTE, level=0, marker=label)
        if label not in known:
            notes.append(Footnote(label, marks.get(label, ()), body))
    text = document.text
    mends = list(document.mends)
    for label, spans in plain.items():
        for span in spans:
            text = text[: span.start] + superscript(label) + text[span.end :]
            mends.append(Mend(span, "footnote mark", label))
    return replace(
        document, text=text, blocks=tuple(blocks), footnotes=tuple(notes), mends=tuple(mends)
    )


def _with_raised_marks(document: Document) -> Document:
    """Footnotes that have a body and no mark get the raised digits that spell their label,
    where these stand in one place only.
    """
    lone = [note.label for note in document.footnotes if note.body and not note.marks]
    lone = [label for label in lone if label.isdecimal()]
    if not lone:
        return document
    taken = {span for note in document.footnotes for span in note.marks}
    places: dict[str, list[Span]] = {label: [] for label in lone}
    for match in _RAISED_RUN.finditer(document.text):
        span = Span(*match.span())
        label = match.group().translate(_RAISED)
        if label in places and span not in taken:
            places[label].append(span)
    notes = tuple(
        replace(note, marks=tuple(places[note.label]))
        if len(places.get(note.label, ())) == 1
        else note
        for note in document.footnotes
    )
    return replace(document, footnotes=notes)


def _closing_list(document: Document) -> list[tuple[str, int, Span]]:
    """Label, block and body of every item under a last heading "Footnotes" or "Notes"."""
    section = next(
        (s for s in reversed(document.sections) if s.level and _TITLE.fullmatch(s.title)), None
    )
    if section is None:
        return []
    found: list[tuple[str, int, Span]] = []
    for index, block in enumerate(document.blocks):
        inside = section.heading.end <= block.span.start and section.span.contains(block.span)
        if not inside or block.kind is BlockKind.HEADING or block.level > 1:
            continue
        label, body = _label(document, block, len(found) + 1)
        if label:
            found.append((label, index, body))
    return found if 0 < len(found) <= _NOTES_LIMIT else []


def _label(document: Document, block: Block, place: int) -> tuple[str, Span]:
    """The label of an item: its marker, the digits that it opens with, or its place."""
    span = block.span
    if match := _LABEL.match(document.text, span.start, span.end):
        return match[1].translate(_RAISED), Span(match.end(), span.end)
    digits = block.marker.strip("[]().: ")
    if digits.isdecimal():
        return digits, span
    return (str(place), span) if block.kind is BlockKind.LIST_ITEM else ("", span)


def _raised_marks(text: str, labels: Sequence[str], limit: int) -> dict[str, tuple[Span, ...]]:
    wanted = set(labels)
    marks: dict[str, list[Span]] = {}
    for match in _RAISED_RUN.finditer(text, 0, limit):
        label = match.group().translate(_RAISED)
        if label in wanted:
            marks.setdefault(label, []).append(Span(*match.span()))
    if len(marks) * 2 < len(wanted):
        return {}
    return {label: tuple(spans) for label, spans in marks.items()}


def _plain_marks(text: str, labels: Sequence[str], limit: int) -> dict[str, tuple[Span, ...]]:
    marks: dict[str, tuple[Span, ...]] = {}
    at = 0
    for label in labels:
        pattern = re.compile(
            rf"(?<=[^\W\d_]|[.,;:!?)\]”\"’']){re.escape(label)}(?![\w.,]*\d)(?!\w)"
        )
        match = pattern.search(text, at, limit)
        if match is not None:
            marks[label] = (Span(*match.span()),)
            at = match.end()
    # one mark in three may have gone with what a conversion left out
    whole = labels[0] in marks and len(marks) * 3 >= len(labels) * 2
    return marks if whole else {}
