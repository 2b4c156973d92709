"""Quotations made from true ones and altered so that they lie.

Each maker takes a sentence (its words as the source prints them) and a source of chance, and
returns the words of a quotation, or nothing where the sentence gives no occasion for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from random import Random

Maker = Callable[[str, Random], str | None]

_NOT = re.compile(r"\b(?:not|never|no|cannot|without)\b ?")
_MODAL = re.compile(r"\b(will|may|must|should|can|could|would|might|shall)\b")
_OTHER = {
    "will": "may", "may": "will", "must": "should", "should": "must", "can": "will",
    "could": "will", "would": "will", "might": "will", "shall": "may",
}  # fmt: skip
_UNIT = re.compile(r"(?<=\d )(days|hours|weeks|months|years|percent|tokens|people|questions)\b")
_OTHER_UNIT = {"days": "weeks", "hours": "days", "weeks": "months", "months": "years"}
_HEDGE = re.compile(
    r"\b(?:about|approximately|generally|usually|mostly|likely|currently|up to|at least|around|"
    r"most|some|nearly|almost|typically|often|sometimes|largely|only) "
)
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,}(?: [A-Z][a-z]+)*")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def _dropped_not(words: str, chance: Random) -> str | None:
    return _without(words, _NOT, chance)


def _inserted_not(words: str, chance: Random) -> str | None:
    return _after(words, _MODAL, " not", chance)


def _other_modal(words: str, chance: Random) -> str | None:
    return _instead(words, _MODAL, lambda found: _OTHER[found], chance)


def _other_digit(words: str, chance: Random) -> str | None:
    def other(found: str) -> str:
        at = chance.randrange(len(found))
        if found[at] == ".":
            at = 0
        return f"{found[:at]}{(int(found[at]) + chance.randint(1, 8)) % 10}{found[at + 1 :]}"

    return _instead(words, _NUMBER, other, chance)


def _lost_point(words: str, chance: Random) -> str | None:
    return _instead(words, re.compile(r"\d+\.\d+"), lambda found: found.replace(".", ""), chance)


def _lost_percent(words: str, chance: Random) -> str | None:
    return _without(words, re.compile(r"(?<=\d)%"), chance)


def _other_unit(words: str, chance: Random) -> str | None:
    return _instead(words, _UNIT, lambda found: _OTHER_UNIT.get(found, "hours"), chance)


def _dropped_hedge(words: str, chance: Random) -> str | None:
    return _without(words, _HEDGE, chance)


def _other_name(words: str, chance: Random) -> str | None:
    return _instead(words, _NAME, lambda _: "Wexcombe", chance)


def _swapped_names(words: str, chance: Random) -> str | None:
    names = sorted({match.group() for match in _NAME.finditer(words)})
    if len(names) < 2:
        return None
    one, other = chance.sample(names, 2)
    swapped = re.sub(
        f"{re.escape(one)}|{re.escape(other)}",
        lambda found: other if found.group() == one else one,
        words,
    )
    return swapped if swapped != words else None


def _small_name(words: str, chance: Random) -> str | None:
    return _instead(words, _NAME, str.lower, chance)


def _added_word(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 6:
        return None
    at = chance.randrange(2, len(row) - 2)
    extra = chance.choice(["always", "secretly", "fully", "rarely", "new"])
    return " ".join([*row[:at], extra, *row[at:]])


def _silent_cut(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 9:
        return None
    at = chance.randrange(2, len(row) - 6)
    return " ".join([*row[:at], *row[at + chance.randrange(1, 4) :]])


def _reordered(words: str, chance: Random) -> str | None:
    if ", " not in words:
        return None
    first, _, rest = words.rstrip(".").partition(", ")
    made = f"{rest}, {first}"
    return made if len(first.split()) > 1 and len(rest.split()) > 1 else None


def _swapped_words(words: str, chance: Random) -> str | None:
    row = words.split()
    for at in range(2, len(row) - 2):
        one, other = row[at], row[at + 1]
        if one.isalpha() and other.isalpha() and one.lower() != other.lower():
            return " ".join([*row[:at], other, one, *row[at + 2 :]])
    return None


def _turned_ellipsis(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 15:
        return None
    return " ".join([*row[8:14], "…", *row[1:7]])


def _ellipsis_for_not(words: str, chance: Random) -> str | None:
    """An ellipsis that leaves out the "not" and nothing else."""
    found = re.search(r"\w+ \w+ (not|never) \w+ \w+", words)
    return words.replace(f" {found[1]} ", " … ", 1) if found else None


def _bracketed_not(words: str, chance: Random) -> str | None:
    return _after(words, _MODAL, " [not]", chance)


def _bracketed_modal(words: str, chance: Random) -> str | None:
    return _instead(words, _MODAL, lambda found: f"[{_OTHER[found]}]", chance)


def _bracketed_number(words: str, chance: Random) -> str | None:
    return _instead(words, _NUMBER, lambda found: f"[{found}9]", chance)


def _other_verb(words: str, chance: Random) -> str | None:
    return _instead(
        words, re.compile(r"\b(?:is|are|was|were|has|have)\b"), lambda _: "seems", chance
    )


def _other_comma(words: str, chance: Random) -> str | None:
    return _without(words, re.compile(r"(?<=[a-z]),(?= [a-z])"), chance)


_LOOK_ALIKES = {"a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "x": "х", "i": "і", "0": "О"}
_WORDS_FOR = {"two": "three", "three": "two", "five": "nine", "first": "second", "half": "third",
              "one": "two", "four": "forty", "second": "third", "six": "sixty"}  # fmt: skip
_CUT_SHORT = re.compile(r"\b(?:will|may|must|should|can|could|would) not\b|\bcannot\b|n't\b")


def _look_alike(words: str, chance: Random) -> str | None:
    """A letter of another alphabet that looks the same: no search finds the word again."""
    pattern = re.compile("(?<=[a-z])[aeopcxi](?=[a-z])")
    return _instead(words, pattern, lambda found: _LOOK_ALIKES[found], chance)


def _letter_for_digit(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"(?<=\d)[01]|[01](?=\d)")
    return _instead(words, pattern, lambda found: {"0": "O", "1": "l"}[found], chance)


def _other_number_word(words: str, chance: Random) -> str | None:
    pattern = re.compile(rf"\b(?:{'|'.join(_WORDS_FOR)})\b")
    return _instead(words, pattern, lambda found: _WORDS_FOR[found], chance)


def _number_word_as_figure(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"\b(?:two|three|four|five|six|seven|eight|nine|ten)\b")
    return _instead(words, pattern, lambda found: str(len(found) + 10), chance)


def _dropped_only(words: str, chance: Random) -> str | None:
    return _without(words, re.compile(r"\bonly\b ?"), chance)


def _inserted_only(words: str, chance: Random) -> str | None:
    return _after(words, _MODAL, " only", chance)


def _may_not_to_may(words: str, chance: Random) -> str | None:
    def affirmed(found: str) -> str:
        return {"cannot": "can", "n't": ""}.get(found, found.removesuffix(" not"))

    return _instead(words, _CUT_SHORT, affirmed, chance)


def _swapped_figures(words: str, chance: Random) -> str | None:
    found = list(_NUMBER.finditer(words))
    for one, other in pairwise(found):
        if one.group() != other.group():
            middle = words[one.end() : other.start()]
            return (
                f"{words[: one.start()]}{other.group()}{middle}{one.group()}"
                + (words[other.end() :])
            )
    return None


def _lost_thousands(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"\d{1,3},\d{3}\b")
    return _instead(words, pattern, lambda found: found.replace(",", "."), chance)


def _lost_prefix(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"\b(?:un|in|im|dis|non-|mis)(?=[a-z]{5,})")
    return _without(words, pattern, chance)


def _lost_power(words: str, chance: Random) -> str | None:
    return _without(words, re.compile(r"(?<=\d)[⁰¹²³⁴-⁹]+"), chance)


def _quantifier(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"\b(?:some|most|many|few|several|each|every|all|any)\b")
    other = {"all": "some", "every": "some", "each": "some", "any": "some"}
    return _instead(words, pattern, lambda found: other.get(found, "all"), chance)


def _condition(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"\b(?:unless|if|until|before|after|except|and|or)\b")
    other = {"unless": "if", "if": "unless", "until": "after", "before": "after",
             "after": "before", "except": "including", "and": "or", "or": "and"}  # fmt: skip
    return _instead(words, pattern, lambda found: other[found], chance)


def _ellipsis_over_not(words: str, chance: Random) -> str | None:
    """An ellipsis over some words, the "not" among them."""
    found = re.search(r"\w+ \w+ (\w+ (?:not|never|no|cannot) \w+) \w+ \w+", words)
    return words.replace(f" {found[1]} ", " [...] ", 1) if found else None


def _ellipsis_for_bound(words: str, chance: Random) -> str | None:
    pattern = r"\b(?:up to|about|at least|at most|roughly|fewer than|less than|more than) (?=\d)"
    found = re.search(rf"\w+ \w+ \w+ ({pattern})\S+ \w+", words)
    return words.replace(found[1], "… ", 1) if found else None


def _ellipsis_for_modal(words: str, chance: Random) -> str | None:
    found = re.search(r"\w+ \w+ \w+ (will|may|must|should|can) \w+ \w+ \w+", words)
    return words.replace(f" {found[1]} ", " … ", 1) if found else None


def _ellipsis_in_number(words: str, chance: Random) -> str | None:
    found = re.search(r"\w+ \w+ \w+ (\d+(?:\.\d+)?%?) \w+ of \w+", words)
    return words.replace(f" {found[1]} ", " … ", 1).replace("…", "[5]", 1) if found else None


def _bracketed_verb(words: str, chance: Random) -> str | None:
    """Another verb in brackets: brackets may say who is meant, not what is done."""
    pattern = re.compile(r"(?:(?<=will )|(?<=must )|(?<=may )|(?<=can ))[a-z]{3,}(?= )")
    return _instead(words, pattern, lambda _: "[sell]", chance)


def _bracketed_negation_word(words: str, chance: Random) -> str | None:
    return _after(words, _MODAL, " [never]", chance)


def _bracketed_prefix(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"(?<= )(?:visible|able|safe|likely|known|private|difficult|named)\b")
    return _instead(words, pattern, lambda found: f"[un]{found}", chance)


def _bracketed_noun(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"(?<=[a-z] )[a-z]{6,}s(?= [a-z])")
    return _instead(words, pattern, lambda _: "[puppets]", chance)


def _hidden_in_remark(words: str, chance: Random) -> str | None:
    """A remark that is none."""
    return _after(words, _MODAL, " [emphasis not added]", chance)


def _doubled_word(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 8 or not row[4].isalpha():
        return None
    return " ".join([*row[:5], *row[4:]])


def _singular(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"(?<=[a-z]{4})s(?= [a-z])")
    return _without(words, pattern, chance)


def _other_currency(words: str, chance: Random) -> str | None:
    return _instead(words, re.compile(r"[$€£](?=\d)"), lambda _: "¥", chance)


def _full_stop_moved(words: str, chance: Random) -> str | None:
    pattern = re.compile(r", (?=(?:and|but|which|who|that) )")
    return _instead(words, pattern, lambda _: ". ", chance)


def _without(words: str, pattern: re.Pattern[str], chance: Random) -> str | None:
    return _instead(words, pattern, lambda _: "", chance)


def _after(words: str, pattern: re.Pattern[str], extra: str, chance: Random) -> str | None:
    return _instead(words, pattern, lambda found: found + extra, chance)


def _instead(
    words: str, pattern: re.Pattern[str], other: Callable[[str], str], chance: Random
) -> str | None:
    """The words with one match replaced, away from the ends, where a cut is no lie."""
    inside = [
        found
        for found in pattern.finditer(words)
        if words[: found.start()].split() and words[found.end() :].strip(" .,;:!?)”\"'")
    ]
    if not inside:
        return None
    found = chance.choice(inside)
    made = words[: found.start()] + other(found.group()) + words[found.end() :]
    return made if made != words else None


ALTERED: dict[str, Maker] = {
    "dropped not": _dropped_not,
    "inserted not": _inserted_not,
    "other modal": _other_modal,
    "changed digit": _other_digit,
    "lost decimal point": _lost_point,
    "lost percent sign": _lost_percent,
    "changed unit": _other_unit,
    "dropped hedge": _dropped_hedge,
    "other name": _other_name,
    "swapped names": _swapped_names,
    "name in small letters": _small_name,
    "added word": _added_word,
    "silent ellipsis": _silent_cut,
    "reordered clauses": _reordered,
    "swapped words": _swapped_words,
    "ellipsis turned round": _turned_ellipsis,
    "ellipsis for not": _ellipsis_for_not,
    "not in brackets": _bracketed_not,
    "modal in brackets": _bracketed_modal,
    "number in brackets": _bracketed_number,
    "other verb": _other_verb,
    "dropped comma": _other_comma,
    "letter of another alphabet": _look_alike,
    "letter for a digit": _letter_for_digit,
    "other number word": _other_number_word,
    "number word as a wrong figure": _number_word_as_figure,
    "dropped only": _dropped_only,
    "inserted only": _inserted_only,
    "may not to may": _may_not_to_may,
    "swapped figures": _swapped_figures,
    "point for comma": _lost_thousands,
    "lost prefix": _lost_prefix,
    "lost power": _lost_power,
    "other quantifier": _quantifier,
    "other conjunction": _condition,
    "ellipsis over not": _ellipsis_over_not,
    "ellipsis for a bound": _ellipsis_for_bound,
    "ellipsis for a modal": _ellipsis_for_modal,
    "bracket for a figure": _ellipsis_in_number,
    "verb in brackets": _bracketed_verb,
    "never in brackets": _bracketed_negation_word,
    "prefix in brackets": _bracketed_prefix,
    "noun in brackets": _bracketed_noun,
    "false remark": _hidden_in_remark,
    "doubled word": _doubled_word,
    "lost plural": _singular,
    "other currency": _other_currency,
    "full stop moved": _full_stop_moved,
}


def merged(one: str, other: str) -> str:
    """Two sentences run into one, with the end of the first left out in silence."""
    head, tail = one.split(), other.split()
    return " ".join([*head[: max(3, len(head) - 3)], *tail[max(0, min(2, len(tail) - 3)) :]])
