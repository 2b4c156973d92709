"""Changes between two editions at a terminal: ranked, redlined, the noise counted and folded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rich.text import Text

from cardwatch.model import Announcement, Change, Document, Span
from cardwatch.reports.inert import inert
from cardwatch.reports.subjects import Audit, Diff
from cardwatch.reports.terminal.paper import (
    STYLES,
    Paper,
    count,
    join,
    measure,
    passage_place,
    quoted,
    styled,
    title_of,
    where,
)

# What stands between two edits and is longer than this is shortened to its ends.
_KEPT = 160
_EDGE = 60
_INDENT = 5


def diff(subject: Diff, paper: Paper) -> None:
    """The whole report of changes."""
    revision = subject.revision
    paper.line(styled("What changed between two editions", "title"))
    _compared(subject.old, subject.new, paper)
    substantive = [change for change in revision.changes if not change.noise]
    paper.paragraph(_summary(substantive))
    _noise(revision.changes, paper)
    for note in revision.notes:
        paper.labelled("note", note, indent=2)
    _listed(substantive, subject.old, subject.new, paper)


def audit(subject: Audit, paper: Paper) -> None:
    """The whole report of changes and what was said of them."""
    result = subject.audit
    paper.line(styled("What changed, and what was said of it", "title"))
    _compared(subject.old, subject.new, paper)
    statuses = Counter(
        change.announcement.status for change in result.changes if change.announcement
    )
    paper.paragraph(
        " · ".join(f"{number:,} {status}" for status, number in sorted(statuses.items()))
        or "no substantive changes"
    )
    if result.silent_rate_strict is not None and result.silent_rate_lenient is not None:
        paper.paragraph(
            f"silent revision rate: {result.silent_rate_strict:.0%} strict, "
            f"{result.silent_rate_lenient:.0%} if partly announced counts as announced"
        )
    _noise(result.revision.changes, paper)
    _listed(result.changes, subject.old, subject.new, paper)
    if result.unfound:
        paper.blank()
        paper.line(styled("Declared, and not found in the documents", "title"))
        for passage in result.unfound:
            paper.paragraph(quoted(passage.quote, passage.span.start), indent=_INDENT)
            paper.paragraph(styled(passage_place(passage), "dim"), indent=_INDENT)


def _compared(old: Document, new: Document, paper: Paper) -> None:
    paper.blank()
    for label, document in (("old", old), ("new", new)):
        paper.labelled(label, styled(title_of(document), "title"), indent=2, room=5)
        if document.title:
            paper.labelled("", styled(document.source.location, "dim"), indent=2, room=5)
        paper.labelled("", measure(document.coverage), indent=2, room=5)
    paper.blank()


def _summary(changes: Sequence[Change]) -> str:
    if not changes:
        return "No change of substance."
    outcomes = Counter(change.outcome or change.kind for change in changes)
    parts = " · ".join(f"{number:,} {name}" for name, number in sorted(outcomes.items()))
    return f"{count(len(changes), 'change')} of substance: {parts}"


def _noise(changes: Iterable[Change], paper: Paper) -> None:
    classes = Counter(change.noise_class for change in changes if change.noise)
    if classes:
        parts = ", ".join(f"{number:,} {name}" for name, number in sorted(classes.items(), key=str))
        paper.labelled("folded", parts, indent=0)


def _listed(changes: Sequence[Change], old: Document, new: Document, paper: Paper) -> None:
    shown = changes[: paper.view.limit]
    for number, change in enumerate(shown, 1):
        paper.rule()
        _change(number, change, old, new, paper)
    if changes:
        paper.rule()
    if len(shown) < len(changes):
        paper.paragraph(f"{len(changes) - len(shown):,} more, lower ranked: --all")


def _change(number: int, change: Change, old: Document, new: Document, paper: Paper) -> None:
    outcome = (change.outcome or change.kind).upper()
    mixed = " (mixed)" if change.mixed else ""
    effects = ", ".join(effect.value for effect in change.effects)
    head = join(styled(f"{number:>3}  ", "dim"), styled(outcome + mixed, "key"), f"  {effects}")
    there = change.new or change.old
    page = there.page if there else None
    paper.ends(head, styled(where(page, change.section), "dim"))
    paper.paragraph(redline(change, old, new), indent=_INDENT)
    if change.old and change.new and change.old.section != change.new.section:
        paper.labelled("from", passage_place(change.old), indent=_INDENT)
    if change.dimensions:
        names = ", ".join(dimension.value for dimension in change.dimensions)
        paper.labelled("touches", names, indent=_INDENT)
    if change.announcement:
        _announcement(change.announcement, paper)
    if change.doubt:
        paper.labelled("doubt", change.doubt, indent=_INDENT)
    if paper.view.explain:
        for reason in change.reasons:
            terms = f"{reason.value:.2f} × {reason.weight:.2f}  {reason.note}"
            paper.labelled(reason.name, terms, indent=_INDENT, room=22)


def _announcement(announcement: Announcement, paper: Paper) -> None:
    paper.labelled("account", styled(announcement.status, "key"), indent=_INDENT)
    for evidence in announcement.evidence[:1]:
        paper.labelled("", quoted(evidence.quote, evidence.span.start), indent=_INDENT)


def redline(change: Change, old: Document, new: Document) -> Text:
    """The passage with what went as ``[-old-]`` and what came as ``{+new+}``.

    Long unchanged stretches are shortened in the middle.
    """
    if change.old is None or change.new is None:
        return _whole(change)
    if not change.edits and change.old.quote != change.new.quote:
        return join(_gone(change.old.quote), " ", _come(change.new.quote))
    shown = Text()
    at = change.new.span.start
    for old_span, new_span in _joined(change.edits):
        shown.append_text(_kept(new.text[at : new_span.start]))
        shown.append_text(join(_gone(old.quote(old_span)), _come(new.quote(new_span))))
        at = new_span.end
    shown.append_text(_kept(new.text[at : change.new.span.end]))
    return shown


def _joined(edits: Iterable[tuple[Span, Span]]) -> list[tuple[Span, Span]]:
    """Edits that follow each other without a word between them, as one."""
    joined: list[tuple[Span, Span]] = []
    for old_span, new_span in edits:
        last = joined[-1] if joined else None
        if last and last[0].end == old_span.start and last[1].end == new_span.start:
            joined[-1] = (last[0].cover(old_span), last[1].cover(new_span))
        else:
            joined.append((old_span, new_span))
    return joined


def _whole(change: Change) -> Text:
    if change.old is not None:
        return _gone(change.old.quote)
    return _come(change.new.quote if change.new is not None else "")


def _gone(text: str) -> Text:
    return Text(f"[-{_flat(text)}-]" if text else "", STYLES["gone"])


def _come(text: str) -> Text:
    return Text(f"{{+{_flat(text)}+}}" if text else "", STYLES["come"])


def _kept(text: str) -> Text:
    flat = _flat(text)
    if len(flat) > _KEPT:
        flat = f"{flat[:_EDGE].rstrip()} … {flat[-_EDGE:].lstrip()}"
    return Text(flat)


def _flat(text: str) -> str:
    return inert(text).replace("\n", " ").replace("\t", " ")
