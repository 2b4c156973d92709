"""The conflated form of a word: Snowball stems, spellings and irregular forms brought together."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

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
