"""The judgement: status, score, evidence, and the proof where nothing was found."""

from __future__ import annotations

import math

from cardwatch.disclosure.compare import Probe, candidates, compare, make_probe
from cardwatch.disclosure.index import PassageIndex
from cardwatch.model import (
    Disclosure,
    DisclosureStatus,
    Evidence,
    Features,
    ProofOfAbsence,
    Reason,
)

_EVIDENCE = 60
_WEIGHTS = {"said": 3.0, "said_nearby": 1.5, "about_nothing_else": 1.5, "cosine": 3.0,
            "concepts_said": 1.0, "concepts_shared": 1.0}  # fmt: skip
_BIAS = -4.0
_STATED, _PARTLY = 0.6, 0.4


def find_disclosure(statement: Features, index: PassageIndex, limit: int = 60) -> Disclosure:
    """Whether the document of ``index`` says ``statement``: its status, score and evidence.

    The direction counts: everything in the statement is looked for in the document, not the
    other way round. At most ``limit`` passages are compared and given as evidence, best first.
    """
    probe = make_probe(statement, index)
    scored = []
    for number in candidates(probe, index, limit):
        seen = compare(probe, index, number)
        scored.append(
            (_sigmoid(_BIAS + sum(w * seen[n] for n, w in _WEIGHTS.items())), number, seen)
        )
    scored.sort(key=lambda one: (-one[0], one[1]))
    score = scored[0][0] if scored else 0.0
    status = (
        DisclosureStatus.STATED
        if score >= _STATED
        else DisclosureStatus.PARTLY_STATED
        if score >= _PARTLY
        else DisclosureStatus.ABSENT
    )
    reasons = tuple(
        Reason(name, scored[0][2][name], weight) for name, weight in _WEIGHTS.items()
    ) if scored else ()  # fmt: skip
    return Disclosure(
        status=status,
        score=score,
        confidence=max(score, 1 - score),
        evidence=tuple(_evidence(probe, index, number, value) for value, number, _ in scored),
        reasons=reasons,
        absence=_absence(probe, index) if status is DisclosureStatus.ABSENT else None,
    )


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -700 else 0.0


def _evidence(probe: Probe, index: PassageIndex, number: int, score: float) -> Evidence:
    unit = index.units[number]
    where = index.document.passage(unit.span)
    ranked = sorted(probe.terms, key=lambda term: (-probe.terms[term], term))
    return Evidence(
        span=unit.span,
        quote=where.quote,
        score=score,
        section=where.section,
        page=where.page,
        matches=tuple(term for term in ranked if term in unit.terms),
        missing=tuple(term for term in ranked if term not in index.wide[number]),
    )


def _absence(probe: Probe, index: PassageIndex) -> ProofOfAbsence:
    terms = sorted(probe.terms, key=lambda term: (-probe.terms[term], term))
    return ProofOfAbsence(
        passages=len(index.units),
        terms=tuple(terms),
        never_found=tuple(term for term in terms if term not in index.postings),
        unread=len(index.document.coverage.unread),
    )
