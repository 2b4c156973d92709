"""What the companion says in quite other words: the same matter, and the same figures."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from cardwatch.gaps.grading import Graded
from cardwatch.gaps.opposites import Matters
from cardwatch.model import DisclosureStatus, Evidence, Features, Reading, Reason, Sentence
from cardwatch.model.amounts import UNITS, amounts

# A passage of the companion, or a statement, that is longer says more than its matter: what it
# says besides may well be missing on the other side.
_LONGEST = 50
_SIMPLE = 24
# How surely a passage on the same matter says a statement.
_SURE = 0.75
_PARTLY = 0.5
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty".split()
    )
} | {"thirty": "30", "once": "1", "twice": "2"}
_FIGURE = re.compile(r"\d[\d,.]*\d|\d|[a-z]+")
# "one" is mostly a word like any other.
_NO_FIGURE = frozenset(["one"])
_LEFT_OUT = (
    DisclosureStatus.ABSENT,
    DisclosureStatus.LINKED_ONLY,
    DisclosureStatus.PARTLY_STATED,
)


def restate(
    graded: Sequence[Graded],
    document: Reading,
    companion: Reading,
    matters: Matters,
    describe_companion: Callable[[Sentence], Features],
) -> list[Graded]:
    """The verdicts, with what the companion says in other words taken as said.

    A statement of some length, or one with a figure that the companion does not give, is
    partly said only.
    """
    by_matter: dict[str, list[int]] = {}
    for index, ids in sorted(matters.restated(companion).items()):
        quote = companion.document.quote(companion.sentences[index].span)
        if len(companion.sentences[index].words) <= _LONGEST and " | " not in quote:
            for matter in ids:
                by_matter.setdefault(matter, []).append(index)
    if not by_matter:
        return list(graded)
    here = matters.restated(document)
    judged = []
    for each in graded:
        known = [m for m in here.get(each.statement.sentence, ()) if m in by_matter]
        if not known or each.disclosure.status not in _LEFT_OUT or each.contrast:
            judged.append(each)
            continue
        places = [(index, matter) for matter in known for index in by_matter[matter]]
        said = [
            (_agrees(each, describe_companion(companion.sentences[index])), -index, matter)
            for index, matter in places
        ]
        agrees, place, matter = max(said)
        judged.append(_restated(each, agrees, companion, -place, matters.says[matter]))
    return judged


def _agrees(each: Graded, there: Features) -> bool:
    """Whether the companion's sentence has every figure of the statement, in whatever unit."""
    here = each.statement.features
    if _figures(here.text) <= _figures(there.text):
        return True
    theirs = [one for one in amounts(there, 0) if one.unit in UNITS]
    mine = [one for one in amounts(here, 0) if one.unit in UNITS]
    return bool(mine) and all(
        any(one.unit == other.unit and one.high == other.high for other in theirs) for one in mine
    )


def _restated(each: Graded, agrees: bool, companion: Reading, index: int, note: str) -> Graded:
    simple = agrees and len(each.statement.quote.split()) <= _SIMPLE
    score = _SURE if simple else _PARTLY
    place = companion.document.passage(companion.sentences[index].span)
    shown = Evidence(
        span=companion.sentences[index].span,
        quote=place.quote,
        score=score,
        section=place.section,
        page=place.page,
        note=note,
    )
    status = DisclosureStatus.STATED if simple else DisclosureStatus.PARTLY_STATED
    others = tuple(one for one in each.disclosure.evidence if one.span != shown.span)
    disclosure = replace(
        each.disclosure,
        status=status,
        score=max(score, each.disclosure.score),
        evidence=(shown, *others),
        reasons=(*each.disclosure.reasons, Reason("restated", score, 1.0, note)),
    )
    return replace(each, disclosure=disclosure)


def _figures(text: str) -> frozenset[str]:
    words = _FIGURE.findall(text.lower().replace("-", " "))
    known = (_NUMBERS.get(word, word) for word in words if word not in _NO_FIGURE)
    return frozenset(word.replace(",", "") for word in known if word[:1].isdigit())


__all__ = ["restate"]
