"""Changes that are about one matter, so that a reader has one row for it and not eight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cardwatch.model import (
    AnnouncementStatus,
    Change,
    Matter,
    Outcome,
    Passage,
    Reading,
)
from cardwatch.revision.given import Tools
from cardwatch.revision.weighing import Scale, rules_at

# Two passages of an edition this much alike word one commitment twice; from the second likeness
# on, whoever is told of the one is told of the other.
_RESTATED, _SAME = 0.45, 0.6
# Beside a grave rule that few statements meet, they share so many words.
_SHARED = 2
# A paragraph of at most so many characters is one matter.
_ONE_PARAGRAPH = 900
# A matter counts for less where a reader was told of it.
_TOLD = {
    AnnouncementStatus.SILENT: 1.0,
    AnnouncementStatus.NO_ACCOUNT: 1.0,
    AnnouncementStatus.PARTLY_ANNOUNCED: 0.92,
    AnnouncementStatus.ANNOUNCED: 0.85,
}
# What an edition commits to in several places counts for more with each of them.
_EACH_WORDING, _MOST_WORDINGS = 0.05, 5
# A member that binds so much less than the heaviest one does not announce the matter for it.
_SPEAKS_FOR = 0.6
_WENT = frozenset([Outcome.REMOVED, Outcome.WEAKENED, Outcome.RELOCATED])


@dataclass
class _Group:
    """Changes about one matter: ``equals`` reword the head, and ``speakers`` among them so
    closely that an account of one is an account of the head.
    """

    head: Change
    terms: frozenset[str]
    equals: list[Change] = field(default_factory=list)
    parts: list[Change] = field(default_factory=list)
    speakers: list[Change] = field(default_factory=list)


def matters(changes: Sequence[Change], scale: Scale, tools: Tools) -> tuple[Matter, ...]:
    """What went or weakened, one entry for each matter, the heaviest first.

    Changes are about one matter where one restates the other, where they meet the same grave
    and rare rule, or where they are of one short paragraph. A matter is announced if an account
    tells of any wording of it that binds nearly as much as the heaviest.
    """
    reading = scale.given.old
    went = [c for c in changes if c.outcome in _WENT and c.old is not None]
    groups: list[_Group] = []
    by_rule: dict[str, _Group] = {}
    by_block: dict[int, _Group] = {}
    by_term: dict[str, list[int]] = {}
    # grave matters are gathered first, so that nothing of theirs makes a row of its own
    known = {c.id: sorted(rules_at(reading, c.old.span) & scale.grave) for c in went if c.old}
    for change in sorted(went, key=lambda c: (not known[c.id], -c.rank_score, c.id)):
        assert change.old is not None  # noqa: S101 - only changes with an old side come here
        terms = tools.describe(change.old.quote).terms
        rules = known[change.id]
        block = _paragraph(reading, change.old)
        graves = (by_rule[rule] for rule in rules if rule in by_rule)
        grave = next((g for g in graves if len(g.terms & terms) >= _SHARED), None)
        equal = grave or _restated(terms, groups, by_term, scale)
        group = equal or _beside(change, terms, by_block.get(block))
        if group is None:
            group = _Group(change, terms)
            for term in terms:
                by_term.setdefault(term, []).append(len(groups))
            groups.append(group)
        elif equal is not None:
            group.equals.append(change)
            if grave is not None or scale.old.cosine(terms, group.terms) >= _SAME:
                group.speakers.append(change)
        else:
            group.parts.append(change)
        if group.head is change or equal is not None:
            for rule in rules:
                by_rule.setdefault(rule, group)
            if block >= 0:
                by_block.setdefault(block, group)
    made = [_matter(group) for group in groups]
    return tuple(sorted(made, key=lambda matter: (-matter.weight, matter.changes[0])))


def _beside(change: Change, terms: frozenset[str], group: _Group | None) -> _Group | None:
    """The group of the same paragraph, if the change speaks of its matter or is a small part."""
    if group is None:
        return None
    part = change.rank_score < _SPEAKS_FOR * group.head.rank_score
    return group if part or len(group.terms & terms) >= _SHARED else None


def _restated(
    terms: frozenset[str],
    groups: Sequence[_Group],
    by_term: Mapping[str, Sequence[int]],
    scale: Scale,
) -> _Group | None:
    """The group whose head says much the same, if any does; of equals the first."""
    shared: dict[int, float] = {}
    for term, weight in scale.old.weighed(terms):
        for number in by_term.get(term, ()):
            shared[number] = shared.get(number, 0.0) + weight
    best, found = _RESTATED, None
    own = scale.old.length(terms)
    for number in sorted(shared):
        group = groups[number]
        like = shared[number] / (own * scale.old.length(group.terms))
        if like > best or (found is None and like >= best):
            best, found = like, group
    return found


def _matter(group: _Group) -> Matter:
    head = group.head
    speaking = [c for c in group.speakers if c.rank_score >= _SPEAKS_FOR * head.rank_score]
    told = min((head, *speaking), key=_silence)
    status = told.announcement.status if told.announcement else AnnouncementStatus.NO_ACCOUNT
    often = 1 + _EACH_WORDING * min(len(speaking), _MOST_WORDINGS)
    rest = sorted((*group.equals, *group.parts), key=lambda c: (-c.rank_score, c.id))
    return Matter(
        changes=(head.id, *(change.id for change in rest)),
        status=status,
        told=told.id,
        weight=round(min(1.0, head.rank_score * often) * _TOLD[status], 4),
    )


def _silence(change: Change) -> tuple[float, float]:
    """How little an account tells of a change; the best told comes first."""
    said = change.announcement
    return (_TOLD[said.status], -said.score) if said else (1.0, 0.0)


def _paragraph(reading: Reading, passage: Passage) -> int:
    """The number of the short paragraph that holds a passage; -1 where it is a long one."""
    document = reading.document
    if not document.blocks:
        return -1
    at = document.block_index(passage.span.start)
    return at if len(document.blocks[at].span) <= _ONE_PARAGRAPH else -1


def in_order(changes: Sequence[Change], found: Sequence[Matter]) -> Iterator[Change]:
    """The changes, those about one matter together, the heaviest matter first."""
    by_id = {change.id: change for change in changes}
    listed = [by_id[name] for matter in found for name in matter.changes]
    yield from listed
    seen = {change.id for change in listed}
    yield from (change for change in changes if change.id not in seen)
