"""Passages that went in one place and came, said anew, in another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log

from cardwatch.diff.drafts import Draft
from cardwatch.diff.edition import Edition
from cardwatch.diff.reversals import LONGEST, Sides
from cardwatch.model import ChangeKind, Sentence, Span

# Two passages are one said anew if they share so much of the weight of their content words (of
# the shorter one; of both), and so many words. Read off the best matches in twenty pairs of real
# editions: all but one of the pairs above it were on one matter, half of those down to 0.3 too.
_SHARED = 0.45
_SHARED_OF_BOTH = 0.40
_COMMON_WORDS = 6
# A label that both open with ("Reviews: ...") counts like so much more.
_LABELLED = 0.1
_LABEL_WORDS = 6
# A posting list longer than this says nothing about which passage is meant.
_POSTINGS = 40
_RARE = 12


def recast(drafts: Sequence[Draft], sides: Sides) -> Iterator[Draft]:
    """The drafts with a removal and an addition that say the same in other words as one.

    Each must be the other's best match: one passage never stands for several.
    """
    gone = _Passages([d for d in drafts if _may_pair(d, ChangeKind.REMOVED)], sides.old)
    come = _Passages([d for d in drafts if _may_pair(d, ChangeKind.ADDED)], sides.new)
    taken = {id(draft): other for x, y in _best(gone, come)
             for draft, other in ((gone.drafts[x], come.drafts[y]),
                                  (come.drafts[y], gone.drafts[x]))}  # fmt: skip
    for draft in drafts:
        other = taken.get(id(draft))
        if other is None:
            yield draft
        elif draft.kind is ChangeKind.REMOVED:
            yield replace(draft, kind=ChangeKind.MOVED_EDITED, new=other.new, score=0.3)


def _may_pair(draft: Draft, kind: ChangeKind) -> bool:
    span = draft.old or draft.new
    short = span is not None and len(span) <= LONGEST
    return draft.kind is kind and draft.noise is None and not draft.account and short


@dataclass(frozen=True)
class _Passages:
    """What came or went, with its words."""

    drafts: Sequence[Draft]
    edition: Edition

    @cached_property
    def words(self) -> list[frozenset[str]]:
        """The content stems of each passage."""
        return [
            frozenset(w.stem for s in self._sentences(d) for w in s.words if not w.stop)
            for d in self.drafts
        ]

    @cached_property
    def labels(self) -> list[str]:
        """The label that each passage opens with, or nothing."""
        found = []
        for draft in self.drafts:
            head, colon, _ = self.edition.document.quote(_place(draft))[:80].partition(":")
            found.append(head.lower() if colon and len(head.split()) <= _LABEL_WORDS else "")
        return found

    @cached_property
    def counts(self) -> Counter[str]:
        """In how many sentences of the edition each stem stands."""
        return Counter(stem for s in self.edition.sentences for stem in {w.stem for w in s.words})

    def _sentences(self, draft: Draft) -> tuple[Sentence, ...]:
        return self.edition.within(_place(draft))


def _place(draft: Draft) -> Span:
    span = draft.old or draft.new
    assert span is not None  # noqa: S101 - a draft has a side
    return span


def _best(gone: _Passages, come: _Passages) -> Iterator[tuple[int, int]]:
    if not gone.drafts or not come.drafts:
        return
    total = len(gone.edition.sentences) + len(come.edition.sentences) + 1
    counts = gone.counts + come.counts
    weight = {stem: 0.2 + log(total / (1 + count)) for stem, count in counts.items()}
    scores = _scores(gone, come, weight)
    ranked = sorted((-score, x, y) for (x, y), score in scores.items())
    used_x: set[int] = set()
    used_y: set[int] = set()
    for _, x, y in ranked:
        if x not in used_x and y not in used_y:
            yield x, y
        used_x.add(x)
        used_y.add(y)


def _scores(
    gone: _Passages, come: _Passages, weight: dict[str, float]
) -> dict[tuple[int, int], float]:
    postings: defaultdict[str, list[int]] = defaultdict(list)
    for y, words in enumerate(come.words):
        for stem in words:
            postings[stem].append(y)
    found: dict[tuple[int, int], float] = {}
    for x, words in enumerate(gone.words):
        rare = sorted((s for s in words if s in postings), key=lambda s: (-weight[s], s))[:_RARE]
        near = {y for s in rare if len(postings[s]) <= _POSTINGS for y in postings[s]}
        for y in sorted(near):
            score = _likeness(words, come.words[y], weight)
            same = gone.labels[x] and gone.labels[x] == come.labels[y]
            score += _LABELLED if same else 0.0
            if score >= _SHARED:
                found[x, y] = score
    return found


def _likeness(one: frozenset[str], other: frozenset[str], weight: dict[str, float]) -> float:
    """The weight that both share, of the shorter passage; nil for too little of both."""
    common = one & other
    if len(common) < _COMMON_WORDS:
        return 0.0
    shared, left, right = (sum(weight[s] for s in sorted(words)) for words in (common, one, other))
    of_both = 2 * shared / (left + right)
    return shared / min(left, right) if of_both >= _SHARED_OF_BOTH else 0.0
