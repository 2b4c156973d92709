"""The words and marks of a passage, each with the form that comparing goes by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from cardwatch.model import Span


class TokenKind(StrEnum):
    """What a token is, as far as comparing treats it in its own way."""

    WORD = "word"
    NUMBER = "number"
    REFERENCE = "reference"
    POINTER = "pointer"
    NOTE = "note"
    SIGN = "sign"
    MARK = "mark"
    MARKUP = "markup"
    INVISIBLE = "invisible"


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; ``canon`` is equal for forms that say the same."""

    start: int
    end: int
    text: str
    canon: str
    kind: TokenKind


INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u061c\u180e"
_INVISIBLES = f"[{INVISIBLE}\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f]"
_LETTER = "[^\\W_⁰¹²³⁴-⁹]"
_UNSEEN = re.compile(_INVISIBLES)
_TOKEN = re.compile(
    rf"(?P<note>\[\^[^\]\s]{{1,12}}\]|[⁰¹²³⁴-⁹]+)"
    r"|(?P<tag></?(?:span|[abipu]|em|strong|br|div|su[pb]|font|li|[uo]l|t[dhr]|table|h\d|code|img|"
    r"small|center|s|del|ins|mark)\b[^<>\n]{0,300}>)"
    rf"|(?P<url>(?:https?://|www\.)[^\s<>\"”’)\]]+|[\w.+-]+@[\w-]+\.[\w.-]*\w"
    r"|(?<![\w.])(?:[\w-]+\.)+(?:com|org|net|io|ai|gov|edu|eu|dev)/[^\s<>\"”’)\]]*)"
    r"|(?P<number>(?:(?<![\w.)\]])[-−](?=\d))?\d+(?:[.,:/]\d+)*(?:st|nd|rd|th)?(?![^\W\d_])"
    r"|\d+(?:\.\d+)*[A-Za-z]{1,2}(?![^\W_]))"
    rf"|(?P<word>(?:{_LETTER}|{_INVISIBLES}(?={_LETTER}))+(?:[.'’]{_LETTER}+)*)"
    rf"|(?P<invisible>{_INVISIBLES}+)"
    r"|(?P<other>\S)"
)
_NEGATED = re.compile(r"(?i)(?:(ca|wo|sha)|(\w+))(n['’]t)$")
_CLITIC = re.compile(r"(?i)(\w+)(['’](?:ve|ll|re|m))$")
_FULL = {"ca": "can", "wo": "will", "sha": "shall"}
_ENDINGS = {"'ve": "have", "'ll": "will", "'re": "are", "'m": "am"}
_SIGNS = frozenset("%~<>≤≥±+=×÷$€£¥≈≠°")
_MARKUP = frozenset("*_#`|\\")
_QUOTES = dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛′´`", "'")
_DASHES = dict.fromkeys("‐‑‒–—―−﹣－", "-")
_POINTERS = {
    "section": "section", "sections": "section", "sec": "section", "secs": "section",
    "§": "section", "§§": "section", "subsection": "section", "appendix": "appendix",
    "appendices": "appendix", "annex": "appendix", "figure": "figure", "figures": "figure",
    "fig": "figure", "figs": "figure", "table": "table", "tables": "table",
    "chapter": "chapter", "chapters": "chapter", "article": "article", "articles": "article",
    "clause": "clause", "clauses": "clause", "footnote": "footnote", "footnotes": "footnote",
    "page": "page", "pages": "page", "pp": "page", "paragraph": "paragraph",
    "exhibit": "exhibit", "schedule": "schedule",
}  # fmt: skip
_RANKS = frozenset(
    "level levels tier tiers stage stages phase phases category categories class classes grade "
    "grades step steps version versions january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "question priority severity score part annex by at to of in the than about under over "
    "within least most only up from and or is are was be".split()
)
_LABEL = re.compile(r"(?:[A-Z]|\d+)(?:\.(?:\d+|[A-Za-z]))*[A-Za-z]?|[IVXLC]{1,6}")

Spelling = Callable[[str], str]


def tokens(text: str, span: Span, spelling: Spelling, notes: Sequence[Span] = ()) -> list[Token]:
    """The tokens of ``text`` within ``span`` in order; only blanks lie between them.

    ``notes`` are places of footnote marks. ``spelling`` gives one form for a word's variants.
    """
    found = list(_split(text, span, spelling, {note.start: note.end for note in notes}))
    return list(_with_references(list(_with_names(found))))


def _split(text: str, span: Span, spelling: Spelling, notes: Mapping[int, int]) -> Iterator[Token]:
    at = span.start
    while match := _TOKEN.search(text, at, span.end):
        start, end = match.span()
        note = next((place for place in notes if start <= place < end), None) if notes else None
        if note is not None:
            if start < note:
                yield from _split(text, Span(start, note), spelling, {})
            end = min(notes[note], span.end)
            yield Token(note, end, text[note:end], "†", TokenKind.NOTE)
        else:
            yield from _tokens_of(match.lastgroup or "", text, start, end, spelling)
        at = max(end, start + 1)


def _tokens_of(group: str, text: str, start: int, end: int, spelling: Spelling) -> Iterator[Token]:
    word = text[start:end]
    if group == "word":
        for pattern in (_NEGATED, _CLITIC):
            match = pattern.match(word)
            if match:
                cut = start + match.start(match.lastindex or 1)
                head = _UNSEEN.sub("", text[start:cut]).lower()
                tail = text[cut:end].lower().replace("’", "'")
                yield Token(start, cut, text[start:cut], _FULL.get(head, spelling(head)),
                            TokenKind.WORD)  # fmt: skip
                yield Token(cut, end, text[cut:end], _ENDINGS.get(tail, "not"), TokenKind.WORD)
                return
        if word.lower() == "cannot":
            yield Token(start, start + 3, word[:3], "can", TokenKind.WORD)
            yield Token(start + 3, end, word[3:], "not", TokenKind.WORD)
            return
    canon, kind = _canon(group, word, spelling)
    yield Token(start, end, word, canon, kind)


def _canon(group: str, word: str, spelling: Spelling) -> tuple[str, TokenKind]:
    if group == "note":
        return "†", TokenKind.NOTE
    if group == "invisible":
        return "", TokenKind.INVISIBLE
    if group == "tag":
        return "<>", TokenKind.MARKUP
    if group == "number":
        return _number(word), TokenKind.NUMBER
    if group == "url":
        return word.lower().rstrip("/.,"), TokenKind.WORD
    if group == "word":
        bare = folded(word)
        return spelling(bare), TokenKind.NUMBER if bare.isdigit() else TokenKind.WORD
    sign = _DASHES.get(word) or _QUOTES.get(word) or word
    if sign == "§":
        return "section", TokenKind.POINTER
    if sign in _SIGNS:
        return sign, TokenKind.SIGN
    if sign in _MARKUP:
        return sign, TokenKind.MARKUP
    return sign, TokenKind.MARK


@lru_cache(maxsize=50_000)
def folded(word: str) -> str:
    """A word without invisible characters, ligatures, letter case and curled apostrophes."""
    word = unicodedata.normalize("NFKC", _UNSEEN.sub("", word)).lower()
    return word.replace("’", "'").replace("‘", "'")


def _number(word: str) -> str:
    word = word.replace("−", "-").lower()
    if re.fullmatch(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?", word):
        word = word.replace(",", "")
    return word


def _with_names(found: Sequence[Token]) -> Iterator[Token]:
    """Tokens with the numbers of names ("Model 4.5") as words: they count nothing.

    A number after a capitalised word is a name's, unless the word names a rank or a place.
    """
    before: Token | None = None
    for token in found:
        named = (
            token.kind is TokenKind.NUMBER
            and before is not None
            and before.text[:1].isupper()
            and before.text[1:].isalpha()
            and before.end + 1 == token.start
            and before.canon not in _RANKS
            and before.canon not in _POINTERS
            and len(before.text) > 1
            and len(token.text) <= 5
        )
        if named:
            token = replace(token, kind=TokenKind.WORD)
        yield token
        before = token


def _with_references(found: Sequence[Token]) -> Iterator[Token]:
    """Tokens with the labels after "Section", "Table" and the like marked as references."""
    pointing = ""
    for index, token in enumerate(found):
        name = _POINTERS.get(token.canon) if token.kind in (
            TokenKind.WORD, TokenKind.POINTER) else None  # fmt: skip
        if pointing and _LABEL.fullmatch(token.text):
            label = token.text.rstrip(".")
            yield Token(token.start, token.end, token.text, f"{pointing} {label.lower()}",
                        TokenKind.REFERENCE)  # fmt: skip
            continue
        if name and _leads_to_label(found, index):
            pointing = name
            yield Token(token.start, token.end, token.text, name, TokenKind.POINTER)
            continue
        joins = token.canon in {",", "and", "or", "-", "to", "through", "(", ")", "[", ".", "&"}
        if pointing and not joins:
            pointing = ""
        yield token


def _leads_to_label(found: Sequence[Token], index: int) -> bool:
    """Whether a number, or a capital letter, follows "Section" at once."""
    following = index + 1
    while following < len(found) and found[following].canon in {".", "[", "section"}:
        following += 1
    return following < len(found) and bool(_LABEL.fullmatch(found[following].text))
