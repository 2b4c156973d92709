"""Matters that policies and plain words put quite differently: one list of phrases for both.

Each file in ``rules/restated`` names a matter by phrases that a clause and its plain retelling
both meet, though they share few words ("binding arbitration", "a private arbitrator instead of
a court"). Figures are compared elsewhere: the same matter may come with another figure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardwatch.model import Document, Sentence
from cardwatch.resources import folder
from cardwatch.rules.kinds import Rule
from cardwatch.rules.loading import RuleReader, load_lists, read_toml
from cardwatch.rules.matching import Matcher
from cardwatch.rules.opposites import matters_met, side_of

_KEYS = frozenset(["id", "says", "any", "all", "without", "example"])
_EXAMPLE = frozenset(["match", "one", "other"])


@dataclass(frozen=True, slots=True)
class RestatedExample:
    """Two sentences, and whether they are on the matter both."""

    one: str
    other: str
    match: bool


@dataclass(frozen=True)
class Restated:
    """The matters in the order of their ids, their examples, and what finds them."""

    matters: tuple[Rule, ...]
    examples: tuple[tuple[str, RestatedExample], ...]
    matcher: Matcher

    def find(
        self, document: Document, sentences: Sequence[Sentence]
    ) -> Mapping[int, tuple[str, ...]]:
        """The sentences (by number) on some of the matters, with the ids of these."""
        return matters_met(self.matcher, document, sentences)


@cache
def load_restated() -> Restated:
    """The matters that ship with cardwatch.

    Raises:
        RuleError: a file is wrong; ``where`` gives path, key and line.
    """
    lists = load_lists()
    matters: list[Rule] = []
    examples: list[tuple[str, RestatedExample]] = []
    for path in sorted((folder("rules") / "restated").glob("*.toml")):
        rule, own = _load(path, lists)
        matters.append(rule)
        examples.extend((rule.id, each) for each in own)
    return Restated(tuple(matters), tuple(examples), Matcher(matters))


def _load(path: Path, lists: Mapping[str, str]) -> tuple[Rule, list[RestatedExample]]:
    text, table = read_toml(path)
    reader = RuleReader(path, text, lists)
    reader.check_keys(table, _KEYS, "a matter")
    for key in ("id", "says", "any", "example"):
        if key not in table:
            raise reader.error(f"a matter needs the key {key!r}", "id")
    if table["id"] != path.stem:
        raise reader.error("the id is the file's name without .toml", "id")
    examples = []
    for entry in table["example"]:
        if not isinstance(entry, dict) or set(entry) != _EXAMPLE:
            raise reader.error("an example has match, one and other", "example")
        one, other = str(entry["one"]), str(entry["other"])
        examples.append(RestatedExample(one, other, bool(entry["match"])))
    if {each.match for each in examples} != {True, False}:
        raise reader.error("an example of each sign is wanted", "example")
    return side_of(reader, path, table, str(table["says"])), examples


def failed_restated(
    segment: Callable[[Document], Sequence[Sentence]],
) -> tuple[tuple[str, RestatedExample], ...]:
    """The examples that are judged otherwise than they say, with the ids of their matters."""
    known = load_restated()

    def met(matter: str, text: str) -> bool:
        document = Document.from_text(text)
        return any(matter in ids for ids in known.find(document, segment(document)).values())

    return tuple(
        (matter, each)
        for matter, each in known.examples
        if (met(matter, each.one) and met(matter, each.other)) is not each.match
    )


__all__ = ["Restated", "RestatedExample", "failed_restated", "load_restated"]
