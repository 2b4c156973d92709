"""Words: spaCy's blank English tokenizer, no model; stems by the Snowball algorithm."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from cardwatch.model import Word

if TYPE_CHECKING:
    from spacy.language import Language

# spaCy holds a whole text in memory several times over; longer ones go through in slices.
_SLICE = 400_000
# The tokenizer takes quadratic time for what has no blank in it. Marks in such number say
# nothing and are blanked; longer stretches (encoded data, addresses) are taken in parts.
_MARKS = re.compile(r"[^\w\s]{40,}")
_UNBROKEN = re.compile(r"\S{1000,}")
_PART = 1000

# Function words that carry polarity, obligation or scope are kept out of the stop list.
_MEANINGFUL = frozenset(
    [
        "no",
        "not",
        "never",
        "none",
        "neither",
        "nor",
        "nothing",
        "without",
        "cannot",
        "n't",
        "all",
        "any",
        "every",
        "always",
        "only",
        "unless",
        "except",
        "must",
        "may",
        "might",
        "could",
        "can",
        "will",
        "shall",
        "should",
        "would",
        "before",
        "after",
        "until",
    ]
)


# Words that the stemmer would conflate with others of another meaning ("information" with
# "inform", "international" with "internal"), each with the stem that it gets instead.
_APART = {
    "information": "information",
    "informational": "information",
    "international": "international",
    "internationally": "international",
    "several": "several",
    "severally": "several",
    "experience": "experience",
    "experiences": "experience",
    "experienced": "experience",
    "universal": "universal",
    "universally": "universal",
    "university": "university",
    "universities": "university",
    "personal": "personal",
    "personally": "personal",
    "important": "important",
    "importance": "important",
    "importantly": "important",
    "objective": "objective",
    "objectives": "objective",
    "public": "public",
    "publicly": "public",
    "publication": "publish",
    "publications": "publish",
    "authority": "authority",
    "authorities": "authority",
    "author": "author",
    "authors": "author",
    "generally": "general",
    "general": "general",
    "committee": "committee",
    "committees": "committee",
    "additive": "additive",
    "additional": "addit",
    "advisor": "adviser",
    "advisors": "adviser",
    "adviser": "adviser",
    "advisers": "adviser",
    "advisory": "advisory",
    "community": "community",
    "communities": "community",
    "notification": "notifi",
    "notifications": "notifi",
    "notices": "notice",
    "notice": "notice",
    "disclosure": "disclos",
    "breach": "breach",
    "evidence": "evidence",
    "data": "data",
    "news": "news",
    "oral": "oral",
    "orally": "oral",
    "verbal": "verbal",
    "verbally": "verbal",
    "children": "child",
    "people": "people",
    "told": "tell",
    "kept": "keep",
    "held": "hold",
    "sold": "sell",
    "given": "give",
    "gave": "give",
    "made": "make",
    "taken": "take",
    "took": "take",
    "written": "write",
    "paid": "pay",
    "sent": "send",
    "lost": "lose",
    "shown": "show",
    "seen": "see",
    "known": "know",
    "chosen": "choos",
    "left": "leave",
    "built": "build",
    "brought": "bring",
    "bought": "buy",
    "sought": "seek",
    "withheld": "withhold",
    "overridden": "overrid",
    "met": "meet",
    "led": "lead",
    "ran": "run",
    "began": "begin",
    "became": "becom",
    "licence": "licens",
    "licences": "licens",
    "licenced": "licens",
}  # fmt: skip
_BRITISH = re.compile(r"(?<=[a-z]{3})is(e|ed|es|ing|ation|ations)$")
_OUR = re.compile(r"\b(behavi|fav|hon|lab|col|endeav|harb|hum|neighb|rum|vig|flav)our")
# Roots in which the s belongs: "advise", "exercise", "promise" have no z spelling.
_TRUE_S = re.compile(
    r"(?:adv|rev|superv|dev|telev|improv|comprom|prom|exerc|exp|prec|conc|surm|desp|"
    r"dis|enterpr|surpr|compr|franch|merchand|pra|ra|wise|no|prem|treat|lik|other|clockw)$"
)


@cache
def _nlp() -> Language:
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = 10 * _SLICE
    return nlp


@cache
def _stemmer() -> Any:
    import snowballstemmer

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The conflated form of one lower-case word."""
    bare = word.replace("’", "'").removesuffix("'s")
    if bare in _APART:
        return _APART[bare]
    if bare.isalpha():
        british = _BRITISH.search(bare)
        if british and not _TRUE_S.search(bare[: british.start()]):
            bare = f"{bare[: british.start()]}iz{british[1]}"
        elif "our" in bare:
            bare = _OUR.sub(r"\1or", bare)
        return str(_stemmer().stemWord(bare))
    return bare


def words(text: str, offset: int = 0) -> list[Word]:
    """The words of ``text`` in order; ``offset`` is added to every position.

    Tokens without a letter or digit are left out, except that ``%``, ``$``, ``~``, ``<`` and
    ``>`` stay because they change what a number says.
    """
    return [word for piece, at in _slices(text) for word in _words(piece, offset + at)]


def _words(text: str, offset: int) -> Iterator[Word]:
    from spacy.attrs import IDX, LENGTH, ORTH

    doc = _nlp().make_doc(text)
    strings = doc.vocab.strings
    for orth, at, length in doc.to_array([ORTH, IDX, LENGTH]).tolist():
        form = _form(strings[orth])
        if form is not None:
            yield Word(offset + at, offset + at + length, *form)


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


def _slices(text: str) -> Iterator[tuple[str, int]]:
    """Pieces of at most ``_SLICE`` characters, cut at a blank where there is one."""
    text = _MARKS.sub(lambda marks: " " * len(marks.group()), text)
    at = 0
    while at < len(text):
        end = min(len(text), at + _SLICE)
        if end < len(text):
            cut = re.compile(r"\s").search(text, max(at + 1, end - 1000), end)
            end = cut.start() if cut else end
        yield from _parts(text[at:end], at)
        at = end


def _parts(piece: str, offset: int) -> Iterator[tuple[str, int]]:
    """A slice, cut where it has no blank for too long."""
    at = 0
    for run in _UNBROKEN.finditer(piece):
        for end in range(run.start() + _PART, run.end(), _PART):
            yield piece[at:end], offset + at
            at = end
    yield piece[at:], offset + at
