"""Can a reader of a publisher's account tell that this changed, in this direction?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cardwatch.disclosure.announce_figures import replaced, states_only_old
from cardwatch.disclosure.announce_lines import Lines, lines_of, told
from cardwatch.disclosure.index import PassageIndex
from cardwatch.disclosure.weights import Model, load_models
from cardwatch.model import Announcement, AnnouncementStatus, Evidence, Features, Reason

_SHOWN = 8
_FULL = 80.0  # the weight of own words with which a line that says nothing else scores 1
# A change is announced if one of the first lines shown for it scores this much; on the dev rows
# that is so of every change judged announced.
_LEAST_SHOWN, _FIRST = 0.1, 3
# Added to the weight of what lines say, so that a line of two words is not wholly told by them.
_RUN_WEIGHT, _LINE_WEIGHT = 20.0, 3.0
# Long changes share words with any line, and long lines with any change: fourth roots of their
# weights take that out (tried 0 to 0.75; docs/disclosure.md).
_BY_LENGTH = _BY_ACCOUNT = 0.25
_OF_NO_TELLING = _OF_NO_DIFFERENCE = 0.5
# Set, not fitted: an account that goes on stating the figure that was replaced tells of no change.
_AS_IT_WAS = 0.05


def find_announcement(
    old: Features | None, new: Features | None, account: PassageIndex
) -> Announcement:
    """Whether the account tells of the change from ``old`` to ``new`` (``None``: not there).

    What both editions have words for is told by some lines of an entry together, by how much of
    what they say the change says; what one edition lacks, by the line that shares most with it.
    ``score`` is a probability; how it was fitted stands in ``rules/weights/announcement.toml``.
    """
    lines = lines_of(account)
    said = told(old, new, account)
    name, value = measure(old, new, lines, said)
    model = load_models("announcement")[name]
    score = model.probability({name: value})
    evidence = _evidence(old, new, lines, said)
    tells = _tells_of_it(evidence, lines, gone=new is None)
    reasons = tuple(Reason(n, value, weight) for n, weight in model.weights.items())
    if tells and _as_it_was(old, new, lines, evidence):
        tells, score = False, min(score, _AS_IT_WAS)
        reasons += (Reason("states_the_old_figure", 1.0, -1.0),)
    if tells is False:
        score = min(score, model.cuts["partly"])
    return Announcement(
        status=_status(score, model, tells),
        score=score,
        confidence=max(score, 1 - score),
        evidence=evidence,
        reasons=reasons,
    )


def measure(
    old: Features | None, new: Features | None, lines: Lines, said: Mapping[str, float]
) -> tuple[str, float]:
    """The name of the model that judges the change, and its one feature, 0 or more.

    ``reworded``: both editions have words for it; ``one_sided``: it came or it went.
    """
    index = lines.index
    before, after = (side.terms if side else frozenset[str]() for side in (old, new))
    length = sum(map(index.idf, sorted(before | after))) ** _BY_LENGTH
    if not length:
        return "one_sided", 0.0
    if old is not None and new is not None:
        best = _best_run(lines, said, before ^ after)
        return "reworded", best / length / lines.run_weight**_BY_ACCOUNT
    shared = _shared(index, said)
    news = (fresh * total for fresh, total in zip(lines.news, shared, strict=True))
    best = max(news, default=0.0)
    return "one_sided", best / length / lines.line_weight**_BY_ACCOUNT


def _shared(index: PassageIndex, weighed: Mapping[str, float]) -> list[float]:
    """For each line the sum of its words' weights, each times what ``weighed`` gives it."""
    sums = [0.0] * len(index.units)
    for term, share in weighed.items():
        weight = index.idf(term) * share
        for number in index.postings[term]:
            sums[number] += weight
    return sums


def _best_run(lines: Lines, said: Mapping[str, float], differ: Iterable[str]) -> float:
    """The most that any run of lines has of a change, times how much of the run that is.

    A run without any of the words that differ speaks of the matter, not of the change.
    """
    sums = [0.0] * len(lines.runs)
    for term, share in said.items():
        weight = lines.index.idf(term) * share
        for number in lines.in_runs.get(term, ()):
            sums[number] += weight
    postings = lines.index.postings
    touched = {number for term in differ for number in postings.get(term, ())}
    best = 0.0
    for total, run in zip(sums, lines.runs, strict=True):
        counts = run.counts
        if touched.isdisjoint(run.lines):
            counts *= _OF_NO_DIFFERENCE
        best = max(best, total * total / (run.weight + _RUN_WEIGHT) * counts)
    return best


def _status(score: float, model: Model, told: bool | None) -> AnnouncementStatus:
    """``told``: whether a line tells of the change; ``None``: of the matter, not of its going."""
    if told is False or score < model.cuts["partly"]:
        return AnnouncementStatus.SILENT
    if told is None or score < model.cuts["announced"]:
        return AnnouncementStatus.PARTLY_ANNOUNCED
    return AnnouncementStatus.ANNOUNCED


def _as_it_was(
    old: Features | None, new: Features | None, lines: Lines, evidence: Sequence[Evidence]
) -> bool:
    """Whether the line that says most of the change still has its old figure, and not as gone."""
    gone, came = replaced(old, new)
    if not gone or not evidence:
        return False
    units = lines.index.units
    number = next(n for n, unit in enumerate(units) if unit.span == evidence[0].span)
    return not lines.goes[number] and states_only_old(lines.index, number, gone, came)


def _tells_of_it(evidence: Sequence[Evidence], lines: Lines, *, gone: bool) -> bool | None:
    """Whether a line can be shown for an announcement; that something is gone, a line must say."""
    shown = [one.span for one in evidence[:_FIRST] if one.score >= _LEAST_SHOWN]
    if not shown or not gone:
        return bool(shown)
    units = zip(lines.index.units, lines.goes, strict=True)
    return True if any(goes and unit.span in shown for unit, goes in units) else None


def rank_lines(
    lines: Lines, said: Mapping[str, float], differ: frozenset[str], *, gone: bool = False
) -> list[tuple[float, int]]:
    """The lines that say most of a change, best first, with a score of 0 to 1.

    A line counts by the weight of its own words that the change says, those that ``differ``
    twice, times their share of the line; half where it does not tell that anything is
    otherwise, or is ``gone``.
    """
    own = {t: share + (t in differ) for t, share in said.items() if t not in lines.general}
    tells = lines.goes if gone else lines.tells
    found = []
    for number, total in enumerate(_shared(lines.index, own)):
        score = total * total / (lines.own_weights[number] + _LINE_WEIGHT) / _FULL
        score *= lines.news[number] * (1.0 if tells[number] else _OF_NO_TELLING)
        if score:
            found.append((min(1.0, score), number))
    return sorted(found, key=lambda one: (-one[0], one[1]))


def _evidence(
    old: Features | None, new: Features | None, lines: Lines, said: Mapping[str, float]
) -> tuple[Evidence, ...]:
    account = lines.index
    before, after = (side.terms if side else frozenset[str]() for side in (old, new))
    changed = before ^ after if old and new else before | after
    ranked = sorted(before | after, key=lambda term: (-account.idf(term), term))
    found = []
    for score, number in rank_lines(lines, said, changed, gone=new is None)[:_SHOWN]:
        unit = account.units[number]
        where = account.document.passage(unit.span)
        found.append(
            Evidence(
                span=unit.span,
                quote=where.quote,
                score=score,
                section=where.section,
                page=where.page,
                matches=tuple(term for term in ranked if term in unit.terms),
                missing=tuple(t for t in ranked if t in changed and t not in unit.terms),
            )
        )
    return tuple(found)
