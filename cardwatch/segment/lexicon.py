"""The field's synonyms and what takes in what, as data in ``rules/lexicon/``.

A concept has forms (phrases, matched by stems) and may name broader concepts: a passage about
``classifier`` is about ``safeguard`` too, not the other way round.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cardwatch.errors import RuleError
from cardwatch.model import Word
from cardwatch.resources import folder
from cardwatch.segment.words import words

_KEYS = frozenset({"forms", "broader", "opposite"})
# The parts of a form "a + b" stand at most this many words apart: a clause of plain prose.
# Those of "a > b" follow one another with at most three words between: "not be held liable".
_REACH = 9
_STEP = 3


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea of the field: its identifier, the phrases that express it, what takes it in.

    A form is a phrase, matched stem by stem, or several parts joined by ``+`` that stand near
    one another in any order, or by ``>`` that closely follow each other in this order, each a
    choice of phrases joined by ``|``. A ``general`` concept (to begin, to allow) says too little
    to be what a passage is about.
    """

    name: str
    forms: tuple[str, ...]
    broader: tuple[str, ...]
    opposite: tuple[str, ...]
    general: bool = False


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A form of several parts: for each part the numbers of the phrases that may fill it."""

    name: str
    rest: tuple[frozenset[int], ...]
    in_order: bool


class Lexicon:
    """Finds concepts in words, longest phrase first."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.name: concept for concept in concepts}
        self._names: dict[int, list[str]] = {}
        self._patterns: dict[int, list[_Pattern]] = {}
        self._numbers: dict[tuple[str, ...], int] = {}
        for concept in self.concepts.values():
            for form in concept.forms:
                self._learn(concept.name, form)
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        for stems, number in self._numbers.items():
            self._phrases.setdefault(stems[0], []).append((stems, number))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: (-len(phrase[0]), phrase[0]))

    def _learn(self, name: str, form: str) -> None:
        parts = [
            frozenset(number for choice in part.split("|") for number in self._number(choice))
            for part in re.split("[+>]", form)
        ]
        first, *rest = parts
        for number in first:
            if rest:
                self._patterns.setdefault(number, []).append(
                    _Pattern(name, tuple(rest), in_order=">" in form)
                )
            elif name not in self._names.setdefault(number, []):
                self._names[number].append(name)

    def _number(self, phrase: str) -> Iterator[int]:
        stems = tuple(word.stem for word in words(phrase))
        if stems:
            yield self._numbers.setdefault(stems, len(self._numbers))

    def find(self, sequence: Sequence[Word]) -> list[tuple[int, int, str]]:
        """The concepts in order, without the general ones: first word, one past the last, name.

        The longest phrases at a place win; several concepts may share one phrase.
        """
        return sorted(one for one in self._found(sequence) if not self.concepts[one[2]].general)

    def _found(self, sequence: Sequence[Word]) -> Iterator[tuple[int, int, str]]:
        stems = [word.stem for word in sequence]
        hits: list[tuple[int, int, int]] = []
        free = 0
        for at, stem in enumerate(stems):
            longest = 0
            for phrase, number in self._phrases.get(stem, ()):
                size = len(phrase)
                if size > 1 and tuple(stems[at : at + size]) != phrase:
                    continue
                hits.append((at, at + size, number))
                if at >= free and size >= longest:
                    longest = size
                    for name in self._names.get(number, ()):
                        yield at, at + size, name
            free = max(free, at + longest)
        for at, hit in enumerate(hits):
            for pattern in self._patterns.get(hit[2], ()):
                reach = _followed if pattern.in_order else _reached
                end = reach(pattern, hits, at)
                if end:
                    yield (*end, pattern.name)

    def concepts_in(self, sequence: Sequence[Word]) -> frozenset[str]:
        """The concepts in a run of words, general ones too, and everything that takes them in."""
        return frozenset().union(
            *(self.widened(name) for name in {one[2] for one in self._found(sequence)})
        )

    @cached_property
    def of_words(self) -> dict[str, frozenset[str]]:
        """What a single stem expresses on its own: its concepts and all that takes them in."""
        found: dict[str, frozenset[str]] = {}
        for stems, number in self._numbers.items():
            names = self._names.get(number)
            if names and len(stems) == 1:
                found[stems[0]] = frozenset().union(*map(self.widened, names))
        return found

    @cache  # noqa: B019 - a lexicon lives as long as the process
    def widened(self, name: str) -> frozenset[str]:
        """The concept and everything that takes it in."""
        seen: set[str] = set()
        todo = [name]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                concept = self.concepts.get(here)
                todo.extend(concept.broader if concept else ())
        return frozenset(seen)


def _reached(
    pattern: _Pattern, hits: Sequence[tuple[int, int, int]], at: int
) -> tuple[int, int] | None:
    """From which word to which a pattern reaches whose first part is hit number ``at``."""
    start, end, _ = hits[at]
    first, last = start, end
    for part in pattern.rest:
        near = None
        for other in _nearby(hits, at, start):
            if other[2] in part and (other[0] >= end or other[1] <= start):
                near = other
                break
        if near is None:
            return None
        first, last = min(first, near[0]), max(last, near[1])
    return first, last


def _followed(
    pattern: _Pattern, hits: Sequence[tuple[int, int, int]], at: int
) -> tuple[int, int] | None:
    """The same for a pattern in order: each part starts at most three words after the last."""
    start, end, _ = hits[at]
    for part in pattern.rest:
        for step in range(at + 1, len(hits)):
            here = hits[step]
            if here[0] > end + _STEP:
                return None
            if here[0] >= end and here[2] in part:
                at, end = step, here[1]
                break
        else:
            return None
    return start, end


def _nearby(
    hits: Sequence[tuple[int, int, int]], at: int, start: int
) -> Iterator[tuple[int, int, int]]:
    for step in range(at + 1, len(hits)):
        if hits[step][0] - start > _REACH:
            break
        yield hits[step]
    for step in range(at - 1, -1, -1):
        if start - hits[step][0] > _REACH:
            break
        yield hits[step]


@cache
def load_lexicon(path: Path | None = None) -> Lexicon:
    """The lexicon in ``path``, by default the one that ships with cardwatch.

    Raises:
        RuleError: a file is not TOML, or holds an unknown key or a broader concept that no
            file defines.
    """
    place = path or folder("rules") / "lexicon"
    concepts: dict[str, Concept] = {}
    for file in sorted(place.glob("*.toml")):
        for concept in _read(file):
            if concept.name in concepts:
                raise RuleError(f"the concept {concept.name!r} is defined twice", where=str(file))
            concepts[concept.name] = concept
    for concept in concepts.values():
        for name in (*concept.broader, *concept.opposite):
            if name not in concepts:
                raise RuleError(
                    f"{concept.name!r} names the unknown concept {name!r}", where=str(place)
                )
    return Lexicon(concepts.values())


def _read(file: Path) -> list[Concept]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise RuleError(f"not a TOML file: {wrong}", where=str(file)) from wrong
    general = table.pop("general", False)
    concepts = []
    for name, entry in table.items():
        unknown = set(entry) - _KEYS if isinstance(entry, dict) else {name}
        if unknown:
            raise RuleError(
                f"unknown key {min(unknown)!r} in {name!r}",
                hint=f"known keys: {', '.join(sorted(_KEYS))}",
                where=str(file),
            )
        concepts.append(
            Concept(
                name,
                tuple(entry.get("forms", ())),
                tuple(entry.get("broader", ())),
                tuple(entry.get("opposite", ())),
                bool(general),
            )
        )
    return concepts
