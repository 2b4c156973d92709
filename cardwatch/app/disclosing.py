"""Whether a document says something, or tells of a change; what is prepared for asking it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from cardwatch.model import (
    Announcement,
    AnnouncementStatus,
    Disclosure,
    Document,
    Reading,
    Statement,
)

if TYPE_CHECKING:
    from cardwatch.disclosure import PassageIndex


def find_disclosure(statement: str | Statement, document: Document) -> Disclosure:
    """Whether ``document`` says ``statement``: status, score and ranked evidence.

    What is prepared for the first question to a document is kept on it for the next.
    """
    from cardwatch import disclosure, segment

    features = (
        segment.describe_text(statement) if isinstance(statement, str) else statement.features
    )
    return disclosure.find_disclosure(features, kept_index(document))


def find_announcement(old: str | None, new: str | None, account: Document | None) -> Announcement:
    """Whether a publisher's account of a revision tells that ``old`` became ``new``.

    ``None`` or an empty text stands for a passage that one edition lacks.
    """
    from cardwatch import disclosure, segment

    if account is None or not account.text.strip():
        return Announcement(AnnouncementStatus.NO_ACCOUNT, 0.0, 1.0, ())
    before, after = (segment.describe_text(text) if text else None for text in (old, new))
    return disclosure.find_announcement(before, after, kept_index(account))


def kept_index(document: Document) -> PassageIndex:
    """The document's index, prepared once and kept on it."""
    from cardwatch import disclosure, segment

    index = vars(document).get("_passage_index")
    if not isinstance(index, disclosure.PassageIndex):
        index = passage_index(Reading(document, segment.segment(document)))
        vars(document)["_passage_index"] = index
    return index


# A word in fewer sentences than this is not common in a document, however short that is.
_OFTEN = 10


def passage_index(reading: Reading, asking: Reading | None = None) -> PassageIndex:
    """An index of the sentences of a reading, to ask whether they say something.

    ``asking`` is what the questions are taken from: words that are common in it weigh less, and
    the names that it defines are known.
    """
    from cardwatch import disclosure, segment

    lexicon = segment.load_lexicon()
    shares: dict[str, float] = {}
    if asking is not None and asking.sentences:
        counts = Counter(
            stem
            for sentence in asking.sentences
            for stem in {word.stem for word in sentence.words if not word.stop}
        )
        shares = {
            stem: count / len(asking.sentences) for stem, count in counts.items() if count >= _OFTEN
        }
    return disclosure.PassageIndex(
        reading.document,
        reading.sentences,
        lexicon.concepts_in,
        lexicon.of_words,
        segment.describe_text,
        disclosure.Asking(shares, asking.document.text if asking is not None else ""),
    )
