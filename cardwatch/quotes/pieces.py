"""A quotation taken apart: stretches between ellipses, and the words in brackets."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from cardwatch.model import Difference
from cardwatch.quotes.search import CRITICAL, differences, kind_of, trimmed
from cardwatch.quotes.tokens import Token, tokens

_ELLIPSIS = re.compile(
    r"[\[(]\s*(?:…|\.\s?\.\s?\.)\s*[\])]|…|(?<!\.)\.\s?\.\s?\.(?:\s?\.)?(?!\.)|\[\s*\.\.\s*\]"
)
# a line may break within a bracket, a paragraph not
_BRACKET = re.compile(r"\[((?:[^\[\]\n]|\n(?!\s*\n)){0,120})\]")
_REMARK = re.compile(
    r"\s*(?:sic|recte|"
    r"(?:emphasis|italics?|bold|citations?|footnotes?|links?|references?|internal quotation marks?)"
    r" (?:is |are )?(?:added|mine|ours|in (?:the )?original|omitted|removed))[.!]?\s*",
    re.IGNORECASE,
)
# The same remarks in round brackets, as some houses set them.
_ROUND = re.compile(rf"\(({_REMARK.pattern})\)", re.IGNORECASE)
_PRONOUNS = frozenset(
    "the a an i we you he she it they us our your their its his her this that these".split()
)
# A bracket may stand for so many words more than it holds.
_STANDS_FOR = 4
# An ending in brackets bends a word to the sentence around it: "publish[es]".
_ENDINGS = frozenset(["s", "es", "d", "ed", "ing", "’s", "'s", "n", "en"])
# Bending, a word loses one letter at most ("describ[ed]") and gains a few.
_LONGEST_ENDING = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a quotation between ellipses.

    ``brackets`` are the words in brackets, in lower case, and ``inserted`` their tokens;
    ``free`` are the starts of words whose letter case the writer owned up to changing.
    ``bent`` are the words that end in brackets, in lower case, with the length of that end.
    ``parted`` are the places in ``tokens`` of hyphens with a blank after them, such as a word
    has that a line's end parts.
    """

    tokens: tuple[Token, ...]
    brackets: frozenset[str]
    inserted: frozenset[Token]
    free: frozenset[int]
    parted: frozenset[int]
    bent: frozenset[tuple[str, int]] = frozenset()

    def joined(self, known: Container[str]) -> tuple[Token, ...]:
        """The tokens, with parted words made whole where the whole is ``known``."""
        made: list[Token] = []
        at = 0
        while at < len(self.tokens):
            one = self.tokens[at]
            if at + 1 in self.parted:
                other = self.tokens[at + 2]
                if one.bare + other.bare in known:
                    one = Token(one.start, other.end, one.form + other.form, one.bare + other.bare)
                    at += 2
            made.append(one)
            at += 1
        return tuple(made)

    @property
    def words(self) -> list[str]:
        """The words in lower case."""
        return [token.bare for token in self.tokens if token.is_word]


def pieces_of(quote: str) -> list[Piece]:
    """The stretches of a quotation that hold words, in order."""
    text = re.sub(r"^[ \t]{0,3}>[ \t]?", "", quote, flags=re.MULTILINE)
    text = _ROUND.sub(r"[\1]", text)
    pieces, at = [], 0
    for match in [*_ELLIPSIS.finditer(text), None]:
        end = match.start() if match else len(text)
        piece = _piece(text[at:end])
        if any(token.is_word for token in piece.tokens):
            pieces.append(piece)
        at = match.end() if match else end
    return pieces


def _piece(text: str) -> Piece:
    """Brackets undone: what is in them stands in the text, but for remarks."""
    bare: list[str] = []
    inside: set[str] = set()
    free: set[int] = set()
    added: list[tuple[int, int]] = []
    ends: dict[int, int] = {}
    at = length = 0

    def add(part: str) -> None:
        nonlocal length
        bare.append(part)
        length += len(part)

    for match in _BRACKET.finditer(text):
        add(text[at : match.start()])
        words = match[1].strip()
        if words.lower() in _ENDINGS and _ends_word(text, match):
            add(words)
            ends[length] = len(words)
        elif not _REMARK.fullmatch(words):
            free.add(length)
            # "[t]he" changes a letter's case, which is all that it owns up to
            if not (len(words) == 1 and text[match.end() : match.end() + 1].isalpha()):
                inside.update(token.bare for token in tokens(words))
                added.append((length, length + len(words)))
            add(words)
        at = match.end()
    add(text[at:])
    whole = "".join(bare)
    row = tuple(tokens(whole))
    inserted = frozenset(
        token for token in row if any(start <= token.start < end for start, end in added)
    )
    parted = frozenset(at for at in range(1, len(row) - 1) if _parted(whole, *row[at - 1 : at + 2]))
    bent = frozenset((token.bare, ends[token.end]) for token in row if token.end in ends)
    return Piece(row, frozenset(inside), inserted, frozenset(free), parted, bent)


def _ends_word(text: str, bracket: re.Match[str]) -> bool:
    before, after = text[bracket.start() - 1 : bracket.start()], text[bracket.end() :][:1]
    return before.isalpha() and not after.isalnum()


def _parted(text: str, one: Token, mark: Token, other: Token) -> bool:
    return (
        mark.form == "-"
        and mark.start == one.end
        and one.form[-1:].isalpha()
        and other.form[:1].islower()
        and bool(text[mark.end : other.start])
        and text[mark.end : other.start].isspace()
    )


def unlike(piece: Piece, row: Sequence[Token]) -> tuple[Difference, ...]:
    """What a piece has otherwise than the source's ``row`` of tokens and no bracket owns up to."""
    found = differences(row, piece.tokens, piece.free)
    if found and piece.parted:
        whole = piece.joined({token.bare for token in row})
        found = min(found, differences(row, whole, piece.free), key=len)
    found = tuple(each for each in found if not _is_bent(each, piece.bent))
    if not piece.brackets:
        return found
    if found and kind_of(list(piece.inserted)) not in CRITICAL:
        # words in brackets that stand for nothing: an explanation
        bare = [token for token in piece.tokens if token not in piece.inserted]
        if not differences(row, bare, piece.free):
            return ()
    return tuple(each for each in found if not _owned(each, piece.brackets, row))


def _owned(each: Difference, brackets: frozenset[str], row: Sequence[Token]) -> bool:
    """Whether the words that differ stand in a bracket which may stand for what it replaces.

    A bracket may say who or which is meant, and fit in; it may not change a negation, figure,
    unit, modal or hedge, nor one name for another. What neither points (as "it", "our" and "the"
    do) nor names says something itself, and other words in its place say something else.
    """
    quoted, source = each.quoted.lower().split(), each.source.split()
    if not quoted or not set(quoted) <= brackets:
        return False
    if each.kind == "name":
        return not (is_name(each.quoted.split()) and is_name(source, trimmed(row)[:1]))
    points = any(word.lower() in _PRONOUNS for word in source)
    added = not source
    return (
        each.kind not in CRITICAL and (points or added) and len(source) <= len(quoted) + _STANDS_FOR
    )


def _is_bent(each: Difference, bent: frozenset[tuple[str, int]]) -> bool:
    """Whether the words are one, in another form that a bracket owns up to."""
    source, quoted = each.source.lower(), each.quoted.lower()
    for word, length in bent:
        base = word[:-length]
        if each.kind not in CRITICAL and quoted == word and source.isalpha():
            same = source.startswith(base[:-1]) and len(base) > _LONGEST_ENDING
            if same and abs(len(source) - len(base)) <= _LONGEST_ENDING:
                return True
    return False


def is_name(words: Sequence[str], first: Sequence[Token] = ()) -> bool:
    """Whether one of the words is a name: a capital that no sentence's beginning explains."""
    heads = {token.form for token in first}
    return any(
        word[:1].isupper() and word not in heads and word.lower() not in _PRONOUNS for word in words
    )
