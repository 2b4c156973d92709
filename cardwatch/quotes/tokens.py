"""Words and marks compared one by one: what must be equal for a quotation to be exact."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from cardwatch.model import Span

# Soft hyphens, zero-width blanks and joiners: nobody sees them, so nobody can misquote them.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Words keep what is inside them: "don't", "1,000" and "40k" are one, "0.03%" two, "and/or" three.
# A mark above a letter (a category of its own in Unicode) belongs to the letter.
_TOKEN = re.compile(
    rf"\d+\^-?\d+|[$€£¥~<>≤≥±#]|\d[\d.,:{_UNSEEN}]*\d\w*"
    rf"|\w[\w\u0300-\u036f{_UNSEEN}]*(?:['’ʼ]\w+)*|[%‰°]|-{{2,3}}|[^\w\s{_UNSEEN}]"
)
_SAME_MARK = str.maketrans(
    {
        "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "`": "'", "´": "'", "“": '"', "”": '"',
        "„": '"', "«": '"', "»": '"', "‹": "'", "›": "'", "–": "-", "—": "-", "‒": "-",
        "―": "-", "−": "-", "‐": "-", "‑": "-", "…": ".",
    }
    | dict.fromkeys(_UNSEEN)
)  # fmt: skip
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_ITSELF = ("<super>", "<fraction>")
_IGNORED = frozenset(["", '"', "'", "*", "_", "`"])
_DASHES = frozenset(["-", "--", "---"])
_SIGNS = frozenset("$€£¥~<>≤≥±%‰°#")


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
        return self.form[0].isalnum() or self.form in _SIGNS


def tokens(text: str, without: Iterable[Span] = ()) -> Iterator[Token]:
    """The tokens of ``text`` with their places, but for those at the spans ``without``.

    Quotation marks, emphasis marks and invisible characters are left out; kinds of dash and
    apostrophe are one, however many hyphens make the dash; ligatures and full-width forms are
    the letters that they show. Superscripts stay themselves: a power is not a number.
    """
    at = 0
    for span in sorted(without):
        yield from _run(text, at, span.start)
        at = max(at, span.end)
    yield from _run(text, at, len(text))


def _run(text: str, start: int, end: int) -> Iterator[Token]:
    for match in _TOKEN.finditer(text, start, end):
        form = _form(match.group())
        if form not in _IGNORED:
            yield Token(match.start(), match.end(), form, form.lower())


def _form(written: str) -> str:
    if "^" in written[1:]:
        # a power, as it is typed: the source may print it raised
        base, _, power = written.partition("^")
        form = base + power.translate(_RAISED)
    elif written.isascii():
        form = written
    else:
        # character by character: a superscript is no digit, and "1½" is not eleven halves
        form = "".join(
            c if unicodedata.decomposition(c).startswith(_ITSELF) else _compatible(c)
            for c in unicodedata.normalize("NFC", written)
        ).translate(_SAME_MARK)
    # an underscore at either end is emphasis
    return "-" if form in _DASHES else form.strip("_")


def _compatible(character: str) -> str:
    return unicodedata.normalize("NFKC", character)


class Tokens:
    """The tokens of one text with an index of where each stands."""

    def __init__(self, text: str, without: Iterable[Span] = ()) -> None:
        self.text = text
        self.all = tuple(tokens(text, without))

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
