"""One side of a comparison, with what stands at each sentence looked up once."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from cardwatch.diff.sections import reads_as_account, tells_of_changes
from cardwatch.diff.spelling import american
from cardwatch.diff.tokens import Token, TokenKind, tokens
from cardwatch.model import (
    Block,
    BlockKind,
    Document,
    Link,
    Mark,
    MediaType,
    Reading,
    Sentence,
    Span,
)

# An account without a heading that says so stands in the first tenth of a document.
_EARLY = 10
# A running head has few words and stands on several pages.
_FURNITURE_WORDS = 14
_REPEATED = 3
_PAGED = re.compile(r"\b(?:page|p\.)\s*\d+|\d+\s*(?:/|of)\s*\d+|^\W*\d+\W|\W\d+\W*$", re.IGNORECASE)
# Replacement characters, glyph numbers, private characters, spaced-out letters, words run
# together.
_DAMAGE = re.compile(
    "\ufffd|\\(cid:\\d+\\)|[\ue000-\uf8ff]|\\b(?:[A-Za-z] ){6,}[A-Za-z]\\b|\\b[a-z]{26,}\\b"
)
# A bullet within a line, and one with nothing behind it.
_STRAY = re.compile(r"\S[ \t]*[•●▪◦‣∙■□○➢][ \t]|[•●▪◦‣∙■□○➢][ \t]*$")
_ONLY_MARK = re.compile(r"[•●▪◦‣∙■□○➢*·–-]|\(?[0-9a-z]{1,3}[.)]")
_MARK = 5
# So many numbers that run on are the numbers of a list and not figures.
_RUN = 3
_NUMBERED_KINDS = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM})
_PARAGRAPH_NUMBER = re.compile(r"(\d{1,3}(?:\.\d{1,3}){1,4})\.?(?=\s+[\"“‘(]?[A-Z])")
_LAST_NUMBER = re.compile(r"\s(\d{1,3})\.$")


@dataclass(frozen=True)
class Edition:
    """One side of the comparison, with its marks, links and notes looked up by sentence."""

    reading: Reading
    parted: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def document(self) -> Document:
        """The document of this side."""
        return self.reading.document

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences."""
        return self.reading.sentences

    def span(self, indices: Sequence[int]) -> Span:
        """From the first of these sentences to the last."""
        return Span(
            min(self.sentences[i].span.start for i in indices),
            max(self.sentences[i].span.end for i in indices),
        )

    def text(self, indices: Sequence[int]) -> str:
        """The words from the first of these sentences to the last."""
        return self.document.quote(self.span(indices))

    def block(self, index: int) -> Block:
        """The block that holds a sentence."""
        return self.document.blocks[self.sentences[index].block]

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.span.start for sentence in self.sentences]

    def at(self, offset: int) -> int:
        """The index of the sentence at ``offset``, or of the last one before it."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def within(self, span: Span) -> tuple[Sentence, ...]:
        """The sentences that share a character with ``span``."""
        first, last = self.at(span.start), self.at(max(span.start, span.end - 1))
        return tuple(s for s in self.sentences[first : last + 1] if s.span.overlaps(span))

    @cached_property
    def accounts(self) -> frozenset[int]:
        """The sections that tell of changes, by their headings or by what they say."""
        by_section: defaultdict[int, list[str]] = defaultdict(list)
        for sentence in self.sentences:
            by_section[sentence.section].append(self.document.quote(sentence.span))
        found = set()
        for index, section in enumerate(self.document.sections):
            early = section.span.start * _EARLY <= len(self.document.text)
            if tells_of_changes(section) or (early and reads_as_account(by_section[index])):
                found.add(index)
        return frozenset(found)

    @cached_property
    def marks(self) -> dict[int, list[Mark]]:
        """Emphasis by sentence."""
        found: defaultdict[int, list[Mark]] = defaultdict(list)
        for mark in self.document.marks:
            found[self.at(mark.span.start)].append(mark)
        return found

    @cached_property
    def links(self) -> dict[int, list[Link]]:
        """Links by sentence."""
        found: defaultdict[int, list[Link]] = defaultdict(list)
        for link in self.document.links:
            found[self.at(link.span.start)].append(link)
        return found

    @cached_property
    def notes(self) -> dict[int, list[Span]]:
        """The marks of footnotes by sentence."""
        found: defaultdict[int, list[Span]] = defaultdict(list)
        for note in self.document.footnotes:
            for mark in note.marks:
                found[self.at(mark.start)].append(mark)
        return found

    def unread(self, span: Span) -> Iterator[str]:
        """The kinds of unread places in or beside a span; figures say nothing of words."""
        for at, kind in self._unread[bisect_left(self._unread, (span.start - 2, "")) :]:
            if at > span.end + 2:
                return
            yield kind

    @cached_property
    def _unread(self) -> list[tuple[int, str]]:
        places = self.document.coverage.unread
        return sorted((place.at, place.kind) for place in places if place.kind != "figure")

    def at_seam(self, span: Span) -> bool:
        """Whether a page of a PDF ends within a span or right beside it."""
        if self.document.source.media_type is not MediaType.PDF:
            return False
        at = bisect_left(self._seams, span.start - 1)
        return at < len(self._seams) and self._seams[at] <= span.end + 1

    def damaged(self, span: Span) -> bool:
        """Whether a passage holds what no publisher wrote: signs of a text badly extracted."""
        return _DAMAGE.search(self.document.quote(span)) is not None

    def stray_mark(self, index: int) -> bool:
        """Whether a bullet stands within a sentence's line, or in a block of its own beside it."""
        text = self.document.text
        blocks = self.document.blocks
        at = self.sentences[index].block
        start, end = blocks[at].span.start, blocks[at].span.end
        if _STRAY.search(text[start:end]):
            return True
        beside = [b for b in blocks[max(0, at - 1) : at + 2] if len(b.span) <= _MARK]
        return any(_ONLY_MARK.fullmatch(self.document.quote(block.span)) for block in beside)

    @cached_property
    def _seams(self) -> list[int]:
        return [page.span.start for page in self.document.pages[1:]]

    @cached_property
    def _running(self) -> frozenset[int]:
        """Sentences that end in the number of the list item after them: the numbers run on."""
        found: set[int] = set()
        run: list[int] = []
        last = (-1, -1)
        for index, sentence in enumerate(self.sentences):
            words = self.document.text[
                max(sentence.span.start, sentence.span.end - 5) : sentence.span.end
            ]
            match = _LAST_NUMBER.search(words)
            here = (sentence.block, int(match[1])) if match else (-1, -1)
            if match and here == (last[0], last[1] + 1):
                run.append(index)
            else:
                run = [index] if match else []
            if len(run) >= _RUN:
                found.update(run)
            last = here
        return frozenset(found)

    @cached_property
    def furniture(self) -> frozenset[int]:
        """Sentences that stand as short blocks of the same words, but for numbers, thrice or more.

        A running head or foot that the reader left in the text: in a PDF at the seams of pages,
        elsewhere with a page number in it. Headings, list items and tables are none.
        """
        places: defaultdict[str, list[int]] = defaultdict(list)
        for index, sentence in enumerate(self.sentences):
            block = self.block(index)
            if block.span != sentence.span or len(sentence.words) > _FURNITURE_WORDS:
                continue
            if block.kind not in (BlockKind.PARAGRAPH, BlockKind.FOOTNOTE):
                continue
            words = self.document.quote(sentence.span)
            paged = _PAGED.search(words) is not None
            if self.at_seam(sentence.span) or (paged and not self.document.pages):
                places[re.sub(r"\d+", "0", words.lower())].append(index)
        return frozenset(i for some in places.values() if len(some) >= _REPEATED for i in some)

    @cached_property
    def labels(self) -> dict[int, str]:
        """The labels of footnotes by the place where their text starts."""
        notes = self.document.footnotes
        return {note.body.start: note.label for note in notes if note.body is not None}

    @cached_property
    def numbered(self) -> dict[int, str]:
        """The numbers of paragraphs ("4.2 We will ...") by the place where they stand.

        They stand at the head of a block or line, and there are at least three of them: one
        alone may be a figure that opens a sentence.
        """
        text, found = self.document.text, {}
        for index, sentence in enumerate(self.sentences):
            start = sentence.span.start
            if self.block(index).kind not in _NUMBERED_KINDS:
                continue
            if start != self.block(index).span.start and text[start - 1] != "\n":
                continue
            if label := _PARAGRAPH_NUMBER.match(text, start, sentence.span.end):
                found[start] = label[1]
        return found if len(found) >= _RUN else {}

    @cached_property
    def titles(self) -> frozenset[str]:
        """The titles of sections, as a table of contents would list them."""
        titles = {title_of(section.title) for section in self.document.sections}
        return frozenset(titles - {""} | {"contents", "table of contents", "on this page"})

    def tokens(self, indices: Sequence[int]) -> list[Token]:
        """The tokens of these sentences, the number of a heading among them as a reference."""
        notes = [mark for i in indices for mark in self.notes.get(i, ())]
        found = tokens(self.document.text, self.span(indices), american, notes)
        if self.parted:
            found = [part for token in found for part in self._apart(token)]
        if indices[-1] in self._running and len(found) > 2:
            found[-2] = replace(found[-2], canon="†", kind=TokenKind.NOTE)
        starts = {self.sentences[i].span.start for i in indices} & self.numbered.keys()
        if starts:
            found = [
                replace(token, canon="¶", kind=TokenKind.REFERENCE)
                if token.start in starts
                else token
                for token in found
            ]
        if found and self.block(indices[0]).kind is BlockKind.HEADING:
            number = self.document.sections[self.sentences[indices[0]].section].number
            if found[0].text.rstrip(".") == number:
                found[0] = replace(
                    found[0], canon=f"section {number.lower()}", kind=TokenKind.REFERENCE
                )
        return found

    def _apart(self, token: Token) -> Iterator[Token]:
        """A token, or the words that it runs together."""
        parts = self.parted.get(token.text.lower(), ()) if token.kind is TokenKind.WORD else ()
        if not parts:
            yield token
        at = token.start
        for part in parts:
            shown = token.text[at - token.start : at - token.start + len(part)]
            yield Token(at, at + len(part), shown, american(part), TokenKind.WORD)
            at += len(part)


def title_of(text: str) -> str:
    """The words of a title without its number, leaders and page."""
    text = re.sub(r"^[\W_]*(?:\d+(?:\.\d+)*|[A-Z]|[IVXLC]+)[.):]\s+", "", " ".join(text.split()))
    return re.sub(r"[\s.·…]*\d*$", "", text).strip(" :").lower()
