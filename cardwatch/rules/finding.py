"""Which sentences are statements: how the publisher or the product treats people, uses and data."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from cardwatch.model import (
    BlockKind,
    Document,
    Features,
    RuleHit,
    Sentence,
    Span,
    Statement,
    StatementKind,
)
from cardwatch.rules.kinds import KINDS, Rule
from cardwatch.rules.loading import RuleSet
from cardwatch.rules.patterns import Pattern

Describe = Callable[[Sentence, Document], Features]

# Longer sentences (tables without rows, text without stops) are matched on their beginning only.
_WORD_LIMIT = 400
_SPOKEN = {"n't": "not", "wo": "will", "ca": "can", "'ll": "will", "'re": "are", "'ve": "have"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence's words as patterns see them, each between blanks, and where each begins.

    ``own`` is the place in ``text`` where the sentence begins: before it stands its lead.
    """

    text: str
    starts: tuple[int, ...]
    words: tuple[str, ...]
    own: int


def line_of(sentence: Sentence, lead: Sentence | None = None) -> Line:
    """The words of a sentence, after those of the sentence that introduces it."""
    before = [_spoken(word.lower) for word in lead.words[-_WORD_LIMIT:]] if lead else []
    words = before + [_spoken(word.lower) for word in sentence.words[:_WORD_LIMIT]]
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word) + 1
    own = starts[len(before)] if len(before) < len(starts) else at
    return Line(f" {' '.join(words)} ", tuple(starts), tuple(words), own)


@lru_cache(maxsize=100_000)
def _spoken(lower: str) -> str:
    return _SPOKEN.get(lower, lower).replace("-", " ").strip() or lower


class Matcher:
    """Finds the rules that a line meets; patterns are tried only where their words occur."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._exact: dict[str, set[int]] = {}
        self._prefix: dict[str, set[int]] = {}
        self._rules = tuple(rules)
        for number, rule in enumerate(self._rules):
            for pattern in rule.any:
                for word in pattern.exact:
                    self._exact.setdefault(word, set()).add(number)
                for prefix in pattern.prefixes:
                    self._prefix.setdefault(prefix, set()).add(number)
        self._lengths = sorted({len(prefix) for prefix in self._prefix})
        self._known: dict[str, frozenset[int]] = {}

    def matches(self, line: Line) -> Iterator[tuple[Rule, tuple[int, int]]]:
        """The rules whose phrases stand in the line, with the place of the first phrase."""
        candidates: set[int] = set()
        for word in set(line.words):
            candidates |= self._rules_of(word)
        for number in sorted(candidates):
            place = _phrases(self._rules[number], line)
            if place is not None:
                yield self._rules[number], place

    def _rules_of(self, word: str) -> frozenset[int]:
        known = self._known.get(word)
        if known is None:
            found: set[int] = set()
            for part in word.split():
                found |= self._exact.get(part, set())
                for length in self._lengths:
                    found |= self._prefix.get(part[:length], set())
            known = self._known[word] = frozenset(found)
        return known


def _phrases(rule: Rule, line: Line) -> tuple[int, int] | None:
    """Where the rule's first phrase stands, if all that the rule asks for is there."""
    if any(pattern.regex.search(line.text) for pattern in rule.without):
        return None
    for place in _places(rule.any, line.text):
        if all(_near(group, place, rule.near, line) for group in rule.all):
            return place
    return None


def _places(patterns: Sequence[Pattern], text: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in pattern.regex.finditer(text):
            yield match.span()


def _near(group: Sequence[Pattern], place: tuple[int, int], near: int, line: Line) -> bool:
    """Whether a phrase of ``group`` stands within ``near`` words of ``place``."""
    if not near:
        return any(pattern.regex.search(line.text) for pattern in group)
    return any(
        line.text.count(" ", min(place[1], other[1]), max(place[0], other[0]) + 1) <= near
        for other in _places(group, line.text)
    )


def find_statements(
    document: Document,
    sentences: Sequence[Sentence],
    describe: Describe,
    rules: RuleSet,
) -> tuple[Statement, ...]:
    """The statements of a document in order.

    ``describe`` is called only for sentences that hold the phrases of some rule.
    """
    matcher = Matcher(rules.rules)
    places = {sentence.span: sentence for sentence in sentences}
    found = []
    for index, sentence in enumerate(sentences):
        if document.blocks and document.blocks[sentence.block].kind in _NO_STATEMENTS:
            continue
        line = line_of(sentence, places.get(sentence.lead) if sentence.lead else None)
        matched = list(matcher.matches(line))
        if not matched:
            continue
        features = describe(sentence, document)
        hits = hits_of(matched, features, sentence, line)
        if hits:
            found.append(_statement(document, index, sentence, features, hits))
    return tuple(found)


_NO_STATEMENTS = frozenset([BlockKind.HEADING, BlockKind.CODE])


def hits_of(
    matched: Iterable[tuple[Rule, tuple[int, int]]],
    features: Features,
    sentence: Sentence,
    line: Line,
) -> tuple[RuleHit, ...]:
    """The rules that a sentence meets with all that their kinds ask, the weightiest first."""
    found = [
        RuleHit(rule.id, rule.pack, rule.says, rule.weight, _span(sentence, line, place))
        for rule, place in matched
        if meets(rule, features)
    ]
    return tuple(sorted(found, key=lambda hit: (-hit.weight, hit.rule)))


def meets(rule: Rule, features: Features) -> bool:
    """Whether a sentence whose phrases fit also has what the rule's kind asks for."""
    if rule.concepts and not rule.concepts & features.concepts:
        return False
    test = KINDS[rule.kind].test
    return test is None or test(rule, features)


def _span(sentence: Sentence, line: Line, place: tuple[int, int]) -> Span:
    """The place of a phrase in the document: the whole sentence when it stands in the lead."""
    if place[0] < line.own or not sentence.words:
        return sentence.span
    before = len(line.starts) - min(len(sentence.words), _WORD_LIMIT)
    first = bisect_right(line.starts, place[0]) - 1 - before
    last = bisect_right(line.starts, max(place[0], place[1] - 2)) - 1 - before
    return Span(sentence.words[first].start, sentence.words[last].end)


def _statement(
    document: Document,
    index: int,
    sentence: Sentence,
    features: Features,
    hits: tuple[RuleHit, ...],
) -> Statement:
    return Statement(
        span=sentence.span,
        quote=document.quote(sentence.span),
        section=document.section_at(sentence.span.start).label,
        page=document.page_at(sentence.span.start),
        sentence=index,
        kinds=(StatementKind.COMMITS,),
        features=features,
        hits=hits,
        weight=max(hit.weight for hit in hits),
    )
