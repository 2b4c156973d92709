"""What a document says that its companion leaves out or contradicts."""

from __future__ import annotations

from cardwatch.gaps.find import find_gaps
from cardwatch.gaps.grading import Language
from cardwatch.gaps.opposites import Matters

__all__ = ["Language", "Matters", "find_gaps"]
