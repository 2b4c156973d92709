"""Changes between two editions, with or without an account of them, made ready for the page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from cardwatch.model import (
    AnnouncementStatus,
    Change,
    ChangeKind,
    Document,
    Outcome,
    Passage,
    RevisionAudit,
    Triage,
)
from cardwatch.reports.html.parts import (
    LEADS,
    WORDS,
    Anchors,
    Card,
    Lead,
    Rate,
    Sheet,
    Side,
    Term,
    Tick,
    count,
    paper,
    safe_address,
    standing,
    tallies,
    title_of,
    where,
)
from cardwatch.reports.html.places import Map, Mark, State, draw, offsets
from cardwatch.reports.subjects import Audit, Diff, View
from cardwatch.reports.words import Piece, brief, marked, redline, shortened, sides

OUTCOMES = {
    Outcome.WEAKENED: State("W", "weakened", "contradicted"),
    Outcome.REMOVED: State("R", "removed", "absent"),
    Outcome.ADDED: State("N", "added", "linked"),
    Outcome.STRENGTHENED: State("T", "strengthened", "stated"),
    Outcome.RELOCATED: State("M", "relocated", "moved"),
    Outcome.RETAINED: State("E", "reworded", "partly"),
}
_SAME = State("·", "unchanged", "nothing")
_KINDS = {
    ChangeKind.REMOVED: OUTCOMES[Outcome.REMOVED],
    ChangeKind.ADDED: OUTCOMES[Outcome.ADDED],
    ChangeKind.MOVED: OUTCOMES[Outcome.RELOCATED],
}
ANNOUNCEMENTS = {
    AnnouncementStatus.SILENT: "absent",
    AnnouncementStatus.PARTLY_ANNOUNCED: "partly",
    AnnouncementStatus.ANNOUNCED: "stated",
    AnnouncementStatus.NO_ACCOUNT: "unread",
}


_TOLD = (AnnouncementStatus.ANNOUNCED, AnnouncementStatus.PARTLY_ANNOUNCED)


def state_of(change: Change) -> State:
    """What became of a passage, for the map and the head of its card."""
    if change.outcome is not None:
        return OUTCOMES[change.outcome]
    return _KINDS.get(change.kind, OUTCOMES[Outcome.RETAINED])


def diff_sheet(subject: Diff, view: View, anchors: Anchors) -> Sheet:
    """Everything that the page shows of the changes between two editions."""
    changes = [change for change in subject.revision.changes if not change.noise]
    return _Maker(subject.old, subject.new, subject.triage, view, anchors).sheet(
        "diff",
        "What changed between two editions",
        changes,
        (*_noise(subject.revision.changes), *_notes(subject.revision.notes)),
    )


def audit_sheet(subject: Audit, view: View, anchors: Anchors) -> Sheet:
    """Everything that the page shows of the changes and what was said of them."""
    audit = subject.audit
    made = _Maker(subject.old, subject.new, subject.triage, view, anchors).sheet(
        "audit",
        "What changed, and what its publisher said of it",
        audit.changes,
        (*_noise(audit.revision.changes), *_notes(audit.revision.notes)),
    )
    statuses = Counter(
        change.announcement.status.value for change in audit.changes if change.announcement
    )
    silent = tuple(islice(_silent_leads(audit, made.cards), LEADS))
    return replace(
        made,
        leads=silent or made.leads,
        leading="Gone or weaker, and not announced" if silent else made.leading,
        severities=tallies(list(AnnouncementStatus), statuses, list(ANNOUNCEMENTS.values())),
        rates=tuple(_rates(audit)),
        strict=_percent(audit.silent_rate_strict),
        lenient=_percent(audit.silent_rate_lenient),
        unfound=tuple(_passage("Account", each, "") for each in audit.unfound),
    )


def _lead(number: int, change: Change, anchor: str) -> Lead:
    state, there, said = state_of(change), change.new or change.old, change.announcement
    return Lead(
        anchor,
        number,
        state.name,
        state.look,
        said.status.value if said else "",
        where(there.page if there else None, change.section),
        brief(redline(change), WORDS),
    )


def _silent_leads(audit: RevisionAudit, cards: Sequence[Card]) -> Iterator[Lead]:
    """What went or binds less and was not announced: one change for each matter."""
    shown = {change.id: (change, card) for change, card in zip(audit.changes, cards, strict=False)}
    for matter in audit.matters:
        if matter.status is AnnouncementStatus.SILENT:
            known = next((shown[each] for each in matter.changes if each in shown), None)
            if known is not None:
                change, card = known
                yield _lead(card.number, change, card.anchor)


def _percent(rate: float | None) -> str:
    return "" if rate is None else f"{rate:.0%}"


def _rates(audit: RevisionAudit) -> Iterator[Rate]:
    """The silent revision rate of all changes, then by group."""
    # every change that counts has exactly one outcome
    whole = [rate for rate in audit.rates if rate.group == "outcome"]
    counted = sum(rate.changes for rate in whole)
    if not counted:
        return
    name = f"all that count ({counted} of {len(audit.changes)})"
    silent, partly = (sum(rate.silent for rate in whole), sum(rate.partly for rate in whole))
    yield Rate("all", name, counted, silent, partly)
    for rate in audit.rates:
        if rate.changes:
            name = f"{shortened(rate.group, 60)}: {shortened(rate.name, 60)}"
            yield Rate(shortened(rate.group, 60), name, rate.changes, rate.silent, rate.partly)


def _noise(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    classes = Counter(change.noise_class for change in changes if change.noise)
    if classes:
        parts = ", ".join(f"{number:,} {name}" for name, number in sorted(classes.items(), key=str))
        yield "Folded as noise", parts


def _notes(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    yield from (("Note", shortened(note, 600)) for note in notes)


class _Maker:
    """Makes the parts of one sheet of changes."""

    def __init__(
        self, old: Document, new: Document, triage: Triage | None, view: View, anchors: Anchors
    ) -> None:
        self.old, self.new, self.triage = old, new, triage
        self.limit = view.limit
        self.anchors = anchors

    def sheet(
        self,
        kind: str,
        title: str,
        changes: Sequence[Change],
        notes: tuple[tuple[str, str], ...],
    ) -> Sheet:
        shown = changes[: self.limit]
        anchored = [(each, self.anchors.name("change", each.id)) for each in shown]
        anchored += [(each, "") for each in changes[len(shown) :]]
        numbers = Counter(state_of(change).name for change in changes)
        states = list(OUTCOMES.values())
        return Sheet(
            kind=kind,
            anchor=self.anchors.name("report", kind),
            title=title,
            lead=f"{title_of(self.old)}, then {title_of(self.new)}",
            papers=(paper("old", self.old), paper("new", self.new)),
            tallies=tallies([s.name for s in states], numbers, [s.look for s in states]),
            of=f"{count(len(changes), 'change')} of substance",
            severities=(),
            notes=notes,
            maps=tuple(self._maps(anchored)),
            ticks=self._ticks(anchored),
            cards=tuple(
                self._card(number, change, name)
                for number, (change, name) in enumerate(anchored[: len(shown)], 1)
            ),
            more=len(changes) - len(shown),
            triage=self.triage,
            leads=tuple(
                _lead(number, change, name)
                for number, (change, name) in enumerate(anchored[: len(shown)][:LEADS], 1)
            ),
            leading="Heaviest changes",
        )

    def _maps(self, changes: Sequence[tuple[Change, str]]) -> Iterator[Map]:
        order = [*OUTCOMES.values(), _SAME]
        marks = [Mark(c.new.span.start, state_of(c), name) for c, name in changes if c.new]
        yield draw(f"The new edition: {title_of(self.new)}", self.new, marks, order)
        gone = [
            Mark(c.old.span.start, state_of(c), name) for c, name in changes if not c.new and c.old
        ]
        if gone:
            yield draw(f"Removed from the old edition: {title_of(self.old)}", self.old, gone, order)

    def _ticks(self, changes: Sequence[tuple[Change, str]]) -> tuple[Tick, ...]:
        length = self.new.coverage.characters or len(self.new.text)
        marks = [Mark(c.new.span.start, state_of(c), name) for c, name in changes if c.new]
        return tuple(Tick(x, 0.8, mark.state.look) for x, mark in offsets(marks, length, 1000))

    def _card(self, number: int, change: Change, anchor: str) -> Card:
        state, there = state_of(change), change.new or change.old
        how, reason = standing(self.triage, change.id)
        before, after = sides(change)
        said = change.announcement
        account = [
            _passage(
                "Account" if said and said.status in _TOLD else "Account, nearest",
                Passage(each.span, each.quote, each.page, each.section),
                f"match {each.score:.0%}",
            )
            for each in (said.evidence[:1] if said else ())
        ]
        return Card(
            anchor=anchor,
            id=shortened(change.id, 64),
            number=number,
            head=state.name + (" (mixed)" if change.mixed else ""),
            look=state.look,
            severity=said.status.value if said else "",
            labels=tuple(effect.value for effect in change.effects),
            place=where(there.page if there else None, change.section),
            section=self._part(change),
            why="",
            left=self._side("Old", change.old, before, self.old),
            right=(self._side("New", change.new, after, self.new),),
            lines=tuple(_lines(change)),
            terms=tuple(
                Term(
                    shortened(each.name.replace("_", " "), 80),
                    f"{each.value:.2f}",
                    f"{each.weight:.2f}",
                    shortened(each.note, 200),
                )
                for each in change.reasons
            ),
            standing=how,
            reason=reason,
            redline=redline(change),
            account=tuple(account),
            status=state.name,
        )

    def _part(self, change: Change) -> str:
        document, there = (self.new, change.new) if change.new else (self.old, change.old)
        if there is None or not document.sections:
            return shortened(change.section, 80)
        section = document.section_at(there.span.start)
        while section.parent is not None and section.level > 1:
            section = document.sections[section.parent]
        return shortened(section.label, 80) or "Before the first heading"

    def _side(
        self, label: str, passage: Passage | None, pieces: tuple[Piece, ...], document: Document
    ) -> Side:
        if passage is None:
            note = "Not in this edition."
            return Side(label, (), "", note=note, absent=True)
        address = safe_address(document.source.url, passage.page)
        return Side(label, pieces, where(passage.page, passage.section), address)


def _passage(label: str, passage: Passage, more: str) -> Side:
    place = where(passage.page, passage.section)
    return Side(label, marked(passage.quote), f"{place} · {more}" if more else place)


def _lines(change: Change) -> Iterator[tuple[str, str]]:
    if change.old and change.new and change.old.section != change.new.section:
        yield "From", where(change.old.page, change.old.section)
    if change.dimensions:
        yield "Touches", ", ".join(dimension.value for dimension in change.dimensions)
    if change.statement_kinds:
        yield "A statement that", ", ".join(kind.value for kind in change.statement_kinds)
    if change.doubt:
        yield "Doubt", shortened(change.doubt, 400)
    yield "Rank", f"{change.rank_score:.3f}, confidence {change.confidence:.2f}"
