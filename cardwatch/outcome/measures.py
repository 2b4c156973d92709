"""In what two wordings of a commitment differ, as figures that the judgement weighs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from statistics import fmean

from cardwatch.model import Dimension, Features, Span, Word
from cardwatch.outcome.degrees import raised
from cardwatch.outcome.edits import Edits, Side, weighty
from cardwatch.outcome.examples import examples
from cardwatch.outcome.figures import Figures
from cardwatch.outcome.matters import speaks_of
from cardwatch.outcome.opposites import turned_round
from cardwatch.outcome.parties import parties

# The steps of the codebook's scale of obligation strength, as words.
_WEAK = frozenset("may might could".split())
_MEANT = frozenset(
    "intend intends intended aim aims expect expects plan plans hope hopes seek seeks strive "
    "strives attempt attempts anticipate anticipates endeavor endeavors".split()
)
_FIRM = frozenset(
    "must shall will wo would commit commits committed require requires required ensure "
    "ensures".split()
)
_ADVISED = frozenset("should ought recommend recommends recommended encourage encourages "
                     "encouraged suggest suggests suggested".split())  # fmt: skip
_NEGATIONS = frozenset("not n't never no none without neither nor cannot".split())
_CONDITIONS = frozenset("if unless when where once until provided before after prior upon except "
                        "pending only exclusively solely".split())  # fmt: skip
_WHOLE = frozenset(
    "all any every each always never only both entire whole promptly immediately".split()
)
# Words that leave the publisher room; each counts once wherever it stands.
_HEDGE = re.compile(
    r"\b(?:(?:as|where|when|if)(?: is| are| we| deemed| it is)*"
    r" (?:appropriate|necessary|needed|warranted|feasible|possible|practicable|required|"
    r"applicable|relevant|available|justified|reasonable|deem\w*|determin\w*)|"
    r"as (?:\w+ )?(?:dictate|require|warrant|permit|allow)s?|when available|if deemed|likely|"
    r"selectively|generally|typically|primarily|some|certain|reasonabl[ey]|"
    r"at (?:our|its) (?:sole )?discretion|approximately|for example|e\.g|such as|examples?|"
    r"(?:could|may) include|possible|potential(?:ly)?|often|sometimes|aim|try|strive)\b",
    re.IGNORECASE,
)
# A sentence that loosens something else: what is added to it as an alternative loosens more.
_PERMITS = re.compile(
    r"\b(?:allow(?:s|ed)?(?! for)|permit(?:s|ted)?|exempt\w*|exceptions?|unless|"
    r"may be (?:adjusted|lowered|deployed|released|approved)|reserve|(?:does|do) not apply|"
    r"not required|out of scope|lower the|loosen\w*|disabl\w+|suspend\w*)\b",
    re.IGNORECASE,
)
_ALTERNATIVE = frozenset("or and unless except".split())
# A sentence that stops something, and words with which it comes to stop it in fewer cases.
_STOPS = re.compile(
    r"\b(?:paus(?:e|es|ing)|halt\w*|stop(?:s|ping)?|suspend\w*|ceas\w+|delay\w*|withdraw\w*|"
    r"restrict\w*|terminat\w+|delet\w+|not (?:train|deploy|release|proceed|continue|launch))\b",
    re.IGNORECASE,
)
_NARROWS = frozenset("and if unless only provided except where when".split())
# Words and a comma that join an item to a list.
_JOINTS = frozenset("and or".split())
_ITEM_WORDS = 8
# A longer run of words is a new sentence, in which a modal verb says nothing of the old one.
_SHORT_EDIT = 16
_FEW_WORDS = 6
# An edit is one-sided when the one side has this many times the words of the other.
_ONE_SIDED = 5
_MOST_HEDGES = 100
_MOVED = 0.9


def measures(old: Side, new: Side, edits: Edits, moved: Figures) -> dict[str, float]:
    """The figures by name, most between 0 and 1; docs/outcome.md says what each is for.

    Those that tell of single words count by how far the two wordings are otherwise one: in a
    text that is wholly rewritten a single "may" says little.
    """
    gone = {word.lower for pair in edits.pairs for word in pair[0]}
    come = {word.lower for pair in edits.pairs for word in pair[1]}
    loosened, firmed = _modals(edits)
    bars = raised(edits, old.features, new.features)
    party = parties(old, new)
    other = party.actor or party.audience
    same = not (edits.gone or edits.come or loosened or firmed or moved.moved or bars or other)
    cut = _one_sided([(a, b) for a, b in edits.pairs], new)
    added = [_without_hedges(run, new) for run in
             _one_sided([(b, a) for a, b in edits.pairs], old)]  # fmt: skip
    dropped = any(_is_item(left, right) for left, right in edits.pairs)
    joined = any(_is_item(right, left) for left, right in edits.pairs)
    items = _items(old.features), _items(new.features)
    kept = edits.kept
    hedges = [_hedges(side, other, shown) for side, other, shown in (
        (old, new, edits.shown[0]), (new, old, edits.shown[1]))]  # fmt: skip
    found = {
        "words changed": math.log1p(len(edits.gone) + len(edits.come)) / 3,
        "words gone": math.log1p(len(edits.gone)) / 3,
        "words come": math.log1p(len(edits.come)) / 3,
        "nothing changed": float(same),
        "loosened": loosened * kept,
        "firmed": firmed * kept,
        "negation turned": _turned(edits) * kept,
        "other figure": (moved.period or moved.looser != 0) * kept,
        "other number": moved.number * kept,
        "clause dropped": min(1.0, max(0, max(map(_content, cut), default=0) - 1) / 4) * kept,
        "hedge added": min(1.0, 0.7 * max(0, hedges[1] - hedges[0])) * kept,
        "condition added": min(1.0, _more(edits, _CONDITIONS)),
        "universal lost": float(bool(gone & _WHOLE) and not come & _WHOLE),
        "firmer clauses": _firmer(old.features, new.features),
        "hedging": _density(hedges[1], new) - _density(hedges[0], old),
        "looser figure": float(moved.looser),
        "period dropped": float(moved.dropped),
        "period set": float(moved.set_),
        "number dropped": float(moved.lost),
        "degree changed": bool(bars) * kept,
        "bar raised": float((sum(bars) > 0) - (sum(bars) < 0)) * kept,
        "other actor": _other_actor(old, new, edits) * kept,
        "other party": party.actor,
        "opposite": turned_round(edits) * kept,
        "other audience": party.audience,
        "party raised": party.raised,
        "words shared": _shared(old.features, new.features),
        "subjects kept": _kept_concepts(old.features, new.features),
        "words put in": min(1.0, max(map(_content, added), default=0) / 4) * kept,
        "permission widened": _widened(old.features, added) * kept,
        "stop narrowed": _narrowed(old.features, added) * kept,
        "item dropped": (dropped or 2 <= items[1] < items[0]) * kept * _share(edits.gone, old),
        "item added": (joined or 2 <= items[0] < items[1]) * kept * _share(edits.come, new),
    }
    return found | {"weaker too": _weaker_too(found, kept)}


def _modals(edits: Edits) -> tuple[bool, bool]:
    """Whether a short edit puts a weaker modal in, and whether one puts a firmer one in."""
    loosened = firmed = False
    gone, come = ({w.lower for pair in edits.pairs for w in pair[at]} for at in (0, 1))
    # a "plan" that only moved is a thing and no intention
    intentions = _MEANT - (gone & come)
    for left, right in edits.pairs:
        if len(left) + len(right) >= _SHORT_EDIT:
            continue
        before, after = {w.lower for w in left}, {w.lower for w in right}
        weak, was_weak = bool(after & _WEAK), bool(before & _WEAK)
        meant, was_meant = bool(after & intentions), bool(before & intentions)
        firm, was_firm = bool(after & _FIRM), bool(before & _FIRM)
        advised, was_advised = bool(after & _ADVISED), bool(before & _ADVISED)
        less = (weak or (meant and not was_meant)) and not was_weak
        advice = advised and was_firm and not (was_advised or firm)
        more = firm and not weak and (was_weak or (was_advised and not advised))
        # present tense counts as must: the verb stays and its modal goes
        rest = [w for w in left if weighty(w) and w.lower not in _WEAK | _ADVISED]
        plain = (was_weak or was_advised) and not right and not rest
        loosened = loosened or less or advice
        firmed = firmed or (
            not (less or advice) and ((was_meant and not meant and not weak) or more or plain)
        )
    return loosened, firmed


def _turned(edits: Edits) -> bool:
    """Whether a negation came or went in an edit of few words."""
    return any(
        len(left) + len(right) <= _FEW_WORDS
        and any(w.lower in _NEGATIONS for w in left) != any(w.lower in _NEGATIONS for w in right)
        for left, right in edits.pairs
    )


def _content(words: Sequence[Word]) -> int:
    return sum(map(weighty, words))


def _one_sided(
    pairs: Sequence[tuple[Sequence[Word], Sequence[Word]]], other: Side
) -> list[Sequence[Word]]:
    """The runs with next to nothing in their place, those left out that only moved: most of
    their content words stand somewhere in the other wording.
    """
    there = other.features.terms
    found = []
    for run, instead in pairs:
        moved = sum(not word.stop and word.stem in there for word in run)
        if len(instead) * _ONE_SIDED <= len(run) and moved < _MOVED * _content(run):
            found.append(run)
    return found


def _hedges(side: Side, other: Side, shown: Sequence[Span]) -> int:
    """The hedges of a wording. Words that open examples are none, unless what they open stood
    in the other wording too: then a list that was closed is open now.
    """
    text = side.features.text
    opened = [span for span in shown if not _stood_there(side, other, span)]
    return sum(
        not any(span.start <= hedge.start() < span.end for span in opened)
        for hedge in _HEDGE.finditer(text)
    )


def _stood_there(side: Side, other: Side, span: Span) -> bool:
    items = {w.stem for w in side.words if span.start <= w.start < span.end and weighty(w)}
    both_open = any(
        items & {w.stem for w in other.words if shown.start <= w.start < shown.end and weighty(w)}
        for shown in examples(other.features.text)
    )
    return bool(items) and not both_open and len(items & other.features.terms) * 2 > len(items)


def _weaker_too(found: Mapping[str, float], kept: float) -> float:
    """How clearly the words show both a strengthening and a weakening, 0 to 1: by the codebook
    what is weaker in any respect is weakened.
    """
    looser = found["looser figure"]
    weaker = max(found["clause dropped"], found["item dropped"], found["loosened"],
                 float(looser > 0), found["period dropped"] * kept)  # fmt: skip
    firmer = max(found["firmed"], found["item added"], float(looser < 0),
                 found["period set"] * kept)  # fmt: skip
    return min(weaker, firmer)


def _other_actor(old: Side, new: Side, edits: Edits) -> bool:
    """Whether a few words give way to others, and who acts or decides is another then."""
    swapped = any(left and right and len(left) + len(right) <= _FEW_WORDS
                  for left, right in edits.pairs)  # fmt: skip
    before, after = old.features.concepts, new.features.concepts
    both = speaks_of(before - after, Dimension.ACTOR) and speaks_of(after - before, Dimension.ACTOR)
    return swapped and both


def _shared(old: Features, new: Features) -> float:
    """The content words that both have, as a share of the shorter wording's."""
    return len(old.terms & new.terms) / max(1, min(len(old.terms), len(new.terms)))


def _without_hedges(run: Sequence[Word], side: Side) -> Sequence[Word]:
    """What a run of words says besides that it may not always be so."""
    hedges = [m.span() for m in islice(_HEDGE.finditer(side.features.text), _MOST_HEDGES)]
    return [w for w in run if not any(start <= w.start < end for start, end in hedges)]


def _more(edits: Edits, vocabulary: AbstractSet[str]) -> float:
    """The log of how many more words of a kind came than went, nil if none did."""
    count = 0
    for left, right in edits.pairs:
        count += sum(w.lower in vocabulary for w in right)
        count -= sum(w.lower in vocabulary for w in left)
    return math.log1p(max(0, count))


def _firmer(old: Features, new: Features) -> float:
    """How much the mean strength of the main clauses rose, -1 to 1; clauses that show none
    (headings, fragments, narrative) are left out.
    """
    before = [strength for strength in old.strengths if strength]
    after = [strength for strength in new.strengths if strength]
    return (fmean(after) - fmean(before)) / 4 if before and after else 0.0


def _density(count: int, side: Side) -> float:
    return count / math.sqrt(len(side.words) + 4)


def _kept_concepts(old: Features, new: Features) -> float:
    return len(old.concepts & new.concepts) / max(1, len(old.concepts))


def _widened(old: Features, added: Sequence[Sequence[Word]]) -> bool:
    alternative = any(run and run[0].lower in _ALTERNATIVE and _content(run) >= 2 for run in added)
    return alternative and bool(_PERMITS.search(old.text))


def _narrowed(old: Features, added: Sequence[Sequence[Word]]) -> bool:
    further = any(run and run[0].lower in _NARROWS and _content(run) >= 2 for run in added)
    return further and bool(old.conditions) and bool(_STOPS.search(old.text))


def _is_item(run: Sequence[Word], instead: Sequence[Word]) -> bool:
    """Whether a short run is joined to its neighbours by "and" or "or", and the other side has
    nothing in its place but such a joint.
    """
    if not 0 < len(run) <= _ITEM_WORDS or not _content(run):
        return False
    if any(word.lower not in _JOINTS for word in instead):
        return False
    return run[0].lower in _JOINTS or run[-1].lower in _JOINTS


def _share(stems: Sequence[str], side: Side) -> float:
    """How much of the content words some of them are, at its most from a fifth on: an item of
    a short list is a large part of what the sentence says.
    """
    return min(1.0, 5 * len(stems) / max(1, _content(side.words)))


def _items(features: Features) -> int:
    """How many things a closed list names; nil without one."""
    listed = features.enumeration
    return len(listed.items) if listed and listed.closed else 0
