"""What a publisher promised, with its dates: found in the words, and set against a day."""

from __future__ import annotations

from cardwatch.commitments.find import find_promises, start_of
from cardwatch.commitments.schedule import as_of

__all__ = ["as_of", "find_promises", "start_of"]
