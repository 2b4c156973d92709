"""Where in a text a run of words stands, exactly or nearly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

from cardwatch.model import Difference
from cardwatch.quotes.tokens import Token, Tokens

# Of a run's words, the share that must stand in the right order for a place to be "near".
NEAR = 0.6
# A word more common than this in the source says little about a place.
_COMMON = 200
_CANDIDATES = 5
# The time to compare grows with the square of the length: longer runs are exact or not found.
_LONGEST = 1_500
# So many words at an end may have been replaced by others.
_REPLACED = 4
_STOPS = frozenset(".!?:;")

_NEGATIONS = frozenset(
    """no not never none neither nor nothing nobody nowhere without cannot hardly scarcely barely
    unless except excluding only fails fail failed lacks lack denies deny refuse refuses""".split()
)
_MODALS = frozenset(
    """will would shall should may might must can could ought need needs intend intends intended
    aim aims aimed plan plans planned expect expects expected commit commits committed promise
    promises hope hopes try tries seek seeks consider considers propose proposes recommend
    recommends encourage encourages required requires permitted permits allowed allows
    always ever all any every each both some sometimes often""".split()
)
# Words that take something back, or leave a way out.
_HEDGES = frozenset(
    """about approximately around roughly nearly almost generally usually typically normally
    mostly mainly largely primarily partly partially likely unlikely possibly potentially perhaps
    probably apparently currently presently initially temporarily up least most more less fewer
    under over below above many few several rarely seldom occasionally limited certain
    reasonable reasonably appropriate practicable where when if until believe believes think
    estimate estimated suggests suggest appears appear seems seem""".split()
)
_UNITS = frozenset(
    """percent per cent second seconds minute minutes hour hours day days week weeks month months
    quarter quarters year years million billion trillion thousand hundred dozen kb mb gb tb
    dollars euros pounds tokens points % ‰ ° $ € £ ¥ ~ < > ≤ ≥ ±""".split()
)
_NUMBERS = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety first second third fourth fifth half twice once double triple quarterly monthly weekly
    daily hourly yearly annual annually""".split()
)
# What no similarity excuses, gravest first.
CRITICAL = ("negation", "number", "unit", "modal", "hedge", "name")


@dataclass(frozen=True, slots=True)
class Place:
    """Words ``first`` to ``last`` (places in ``Tokens.words``, inclusive) of a source."""

    first: int
    last: int
    likeness: float


def find_near(wanted: Sequence[str], source: Tokens, least: float = NEAR) -> Place | None:
    """The stretch of the source that has most of the words in their order, if it is near.

    Candidate places are voted for by the rarer words (each says where the run would begin),
    then compared word by word. The first of equally good places wins.
    """
    if not 0 < len(wanted) <= _LONGEST:
        return None
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
    return best if best and best.likeness >= least else None


def _compare(wanted: Sequence[str], source: Tokens, start: int) -> Place | None:
    margin = 4 + len(wanted) // 3
    low = max(0, start - margin)
    high = min(len(source.words), start + len(wanted) + margin)
    window = [source.all[index].bare for index in source.words[low:high]]
    blocks = SequenceMatcher(None, window, wanted, autojunk=False).get_matching_blocks()[:-1]
    if not blocks:
        return None
    while len(blocks) > 1 and _likeness(blocks[1:], wanted) > _likeness(blocks, wanted):
        blocks = blocks[1:]
    while len(blocks) > 1 and _likeness(blocks[:-1], wanted) > _likeness(blocks, wanted):
        blocks = blocks[:-1]
    first, last = low + blocks[0].a, low + blocks[-1].a + blocks[-1].size - 1
    # words at the ends that were replaced stand beside what is alike
    before, after = blocks[0].b, len(wanted) - blocks[-1].b - blocks[-1].size
    return Place(
        _extended(source, first, -min(before, _REPLACED)),
        _extended(source, last, min(after, _REPLACED)),
        _likeness(blocks, wanted),
    )


def _extended(source: Tokens, place: int, by: int) -> int:
    """The place so many words further on (or back), but within the sentence and paragraph."""
    step = 1 if by > 0 else -1
    for _ in range(abs(by)):
        following = place + step
        if not 0 <= following < len(source.words):
            return place
        low, high = sorted((source.words[place], source.words[following]))
        between = source.text[source.all[low].end : source.all[high].start]
        if "\n\n" in between or any(t.form in _STOPS for t in source.all[low + 1 : high]):
            return place
        place = following
    return place


def _likeness(blocks: Sequence[Match], wanted: Sequence[str]) -> float:
    """Twice the words in common by the words of both, the longer of the two counted double."""
    length = blocks[-1].a + blocks[-1].size - blocks[0].a
    matched = sum(block.size for block in blocks)
    return 2 * matched / (len(wanted) + max(len(wanted), length))


def differences(
    source: Sequence[Token], quoted: Sequence[Token], free: frozenset[int] = frozenset()
) -> tuple[Difference, ...]:
    """What a quotation has otherwise than its source, word by word and mark by mark.

    A mark at either end is free. Letter case counts, but for the first letter of the first
    word, which takes its case from the sentence around the quotation, and of the words that
    start at ``free``, whose change of case is owned up to.
    """
    source, quoted = trimmed(source), trimmed(quoted)
    old, new = [token.bare for token in source], [token.bare for token in quoted]
    found: list[Difference] = []
    if old == new:
        return tuple(_case(zip(source, quoted, strict=True), free | {_head(quoted)}))
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs = zip(source[a:b], quoted[c:d], strict=True)
            found.extend(_case(pairs, free | {_head(quoted)}))
        else:
            found.extend(_parts(source[a:b], quoted[c:d]))
    return tuple(found)


def _parts(source: Sequence[Token], quoted: Sequence[Token]) -> Iterator[Difference]:
    """A stretch that differs; where words were left out beside a word that was replaced by one
    of its own kind ("…, may" became "must"), the two are told apart.
    """
    count = len(quoted)
    kind = kind_of(quoted) if quoted else ""
    if len(source) > count + 1 and kind in CRITICAL:
        if kind_of(source[-count:]) == kind:
            yield difference(source[:-count], ())
            yield difference(source[-count:], quoted)
            return
        if kind_of(source[:count]) == kind:
            yield difference(source[:count], quoted)
            yield difference(source[count:], ())
            return
    yield difference(source, quoted)


def _head(quoted: Sequence[Token]) -> int:
    return quoted[0].start if quoted else -1


def _case(pairs: Iterable[tuple[Token, Token]], free: frozenset[int]) -> Iterator[Difference]:
    """Words with other letters in capitals: "us" is not "US", nor "mW" "MW"."""
    for one, other in pairs:
        if one.form == other.form:
            continue
        if other.start in free and one.form[1:] == other.form[1:]:
            continue
        yield Difference(one.form, other.form, critical=True, kind="name")


def trimmed(sequence: Sequence[Token]) -> Sequence[Token]:
    """The tokens from the first word to the last."""
    first, last = 0, len(sequence)
    while last > first and not sequence[last - 1].is_word:
        last -= 1
    while first < last and not sequence[first].is_word:
        first += 1
    return sequence[first:last]


def difference(source: Sequence[Token], quoted: Sequence[Token]) -> Difference:
    """Words of the source that became others: what they are, and of what kind."""
    kind = kind_of([*source, *quoted])
    return Difference(
        " ".join(token.form for token in source),
        " ".join(token.form for token in quoted),
        critical=kind in CRITICAL,
        kind=kind,
    )


def kind_of(changed: Sequence[Token]) -> str:
    """The gravest thing among words that differ."""
    bare = {token.bare for token in changed}
    if bare & _NEGATIONS or any(word.endswith("n't") for word in bare):
        return "negation"
    if bare & _NUMBERS or any(character.isdigit() for word in bare for character in word):
        return "number"
    if bare & _UNITS:
        return "unit"
    if bare & _MODALS:
        return "modal"
    if bare & _HEDGES:
        return "hedge"
    if any(token.form[:1].isupper() for token in changed):
        return "name"
    return "words" if any(token.is_word for token in changed) else "punctuation"
