"""Many versions of a document as one history: first seen, last seen, every wording, drift."""

from __future__ import annotations

from cardwatch.history.labels import label_of
from cardwatch.history.tracing import Tools, trace

__all__ = ["Tools", "label_of", "trace"]
