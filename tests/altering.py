"""Quotations made from true ones: altered so that they lie, or varied as honest writers do.

Each maker takes a sentence (its words as the source prints them) and a source of chance, and
returns the words of a quotation, or nothing where the sentence gives no occasion for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
}


def merged(one: str, other: str) -> str:
    """Two sentences run into one, with the end of the first left out in silence."""
    head, tail = one.split(), other.split()
    return " ".join([*head[: max(3, len(head) - 3)], *tail[max(0, min(2, len(tail) - 3)) :]])


# -- honest ones ----------------------------------------------------------------------------


def _same(words: str, chance: Random) -> str:
    return words


def _broken_lines(words: str, chance: Random) -> str:
    row = words.split(" ")
    return "".join(word + chance.choice([" ", "\n", "  ", " \n"]) for word in row[:-1]) + row[-1]


def _no_break_blanks(words: str, chance: Random) -> str:
    return words.replace(" ", "\u00a0")


def _thin_blanks(words: str, chance: Random) -> str:
    return words.replace(" ", "\u202f")


def _straight(words: str, chance: Random) -> str:
    return words.translate(str.maketrans("’‘–—", "''--"))


def _curly(words: str, chance: Random) -> str:
    return words.replace("'", "’")


def _long_dashes(words: str, chance: Random) -> str | None:
    return re.sub(r" [–—-] ", "—", words) if re.search(r" [–—-] ", words) else None


def _double_hyphens(words: str, chance: Random) -> str | None:
    return re.sub("[–—]", "--", words) if re.search("[–—]", words) else None


def _ligatures(words: str, chance: Random) -> str | None:
    made = words.replace("ffi", "ﬃ").replace("fi", "ﬁ").replace("fl", "ﬂ").replace("ff", "ﬀ")
    return made if made != words else None


def _soft_hyphens(words: str, chance: Random) -> str | None:
    made = re.sub(r"\b([a-z]{4})([a-z]{4,})", "\\1\u00ad\\2", words)
    return made if made != words else None


def _zero_width(words: str, chance: Random) -> str | None:
    made = re.sub(r"\b([a-z]{3})([a-z]{3,})", "\\1\u200b\\2", words)
    return made if made != words else None


def _hyphen_at_line_end(words: str, chance: Random) -> str | None:
    made = re.sub(r"\b([a-z]{4})([a-z]{4,})", "\\1-\n\\2", words, count=1)
    return made if made != words else None


def _bracketed_capital(words: str, chance: Random) -> str | None:
    first = words[:1]
    return f"[{first.swapcase()}]{words[1:]}" if first.isalpha() and first.isascii() else None


def _small_first_letter(words: str, chance: Random) -> str | None:
    return words[:1].lower() + words[1:] if words[1:2].islower() else None


def _honest_ellipsis(words: str, chance: Random, sign: str = "…") -> str | None:
    """An ellipsis for words that deny, weigh and count nothing."""
    row = words.split()
    for at in range(4, len(row) - 7):
        gone = row[at : at + 3]
        if all(word.isalpha() and word.islower() and word not in WEIGHTY for word in gone):
            return " ".join([*row[:at], sign, *row[at + 3 :]])
    return None


def _bracketed_ellipsis(words: str, chance: Random) -> str | None:
    return _honest_ellipsis(words, chance, "[...]")


def _three_points(words: str, chance: Random) -> str | None:
    return _honest_ellipsis(words, chance, ". . .")


def _emphasis(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 6 or not row[3].isalpha():
        return None
    return " ".join([*row[:3], f"*{row[3]}*", *row[4:], "[emphasis added]"])


def _comma_at_end(words: str, chance: Random) -> str:
    return words.rstrip(".") + ","


def _part(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 8:
        return None
    first = chance.randrange(len(row) - 6)
    made = " ".join(row[first : first + chance.randrange(5, len(row) - first + 1)])
    # a cut inside brackets or a compound is no whole word
    return made if made[0].isalnum() and made[-1].isalnum() else None


def _bracketed_explanation(words: str, chance: Random) -> str | None:
    row = words.split()
    for at in range(2, len(row) - 2):
        if row[at].isalpha() and row[at - 1].isalpha() and row[at] not in WEIGHTY:
            return " ".join([*row[:at], "[that is, here]", *row[at:]])
    return None


VARIED: dict[str, Maker] = {
    "as it is": _same,
    "broken lines": _broken_lines,
    "no-break blanks": _no_break_blanks,
    "thin blanks": _thin_blanks,
    "straight quotes": _straight,
    "curly quotes": _curly,
    "long dashes": _long_dashes,
    "double hyphens": _double_hyphens,
    "ligatures": _ligatures,
    "soft hyphens": _soft_hyphens,
    "zero-width blanks": _zero_width,
    "hyphen at a line's end": _hyphen_at_line_end,
    "bracketed capital": _bracketed_capital,
    "small first letter": _small_first_letter,
    "ellipsis": _honest_ellipsis,
    "bracketed ellipsis": _bracketed_ellipsis,
    "three points": _three_points,
    "emphasis added": _emphasis,
    "comma at the end": _comma_at_end,
    "a part": _part,
    "bracketed explanation": _bracketed_explanation,
}

WEIGHTY = frozenset(
    """no not never none nor neither nothing without unless except only will would shall should may
    might must can could cannot need intend aim plan expect commit always all any every each some
    about up at least most more less over under few many several if when where until likely second
    one two three four five six seven eight nine ten lack lacks fail fails refuse whether
    attempt""".split()
)


def marked(words: str, chance: Random) -> str:
    """The words between marks that do not stand in them."""
    choices: Sequence[tuple[str, str]] = [("“", "”"), ('"', '"'), ("«", "»"), ("‘", "’")]
    fitting = [
        pair
        for pair in choices
        if not any(mark in words for mark in pair) and not (pair[1] == "’" and "'" in words)
    ]
    opening, closing = chance.choice(fitting or [("「", "」")])
    return f"It says {opening}{words}{closing} there."
