"""How much a changed commitment matters: how firmly it binds, and how central it is."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from cardwatch.model import Change, Document, Outcome, Passage, Reading, Span, Statement
from cardwatch.revision.binding import binding
from cardwatch.revision.given import Given

# What a row's weight is made of: the weightiest rule that it meets, how central it is to its
# edition, and the comparison's own rank. Chosen by hand; they order rows and are in no verdict.
_RULE, _CENTRAL, _CHANGE = 0.45, 0.35, 0.2
_NO_RULE = 0.3
# Statements from this likeness on speak of the same thing; each that does adds a part of what is
# missing to a full centrality.
_ECHO = 0.3
_EACH = 0.3
# One in the summary or the introduction counts for so many.
_FRONT_COUNTS = 3
_FRONT = re.compile(
    r"\b(?:summary|overview|introduction|at a glance|principles|highlights|our commitments)\b", re.I
)
# A rule of this weight that at most this share of the statements meet names a matter by itself:
# what meets it is about one thing, however it is worded.
_GRAVE = 0.9
_RARE = 0.04
# A word in more than this share of the statements tells nothing of what one is about.
_COMMON = 0.15
_WENT = frozenset([Outcome.REMOVED, Outcome.WEAKENED, Outcome.RELOCATED])


class Likeness:
    """The statements of one edition by their words, to find those that speak of the same."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._terms = [statement.features.terms for statement in reading.statements]
        counts = Counter(term for terms in self._terms for term in terms)
        most = max(3.0, _COMMON * len(self._terms))
        self._idf = {
            term: math.log(1 + len(self._terms) / n) for term, n in counts.items() if n <= most
        }
        self._postings: dict[str, list[int]] = {}
        for number, terms in enumerate(self._terms):
            for term in terms & self._idf.keys():
                self._postings.setdefault(term, []).append(number)
        self._known: dict[frozenset[str], float] = {}
        self._lengths = [self.length(terms) for terms in self._terms]

    def weighed(self, terms: frozenset[str]) -> list[tuple[str, float]]:
        """The words that tell statements apart, each with the square of its weight."""
        return [(term, self._idf[term] ** 2) for term in sorted(terms & self._idf.keys())]

    def length(self, terms: frozenset[str]) -> float:
        """The length of a set of words, for cosines."""
        known = self._known.get(terms)
        if known is None:
            known = math.sqrt(sum(weight for _, weight in self.weighed(terms)))
            self._known[terms] = known
        return known

    def cosine(self, one: frozenset[str], other: frozenset[str]) -> float:
        """How alike two sets of words are, 0 to 1, rare words counting more."""
        shared = sum(weight for _, weight in self.weighed(one & other))
        lengths = self.length(one) * self.length(other)
        return shared / lengths if lengths else 0.0

    def echoes(self, passage: Passage, terms: frozenset[str]) -> Iterator[Statement]:
        """The statements outside ``passage`` that speak of the same."""
        shared: dict[int, float] = {}
        for term, weight in self.weighed(terms):
            for number in self._postings.get(term, ()):
                shared[number] = shared.get(number, 0.0) + weight
        own = self.length(terms)
        for number in sorted(shared):
            statement = self.reading.statements[number]
            if statement.span.overlaps(passage.span) or not self._lengths[number] or not own:
                continue
            if shared[number] >= _ECHO * own * self._lengths[number]:
                yield statement


class Scale:
    """Weighs the changes of one audit; what it needs of the editions is prepared once."""

    def __init__(self, given: Given, mend: Callable[[str], str]) -> None:
        self.given = given
        self.old, self.new = Likeness(given.old), Likeness(given.new)
        self.grave = _grave_rules((given.old, given.new))
        self._mend = mend
        self._known: dict[tuple[bool, Span], tuple[float, float, float]] = {}

    def binding(self, passage: Passage, reading: Reading) -> float:
        """How firmly a passage of an edition binds, 0 to 1."""
        document = reading.document
        titles = " / ".join(document.section_at(passage.span.start).path) or passage.section
        note = any(n.body and n.body.overlaps(passage.span) for n in document.footnotes)
        return binding(self._mend(passage.quote), titles, note=note)

    def weigh(self, change: Change) -> float:
        """How much a changed commitment matters, 0 to 1: firmness times what it is about.

        What went counts by what it said, not by what came instead.
        """
        best = 0.0
        for passage, old in ((change.old, True), (change.new, False)):
            if passage is None:
                continue
            rule, central, binds = self._parts(passage, old=old)
            about = _RULE * rule + _CENTRAL * central + _CHANGE * change.rank_score
            best = max(best, about * binds)
            if change.outcome in _WENT:
                break
        # a verdict that could as well be another one stands behind those that are sure
        sure = 0.5 + change.confidence / 2 if change.outcome is Outcome.WEAKENED else 1.0
        return round(best * sure, 4)

    def _parts(self, passage: Passage, *, old: bool) -> tuple[float, float, float]:
        """A passage's rule, centrality and firmness, worked out once."""
        known = self._known.get((old, passage.span))
        if known is None:
            likeness = self.old if old else self.new
            statements = list(statements_in(likeness.reading, passage.span))
            known = self._known[old, passage.span] = (
                max((h.weight for s in statements for h in s.hits), default=_NO_RULE),
                self._centrality(likeness, passage, statements),
                self.binding(passage, likeness.reading),
            )
        return known

    def _centrality(
        self, likeness: Likeness, passage: Passage, statements: Sequence[Statement]
    ) -> float:
        if not statements:
            return 0.0
        document = likeness.reading.document
        terms = frozenset[str]().union(*(s.features.terms for s in statements))
        echoes = list(likeness.echoes(passage, terms))
        count = len(echoes)
        # what an introduction says and the body does not take up is an opening remark
        own = _in_front(document, passage.span)
        if any(_in_front(document, echo.span) != own for echo in echoes):
            count += _FRONT_COUNTS
        return float(1 - (1 - _EACH) ** count)


def _grave_rules(readings: Iterable[Reading]) -> frozenset[str]:
    """The grave rules that few statements of the editions meet, of the pack that fits them best.

    A rule for other kinds of document may fire here too, but on no one matter.
    """
    counts: Counter[tuple[str, str]] = Counter()
    grave: set[str] = set()
    total = 0
    for reading in readings:
        total += len(reading.statements)
        for statement in reading.statements:
            counts.update({(hit.pack, hit.rule) for hit in statement.hits})
            grave.update(hit.rule for hit in statement.hits if hit.weight >= _GRAVE)
    packs: dict[str, list[int]] = {}
    for (pack, _), n in sorted(counts.items()):
        packs.setdefault(pack, []).append(n)
    fits = max(packs, key=lambda pack: (sum(packs[pack]) / len(packs[pack]), pack), default="")
    most = max(3, _RARE * total)
    return frozenset(r for (pack, r), n in counts.items() if pack == fits and n <= most) & grave


def _in_front(document: Document, span: Span) -> bool:
    """Whether a place is in a summary or introduction."""
    return any(_FRONT.search(title) for title in document.section_at(span.start).path)


def statements_in(reading: Reading, span: Span) -> Iterator[Statement]:
    """The statements that overlap a place, in order."""
    # statements are sentences: in order, and none overlaps another
    first = bisect_right(reading.statements, span.start, key=lambda each: each.span.end)
    for statement in reading.statements[first:]:
        if statement.span.start >= span.end:
            return
        if statement.span.overlaps(span):
            yield statement


def rules_at(reading: Reading, span: Span) -> frozenset[str]:
    """The rules that the statements at a place meet."""
    return frozenset(hit.rule for each in statements_in(reading, span) for hit in each.hits)
