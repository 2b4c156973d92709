"""Revisions: what changed between two editions, and what the publisher tells of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cardwatch.app.disclosing import passage_index
from cardwatch.app.statements import load_rules, reading_of
from cardwatch.model import (
    Account,
    Announcement,
    AnnouncementStatus,
    Assessment,
    Disclosure,
    Document,
    Features,
    Reading,
    Reason,
    Revision,
    RevisionAudit,
    Sentence,
)

if TYPE_CHECKING:
    from cardwatch import diff, revision
    from cardwatch.disclosure import PassageIndex


def compare(old: Document, new: Document, *, rules: Sequence[Path] = ()) -> Revision:
    """What changed from ``old`` to ``new``: substantive changes by rank, then noise by class.

    ``rules`` are folders whose rules are added to those that ship with cardwatch.
    """
    from cardwatch import align, diff

    loaded = load_rules(rules)
    before, after = reading_of(old, loaded), reading_of(new, loaded)
    return diff.compare(before, after, align.align(before, after), drafting())


def drafting() -> diff.Tools:
    """What a comparison asks of the other stages."""
    from cardwatch import align, diff, segment

    return diff.Tools(align.match_words, segment.describe_text, assess_change)


def select_changes(
    revision: Revision,
    old: Document,
    new: Document,
    *,
    only: Sequence[str] = (),
    section: str = "",
) -> Revision:
    """The changes that are wanted: of some outcomes, kinds or effects, or in one place.

    ``section`` is a section, page or span of either edition, as ``locate`` takes it.

    Raises:
        BadReference: an unknown name, or a section that neither edition has.
    """
    from cardwatch import diff, references

    within = references.locate_in_both(old, new, section) if section else None
    return diff.select(revision, only, within)


def assess_change(old_text: str, new_text: str) -> Assessment:
    """What became of a commitment worded ``old_text`` that is now worded ``new_text``.

    Retained, strengthened or weakened (added or removed where one text is empty), with the
    dimensions and effects of the change, the probability of the outcome and the reasons for it.
    Never relocated: that is told by headings, which ``compare`` knows and two passages lack.
    """
    from cardwatch import outcome, segment

    old, new = (
        outcome.Side(segment.describe_text(text), segment.words(text))
        for text in map(outcome.mended, (old_text, new_text))
    )
    return outcome.assess(old, new, segment.load_lexicon().of_words)


def audit_revision(
    old: Document,
    new: Document,
    account: Document | Sequence[Document] | None = None,
    *,
    rules: Sequence[Path] = (),
) -> RevisionAudit:
    """What changed from ``old`` to ``new``, and whether the publisher's accounts tell of it.

    ``account`` is what the publisher says of the revision: one document, several, or none. A
    list of changes inside ``new`` is found by itself and counts as one more. Without any, no
    change has an announcement status and there are no rates.
    """
    from cardwatch import align, diff, revision, segment

    loaded = load_rules(rules)
    before, after = reading_of(old, loaded), reading_of(new, loaded)
    # comparing and auditing ask about the same passages
    shared = diff.Tools(align.match_words, cache(segment.describe_text), cache(assess_change))
    changed = diff.compare(before, after, align.align(before, after), shared)
    given = _accounted(before, after, _several(account))
    indices = [
        passage_index(Reading(reading.document, _inside(reading, units)))
        for reading, units in zip(given.readings, given.units, strict=True)
    ]
    tools = _audit_tools(indices, shared.describe, old, new)
    return revision.audit(changed, given, tools)


def select_audited(audit: RevisionAudit, only: Sequence[str]) -> RevisionAudit:
    """The audit with the changes of some outcomes or announcement statuses; its rates stay.

    Raises:
        BadReference: an unknown name.
    """
    from cardwatch import revision

    return revision.select(audit, only)


def _several(account: Document | Sequence[Document] | None) -> Sequence[Document]:
    if account is None:
        return ()
    return (account,) if isinstance(account, Document) else account


def _accounted(old: Reading, new: Reading, documents: Sequence[Document]) -> revision.Given:
    """The editions with the accounts given, and with those that the new edition holds."""
    from cardwatch import revision, segment

    accounts, readings = [], []
    for document in documents:
        if not document.text.strip():
            continue
        reading = Reading(document, segment.segment(document))
        parts = revision.relevant(document, old.document, new.document)
        listed = revision.is_listed(document)
        accounts.append(Account(document.source, document.title, parts, listed))
        readings.append(reading)
    lists = revision.find_accounts(old), revision.find_accounts(new)
    own = revision.fresh(lists[1], new, old)
    for parts, listed in ((own, True), (revision.remarks(new, old, lists[1]), False)):
        if parts:
            accounts.append(
                Account(new.document.source, new.document.title, parts, listed, inside=True)
            )
            readings.append(new)
    names = revision.names_of(old.document, new.document)
    units = tuple(
        tuple(revision.telling(reading, account.parts, names))
        for reading, account in zip(readings, accounts, strict=True)
    )
    return revision.Given(old, new, tuple(accounts), tuple(readings), units, lists)


def _inside(reading: Reading, units: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """The sentences that lines of an account are made of."""
    return tuple(s for s in reading.sentences if any(u.span.contains(s.span) for u in units))


def _audit_tools(
    accounts: Sequence[PassageIndex],
    read: Callable[[str], Features],
    old: Document,
    new: Document,
) -> revision.Tools:
    from cardwatch import disclosure, outcome, revision, segment
    from cardwatch.disclosure.background import load_background

    stems = load_background().counts
    mend = revision.mender(old.text, new.text, lambda word: segment.stem(word) in stems)

    @cache
    def describe(text: str) -> Features:
        return read(mend(text))

    @cache
    def side(text: str) -> outcome.Side:
        whole = mend(outcome.mended(text))
        return outcome.Side(read(whole), segment.words(whole))

    def assess(old: str, new: str, sections: tuple[str, str]) -> Assessment:
        lexicon = segment.load_lexicon().of_words
        return outcome.assess(side(old), side(new), lexicon, sections=sections)

    def search(reading: Reading, sentences: Sequence[Sentence]) -> Callable[[Features], Disclosure]:
        index = passage_index(Reading(reading.document, tuple(sentences)))
        return lambda features: disclosure.find_disclosure(features, index)

    @cache
    def announce(old: str | None, new: str | None, number: int) -> Announcement:
        before, after = (describe(text) if text else None for text in (old, new))
        return _with_alternative(disclosure.find_announcement(before, after, accounts[number]))

    return revision.Tools(describe, assess, search, announce, mend)


def _with_alternative(said: Announcement) -> Announcement:
    """The announcement with the status that it came closest to beside its own, for the reader."""
    from cardwatch.disclosure.weights import load_models

    models = load_models("announcement")
    model = next((models[reason.name] for reason in said.reasons if reason.name in models), None)
    if model is None:
        return said
    # the score from which on a change is announced in part, and as such
    steps = {
        AnnouncementStatus.PARTLY_ANNOUNCED: model.cuts["partly"],
        AnnouncementStatus.ANNOUNCED: model.cuts["announced"],
    }
    if said.status is AnnouncementStatus.SILENT:
        other, cut = next(iter(steps.items()))
        note = f"{other.value} from here on"
    else:
        cut = steps[said.status]
        lower = AnnouncementStatus.PARTLY_ANNOUNCED
        down = lower if said.status is AnnouncementStatus.ANNOUNCED else AnnouncementStatus.SILENT
        note = f"{down.value} below this"
    return replace(said, reasons=(*said.reasons, Reason("alternative", cut, 0.0, note)))
