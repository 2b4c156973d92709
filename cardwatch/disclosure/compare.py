"""How far one passage says what a statement says: named features, each 0 to 1 unless told."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest

from cardwatch.disclosure.index import PassageIndex
from cardwatch.model import Features

# Words that share a concept count as this much of the same word, words of one root as less.
_SYNONYM = 0.7
_ROOT = 0.5
_ROOT_LENGTH = 5


@dataclass(frozen=True, slots=True)
class Probe:
    """A statement weighed against one index: its terms and concepts with their weights."""

    features: Features
    terms: Mapping[str, float]
    concepts: Mapping[str, float]
    roots: frozenset[str]
    weight: float
    concept_weight: float


def make_probe(features: Features, index: PassageIndex) -> Probe:
    """The statement with the weights that this index gives its words."""
    terms = {term: index.idf(term) for term in sorted(features.terms)}
    concepts = {name: index.idf(f"={name}") for name in sorted(features.concepts)}
    roots = frozenset(term[:_ROOT_LENGTH] for term in terms if len(term) >= _ROOT_LENGTH)
    return Probe(features, terms, concepts, roots, sum(terms.values()), sum(concepts.values()))


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
    """The features of one pair of statement and unit; the names are those of the weights file."""
    unit = index.units[number]
    own = _covered(probe, unit.terms, unit.concepts, index)
    wide = _covered(probe, index.wide[number], index.wide_concepts[number], index)
    back = _covered_back(probe, number, index)
    concepts = unit.concepts
    shared = sum(w for name, w in probe.concepts.items() if name in concepts)
    theirs = sum(index.idf(f"={name}") for name in concepts)
    hard = sum(w * w for term, w in probe.terms.items() if term in unit.terms)
    norm = math.sqrt(
        sum(w * w for w in probe.terms.values()) * sum(index.idf(t) ** 2 for t in unit.terms)
    )
    rarest = nlargest(3, probe.terms.items(), key=lambda pair: (pair[1], pair[0]))
    at_stake = sum(weight for _, weight in rarest)
    kept = _covered_terms(rarest, unit.terms, concepts, index)
    return {
        "key_words_said": kept / at_stake if at_stake else 0.0,
        "said": own,
        "said_nearby": wide,
        "about_nothing_else": back,
        "cosine": hard / norm if norm else 0.0,
        "concepts_said": shared / probe.concept_weight if probe.concept_weight else 0.0,
        "concepts_shared": shared / (probe.concept_weight + theirs - shared + 1e-9),
        "length": math.log1p(len(unit.terms)),
        "own_length": math.log1p(len(probe.terms)),
    }


def _covered(
    probe: Probe, terms: frozenset[str], concepts: frozenset[str], index: PassageIndex
) -> float:
    """The share of the statement's weight that the terms express, in the same or other words."""
    if not probe.weight:
        return 0.0
    return _covered_terms(probe.terms.items(), terms, concepts, index) / probe.weight


def _covered_terms(
    weighed: Iterable[tuple[str, float]],
    terms: frozenset[str],
    concepts: frozenset[str],
    index: PassageIndex,
) -> float:
    total = 0.0
    roots: set[str] | None = None
    for term, weight in weighed:
        if term in terms:
            total += weight
        elif not concepts.isdisjoint(index.word_concepts.get(term, ())):
            total += _SYNONYM * weight
        elif len(term) >= _ROOT_LENGTH:
            if roots is None:
                roots = {t[:_ROOT_LENGTH] for t in terms}
            if term[:_ROOT_LENGTH] in roots:
                total += _ROOT * weight
    return total


def _covered_back(probe: Probe, number: int, index: PassageIndex) -> float:
    """The share of the unit's weight that the statement expresses."""
    weight = index.weights[number]
    if not weight:
        return 0.0
    said = probe.features.concepts
    total = 0.0
    for term in index.units[number].terms:
        if term in probe.terms:
            total += index.idf(term)
        elif not said.isdisjoint(index.word_concepts.get(term, ())):
            total += _SYNONYM * index.idf(term)
        elif len(term) >= _ROOT_LENGTH and term[:_ROOT_LENGTH] in probe.roots:
            total += _ROOT * index.idf(term)
    return total / weight
