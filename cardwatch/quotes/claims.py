"""What a sentence claims, verb by verb: how firmly, and whether it denies it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cardwatch.model import Strength
from cardwatch.quotes.tokens import Token, tokens

Stem = Callable[[str], str]

# The classes are those of Strength; "should" and "recommend" leave it to whoever acts.
_MODALS = {
    **dict.fromkeys(["will", "shall", "must", "'ll"], Strength.COMMITTED),
    **dict.fromkeys(["may", "might", "could", "can"], Strength.POSSIBLE),
    "should": Strength.RECOMMENDED,
}
# These weigh the verb that follows "to": "intends to publish".
_WITH_TO = {
    **dict.fromkeys(
        "intend aim plan expect hope seek try want wish attempt".split(), Strength.INTENDED
    ),
    **dict.fromkeys("commit promise pledge undertake".split(), Strength.COMMITTED),
    "consider": Strength.POSSIBLE,
}
_DENIALS = frozenset(["not", "never", "cannot", "n't", "neither", "nor"])
_BETWEEN = frozenset(
    """be been being also only always then still now soon sometimes often usually generally
    normally automatically typically have has had get gets to at least most ever again first
    either both""".split()
)
_PRESENT = frozenset(["is", "are", "do", "does", "gets", "get", "has", "have", "been"])
# Between a modal and its verb stand few words, or it is not its verb.
_REACH = 6


@dataclass(frozen=True, slots=True)
class Claim:
    """One verb (by its stem), how firmly it is said and by which word, and whether denied."""

    verb: str
    strength: Strength
    by: str
    denied: bool


def claims(text: str, stem: Stem) -> list[Claim]:
    """The claims that modal verbs and verbs of intention make, in order."""
    row = [token for token in tokens(text) if token.is_word]
    found: list[Claim] = []
    for at, token in enumerate(row):
        strength = _weight(row, at)
        if strength is not None:
            found.extend(_verbs(row, at, strength, stem, token.form))
    return found


def _weight(row: Sequence[Token], at: int) -> Strength | None:
    word = row[at].bare
    if word in _MODALS:
        # "in May 2026" and "a will" are no modals
        named = row[at].form[:1].isupper() and at > 0
        return None if named else _MODALS[word]
    if word == "cannot" or word in ("won't", "can't", "mustn't"):
        return Strength.COMMITTED if word != "can't" else Strength.POSSIBLE
    following = row[at + 1].bare if at + 1 < len(row) else ""
    base = word[:-1] if word.endswith("s") and word[:-1] in _WITH_TO else word
    base = {"tries": "try", "aiming": "aim", "planning": "plan", "hoping": "hope"}.get(word, base)
    if base in _WITH_TO and (following in ("to", "whether") or following.endswith("ing")):
        return _WITH_TO[base]
    return None


def _verbs(
    row: Sequence[Token], at: int, strength: Strength, stem: Stem, by: str
) -> Iterator[Claim]:
    """The verb that a modal weighs, and the one that is joined to it by "or" or "and"."""
    denied = row[at].bare == "cannot" or row[at].bare.endswith("n't")
    for place in range(at + 1, min(len(row), at + 1 + _REACH)):
        word = row[place].bare
        if word in _DENIALS:
            denied = True
        elif _weight(row, place) is not None:
            return  # "may try to": the next one speaks of the verb
        elif word not in _BETWEEN and not word.endswith("ly") and word.isalpha():
            yield Claim(stem(word), strength, by, denied)
            if place + 2 < len(row) and row[place + 1].bare in ("or", "and"):
                yield Claim(stem(row[place + 2].bare), strength, by, denied)
            return


def stated(text: str, verb: str, stem: Stem) -> Claim | None:
    """The verb as a plain present, "deletes" or "is deleted", if no modal weighs it there.

    The present tense commits as "will" does. Other forms say nothing for certain.
    """
    row = [token for token in tokens(text) if token.is_word]
    for at, token in enumerate(row):
        if stem(token.bare) != verb:
            continue
        lead = [each.bare for each in row[max(0, at - 3) : at]]
        held = [word for word in lead if word not in _DENIALS and not word.endswith("ly")]
        passive = bool(held) and held[-1] in _PRESENT and token.bare.endswith(("ed", "t", "n"))
        active = token.bare.endswith("s") and not token.bare.endswith("ss")
        noun = bool(held) and held[-1] in ("the", "a", "an", "of", "our", "its", "their", "these")
        if any(_weight(row, each) is not None for each in range(max(0, at - 4), at)):
            continue
        if (passive or (active and not noun)) and token.bare.isalpha():
            denied = any(word in _DENIALS or word.endswith("n't") for word in lead)
            return Claim(verb, Strength.COMMITTED, token.form, denied)
    return None
