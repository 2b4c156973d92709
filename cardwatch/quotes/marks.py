"""The quotations in a draft: between marks of all styles, set off in blocks, or in italics."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardwatch.model import Block, BlockKind, Document, MarkKind, Quotation, Span

# A longer pair of quotation marks is a missing closing mark (characters).
_LONGEST = 6_000
# Marks within marks beyond this are no quotations any more, and would take long to pair.
_DEEPEST = 6
# Fewer words in italics are a title or a stress.
_ITALIC_WORDS = 5

_PAIRS = (
    ("“", "”"),
    ("«", "»"),
    ("»", "«"),
    ("„", "“”"),
    ('"', '"'),
    ("``", "''"),
    ("‘", "’"),
    ("‚", "‘’"),
    ("‹", "›"),
    ("「", "」"),
    ("『", "』"),
    ("《", "》"),
    ("❝", "❞"),
    ("＂", "＂"),
    ("″", "″"),
    ("'", "'"),
)
_BLOCK = re.compile(r"(?:^[ \t]{0,3}>[^\n]*(?:\n|\Z))+", re.MULTILINE)
# The line under a block quotation that says who is quoted: "— The card, p. 13".
_CREDIT = re.compile(r"\s(?:[—–―]|--?)\s?(?=[^\s—–―-])[^\n—–―]{1,120}$")


def quotations_in(document: Document) -> list[Quotation]:
    """The quotations of a draft, in order; those in italics have the style ``italic``."""
    found = quotations(document.text)
    found += _set_off(document)
    found += [
        Quotation(mark.span, document.quote(mark.span), "italic")
        for mark in document.marks
        if mark.kind is MarkKind.ITALIC and len(document.quote(mark.span).split()) >= _ITALIC_WORDS
    ]
    return _ordered(found)


def quotations(text: str) -> list[Quotation]:
    """The quotations in ``text``, in order: all styles of mark, nested ones, block quotations."""
    found = [
        Quotation(Span(match.start(), match.end()), match.group(), "block")
        for match in _BLOCK.finditer(text)
    ]
    for opening, closing in _PAIRS:
        if opening not in text:
            continue
        if opening in "»«" and not _first_of(text, opening):
            continue
        found.extend(_marked(text, opening, closing))
    return _ordered(found)


def without_credit(quote: str) -> str:
    """A block quotation without a last line that says who is quoted."""
    return _CREDIT.sub("", quote.rstrip())


def longer(text: str, quotation: Quotation) -> Quotation | None:
    """The quotation up to the next closing mark: the first may have been an apostrophe.

    ‘the users’ data’ has two; nothing but the words can tell which one closes.
    """
    if quotation.style not in ("‘’", "''") or not quotation.quote.endswith("s"):
        return None
    opening, closing = quotation.style[0], quotation.style[1]
    after = quotation.span.end + 1
    end = _closing(text, opening, closing, after)
    if end is None or (opening != closing and opening in text[after:end]):
        return None
    if "\n\n" in text[after:end]:
        return None
    return Quotation(
        Span(quotation.span.start, end), text[quotation.span.start : end], quotation.style
    )


def _first_of(text: str, opening: str) -> bool:
    """Whether the text's guillemets point the way that makes ``opening`` the opening one."""
    places = [place for mark in "»«" if (place := text.find(mark)) >= 0]
    return text.find(opening) == min(places)


def _ordered(found: list[Quotation]) -> list[Quotation]:
    unique: dict[Span, Quotation] = {}
    for quotation in found:
        unique.setdefault(quotation.span, quotation)
    return sorted(
        unique.values(), key=lambda quotation: (quotation.span.start, -quotation.span.end)
    )


def _set_off(document: Document) -> Iterator[Quotation]:
    """The paragraphs of block quotations; one that is wholly between marks is found by them."""
    for block in document.blocks:
        text = document.quote(block.span)
        credit = _CREDIT.fullmatch(f" {text}") is not None
        if block.kind is BlockKind.QUOTE and not credit and not _between_marks(document, block):
            yield Quotation(block.span, text, "block")


def _between_marks(document: Document, block: Block) -> bool:
    text = without_credit(document.quote(block.span))
    return any(
        text.startswith(opening) and text.endswith(tuple(closing)) for opening, closing in _PAIRS
    )


def _marked(text: str, opening: str, closing: str) -> Iterator[Quotation]:
    at = 0
    while True:
        start = _opening(text, opening, at)
        if start is None:
            return
        end = _closing(text, opening, closing, start)
        if end is None:
            at = start
            continue
        if text[start:end].strip():
            yield Quotation(Span(start, end), text[start:end], opening + closing[0])
        at = end + 1


def _opening(text: str, mark: str, at: int) -> int | None:
    """One past the next opening mark; an apostrophe inside a word opens nothing."""
    while (at := text.find(mark, at)) >= 0:
        before, after = text[max(0, at - 1) : at], text[at + len(mark) : at + len(mark) + 1]
        inside = before.isalnum() and mark in "'‘\""
        closes_other = mark == "“" and _closes_low(text, at)
        if not inside and not closes_other and (after.strip() or mark in "«»"):
            return at + len(mark)
        at += 1
    return None


def _closes_low(text: str, at: int) -> bool:
    """Whether the mark at ``at`` closes a „ that stands before it in its line."""
    line = text[max(0, at - _LONGEST) : at].rpartition("\n")[2]
    return line.count("„") > line.count("“") + line.count("”")


def _closing(text: str, opening: str, closing: str, start: int) -> int | None:
    """The place of the closing mark; nested pairs of unlike marks are skipped over.

    Marks that look the same on both sides close within their paragraph, or not at all.
    """
    depth, at = 1, start
    same = opening == closing
    stop = min(len(text), start + _LONGEST)
    if same and (end := text.find("\n\n", start, stop)) >= 0:
        stop = end
    if len(closing) == 2 and closing[0] == closing[1]:
        end = text.find(closing, start, stop)
        return end if end >= 0 else None
    while at < stop:
        here = text[at]
        if here in closing and not _apostrophe(text, at) and not (same and _opens(text, at)):
            depth -= 1
            if depth == 0:
                return at
        elif here == opening and not same and not _continues(text, at):
            depth += 1
            if depth > _DEEPEST:
                return None
        at += 1
    return None


def _opens(text: str, at: int) -> bool:
    """Whether a straight mark stands as opening marks do: after a blank, before a word."""
    before, after = text[max(0, at - 1) : at], text[at + 1 : at + 2]
    return before.isspace() and after.isalnum()


def _continues(text: str, at: int) -> bool:
    """Whether an opening mark at a paragraph's head goes on with an open quotation."""
    return text[max(0, at - 8) : at].rstrip(" \t").endswith("\n\n")


def _apostrophe(text: str, at: int) -> bool:
    return text[at] in "'’" and text[at + 1 : at + 2].isalnum()
