"""Words and marks compared one by one: what must be equal for a quotation to be exact."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

# Words keep what is inside them: "don't", "0.03%", "1,000", "Opus-4.8", "and/or" is three.
_TOKEN = re.compile(r"[$€£~<>≤≥±#]|\d[\d.,:]*\d|\w+(?:['’]\w+)*|[%‰°]|[^\w\s]")
_SAME_MARK = str.maketrans(
    {
        "’": "'", "‘": "'", "‛": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"',
        "«": '"', "»": '"', "‹": "'", "›": "'", "–": "-", "—": "-", "‒": "-", "−": "-",
        "‐": "-", "‑": "-", "…": ".", "\u00ad": None, "\u200b": None, "\u200c": None,
        "\u200d": None, "\u2060": None, "\ufeff": None,
    }
)  # fmt: skip
_IGNORED = frozenset("\"'*_`")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; ``form`` is what is compared, ``bare`` that in lower case."""

    start: int
    end: int
    form: str
    bare: str

    @property
    def is_word(self) -> bool:
        """Whether it holds a letter or a digit, or is a sign that changes what a number says."""
        return self.form[0].isalnum() or self.form in "$€£~<>≤≥±%‰°#"


def tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """The tokens of ``text[start:end]`` with their places in ``text``.

    Quotation marks, emphasis marks and invisible characters are left out; kinds of dash and
    apostrophe are one; ligatures and full-width forms are the letters that they show.
    """
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        form = unicodedata.normalize("NFKC", match.group()).translate(_SAME_MARK)
        if form and form not in _IGNORED:
            yield Token(match.start(), match.end(), form, form.lower())


class Tokens:
    """The tokens of one text with an index of where each stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all = tuple(tokens(text))

    @cached_property
    def words(self) -> tuple[int, ...]:
        """The indices in ``all`` of the words, marks left out."""
        return tuple(index for index, token in enumerate(self.all) if token.is_word)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """Where in ``words`` each word stands."""
        found: dict[str, list[int]] = {}
        for place, index in enumerate(self.words):
            found.setdefault(self.all[index].bare, []).append(place)
        return found

    def find(self, wanted: Sequence[str], after: int = 0) -> Iterator[int]:
        """The places in ``words`` from ``after`` on where the words ``wanted`` stand in a row."""
        if not wanted:
            return
        counts = [len(self.places.get(word, ())) for word in wanted]
        rarest = min(range(len(wanted)), key=counts.__getitem__)
        candidates = self.places.get(wanted[rarest], [])
        for place in candidates[bisect_left(candidates, after + rarest) :]:
            first = place - rarest
            row = self.words[first : first + len(wanted)]
            if len(row) == len(wanted) and all(
                self.all[index].bare == word for index, word in zip(row, wanted, strict=True)
            ):
                yield first

    def between(self, first: int, last: int) -> tuple[Token, ...]:
        """All tokens, marks too, from the word at place ``first`` to that at ``last``."""
        return self.all[self.words[first] : self.words[last] + 1]
