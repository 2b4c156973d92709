"""Can a reader of a publisher's account tell that this changed, in this direction?"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cardwatch.disclosure.compare import Probe, compare, make_probe
from cardwatch.disclosure.index import PassageIndex
from cardwatch.disclosure.weights import load_models
from cardwatch.model import Announcement, AnnouncementStatus, Evidence, Features, Reason

_SHOWN = 8
# Words with which publishers say that something is done or is so from now on. An item without
# any tells of reasons, history or the world; it counts half.
_TELLS = re.compile(
    r"\b(?:add|introduc|new|establish|expand|extend|includ|creat|now|further|additional|detail|"
    r"defin|describ|provid|commit|will|requir|outlin|incorporat|publish|strengthen|specif|"
    r"remov|replac|adjust|clarif|align|no longer)",
    re.IGNORECASE,
)
_NO_TELLING = 0.5


@dataclass(frozen=True, slots=True)
class _Change:
    """The words of a change weighed against one account: all of them, and those that differ."""

    probe: Probe
    changed: frozenset[str]


def find_announcement(
    old: Features | None, new: Features | None, account: PassageIndex
) -> Announcement:
    """Whether the account tells of the change from ``old`` to ``new`` (``None``: not there).

    An item of the account counts by the words of the change that it has, and by how little
    else it speaks of: a line that fits every change identifies none. ``score`` is 0 to 1.
    """
    change = _change(old, new, account)
    seen = [
        features_of(change.probe, change.changed, account, n) for n in range(len(account.units))
    ]
    best = summary_of(seen)
    model = load_models("announcement")["announced"]
    score = model.probability(best)
    order = sorted(range(len(seen)), key=lambda n: (-seen[n]["evidence"], n))[:_SHOWN]
    return Announcement(
        status=_status(score, model.cuts),
        score=score,
        confidence=max(score, 1 - score),
        evidence=tuple(
            _evidence(change, account, n, seen[n]["evidence"]) for n in order if seen[n]["evidence"]
        ),
        reasons=tuple(Reason(name, best.get(name, 0.0), w) for name, w in model.weights.items()),
    )


def _status(score: float, cuts: Mapping[str, float]) -> AnnouncementStatus:
    if score >= cuts["announced"]:
        return AnnouncementStatus.ANNOUNCED
    if score >= cuts["partly"]:
        return AnnouncementStatus.PARTLY_ANNOUNCED
    return AnnouncementStatus.SILENT


def _change(old: Features | None, new: Features | None, account: PassageIndex) -> _Change:
    before = old.terms if old else frozenset()
    after = new.terms if new else frozenset()
    one = new or old
    if one is None:
        return _Change(
            Probe(Features("", frozenset(), frozenset()), {}, {}, frozenset(), 0, 0), frozenset()
        )
    ideas = (old.concepts if old else frozenset()) | (new.concepts if new else frozenset())
    probe = make_probe(replace(one, terms=before | after, concepts=ideas), account)
    return _Change(probe, before ^ after if old and new else before | after)


def features_of(
    probe: Probe, changed: frozenset[str], account: PassageIndex, number: int
) -> dict[str, float]:
    """How far one item of the account speaks of a change; sums of weights are over 20."""
    unit = account.units[number]
    seen = compare(probe, account, number)
    hit = sum(probe.terms[term] for term in unit.terms if term in probe.terms) / 20
    differing = sum(account.idf(term) for term in changed) or 1.0
    changed_hit = sum(account.idf(term) for term in unit.terms if term in changed)
    tells = 1.0 if _TELLS.search(account.document.quote(unit.span)) else _NO_TELLING
    return {
        "has": hit,
        "shared": seen["shared"],
        "back": seen["back"],
        "cosine": seen["cosine"],
        "changed": changed_hit / 20,
        "changed_back": changed_hit / 20 * seen["back"],
        "changed_said": changed_hit / 20 * changed_hit / differing,
        "tells": seen["shared"] * seen["back"] * tells,
        "evidence": min(1.0, (seen["shared"] + changed_hit / 20) * seen["back"]),
    }


def summary_of(seen: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """The best that any item of the account reaches in each feature."""
    names = seen[0] if seen else ()
    return {name: max(one[name] for one in seen) for name in names}


def _evidence(change: _Change, account: PassageIndex, number: int, score: float) -> Evidence:
    unit = account.units[number]
    where = account.document.passage(unit.span)
    ranked = sorted(change.probe.terms, key=lambda term: (-change.probe.terms[term], term))
    return Evidence(
        span=unit.span,
        quote=where.quote,
        score=score,
        section=where.section,
        page=where.page,
        matches=tuple(term for term in ranked if term in unit.terms),
        missing=tuple(t for t in ranked if t in change.changed and t not in unit.terms),
    )
