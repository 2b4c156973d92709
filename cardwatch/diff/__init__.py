"""An alignment to ranked changes: what a revision really changed, and what is noise."""

from __future__ import annotations

from cardwatch.diff.compare import Tools, compare
from cardwatch.diff.selecting import select

__all__ = ["Tools", "compare", "select"]
