"""Words that a conversion ran together, told apart again before two editions are compared."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from functools import lru_cache

_TOKEN = re.compile(r"[^\W\d_]+")
# A token of fewer letters is hardly ever two words.
_SHORTEST = 6
_LONGEST = 160
# Short words that run into their neighbours; other pieces have three letters or more.
_SMALL = frozenset("a an as at be by he if in is it no of on or so to up us we".split())
# A token that an edition has more often than this is a word of its own.
_SELDOM = 2
# A label or a sentence that the next word ran into: ``Audits:We``, ``in place.3We``. A few
# letters before the stop keep web addresses and initials whole.
_GLUED = re.compile(r"(?<=[a-z]{3})(?:[;,](?=[A-Za-z])|(?::|[.!?][”\")]?\d{0,2})(?=[A-Z][a-z]))")
# The number of a footnote that its first word ran into.
_NOTE_NUMBER = re.compile(r"\A\s*\d{1,3}(?=[A-Z“\"])")
# One capital inside a word starts another one, where both are words.
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def mender(old: str, new: str, known: Callable[[str], bool]) -> Callable[[str], str]:
    """A function that parts words run together, for passages of two editions.

    A token is taken apart where it is rare in its edition, not in the other one, not ``known``
    in the language, and made of words that the editions use. Words are counted once; the rest
    costs a little for each token that is asked about. A text without such tokens is returned as
    it is.
    """
    sides = [Counter(match.group().lower() for match in _TOKEN.finditer(t)) for t in (old, new)]
    counts: Counter[str] = sides[0] + sides[1]
    costs = _costs(counts)

    @lru_cache(maxsize=100_000)
    def parted(token: str) -> str:
        low = token.lower()
        if not _SHORTEST <= len(low) <= _LONGEST:
            return token
        if counts[low] > _SELDOM or all(side[low] for side in sides) or known(low):
            return token
        # the pieces must be words without this token's own help
        pieces = _pieces(low, costs, counts)
        return _like(token, pieces) if len(pieces) > 1 else token

    def word(match: re.Match[str]) -> str:
        token = match.group()
        whole = _HUMP.split(token) if _humped(token, counts) else [token]
        return " ".join(map(parted, whole))

    def mend(text: str) -> str:
        return _TOKEN.sub(word, _GLUED.sub(r"\g<0> ", _NOTE_NUMBER.sub("", text)))

    return mend


def _humped(token: str, counts: Mapping[str, int]) -> bool:
    """Whether a capital inside a token starts a word of its own: ``CapabilityReports``."""
    parts = _HUMP.split(token)
    return (
        len(parts) > 1
        and counts[token.lower()] <= _SELDOM
        and all(counts.get(part.lower(), 0) > _SELDOM for part in parts)
    )


def _costs(counts: Counter[str]) -> dict[str, float]:
    """What each word costs as a piece: the negative log of how common it is."""
    total = sum(counts.values()) + 1
    return {
        word: math.log(total / n)
        for word, n in counts.items()
        if n > 1 and (len(word) > 2 or word in _SMALL)
    }


def _pieces(word: str, costs: Mapping[str, float], counts: Mapping[str, int]) -> list[str]:
    """The cheapest way to make a word of known ones; the word itself where there is none."""
    longest = max((len(piece) for piece in costs), default=0)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(word) + 1):
        ways = [
            (best[start][0] + costs[word[start:end]], start)
            for start in range(max(0, end - longest), end)
            if word[start:end] in costs
            and best[start][0] < math.inf
            # a word that the editions have twice by itself does not make itself
            and end - start < len(word)
        ]
        best.append(min(ways, default=(math.inf, 0)))
    if best[-1][0] == math.inf:
        return [word]
    pieces: list[str] = []
    end = len(word)
    while end:
        start = best[end][1]
        pieces.append(word[start:end])
        end = start
    if len(pieces) > 1 and not any(len(p) > 2 and counts[p] > _SELDOM for p in pieces):
        return [word]
    return pieces[::-1]


def _like(token: str, pieces: list[str]) -> str:
    """The pieces with the capitals of the token."""
    at, made = 0, []
    for piece in pieces:
        made.append(token[at : at + len(piece)])
        at += len(piece)
    return " ".join(made)
