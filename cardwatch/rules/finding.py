"""Which sentences are statements: how the publisher or the product treats people, uses and data."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from cardwatch.model import (
    Block,
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
from cardwatch.rules.voice import (
    SPECIFIC,
    Place,
    Voice,
    heading_score,
    is_staged,
    policy_odds,
    probability,
    rules_odds,
    voice_of,
)

Describe = Callable[[Sentence, Document], Features]
# A rule that a line meets, and where its first phrase stands in the line.
_Met = tuple[Rule, tuple[int, int]]

# Longer sentences (tables without rows, text without stops) are matched on their beginning only.
_WORD_LIMIT = 400
_LEAD_LIMIT = 80
_LEADS = 3
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
    vocabulary: frozenset[str]


def line_of(sentence: Sentence, leads: Sequence[Sentence] = (), publisher: str = "") -> Line:
    """The words of a sentence, after those of the sentences that introduce it.

    The publisher's name, in lower case, reads as "we".
    """
    before = [_spoken(word.lower) for lead in leads for word in lead.words[-_LEAD_LIMIT:]]
    words = before + [_spoken(word.lower) for word in sentence.words[:_WORD_LIMIT]]
    if publisher and publisher in words:
        words = ["we" if word == publisher else word for word in words]
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word) + 1
    own = starts[len(before)] if len(before) < len(starts) else at
    text = f" {' '.join(words)} "
    return Line(text, tuple(starts), tuple(words), own, frozenset(text.split()))


@lru_cache(maxsize=100_000)
def _spoken(lower: str) -> str:
    return _SPOKEN.get(lower, lower).replace("-", " ").strip() or lower


_NAME = r"\b([a-z]{0,2}[A-Z][A-Za-z]{1,30})"
_OWNS = re.compile(
    rf"{_NAME}[’']s (?:\w+ ){{0,3}}(?:[Pp]olic(?:y|ies)|[Tt]erms|[Ss]ervices?|[Ww]ebsite|"
    r"[Pp]rivacy|[Ff]ramework|[Pp]roducts|[Ee]mployees|[Ss]taff|[Bb]oard)\b"
    rf"|{_NAME}(?: [A-Z]\w{{1,20}})?,? (?:Inc|PBC|LLC|Ltd|Limited|GmbH|Corporation)\b"
    rf"|{_NAME} (?:may|will|shall|reserves|commits|is committed|agrees) "
)
# A name that shows itself less often than this may be anybody's.
_NAMED = 3


def publisher_name(document: Document) -> str:
    """The name of the publisher in lower case, empty if the text does not show it.

    It is the name that owns policies and services, or bears a company's suffix, or acts, most
    often; a word that also stands in lower case is no name.
    """
    counts: Counter[str] = Counter()
    owners: set[str] = set()
    for match in _OWNS.finditer(document.text):
        name = match[1] or match[2] or match[3]
        counts[name] += 3 if match[2] else 1
        owners |= set() if match[3] else {name}
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        odd = any(char.isupper() for char in name[1:])  # "xAI", "DeepMind": no common word
        if count < _NAMED or len(name) < 3 or not (odd or name in owners):
            continue
        common = len(
            re.findall(rf"(?<![\w/.-]){re.escape(name.lower())}(?![\w/.-])", document.text)
        )
        if common * 4 < len(re.findall(rf"\b{re.escape(name)}\b", document.text)):
            return name.lower()
    return ""


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


def _matcher(rules: RuleSet) -> Matcher:
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


# Below this weight a sentence is no statement. Reading what a card of 300 pages has between 0.2
# and this found one policy in ten, none of them grave.
_LEAST = 0.28
# Odds so low that no rules make a statement of the sentence.
_HOPELESS = -2.5
# How many sentences before and after tell what kind of prose a sentence stands in.
_AROUND = 6
# A sentence that only goes on about the policy before it weighs so much of that one's weight.
_CONTINUES = 0.7
_CONTINUED_FROM = 0.5


@dataclass(slots=True)
class _Heard:
    """A sentence as it sounds before its features are computed; ``sure`` is how like a policy.

    It is in log-odds.
    ``told`` is the same for matters that are policies even when told as done.
    """

    line: Line
    voice: Voice
    sure: float = -30.0
    told: float = -30.0


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
    heard = _listen(document, sentences)
    finder = _Finder(document, sentences, heard, _matcher(rules), describe)
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


def _listen(document: Document, sentences: Sequence[Sentence]) -> list[_Heard | None]:
    """How surely each sentence is a policy by its voice; ``None`` for headings and code.

    The heading row of a table is a heading.
    """
    places = {sentence.span: sentence for sentence in sentences}
    publisher = publisher_name(document)
    kinds = [document.blocks[each.block].kind if document.blocks else None for each in sentences]
    heard: list[_Heard | None] = []
    for sentence, kind in zip(sentences, kinds, strict=True):
        if kind in _NO_STATEMENTS or (
            kind is BlockKind.TABLE and _heads_columns(document.blocks[sentence.block], sentence)
        ):
            heard.append(None)
            continue
        line = line_of(sentence, _leads(sentence, places), publisher)
        voice = voice_of(line.text, line.words, document.quote(sentence.span))
        heard.append(_Heard(line, voice))
    around = _neighbourhoods(sentences, heard)
    aloof = _speaks_to_nobody(heard)
    headings: dict[int, tuple[float, bool]] = {}
    for index, (sentence, each) in enumerate(zip(sentences, heard, strict=True)):
        if each is None:
            continue
        if sentence.section not in headings:
            section = document.sections[sentence.section]
            headings[sentence.section] = heading_score(section), is_staged(section)
        heading, staged = headings[sentence.section]
        cues, spoken = around[index]
        to_somebody = _SPOKEN_TO if aloof and not each.line.vocabulary.isdisjoint(_YOU) else 0.0
        place = Place(heading, cues, kinds[index], max(float(staged), spoken, to_somebody))
        each.sure, each.told = policy_odds(each.voice, place)
    return heard


_YOU = frozenset(["you", "your", "yours"])
# A card says "you" in 1 to 2 sentences of a hundred, and those it quotes; terms and posts in 7
# or more (the documents in corpora/demo and a dozen real ones). So much staged is such a "you".
_ALOOF = 0.04
_ALOOF_FROM = 100
_SPOKEN_TO = 0.6


def _speaks_to_nobody(heard: Sequence[_Heard | None]) -> bool:
    """Whether a document of some length does not address its reader: its "you" is in quotes."""
    said = [each.line.vocabulary for each in heard if each is not None]
    addressed = sum(not words.isdisjoint(_YOU) for words in said)
    return len(said) >= _ALOOF_FROM and addressed < _ALOOF * len(said)


_NO_STATEMENTS = frozenset([BlockKind.HEADING, BlockKind.CODE])


def _heads_columns(table: Block, row: Sentence) -> bool:
    """Whether a row of a table holds nothing but the headings of its columns."""
    cells = [cell for cell in table.cells if len(cell.span) and row.span.contains(cell.span)]
    return bool(cells) and all(cell.header for cell in cells)


def _leads(sentence: Sentence, places: Mapping[Span, Sentence]) -> list[Sentence]:
    """The introductions of a list item, the outermost first."""
    found: list[Sentence] = []
    while len(found) < _LEADS and sentence.lead is not None and sentence.lead in places:
        sentence = places[sentence.lead]
        found.insert(0, sentence)
    return found


def _neighbourhoods(
    sentences: Sequence[Sentence], heard: Sequence[_Heard | None]
) -> list[tuple[float, float]]:
    """Around each sentence, in its section: evaluation cues per word, the share that is spoken."""
    values = [
        (each.voice.evaluation, each.voice.length, max(each.voice.quoted, each.voice.staged))
        if each
        else (0.0, 0, 0.0)
        for each in heard
    ]
    found = []
    for index, sentence in enumerate(sentences):
        near = range(max(0, index - _AROUND), min(len(values), index + _AROUND + 1))
        same = [values[i] for i in near if sentences[i].section == sentence.section]
        cues = sum(e for e, _, _ in same) / max(20, sum(n for _, n, _ in same))
        found.append((cues, sum(spoken > 0.5 for _, _, spoken in same) / (len(same) + 1)))
    return found


@dataclass(slots=True)
class _Finder:
    """Finds the statements of one document, remembering which rules each sentence meets."""

    document: Document
    sentences: Sequence[Sentence]
    heard: Sequence[_Heard | None]
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

    def _statement(self, index: int, heard: _Heard) -> Statement | None:
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


def _weigh(heard: _Heard, rules: Sequence[Rule]) -> float:
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
    heard: _Heard,
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
    before = len(line.starts) - min(len(sentence.words), _WORD_LIMIT)
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
    return Statement(
        span=sentence.span,
        quote=document.quote(sentence.span),
        section=document.sections[sentence.section].label,
        page=document.page_at(sentence.span.start),
        sentence=index,
        kinds=tuple(sorted(set(kinds), key=list(StatementKind).index)),
        features=features,
        hits=hits,
        weight=round(weight, 4),
    )
