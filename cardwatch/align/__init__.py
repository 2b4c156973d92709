"""Two editions to an alignment: the only home of rapidfuzz."""

from __future__ import annotations

from cardwatch.align.sentences import align, mirror
from cardwatch.align.sequences import anchors, heaviest_chain, match_words

__all__ = ["align", "anchors", "heaviest_chain", "match_words", "mirror"]
