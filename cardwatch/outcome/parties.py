"""Who acts or decides, and who is told: the parties of two wordings, and how they changed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from cardwatch.model import Strength, Word
from cardwatch.outcome.edits import Side, weighty


class Party(Enum):
    """What kind of party a noun phrase names."""

    INDEPENDENT = auto()
    GOVERNMENT = auto()
    BOARD = auto()
    BOARD_COMMITTEE = auto()
    CHIEF = auto()
    OFFICER = auto()
    TEAM = auto()
    INSIDE = auto()  # the publisher, its staff, or nobody in particular
    PARTNER = auto()
    USER = auto()
    EVERYBODY = auto()
    UNKNOWN = auto()  # a name, or what no table knows


# How much weight the judgement of a party has: first those who owe the publisher nothing, then
# down the ladder of its own authority. Parties without a rank differ in kind, not in degree.
_AUTHORITY = {
    Party.INDEPENDENT: 7, Party.GOVERNMENT: 7, Party.BOARD: 6, Party.BOARD_COMMITTEE: 5,
    Party.CHIEF: 4, Party.OFFICER: 3, Party.TEAM: 2, Party.INSIDE: 1,
}  # fmt: skip
# How far a thing gets round when a party is told: the wider, the more is disclosed.
_REACH = {
    Party.EVERYBODY: 6, Party.GOVERNMENT: 5, Party.USER: 4, Party.INDEPENDENT: 3, Party.PARTNER: 3,
    Party.BOARD: 2, Party.BOARD_COMMITTEE: 2, Party.CHIEF: 1, Party.OFFICER: 1, Party.TEAM: 1,
    Party.INSIDE: 1,
}  # fmt: skip
_HEADS = {
    word: party
    for party, words in (
        (Party.INDEPENDENT, "auditor auditors assessor assessors"),
        (Party.GOVERNMENT, "regulator regulators authority authorities government governments "
                           "agency agencies ministry ministries court courts legislators"),
        (Party.BOARD, "board boards directors trustees governors"),
        (Party.CHIEF, "ceo president"),
        (Party.OFFICER, "officer officers executive executives director manager managers "
                        "management leadership cto ciso cso coo cfo dpo"),
        (Party.TEAM, "committee committees team teams panel panels department departments"),
        (Party.INSIDE, "we us ourselves company staff employee employees personnel worker workers "
                       "engineer engineers analyst analysts moderator moderators colleagues"),
        (Party.PARTNER, "party parties partner partners vendor vendors supplier suppliers "
                        "contractor contractors affiliate affiliates subsidiary subsidiaries "
                        "subcontractor subcontractors consultant consultants expert experts "
                        "evaluator evaluators reviewer reviewers inspector inspectors researcher "
                        "researchers laboratory laboratories lab labs"),
        (Party.USER, "you user users customer customers subscriber subscribers client clients "
                     "licensee licensees deployer deployers operator operators developer "
                     "developers consumer consumers"),
        (Party.EVERYBODY, "public everyone everybody anyone"),
    )
    for word in words.split()
}  # fmt: skip
_COMMITTEES = frozenset("committee committees subcommittee".split())
_OUTSIDE = frozenset("independent external outside impartial unaffiliated".split())
_OWN = frozenset("internal our own house its".split())
# Those who may be the publisher's own people or somebody else's.
_TRADES = frozenset(
    "auditor auditors assessor assessors expert experts evaluator evaluators reviewer reviewers "
    "inspector inspectors researcher researchers laboratory laboratories lab labs consultant "
    "consultants".split()
)
# Words that may stand between a preposition and the head of the phrase after it.
_DETERMINERS = frozenset(
    "the a an our its their your any each every all one two some another other own".split()
)
_PHRASE = 5  # words before a head that can belong to it
_OPENERS = frozenset(
    "that which if when unless until before after once where because whether so then but while "
    "only whenever".split()
)
_BE = frozenset("is are be was were been being".split())
_AUXILIARY = _BE | frozenset(
    "will shall must may can could should would might has have had do does did wo ca".split()
)
# After "is", these leave the subject the one who acts.
_BOUND = frozenset(
    "required obliged obligated responsible expected allowed permitted entitled authorized "
    "authorised committed bound asked instructed empowered".split()
)
_IRREGULAR = frozenset("told given sent shown made kept held put taken met brought".split())
_NOTIFYING = frozenset("notifi inform tell alert brief warn advis".split())
_TELLING = frozenset(
    "share send report provid disclos submit deliv give avail communic releas present forward "
    "escal announc publish sell transfer".split()
)
_SHOWING = frozenset("show display post put make".split())
_PUBLISHED = re.compile(r"publish(?:es|ed|ing)?|publicly")
_NARROWED = frozenset("to for within internally among".split())
# What a party does when its judgement is what counts.
_JUDGING = frozenset(
    "approv review audit assess evalu test decid determin overse oversight monitor verifi certifi "
    "examin inspect check sign author supervis valid consent judg rule confirm investig "
    "endors veto clear accredit decis overseen".split()
)
# Who is asked for its judgement stands behind these.
_CONSULTING = frozenset("consult appoint engag commiss involv appeal refer escal".split())
_NEGATIONS = frozenset("not never n't cannot".split())
_ACTS = frozenset("approval review reviews audit oversight consent authorization sign signoff "
                  "decision assessment".split())  # fmt: skip
# What is somebody's own: to hand it to more people is no gain of disclosure.
_PRIVATE = re.compile(
    r"\b(?:your|personal|private|confidential|(?:user|customer)s?['’]?) (?:\w+ )?"
    r"(?:data|information|content|inputs?|prompts?|letters?|messages?|conversations?|records?)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;:!?\n]")
_TELLING_REACH = 14
# Two wordings of which the rest is this much the same differ in their parties; what is less
# alike is written anew, and its parties play other parts.
_ALIKE = 0.7
# Where one of the wordings names nobody who acts, the rest has to be surer.
_ALIKE_UNNAMED = 0.8
_SAME = frozenset([Party.INSIDE, Party.UNKNOWN])
_JUDGED_WITHIN = 8  # words between a party and the verb that says what it does
_POSSESSIVE = frozenset(["'s", "’s"])
_PRONOUNS = frozenset("it they he she this these that those".split())
_ADJECTIVES = frozenset("third full whole same several many few most other".split())


@dataclass(frozen=True, slots=True)
class Mention:
    """A party where it stands: words ``first`` to ``last``, one past the end."""

    party: Party
    first: int
    last: int
    told: bool
    """Whether it is told of something; else it acts or decides."""
    judges: bool = False
    """Whether what it does is to approve, review or otherwise judge."""


@dataclass(frozen=True, slots=True)
class Parties:
    """How the parties of a commitment changed. ``actor`` and ``audience`` are 0, or how much the
    two wordings are otherwise alike (up to 1) where another party acts or is told; ``raised``
    is that figure where the new party has more authority or the circle told is wider, its
    negative where less or narrower, 0 where neither can be said.
    """

    actor: float = 0.0
    audience: float = 0.0
    raised: float = 0.0


def parties(old: Side, new: Side) -> Parties:
    """Compare who acts, decides and is told in two wordings of a commitment."""
    before, after = list(mentions(old)), list(mentions(new))
    acting = _acting((old, before), (new, after))
    telling = _moved(*(_counted(named, told=True) for named in (before, after)))
    if not (acting or telling):
        return Parties()
    alike = _alike(old, before, new, after)
    unnamed = acting and not all(any(not m.told for m in named) for named in (before, after))
    if alike < (_ALIKE_UNNAMED if unnamed else _ALIKE):
        return Parties()
    signs = [0]
    if acting and _judged((old, before), (new, after)):
        signs.append(_sign(acting, _AUTHORITY))
    if telling and not _guarded(old, new):
        signs.append(_sign(telling, _REACH))
    # what is weaker in any respect is weakened
    sign = min(signs) or max(signs)
    return Parties(alike * bool(acting), alike * bool(telling), alike * sign)


def mentions(side: Side) -> Iterator[Mention]:
    """The parties of a wording that act, decide or are told of something, in order."""
    words, last = side.words, None
    for at, word in enumerate(words):
        if _opened(words, at):
            yield Mention(Party.EVERYBODY, at, at + 1, told=True)
        if (whose := _whose(words, at)) is not None:
            yield Mention(whose, max(0, at - 1), at, told=False, judges=True)
        if word.lower not in _HEADS or (at + 1 < len(words) and _goes_on(words, at, side)):
            continue
        if word.lower == "public" and not (at and words[at - 1].lower in ("the", "general")):
            continue
        first = _first(words, at, side)
        told = _role(side, first, at + 1, last)
        if told is None:
            continue
        judges = _judges(words, first, at + 1)
        last = Mention(_party(words[first : at + 1]), first, at + 1, told, judges)
        yield last


def _opened(words: Sequence[Word], at: int) -> bool:
    """Whether a word lays something open to everybody: it is published, made public, or stands
    on a website.
    """
    low = words[at].lower
    if low == "public":
        made = any(word.stem == "make" for word in words[max(0, at - 6) : at])
        return made and not (at and words[at - 1].lower in ("the", "general"))
    shown = low == "website" or _PUBLISHED.fullmatch(low)
    return bool(shown) and not any(word.lower in _NARROWED for word in words[at + 1 : at + 2])


def _whose(words: Sequence[Word], at: int) -> Party | None:
    """Who judges where an adjective says so: "independent audit", "internal review"."""
    if not at or words[at].stem not in _JUDGING or words[at].lower.endswith(("s", "ed")):
        return None
    before = words[at - 1].lower
    third = before == "party" and at >= 2 and words[at - 2].lower == "third"
    if before in _OUTSIDE or third:
        return Party.INDEPENDENT
    return Party.INSIDE if before == "internal" else None


def _goes_on(words: Sequence[Word], at: int, side: Side) -> bool:
    """Whether the head of the phrase comes later: "board committee", "committee of the board"."""
    after = at + 1
    if words[after].lower == "of":
        after += 1
        while after < len(words) and words[after].lower in _DETERMINERS | _OUTSIDE:
            after += 1
    elif words[after].lower in _POSSESSIVE:
        after += 1
        while after + 1 < len(words) and after < at + 3 and words[after].lower not in _HEADS:
            after += 1
    return (
        after < len(words)
        and words[after].lower in _HEADS
        and all(_joined(side, here, here + 1) for here in range(at, after))
    )


def _joined(side: Side, at: int, after: int) -> bool:
    """Whether nothing but a blank or a hyphen is between two words."""
    return _between(side, at, after) in ("", " ", "-")


def _first(words: Sequence[Word], head: int, side: Side) -> int:
    """The first word of the noun phrase that ends in ``head``."""
    first, inner = head, False
    while first and head - first < _PHRASE and _joined(side, first - 1, first):
        word = words[first - 1]
        owner = first >= 2 and words[first - 2].lower in _HEADS
        if word.lower in _POSSESSIVE or (word.lower == "of" and owner):
            inner = True
        elif word.lower in _DETERMINERS:
            inner = first >= 2 and words[first - 2].lower == "of" and _owned(words, first - 2)
            if not inner:
                return first - 1
        elif _ends_phrase(word, inner):
            break
        first -= 1
    return first


def _ends_phrase(word: Word, inner: bool) -> bool:
    if word.stop and word.lower not in _ADJECTIVES and not inner:
        return True
    return word.stem in _NOTIFYING | _TELLING | _JUDGING | _CONSULTING


def _owned(words: Sequence[Word], of: int) -> bool:
    return of > 0 and words[of - 1].lower in _HEADS


def _party(phrase: Sequence[Word]) -> Party:
    lowers = [word.lower for word in phrase]
    head = _HEADS[lowers[-1]]
    if not _OUTSIDE.isdisjoint(lowers) or "third" in lowers:
        return Party.INDEPENDENT if head is not Party.USER else head
    if lowers[-1] in _TRADES and not _OWN.isdisjoint(lowers):
        return Party.INSIDE
    if head is Party.TEAM and lowers[:-1] == ["our"]:
        return Party.INSIDE
    if not {"board", "directors"}.isdisjoint(lowers) and not _COMMITTEES.isdisjoint(lowers):
        return Party.BOARD_COMMITTEE
    if "chief" in lowers and "executive" in lowers:
        return Party.CHIEF
    return head


def _role(side: Side, first: int, end: int, last: Mention | None) -> bool | None:
    """True for a party that is told, False for one that acts or decides, None for neither."""
    words = side.words
    before = words[first - 1].lower if first else ""
    heads = first == 0 or bool(_SENTENCE_END.search(_between(side, first - 1, first)))
    if before in ("and", "or") and last is not None and last.last == first - 1:
        return last.told
    after = [word.lower for word in words[end : end + 4]]
    if not heads and before == "by":
        return False
    if not heads and _asked(words, first):
        return False
    if not heads and (before in ("to", "with") or words[first - 1].stem in _NOTIFYING):
        return True if _tells(side, first - 1) else None
    if after[:1] and after[0] in _ACTS and _joined(side, end - 1, end):
        return False
    if not heads and before in ("of", "from") and first >= 2 and words[first - 2].lower in _ACTS:
        return False
    opened = heads or before in _OPENERS or "," in _between(side, first - 1, first)
    opened = opened or before in ("and", "or")
    if not opened or not _acts(words, end):
        return None
    return _undergone(side, end)


def _asked(words: Sequence[Word], first: int) -> bool:
    """Whether a verb that asks for a judgement stands before a party: "consult", "appeal to"."""
    verb = first - 2 if words[first - 1].lower in ("to", "with") else first - 1
    return verb >= 0 and words[verb].stem in _CONSULTING and words[verb].stem not in _NOTIFYING


def _between(side: Side, at: int, after: int) -> str:
    return side.features.text[side.words[at].end : side.words[after].start]


def _tells(side: Side, before: int) -> bool:
    """Whether a verb of telling stands in the same sentence, at or before a word."""
    for at in range(before, max(-1, before - _TELLING_REACH), -1):
        if side.words[at].stem in _NOTIFYING | _TELLING:
            return True
        if at and _SENTENCE_END.search(_between(side, at - 1, at)):
            return False
    return False


def _acts(words: Sequence[Word], end: int) -> bool:
    """Whether a verb follows a noun phrase, perhaps after an adverb."""
    while end < len(words) and words[end].lower.endswith("ly"):
        end += 1
    if end >= len(words):
        return False
    low, head = words[end].lower, words[end - 1].lower
    if low in _AUXILIARY:
        return True
    if words[end].stop and low not in ("also", "then", "make", "give", "keep", "put"):
        return False
    noun = end + 1 < len(words) and words[end + 1].lower in _AUXILIARY  # "customer systems are"
    plural = head.endswith("s") or head in ("we", "you", "staff", "personnel", "management")
    return not noun and (plural or low.endswith(("s", "ed")) or low in ("also", "then"))


def _undergone(side: Side, end: int) -> bool | None:
    """True where the subject is told of something, None where something else is done to it,
    False where it acts.
    """
    words = side.words
    for at in range(end, min(end + 3, len(words))):
        if words[at].lower in _BE:
            for word in words[at + 1 : at + 4]:
                if word.lower in _BOUND:
                    return False
                if word.lower.endswith("ed") or word.lower in _IRREGULAR:
                    return True if word.stem in _NOTIFYING else None
            return False
    return False


def _judges(words: Sequence[Word], first: int, end: int) -> bool:
    near = (*words[max(0, first - _JUDGED_WITHIN) : first], *words[end : end + _JUDGED_WITHIN])
    denied = any(word.lower in _NEGATIONS for word in words[end : end + 3])
    return not denied and any(word.stem in _JUDGING | _CONSULTING for word in near)


Moved = tuple[frozenset[Party], frozenset[Party]]
Named = tuple[Side, Sequence[Mention]]


def _counted(named: Sequence[Mention], *, told: bool) -> Counter[Party]:
    return Counter(mention.party for mention in named if mention.told is told)


def _moved(old: Counter[Party], new: Counter[Party]) -> Moved | None:
    """The kinds of party that left a part and those that came into it; None where the part is
    played as before, or by more or fewer of the same list.
    """
    gone, come = frozenset(old - new), frozenset(new - old)
    # with the eye from outside goes more than one of several
    if Party.INDEPENDENT in gone | come and new and old:
        gone, come = (some or frozenset([Party.INSIDE]) for some in (gone, come))
    return (gone, come) if gone and come else None


def _acting(old: Named, new: Named) -> Moved | None:
    """Who acted and who acts instead. A company acts by its teams: which of them is said only
    matters where it judges.
    """
    before, after = (_counted(named, told=False) for _, named in (old, new))
    before, after = (
        counts or Counter([party] if (party := _unnamed(side)) else [])
        for counts, (side, _) in zip((before, after), (old, new), strict=True)
    )
    moved = _moved(before, after)
    if moved is None or moved[0] | moved[1] <= _SAME:
        return None
    own = moved[0] | moved[1] <= _SAME | {Party.TEAM}
    return None if own and not _judged(old, new) else moved


def _unnamed(side: Side) -> Party | None:
    """Who acts where no known party does: the publisher in a passive without an agent, somebody
    with a name, or one whom the text named before.
    """
    for at, word in enumerate(side.words[:-1]):
        if word.lower in _BE and side.words[at + 1].lower.endswith("ed"):
            return Party.INSIDE
    first = side.words[0].lower if side.words else ""
    return None if first in _PRONOUNS else Party.UNKNOWN


def _sign(moved: Moved, ranks: dict[Party, int]) -> int:
    gone, come = moved
    if any(party not in ranks for party in gone | come):
        return 0
    was, now = (max(ranks[party] for party in some) for some in (gone, come))
    return (now > was) - (now < was)


def _judged(old: Named, new: Named) -> bool:
    """Whether the parties judge something; else one has no more authority in it than another."""
    return any(m.judges for _, named in (old, new) for m in named if not m.told)


def _guarded(old: Side, new: Side) -> bool:
    """Whether a wider circle would be no gain: something private is handed on, or the telling is
    denied or merely allowed.
    """
    return any(
        side.features.negated
        or side.features.strength is Strength.POSSIBLE
        or _PRIVATE.search(side.features.text)
        for side in (old, new)
    )


def _alike(old: Side, before: Sequence[Mention], new: Side, after: Sequence[Mention]) -> float:
    """The share of content words, 0 to 1, that the two have in common besides their parties and
    the verbs of telling.
    """
    one, other = _rest(old, before), _rest(new, after)
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 1.0


def _rest(side: Side, named: Sequence[Mention]) -> Counter[str]:
    left_out = {at for mention in named for at in range(mention.first, mention.last)}
    told = any(mention.told for mention in named)
    telling = _TELLING | _NOTIFYING | _SHOWING if told else frozenset()
    return Counter(
        word.stem
        for at, word in enumerate(side.words)
        if at not in left_out and weighty(word) and word.stem not in telling
    )
