"""Rule files into rules: every key checked, every mistake told with path, key and line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from cardwatch.errors import RuleError
from cardwatch.model import Actor, StatementKind, Strength
from cardwatch.resources import folder
from cardwatch.rules.kinds import KINDS, Example, Rule
from cardwatch.rules.patterns import Pattern, PatternError, compile_pattern

_COMMON = frozenset(
    [
        "id",
        "says",
        "kind",
        "weight",
        "does",
        "any",
        "all",
        "without",
        "near",
        "past",
        "concepts",
        "example",
    ]
)
_REQUIRED = ("id", "says", "kind", "weight", "does", "example")
# Folders of data beside the packs that other stages read.
_NOT_PACKS = frozenset(["lexicon", "opposites", "restated", "weights"])
ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FILE_LIMIT = 100_000
_RULE_LIMIT = 5_000
_NEAR = range(1, 61)


@dataclass(frozen=True)
class RuleSet:
    """The loaded rules in the order of pack and id; ids are unique."""

    rules: tuple[Rule, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Rule]:
        """The rules by their ids."""
        return {rule.id: rule for rule in self.rules}

    def get(self, name: str) -> Rule:
        """The rule called ``name``.

        Raises:
            RuleError: there is none; the message names those that look like it.
        """
        if name in self.by_id:
            return self.by_id[name]
        parts = set(name.lower().split("-"))
        like = [rule.id for rule in self.rules if parts & set(rule.id.split("-"))][:5]
        hint = f"did you mean {', '.join(like)}?" if like else "cardwatch rules list shows them all"
        raise RuleError(f"no rule is called {name!r}", hint=hint)


def load_rules(paths: tuple[Path, ...] = ()) -> RuleSet:
    """The bundled rules, with those in ``paths`` added; a rule with a known id replaces it.

    Each path is a rule file, or a folder whose TOML files (one folder deep) are rules; the pack
    is the name of the folder that holds the file. Files that start with ``words`` hold lists.

    Raises:
        RuleError: a path or file is wrong; ``where`` gives path, key and line.
    """
    bundled = _bundled()
    if not paths:
        return bundled
    rules = dict(bundled.by_id)
    lists = load_lists()
    for path in paths:
        added: dict[str, Rule] = {}
        for rule in _load_folder(path, lists):
            if rule.id in added:
                raise RuleError(
                    f"the rule {rule.id!r} is also in {added[rule.id].path}", where=str(rule.path)
                )
            added[rule.id] = rule
        rules |= added
        if len(rules) > _RULE_LIMIT:
            raise RuleError(f"more than {_RULE_LIMIT} rules", where=str(path))
    return _ordered(rules.values())


@cache
def _bundled() -> RuleSet:
    return _ordered(_load_folder(folder("rules"), {}))


def _ordered(rules: Iterable[Rule]) -> RuleSet:
    return RuleSet(tuple(sorted(rules, key=lambda rule: (rule.pack, rule.id))))


def load_rule(path: Path, lists: Mapping[str, str] | None = None) -> Rule:
    """The rule in one file.

    Raises:
        RuleError: the file cannot be read or is not a rule; ``where`` gives path, key and line.
    """
    if lists is None:
        lists = load_lists()
    text = _text(path)
    return RuleReader(path, text, lists).rule(_toml(path, text))


def load_lists() -> dict[str, str]:
    """The lists of words that ship with cardwatch, as choices, by their names."""
    return _lists(folder("rules") / "words.toml", {})


def read_toml(path: Path) -> tuple[str, dict[str, Any]]:
    """A file's text and what it says as TOML.

    Raises:
        RuleError: the file cannot be read or is not TOML.
    """
    text = _text(path)
    return text, _toml(path, text)


def _load_folder(path: Path, lists: Mapping[str, str]) -> Iterable[Rule]:
    if path.is_file():
        yield load_rule(path, lists)
        return
    if not path.is_dir():
        raise RuleError("no such file or folder of rules", where=str(path))
    words = path / "words.toml"
    if words.is_file():
        lists = _lists(words, lists)
    files = [
        file
        for file in sorted([*path.glob("*.toml"), *path.glob("*/*.toml")])
        if file != words and file.parent.name not in _NOT_PACKS
    ]
    if not files:
        raise RuleError("no rules here", hint="a rule is a file *.toml", where=str(path))
    for file in files:
        yield load_rule(file, lists)


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _FILE_LIMIT:
            raise RuleError(f"a rule file has at most {_FILE_LIMIT:,} bytes", where=str(path))
        return path.read_text(encoding="utf-8")
    except OSError as wrong:
        raise RuleError(f"cannot be read: {wrong.strerror}", where=str(path)) from wrong
    except UnicodeDecodeError as wrong:
        raise RuleError("is not UTF-8", where=str(path)) from wrong


_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError as wrong:
        raise RuleError("not a TOML file: nested too deeply", where=str(path)) from wrong
    except tomllib.TOMLDecodeError as wrong:
        # before Python 3.14 the place is told in the message only
        place = _PLACE.search(str(wrong))
        where = f"{path}:{place[1]}" if place else str(path)
        raise RuleError(f"not a TOML file: {_PLACE.sub('', str(wrong))}", where=where) from wrong


def _lists(path: Path, known: Mapping[str, str]) -> dict[str, str]:
    """The named lists of words in a file, as choices, added to ``known``."""
    text = _text(path)
    reader = RuleReader(path, text, {})
    lists = dict(known)
    for name, value in _toml(path, text).items():
        lists[name] = "|".join(reader.strings({name: value}, name))
    for name, source in lists.items():
        try:
            compile_pattern(f"({source})", lists, limit=False)
        except PatternError as wrong:
            raise reader.error(f"list <{name}>: {wrong}", name) from wrong
    return lists


class RuleReader:
    """Checks one file's values and turns them into a rule."""

    def __init__(self, path: Path, text: str, lists: Mapping[str, str]) -> None:
        self._path, self._lines, self._lists = path, text.splitlines(), lists

    def error(self, message: str, key: str = "", *, example: int = 0, hint: str = "") -> RuleError:
        """An error with path, line and key."""
        line = self._line_of(key, example)
        where = f"{self._path}:{line}" if line else str(self._path)
        return RuleError(message, hint=hint, where=f"{where}: {key}" if key else where)

    def _line_of(self, key: str, example: int) -> int:
        """The line (from 1) that sets ``key``, within the given [[example]] if not 0."""
        assignment = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*(?:=|\.)""")
        header = re.compile(rf"\s*\[\[?\s*{re.escape(key)}\b")
        seen = 0
        for number, line in enumerate(self._lines, 1):
            seen += bool(re.match(r"\s*\[\[\s*example\s*\]\]", line))
            if seen >= example and (assignment.match(line) or header.match(line)):
                return number
        return 0

    def rule(self, table: Mapping[str, Any]) -> Rule:
        """The rule that ``table`` describes."""
        kind_name = self._one_of(table, "kind", KINDS)
        kind = KINDS[kind_name]
        self.check_keys(table, _COMMON | kind.keys, f"a rule of kind {kind_name!r}")
        for key in (*_REQUIRED, *sorted(kind.required)):
            if key not in table:
                raise self.error(f"a rule of kind {kind_name!r} needs the key {key!r}", "kind")
        name = self._text_of(table, "id")
        if not ID.fullmatch(name) or name != self._path.stem:
            raise self.error(
                f"the id is the file's name without .toml, here {self._path.stem!r}",
                "id",
                hint="lower-case letters, digits and single hyphens",
            )
        return Rule(
            id=name,
            pack=self._path.parent.name,
            says=self._text_of(table, "says"),
            kind=kind_name,
            weight=self._number(table, "weight"),
            does=tuple(StatementKind(each) for each in self._does(table)),
            path=self._path,
            any=self.patterns(table, "any"),
            all=self.groups(table),
            without=self.patterns(table, "without"),
            near=self._whole(table, "near", _NEAR),
            past=bool(self._flag(table, "past")),
            concepts=frozenset(self.strings(table, "concepts")),
            actor=frozenset(Actor(a) for a in self._choices(table, "actor", list(Actor))),
            strength=self._strength(table),
            told=self._flag(table, "told"),
            negated=self._flag(table, "negated"),
            units=frozenset(self.strings(table, "units")),
            cues=frozenset(self.strings(table, "cues")),
            items=self._whole(table, "items", range(2, 101)),
            examples=self._examples(table),
        )

    def check_keys(self, table: Mapping[str, Any], known: Iterable[str], what: str) -> None:
        """Refuse a table with a key that is not ``known``; ``what`` names it in the message."""
        for key in table:
            if key not in known:
                hint = f"known keys: {', '.join(sorted(known))}"
                raise self.error(f"{what} has no key {key!r}", key, hint=hint)

    def strings(self, table: Mapping[str, Any], key: str) -> list[str]:
        """A list of texts; empty when the key is missing."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.error("a list of texts is wanted", key)
        return value

    def _text_of(self, table: Mapping[str, Any], key: str) -> str:
        value = table.get(key)
        if not isinstance(value, str) or not value.strip() or len(value) > 300:
            raise self.error("a text of 1 to 300 characters is wanted", key)
        return " ".join(value.split())

    def _one_of(self, table: Mapping[str, Any], key: str, known: Iterable[str]) -> str:
        value = table.get(key)
        if not isinstance(value, str) or value not in known:
            hint = f"one of: {', '.join(sorted(known))}"
            what = f"unknown {key} {value!r}" if key in table else f"the key {key!r} is missing"
            raise self.error(what, key if key in table else "", hint=hint)
        return value

    def _choices(self, table: Mapping[str, Any], key: str, known: Iterable[str]) -> list[str]:
        values = self.strings(table, key)
        for value in values:
            if value not in [str(each) for each in known]:
                hint = f"known: {', '.join(sorted(str(each) for each in known))}"
                raise self.error(f"unknown value {value!r}", key, hint=hint)
        return values

    def _does(self, table: Mapping[str, Any]) -> list[str]:
        values = self._choices(table, "does", list(StatementKind))
        if not values:
            raise self.error("at least one kind of statement is wanted", "does")
        return values

    def _number(self, table: Mapping[str, Any], key: str) -> float:
        value = table.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            raise self.error("a number over 0 and up to 1 is wanted", key)
        return float(value)

    def _whole(self, table: Mapping[str, Any], key: str, known: range) -> int:
        value = table.get(key, 0)
        if key in table and (type(value) is not int or value not in known):
            raise self.error(f"a whole number from {known[0]} to {known[-1]} is wanted", key)
        return int(value)

    def _flag(self, table: Mapping[str, Any], key: str) -> bool | None:
        value = table.get(key)
        if value is not None and not isinstance(value, bool):
            raise self.error("true or false is wanted", key)
        return value

    def _strength(self, table: Mapping[str, Any]) -> Strength:
        if "strength" not in table:
            return Strength.NONE
        names = {each.name.lower(): each for each in Strength if each}
        return names[self._one_of(table, "strength", names)]

    def patterns(self, table: Mapping[str, Any], key: str) -> tuple[Pattern, ...]:
        """The phrases under a key, read; none when the key is missing."""
        if key == "any" and key in table and not self.strings(table, key):
            raise self.error("at least one phrase is wanted", key)
        return tuple(self._pattern(each, key) for each in self.strings(table, key))

    def groups(self, table: Mapping[str, Any]) -> tuple[tuple[Pattern, ...], ...]:
        """The groups of phrases under ``all``, read; none when the key is missing."""
        groups = table.get("all", [])
        if not isinstance(groups, list) or not all(isinstance(g, list) and g for g in groups):
            raise self.error("a list of lists of phrases is wanted", "all")
        return tuple(
            tuple(self._pattern(each, "all") for each in self.strings({"all": group}, "all"))
            for group in groups
        )

    def _pattern(self, source: str, key: str) -> Pattern:
        try:
            return compile_pattern(source, self._lists)
        except PatternError as wrong:
            raise self.error(f"{wrong}, in the phrase {source[:60]!r}", key) from wrong

    def _examples(self, table: Mapping[str, Any]) -> tuple[Example, ...]:
        entries = table["example"]
        if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
            raise self.error("examples are written as [[example]]", "example")
        found = []
        for number, entry in enumerate(entries, 1):
            for key in entry:
                if key not in ("match", "text"):
                    raise self.error(
                        f"an example has no key {key!r}", key, example=number, hint="match, text"
                    )
            text, match = entry.get("text"), entry.get("match")
            if not isinstance(text, str) or not text.strip() or not isinstance(match, bool):
                raise self.error(
                    "an example needs a text, and match = true or false", "example", example=number
                )
            found.append(Example(text, match))
        if {each.match for each in found} != {True, False}:
            raise self.error("a rule needs an example of each sign", "example")
        return tuple(found)
