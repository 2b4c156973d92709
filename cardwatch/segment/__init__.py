"""Text into sentences, words and what they say: the only home of spaCy and of stemming."""

from __future__ import annotations

from cardwatch.segment.features import describe, describe_text
from cardwatch.segment.lexicon import Lexicon, load_lexicon
from cardwatch.segment.sentences import segment, sentence_spans
from cardwatch.segment.stems import stem
from cardwatch.segment.words import words

__all__ = [
    "Lexicon",
    "describe",
    "describe_text",
    "load_lexicon",
    "segment",
    "sentence_spans",
    "stem",
    "words",
]
