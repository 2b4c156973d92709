"""The audit: every change against the accounts, and every declaration against the changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cardwatch.errors import BadReference
from cardwatch.model import (
    Announcement,
    AnnouncementStatus,
    Change,
    Declaration,
    DisclosureStatus,
    Effect,
    Evidence,
    Found,
    Matter,
    NoiseClass,
    Outcome,
    Passage,
    Revision,
    RevisionAudit,
    SilentRate,
    Span,
)
from cardwatch.revision.accounts import is_general, items, names_of
from cardwatch.revision.binding import BINDS
from cardwatch.revision.doubts import doubt
from cardwatch.revision.fates import follow, is_heading
from cardwatch.revision.given import Given, Tools
from cardwatch.revision.matters import in_order, matters
from cardwatch.revision.places import (
    Entries,
    Touch,
    elsewhere,
    entries,
    located,
    together,
    touching,
)
from cardwatch.revision.weighing import Scale

_ORDER = {
    AnnouncementStatus.SILENT: 0,
    AnnouncementStatus.NO_ACCOUNT: 0,
    AnnouncementStatus.PARTLY_ANNOUNCED: 1,
    AnnouncementStatus.ANNOUNCED: 2,
}
_WENT = frozenset([Outcome.REMOVED, Outcome.WEAKENED, Outcome.RELOCATED])
_SLIGHT = frozenset([Effect.WORDING, Effect.EMPHASIS])
# When and in which version an edition appeared is its label.
_STAMP = re.compile(
    r"\A\W*(?:(?:in force|effective|last (?:updated|modified|revised)|updated|published|version|"
    r"revision|date)\b.{0,60}|.{0,60}\bversion [\d.]+\W*)\Z",
    re.IGNORECASE | re.DOTALL,
)


def audit(revision: Revision, given: Given, tools: Tools) -> RevisionAudit:
    """What changed, with what became of each commitment and whether the accounts tell of it.

    Changes are ranked: what went or binds less first, those about one matter together, by weight
    and by how little the accounts tell of it. A change with a doubt is in no rate; neither is a
    rewording that keeps what it said.
    """
    scale = Scale(given, tools.mend)
    changes = follow(revision, scale, tools)
    changes = doubt(changes, given.old.document, given.new.document)
    changes = [replace(c, rank_score=scale.weigh(c)) for c in changes]
    listed = entries(given, tools)
    about = {c.id: touching(c, given, listed, tools) for c in changes}
    changes = [
        replace(c, announcement=_announcement(c, about[c.id], listed, given, tools))
        for c in changes
    ]
    changes = together(changes)
    counting = {c.id for c in changes if _counts(c, scale)}
    changes.sort(key=lambda c: _rank(c, given, counts=c.id in counting))
    found = matters([c for c in changes if c.id in counting], scale, tools)
    changes = list(in_order(changes, found))
    counted = [c for c in changes if c.id in counting]
    strict, lenient = _rates(counted) if given.accounts else (None, None)
    declarations = tuple(_declarations(changes, about, revision, given, tools))
    silent = {AnnouncementStatus.SILENT}
    return RevisionAudit(
        revision=revision,
        changes=tuple(changes),
        silent_rate_strict=strict,
        silent_rate_lenient=lenient,
        undeclared=tuple(c for c in counted if c.announcement and c.announcement.status in silent),
        unfound=tuple(d.passage for d in declarations if d.found is Found.NOT_FOUND),
        accounts=given.accounts,
        declarations=declarations,
        rates=tuple(_groups(counted)) if given.accounts else (),
        doubtful=tuple(c for c in changes if c.doubt),
        matters=found,
    )


def _rank(change: Change, given: Given, *, counts: bool) -> tuple[int, int, float, str]:
    status = change.announcement.status if change.announcement else AnnouncementStatus.NO_ACCOUNT
    if change.doubt or _is_label(change, given):
        group = 3
    elif not counts or change.outcome in (Outcome.RETAINED, None):
        group = 2
    else:
        group = 0 if change.outcome in _WENT else 1
    return group, _ORDER[status], -change.rank_score, change.id


def _counts(change: Change, scale: Scale) -> bool:
    """Whether a change belongs in the rates: sure, of substance, and of the text proper.

    Of what only went or only came, that is what binds at all: no tale, belief or definition.
    """
    if change.doubt or _is_label(change, scale.given):
        return False
    if change.outcome in (Outcome.RETAINED, None):
        return bool(set(change.effects) - _SLIGHT)
    if not change.statement_kinds and not set(change.effects) - _SLIGHT:
        return False
    if change.old is None or change.new is None:
        reading = scale.given.new if change.old is None else scale.given.old
        passage = change.new or change.old
        return passage is not None and scale.binding(passage, reading) >= BINDS
    return True


def _is_label(change: Change, given: Given) -> bool:
    """Whether it is a heading or the edition's own date and number that changed."""
    for reading, passage in ((given.new, change.new), (given.old, change.old)):
        if passage is None:
            continue
        return is_heading(reading.document, passage.span) or bool(_STAMP.match(passage.quote))
    return False


def select(audit: RevisionAudit, only: Sequence[str]) -> RevisionAudit:
    """The audit with the changes that have one of the names; the rates are those of all.

    A name is that of an outcome, an announcement status (``partly`` for short) or
    ``doubtful``. Names of both sorts select changes that have one of each.

    Raises:
        BadReference: an unknown name.
    """
    wanted = {name.strip().lower() for name in only}
    outcomes = {outcome.value for outcome in Outcome} & wanted
    statuses = {s.value for s in AnnouncementStatus if {s.value, s.value.split()[0]} & wanted}
    known = {o.value for o in Outcome} | {
        w for s in AnnouncementStatus for w in (s.value, s.value.split()[0])
    }
    unknown = sorted(wanted - known - {"doubtful"})
    if unknown:
        hint = f"one of: {', '.join(sorted({*known, 'doubtful'}))}"
        raise BadReference(f"no outcome or announcement is called {unknown[0]!r}", hint=hint)

    def fits(change: Change) -> bool:
        if "doubtful" in wanted and not change.doubt:
            return False
        said = change.announcement.status.value if change.announcement else ""
        return (not outcomes or change.outcome in outcomes) and (not statuses or said in statuses)

    kept = tuple(c for c in audit.changes if fits(c))
    return replace(audit, changes=kept, matters=_within(audit.matters, {c.id for c in kept}))


def _within(found: Sequence[Matter], ids: set[str]) -> tuple[Matter, ...]:
    """The matters as far as their changes are wanted."""
    cut = (replace(m, changes=tuple(i for i in m.changes if i in ids)) for m in found)
    return tuple(matter for matter in cut if matter.changes)


# -- announcements --------------------------------------------------------------------------


def _announcement(
    change: Change, about: Sequence[Touch], listed: Entries, given: Given, tools: Tools
) -> Announcement:
    """The best that any account says of a change."""
    if not given.accounts:
        return Announcement(AnnouncementStatus.NO_ACCOUNT, 0.0, 1.0, ())
    old, new = (side.quote if side else None for side in (change.old, change.new))
    others = elsewhere(change, given, listed)
    asked = [
        _shown(tools.announce(old, new, number), change, given, number, others)
        for number in range(len(given.accounts))
    ]
    best = max(asked, key=lambda found: (_ORDER[found.status], found.score))
    return located(best, about, given)


def _shown(
    found: Announcement,
    change: Change,
    given: Given,
    number: int,
    others: Collection[tuple[int, Span]],
) -> Announcement:
    """An announcement with whole lines of the account as its evidence.

    What itself stands in the words that changed is no account of them, and neither is a line
    that says where it changed something, and that is elsewhere (``others``).
    """
    inside = given.accounts[number].inside
    own = change.new.span if inside and change.new else None
    kept: list[Evidence] = []
    first = True  # whether the evidence that decided is kept
    for at, evidence in enumerate(found.evidence):
        unit = next((u for u in given.units[number] if u.span.contains(evidence.span)), None)
        if (own is not None and own.overlaps(evidence.span)) or (
            unit is not None and (number, unit.span) in others
        ):
            first = first and at > 0
            continue
        if unit is not None and unit.span != evidence.span:
            words = given.readings[number].document.quote(unit.span)
            evidence = replace(evidence, span=unit.span, quote=words)
        if all(evidence.span != other.span for other in kept):
            kept.append(evidence)
    status = found.status if kept and first else AnnouncementStatus.SILENT
    return replace(found, status=status, evidence=tuple(kept), account=number)


# -- rates ----------------------------------------------------------------------------------


def _tally(changes: Sequence[Change]) -> tuple[int, int, int]:
    """How many are announced, partly announced, silent."""
    statuses = [c.announcement.status for c in changes if c.announcement]
    return (
        statuses.count(AnnouncementStatus.ANNOUNCED),
        statuses.count(AnnouncementStatus.PARTLY_ANNOUNCED),
        statuses.count(AnnouncementStatus.SILENT),
    )


def _rates(changes: Sequence[Change]) -> tuple[float | None, float | None]:
    """The strict and the lenient silent rate; ``None`` where nothing changed."""
    _, partly, silent = _tally(changes)
    if not changes:
        return None, None
    return round((partly + silent) / len(changes), 4), round(silent / len(changes), 4)


def _groups(changes: Sequence[Change]) -> Iterator[SilentRate]:
    by: tuple[tuple[str, Callable[[Change], Iterable[str]]], ...] = (
        ("outcome", lambda c: [(c.outcome or Outcome.RETAINED).value]),
        ("effect", lambda c: [effect.value for effect in c.effects]),
        ("statement", lambda c: [kind.value for kind in c.statement_kinds] or ["no statement"]),
    )
    for group, values in by:
        for name in sorted({name for change in changes for name in values(change)}):
            own = [change for change in changes if name in values(change)]
            strict, lenient = _rates(own)
            yield SilentRate(group, name, len(own), *_tally(own), strict, lenient)


# -- declarations ---------------------------------------------------------------------------


def _declarations(
    changes: Sequence[Change],
    about: Mapping[str, Sequence[Touch]],
    revision: Revision,
    given: Given,
    tools: Tools,
) -> Iterator[Declaration]:
    """Each line of the accounts that declares a change, and what bears it out."""
    told = _told(changes, about)
    names = names_of(given.old.document, given.new.document)
    asks = [_asker(revision, given, tools, old) for old in (True, False)]
    for number, account in enumerate(given.accounts):
        reading = given.readings[number]
        for span in items(reading, account.parts, account.listed):
            passage = reading.document.passage(span)
            ids = [pair for (n, at), pairs in told.items() if n == number and at.overlaps(span)
                   for pair in pairs]  # fmt: skip
            best = tuple(dict.fromkeys(name for _, name in sorted(ids)))
            general = is_general(passage.quote, names)
            found = Found.GENERAL if general else _found(passage, best, asks, revision)
            yield Declaration(passage, number, found, best)


def _told(
    changes: Sequence[Change], about: Mapping[str, Sequence[Touch]]
) -> dict[tuple[int, Span], list[tuple[float, str]]]:
    """Which changes (with a rank, the lowest first) each line of an account is about."""
    told: dict[tuple[int, Span], list[tuple[float, str]]] = {}
    for change in changes:
        said = change.announcement
        if said and said.status in _TOLD and said.account is not None:
            for evidence in said.evidence[:1]:
                told.setdefault((said.account, evidence.span), []).append((-said.score, change.id))
        for touch in about[change.id]:
            key = touch.entry.account, touch.entry.sentence.span
            told.setdefault(key, []).append((-1.0 - touch.told, change.id))
    return told


_TOLD = frozenset([AnnouncementStatus.ANNOUNCED, AnnouncementStatus.PARTLY_ANNOUNCED])
_UNREADABLE = re.compile(
    r"\b(?:in|on|of) (?:the |all |several |some )?"
    r"(?:figures?|images?|charts?|plots?|graphs?|diagrams?)\b",
    re.I,
)
_CLASSES = (
    (NoiseClass.SPELLING, re.compile(r"\bspell\w*", re.I)),
    (NoiseClass.RENUMBERED, re.compile(r"\b(?:re)?number\w*", re.I)),
    (NoiseClass.MOVED, re.compile(r"\b(?:mov(?:ed|ing)|reorder\w*|rearrang\w*|new order)\b", re.I)),
    (NoiseClass.LINK, re.compile(r"\b(?:links?|urls?|hyperlinks?)\b", re.I)),
    (NoiseClass.PUNCTUATION, re.compile(r"\b(?:punctuation|quotation marks)\b", re.I)),
)


def _found(
    passage: Passage,
    changes: Sequence[str],
    asks: Sequence[Callable[[str], bool]],
    revision: Revision,
) -> Found:
    if changes or any(ask(passage.quote) for ask in asks):
        return Found.FOUND
    folded = {change.noise_class for change in revision.changes if change.noise}
    if any(kind in folded and words.search(passage.quote) for kind, words in _CLASSES):
        return Found.FOUND
    # what a picture shows is read from no edition
    return Found.UNREAD if _UNREADABLE.search(passage.quote) else Found.NOT_FOUND


def _asker(revision: Revision, given: Given, tools: Tools, old: bool) -> Callable[[str], bool]:
    """Asks whether words stand among those of one edition that the other has otherwise."""
    reading = given.old if old else given.new
    inside = given.lists[0 if old else 1]
    spans = sorted(side.span for c in revision.changes if (side := c.old if old else c.new))
    sentences = [
        sentence
        for sentence in reading.sentences
        if any(span.overlaps(sentence.span) for span in spans)
        and not any(part.overlaps(sentence.span) for part in inside)
    ]
    ask = tools.search(reading, sentences)

    def found(words: str) -> bool:
        seen = ask(tools.describe(words))
        return seen.status not in (DisclosureStatus.ABSENT, DisclosureStatus.LINKED_ONLY)

    return found
