"""What a number leads to: aligned sections, paragraphs and captions, and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from cardwatch.diff.edition import Edition
from cardwatch.diff.tokens import TokenKind
from cardwatch.model import BlockKind, Pair

# What a text may call a numbered paragraph or section when it refers to one.
_NAMES = ("section", "paragraph", "clause", "article")


@dataclass(frozen=True)
class References:
    """Canonical references ("section 2.3"): ``moved`` from old to new for what has another number
    now; ``known`` are the new ones of all that both editions have.
    """

    moved: dict[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()


def aligned_references(old: Edition, new: Edition, pairs: Sequence[Pair]) -> References:
    """What the numbers in the two editions lead to, as far as it was aligned.

    Headings, numbered paragraphs and captions that were paired tell it, not guesses from the
    text around a reference.
    """
    found = {
        reference
        for pair in pairs
        if len(pair.old) == len(pair.new) == 1
        for reference in _of_pair(old, new, pair)
    }
    # a number that two places bear leads to neither for sure
    before, after = Counter(a for a, _ in found), Counter(b for _, b in found)
    sure = {a: b for a, b in found if before[a] == after[b] == 1}
    moved = {a: b for a, b in sorted(sure.items()) if a != b}
    return References(moved, frozenset(sure.values()))


def _of_pair(old: Edition, new: Edition, pair: Pair) -> Iterator[tuple[str, str]]:
    i, j = pair.old[0], pair.new[0]
    before, after = _number(old, i), _number(new, j)
    if before and after:
        yield from ((f"{name} {before}", f"{name} {after}") for name in _NAMES)
    elif 0.6 <= pair.score < 1.0:
        captions = _caption_number(old, i), _caption_number(new, j)
        if all(captions) and captions[0].split()[0] == captions[1].split()[0]:
            yield captions


def _number(edition: Edition, index: int) -> str:
    """The number of the section that a sentence is the heading of, or of the paragraph it opens."""
    sentence = edition.sentences[index]
    if edition.block(index).kind is not BlockKind.HEADING:
        return edition.numbered.get(sentence.span.start, "")
    section = edition.document.sections[sentence.section]
    return section.number.lower() if section.heading.start == sentence.span.start else ""


def _caption_number(edition: Edition, index: int) -> str:
    text = edition.text([index])[:40].lstrip("*_[ ")
    if text[:3].lower() not in ("fig", "tab"):
        return ""
    head = [t for t in edition.tokens([index])[:5] if t.kind is TokenKind.REFERENCE]
    return head[0].canon if head else ""
