"""Words that one edition's text runs together and the other has apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise

from cardwatch.model import Reading
from cardwatch.resources import folder

# Shorter ones are words or abbreviations that have parts by chance; longer ones are no words.
_SHORTEST = 6
_LONGEST = 45
_MOST_PARTS = 4
# A word that an edition has more often than this is no slip of an extraction.
_SELDOM = 3
# Parts of two letters or one, which other short strings are not.
_SMALL = frozenset("a i an as at be by do if in is it no of on or so to up us we".split())
# Words of their own that the list of common words lacks, and that have words as parts.
_WHOLE = frozenset(
    "without within cannot into onto upon nobody nothing nowhere somebody something someone "
    "anybody anything anyone anywhere everybody everything everyone therefore therein thereof "
    "thereby hereby herein hereof whereas wherein whoever whatever whenever wherever however "
    "nevertheless otherwise moreover furthermore altogether together today forever maybe "
    "throughout himself herself itself themselves ourselves yourself another beforehand".split()
)


def parted(old: Reading, new: Reading) -> dict[str, tuple[str, ...]]:
    """The words (in lower case) that stand in one edition only and are made of words that the
    other one has side by side, with those words in order.

    Common words of the language are left whole, and what an edition has more than three times.
    """
    sides = [Counter(w.lower for s in side.sentences for w in s.words) for side in (old, new)]
    found: dict[str, tuple[str, ...]] = {}
    for mine, theirs, reading, other in (
        (sides[0], sides[1], old, new),
        (sides[1], sides[0], new, old),
    ):
        odd = _odd(mine, theirs, reading)
        longest = max(map(len, theirs), default=0) if odd else 0
        apart = {word: parts for word in odd if (parts := _parts(word, theirs, longest))}
        beside = _neighbours(other) if apart else set()
        found |= {
            word: parts
            for word, parts in apart.items()
            if all(pair in beside for pair in pairwise(parts))
        }
    return dict(sorted(found.items()))


def _odd(mine: Mapping[str, int], theirs: Mapping[str, int], reading: Reading) -> list[str]:
    """The words of one edition that the other lacks and the language hardly has."""
    alone = {
        word
        for word, count in mine.items()
        if word not in theirs
        and count <= _SELDOM
        and _SHORTEST <= len(word) <= _LONGEST
        and word.isalpha()
        and word not in _WHOLE
    }
    if not alone:
        return []
    stems = {w.lower: w.stem for s in reading.sentences for w in s.words if w.lower in alone}
    return sorted(word for word in alone if stems[word] not in _common())


def _neighbours(reading: Reading) -> set[tuple[str, str]]:
    return {
        (a.lower, b.lower) for sentence in reading.sentences for a, b in pairwise(sentence.words)
    }


def _parts(word: str, words: Mapping[str, int], longest: int) -> tuple[str, ...]:
    """The fewest words that ``word`` is made of, the commonest of them; none if it is not."""
    best: list[tuple[int, int, tuple[str, ...]] | None] = [(0, 0, ())]
    for end in range(1, len(word) + 1):
        ways = [
            (so_far[0] + 1, so_far[1] - words[piece], (*so_far[2], piece))
            for start in range(max(0, end - longest), end)
            if (so_far := best[start]) is not None
            and so_far[0] < _MOST_PARTS
            and _may_be_part(piece := word[start:end], words)
        ]
        best.append(min(ways, default=None))
    last = best[-1]
    return last[2] if last is not None and any(len(part) > 2 for part in last[2]) else ()


def _may_be_part(piece: str, words: Mapping[str, int]) -> bool:
    return piece in words and (len(piece) > 2 or piece in _SMALL)


@cache
def _common() -> frozenset[str]:
    """Stems that real policy prose has often."""
    path = folder("rules") / "weights" / "background.txt"
    return frozenset(_stems(path.read_text(encoding="utf-8")))


def _stems(text: str) -> Iterator[str]:
    for line in text.splitlines():
        stem, _, count = line.rpartition(" ")
        if stem and stem[0] not in "#=*" and count.isdigit():
            yield stem
