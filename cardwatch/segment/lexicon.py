"""The field's synonyms and what takes in what, as data in ``rules/lexicon/``.

A concept has forms (phrases, matched by stems) and may name broader concepts: a passage about
``classifier`` is about ``safeguard`` too, not the other way round.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from cardwatch.errors import RuleError
from cardwatch.model import Word
from cardwatch.resources import folder
from cardwatch.segment.words import words

_KEYS = frozenset({"forms", "broader", "opposite"})


@dataclass(frozen=True, slots=True)
class Concept:
    """One idea of the field: its identifier, the phrases that express it, what takes it in."""

    name: str
    forms: tuple[str, ...]
    broader: tuple[str, ...]
    opposite: tuple[str, ...]


class Lexicon:
    """Finds concepts in words, longest phrase first."""

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = {concept.name: concept for concept in concepts}
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for concept in self.concepts.values():
            for form in concept.forms:
                stems = tuple(word.stem for word in words(form))
                if stems:
                    self._phrases.setdefault(stems[0], []).append((stems, concept.name))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: (-len(phrase[0]), phrase))

    def find(self, sequence: Sequence[Word]) -> list[tuple[int, int, str]]:
        """The concepts in order: first word, one past the last word, name.

        The longest phrases at a place win; several concepts may share one phrase.
        """
        stems = [word.stem for word in sequence]
        found: list[tuple[int, int, str]] = []
        at = 0
        while at < len(stems):
            length = 0
            for phrase, name in self._phrases.get(stems[at], ()):
                if len(phrase) < length:
                    break
                if tuple(stems[at : at + len(phrase)]) == phrase:
                    found.append((at, at + len(phrase), name))
                    length = len(phrase)
            at += length or 1
        return found

    def concepts_in(self, sequence: Sequence[Word]) -> frozenset[str]:
        """The concepts in a run of words and everything that takes them in."""
        return frozenset(wide for _, _, name in self.find(sequence) for wide in self.widened(name))

    @cached_property
    def of_words(self) -> dict[str, frozenset[str]]:
        """What a single stem expresses on its own: its concepts and all that takes them in."""
        found: dict[str, frozenset[str]] = {}
        for stem, phrases in self._phrases.items():
            names = [name for stems, name in phrases if len(stems) == 1]
            if names:
                found[stem] = frozenset(wide for name in names for wide in self.widened(name))
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
            )
        )
    return concepts
