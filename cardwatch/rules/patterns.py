"""Phrase patterns: what a rule file writes, matched on words rather than characters.

A pattern is words that follow each other. ``word*`` is every word that begins so, ``word~`` a
word with its regular inflections, ``(a|b c)`` a choice, ``?`` after a word or choice makes it
optional, ``...`` stands for up to five words and ``...3`` for up to three, and ``<name>`` for a
list of words that ``rules/words.toml`` names.

There is no repetition, so nothing can be nested in it, and gaps and optional parts are counted:
a pattern cannot be made to run long whatever the text (see ``_LIMITS`` in this module).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

# At one place a pattern tries each length of each gap and each optional part with and without:
# that product, its "ways", bounds the steps of the regular-expression engine.
_LIMITS = {"characters": 700, "gaps": 3, "gap": 12, "optional": 5, "depth": 4, "words": 1_500}
_WAYS = 3_000
_GAP = 5

_TOKEN = re.compile(
    r"\s*(?:(?P<gap>\.\.\.(?P<size>\d+)?)|(?P<list><[a-z][a-z-]*>)|"
    r"(?P<word>[a-z0-9%$'.&]+)(?P<ending>[*~])?|(?P<mark>[(|)?]))"
)
# Words too common to look a pattern up by.
_COMMON_WORDS = """
a an the of to in on at by for with and or not no be is are was were been being it its this that
these those we our us you your they their will may can must shall should would could might do does
did has have had as from any all other such user users model models use used using if when
"""
_COMMON = frozenset(_COMMON_WORDS.split())


class PatternError(ValueError):
    """A pattern that does not follow the rules of the language, with the reason."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that was read, and the words that every match holds.

    ``needs`` are groups of words, one of each of which a match holds; ``word*`` among them
    stands for all words that begin so. One of ``alone`` is a match by itself.
    """

    source: str
    expression: str
    needs: tuple[frozenset[str], ...]
    alone: frozenset[str]

    def may_match(self, words: frozenset[str]) -> bool:
        """Whether all that a match holds is among ``words``, which has beginnings as ``word*``."""
        return not any(need.isdisjoint(words) for need in self.needs)

    @cached_property
    def regex(self) -> re.Pattern[str]:
        """The pattern over words between blanks; compiled on first use, as most never are."""
        return re.compile(self.expression)


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a pattern: its regular expression, and the words one of which it holds.

    ``alone`` are those words that are all of the piece.
    """

    regex: str
    anchors: frozenset[str]
    alone: frozenset[str] = frozenset()
    optional: bool = False
    gap: bool = False


def compile_pattern(source: str, lists: Mapping[str, str], *, limit: bool = True) -> Pattern:
    """``source`` read; ``lists`` gives the patterns that ``<name>`` stands for.

    ``limit`` is off for a list itself, which may be longer than a phrase.

    Raises:
        PatternError: the pattern is malformed, over a limit, or could match without any word.
    """
    if limit and len(source) > _LIMITS["characters"]:
        raise PatternError(f"a pattern has at most {_LIMITS['characters']} characters")
    parser = _Parser(source, lists, _Spent())
    parts = parser.sequence(0)
    parser.finish()
    needs = sorted((part.anchors for part in parts if part.anchors), key=_commonness)
    if not needs:
        raise PatternError("a pattern needs at least one word that is not optional")
    expression = "(?<= )" + "".join(part.regex for part in parts)
    return Pattern(source, expression, tuple(needs), _alone(parts))


@dataclass
class _Spent:
    """What a pattern has used of its limits, the lists that it names included."""

    gaps: int = 0
    optional: int = 0
    words: int = 0
    ways: int = 1

    def branch(self, into: int) -> None:
        """Each way so far goes on in so many ways."""
        self.ways *= into
        if self.ways > _WAYS:
            raise PatternError("too many gaps and optional parts together")

    def add(self, other: _Spent) -> None:
        """Count what another part of the pattern has used."""
        for what in ("gaps", "optional", "words"):
            self.take(what, getattr(other, what))
        self.branch(other.ways)

    def take(self, what: str, count: int = 1) -> None:
        """Count so many more of ``what``."""
        used = getattr(self, what) + count
        if used > _LIMITS[what]:
            raise PatternError(f"more than {_LIMITS[what]:,} {what} in one pattern")
        setattr(self, what, used)


class _Parser:
    """Reads one pattern from left to right."""

    def __init__(self, source: str, lists: Mapping[str, str], spent: _Spent) -> None:
        self._source, self._lists, self._spent = source.replace("-", " "), lists, spent
        self._at = 0

    def sequence(self, depth: int) -> list[_Part]:
        """Items up to the end, a bar or a closing bracket."""
        if depth > _LIMITS["depth"]:
            raise PatternError(f"choices and lists are nested more than {_LIMITS['depth']} deep")
        parts: list[_Part] = []
        while (match := self._peek()) is not None and match["mark"] not in ("|", ")"):
            self._at = match.end()
            if match["mark"] == "?":
                parts[-1:] = [self._optional_part(parts)]
            else:
                parts.append(self._item(match, depth))
        if not parts:
            raise PatternError("an empty pattern or choice")
        return parts

    def finish(self) -> None:
        """Everything must have been read."""
        if self._source[self._at :].strip():
            raise PatternError(f"cannot read {self._source[self._at :].strip()[:20]!r}")

    def _peek(self) -> re.Match[str] | None:
        return _TOKEN.match(self._source, self._at)

    def _item(self, match: re.Match[str], depth: int) -> _Part:
        if match["gap"]:
            return self._gap(match["size"])
        if match["list"]:
            return self._list(match["list"].strip("<>"), depth)
        if match["word"]:
            self._spent.take("words")
            return _word(match["word"], match["ending"] or "")
        return self._choice(depth)

    def _optional_part(self, parts: Sequence[_Part]) -> _Part:
        if not parts or parts[-1].optional or parts[-1].gap:
            raise PatternError("'?' follows a word or a choice")
        self._spent.take("optional")
        self._spent.branch(2)
        return _Part(f"(?:{parts[-1].regex})?", frozenset(), optional=True)

    def _gap(self, size: str | None) -> _Part:
        self._spent.take("gaps")
        words = int(size[:3]) if size else _GAP
        if words > _LIMITS["gap"]:
            raise PatternError(f"a gap of more than {_LIMITS['gap']} words")
        self._spent.branch(words + 1)
        return _Part(f"(?:[^ ]+ ){{0,{words}}}?", frozenset(), gap=True)

    def _list(self, name: str, depth: int) -> _Part:
        if name not in self._lists:
            raise PatternError(f"unknown list <{name}>")
        source = f"({self._lists[name]})"
        if "<" in source:
            return _whole(_Parser(source, self._lists, self._spent), depth)
        part, spent = _plain_list(source)
        self._spent.add(spent)
        return part

    def _choice(self, depth: int) -> _Part:
        regexes: list[str] = []
        anchors: set[str] = set()
        alone: set[str] = set()
        bare = False
        while True:
            parts = self.sequence(depth + 1)
            regexes.append("".join(part.regex for part in parts))
            best = _best_anchors(parts)
            bare = bare or not best
            anchors |= best
            alone |= _alone(parts)
            match = self._peek()
            if match is None:
                raise PatternError("a '(' is not closed")
            self._at = match.end()
            if match["mark"] == ")":
                break
        regex = f"(?:{'|'.join(regexes)})"
        return _Part(regex, frozenset() if bare else frozenset(anchors), frozenset(alone))


def _whole(parser: _Parser, depth: int) -> _Part:
    """The one piece that a parser's source is."""
    parts = parser.sequence(depth)
    parser.finish()
    return parts[0]


@lru_cache(maxsize=500)
def _plain_list(source: str) -> tuple[_Part, _Spent]:
    """A list that names no other, and what it uses; lists are named over and over."""
    spent = _Spent()
    return _whole(_Parser(source, {}, spent), 1), spent


def _alone(parts: Sequence[_Part]) -> frozenset[str]:
    """The words that are all of a sequence."""
    return parts[0].alone if len(parts) == 1 and not parts[0].optional else frozenset()


def _best_anchors(parts: Sequence[_Part]) -> frozenset[str]:
    """The anchors of the part that is likely to be rarest in a text."""
    chosen = [part.anchors for part in parts if part.anchors]
    return min(chosen, key=_commonness, default=frozenset())


def _commonness(anchors: frozenset[str]) -> tuple[int, int, str]:
    return len(anchors & _COMMON), len(anchors), min(anchors)


def _word(word: str, ending: str) -> _Part:
    plain = re.escape(word)
    if ending == "*":
        if len(word) < 3:
            raise PatternError("'*' follows at least three letters")
        anchors = frozenset([word + "*"])
        return _Part(f"{plain}[^ ]* ", anchors, anchors)
    if ending != "~":
        return _Part(f"{plain} ", frozenset([word]), frozenset([word]))
    stem, endings = _endings(word)
    forms = frozenset(stem + each for each in endings)
    return _Part(f"{re.escape(stem)}(?:{'|'.join(endings)}) ", forms, forms)


def _endings(word: str) -> tuple[str, list[str]]:
    """What all forms of a word begin with, and what each adds to it, the longest first."""
    forms = inflections(word)
    stem = word[:-1] if word.endswith(("e", "y")) else word
    return stem, sorted((form[len(stem) :] for form in forms), key=lambda each: (-len(each), each))


@lru_cache(maxsize=4096)
def inflections(word: str) -> frozenset[str]:
    """``word`` with the regular endings of English nouns and verbs; some are not words."""
    forms = {word, word + "s"}
    if word.endswith("e"):
        forms |= {word + "d", word[:-1] + "ing"}
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        forms |= {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    else:
        forms |= {word + "es", word + "ed", word + "ing"}
        if word[-1:] not in "aeiouwxy" and word[-2:-1] in "aeiou":
            forms |= {word + word[-1] + "ed", word + word[-1] + "ing"}
    return frozenset(forms)
