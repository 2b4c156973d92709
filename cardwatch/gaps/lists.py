"""Closed lists: what a companion lists as if it were all, and what stands outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cardwatch.model import (
    Block,
    BlockKind,
    Document,
    Features,
    Reading,
    Sentence,
    Span,
    Statement,
    Word,
)

# A closed list names a handful of kinds; a longer one is a catalogue, not a claim of coverage.
_LIST_ITEMS = range(2, 13)
# An item of a closed list is a name, not a clause (words, on average).
_ITEM_WORDS = 5
# How many content words after "related to" or "for" name what a thing is for.
_TARGET_WORDS = 4
# One more of a kind is introduced as such, a few words before its name.
_FURTHER = frozenset(
    "also add another addit further extra separ other new second third fourth fifth implement "
    "introduc deploy".split()
)
_FURTHER_REACH = 5
# Words between a safeguard and what it is for.
_TARGET_REACH = 10
# What opens the name of the thing that a safeguard, fee or right is for.
_TARGET = re.compile(
    r"\b(?:(?:relat|pertain|appl|respond)\w* to|(?:target|direct|aim)(?:s|ed|ing)?(?: at)?|"
    r"concern(?:s|ing)|against|cover(?:s|ed|ing)?|(?:detect|block|limit|prevent)(?:s|ed|ing)?|"
    r"for(?! (?:example|instance)))\b",
    re.IGNORECASE,
)

Concepts = Callable[[Sequence[Word]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class ClosedList:
    """A list that claims to be whole: what it is a list of, and the words of its items."""

    span: Span
    about: frozenset[str]
    terms: frozenset[str]
    item_terms: frozenset[str]
    items: tuple[Span, ...]


def find_lists(
    reading: Reading, features: Sequence[Features], stated: Sequence[int], concepts: Concepts
) -> tuple[ClosedList, ...]:
    """The closed lists of a companion, as blocks and within its statements (``stated``)."""
    return (*_block_lists(reading, features), *_inline_lists(reading, features, stated, concepts))


def outside(
    statement: Statement,
    sentence: Sentence,
    listed: ClosedList,
    known: frozenset[str],
    concepts: Concepts,
) -> bool:
    """Whether a statement is about one more of the kind that a list claims to give in full.

    It must bring in one more of the kind, soon after say what it is for, and neither the list
    nor the rest of the companion (``known``, its words) may have all the words for that.
    """
    if not statement.features.concepts & listed.about:
        return False
    if frozenset(word.stem for word in sentence.words) & listed.item_terms:
        return False
    for at, word in enumerate(sentence.words):
        before = {each.stem for each in sentence.words[max(0, at - _FURTHER_REACH) : at]}
        if before & _FURTHER and concepts([word]) & listed.about:
            named = _target(statement, sentence.words[at + 1 :])
            if named - known:
                return True
    return False


def _target(statement: Statement, after: Sequence[Word]) -> frozenset[str]:
    """The words for what a thing is for, when they follow within a few words of it."""
    nearby = after[:_TARGET_REACH]
    if not nearby:
        return frozenset()
    start, end = nearby[0].start - statement.span.start, nearby[-1].end - statement.span.start
    cues = list(_TARGET.finditer(statement.quote, start, end))
    if not cues:
        return frozenset()
    opens = statement.span.start + cues[0].end()
    content = [word.stem for word in after if word.start >= opens and not word.stop]
    return frozenset(content[:_TARGET_WORDS])


def _block_lists(reading: Reading, features: Sequence[Features]) -> list[ClosedList]:
    """Introductions ending in a colon with the list items that follow, examples left out."""
    document, found = reading.document, []
    leads = {
        sentence.block: index
        for index, sentence in enumerate(reading.sentences)
        if document.quote(sentence.span).endswith(":")
    }
    for block, index in sorted(leads.items()):
        section = reading.sentences[index].section
        items = _items_after(document, block, section)
        if len(items) in _LIST_ITEMS and _claims_whole(features[index]):
            found.append(_closed_list(reading, features, index, items))
    return found


def _items_after(document: Document, block: int, section: int) -> list[Block]:
    """The list items of the section after a block; prose between items belongs to them."""
    items: list[Block] = []
    for each in document.blocks[block + 1 :]:
        if document.section_index(each.span.start) != section:
            break
        if each.kind is BlockKind.LIST_ITEM and each.level <= 1:
            items.append(each)
        elif not items:
            break
    return items


def _closed_list(
    reading: Reading, features: Sequence[Features], index: int, items: Sequence[Block]
) -> ClosedList:
    spans = tuple(item.span for item in items)
    heads = [_first_sentence(reading, span) for span in spans]
    head_terms: frozenset[str] = frozenset().union(*(features[head].terms for head in heads))
    lead = features[index]
    return ClosedList(
        reading.sentences[index].span, lead.concepts, lead.terms, head_terms - lead.terms, spans
    )


def _first_sentence(reading: Reading, span: Span) -> int:
    starts = [i for i, s in enumerate(reading.sentences) if s.span.start >= span.start]
    return starts[0] if starts else len(reading.sentences) - 1


def _inline_lists(
    reading: Reading, features: Sequence[Features], stated: Sequence[int], concepts: Concepts
) -> list[ClosedList]:
    """Closed enumerations within the statements of the companion: "related to a, b, or c".

    They are lists of what the rest of the sentence is about, the items left aside.
    """
    found = []
    for index in stated:
        sentence, here = reading.sentences[index], features[index]
        listed = here.enumeration
        if listed is None or not listed.closed or len(listed.items) not in _LIST_ITEMS:
            continue
        items = _bare_items(here.text, sentence.span.start, listed.items)
        inside = [word for word in sentence.words if items[0].start <= word.start < items[-1].end]
        if len(inside) > _ITEM_WORDS * len(items):
            continue
        outside = [word for word in sentence.words if word not in inside]
        terms = frozenset(word.stem for word in inside if not word.stop)
        about = concepts(outside)
        found.append(ClosedList(sentence.span, about, here.terms - terms, terms, items))
    return found


# What a sentence says before its first item ends so, and what it says after its last begins so:
# "the only topics that they act on are a, b and c", "a, b and c are the areas that they cover".
_BEFORE_ITEMS = re.compile(
    r"\b(?:are|is|be|to|about|on|of|for|against|at|with|by|from|into|cover(?:s|ed|ing)?|"
    r"concern(?:s|ed|ing)?|block(?:s|ed|ing)?|detect(?:s|ed|ing)?|limit(?:s|ed|ing)?)\s+",
    re.IGNORECASE,
)
_AFTER_ITEMS = re.compile(
    r"\s+(?:are|is|were|was|will|may|can|must|shall|do|does|that|which|who|alone|only)\b",
    re.IGNORECASE,
)


def _bare_items(text: str, offset: int, items: Sequence[Span]) -> tuple[Span, ...]:
    """The items of an enumeration without the rest of the sentence; ``text`` is at ``offset``.

    An enumeration knows where its commas are, not where its first item begins and its last ends.
    """
    first, *inner, last = items
    opens = list(_BEFORE_ITEMS.finditer(text, first.start - offset, first.end - offset))
    if opens:
        first = Span(offset + opens[-1].end(), first.end)
    closes = _AFTER_ITEMS.search(text, last.start - offset, last.end - offset)
    if closes:
        last = Span(last.start, offset + closes.start())
    return (first, *inner, last)


def _claims_whole(lead: Features) -> bool:
    return not any(cue in lead.text.lower() for cue in _ILLUSTRATIVE)


_ILLUSTRATIVE = ("for example", "such as", "including", "e.g.", "among others", "for instance")
