"""Words: what the tokenizer makes of a text, in lower case and with their stems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from cardwatch.model import Word
from cardwatch.segment.stems import stem
from cardwatch.segment.tokenizer import tokens_of

# spaCy holds a whole text in memory several times over; longer ones go through in slices.
_SLICE = 400_000
# The tokenizer takes quadratic time for what has no blank in it. Marks in such number say
# nothing and are blanked; longer stretches (encoded data, addresses) are taken in parts.
_MANY_MARKS = 40
_MARKS = re.compile(rf"[^\w\s]{{{_MANY_MARKS},}}")
_RUN = re.compile(r"\S{1,1000}")

# Function words that carry polarity, obligation or scope are kept out of the stop list.
_MEANINGFUL = frozenset(
    "no not never none neither nor nothing without cannot n't all any every always only unless "
    "except must may might could can will shall should would before after until".split()
)


def words(text: str, offset: int = 0) -> list[Word]:
    """The words of ``text`` in order; ``offset`` is added to every position.

    Tokens without a letter or digit are left out, except that ``%``, ``$``, ``~``, ``<`` and
    ``>`` stay because they change what a number says.
    """
    if len(text) >= _MANY_MARKS:
        text = _MARKS.sub(lambda marks: " " * len(marks.group()), text)
    if len(_known) > _KNOWN_LIMIT:
        _known.clear()
    known, found = _known, []
    runs = [(match.group(), offset + match.start()) for match in _RUN.finditer(text)]
    _learn(run for run, _ in runs if run not in known)
    for run, at in runs:
        for start, end, lower, stemmed, stop in known[run]:
            found.append(Word(at + start, at + end, lower, stemmed, stop))
    return found


# What the tokenizer makes of each run of characters between blanks, which does not depend on
# its neighbours: most runs of a text come again, and looking them up is four times as fast.
_known: dict[str, tuple[tuple[int, int, str, str, bool], ...]] = {}
_KNOWN_LIMIT = 100_000


def _learn(runs: Iterable[str]) -> None:
    """Let spaCy take runs apart, many at once."""
    batch: list[str] = []
    size = 0
    for run in dict.fromkeys(runs):
        batch.append(run)
        size += len(run) + 1
        if size > _SLICE:
            _learn_batch(batch)
            batch, size = [], 0
    _learn_batch(batch)


def _learn_batch(runs: Sequence[str]) -> None:
    for run, tokens in zip(runs, tokens_of(runs), strict=True):
        forms = ((start, token, _form(token)) for start, token in tokens)
        _known[run] = tuple(
            (start, start + len(token), *form) for start, token, form in forms if form is not None
        )


@lru_cache(maxsize=200_000)
def _form(token: str) -> tuple[str, str, bool] | None:
    lower = token.lower().replace("’", "'")
    if not any(character.isalnum() for character in lower) and lower not in "%$€£~<>≤≥":
        return None
    return lower, stem(lower), is_stop(lower)


@lru_cache(maxsize=50_000)
def is_stop(word: str) -> bool:
    """Whether a lower-case word is a function word that weighs nothing in matching."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return (word in STOP_WORDS or (len(word) == 1 and word.isalpha())) and word not in _MEANINGFUL
