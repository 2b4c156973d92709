"""Which sentences are statements: how the publisher or the product treats people, uses and data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cardwatch.model import (
    Document,
    Features,
    RuleHit,
    Sentence,
    Span,
    Statement,
    StatementKind,
)
from cardwatch.rules.hearing import Heard, listen
from cardwatch.rules.kinds import KINDS, Rule
from cardwatch.rules.lines import WORD_LIMIT, Line
from cardwatch.rules.loading import RuleSet
from cardwatch.rules.matching import Matcher, matcher_of
from cardwatch.rules.voice import SPECIFIC, probability, rules_odds

Describe = Callable[[Sentence, Document], Features]
# A rule that a line meets, and where its first phrase stands in the line.
_Met = tuple[Rule, tuple[int, int]]

# Below this weight a sentence is no statement. Reading what a card of 300 pages has between 0.2
# and this found one policy in ten, none of them grave.
_LEAST = 0.28
# Odds so low that no rules make a statement of the sentence.
_HOPELESS = -2.5
# A sentence that only goes on about the policy before it weighs so much of that one's weight.
_CONTINUES = 0.7
_CONTINUED_FROM = 0.5


def find_statements(
    document: Document,
    sentences: Sequence[Sentence],
    describe: Describe,
    rules: RuleSet,
) -> tuple[Statement, ...]:
    """The statements of a document in order.

    A sentence is one if it meets a rule and speaks as a policy does (its words, tense, actor,
    heading and neighbours), or if it goes on about the statement just before it.
    ``describe`` is called only for sentences that may be statements.
    """
    heard = listen(document, sentences)
    finder = _Finder(document, sentences, heard, matcher_of(rules), describe)
    found: dict[int, Statement] = {}
    for index in range(len(sentences)):
        finder.find(index, found)
    for index in _near_grave(sentences, found):
        each = heard[index]
        if each is not None and max(each.voice.quoted, each.voice.staged) <= 0.5:
            each.sure += _IN_GRAVE_COMPANY
            each.told += _IN_GRAVE_COMPANY
            finder.find(index, found)
    return tuple(found[index] for index in sorted(found))


# What a paragraph says beside a grave statement is mostly of the same matter: so many sentences
# off, odds rise by so much; chosen on the demo corpus.
_GRAVE = 0.9
_GRAVE_NEAR = 3
_IN_GRAVE_COMPANY = 1.0


def _near_grave(sentences: Sequence[Sentence], found: Mapping[int, Statement]) -> list[int]:
    """The sentences near a weighty statement that meets a grave rule, in its section."""
    near: set[int] = set()
    for index, statement in found.items():
        if statement.weight < _CONTINUED_FROM or statement.hits[0].weight < _GRAVE:
            continue
        around = range(max(0, index - _GRAVE_NEAR), index + _GRAVE_NEAR + 1)
        near.update(
            i
            for i in around
            if i < len(sentences)
            and i != index
            and sentences[i].section == sentences[index].section
        )
    return sorted(near)


@dataclass(slots=True)
class _Finder:
    """Finds the statements of one document, remembering which rules each sentence meets."""

    document: Document
    sentences: Sequence[Sentence]
    heard: Sequence[Heard | None]
    matcher: Matcher
    describe: Describe
    matched: dict[int, list[_Met]] = field(default_factory=dict)

    def find(self, index: int, found: dict[int, Statement]) -> None:
        """Add the statement that the sentence ``index`` makes, if it is one, to ``found``."""
        each = self.heard[index]
        if each is None:
            return
        statement = self._statement(index, each) if each.told >= _HOPELESS else None
        before = found.get(index - 1)
        if statement is None and index not in found and before is not None:
            statement = _continuation(
                self.document, index, self.sentences[index], each, before, self.describe
            )
        if statement is not None:
            found[index] = statement

    def _statement(self, index: int, heard: Heard) -> Statement | None:
        sentence = self.sentences[index]
        if index not in self.matched:
            self.matched[index] = list(self.matcher.matches(heard.line))
        matched = self.matched[index]
        if _weigh(heard, [rule for rule, _ in matched]) < _LEAST:
            return None
        features = self.describe(sentence, self.document)
        met = [(rule, place) for rule, place in matched if meets(rule, features)]
        weight = _weigh(heard, [rule for rule, _ in met])
        if weight < _LEAST:
            return None
        hits = hits_of(met, sentence, heard.line)
        return _made(self.document, index, sentence, features, hits, weight, _kinds(met))


def _kinds(met: Iterable[_Met]) -> set[StatementKind]:
    """What a statement does, by the specific rules that it meets; by the broad ones if by none.

    Broad rules (whatever touches people, all that must be) hold for most policies, so that what
    they say of one tells nothing beside a rule that knows its matter.
    """
    rules = [rule for rule, _ in met]
    specific = [rule for rule in rules if rule.weight >= SPECIFIC]
    return {kind for rule in specific or rules for kind in rule.does}


def _weigh(heard: Heard, rules: Sequence[Rule]) -> float:
    """How surely a sentence that meets some rules is a policy, times how much it matters."""
    if not rules:
        return 0.0
    weights = [rule.weight for rule in rules]
    odds = heard.told if any(rule.past for rule in rules) else heard.sure
    return probability(odds + rules_odds(weights)) * _joined(weights)


def _joined(weights: Iterable[float]) -> float:
    """The weight of several rules together: the largest, and a little for each other of weight."""
    ranked = sorted(weights, reverse=True)
    rest = 1.0
    for weight in ranked[1:]:
        rest *= 1 - 0.15 * weight if weight >= SPECIFIC else 1.0
    return 1 - (1 - ranked[0]) * rest if ranked else 0.0


_GOES_ON = re.compile(
    r" (?:this|these|those|such|they|it|instead|otherwise|however|rather|we|in (?:this|these|such|"
    r"that|those) cases?|if so|when (?:this|these|they|it)|for (?:this|these)|both|neither|until|"
    r"the (?:user|request|response|customer|account|data|model|change|decision|restriction)s?) "
)


def _continuation(
    document: Document,
    index: int,
    sentence: Sentence,
    heard: Heard,
    before: Statement,
    describe: Describe,
) -> Statement | None:
    """A sentence of the same paragraph that refers back to the statement just before it."""
    voice, start = heard.voice, heard.line.text
    if before.weight < _CONTINUED_FROM or document.block_index(before.span.start) != sentence.block:
        return None
    if not _GOES_ON.match(start) or voice.quoted > 0.5 or voice.past > 0.5 or voice.study:
        return None
    weight = _CONTINUES * before.weight
    hits = tuple(
        RuleHit(hit.rule, hit.pack, hit.says, hit.weight * _CONTINUES, sentence.span)
        for hit in before.hits[:1]
    )
    features = describe(sentence, document)
    return _made(document, index, sentence, features, hits, weight, set(before.kinds))


def hits_of(
    met: Iterable[tuple[Rule, tuple[int, int]]], sentence: Sentence, line: Line
) -> tuple[RuleHit, ...]:
    """The rules that a sentence meets, the weightiest first, with the place of each phrase."""
    found = [
        RuleHit(rule.id, rule.pack, rule.says, rule.weight, _span(sentence, line, place))
        for rule, place in met
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
    before = len(line.starts) - min(len(sentence.words), WORD_LIMIT)
    first = bisect_right(line.starts, place[0]) - 1 - before
    last = bisect_right(line.starts, max(place[0], place[1] - 2)) - 1 - before
    return Span(sentence.words[first].start, sentence.words[last].end)


def _made(
    document: Document,
    index: int,
    sentence: Sentence,
    features: Features,
    hits: tuple[RuleHit, ...],
    weight: float,
    kinds: Iterable[StatementKind],
) -> Statement:
    passage = document.passage(sentence.span)
    return Statement(
        span=sentence.span,
        quote=passage.quote,
        section=passage.section,
        page=passage.page,
        sentence=index,
        kinds=tuple(sorted(set(kinds), key=list(StatementKind).index)),
        features=features,
        hits=hits,
        weight=round(weight, 4),
    )
