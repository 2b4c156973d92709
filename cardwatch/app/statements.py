"""Statements of a document, and the rules that find them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cardwatch.errors import RuleError
from cardwatch.model import Document, Reading

if TYPE_CHECKING:
    from cardwatch.rules import Example, Rule, RuleSet


def find_statements(document: Document, *, rules: Sequence[Path] = ()) -> Reading:
    """The document's sentences, and those of them that are statements.

    The rules that ship with cardwatch decide, with those in the folders ``rules`` added.
    """
    return reading_of(document, load_rules(rules))


def reading_of(document: Document, rules: RuleSet) -> Reading:
    """The sentences and statements of a document, found once and kept on it."""
    from cardwatch import rules as ruling
    from cardwatch import segment

    # one edition is often compared with several: what was found in it stays with it
    kept = vars(document).get("_statements")
    if kept and kept[0] is rules and isinstance(kept[1], Reading):
        return kept[1]
    sentences = segment.segment(document)
    found = ruling.find_statements(document, sentences, segment.describe, rules)
    reading = Reading(document, sentences, found)
    vars(document)["_statements"] = (rules, reading)
    return reading


def load_rules(folders: Sequence[Path] = ()) -> RuleSet:
    """The rules that ship with cardwatch, with those in ``folders`` added or in their place.

    Raises:
        RuleError: a rule file is wrong; it says where.
    """
    from cardwatch import rules as ruling

    return ruling.load_rules(tuple(folders))


def test_rules(rules: RuleSet) -> tuple[tuple[Rule, Example], ...]:
    """The examples that their rules judge otherwise than they say, in the order of the rules."""
    from cardwatch import rules as ruling
    from cardwatch import segment

    return tuple(
        (rule, example)
        for rule in rules.rules
        for example in ruling.failed_examples(rule, segment.segment, segment.describe)
    )


def rule_source(rule: Rule) -> str:
    """The file that a rule was loaded from, as it is written."""
    try:
        return rule.path.read_text(encoding="utf-8")
    except OSError as wrong:
        raise RuleError(f"cannot be read: {wrong.strerror}", where=str(rule.path)) from wrong


def write_rule(folder: Path, pack: str, name: str, kind: str) -> Path:
    """Write a small rule of a kind, to start from, to ``folder/pack/name.toml``."""
    from cardwatch import rules as ruling

    return ruling.write_template(folder, pack, name, kind)
