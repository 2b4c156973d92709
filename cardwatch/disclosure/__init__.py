"""Is this said there? Statements judged, with direction and evidence, against another text."""

from __future__ import annotations

from cardwatch.disclosure.announce import find_announcement
from cardwatch.disclosure.index import Asking, PassageIndex, Unit
from cardwatch.disclosure.judge import find_disclosure

__all__ = ["Asking", "PassageIndex", "Unit", "find_announcement", "find_disclosure"]
