"""What the measuring scripts share: where the gold data lies, and how a text becomes an index."""

from __future__ import annotations

from pathlib import Path

from cardwatch.disclosure import PassageIndex
from cardwatch.model import Document
from cardwatch.segment import describe_text, load_lexicon, segment

SHARED = Path(__file__).resolve().parents[3] / "shared"


def index_of(document: Document) -> PassageIndex:
    """The document made ready to be asked."""
    lexicon = load_lexicon()
    return PassageIndex(
        document, segment(document), lexicon.concepts_in, lexicon.of_words, describe_text
    )
