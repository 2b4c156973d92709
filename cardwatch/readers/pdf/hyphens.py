"""Hyphens at line ends: which the typesetter added, and which belong to the word."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cardwatch.readers.pdf.sheets import TextLine

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST = re.compile(r"([^\W_]+)[-‐\u00ad]$")
_FIRST = re.compile(r"[^\W_]+")
# Hyphens that only a typesetter sets at a line's end: Unicode hyphen and soft hyphen.
_SOFT = "‐\u00ad"
_ANY = ("-", *_SOFT)


class Hyphens:
    """Judges line-end hyphens by the words that the document prints inside its lines."""

    def __init__(self, lines: Iterable[TextLine]) -> None:
        self._words: set[str] = set()
        self._compounds: set[str] = set()
        soft = hard = 0
        cut = False
        for line in lines:
            text = line.text
            found = _WORD.findall(text.casefold())
            # The halves of a word that is cut here are no words of the document.
            found, cut = found[1 if cut else 0 :], text.endswith(_ANY)
            for word in found[:-1] if cut else found:
                (self._compounds if "-" in word else self._words).add(word)
                if "-" in word:
                    self._words.update(word.split("-"))
            soft += text.endswith(tuple(_SOFT))
            hard += text.endswith("-")
        # Where the typesetter has a sign of its own for the hyphens it adds, "-" is the author's.
        self._signed = soft > 5 and soft > hard

    def ends(self, text: str) -> bool:
        """Whether a line of ``text`` ends in a hyphen inside a word."""
        return text[-1:] in _ANY and bool(_LAST.search(text))

    def drop(self, text: str, following: str) -> bool:
        """Whether the hyphen at the end of ``text`` goes when ``following`` is joined to it."""
        if text[-1:] not in _ANY or not following:
            return False
        last, first = _LAST.search(text[-60:]), _FIRST.match(following)
        if not last or not first:
            return False
        if text[-1] in _SOFT:
            return True
        left, right = last[1].casefold(), first.group().casefold()
        if self._signed or not (left[-1].isalpha() and right[0].isalpha()):
            return False
        if f"{left}-{right}" in self._compounds or first.group()[0].isupper():
            return False
        if left + right in self._words:
            return True
        return not (left in self._words and right in self._words and len(left) > 2)
