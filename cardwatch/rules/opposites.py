"""What cannot both be so: a promise by one document, and a practice that goes against it.

Each file in ``rules/opposites`` names a matter by the phrases of the promise ("nobody reads it")
and those of the practice ("a team reads some of it"). Unlike a comparison of words it finds
opposites that have few words in common; and the matters are few, so they can be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cardwatch.model import BlockKind, Document, Sentence
from cardwatch.resources import folder
from cardwatch.rules.kinds import Rule
from cardwatch.rules.lines import Line, line_of, publisher_name
from cardwatch.rules.loading import RuleReader, load_lists, read_toml
from cardwatch.rules.matching import Matcher

_KEYS = frozenset(["id", "says", "excused", "promised", "done", "example"])
_SIDE = frozenset(["any", "all", "without"])
_EXAMPLE = frozenset(["match", "promised", "done"])


@dataclass(frozen=True, slots=True)
class OppositeExample:
    """A promise and a practice, and whether they are opposites."""

    promised: str
    done: str
    match: bool


@dataclass(frozen=True, slots=True)
class Opposite:
    """A matter on which a promise and a practice cannot both be so.

    ``excused``: a document that makes the same promise itself does not go against it.
    """

    id: str
    says: str
    excused: bool
    promised: Rule
    done: Rule
    examples: tuple[OppositeExample, ...]


@dataclass(frozen=True)
class Opposites:
    """The matters in the order of their ids, with what finds either side of them."""

    matters: tuple[Opposite, ...]
    promised: Matcher
    done: Matcher

    def find_promised(
        self, document: Document, sentences: Sequence[Sentence]
    ) -> Mapping[int, tuple[str, ...]]:
        """The sentences (by number) that promise something, with the ids of the matters."""
        return matters_met(self.promised, document, sentences)

    def find_done(
        self, document: Document, sentences: Sequence[Sentence]
    ) -> Mapping[int, tuple[str, ...]]:
        """The sentences (by number) that tell of a practice, with the ids of the matters."""
        return matters_met(self.done, document, sentences)


def matters_met(
    matcher: Matcher, document: Document, sentences: Sequence[Sentence]
) -> dict[int, tuple[str, ...]]:
    """The sentences (by number) that meet some of the phrases, with the ids of the matters."""
    found: dict[int, tuple[str, ...]] = {}
    for index, line in _lines(document, sentences):
        met = matcher.matches(line)
        ids = tuple(sorted({rule.id for rule, _ in met}))
        if ids:
            found[index] = ids
    return found


def _lines(document: Document, sentences: Sequence[Sentence]) -> list[tuple[int, Line]]:
    """The lines of all sentences but headings; made once, as several questions are asked."""
    kept = vars(document).get("_lines")
    if kept and kept[0] is sentences:
        lines: list[tuple[int, Line]] = kept[1]
        return lines
    publisher = publisher_name(document)
    lines = [
        (index, line_of(sentence, publisher=publisher))
        for index, sentence in enumerate(sentences)
        if document.blocks[sentence.block].kind is not BlockKind.HEADING
    ]
    vars(document)["_lines"] = (sentences, lines)
    return lines


@cache
def load_opposites() -> Opposites:
    """The matters that ship with cardwatch.

    Raises:
        RuleError: a file is wrong; ``where`` gives path, key and line.
    """
    lists = load_lists()
    files = sorted((folder("rules") / "opposites").glob("*.toml"))
    matters = tuple(_load(path, lists) for path in files)
    promised = Matcher(each.promised for each in matters)
    return Opposites(matters, promised, Matcher(each.done for each in matters))


def _load(path: Path, lists: Mapping[str, str]) -> Opposite:
    text, table = read_toml(path)
    reader = RuleReader(path, text, lists)
    reader.check_keys(table, _KEYS, "a pair of opposites")
    for key in ("id", "says", "promised", "done", "example"):
        if key not in table:
            raise reader.error(f"a pair of opposites needs the key {key!r}", "id")
    if table["id"] != path.stem:
        raise reader.error("the id is the file's name without .toml", "id")
    promised, done = (_side(reader, path, table, name) for name in ("promised", "done"))
    examples = tuple(_example(reader, each) for each in table["example"])
    if {each.match for each in examples} != {True, False}:
        raise reader.error("an example of each sign is wanted", "example")
    says = str(table["says"])
    return Opposite(path.stem, says, bool(table.get("excused")), promised, done, examples)


def _side(reader: RuleReader, path: Path, table: Mapping[str, Any], name: str) -> Rule:
    side = table[name]
    if not isinstance(side, dict):
        raise reader.error(f"[{name}] with its phrases is wanted", name)
    reader.check_keys(side, _SIDE, f"[{name}]")
    return side_of(reader, path, side, str(table["says"]))


def side_of(reader: RuleReader, path: Path, side: Mapping[str, Any], says: str) -> Rule:
    """The phrases of a matter as a rule: what is promised, what is done, or what is said."""
    return Rule(
        id=path.stem,
        pack=path.parent.name,
        says=says,
        kind="mention",
        weight=1.0,
        does=(),
        path=path,
        any=reader.patterns(side, "any"),
        all=reader.groups(side),
        without=reader.patterns(side, "without"),
    )


def _example(reader: RuleReader, entry: object) -> OppositeExample:
    if not isinstance(entry, dict) or set(entry) != _EXAMPLE:
        raise reader.error("an example has match, promised and done", "example")
    return OppositeExample(str(entry["promised"]), str(entry["done"]), bool(entry["match"]))


def failed_opposites(
    segment: Callable[[Document], Sequence[Sentence]],
) -> tuple[tuple[str, OppositeExample], ...]:
    """The examples that are judged otherwise than they say, with the ids of their matters."""
    known = load_opposites()
    failed = []
    for matter in known.matters:
        for example in matter.examples:
            promise = Document.from_text(example.promised)
            practice = Document.from_text(example.done)
            both = any(
                matter.id in ids for ids in known.find_promised(promise, segment(promise)).values()
            ) and any(
                matter.id in ids for ids in known.find_done(practice, segment(practice)).values()
            )
            if both is not example.match:
                failed.append((matter.id, example))
    return tuple(failed)


__all__ = ["Opposite", "OppositeExample", "Opposites", "failed_opposites", "load_opposites"]
