"""The main clauses of a passage: who acts, what is done, how firmly, and whether it is denied.

No parser: the main verb is the first finite one that no subordinate opener precedes, its subject
the noun phrase before it. That is wrong for inverted and deeply nested sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cardwatch.model import Actor, Strength, Word
from cardwatch.segment.stems import stem

_C, _I, _P, _R, _N = (
    Strength.COMMITTED,
    Strength.INTENDED,
    Strength.POSSIBLE,
    Strength.RECOMMENDED,
    Strength.NONE,
)
# The order of obligation strength follows the codebook that DESIGN.md names.
_MODALS = {
    "must": _C, "shall": _C, "will": _C, "wo": _C, "'ll": _C, "may": _P, "might": _P,
    "could": _P, "can": _P, "ca": _P, "should": _R, "ought": _R, "would": _C, "'d": _C,
}  # fmt: skip
# Verbs (by stem) whose meaning is the strength with which the next verb is meant.
_ATTITUDES = {
    "commit": _C, "pledg": _C, "undertak": _C, "promis": _C, "requir": _C, "guarante": _C,
    "intend": _I, "aim": _I, "plan": _I, "expect": _I, "hope": _I, "seek": _I, "strive": _I,
    "tri": _I, "attempt": _I, "endeavor": _I, "anticip": _I, "aspir": _I, "want": _I,
    "consid": _P, "explor": _P, "recommend": _R, "encourag": _R, "suggest": _R, "advis": _R,
}  # fmt: skip
_BOUND = frozenset(
    "subject required obliged obligated responsible prohibited forbidden committed bound limited "
    "restricted barred liable".split()
)
_BE = frozenset("is are be am 's 're 'm being".split())
_PAST = frozenset("was were did had".split())
_HAVE = frozenset("has have 've".split())
_NOT = frozenset("not n't never".split())
_NO = frozenset("no none neither nobody nothing nor".split())
# Verbs that deny what follows them.
_DENYING = frozenset("prohibit forbid refus declin reject disallow refrain avoid ceas ban".split())
_ADVERBS = frozenset(
    "also always then still now thus first only often sometimes further therefore instead both "
    "already too soon once".split()
)
_PASSED = _ADVERBS | _NOT  # what may stand between a subject and its verb
_OPENERS = frozenset(
    "that which who whose whom when where if unless because while whether although though since "
    "until".split()
)
_LEADS = frozenset(
    "if when whenever where once before after unless until while although though because since as "
    "for in at on to under with without by during upon should given additionally further "
    "furthermore moreover however therefore thus instead also finally similarly specifically "
    "currently generally additionally conversely first second third depending following despite "
    "besides through throughout within across from based".split()
)
_PREPOSITIONS = frozenset(
    "of for by from in on with to at under within about regarding across through between against "
    "into including such as during after before that which who whose".split()
)
# Participles after "is" or "are" that describe a state and oblige nobody.
_STATES = frozenset(
    "based design base intend relat associat describ illustr shown known call name list defin "
    "bas concern interest locat expect believ need inclin capabl due compar discuss note".split()
)
_IRREGULAR = frozenset(
    "run made given taken kept held sent shown built written put set done told met paid drawn "
    "begun chosen withheld met brought found".split()
)
_NOT_VERBS = frozenset(
    "need indeed speed exceed proceed feed seed hundred embed unauthorized".split()
)
# What policies do, as stems: a bare form at the head of a sentence is an order, one after a
# person or a name is present tense.
_BARE = frozenset(
    (
        "access acknowledge act address adhere adopt adjust align allow analyze announce appoint "
        "apply approve assess assign assume audit avoid ban block build cease check collaborate "
        "collect communicate comply conduct confirm consult continue control convene cooperate "
        "coordinate create define delay delete deliver demonstrate deny deploy describe design "
        "designate detect determine develop disable disclose discuss document employ enable "
        "encrypt engage enforce ensure equip escalate establish evaluate examine exclude explain "
        "file filter flag focus follow forbid give grant halt identify impose implement improve "
        "include incorporate inform inspect instruct integrate invest investigate involve isolate "
        "issue keep label limit log maintain make manage measure mitigate monitor note notify "
        "obtain offer operate oversee patch pause perform permit prepare preserve prevent "
        "prioritize process prohibit protect provide publish pursue rate receive record redact "
        "reduce refrain refuse reject release rely remain remediate remove report require reserve "
        "respond restrict retain review revise revoke run screen secure select sell send serve "
        "set share solicit specify store study submit subject support suspend tailor take target "
        "terminate test track train transfer treat update use utilize validate verify withdraw work"
    ).split()
)
ACTIONS = frozenset(stem(word) for word in _BARE)
# Bare forms that are nouns as well: "test results", "report cards".
_ALSO_NOUNS = frozenset(
    "access address audit ban block control delay design document file filter focus grant halt "
    "issue label limit log measure monitor note offer patch pause process rate record release "
    "report review screen set share store study subject support target test track train transfer "
    "update use work".split()
)
# Verbs after "we" and "you" that tell what was done or is thought: they bind nobody.
_TELLING = frozenset(
    "found saw made took gave ran wrote held built kept began chose came went got knew thought "
    "felt became led sent met said told brought sought believe think know feel recognize "
    "recognise understand see find observe suspect wish agree".split()
)
_NOMINAL = ("ions", "ments", "ers", "ors", "ings", "ances", "ss")
_ACTORS: dict[str, Actor] = {
    word: actor
    for actor, words in (
        (Actor.PUBLISHER, "we us our ours company leadership board ceo officer officers committee "
                          "council team teams staff employees management directors"),
        (Actor.USER, "you your yours user users customer customers developer developers client "
                     "clients licensee licensees organization organizations organisation "
                     "organisations subscriber subscribers operator operators consumer consumers "
                     "person people individual individuals anyone member members deployer "
                     "deployers"),
        (Actor.SAFEGUARD, "safeguard safeguards classifier classifiers filter filters intervention "
                          "interventions mitigation mitigations monitor monitors monitoring "
                          "detector detectors guardrail guardrails"),
        (Actor.THIRD_PARTY, "party parties partner partners vendor vendors auditor auditors "
                            "evaluator evaluators regulator regulators expert experts supplier "
                            "suppliers contractor contractors researchers government authorities"),
        (Actor.MODEL, "model models assistant assistants system systems it agent agents"),
    )
    for word in words.split()
}  # fmt: skip
_PERSONS = frozenset("we you they it i users customers developers".split())
_BREAK = re.compile(r"[.;!?]\s|\s[•●▪]\s?|\n|\s\.\.\.\s|…")
_LABEL = re.compile(r"\W*(?:\(?\w{1,3}[.)]\s)?(?:[^\s,;:]+ ){0,6}[^\s,;:]+:\s")
# A label that opens with one of these is the title of what follows ("How we test: ...").
_ASKING = frozenset("what how why who when where which if".split())
# A verb this close behind "who", "that" or "when" is the subordinate clause's own.
_OPENED = 2
_REACH = 40  # words of a clause in which its main verb is looked for


_BEFORE_OBJECTS = frozenset(
    "the a an its their our your his her all any each every to that".split()
)
_NO_OBJECT = _BE | _PAST | _HAVE | frozenset(_MODALS) | frozenset(["of", "and", "or"])
_AIMS = frozenset("aim goal intention objective plan purpose hope ambition intent".split())


@dataclass(frozen=True, slots=True)
class Main:
    """One main clause. ``first`` is the number of its first word, ``verb`` of its action, -1
    where no verb was found.
    """

    first: int
    verb: int
    actor: Actor
    strength: Strength
    modal: str
    negated: bool


def main_clauses(text: str, sequence: Sequence[Word], offset: int = 0) -> list[Main]:
    """The main clauses of a passage in order; ``offset`` is where ``text`` starts in the words."""
    return [_read(text, sequence, offset, a, b) for a, b in _pieces(text, sequence, offset)]


def _pieces(text: str, sequence: Sequence[Word], offset: int) -> Iterator[tuple[int, int]]:
    """First and one past the last word of each stretch that may be a sentence."""
    if not sequence:
        return
    start = 0
    for cut in _BREAK.finditer(text, 0, max(0, len(text.rstrip()) - 1)):
        at = start
        while at < len(sequence) and sequence[at].start - offset < cut.start():
            at += 1
        if at - start >= 2:
            yield start, at
            start = at
    if start < len(sequence):
        yield start, len(sequence)


def _read(text: str, words: Sequence[Word], offset: int, first: int, last: int) -> Main:
    found = _read_from(text, words, offset, _past_lead(text, words, offset, first, last), last)
    if found.strength is _N and found.first > first:
        # what stands before a colon can be the clause, and what follows it a list
        label = _LABEL.match(text, words[first].start - offset, words[last - 1].end - offset)
        whole = _read_from(text, words, offset, first, last) if label else found
        if label and _is_clause(text, words, offset, whole, label.end()):
            return whole
    return found


def _is_clause(text: str, words: Sequence[Word], offset: int, main: Main, colon: int) -> bool:
    """Whether what stands before a colon is a clause and no label, title or question."""
    if main.strength is _N or main.modal == "imperative" or words[main.first].lower in _ASKING:
        return False
    if main.verb < 0 or words[main.verb].start - offset >= colon:
        return False
    last = words[main.verb].end - offset + 1 >= colon - 1
    bare = last and words[main.first].lower not in _PERSONS
    return not bare and text[words[main.verb].start - offset].islower()


def _read_from(text: str, words: Sequence[Word], offset: int, start: int, last: int) -> Main:
    end = min(last, start + _REACH)
    lowers = [words[i].lower for i in range(start, min(last, end + 6))]
    size = end - start
    head = lowers[0] if lowers else ""
    if head in _NOT or head in ("do", "please"):
        step = next((i for i in range(min(3, size)) if words[start + i].stem in ACTIONS), 0)
        if step:
            negated = bool(_NOT & set(lowers[:step]))
            return Main(start, start + step, Actor.UNKNOWN, _C, "imperative", negated)
    if size > 1 and head in _BARE and _bare_order(text, words, offset, start):
        return Main(start, start, Actor.UNKNOWN, _C, "imperative", words[start].stem in _DENYING)
    opened = -_REACH
    for at in range(size):
        low = lowers[at]
        if low in _OPENERS and at:
            opened = at
            continue
        found = _verb(words, lowers, start, at)
        if found is None or at - opened <= _OPENED:
            continue
        strength, modal, verb, negated = found
        actor = _actor(lowers, at, verb)
        negated = negated or not _NO.isdisjoint(lowers[: min(at, 4)])
        if negated and strength is _P and low in ("may", "can", "ca"):
            strength = _C
        if strength is _C and low in ("would", "'d") and actor is not Actor.PUBLISHER:
            strength = _P
        return Main(start, max(-1, start + verb), actor, strength, modal, negated)
    return Main(start, -1, _actor(lowers, size, size), _N, "", bool(_NO & set(lowers[:2])))


def _past_lead(text: str, words: Sequence[Word], offset: int, first: int, last: int) -> int:
    """The first word after a label and after an opening phrase or subordinate clause."""
    begin, end = words[first].start - offset, words[last - 1].end - offset
    if (label := _LABEL.match(text, begin, end)) and label.end() < end:
        while first < last - 1 and words[first].start - offset < label.end():
            first += 1
    for _ in range(2):
        if words[first].lower not in _LEADS:
            break
        comma = text.find(",", words[first].end - offset, end)
        at = first
        while at < last and words[at].start - offset < comma:
            at += 1
        if comma < 0 or last - at < 2:
            break
        first = at
    return first


def _bare_order(text: str, words: Sequence[Word], offset: int, start: int) -> bool:
    """Whether the first word is a verb in its bare form and not a noun: "Publish reports"."""
    word, after = words[start], words[start + 1].lower
    gap = text[word.end - offset : words[start + 1].start - offset]
    return (
        gap == " "
        and after not in _BE
        and after not in _PAST
        and after not in _MODALS
        and after not in _PREPOSITIONS - {"with", "to", "for", "on", "in", "any"}
        and not (word.lower in _ALSO_NOUNS and after.endswith("s") and not after.endswith("ss"))
    )


def _verb(
    words: Sequence[Word], lowers: Sequence[str], start: int, at: int
) -> tuple[Strength, str, int, bool] | None:
    """Strength, the word that carries it, the place of the action and polarity, if ``at`` is a
    finite verb.
    """
    low = lowers[at]
    if low in _MODALS:
        verb, negated = _action(lowers, at + 1)
        if lowers[verb : verb + 1] == ["be"] and verb + 1 < len(lowers):
            verb, again = _action(lowers, verb + 1)
            negated = negated or again
        strength = _MODALS[low]
        return _with_attitude(words, lowers, start, verb, (strength, _name(low, negated)), negated)
    if low in _PAST:
        verb, negated = _action(lowers, at + 1)
        return _N, "", verb, negated
    if low in _BE or low in _HAVE:
        return _being(words, lowers, start, at)
    if low in ("do", "does"):
        verb, negated = _action(lowers, at + 1)
        return (_C, "present", verb, negated) if negated else None
    if not at:
        return None
    return _plain(words, lowers, start, at)


def _being(
    words: Sequence[Word], lowers: Sequence[str], start: int, at: int
) -> tuple[Strength, str, int, bool] | None:
    verb, negated = _action(lowers, at + 1)
    if verb >= len(lowers):
        return _N, "", at, negated
    low, root = lowers[verb], words[start + verb].stem
    if lowers[at] in _HAVE:
        if low == "to":
            return _C, f"{lowers[at]} to", min(verb + 1, len(lowers) - 1), negated
        if low == "been":
            return _N, "", verb, negated
        done = root in ACTIONS and (low.endswith("ed") or low in _IRREGULAR)
        return (_C, "present", verb, negated) if done else (_N, "", verb, negated)
    if low == "to" and not _AIMS.isdisjoint(lowers[:at]):
        return _I, "aim", min(verb + 1, len(lowers) - 1), negated
    if low in _BOUND:
        return _C, f"{lowers[at]} {low}", verb, negated or root in _DENYING
    if root in _ATTITUDES:
        return _with_attitude(words, lowers, start, verb, (_C, "present"), negated)
    participle = (
        low.endswith("ed") or low in _IRREGULAR or (low.endswith("ing") and root in ACTIONS)
    )
    if participle and root not in _STATES and low not in _NOT_VERBS:
        return _C, "present", verb, negated or root in _DENYING
    return _N, "", -1 - start, negated


def _plain(
    words: Sequence[Word], lowers: Sequence[str], start: int, at: int
) -> tuple[Strength, str, int, bool] | None:
    """A full verb in the present or past tense right after its subject."""
    low, root = lowers[at], words[start + at].stem
    if low.endswith("ly") or low in _PASSED:
        return None
    behind = at - 1
    while behind and (lowers[behind].endswith("ly") or lowers[behind] in _PASSED):
        behind -= 1
    before = lowers[behind]
    person = before in _PERSONS
    if low.endswith("ed") and low not in _NOT_VERBS and person:
        return _N, "", at, False
    negated = "never" in lowers[max(0, at - 2) : at]
    singular = low.endswith("s") and not low.endswith(_NOMINAL)
    if root in _ATTITUDES and (person or singular) and not low.endswith("ing"):
        return _with_attitude(words, lowers, start, at, (_C, "present"), negated)
    after = lowers[at + 1] if at + 1 < len(lowers) else ""
    named = singular and (behind == 0 or after in _BEFORE_OBJECTS) and after not in _NO_OBJECT
    if before in ("we", "you", "they") and not low.endswith("ing") and not words[start + at].stop:
        if low in _TELLING:
            return _N, "", at, negated
        return _C, "present", at, negated or root in _DENYING
    if person and low == "need":
        return _C, "need", at, negated
    if root in ACTIONS and low not in _ACTORS and ((person and not low.endswith("ing")) or named):
        return _C, "present", at, negated or root in _DENYING
    return None


def _with_attitude(
    words: Sequence[Word],
    lowers: Sequence[str],
    start: int,
    verb: int,
    given: tuple[Strength, str],
    negated: bool,
) -> tuple[Strength, str, int, bool]:
    """The strength of a verb phrase whose verb itself says how firmly the next one is meant."""
    strength, modal = given
    if verb >= len(lowers):
        return strength, modal, verb - 1, negated
    root = words[start + verb].stem
    meant = _ATTITUDES.get(root)
    needs_to = root in ("commit", "plan", "attempt", "requir", "tri")
    after = lowers[verb + 1 : verb + 2]
    if meant is None or (needs_to and after not in (["to"], ["toward"], ["that"])):
        return strength, modal, verb, negated or root in _DENYING
    step = verb + 2 if after == ["to"] else verb + 1
    weaker = meant if strength in (_C, _N) else min(meant, strength, key=_rank)
    return weaker, lowers[verb], min(step, len(lowers) - 1), negated


def _rank(strength: Strength) -> int:
    return int(strength)


def _name(low: str, negated: bool) -> str:
    full = {"wo": "will", "ca": "can", "'ll": "will", "'d": "would"}.get(low, low)
    return f"{full} not" if negated else full


def _action(lowers: Sequence[str], at: int) -> tuple[int, bool]:
    """The place of the next word that is no adverb, and whether a negation was passed."""
    negated = False
    while at < len(lowers):
        low = lowers[at]
        if low in _NOT:
            negated = True
        elif low == "no" or not (low.endswith("ly") or low in _ADVERBS):
            break
        at += 1
    return min(at, len(lowers) - 1), negated or lowers[min(at, len(lowers) - 1)] == "no"


def _actor(lowers: Sequence[str], at: int, verb: int) -> Actor:
    """Who acts: the agent after "by" of a passive, else the head of the subject."""
    for place in range(max(at, verb) + 1, min(verb + 4, len(lowers) - 1)):
        if lowers[place] == "by":
            for low in lowers[place + 1 : place + 6]:
                if low in _ACTORS:
                    return _ACTORS[low]
            break
    found = Actor.UNKNOWN
    for low in lowers[:at]:
        if low in _PREPOSITIONS and found is not Actor.UNKNOWN:
            break
        if low in _ACTORS:
            found = _ACTORS[low]
    return found
