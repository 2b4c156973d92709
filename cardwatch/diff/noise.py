"""Which edits say nothing new, and why: each class of noise by a rule of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cardwatch.diff.edits import Edit
from cardwatch.diff.tokens import INVISIBLE, Token, TokenKind, folded
from cardwatch.model import NoiseClass, Span

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    rf"(?:{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|\d{{1,2}}(?:st|nd|rd|th)?\s+"
    rf"{_MONTH}(?:,?\s+\d{{4}})?|{_MONTH},?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}(?:T[\d:.]+Z?)?|"
    r"\d{1,2}[/.]\d{1,2}[/.]\d{2,4}|\d{4}[/.]\d{1,2}[/.]\d{1,2})"
)
_RELATIVE = (
    r"(?:(?:about|over|almost|more than)\s+)?(?:an?|one|two|three|four|five|six|seven|\d+)\s+"
    r"(?:second|minute|hour|day|week|month|year)s?\s+ago|yesterday|today|just now|"
    r"(?:last|this) (?:week|month|year)"
)
_AGO = re.compile(
    r"(?:(?:about|over|almost|more than)\s+)?\b(?:an?|one|two|three|four|five|six|seven|\d+)\s+"
    r"(?:second|minute|hour|day|week|month|year)s?\s+ago\b",
    re.IGNORECASE,
)
_CUE = (
    r"(?:(?:last|first|originally|recently|latest|date)\s+)?(?:updated?|modified|modification|"
    r"revised|revision|reviewed|published|posted|issued|retrieved|accessed|amended|"
    r"effective(?:\s+date)?|version|in effect)"
)
# A cue and a date close by; in a short line, whatever follows the cue.
_STAMP = re.compile(
    rf"\b{_CUE}\b[^\n.]{{0,25}}?\b(?:{_DATE}|{_RELATIVE})(?:[^\n.]{{0,4}}{_DATE})*",
    re.IGNORECASE,
)
_STAMP_LINE = re.compile(
    rf"[\W_]*(?:(?:this|these|the|our|see|view|read)\s+)?(?:\w+\s+){{0,3}}?(?:{_CUE}|{_DATE}|"
    rf"previous(?:\s+versions?)?|prior versions?|{_RELATIVE}|(?:©|copyright).{{0,12}}\d{{4}})"
    r"\b",
    re.IGNORECASE,
)
_STAMP_WORDS = re.compile(
    rf"(?:{_CUE}|{_DATE}|{_RELATIVE}|previous|prior|versions?|changes?|view|see|read|on|at|as|of|"
    r"by|from|the|this|page|policy|document|terms|date|was|were|is|are|and|to|archived?|v|"
    r"copyright|inc|llc|all|rights|reserved|am|pm|utc|gmt|pst|pdt|est|\d+(?:\.\d+)*|[\W_])+",
    re.IGNORECASE,
)
_IN_FORCE = re.compile(r"\b(?:effective|effect|force)\b", re.IGNORECASE)
# The mark of a footnote that a reader glued to the word before it.
_MARKED = re.compile(r"([a-z]{4,}[.,;:”\"’)]?)\d{1,2}")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)\s*(?:\d{4}\s*[-–]\s*)?\d{4}", re.IGNORECASE)
# The most words that a line which only stamps a date has.
_STAMP_LENGTH = 14

# Words that lead a reader to another place and bind nobody. "Under", "subject to" and
# "as defined in" are left out: a reference after them says what applies.
_LEADING = frozenset(
    "see also as in discussed described detailed explained reported shown above below refer to of "
    "for details more and this card document the noted introduced presented covered earlier "
    "later e.g cf please page".split()
)
# What follows a reference into a text that is not at hand.
_OF_ANOTHER = re.compile(
    r"(?:\(\w{1,4}\))*,? (?:of|to|in|under) (?:the |that |its )?(?:\w+ ){0,4}?"
    r"(?:Act|Code|Law|Regulation|Directive|Treaty|Convention|Agreement|Constitution|Rules?|Statute|"
    r"GDPR|CCPA|DSA)\b"
)
_TITLE_WORDS = frozenset("of our the its this their".split())
_NUMERAL = r"(?:\d{1,3}|[A-Za-z]|[IVXLCivxlc]{1,6})"
_LIST_MARK = re.compile(rf"{_NUMERAL}(?:\.{_NUMERAL})*|[^\w\s]")
_DETERMINERS = frozenset({"a", "an", "the"})
_SAME = (
    (re.compile(r"\b(?:e\.g\.?|eg|for example|for instance)(?=\W|$)"), "for example"),
    (re.compile(r"\b(?:i\.e\.?|ie|that is)(?=\W|$)"), "that is"),
    (re.compile(r"\b(?:vs\.?|versus)(?=\W|$)"), "versus"),
    (re.compile(r"\bper cent\b|%"), "percent"),
    (re.compile(r"\bit is\b|\bit's\b"), "it's"),
    (re.compile(r"\b(that|there|what|who|he|she|here|where) is\b"), r"\1's"),
    (re.compile(r"\bet cetera\b"), "etc"),
)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "ninety": "90"}

# When several classes meet in one passage it goes by the first of these.
_HEAVIEST = (
    NoiseClass.EFFECTIVE, NoiseClass.CAPITALS, NoiseClass.EDITORIAL, NoiseClass.STAMP,
    NoiseClass.SPELLING, NoiseClass.RENUMBERED, NoiseClass.LINK, NoiseClass.EXTRACTION,
    NoiseClass.MARKUP, NoiseClass.PUNCTUATION, NoiseClass.INVISIBLE, NoiseClass.REFLOW,
    NoiseClass.MOVED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """What an edit stands in: the two texts, their stamps, the start of a block, and the
    references of which both editions have what they lead to.
    """

    old_text: str
    new_text: str
    old_stamps: tuple[Span, ...] = ()
    new_stamps: tuple[Span, ...] = ()
    head: tuple[int, int] = (-1, -1)
    known: frozenset[str] = frozenset()


def heaviest(classes: Iterable[NoiseClass]) -> NoiseClass:
    """The class that a passage with noise of several ``classes`` is counted under."""
    return min(classes, key=_HEAVIEST.index)


def classify(edit: Edit, frame: Frame) -> NoiseClass | None:
    """The class of noise that an edit is; ``None`` when it may say something new."""
    old, new = _words(frame.old_text, edit.old_span), _words(frame.new_text, edit.new_span)
    if edit.same:
        return _look(edit, old, new, frame)
    tokens = (*edit.old, *edit.new)
    if all(token.kind in (TokenKind.MARK, TokenKind.MARKUP) for token in tokens):
        marked = any(token.kind is TokenKind.MARKUP for token in tokens)
        return NoiseClass.MARKUP if marked else NoiseClass.PUNCTUATION
    if _joined(edit.old) == _joined(edit.new) and not _numbers_part(edit):
        marks = any(token.kind is TokenKind.MARK for token in tokens)
        return NoiseClass.PUNCTUATION if marks else NoiseClass.EXTRACTION
    if _within(edit.old, frame.old_stamps) and _within(edit.new, frame.new_stamps):
        sides = (
            stamp_class(frame.old_text, edit.old_span, frame.old_stamps),
            stamp_class(frame.new_text, edit.new_span, frame.new_stamps),
        )
        same = _stamped(frame.old_text, edit.old_span, frame.old_stamps) == _stamped(
            frame.new_text, edit.new_span, frame.new_stamps
        )
        return NoiseClass.STAMP if same else heaviest(sides)
    if _glued(edit) or _stray_number(edit, frame):
        return NoiseClass.EXTRACTION
    if _only_leads(edit, frame) or _list_marks(edit, frame):
        return NoiseClass.RENUMBERED
    if _one_way(edit.old) == _one_way(edit.new):
        return NoiseClass.SPELLING
    words = [t for t in tokens if t.kind not in (TokenKind.MARK, TokenKind.MARKUP)]
    if all(token.canon in _DETERMINERS for token in words):
        return NoiseClass.EDITORIAL
    if all(_is_address(token.text) for token in words):
        return NoiseClass.LINK
    return None


def stamps(text: str, span: Span) -> tuple[Span, ...]:
    """The places within ``span`` that say when a text was made or last looked at."""
    words = text[span.start : span.end]
    short = len(words.split()) <= _STAMP_LENGTH
    if short and _STAMP_LINE.match(words) and _STAMP_WORDS.fullmatch(words):
        return (span,)
    found = [match.span() for p in (_STAMP, _AGO, _COPYRIGHT) for match in p.finditer(words)]
    return tuple(sorted(Span(span.start + a, span.start + b) for a, b in found))


def stamp_class(text: str, span: Span, places: Sequence[Span]) -> NoiseClass:
    """Whether a stamp says from when a text holds, or only when it was touched."""
    for place in places:
        inside = place.start <= span.start and span.end <= place.end
        if inside and _IN_FORCE.search(text[place.start : place.end]):
            return NoiseClass.EFFECTIVE
    return NoiseClass.STAMP


def _stamped(text: str, span: Span, places: Sequence[Span]) -> list[str]:
    """The words of the stamp around ``span`` in any order: one date in several forms is one."""
    around = [p for p in places if p.start <= span.start and span.end <= p.end]
    words = re.findall(r"[^\W_]+", " ".join(text[p.start : p.end] for p in around).lower())
    return sorted(re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", word) for word in words)


def is_stamp(text: str, span: Span) -> bool:
    """Whether a sentence does nothing but say when the text was made or last looked at."""
    return stamps(text, span) == (span,)


def _words(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _glued(edit: Edit) -> bool:
    """Whether the two sides differ in digits that one has right after a word and one has not."""
    old, new = ("".join(t.text for t in side) for side in (edit.old, edit.new))
    for bare, marked in ((old, new), (new, old)):
        match = _MARKED.fullmatch(marked)
        if match and bare and match[1] == bare:
            return True
    return False


def _stray_number(edit: Edit, frame: Frame) -> bool:
    """Whether a lone small number came or went after a mark, where nothing is counted.

    A footnote's mark or a page number that one reader took for text: it stands behind the end
    of a sentence or clause, and before another or nothing.
    """
    if len(edit.old) + len(edit.new) != 1:
        return False
    token, text = (edit.old[0], frame.old_text) if edit.old else (edit.new[0], frame.new_text)
    if token.kind is not TokenKind.NUMBER or not token.text.isdigit() or len(token.text) > 3:
        return False
    before, after = text[: token.start].rstrip(" "), text[token.end :].lstrip(" ")
    if token.text.startswith("0") or not before or before[-1] not in '.!?”"’)':
        return False
    return not after or after[0] == "\n" or (after[0].isupper() and text[token.end] in " \n")


def _look(edit: Edit, old: str, new: str, frame: Frame) -> NoiseClass | None:
    """Words that are the same in canonical form: what differs in their look."""
    bare_old, bare_new = _visible(old), _visible(new)
    if not edit.old:
        if bare_old == bare_new:
            return NoiseClass.INVISIBLE
        if _run_together(edit, frame):
            return NoiseClass.EXTRACTION
        return NoiseClass.REFLOW if "\n" in old or "\n" in new else NoiseClass.PUNCTUATION
    kinds = {edit.old[0].kind, edit.new[0].kind}
    if kinds & {TokenKind.NOTE, TokenKind.REFERENCE, TokenKind.POINTER}:
        return NoiseClass.RENUMBERED
    if bare_old == bare_new:
        return NoiseClass.INVISIBLE
    if bare_old.lower() == bare_new.lower():
        return NoiseClass.CAPITALS if _term(edit, frame) else NoiseClass.EDITORIAL
    if folded(old) == folded(new) or TokenKind.MARK in kinds:
        return NoiseClass.PUNCTUATION
    return NoiseClass.SPELLING


def _run_together(edit: Edit, frame: Frame) -> bool:
    """Whether only one of the two texts parts the words around a place."""
    sides = ((edit.old_span, frame.old_text), (edit.new_span, frame.new_text))
    if all(len(span) for span, _ in sides):
        return False
    return all(
        span.start > 0 and span.end < len(text)
        and text[span.start - 1].isalnum() and text[span.end].isalnum()
        for span, text in sides
    )  # fmt: skip


def _term(edit: Edit, frame: Frame) -> bool:
    """Whether a word within a sentence gained or lost its capital, as a defined term does."""
    sides = ((edit.old_span, frame.old_text), (edit.new_span, frame.new_text))
    words = [text[span.start : span.end] for span, text in sides]
    if words[0][1:] != words[1][1:] or len(words[0]) < 3:
        return False
    for span, text in sides:
        before = text[max(0, span.start - 3) : span.start].rstrip(' *_“"(')
        if not before or before[-1] in ".!?:\n•●|":
            return False
    return True


def _visible(text: str) -> str:
    return "".join(character for character in text if character not in INVISIBLE)


def _joined(tokens: Sequence[Token]) -> str:
    return "".join(t.canon for t in tokens if t.kind not in (TokenKind.MARK, TokenKind.MARKUP))


def _numbers_part(edit: Edit) -> bool:
    """Whether digits are put together or taken apart: "1 5" is not "15"."""
    return sum(t.kind is TokenKind.NUMBER for t in edit.old) != sum(
        t.kind is TokenKind.NUMBER for t in edit.new
    )


def _within(tokens: Sequence[Token], places: Sequence[Span]) -> bool:
    return all(
        any(place.start <= token.start and token.end <= place.end for place in places)
        for token in tokens
    )


def _only_leads(edit: Edit, frame: Frame) -> bool:
    """References put in, taken out, renumbered or written another way, and nothing but them.

    One that now leads elsewhere says something new. That it does is known where both editions
    have what one of the two leads to, and where it is of another text ("Section 5 of the Act").
    """
    tokens = (*edit.old, *edit.new)
    refs = (TokenKind.REFERENCE, TokenKind.NOTE)
    if not edit.beside_reference and not any(token.kind in refs for token in tokens):
        return False
    if not (_leads(edit.old) and _leads(edit.new)):
        return False
    led_old = {t.canon for t in edit.old if t.kind is TokenKind.REFERENCE}
    led_new = {t.canon for t in edit.new if t.kind is TokenKind.REFERENCE}
    if not led_old or not led_new or led_old == led_new:
        return True
    if all(ref.startswith(("page", "footnote")) for ref in led_old ^ led_new):
        return True
    elsewhere = _OF_ANOTHER.match(frame.new_text, edit.new_span.end)
    return not elsewhere and frame.known.isdisjoint(led_old ^ led_new)


def _leads(tokens: Sequence[Token]) -> bool:
    """Whether these are references and words that lead to them: "as set out in Section 3 of
    our Annual Report" with the title of what the section is of.
    """
    titled = False
    for token in tokens:
        if token.kind in (TokenKind.REFERENCE, TokenKind.NOTE):
            titled = token.kind is TokenKind.REFERENCE
            continue
        pointing = token.kind in (TokenKind.POINTER, TokenKind.MARK, TokenKind.MARKUP)
        title = titled and (
            token.text[:1].isupper()
            or token.canon in _TITLE_WORDS
            or (token.kind is TokenKind.NUMBER and len(token.text) == 4)
        )
        if not (pointing or title or token.canon in _LEADING):
            return False
    return True


def _list_marks(edit: Edit, frame: Frame) -> bool:
    """Whether the edit is in the number or letter before a list item."""
    if not all(_LIST_MARK.fullmatch(token.text) for token in (*edit.old, *edit.new)):
        return False
    return (
        all(
            not tokens or (tokens[-1].end <= head + 12 and _followed(text, tokens[-1]))
            for tokens, head, text in (
                (edit.old, frame.head[0], frame.old_text),
                (edit.new, frame.head[1], frame.new_text),
            )
            if head >= 0
        )
        and min(frame.head) >= 0
    )


def _followed(text: str, token: Token) -> bool:
    return token.text in ".)" or text[token.end : token.end + 1] in (".", ")")


def _one_way(tokens: Sequence[Token]) -> str:
    """Words in one of the ways to write the same: abbreviations and number words resolved."""
    words = " ".join(
        _NUMBER_WORDS.get(t.canon, t.canon)
        for t in tokens
        if t.kind not in (TokenKind.MARK, TokenKind.MARKUP)
    )
    for pattern, replacement in _SAME:
        words = pattern.sub(replacement, words)
    return " ".join(words.split())


def _is_address(text: str) -> bool:
    return "@" not in text and bool(re.match(r"https?://|www\.|(?:[\w-]+\.)+[a-z]{2,3}/", text))
