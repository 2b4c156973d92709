"""Rules as data, their kinds as code, and the statements of a document that they find."""

from __future__ import annotations

from cardwatch.rules.examples import failed_examples, write_template
from cardwatch.rules.finding import find_statements
from cardwatch.rules.kinds import KINDS, Example, Kind, Rule
from cardwatch.rules.loading import RuleSet, load_rule, load_rules

__all__ = [
    "KINDS",
    "Example",
    "Kind",
    "Rule",
    "RuleSet",
    "failed_examples",
    "find_statements",
    "load_rule",
    "load_rules",
    "write_template",
]
