"""The judgement: status, score, evidence, and the proof where nothing was found."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from cardwatch.disclosure.closed import closes, outside
from cardwatch.disclosure.compare import (
    NEGATIONS,
    Probe,
    bend,
    candidates,
    compare,
    covered_by,
    expresses,
    make_probe,
)
from cardwatch.disclosure.figures import Figures, figures_of, fits, retell
from cardwatch.disclosure.index import PassageIndex
from cardwatch.disclosure.stance import Stance, stance_of
from cardwatch.disclosure.weights import Model, load_models, sigmoid
from cardwatch.model import (
    Disclosure,
    DisclosureStatus,
    Evidence,
    Features,
    ProofOfAbsence,
    Reason,
)

# Beyond the first 32 candidates the dev evidence gains nothing (docs/disclosure.md).
_LIMIT = 32
# A statement of several claims of which the document says one is partly stated. The cut is well
# above that for a whole statement: a part has less to be found by.
_CLAIM_SAID = 0.65
# Longer statements are texts, which say more than names.
_LONGEST_RENAMED, _MOST_WORDINGS = 2000, 3
_CLEARLY = 1.2  # set, not fitted: by how much the odds with other names must be better
_LONGEST_STATEMENT, _SHORTEST_CLAIM, _MOST_CLAIMS = 600, 6, 4
_ASIDE = re.compile(r"\s*\([^()]{0,200}\)")
_CLAIM_END = re.compile(
    r";\s+|\.\s+(?=[A-Z])|,\s+(?:and|but)\s+(?=(?:the|we|you|our|your|users?|customers?|it|they|an?)\b)"
)
_SURVEYED = (
    "said", "said_nearby", "key_words_said", "back", "cosine", "shared", "concepts_said",
    "concepts_shared", "best_concept", "rare_shared",
)  # fmt: skip
# How much say the model of the gist has in a statement wider than the passages: between half and
# 0.7 left out, the AUC of summaries is highest, that of contracts as it was (docs/disclosure.md).
_GIST_SAY = 0.6
_FOR_THE_GIST = ("soft_cosine", "soft_gist")
_OF_THE_BEST = ("back", "shared", "rare_shared", "concepts_back", "best_concept")
_OF_ALL = ("back", "cosine", "concepts_shared", "concepts_back", "rare_shared")
# A passage with the statement's own words and hardly others says it, whatever else is there.
_SAME_WORDS, _SURE, _FEWEST = 0.97, 0.95, 3
_SURE_ODDS = math.log(_SURE / (1 - _SURE))
_NOTHING = -9.0  # the log-odds of a passage that is not there
# Set, not fitted: how many passages have their figures looked at, and how many other figures are
# tried; a passage with the statement's figure speaks for it if it is nearly as good as the one
# with another; that one must have some share of the statement's words beside the figure, and
# contradicts if it leaves hardly one unsaid.
_HELD, _OTHERS = 6, 2
_AS_GOOD, _OVERLAPS, _WHOLLY = 0.9, 0.4, 0.85
_OTHER_FIGURE, _NOT_LISTED = "gives another figure", "says it only of what it lists"
_REASONS = {_OTHER_FIGURE: "other_figure", _NOT_LISTED: "closed_list"}
_LISTS = 3  # passages of which a closed list is held against the statement
_POINTER = re.compile(
    r"\b(?:see|refer to|described in|detailed in|details (?:in|are)|available (?:at|here|in|on)|"
    r"(?:learn|read|find out) more|full (?:report|details|text|policy|card)|"
    r"in (?:our|the) \w+ card)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Passage:
    """A unit compared with the statement: its features, and the log-odds that it says it."""

    number: int
    seen: Mapping[str, float]
    odds: float

    @property
    def score(self) -> float:
        return sigmoid(self.odds)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What was asked, the verdict, and the passages that it rests on, best first."""

    statement: Features
    disclosure: Disclosure
    ranked: tuple[_Passage, ...]


def find_disclosure(statement: Features, index: PassageIndex, limit: int = _LIMIT) -> Disclosure:
    """Whether the document of ``index`` says ``statement``: its status, score and evidence.

    The direction counts: what is in the statement is looked for in the document, not the other
    way round. ``score`` is the fitted probability that the document bears on the statement with
    a verdict. At most ``limit`` passages are compared and given as evidence, best first.

    A statement that has a name for which a document has another is asked in both, and so is
    one whose figure a passage gives in other words; the better answer counts. What is said with
    another figure is contradicted, or partly stated where the passage may mean something else;
    so is what is said only of the items of a list that leaves the statement's out.
    """
    answer = _answer(statement, index, limit)
    if index.describe is not None:
        for wording in index.renamed(statement.text[:_LONGEST_RENAMED])[:_MOST_WORDINGS]:
            other = _answer(index.describe(wording), index, limit)
            answer = _better(answer, other, by=_CLEARLY)
        if _has_figures(answer.statement):
            answer = _with_figures(answer, index, index.describe, limit)
        answer = _with_lists(answer, index, index.describe, limit)
    whole = answer.disclosure
    if whole.status is not DisclosureStatus.ABSENT or index.describe is None:
        return whole
    parts = [_find(claim, index, limit) for claim in _claims(statement, index.describe)]
    best = max(parts, key=lambda part: part.score, default=None)
    if best is None or best.score < _CLAIM_SAID or best.status is DisclosureStatus.ABSENT:
        return whole
    return replace(
        whole,
        status=DisclosureStatus.PARTLY_STATED,
        score=max(whole.score, load_models("disclosure")["said"].cuts["stated"]),
        confidence=1 - best.score * (1 - best.score) * 4,
        evidence=best.evidence,
        claim_score=best.score,
    )


def _claims(statement: Features, describe: Callable[[str], Features]) -> Iterator[Features]:
    """The claims of a statement that makes several, or that has an aside, each on its own."""
    text = statement.text
    if len(text) > _LONGEST_STATEMENT:
        return
    bare = _ASIDE.sub(" ", text)
    pieces = (part.strip() for part in _CLAIM_END.split(bare))
    parts = [part for part in pieces if len(part.split()) >= _SHORTEST_CLAIM]
    if len(parts) > 1 or (parts and bare != text):
        yield from map(describe, parts[:_MOST_CLAIMS])


def _find(statement: Features, index: PassageIndex, limit: int) -> Disclosure:
    return _answer(statement, index, limit).disclosure


def _answer(statement: Features, index: PassageIndex, limit: int) -> _Answer:
    models = load_models("disclosure")
    probe = make_probe(statement, index)
    ranked = rank(probe, index, models["passage"], limit)
    parts = _parts(probe, index, ranked, models)
    score = sigmoid(sum(share * model.logit(seen) for seen, model, share in parts))
    if ranked and ranked[0].odds >= _SURE_ODDS and ranked[0].seen["cosine"] >= _SAME_WORDS:
        score = max(score, _SURE)
    against = models["contradicted"].probability(conflicts(probe, index, ranked))
    status = _status(score, against, ranked, models["said"].cuts, probe, index)
    doubt = score * (1 - score)
    if status is DisclosureStatus.CONTRADICTED:
        doubt = max(doubt, against * (1 - against))
    disclosure = Disclosure(
        status=status,
        score=score,
        confidence=1 - 2 * doubt,
        evidence=tuple(_evidence(probe, index, one) for one in ranked),
        reasons=_reasons(parts),
        absence=_absence(probe, index),
    )
    return _Answer(statement, disclosure, tuple(ranked))


def _better(one: _Answer, other: _Answer, by: float = 1.0) -> _Answer:
    had, has = (each.disclosure.score / (1.0001 - each.disclosure.score) for each in (one, other))
    return other if has > by * had else one


def _has_figures(statement: Features) -> bool:
    """Whether figures are much of what a statement says: of a long text they are a detail."""
    figures = statement.quantities or statement.cadences
    return bool(figures) and len(statement.text) <= _LONGEST_STATEMENT


def _with_figures(
    answer: _Answer, index: PassageIndex, describe: Callable[[str], Features], limit: int
) -> _Answer:
    """The answer with the statement's figures held against those of the best passages."""
    statement = describe(answer.statement.text)  # its places counted from its own start
    ours = figures_of(statement)
    told = [
        (one, retell(statement.text, ours, index.document.quote(index.units[one.number].span),
                     index.figures(one.number)))
        for one in (answer.ranked[:_HELD] if ours else ())
    ]  # fmt: skip
    alike = next((new for _, new in told if new and not new.other), None)
    if alike:
        answer = _better(answer, _answer(describe(alike.text), index, limit))
    for place, new in [(one, new) for one, new in told if new and new.other][:_OTHERS]:
        counter = _answer(describe(new.text), index, limit)
        if _says_otherwise(counter, place, answer, ours, index):
            return _contradicted(answer, counter, _OTHER_FIGURE, whole=new.excludes)
    return answer


def _says_otherwise(
    counter: _Answer, place: _Passage, asked: _Answer, ours: Figures, index: PassageIndex
) -> bool:
    """Whether ``place`` says the statement with its own figure, and nothing as good with ours."""
    if counter.disclosure.status is not DisclosureStatus.STATED:
        return False
    best = counter.ranked[0]
    if best.number != place.number or min(_said(place), _said(best)) < _OVERLAPS:
        return False
    needed = _AS_GOOD * best.score
    rivals = (one for one in asked.ranked[:_HELD] if one.score >= needed)
    return not any(fits(ours, index.figures(one.number)) for one in rivals)


def _said(one: _Passage) -> float:
    return one.seen["said_nearby"]


def _with_lists(
    answer: _Answer, index: PassageIndex, describe: Callable[[str], Features], limit: int
) -> _Answer:
    """The answer with the statement held against the closed lists of the best passages."""
    text = answer.statement.text
    if answer.statement.negated or len(text) > _LONGEST_STATEMENT or closes(text):
        return answer
    for place in answer.ranked[:_LISTS]:
        listed = index.closed(place.number)
        if listed is None or _said(place) < _OVERLAPS:
            continue
        said = partial(expresses, index, place.number)
        beyond = outside(text, listed, said, describe)
        if beyond is None:
            continue
        retold = text[: beyond.start] + listed.items + text[beyond.end :]
        counter = _answer(describe(retold), index, limit)
        if (
            counter.disclosure.status is DisclosureStatus.STATED
            and counter.ranked[0].number == place.number
            and _said(counter.ranked[0]) >= _WHOLLY
            and not any(
                one.score >= _AS_GOOD * counter.ranked[0].score
                for one in answer.ranked
                if one.number != place.number
            )
        ):
            return _contradicted(answer, counter, _NOT_LISTED, whole=True)
    return answer


def _contradicted(asked: _Answer, counter: _Answer, why: str, *, whole: bool) -> _Answer:
    """The answer where a passage says the statement with something else in a place.

    ``whole``: whether the two exclude each other, if hardly a word else is unsaid.
    """
    place = counter.ranked[0]
    whole = whole and _said(place) >= _WHOLLY
    least = counter.disclosure.score if whole else load_models("disclosure")["said"].cuts["stated"]
    shown = list(zip(asked.ranked, asked.disclosure.evidence, strict=True))
    first = [replace(e, note=why) for one, e in shown if one.number == place.number]
    reasons = (*asked.disclosure.reasons, Reason(_REASONS[why], 1.0, _SURE_ODDS, why))
    status = DisclosureStatus.CONTRADICTED if whole else DisclosureStatus.PARTLY_STATED
    disclosure = replace(
        asked.disclosure,
        status=status,
        score=max(asked.disclosure.score, least),
        confidence=counter.disclosure.confidence,
        evidence=(*first, *(e for one, e in shown if one.number != place.number)),
        reasons=tuple(sorted(reasons, key=lambda each: -abs(each.value * each.weight))),
    )
    return replace(asked, disclosure=disclosure)


def rank(probe: Probe, index: PassageIndex, model: Model, limit: int) -> list[_Passage]:
    """The passages that share anything with the statement, best first."""
    found = []
    model = model.at(probe.gist)
    for number in candidates(probe, index, limit):
        seen = compare(probe, index, number)
        odds = model.logit(bend(seen))
        if len(probe.terms) >= _FEWEST and seen["cosine"] >= _SAME_WORDS:
            odds = max(odds, _SURE_ODDS)
        found.append(_Passage(number, seen, odds))
    found.sort(key=lambda one: (-one.odds, one.number))
    return found


def survey(probe: Probe, index: PassageIndex, ranked: Sequence[_Passage]) -> dict[str, float]:
    """What the passages together show: how good the best is, and how far it stands out."""
    odds = [max(_NOTHING, one.odds) for one in ranked[:6]]
    odds += [_NOTHING] * (6 - len(odds))
    seen = {
        "top": odds[0],
        "second": odds[1],
        "third": odds[2],
        "five": sum(odds[:5]) / 5,
        "stands_out": odds[0] - sum(odds[2:6]) / 4,
        "together": covered_by(probe, index, [one.number for one in ranked[:5]]),
    }
    if ranked:
        seen.update(
            {f"best_{n}": value for n, value in ranked[0].seen.items() if n not in _FOR_THE_GIST}
        )
        for name in _SURVEYED:
            values = sorted((one.seen[name] for one in ranked), reverse=True)
            seen[f"most_{name}"] = values[0]
            seen[f"ahead_{name}"] = values[0] - (values[1] if len(values) > 1 else 0.0)
    stance = stance_of(probe.features.text)
    seen |= {
        "asks_forbids": float(stance.forbids),
        "asks_permits": float(stance.permits),
        "asks_requires": float(stance.requires and not stance.forbids),
        "asks_only": float(stance.only),
        "asks_universal": float(stance.universal),
        "asks_some": float(stance.existential),
        "asks_length": min(60, len(probe.terms)) / 20,
    }
    return (
        seen
        | {f"{name}_long": value * probe.gist for name, value in seen.items()}
        | {"long": probe.gist}
    )


def gist_of(probe: Probe, ranked: Sequence[_Passage]) -> dict[str, float]:
    """How far the passages give the gist of a statement that is longer than they are."""
    seen = {"gist_length": math.log1p(len(probe.terms))}
    if not ranked:
        return seen
    best = max((one.seen for one in ranked), key=lambda each: each["soft_gist"])
    tops = sorted((one.seen["soft_gist"] for one in ranked), reverse=True)[:6]
    tops += [0.0] * (6 - len(tops))
    seen |= {f"gist_best_{name}": best[name] for name in _OF_THE_BEST}
    seen |= {f"gist_most_{name}": max(one.seen[name] for one in ranked) for name in _OF_ALL}
    return seen | {
        "gist_log": math.log(tops[0] + 0.02),
        "gist_ahead": tops[0] - tops[1],
        "gist_stands_out": tops[0] - sum(tops[2:]) / 4,
        "gist_both_ways": max(one.seen["back"] * one.seen["said"] for one in ranked),
        "gist_concepts": max(one.seen["concepts_back"] * one.seen["cosine"] for one in ranked),
    }


def conflicts(probe: Probe, index: PassageIndex, ranked: Sequence[_Passage]) -> dict[str, float]:
    """How far the best four passages, read with what introduces them, go against the statement."""
    ours = stance_of(probe.features.text)
    best = ranked[:4]
    total = sum(one.score for one in best) or 1.0
    found: dict[str, float] = {}
    denied = probe.denied
    for one in best:
        own, full = _read(index, one.number)
        clashes = _clashes(ours, own, full) | _reversed(probe, denied, index, one.number)
        if full.denies:
            clashes["denied_but_affirmed"] = 0.0
        for name, value in clashes.items():
            found[name] = found.get(name, 0.0) + value * one.score / total
    return found


def _reversed(
    probe: Probe, denied: frozenset[str], index: PassageIndex, number: int
) -> dict[str, float]:
    """How much of what the statement denies a passage affirms, and the other way round."""
    unit = index.units[number]
    there = {
        unit.stems[at]
        for place, word in enumerate(unit.stems)
        if word in NEGATIONS
        for at in range(place + 1, min(place + 3, len(unit.stems)))
    }
    ours = probe.terms.keys() & unit.terms - NEGATIONS
    affirmed = max((probe.terms[t] for t in ours & denied if t not in there), default=0.0)
    negated = max((probe.terms[t] for t in ours - denied if t in there), default=0.0)
    return {
        "denied_but_affirmed": min(1.0, affirmed / 4),
        "affirmed_but_denied": min(1.0, negated / 4),
    }


def _read(index: PassageIndex, number: int) -> tuple[Stance, Stance]:
    """The stance of a unit, and of the unit together with what introduces it."""
    unit = index.units[number]
    own = index.document.quote(unit.span)
    lead = index.document.quote(index.units[unit.lead].span) if unit.lead is not None else ""
    return stance_of(own), stance_of(f"{lead[-400:]} {own}") if lead else stance_of(own)


def _clashes(ours: Stance, own: Stance, full: Stance) -> dict[str, float]:
    """In which ways a passage's stance goes against the statement's."""
    requires = ours.requires and not ours.forbids
    return {
        "permits_but_forbidden": float(ours.permits and full.forbids and not full.permits),
        "permits_but_consent": float(ours.permits and full.consent),
        "permits_but_denied": float(ours.permits and own.denies),
        "forbids_but_permitted": float(ours.forbids and full.permits and not full.forbids),
        "forbids_but_free": float(ours.forbids and not full.denies),
        "requires_but_free": float(requires and full.permits and full.denies),
        "requires_but_denied": float(requires and full.denies and not full.requires),
        "only_but_wider": float(ours.only and not full.only and (own.open_list or own.universal)),
        "all_but_some": float(ours.universal and full.excepts),
        "all_but_open": float(ours.universal and requires and own.open_list),
    }


def _status(
    score: float,
    against: float,
    ranked: Sequence[_Passage],
    cuts: Mapping[str, float],
    probe: Probe,
    index: PassageIndex,
) -> DisclosureStatus:
    if score < cuts["stated"]:
        pointed = score >= cuts["linked"] and any(_points(one, index) for one in ranked[:3])
        return DisclosureStatus.LINKED_ONLY if pointed else DisclosureStatus.ABSENT
    if against >= cuts["contradicted"]:
        return DisclosureStatus.CONTRADICTED
    said = max(
        (max(one.seen["said_nearby"], one.seen["back"] * probe.gist) for one in ranked[:3]),
        default=0,
    )
    return DisclosureStatus.STATED if said >= cuts["whole"] else DisclosureStatus.PARTLY_STATED


def _points(one: _Passage, index: PassageIndex) -> bool:
    """Whether a passage only leads to where it is said."""
    unit = index.units[one.number]
    if one.seen["key_words_said"] < 0.5 or len(unit.terms) > 25:
        return False
    if _POINTER.search(index.document.quote(unit.span)):
        return True
    return any(link.span.overlaps(unit.span) for link in index.document.links)


_Part = tuple[Mapping[str, float], Model, float]


def _parts(
    probe: Probe, index: PassageIndex, ranked: Sequence[_Passage], models: Mapping[str, Model]
) -> list[_Part]:
    """What each model sees, and its share of the say: both have one in a wide statement."""
    share = _GIST_SAY * probe.wider
    parts: list[_Part] = [(survey(probe, index, ranked), models["said"], 1 - share)]
    if share:
        parts.append((gist_of(probe, ranked), models["gist"], share))
    return parts


def said_odds(
    probe: Probe, index: PassageIndex, ranked: Sequence[_Passage], models: Mapping[str, Model]
) -> float:
    """The log-odds that the document says the statement."""
    parts = _parts(probe, index, ranked, models)
    return sum(share * model.logit(seen) for seen, model, share in parts)


def _reasons(parts: Sequence[_Part]) -> tuple[Reason, ...]:
    """The terms that moved the score, the strongest first."""
    terms = [
        (-abs(seen[name] * weight * share), name, seen[name], weight * share)
        for seen, model, share in parts
        for name, weight in model.weights.items()
        if seen.get(name) and weight
    ]
    return tuple(Reason(name, value, weight) for _, name, value, weight in sorted(terms)[:12])


def _evidence(probe: Probe, index: PassageIndex, one: _Passage) -> Evidence:
    unit = index.units[one.number]
    where = index.document.passage(unit.span)
    wide = index.wide[one.number]
    return Evidence(
        span=unit.span,
        quote=where.quote,
        score=one.score,
        section=where.section,
        page=where.page,
        matches=tuple(term for term in probe.ranked if term in unit.terms),
        missing=tuple(term for term in probe.ranked if term not in wide),
    )


def _absence(probe: Probe, index: PassageIndex) -> ProofOfAbsence:
    return ProofOfAbsence(
        passages=len(index.units),
        terms=probe.ranked,
        never_found=tuple(term for term in probe.ranked if term not in index.postings),
        unread=len(index.document.coverage.unread),
    )
