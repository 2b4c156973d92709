"""Rules as data, their kinds as code, and the statements of a document that they find."""

from __future__ import annotations

from cardwatch.rules.finding import find_statements
from cardwatch.rules.kinds import KINDS, Rule
from cardwatch.rules.loading import RuleSet, load_rule, load_rules

__all__ = ["KINDS", "Rule", "RuleSet", "find_statements", "load_rule", "load_rules"]
