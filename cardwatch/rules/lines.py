"""A sentence as the patterns of rules see it, and whose name reads as "we" in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cardwatch.model import Document, Sentence

# Longer sentences (tables without rows, text without stops) are matched on their beginning only.
WORD_LIMIT = 400
_LEAD_LIMIT = 80
_SPOKEN = {"n't": "not", "wo": "will", "ca": "can", "'ll": "will", "'re": "are", "'ve": "have"}


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence's words as patterns see them, each between blanks, and where each begins.

    ``own`` is the place in ``text`` where the sentence begins: before it stands its lead.
    """

    text: str
    starts: tuple[int, ...]
    words: tuple[str, ...]
    own: int
    vocabulary: frozenset[str]


def line_of(sentence: Sentence, leads: Sequence[Sentence] = (), publisher: str = "") -> Line:
    """The words of a sentence, after those of the sentences that introduce it.

    The publisher's name, in lower case, reads as "we".
    """
    before = [_spoken(word.lower) for lead in leads for word in lead.words[-_LEAD_LIMIT:]]
    words = before + [_spoken(word.lower) for word in sentence.words[:WORD_LIMIT]]
    if publisher and publisher in words:
        words = ["we" if word == publisher else word for word in words]
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word) + 1
    own = starts[len(before)] if len(before) < len(starts) else at
    text = f" {' '.join(words)} "
    return Line(text, tuple(starts), tuple(words), own, frozenset(text.split()))


@lru_cache(maxsize=100_000)
def _spoken(lower: str) -> str:
    return _SPOKEN.get(lower, lower).replace("-", " ").strip() or lower


_NAME = r"\b([a-z]{0,2}[A-Z][A-Za-z]{1,30})"
_OWNS = re.compile(
    rf"{_NAME}[’']s (?:\w+ ){{0,3}}(?:[Pp]olic(?:y|ies)|[Tt]erms|[Ss]ervices?|[Ww]ebsite|"
    r"[Pp]rivacy|[Ff]ramework|[Pp]roducts|[Ee]mployees|[Ss]taff|[Bb]oard)\b"
    rf"|{_NAME}(?: [A-Z]\w{{1,20}})?,? (?:Inc|PBC|LLC|Ltd|Limited|GmbH|Corporation)\b"
    rf"|{_NAME} (?:may|will|shall|reserves|commits|is committed|agrees) "
)
# A name that shows itself less often than this may be anybody's.
_NAMED = 3


def publisher_name(document: Document) -> str:
    """The name of the publisher in lower case, empty if the text does not show it.

    It is the name that owns policies and services, or bears a company's suffix, or acts, most
    often; a word that also stands in lower case is no name.
    """
    counts: Counter[str] = Counter()
    owners: set[str] = set()
    for match in _OWNS.finditer(document.text):
        name = match[1] or match[2] or match[3]
        counts[name] += 3 if match[2] else 1
        owners |= set() if match[3] else {name}
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        odd = any(char.isupper() for char in name[1:])  # "xAI", "DeepMind": no common word
        if count < _NAMED or len(name) < 3 or not (odd or name in owners):
            continue
        common = len(
            re.findall(rf"(?<![\w/.-]){re.escape(name.lower())}(?![\w/.-])", document.text)
        )
        if common * 4 < len(re.findall(rf"\b{re.escape(name)}\b", document.text)):
            return name.lower()
    return ""
