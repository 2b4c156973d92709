"""Findings in words: a title, a severity, and the sentences of the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cardwatch.model import AnnouncementStatus, Change, Revision, Severity
from cardwatch.model.watch import (
    Event,
    Finding,
    Judgement,
    MatterKind,
    Message,
    State,
    Track,
    WatchSource,
)
from cardwatch.reports import inert, one_line
from cardwatch.watch.letters import Letter, Said, letter_of
from cardwatch.watch.redlines import redline_of
from cardwatch.watch.tracking import period_days

# Ranks (0 to 1) of changes on Open Terms Archive's records: a new or lost negation or
# obligation stands at 0.7 and above, a figure, a condition or a list near 0.4, wording below.
_HIGH, _MEDIUM = 0.6, 0.3
_SHOWN = 3
# A mail has more room than a message.
_SHOWN_IN_LETTERS = 10


def describe(
    finding: Finding, source: WatchSource, judgement: Judgement | None, track: Track
) -> Finding:
    """The finding with its words. ``judgement`` is that of the capture it came from."""
    name = source.document or source.name
    if source.publisher:
        name = f"{source.publisher}: {name}"
    if finding.title:
        return finding
    if finding.event is Event.RESOLVED:
        return replace(finding, title=f"{name} is there again")
    revision = judgement.revision if judgement else None
    if finding.kind is MatterKind.CHANGE and revision:
        return _change(finding, name, revision)
    if finding.kind is MatterKind.OSCILLATION:
        return _return(finding, name, revision, track)
    if finding.kind is MatterKind.NEW_DOCUMENT:
        return replace(finding, title=f"New document: {name}")
    titles = {
        MatterKind.GONE: "is gone",
        MatterKind.OUTAGE: "cannot be reached",
        MatterKind.BAD_CAPTURE: "shows something else in its place",
    }
    return replace(finding, title=f"{name} {titles.get(finding.kind, finding.kind.value)}")


def _change(finding: Finding, name: str, revision: Revision) -> Finding:
    changes = _told(revision)
    severity = _severity(changes)
    count = "one change" if len(changes) == 1 else f"{len(changes)} changes"
    title = f"{name} changed: {count}"
    if quiet := _silence(changes):
        title = f"{title}, {quiet}"
    return replace(finding, severity=severity, title=title, lines=tuple(_lines(changes)))


def _silence(changes: Sequence[Change]) -> str:
    """How many of the changes are silent, in words; empty if none is, or nothing is known."""
    silent = sum(
        each.announcement is not None and each.announcement.status is AnnouncementStatus.SILENT
        for each in changes
    )
    if not silent:
        return ""
    if silent < len(changes):
        return f"{silent} silent"
    return "silent" if silent == 1 else "all silent"


def _told(revision: Revision) -> list[Change]:
    return [change for change in revision.changes if not change.noise]


def _severity(changes: list[Change]) -> Severity:
    rank = max((change.rank_score for change in changes), default=0.0)
    return Severity.HIGH if rank >= _HIGH else Severity.MEDIUM if rank >= _MEDIUM else Severity.LOW


def _lines(changes: list[Change]) -> list[str]:
    lines = [line for change in changes[:_SHOWN] for line in redline_of(change).lines]
    return [*lines, *_rest(changes, _SHOWN)]


def _rest(changes: list[Change], shown: int) -> list[str]:
    return [f"and {len(changes) - shown} more"] if len(changes) > shown else []


def letter(finding: Finding, judgement: Judgement | None, report: str = "") -> Letter:
    """The letter of a finding that came of a judgement, with the words that changed."""
    revision = judgement.revision if judgement else None
    kinds = (MatterKind.CHANGE, MatterKind.OSCILLATION)
    if revision is None or finding.event is Event.RESOLVED or finding.kind not in kinds:
        return letter_of(finding, report=report)
    changes = _told(revision)
    redlines = tuple(redline_of(change) for change in changes[:_SHOWN_IN_LETTERS])
    shown = {line for change in changes[:_SHOWN] for line in redline_of(change).lines}
    own = [line for line in finding.lines if line not in {*shown, *_rest(changes, _SHOWN)}]
    said = Said(redlines, (*_rest(changes, _SHOWN_IN_LETTERS), *own))
    return letter_of(finding, said, report)


def _return(finding: Finding, name: str, revision: Revision | None, track: Track) -> Finding:
    flips = len(track.flips)
    if flips < 2:
        title = f"{name} went back to a text that it had before"
    else:
        title = f"{name} alternates between {len(track.swings)} texts"
    period = period_days(track.flips)
    lines = [f"returns so far: {flips}" + (f", every {period:.1f} days" if period else "")]
    severity = Severity.LOW
    if revision:
        changes = _told(revision)
        lines += _lines(changes)
        severity = _severity(changes)
    lines.append("Further returns to these texts are counted and not told.")
    return replace(finding, title=title, lines=tuple(lines), severity=severity)


def message_of(finding: Finding, channel: str, letter: Letter | None = None) -> Message:
    """The finding as a message for one channel; nothing in it is live."""
    lines = [finding.title]
    if finding.lines:
        lines += ["", *finding.lines]
    if finding.text:
        lines += ["", finding.text.strip("\n")]
    lines += ["", f"address: {finding.url}", f"seen: {finding.at}", f"source: {finding.source}"]
    if finding.new:
        lines.append(f"snapshot: sha256:{finding.new}")
    text = inert("\n".join(lines)) + "\n"
    letter = letter or letter_of(finding)
    return Message(
        f"{finding.matter}-{finding.event.value}",
        channel,
        one_line(finding.title),
        text,
        finding,
        markdown=letter.markdown,
        html=letter.html,
        report=letter.report,
    )


def state_words(state: State) -> str:
    """A state in a few words, for lists."""
    return f"{state.words} words, seen {state.times} times, last {state.last_seen}"
