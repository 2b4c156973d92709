"""How far one passage says what a statement says: named features of the pair."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from heapq import nlargest

from cardwatch.disclosure.index import CONCEPT_SHARE, ROOT_LENGTH, PassageIndex, roots_of
from cardwatch.model import Features

# A word counts as this much of another that expresses its narrowest concept ("filter" and
# "classifier"), as less where only a broader one is shared ("filter" and "safeguard"), or a
# root; tried from 0.7 to 1 and from 0 to 0.7 on the dev rows (docs/disclosure.md).
_SYNONYM = 0.85
_KIN = 0.35
_ROOT = 0.5
# A word of this weight or more stands in about one passage of 150 at large: a name, a topic.
_RARE = 5.0
# Between these numbers of terms a statement passes from a sentence to be found in a text into
# a text of its own, whose gist is to be found: the fit may weigh the two ends differently.
_SENTENCE, _TEXT = 12, 36
# And so many times the terms that a passage usually has make it wider than the passages.
_AS_WIDE, _WIDER = 1.2, 1.6
NEGATIONS = frozenset(["not", "no", "never", "n't", "cannot", "without", "neither", "nor", "none"])
_DENIAL = re.compile(
    r"(?:\b(?:not|no|never|cannot|without|neither|nor|none)|n['’]t)\b((?:\W+\w+){1,4})",
    re.IGNORECASE,
)


# A term with its weight and how else it may be said: its narrowest concept, all its concepts,
# its root.
Way = tuple[str, float, str | None, Set[str], str]


@dataclass(frozen=True, slots=True)
class Probe:
    """A statement weighed against one index: its terms and concepts with their weights.

    ``gist`` is 0 for a statement of a sentence's length, 1 for one as long as a text; ``wider``
    is 1 where it has more to say than a passage of the document has room for. ``known`` remembers
    how much of each word of the document the statement expresses. ``ranked`` are its terms, the
    heaviest first; ``ways`` how each may be said, ``rarest`` the three heaviest of these.
    """

    features: Features
    terms: Mapping[str, float]
    concepts: Mapping[str, float]
    roots: frozenset[str]
    weight: float
    concept_weight: float
    square: float
    size: float
    gist: float
    wider: float
    ranked: tuple[str, ...]
    rarest: tuple[Way, ...]
    ways: tuple[Way, ...]
    known: dict[str, tuple[float, float, float]] = field(default_factory=dict, compare=False)

    @property
    def denied(self) -> frozenset[str]:
        """The terms that follow a negation within four words."""
        near = {
            word.lower()[:4]
            for found in _DENIAL.findall(self.features.text[:4000])
            for word in found.split()
            if len(word) >= 4
        }
        return frozenset(term for term in self.terms if term[:4] in near) - NEGATIONS


def make_probe(features: Features, index: PassageIndex) -> Probe:
    """The statement with the weights that this index gives its words."""
    terms = {term: index.idf(term) for term in sorted(features.terms)}
    concepts = {name: index.idf(f"={name}") for name in sorted(features.concepts)}
    roots = frozenset(term[:ROOT_LENGTH] for term in terms if len(term) >= ROOT_LENGTH)
    ways = tuple(_ways(term, weight, index) for term, weight in terms.items())
    square = sum(w * w for w in terms.values())
    both = square + CONCEPT_SHARE * sum(w * w for w in concepts.values())
    return Probe(
        features,
        terms,
        concepts,
        roots,
        sum(terms.values()),
        sum(concepts.values()),
        square,
        math.sqrt(both),
        _between(math.log1p(len(terms)), math.log1p(_SENTENCE), math.log1p(_TEXT)),
        _between(math.log(len(terms) / index.typical + 1e-9), math.log(_AS_WIDE), math.log(_WIDER)),
        tuple(sorted(terms, key=lambda term: (-terms[term], term))),
        tuple(nlargest(3, ways, key=lambda way: (way[1], way[0]))),
        ways,
    )


def _between(value: float, low: float, high: float) -> float:
    """Where a value lies between two others, 0 to 1."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def candidates(probe: Probe, index: PassageIndex, limit: int) -> list[int]:
    """The units that share most with the statement, best first, at most ``limit``."""
    shared: dict[int, float] = {}
    for term, weight in probe.terms.items():
        for number in index.postings.get(term, ()):
            shared[number] = shared.get(number, 0.0) + weight
    for name, weight in probe.concepts.items():
        for number in index.postings.get(f"={name}", ()):
            shared[number] = shared.get(number, 0.0) + 0.6 * weight
    weights = index.weights
    return nlargest(limit, shared, key=lambda n: (shared[n] / math.sqrt(8.0 + weights[n]), -n))


def compare(probe: Probe, index: PassageIndex, number: int) -> dict[str, float]:
    """The features of one pair of statement and unit; shares are 0 to 1, sums over 20 or 30.

    ``said`` looks from the statement to the passage, ``back`` the other way.
    """
    unit = index.units[number]
    concepts, weight = unit.concepts, index.weights[number]
    roots = index.roots[number]
    at_stake = sum(way[1] for way in probe.rarest)
    shared = {name: w for name, w in probe.concepts.items() if name in concepts}
    concept_sum, theirs = sum(shared.values()), index.concept_weights[number]
    back, rare, rare_missing = _covered_back(probe, index, unit.terms)
    wide_back, _, _ = _covered_back(probe, index, index.wide[number])
    hard = sum(w * w for term, w in probe.terms.items() if term in unit.terms)
    norm = math.sqrt(probe.square * index.squares[number])
    said = _covered(probe.ways, unit.terms, concepts, roots)
    soft = hard + CONCEPT_SHARE * sum(w * w for w in shared.values())
    size, theirs_size = probe.size, index.sizes[number]
    return {
        "said": said / probe.weight if probe.weight else 0.0,
        "said_nearby": _covered(
            probe.ways,
            index.wide[number],
            index.wide_concepts[number],
            index.wide_roots[number],
        ) / (probe.weight or 1.0),
        "key_words_said": _covered(probe.rarest, unit.terms, concepts, roots) / (at_stake or 1.0),
        "back": back / weight if weight else 0.0,
        "back_nearby": wide_back / (index.wide_weights[number] or 1.0),
        "cosine": hard / norm if norm else 0.0,
        "soft_cosine": soft / (size * theirs_size) if soft else 0.0,
        "soft_gist": soft / (size**0.7 * theirs_size**1.3) if soft else 0.0,
        "shared": back / 30,
        "concepts_said": concept_sum / (probe.concept_weight or 1.0),
        "concepts_back": concept_sum / theirs if theirs else 0.0,
        "concepts_shared": concept_sum / (probe.concept_weight + theirs - concept_sum + 1e-9),
        "best_concept": max(shared.values(), default=0.0) / 8,
        "rare_shared": rare / 20,
        "rare_missing": rare_missing / 20,
        "length": math.log1p(len(unit.terms)) - 2.5,
    }  # fmt: skip


def covered_by(probe: Probe, index: PassageIndex, numbers: Iterable[int]) -> float:
    """The share of the statement's weight that several units express together."""
    units = [index.units[number] for number in numbers]
    terms = frozenset().union(*(unit.terms for unit in units))
    concepts = frozenset().union(*(unit.concepts for unit in units))
    return _covered(probe.ways, terms, concepts, roots_of(terms)) / (probe.weight or 1.0)


def expresses(index: PassageIndex, number: int, term: str) -> bool:
    """Whether a unit has a term, another word for its narrowest concept, or one of its root."""
    unit = index.units[number]
    way = _ways(term, 1.0, index)
    return _covered((way,), unit.terms, unit.concepts, index.roots[number]) >= _ROOT


def bend(seen: Mapping[str, float]) -> dict[str, float]:
    """The features with their squares and products."""
    bent = dict(seen)
    bent["both_ways"] = seen["said"] * seen["back"]
    bent["said_and_meant"] = seen["said"] * seen["concepts_said"]
    for name in ("said", "back", "cosine", "concepts_shared", "concepts_said"):
        bent[f"{name}_squared"] = seen[name] ** 2
    for name in ("said", "key_words_said", "concepts_said"):
        bent[f"{name}_by_length"] = seen[name] * seen["length"]
    return bent


def widen(seen: Mapping[str, float], gist: float) -> dict[str, float]:
    """The features as they are fitted: bent, and all again for long statements."""
    wide = bend(seen)
    wide |= {f"{name}_long": value * gist for name, value in wide.items()}
    wide["long"] = gist
    return wide


def _ways(term: str, weight: float, index: PassageIndex) -> Way:
    kin = index.word_concepts.get(term, frozenset())
    root = term[:ROOT_LENGTH] if len(term) >= ROOT_LENGTH else ""
    return term, weight, index.narrowest.get(term), kin, root


def _covered(ways: Iterable[Way], terms: Set[str], concepts: Set[str], roots: Set[str]) -> float:
    """The weight of the terms that a passage expresses, in the same or in other words."""
    total = 0.0
    for term, weight, narrowest, kin, root in ways:
        if term in terms:
            total += weight
        elif narrowest in concepts:
            total += _SYNONYM * weight
        elif kin and not concepts.isdisjoint(kin):
            total += _KIN * weight
        elif root in roots:
            total += _ROOT * weight
    return total


def _covered_back(
    probe: Probe, index: PassageIndex, terms: Iterable[str]
) -> tuple[float, float, float]:
    """The weight of a passage's terms that the statement expresses, and of the rare ones alone
    those that it has and those that it lacks.
    """
    total = rare = missing = 0.0
    known = probe.known
    for term in terms:
        one = known.get(term)
        if one is None:
            one = known[term] = _expressed(probe, index, term)
        total += one[0]
        rare += one[1]
        missing += one[2]
    return total, rare, missing


def _expressed(probe: Probe, index: PassageIndex, term: str) -> tuple[float, float, float]:
    """How much of one term's weight the statement expresses; the rare weight it has, or lacks."""
    weight = index.idf(term)
    rare = weight if weight >= _RARE else 0.0
    if term in probe.terms:
        return weight, rare, 0.0
    if index.narrowest.get(term) in probe.features.concepts:
        return _SYNONYM * weight, 0.0, 0.0
    if not probe.features.concepts.isdisjoint(index.word_concepts.get(term, ())):
        return _KIN * weight, 0.0, 0.0
    if len(term) >= ROOT_LENGTH and term[:ROOT_LENGTH] in probe.roots:
        return _ROOT * weight, 0.0, 0.0
    return 0.0, 0.0, rare
