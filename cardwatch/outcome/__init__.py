"""What became of a commitment between two wordings of it: retained, strengthened or weakened."""

from __future__ import annotations

from cardwatch.outcome.judge import assess
from cardwatch.outcome.measures import Side

__all__ = ["Side", "assess"]
