"""The words that one wording has and the other lacks, without those that say nothing new."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cardwatch.model import Features, Span, Word
from cardwatch.outcome.examples import examples

Meanings = Mapping[str, frozenset[str]]
"""What a stem expresses on its own: its concepts and all that takes them in."""

# Words by which a text names its publisher, its products and itself; which of them it uses is
# style. Names are told by their capitals.
_REFERRING = frozenset(
    "we us our ours ourselves it its they their them this that these those the a an model models "
    "system systems framework frameworks policy policies document company such".split()
)
# Verbs that say only that something is done or is there; what it is, the words beside them say.
_LIGHT = frozenset(
    "maintain implement establish provid conduct perform undertak carri make use have includ "
    "continu".split()
)
_NAME_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}")
_NAME = re.compile(r"\b([A-Z][\w’'-]*)[ -]$")
_COUNTED = re.compile(r"\s+(?:[a-z]+\s+)?(?!(?:was|is|has|does|its|this|as)\b)[a-z]{2,}s\b")
# Words with a capital after which a number is a rank, a place, a date or a figure.
_NO_NAMES = frozenset(
    "level tier stage phase class category grade step version section article part annex chapter "
    "january february march april may june july august september october november december "
    "at by to of in the than about under over within least most only up from and or for every "
    "after before until all some any each no these those this that if we us eur usd gbp".split()
)
# An excerpt that ends like this goes on where it is not quoted.
_CUT_SHORT = re.compile(r"(?:\.\.\.|…)\W*$")
# Aligning takes the product of the two lengths at worst; no commitment is this long.
_MOST_WORDS = 1500
_HYPHENATED = re.compile(r"(?<=[a-z])- (?=[a-z])")
_NUMBER = re.compile(r"^\s*(?:\d{1,3}(?:\.\d{1,3}){1,4}\.?)(?=\s+[\"“‘(]?[A-Z])")
_LABEL = re.compile(r"\W*(?:\(?\w{1,3}[.)]\s)?(?:[^\s,;:]+ ){0,6}[^\s,;:]+:(?=[^\d/])")


@dataclass(frozen=True, slots=True)
class Side:
    """One wording: what it says and its words in order, with offsets into its text."""

    features: Features
    words: Sequence[Word]


def numbers_name(text: str, start: int, end: int) -> bool:
    """Whether a number belongs to the name before it ("Model 4.5") and counts nothing."""
    if not _NAME_NUMBER.fullmatch(text, start, end):
        return False
    before = _NAME.search(text, max(0, start - 40), start)
    if before is None or before[1].lower() in _NO_NAMES:
        return False
    heads = before.start(1) == 0 or text[: before.start(1)].rstrip()[-1:] in ".:!?;"
    return not (heads and _COUNTED.match(text, end))


def weighty(word: Word) -> bool:
    """Whether a word says what is done, to what, by whom: no function word, no light verb."""
    return not word.stop and word.stem not in _LIGHT


def mended(text: str) -> str:
    """``text`` without the number of its paragraph, and with words joined again that a line end
    had hyphenated.
    """
    return _HYPHENATED.sub("", _NUMBER.sub("", text))


@dataclass(frozen=True, slots=True)
class Edits:
    """``pairs`` are the runs of words that give way to one another, one of them perhaps empty;
    ``gone`` and ``come`` the content stems of them that have no counterpart; ``kept`` (0 to 1)
    how far the two wordings are one, word by word in order; ``shown`` where each of the two
    only gives examples.
    """

    pairs: tuple[tuple[tuple[Word, ...], tuple[Word, ...]], ...]
    gone: tuple[str, ...]
    come: tuple[str, ...]
    kept: float
    shown: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())


def edits(old: Side, new: Side, meanings: Meanings) -> Edits:
    """What changed between the two wordings.

    Left out: labels at the head, words run together or hyphenated, other names for the same
    party, examples, what follows where an excerpt breaks off, function words, verbs that only
    say that something is done. A word that only moved, or
    for which one of the same meaning came, is in neither ``gone`` nor ``come``.
    """
    left, right = _unlabelled(old)[:_MOST_WORDS], _unlabelled(new)[:_MOST_WORDS]
    matcher = SequenceMatcher(None, [w.stem for w in left], [w.stem for w in right], autojunk=False)
    shown = examples(old.features.text), examples(new.features.text)
    pairs = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal" or _cut_off((old, i2 == len(left)), (new, j2 == len(right))):
            continue
        pair = _firm(left[i1:i2], shown[0]), _firm(right[j1:j2], shown[1])
        if any(pair) and not _same(*pair) and not _renamed(pair, old, new):
            pairs.append((tuple(pair[0]), tuple(pair[1])))
    gone, come = _unmatched(pairs, meanings)
    return Edits(tuple(pairs), gone, come, matcher.ratio(), shown)


def _firm(words: Sequence[Word], shown: Sequence[Span]) -> list[Word]:
    """The words that are not part of an example."""
    return [w for w in words if not any(s.start <= w.start < s.end for s in shown)]


def _unlabelled(side: Side) -> list[Word]:
    label = _LABEL.match(side.features.text)
    start = label.end() if label else 0
    words = [word for word in side.words if word.start >= start]
    return words if len(words) >= 3 else list(side.words)


def _cut_off(*sides: tuple[Side, bool]) -> bool:
    """Whether a difference stands at the end of both, and one of them breaks off there."""
    return all(at_end for _, at_end in sides) and any(
        _CUT_SHORT.search(side.features.text) for side, _ in sides
    )


def _same(left: Sequence[Word], right: Sequence[Word]) -> bool:
    """Whether only blanks and hyphens differ."""
    return _joined(left) == _joined(right)


def _joined(words: Sequence[Word]) -> str:
    return re.sub(r"\W", "", "".join(word.lower for word in words))


def _renamed(pair: tuple[Sequence[Word], Sequence[Word]], old: Side, new: Side) -> bool:
    return all(
        word.lower in _REFERRING or word.lower == "'s" or _is_name(word, side)
        for words, side in zip(pair, (old, new), strict=True)
        for word in words
    )


def _is_name(word: Word, side: Side) -> bool:
    """Written with a capital in the middle of a sentence, or within the word; or the number of
    a name.
    """
    shown = side.features.text[word.start : word.end]
    if numbers_name(side.features.text, word.start, word.end):
        return True
    if not shown[:1].isalpha() or word.stop:
        return False
    before = side.features.text[max(0, word.start - 2) : word.start]
    inside = any(c.isupper() for c in shown[1:]) and not shown.isupper()
    return inside or (shown[0].isupper() and bool(re.fullmatch(r"\w ", before)))


def _unmatched(
    pairs: Sequence[tuple[Sequence[Word], Sequence[Word]]], meanings: Meanings
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    gone = Counter(w.stem for left, _ in pairs for w in left if weighty(w))
    come = Counter(w.stem for _, right in pairs for w in right if weighty(w))
    gone, come = gone - come, come - gone
    meant = frozenset().union(*(meanings.get(stem, frozenset()) for stem in come))
    known = frozenset().union(*(meanings.get(stem, frozenset()) for stem in gone))
    return (
        tuple(sorted(s for s in gone if not meanings.get(s, frozenset()) & meant)),
        tuple(sorted(s for s in come if not meanings.get(s, frozenset()) & known)),
    )
