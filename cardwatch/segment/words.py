"""Words: spaCy's blank English tokenizer, no model; stems by the Snowball algorithm."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from cardwatch.model import Word

if TYPE_CHECKING:
    from spacy.tokenizer import Tokenizer

# spaCy holds a whole text in memory several times over; longer ones go through in slices.
_SLICE = 400_000
# The tokenizer takes quadratic time for what has no blank in it. Marks in such number say
# nothing and are blanked; longer stretches (encoded data, addresses) are taken in parts.
_MANY_MARKS = 40
_MARKS = re.compile(rf"[^\w\s]{{{_MANY_MARKS},}}")
_RUN = re.compile(r"\S{1,1000}")

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
def _tokenizer() -> Tokenizer:
    """The tokenizer of spaCy's blank English pipeline, without what else a pipeline computes."""
    from spacy.lang.en import English
    from spacy.tokenizer import Tokenizer
    from spacy.util import compile_infix_regex, compile_prefix_regex, compile_suffix_regex
    from spacy.vocab import Vocab

    english = English.Defaults
    return Tokenizer(
        Vocab(),
        rules=english.tokenizer_exceptions,
        prefix_search=compile_prefix_regex(english.prefixes or ()).search,
        suffix_search=compile_suffix_regex(english.suffixes or ()).search,
        infix_finditer=compile_infix_regex(english.infixes or ()).finditer,
        token_match=english.token_match,
        url_match=english.url_match,
    )


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
    from spacy.attrs import IDX, LENGTH, ORTH

    doc = _tokenizer()(" ".join(runs))
    strings = doc.vocab.strings
    tokens = iter(doc.to_array([ORTH, IDX, LENGTH]).tolist())
    at, token = 0, next(tokens, None)
    for run in runs:
        parts = []
        while token is not None and token[1] < at + len(run):
            form = _form(strings[token[0]])
            if form is not None:
                parts.append((token[1] - at, token[1] - at + token[2], *form))
            token = next(tokens, None)
        _known[run] = tuple(parts)
        at += len(run) + 1


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
