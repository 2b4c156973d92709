"""An alignment to ranked changes: what a revision really changed, and what is noise."""

from __future__ import annotations

from cardwatch.diff.compare import Tools, compare

__all__ = ["Tools", "compare"]
