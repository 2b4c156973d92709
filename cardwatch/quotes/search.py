"""Where in a text a run of words stands, exactly or nearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from cardwatch.model import Difference
from cardwatch.quotes.tokens import Token, Tokens

# Of a run's words, the share that must stand in the right order for a place to be "near".
_NEAR = 0.6
# A word more common than this in the source says little about a place.
_COMMON = 200
_CANDIDATES = 5

_NEGATIONS = frozenset(
    [
        "no",
        "not",
        "never",
        "none",
        "neither",
        "nor",
        "nothing",
        "without",
        "cannot",
        "can't",
        "won't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "wasn't",
        "weren't",
        "shouldn't",
        "wouldn't",
        "couldn't",
        "mustn't",
        "hasn't",
        "haven't",
        "hardly",
        "unless",
        "except",
        "only",
    ]
)
_MODALS = frozenset(
    [
        "will",
        "would",
        "shall",
        "should",
        "may",
        "might",
        "must",
        "can",
        "could",
        "intend",
        "intends",
        "aim",
        "aims",
        "plan",
        "plans",
        "expect",
        "expects",
        "commit",
        "commits",
        "always",
        "ever",
        "all",
        "any",
        "every",
        "some",
        "sometimes",
        "often",
    ]
)
_UNITS = frozenset(
    [
        "%",
        "percent",
        "per",
        "cent",
        "second",
        "seconds",
        "minute",
        "minutes",
        "hour",
        "hours",
        "day",
        "days",
        "week",
        "weeks",
        "month",
        "months",
        "quarter",
        "quarters",
        "year",
        "years",
        "million",
        "billion",
        "trillion",
        "thousand",
        "dozen",
        "$",
        "€",
        "£",
        "~",
        "<",
        ">",
        "≤",
        "≥",
        "±",
    ]
)


@dataclass(frozen=True, slots=True)
class Place:
    """Words ``first`` to ``last`` (places in ``Tokens.words``, inclusive) of a source."""

    first: int
    last: int
    likeness: float


def find_near(wanted: Sequence[str], source: Tokens) -> Place | None:
    """The stretch of the source that has most of the words in their order, if it is near.

    Candidate places are voted for by the rarer words (each says where the run would begin),
    then compared word by word. The first of equally good places wins.
    """
    votes: Counter[int] = Counter()
    for at, word in enumerate(wanted):
        places = source.places.get(word, ())
        if len(places) <= _COMMON:
            for there in places:
                votes[(there - at) // 4] += 1
    best: Place | None = None
    ranked = sorted(votes, key=lambda bucket: (-votes[bucket], bucket))
    for bucket in ranked[:_CANDIDATES]:
        place = _compare(wanted, source, bucket * 4)
        if place and (best is None or place.likeness > best.likeness):
            best = place
    return best if best and best.likeness >= _NEAR else None


def _compare(wanted: Sequence[str], source: Tokens, start: int) -> Place | None:
    margin = 4 + len(wanted) // 3
    low = max(0, start - margin)
    high = min(len(source.words), start + len(wanted) + margin)
    window = [source.all[index].bare for index in source.words[low:high]]
    blocks = SequenceMatcher(None, window, wanted, autojunk=False).get_matching_blocks()[:-1]
    if not blocks:
        return None
    first, last = blocks[0].a, blocks[-1].a + blocks[-1].size - 1
    matched = sum(block.size for block in blocks)
    return Place(
        low + first, low + last, 2 * matched / (len(wanted) + max(len(wanted), last - first + 1))
    )


def differences(source: Sequence[Token], quoted: Sequence[Token]) -> tuple[Difference, ...]:
    """What a quotation has otherwise than its source, word by word and mark by mark.

    Letter case alone is a difference only within names; a mark at the very end is free.
    """
    source, quoted = _trimmed(source), _trimmed(quoted)
    old, new = [token.bare for token in source], [token.bare for token in quoted]
    found = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append(_difference(source[a:b], quoted[c:d]))
    found.extend(_case(source, quoted) if old == new else ())
    return tuple(found)


def _case(source: Sequence[Token], quoted: Sequence[Token]) -> list[Difference]:
    """Words in all capitals on one side only, past the first word: another name."""
    return [
        Difference(one.form, other.form, critical=True, kind="name")
        for one, other in list(zip(source, quoted, strict=True))[1:]
        if one.form != other.form
        and one.form.isupper() != other.form.isupper()
        and len(one.form) > 1
    ]


def _trimmed(sequence: Sequence[Token]) -> Sequence[Token]:
    first, last = 0, len(sequence)
    while last > first and not sequence[last - 1].is_word:
        last -= 1
    while first < last and not sequence[first].is_word:
        first += 1
    return sequence[first:last]


def _difference(source: Sequence[Token], quoted: Sequence[Token]) -> Difference:
    kind = _kind([*source, *quoted])
    return Difference(
        " ".join(token.form for token in source),
        " ".join(token.form for token in quoted),
        critical=kind in ("negation", "modal", "number", "unit", "name"),
        kind=kind,
    )


def _kind(changed: Sequence[Token]) -> str:
    """The gravest thing among words that differ."""
    bare = {token.bare for token in changed}
    if bare & _NEGATIONS or any(word.endswith("n't") for word in bare):
        return "negation"
    if any(character.isdigit() for word in bare for character in word):
        return "number"
    if bare & _UNITS:
        return "unit"
    if bare & _MODALS:
        return "modal"
    if any(token.form[:1].isupper() for token in changed):
        return "name"
    return "words" if any(token.is_word for token in changed) else "punctuation"
