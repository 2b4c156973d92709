"""Laws of aligning and comparing, on generated documents full of repetition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch.align import align, anchors, heaviest_chain, match_words, mirror
from cardwatch.model import ChangeKind, Reading
from tests.diffing import compared, markdown, not_applied, reading

SENTENCES = [
    "We will notify users before we change a filter.",
    "We will not notify users before we change a filter.",
    "The filter covers three topics: poison, malware and fraud.",
    "The filter covers four topics: poison, malware, fraud and arson.",
    "Results are reviewed every 30 days.",
    "Results are reviewed every 60 days.",
    "See Section 2.1 for details.",
    "See § 2.1 for details.",
    "Yes.",
    "Our behaviour is described in the “handbook”.",
    'Our behavior is described in the "handbook".',
    "Customers may opt out at any time unless the law forbids it",
    "1. Scope",
    "* * *",
    "ﬁnal\u200b words — of a kind…",
    "a a a a a a",
    "Ünï¢ödé 漢字。",
]
sentences = st.sampled_from(SENTENCES) | st.text(max_size=30)
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
documents = st.lists(paragraphs, max_size=7).map("\n\n".join)
few = settings(max_examples=60, deadline=None)


@st.composite
def editions(draw: st.DrawFn) -> tuple[Reading, Reading]:
    """A document and what some moves, deletions and insertions made of it."""
    blocks = draw(st.lists(paragraphs, max_size=7))
    other = list(blocks)
    for _ in range(draw(st.integers(0, 3))):
        if not other:
            break
        at = draw(st.integers(0, len(other) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                del other[at]
            case 1:
                other.insert(at, draw(paragraphs))
            case 2:
                other.insert(draw(st.integers(0, len(other) - 1)), other.pop(at))
            case _:
                other[at] = draw(sentences) + other[at][: len(other[at]) // 2]
    return reading("\n\n".join(blocks)), reading("\n\n".join(other))


HEADINGS = [
    "# Policy",
    "## 1 Scope",
    "## 2 Filters",
    "## Recommendations",
    "## Change log",
    "### Notes",
]
PIECES = [
    "- Corrected Section 1.",
    "- Moved Table 2 to Section 2.",
    "- We keep records for 30 days.",
    "- We keep records for 90 days.",
    "| a | b |\n|---|---|\n| **1** | 2 |",
    "| a | b |\n|---|---|\n| 1 | **2** |",
    "The sender is not told of it.",
    "The sender is told of it by letter.",
    "Great Tern 3 sails at noon.",
    "Tern 4 sails at noon.",
    "17",
]


@st.composite
def marked_editions(draw: st.DrawFn) -> tuple[Reading, Reading]:
    """Two Markdown documents of the same few headings, statements, items and tables."""
    piece = st.sampled_from([*HEADINGS, *PIECES, *SENTENCES[:12]])
    old = draw(st.lists(piece, max_size=12))
    new = [*old]
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(new)))
        match draw(st.integers(0, 2)):
            case 0 if at < len(new):
                new.insert(draw(st.integers(0, len(new) - 1)), new.pop(at))
            case 1 if at < len(new):
                new[at] = draw(piece)
            case _:
                new.insert(at, draw(piece))
    end = "The harbour office closes at six."  # no document is empty
    return markdown("\n\n".join([*old, end])), markdown("\n\n".join([*new, end]))


@few
@given(documents)
def test_a_document_and_itself_have_no_difference(text: str) -> None:
    """compare(x, x) is empty."""
    assert compared(reading(text), reading(text))[1].changes == ()


@few
@given(editions() | marked_editions())
def test_every_place_is_in_exactly_one_pair(pair: tuple[Reading, Reading]) -> None:
    """All sentences of both sides are paired once, and hold all that is not blank."""
    old, new = pair
    alignment = align(old, new)
    assert sorted(i for p in alignment.pairs for i in p.old) == list(range(len(old.sentences)))
    assert sorted(j for p in alignment.pairs for j in p.new) == list(range(len(new.sentences)))
    for side in pair:
        at = 0
        for sentence in side.sentences:
            assert sentence.span.start >= at
            assert not side.document.text[at : sentence.span.start].strip()
            at = sentence.span.end
        assert not side.document.text[at:].strip()
    for found in alignment.pairs:
        assert 0.0 <= found.score <= 1.0
        assert found.reason


@few
@given(editions() | marked_editions())
def test_aligning_backwards_mirrors(pair: tuple[Reading, Reading]) -> None:
    """align(b, a) is align(a, b) seen from the other side."""
    old, new = pair
    there = Counter(align(old, new).pairs)
    back = Counter(mirror(found) for found in align(new, old).pairs)
    assert there == back


@few
@given(editions() | marked_editions())
def test_applying_a_comparison_gives_the_new_text(pair: tuple[Reading, Reading]) -> None:
    """The old words with all edits are the new words; what came or went is in a change."""
    assert not_applied(*pair) == []


@few
@given(editions() | marked_editions())
def test_comparing_backwards_mirrors(pair: tuple[Reading, Reading]) -> None:
    """compare(b, a) has the changes of compare(a, b), seen from the other side."""
    old, new = pair
    turned = {ChangeKind.ADDED: ChangeKind.REMOVED, ChangeKind.REMOVED: ChangeKind.ADDED}
    there = Counter(
        (c.kind, c.old and c.old.span, c.new and c.new.span, c.noise_class)
        for c in compared(old, new)[1].changes
    )
    back = Counter(
        (turned.get(c.kind, c.kind), c.new and c.new.span, c.old and c.old.span, c.noise_class)
        for c in compared(new, old)[1].changes
    )
    assert there == back


@few
@given(editions() | marked_editions())
def test_a_change_quotes_its_place(pair: tuple[Reading, Reading]) -> None:
    """Quotes are the text at their spans, ids are unique, noise has a class, rank falls."""
    old, new = pair
    found = compared(old, new)[1].changes
    for change in found:
        for passage, side in ((change.old, old), (change.new, new)):
            assert passage is None or side.document.quote(passage.span) == passage.quote
        assert change.old or change.new
        assert change.noise == (change.noise_class is not None)
        assert 0.0 <= change.rank_score <= 1.0
    assert len({change.id for change in found}) == len(found)
    ranks = [change.rank_score for change in found if not change.noise]
    assert ranks == sorted(ranks, reverse=True)


@pytest.mark.slow
@pytest.mark.parametrize(
    "law",
    [
        test_every_place_is_in_exactly_one_pair,
        test_aligning_backwards_mirrors,
        test_applying_a_comparison_gives_the_new_text,
        test_comparing_backwards_mirrors,
        test_a_change_quotes_its_place,
    ],
)
def test_laws_hold_on_many_editions(law: Callable[..., Any]) -> None:
    """The laws again, on many more examples."""
    inner = law.hypothesis.inner_test  # type: ignore[attr-defined]  # set by given
    settings(max_examples=600, deadline=None)(given(editions() | marked_editions())(inner))()


letters = st.lists(st.sampled_from("abcd"), max_size=12)


@given(letters, letters)
def test_matching_words_rebuilds_both_sides(old: list[str], new: list[str]) -> None:
    """Opcodes tile both sequences, equal runs are equal, and swapping the sides mirrors them."""
    codes = match_words(old, new)
    at = (0, 0)
    for tag, i1, i2, j1, j2 in codes:
        assert (i1, j1) == at
        at = (i2, j2)
        assert (tag == "equal") == (old[i1:i2] == new[j1:j2])
    assert at == (len(old), len(new))
    back = [(j1, j2, i1, i2) for _, i1, i2, j1, j2 in match_words(new, old)]
    assert back == [code[1:] for code in codes]


@given(st.lists(st.integers(0, 6), max_size=20), st.lists(st.integers(0, 6), max_size=20))
def test_anchors_are_equal_and_rise(old: list[int], new: list[int]) -> None:
    """Anchors join equal items and rise on both sides; a list anchors wholly on itself."""
    found = anchors(old, new)
    assert all(old[i] == new[j] for i, j in found)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(found))
    assert anchors(old, old) == [(i, i) for i in range(len(old))]


@given(st.lists(st.integers(0, 12), max_size=9, unique=True))
def test_the_heaviest_chain_is_heaviest(places: list[int]) -> None:
    """No rising subset of the pairs weighs more, by trying all of them."""
    pairs = list(enumerate(places))
    weights = [1 + place % 3 for place in places]
    chain = heaviest_chain(pairs, weights)
    assert all(a[1] < b[1] for a, b in pairwise(chain))
    best = 0
    for mask in range(1 << len(pairs)):
        some = [pair for bit, pair in enumerate(pairs) if mask >> bit & 1]
        if all(a[1] < b[1] for a, b in pairwise(some)):
            best = max(best, sum(weights[i] for i, _ in some))
    assert sum(weights[i] for i, _ in chain) == best
