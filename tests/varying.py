"""Quotations made from true ones and varied as honest writers vary them.

Makers are those of ``tests.altering``: they take a sentence and a source of chance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from random import Random

from tests.altering import Maker


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


def _break_at_hyphen(words: str, chance: Random) -> str | None:
    made = re.sub(r"(?<=[a-z]{2})-(?=[a-z]{2})", "-\n", words, count=1)
    return made if made != words else None


def _composed(words: str, chance: Random) -> str | None:
    made = unicodedata.normalize("NFD", words)
    return made if made != words else None


def _full_width(words: str, chance: Random) -> str | None:
    pattern = re.compile(r"\d")
    made = pattern.sub(lambda found: chr(ord(found.group()) + 0xFEE0), words)
    return made if made != words else None


def _bold(words: str, chance: Random) -> str | None:
    row = words.split()
    if len(row) < 6 or not row[3].isalpha():
        return None
    return " ".join([*row[:3], f"**{row[3]}**", *row[4:]])


def _ellipsis_of_clause(words: str, chance: Random) -> str | None:
    """A clause between commas left out, where it denies, weighs and counts nothing."""
    for found in re.finditer(r", ([a-z ]{8,60}), ", words):
        bare = set(found[1].split())
        if not bare & WEIGHTY and words[: found.start()].count(" ") > 2:
            return f"{words[: found.start()]} … {words[found.end() :]}"
    return None


def _bracketed_pronoun(words: str, chance: Random) -> str | None:
    """Who is meant, in brackets, for the pronoun."""
    found = re.search(r"(?<=[a-z] )(?:we|it|they|our|its|their)(?= [a-z])", words)
    if found is None:
        return None
    return f"{words[: found.start()]}[the firm]{words[found.end() :]}"


def _bracketed_ending(words: str, chance: Random) -> str | None:
    found = re.search(r"(?<= (?:may|can) )(?:keep|see|find|read|show|help|include)(?= )", words)
    return f"{words[: found.end()]}[s]{words[found.end() :]}" if found else None


def _sic(words: str, chance: Random) -> str | None:
    row = words.split()
    return " ".join([*row[:3], "[sic]", *row[3:]]) if len(row) > 5 else None


def _capitals_at_head(words: str, chance: Random) -> str | None:
    return words[:1].upper() + words[1:]


def _one_line_break_in_bracket(words: str, chance: Random) -> str | None:
    made = _bracketed_explanation(words, chance)
    return made.replace("[that is, here]", "[that is,\nhere]") if made else None


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
    "line broken at a hyphen": _break_at_hyphen,
    "marks above letters apart": _composed,
    "full-width digits": _full_width,
    "a word in bold": _bold,
    "ellipsis for a clause": _ellipsis_of_clause,
    "pronoun told in brackets": _bracketed_pronoun,
    "ending in brackets": _bracketed_ending,
    "sic": _sic,
    "capital at the head": _capitals_at_head,
    "line broken in a bracket": _one_line_break_in_bracket,
}

WEIGHTY = frozenset(
    """no not never none nor neither nothing without unless except only will would shall should may
    might must can could cannot need intend aim plan expect commit always all any every each some
    about up at least most more less over under few many several if when where until likely second
    one two three four five six seven eight nine ten lack lacks unlikely rarely
    seldom occasionally partly roughly approximately fail fails refuse whether
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
