"""What a document says that its companion leaves out or contradicts."""

from __future__ import annotations

from cardwatch.gaps.find import find_gaps
from cardwatch.gaps.grading import Language

__all__ = ["Language", "find_gaps"]
