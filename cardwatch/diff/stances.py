"""What a passage says and what it denies, and whether another passage says the opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cardwatch.diff.edition import Edition
from cardwatch.model import Span, Word

_DENIES = frozenset(
    "not no never without nor neither none cannot nobody nothing unless except".split()
)
# "not only", "no more than": nothing is denied.
_DENIES_NOT = frozenset(
    "only just merely limited less more later fewer earlier least necessarily".split()
)
# What is denied ends with the clause, and is not far from the word that denies.
_ENDS = frozenset("but until because if when while although though which who whereas".split())
_REACH = 9
_CLAUSE_END = re.compile(r"[,;:.!?()\n—]|\s[-–]\s")


@dataclass(frozen=True, slots=True)
class Stance:
    """The stems of the content words of a passage: those it denies, and all others."""

    denied: frozenset[str]
    said: frozenset[str]


def stance(edition: Edition, span: Span) -> Stance:
    """What the sentences within ``span`` say and deny."""
    denied: set[str] = set()
    said: set[str] = set()
    for sentence in edition.within(span):
        words = [w for w in sentence.words if span.start <= w.start and w.end <= span.end]
        for word, negative in _read(edition.document.text, words):
            if not word.stop and any(c.isalpha() for c in word.stem):
                (denied if negative else said).add(word.stem)
    return Stance(frozenset(denied - _DENIES), frozenset(said - _DENIES))


def _read(text: str, words: Sequence[Word]) -> Iterator[tuple[Word, bool]]:
    """Each word, and whether a word before it in its clause denies it."""
    left = 0
    for index, word in enumerate(words):
        between = text[words[index - 1].end : word.start] if index else ""
        if left and (word.lower in _ENDS or _CLAUSE_END.search(between)):
            left = 0
        following = words[index + 1].lower if index + 1 < len(words) else ""
        if word.lower in _DENIES or word.lower.replace("’", "'").endswith("n't"):
            left = 0 if following in _DENIES_NOT else _REACH
            continue
        yield word, left > 0
        left = max(0, left - (not word.stop))


def turned(old: Stance, new: Stance) -> frozenset[str]:
    """What one passage denies and the other says, without itself saying both."""
    gone = (old.denied & new.said) - old.said - new.denied
    come = (old.said & new.denied) - old.denied - new.said
    return gone | come


def share_turned(old: Stance, new: Stance) -> float:
    """How much of what either passage denies the other says, 0 to 1."""
    denied = (old.denied - new.denied) | (new.denied - old.denied)
    return len(turned(old, new)) / (len(denied) or 1)
