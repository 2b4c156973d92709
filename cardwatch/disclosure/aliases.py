"""Short names that a document gives to longer ones, and a text put in the other words.

"Safe completion pathway (SCP)", "the Acme assistant app (the "App")", ""Output" means text that
the model writes" and "Acme Labs, Inc. ("Acme", "we")" each name one thing twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# Set, not fitted: a long form is a name or a phrase, not a clause; more names than this are
# not taken from one document.
_LONG_WORDS, _SHORT_WORDS, _MOST = 8, 4, 200
_REACH = 120  # characters before a bracket in which the long form stands

_BRACKET = re.compile(r"\(([^()\n]{2,120})\)")
_QUOTED = re.compile(r"[\"“]([^\"“”\n]{1,40}?),?[\"”]")
# What may stand beside the quoted names in a bracket.
_INTRODUCES = frozenset(
    "the a an our or and each any all collectively together individually hereinafter hereafter "
    "herein as referred to called known".split()
)
_MEANS = re.compile(
    r"[\"“]([^\"“”\n]{2,40})[\"”]\s{1,3}(?:means|shall mean|refers to|stands for|is short for)"
    r"\s{1,3}([^.;:,()\n\"“”]{3,90})(?=[.;\n]|$)"
)
_ABBREVIATION = re.compile(r"(?=[^A-Z]*[A-Z][^A-Z]*[A-Z])[A-Za-z][A-Za-z&/-]{1,9}$")
_BEFORE_BRACKET = re.compile(r"(?<![\w-])([A-Za-z][A-Za-z&/-]{1,9})\s?$")
_WORD = re.compile(r"\w[\w'’&]*")
_SENTENCE_END = re.compile(r"[.;:!?]\s|[()\n\"“”]")
# The form of a company at the end of its name.
_COMPANY = re.compile(
    r",?\s(?:Inc|LLC|Ltd|Limited|GmbH|AG|Corp|Corporation|PBC|Co|plc|PLC|LLP|LP|B\.V|S\.A)\.?,?\s*$"
)
_SMALL = frozenset("of and or the a an for to in on with by as at from".split())
_DETERMINERS = frozenset(
    "the a an our its your their his her this that these those each any all every certain".split()
)
# A description with one of these is wider or narrower than its bare words.
_CUTS = frozenset(
    "that which who whom whose when where if unless except other than not and or to from with by "
    "is are was were be may will shall can must".split()
)
# What somebody is, beside a name that stands further off.
_PARTIES = frozenset(
    "corporation company partnership party entity individual person firm parent affiliate "
    "affiliates subsidiary subsidiaries association organization organisation".split()
)
_PRONOUNS = {"we": "we", "us": "we", "our": "we", "ours": "we", "you": "you", "your": "you"}


@dataclass(frozen=True, slots=True)
class Alias:
    """One thing with its names: the ``long`` form and the ``short`` ones, as they are written.

    ``pronoun`` is "we" or "you" where the document speaks of it so.
    """

    long: str
    short: tuple[str, ...]
    pronoun: str = ""


def find_aliases(text: str) -> tuple[Alias, ...]:
    """The names that a document defines, in the order of their definitions, at most 200.

    The first definition of a short form holds. Time is linear in the text.
    """
    found: list[Alias] = []
    taken: set[str] = set()
    for alias in _defined(text):
        short = tuple(
            name for name in alias.short if name not in taken and name.lower() != alias.long.lower()
        )
        if not short and not (alias.pronoun and alias.pronoun not in taken):
            continue
        taken.update(short, [alias.pronoun] if alias.pronoun else [])
        found.append(Alias(alias.long, short, alias.pronoun))
        if len(found) == _MOST:
            break
    return tuple(found)


def _defined(text: str) -> Iterator[Alias]:
    matches = (*_BRACKET.finditer(text), *_MEANS.finditer(text))
    for match in sorted(matches, key=re.Match.start):
        if match.re is _MEANS:
            alias = _meant(match[1].strip(), match[2])
        else:
            before = text[max(0, match.start() - _REACH) : match.start()]
            alias = _in_bracket(match[1].strip(), before)
        if alias:
            yield alias


def _in_bracket(inner: str, before: str) -> Alias | None:
    """What a bracket after a phrase defines: its short names, or the long form of the word."""
    if _ABBREVIATION.match(inner):
        long = _spelled(inner, before)
        return Alias(long, (inner,)) if long else None
    named = _QUOTED.findall(inner)
    if named:
        beside = _WORD.findall(_QUOTED.sub(" ", inner))
        plain = [word for word in beside if word.lower() not in _PRONOUNS]
        return None if any(w.lower() not in _INTRODUCES for w in plain) else _named(named, before)
    short = _BEFORE_BRACKET.search(before)
    if short and _ABBREVIATION.match(short[1]):
        long = _spelled(short[1], inner)
        if long and long == inner:
            return Alias(long, (short[1],))
    return None


def _named(named: Sequence[str], before: str) -> Alias | None:
    pronoun = next((_PRONOUNS[n.lower()] for n in named if n.lower() in _PRONOUNS), "")
    short = tuple(name for name in named if _is_name(name))
    first = short[0] if short else ""
    long = (_ABBREVIATION.match(first) and _spelled(first, before)) or _phrase(before, first)
    return Alias(long, short, pronoun) if long and (short or pronoun) else None


def _is_name(name: str) -> bool:
    """Whether a quoted name is written as one, with a capital, and is short."""
    words = _WORD.findall(name)
    lowers = {word.lower() for word in words}
    return (
        0 < len(words) <= _SHORT_WORDS
        and any(word[0].isupper() for word in words)
        and not lowers <= (_SMALL | _DETERMINERS | _PRONOUNS.keys())
        and len(name) > 1
    )


def _spelled(short: str, before: str) -> str:
    """The words at the end of ``before`` whose initials are the capitals of ``short``, or ""."""
    letters = [letter.lower() for letter in short if letter.isupper()]
    floor = max((end.end() for end in _SENTENCE_END.finditer(before)), default=0)
    words = list(_WORD.finditer(before, floor))
    first = len(words)
    while letters and first:
        first -= 1
        word = words[first][0].lower()
        if word[0] == letters[-1] and not (word in _SMALL and _begins(words, first - 1, letters)):
            letters.pop()
        elif word not in _SMALL:
            return ""
    return before[words[first].start() : words[-1].end()] if words and not letters else ""


def _begins(words: Sequence[re.Match[str]], at: int, letters: Sequence[str]) -> bool:
    """Whether the word before a small one is the one that the letter stands for."""
    return at >= 0 and words[at][0][0].lower() == letters[-1]


def _phrase(before: str, short: str) -> str:
    """The name, or the phrase with its article, that ends a text; "" where it is not plain.

    Next to a bracket stands not always what it names ("the holder of the Shares (the "Owner")").
    So a name is taken if it has the words of the short form, or is that of a company, or if no
    more than a pronoun stands for it; a phrase unless it ends on a kind of party.
    """
    bare = _COMPANY.sub("", before.rstrip().rstrip(","))
    company = bare != before.rstrip().rstrip(",")
    floor = max((end.end() for end in _SENTENCE_END.finditer(bare)), default=0)
    words = list(_WORD.finditer(bare, floor))
    if not words or bare[words[-1].end() :].strip():
        return ""
    lowers = {word.lower() for word in _WORD.findall(short)} - _SMALL - _DETERMINERS
    if words[-1][0][0].isupper():
        long = _checked(bare[_capitals(words, bare) :])
        own = {word.lower() for word in _WORD.findall(long)}
        return long if company or lowers <= own else ""
    start = _after_article(words, bare)
    long = _checked(bare[start:]) if start is not None else ""
    own = {word.lower() for word in _WORD.findall(long)}
    if len(own) < 2 or own & _PRONOUNS.keys():
        return ""
    plain = own.isdisjoint(_PARTIES) and long == long.lower()
    return long if plain or lowers & own else ""


def _after_article(words: Sequence[re.Match[str]], before: str) -> int | None:
    """Where the phrase after the last article of a text starts, if it is short and whole."""
    start = None
    for word in reversed(words[-_LONG_WORDS - 1 :]):
        if word[0].lower() in _DETERMINERS:
            return start
        if word[0].lower() in _CUTS or "," in before[word.end() : word.end() + 1]:
            return None
        start = word.start()
    return None


def _capitals(words: Sequence[re.Match[str]], before: str) -> int:
    """Where the run of capitalised words at the end of a text starts."""
    start = words[-1].start()
    for word in reversed(words[:-1]):
        capital = word[0][0].isupper() and word[0].lower() not in _DETERMINERS
        if before[word.end() : start].strip(" -–") or not (
            capital or word[0] in ("of", "and", "for")
        ):
            break
        if capital:
            start = word.start()
    return start


def _meant(short: str, long: str) -> Alias | None:
    """The alias of ``"X" means Y``, where Y is no more than a phrase."""
    words = _WORD.findall(long)
    if words and words[0].lower() in _DETERMINERS:
        long = long[long.index(words[0]) + len(words[0]) :]
    checked = _checked(long)
    return Alias(checked, (short,)) if checked and _is_name(short) else None


def _checked(long: str) -> str:
    long = long.strip()
    words = _WORD.findall(long)
    fits = 0 < len(words) <= _LONG_WORDS and len(long) >= 3
    wordy = any(word.lower() not in _SMALL | _PRONOUNS.keys() for word in words)
    return long if fits and wordy and not any(c.isdigit() for c in long) else ""


# The patterns of names by their first words, each with what is called so.
_Known = dict[str, list[tuple[re.Pattern[str], Alias]]]


class Renaming:
    """Puts a text in other names, where names of ``aliases`` stand in it.

    Short forms are known as they are written, capitals included; long ones however they are
    written; both also with an s. Time is linear in the text: a name is looked for only where
    its first word stands.
    """

    def __init__(self, aliases: Sequence[Alias]) -> None:
        self._short: _Known = {}
        self._long: _Known = {}
        for alias in aliases:
            for name in alias.short:
                _learn(self._short, name, name, _pattern(name), alias)
            pattern = _pattern(alias.long, re.IGNORECASE)
            _learn(self._long, alias.long, alias.long.lower(), pattern, alias)

    def spell_out(self, text: str) -> str:
        """The text with each short form in it replaced by its long form."""
        # a long form that begins with the short one ("Acme Labs") stands already
        whole = ((start, end, text[start:end]) for start, end, _ in self._find_long(text))
        long = (
            (start, end, alias.long)
            for start, end, alias in self._find_short(text)
            if text[start:end] not in alias.long
        )
        return _replaced(text, [*whole, *long])

    def shorten(self, text: str) -> str:
        """The text with each long form in it replaced by its first short form."""
        long = self._find_long(text)
        return _replaced(text, [(s, e, alias.short[0]) for s, e, alias in long if alias.short])

    def speak(self, text: str) -> str:
        """The text with "we" and "you" for the names of who is called so."""
        named = (*self._find_short(text), *self._find_long(text))
        return _replaced(text, [(s, e, alias.pronoun) for s, e, alias in named if alias.pronoun])

    def _find_short(self, text: str) -> Iterator[tuple[int, int, Alias]]:
        return _found(text, text, self._short)

    def _find_long(self, text: str) -> Iterator[tuple[int, int, Alias]]:
        return _found(text, text.lower(), self._long)


def _learn(known: _Known, name: str, key: str, pattern: re.Pattern[str], alias: Alias) -> None:
    first = _WORD.search(key)
    if first is None:
        return
    known.setdefault(first[0], []).append((pattern, alias))
    if len(_WORD.findall(name)) == 1:
        known.setdefault(f"{first[0]}s", []).append((pattern, alias))


def _found(text: str, keys: str, known: _Known) -> Iterator[tuple[int, int, Alias]]:
    """The names that stand in a text, with their places; ``keys`` has its words as known."""
    for first in dict.fromkeys(_WORD.findall(keys)) if known else ():
        for pattern, alias in known.get(first.removesuffix("'s").removesuffix("’s"), ()):
            for match in pattern.finditer(text):
                yield *match.span(), alias


def _replaced(text: str, places: Sequence[tuple[int, int, str]]) -> str:
    """The text with places replaced, in one pass; of those that overlap, the first and longest."""
    parts: list[str] = []
    at = 0
    for start, end, other in sorted(places, key=lambda one: (one[0], -one[1], one[2])):
        if start >= at:
            parts += [text[at:start], other]
            at = end
    return "".join((*parts, text[at:]))


def _pattern(name: str, flags: int = 0) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"[\s-]+", name) if word]
    return re.compile(r"(?<![\w-])" + r"[\s-]{1,3}".join(words) + r"s?(?![\w-])", flags)


def renamings(text: str, asking: Renaming, asked: Renaming) -> list[str]:
    """The text in the names of the document that is asked, each other wording once.

    ``asking`` knows the names of the document that the text is from.
    """
    full = asking.spell_out(text)
    if full == text:
        full = asked.spell_out(text)
    short = asked.shorten(full)
    found = dict.fromkeys([full, short, asked.speak(text)])
    return [one for one in found if one != text]
