"""Which rules a line meets: phrases are looked for only where their words occur."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cardwatch.rules.kinds import Rule
from cardwatch.rules.lines import Line
from cardwatch.rules.loading import RuleSet
from cardwatch.rules.patterns import Pattern


class Matcher:
    """Finds the rules that a line meets; patterns are tried only where their words occur."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._by_word: dict[str, set[int]] = {}
        for number, rule in enumerate(self._rules):
            for pattern in rule.any:
                for word in pattern.needs[0]:
                    self._by_word.setdefault(word, set()).add(number)
        self._groups = [tuple(map(_Group.of, rule.all)) for rule in self._rules]
        self._without = [_Group.of(rule.without) for rule in self._rules]
        self._words = {
            word
            for rule in self._rules
            for pattern in (*rule.any, *(p for group in rule.all for p in group), *rule.without)
            for need in (*pattern.needs, pattern.alone)
            for word in need
        }
        self._lengths = sorted({len(word) - 1 for word in self._words if word.endswith("*")})
        self._known: dict[str, tuple[str, ...]] = {}

    def matches(self, line: Line) -> Iterator[tuple[Rule, tuple[int, int]]]:
        """The rules whose phrases stand in the line, with the place of the first phrase."""
        words = frozenset(key for word in line.vocabulary for key in self._keys(word))
        candidates: set[int] = set()
        for key in words:
            candidates.update(self._by_word.get(key, ()))
        for number in sorted(candidates):
            place = self._place(number, line, words)
            if place is not None:
                yield self._rules[number], place

    def _keys(self, word: str) -> tuple[str, ...]:
        """What patterns may know a word by: itself, and its beginnings."""
        known = self._known.get(word)
        if known is None:
            keys = [word, *(f"{word[:length]}*" for length in self._lengths)]
            known = tuple(dict.fromkeys(key for key in keys if key in self._words))
            if len(self._known) < _KNOWN_WORDS:
                self._known[word] = known
        return known

    def _place(self, number: int, line: Line, words: frozenset[str]) -> tuple[int, int] | None:
        """Where the rule's first phrase stands, if all that the rule asks for is there."""
        rule, groups = self._rules[number], self._groups[number]
        if any(group.needs.isdisjoint(words) for group in groups):
            return None
        for place in _places(rule.any, line, words):
            if all(group.stands(line, words, place, rule.near) for group in groups):
                return None if self._without[number].stands(line, words) else place
            if not rule.near:
                return None
        return None


# To prepare the rules takes as long as a page of a document, and a watch asks for thousands.
_PREPARED: dict[int, tuple[RuleSet, Matcher]] = {}
_MOST_PREPARED = 4


def matcher_of(rules: RuleSet) -> Matcher:
    """The matcher of a set of rules, which is held on to so that its number stays its own."""
    if id(rules) not in _PREPARED:
        if len(_PREPARED) >= _MOST_PREPARED:
            _PREPARED.clear()
        _PREPARED[id(rules)] = (rules, Matcher(rules.rules))
    return _PREPARED[id(rules)][1]


# Texts without end must not fill the memory with words seen once.
_KNOWN_WORDS = 200_000


@dataclass(frozen=True, slots=True)
class _Group:
    """Patterns of which one must stand somewhere, or none, with what tells quickly whether."""

    patterns: tuple[Pattern, ...]
    needs: frozenset[str]
    alone: frozenset[str]

    @classmethod
    def of(cls, patterns: Sequence[Pattern]) -> _Group:
        needs = frozenset(word for pattern in patterns for word in pattern.needs[0])
        alone = frozenset(word for pattern in patterns for word in pattern.alone)
        return cls(tuple(patterns), needs, alone)

    def stands(
        self, line: Line, words: frozenset[str], place: tuple[int, int] = (0, 0), near: int = 0
    ) -> bool:
        """Whether one of the patterns is in the line; if ``near``, within so many words."""
        if self.needs.isdisjoint(words):
            return False
        if near:
            return any(
                line.text.count(" ", min(place[1], other[1]), max(place[0], other[0]) + 1) <= near
                for other in _places(self.patterns, line, words)
            )
        return not self.alone.isdisjoint(words) or any(
            pattern.may_match(words) and pattern.regex.search(line.text)
            for pattern in self.patterns
        )


def _places(
    patterns: Sequence[Pattern], line: Line, words: frozenset[str]
) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        if pattern.may_match(words):
            for match in pattern.regex.finditer(line.text):
                yield match.span()
