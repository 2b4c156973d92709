"""Findings in words: a title, a severity, and the sentences of the message."""

from __future__ import annotations

from dataclasses import replace

from cardwatch.model import Change, Revision, Severity
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
from cardwatch.watch.tracking import period_days

# Ranks (0 to 1) of changes on Open Terms Archive's records: a new or lost negation or
# obligation stands at 0.7 and above, a figure, a condition or a list near 0.4, wording below.
_HIGH, _MEDIUM = 0.6, 0.3
_SHOWN = 3
_QUOTE = 240


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
    changes = [change for change in revision.changes if not change.noise]
    severity = _severity(changes)
    count = "one change" if len(changes) == 1 else f"{len(changes)} changes"
    return replace(
        finding, severity=severity, title=f"{name} changed: {count}", lines=tuple(_lines(changes))
    )


def _severity(changes: list[Change]) -> Severity:
    rank = max((change.rank_score for change in changes), default=0.0)
    return Severity.HIGH if rank >= _HIGH else Severity.MEDIUM if rank >= _MEDIUM else Severity.LOW


def _lines(changes: list[Change]) -> list[str]:
    lines = []
    for change in changes[:_SHOWN]:
        place = change.section or "without a heading"
        lines.append(f"{change.kind.value} ({', '.join(change.effects)}) in {place}:")
        if change.old:
            lines.append(f"- {_short(change.old.quote)}")
        if change.new:
            lines.append(f"+ {_short(change.new.quote)}")
    if len(changes) > _SHOWN:
        lines.append(f"and {len(changes) - _SHOWN} more")
    return lines


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTE else plain[: _QUOTE - 1] + "…"


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
        changes = [change for change in revision.changes if not change.noise]
        lines += _lines(changes)
        severity = _severity(changes)
    lines.append("Further returns to these texts are counted and not told.")
    return replace(finding, title=title, lines=tuple(lines), severity=severity)


def message_of(finding: Finding, channel: str) -> Message:
    """The finding as a plain message for one channel; nothing in it is live."""
    lines = [finding.title, "", *finding.lines]
    if finding.text:
        lines += ["", finding.text.rstrip("\n")]
    lines += ["", f"address: {finding.url}", f"seen: {finding.at}", f"source: {finding.source}"]
    if finding.new:
        lines.append(f"snapshot: sha256:{finding.new}")
    text = inert("\n".join(lines)) + "\n"
    return Message(
        f"{finding.matter}-{finding.event.value}", channel, one_line(finding.title), text, finding
    )


def state_words(state: State) -> str:
    """A state in a few words, for lists."""
    return f"{state.words} words, seen {state.times} times, last {state.last_seen}"
