"""Sentences that survive policy prose: "e.g.", "Sec. 1.5", "Opus 4.8", bullets, tables."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from cardwatch.model import Block, BlockKind, Document, Sentence, Span
from cardwatch.segment.words import words


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A full stop after one of these never ends a sentence.
_NEVER_LAST = frozenset(["e.g", "i.e", "eg", "ie", "cf", "vs", "viz", "v", "a.k.a", "incl"])
# After these it does not when a number, a letter or a section sign follows: "No. 5", "Fig. A".
_BEFORE_NUMBER = _set(
    """
    no nos sec secs fig figs eq eqs ch art arts para paras pp p app tbl tab ref refs vol ver pt cl
    approx ca ex jan feb mar apr jun jul aug sep sept oct nov dec
    """
)
_ALSO_WORDS = frozenset(["no", "app", "art", "tab", "p", "ex"])
# Titles and parts of titles of laws, when written with a capital: "Dr. Ito", "Cal. Civ. Code".
_BEFORE_NAME = _set(
    """
    mr mrs ms dr prof st gen sen rep gov hon rev lt col civ cal stat reg supp fed bus dept univ
    messrs
    """
)
# These may end a sentence: the next word tells, if it is one that sentences begin with.
_SOMETIMES_LAST = _set(
    """
    inc ltd llc corp co plc jr sr al est etc u.s u.k e.u u.n d.c a.m p.m ph.d m.d u.s.a u.s.c b.v
    s.a ed eds
    """
)
# Of these the next word need only have a capital: a name seldom follows them.
_MOSTLY_LAST = frozenset(["etc", "a.m", "p.m", "inc", "ltd", "llc", "corp", "plc", "al"])
# "Appendix A." may end a sentence, while "J. Smith" does not.
_LETTERED = _set(
    """
    appendix annex exhibit schedule plan option group class type part section tier series grade
    vitamin column row case figure table scenario category level phase model variant arm
    """
)
_STARTERS = _set(
    """
    the this that these those there they their we our you your it its he she his her i my a an in
    on at by for from with to of as if when while where what why how who which after before since
    because although though however such some any all each every no not once until unless under
    during both many most more other another then thus therefore also but and or so yet nor see
    please users customers here instead finally first second third next additionally only does do
    is are can may must will should nothing none
    """
)

_MARKS = (
    r"[⁰¹²³⁴-⁹]+(?:[,⁻–][⁰¹²³⁴-⁹]+)*|\[[\^\d][\w,\s–-]{0,11}\]|(?<=[a-z][a-z][a-z]\.)\d{1,3}(?=\s)"
)
# The end of a sentence: stops, closing quotes, footnote marks, and blanks; or, where the source
# lost the blank, a word run into the next sentence; or a bullet in running text.
_END = re.compile(
    rf"([.!?…]+)([\"'”’»)\]*_]*)(?:{_MARKS})?"
    r"(\s+(?=\S)|(?<=[a-z][a-z][a-z][.!?])(?=[A-Z][a-z]*\s))"
    r"|(\s+)(?=[•▪●◦‣]\s)"
)
_LAST_TOKEN = re.compile(r"[\w.&’'/@:-]+$")
_NEXT_WORD = re.compile(r"[\"'“‘(\[*_]*([\w’'-]+)")
_BEFORE_TOKEN = re.compile(r"(\w+)\s+\S*$")
_OPENS = re.compile(r"[\"'“‘«(\[*_•–—-]*\s?(?:[A-Z0-9À-ÞΑ-ΩА-Я$€£~“]|(?!arX)[a-z]{1,2}[A-Z])")
_NUMBERED = re.compile(r"(?:\d{1,3}|[a-z]|[ivx]{1,5})(?:\.\d{1,3}|\.[a-z]){0,3}", re.IGNORECASE)
_LOOK_BACK = 80


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
    at = _past_blanks(text, start, end)
    for match in _END.finditer(text, start, end):
        bullet = match.start(4)
        if bullet >= 0:
            if text[at:bullet].strip():
                yield Span(at, bullet)
            at = match.end()
        elif _ends_sentence(text, at, match, end):
            yield Span(at, match.start(3))
            at = match.end()
    tail = text[at:end].rstrip()
    if tail:
        yield Span(at, at + len(tail))


def _past_blanks(text: str, start: int, end: int) -> int:
    found = re.compile(r"\s*").match(text, start, end)
    return found.end() if found else start


def _ends_sentence(text: str, start: int, match: re.Match[str], end: int) -> bool:
    """Whether the stop at ``match`` ends the sentence that begins at ``start``."""
    token = _LAST_TOKEN.search(text, max(start, match.start() - _LOOK_BACK), match.start())
    last = token.group().lower().rstrip(".") if token else ""
    if match.start(3) == match.end(3):
        return last.isalpha()  # "users.They": not "node.Js", which is no word of letters
    if not _OPENS.match(text, match.end(), end):
        return False
    if match[1] != ".":
        return match[1] not in ("...", "…") or _starts(text, match.end(), end)
    if token is None:
        return True
    if token.start() == start and _NUMBERED.fullmatch(last):
        return False  # "1. Title", "ii. text": a number at the head of the text is a list mark
    return _ends_after(text, token, last, match.end(), end)


def _ends_after(text: str, token: re.Match[str], last: str, following: int, end: int) -> bool:
    """Whether a full stop after the word ``last`` ends a sentence, by what comes after it."""
    if last in _NEVER_LAST:
        return False
    if last in _BEFORE_NUMBER:
        word = _next_word(text, following, end)
        return not (
            word[:1].isdigit() or (len(word) == 1 and not (word in "AI" and last in _ALSO_WORDS))
        )
    if last in _BEFORE_NAME and token.group()[0].isupper():
        return False
    if last in _SOMETIMES_LAST:
        if last in _MOSTLY_LAST:
            return text[following] not in "(0123456789"
        return _starts(text, following, end)
    if len(last) == 1 and last.isalpha():
        before = _BEFORE_TOKEN.search(text, max(0, token.start() - _LOOK_BACK), token.end())
        named = before is not None and before[1].lower() in _LETTERED
        return named or token.group().islower() or _starts(text, following, end)
    return True


def _next_word(text: str, at: int, end: int) -> str:
    match = _NEXT_WORD.match(text, at, end)
    return match[1] if match else ""


def _starts(text: str, at: int, end: int) -> bool:
    """Whether the word at ``at`` is one that sentences begin with."""
    word = _next_word(text, at, end).lower()
    return word in _STARTERS and (len(word) > 1 or not text.startswith(".", at + 1))


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
