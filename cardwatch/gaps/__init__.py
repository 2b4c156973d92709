"""What a document says that its companion leaves out or contradicts."""

from __future__ import annotations

from cardwatch.gaps.find import Language, find_gaps

__all__ = ["Language", "find_gaps"]
