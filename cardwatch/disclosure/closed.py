"""Closed lists: "we share it only with couriers, banks and auditors" excludes everybody else.

A statement that says the same of something outside the list is found by putting the list in its
place: if the passage then says the statement, it goes against it as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cardwatch.model import Features, Span

_ONLY = re.compile(r"\b(?:only|solely|exclusively|no(?:body|thing| one) (?:else )?but)\b", re.I)
# "Only if", "only when": a condition, not a list.
_CONDITION = re.compile(r"\b(?:if|when|where|after|before|until|once|as|to the extent)\b", re.I)
_WORD = re.compile(r"\w[\w'’-]*")
# Set, not fitted: words between "only" and what opens the list, content words of what stands
# outside it, and words of a statement from what opens the list to one more item.
_GAP, _MOST_OUTSIDE, _NEAR = 4, 4, 8
# Verbs and prepositions are known by so many letters: "collects", "collected".
_KNOWN_BY = 5

Describe = Callable[[str], Features]


def closes(text: str) -> bool:
    """Whether a text has a word such as "only", by which a list may be closed."""
    return bool(_ONLY.search(text))


@dataclass(frozen=True, slots=True)
class Listed:
    """A closed list: the word that opens it ("with"), its items as written, and their stems."""

    opener: str
    items: str
    terms: frozenset[str]


def closed_list(text: str, describe: Describe) -> Listed | None:
    """The list of three items or more that stands after "only" in a text, if it is closed."""
    listed = describe(text).enumeration
    if listed is None or not listed.closed:
        return None
    first = listed.items[0].end
    cues = list(_ONLY.finditer(text, 0, first))
    # the first item is all that stands before the first comma, with what opens the list
    head = text[cues[-1].end() : first] if cues else ""
    words = list(_WORD.finditer(head))
    if not words or _CONDITION.search(head) or len(words) > 2 * _GAP:
        return None
    opener, item = _opener(text[: cues[-1].start()], head, words)
    if not opener or not item:
        return None
    items = item + text[first : listed.span.end]
    return Listed(opener, items, describe(items).terms)


_PREPOSITIONS = frozenset("with to by from for in of at on through among about".split())


def _opener(before: str, head: str, words: Sequence[re.Match[str]]) -> tuple[str, str]:
    """The preposition between "only" and the item, or else the word before "only"."""
    opening = next((w for w in words[:_GAP] if w[0].lower() in _PREPOSITIONS), None)
    if opening is not None:
        return opening[0].lower(), head[opening.end() :].strip()
    last = _WORD.findall(before)[-1:]
    return (last[0].lower() if last else ""), head.strip()


def outside(
    statement: str, listed: Listed, said: Callable[[str], bool], describe: Describe
) -> Span | None:
    """What a statement names beside the items of a list, in the place of one.

    ``said`` tells whether the passage expresses a stem. Nothing, where all is said, where what
    is not said stands in several places, or where it does not follow what opens the list, or
    an item and "and".
    """
    words = list(_WORD.finditer(statement))
    content = [describe(word[0]).terms for word in words]
    unsaid = [n for n, terms in enumerate(content) if any(not said(term) for term in terms)]
    if not unsaid or len(unsaid) > _MOST_OUTSIDE:
        return None
    first, last = unsaid[0], unsaid[-1]
    if [n for n in range(first, last + 1) if content[n]] != unsaid:
        return None
    if _qualifies(content[last + 1 : last + 2], listed) or _tells_how(words[first : last + 1]):
        return None
    # "data brokers" where "data" is said: the name begins before the word that is not
    while first and content[first - 1] and not content[first - 1] & listed.terms:
        if _opens(words[first - 1][0], listed):
            break
        first -= 1
    at = first - 1
    while at >= 0 and words[at][0].lower() in _ARTICLES:
        at -= 1
    if at < 0 or not _follows(words[at][0], statement[words[at].end() : words[first].start()]):
        joined = at >= 0 and _opens(words[at][0], listed)
    else:
        near = words[max(0, at - _NEAR) : at]
        joined = any(_opens(word[0], listed) for word in near)
    return Span(words[first].start(), words[last].end()) if joined else None


_ARTICLES = frozenset("the a an our its their your any some other".split())


# "With your consent" and "by default" name nobody and nothing: how, not whom or what.
_MANNERS = frozenset(
    "consent permission approval agreement authorization authorisation notice warning care caution "
    "respect regard certainty confidence delay default law reason purpose time free example "
    "instance accordance line compliance help request way means case cases day days week weeks "
    "month months year years hour hours".split()
)


def _tells_how(words: Sequence[re.Match[str]]) -> bool:
    return any(word[0].lower() in _MANNERS for word in words)


def _qualifies(after: Sequence[frozenset[str]], listed: Listed) -> bool:
    """Whether an item follows at once: "European banks" are banks."""
    return any(terms & listed.terms for terms in after)


def _opens(word: str, listed: Listed) -> bool:
    return word.lower()[:_KNOWN_BY] == listed.opener[:_KNOWN_BY]


def _follows(word: str, gap: str) -> bool:
    """Whether one more item is joined to those before it."""
    return word.lower() in ("and", "or") or gap.lstrip().startswith(",")
