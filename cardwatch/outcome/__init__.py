"""What became of a commitment between two wordings of it: retained, strengthened or weakened."""

from __future__ import annotations

from cardwatch.outcome.edits import Side, mended
from cardwatch.outcome.judge import assess

__all__ = ["Side", "assess", "mended"]
