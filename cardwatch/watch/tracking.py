"""From what a fetch turned out to be to what is told: each matter once.

Nothing here reads, writes or asks for the time: the same captures in the same order give the
same findings, in a run as in a replay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from cardwatch.model import Severity
from cardwatch.model.watch import (
    Capture,
    Event,
    Finding,
    Judgement,
    MatterKind,
    State,
    Track,
    Trouble,
    Verdict,
    WatchSource,
)


@dataclass(frozen=True, slots=True)
class Policy:
    """When what goes wrong is told: after so many checks in a row.

    ``trust`` is the check at which a text that shrank or grew is taken for the document.
    What was told is not told again for ``lately`` days while it comes and goes.
    """

    outage: int = 3
    gone: int = 2
    bad: int = 3
    trust: int = 3
    lately: int = 30


@dataclass(frozen=True, slots=True)
class Step:
    """What a check leads to: the track moved on, states to keep, findings to tell.

    ``counted`` are the ids of open matters that were seen once more and are not told again,
    ``closed`` those that are over and whose end something else tells.
    """

    track: Track
    states: tuple[State, ...] = ()
    findings: tuple[Finding, ...] = ()
    counted: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def trusted(track: Track, policy: Policy) -> bool:
    """Whether a text that shrank or grew has stood so long that it is the document."""
    trouble = track.trouble
    return bool(
        trouble
        and trouble.kind is MatterKind.BAD_CAPTURE
        and trouble.text
        and trouble.checks + 1 >= policy.trust
    )


# -- captures ---------------------------------------------------------------------------------


def observe(
    source: WatchSource,
    track: Track,
    states: Mapping[str, State],
    capture: Capture,
    judgement: Judgement,
    at: str,
    policy: Policy,
) -> Step:
    """Move on with a capture that was judged at a time."""
    track = replace(track, last_checked=at)
    if judgement.verdict is Verdict.BAD_CAPTURE:
        return _bad(source, track, states, capture, judgement, at, policy)
    step = recovered(source, track, at)
    state = _seen(states, capture, judgement, at)
    moved = replace(step.track, text=capture.text_sha256, group=judgement.group)
    if judgement.verdict is Verdict.CHANGED:
        told = _finding(source, MatterKind.CHANGE, at, (judgement.against, judgement.group))
        told = replace(told, old=_snapshot(states, judgement), new=capture.snapshot_sha256)
        # the change says that the document is there again
        return Step(replace(moved, last_changed=at), (state,), (told,), closed=_ends(step))
    if judgement.verdict is Verdict.RETURNED:
        old = _snapshot(states, judgement)
        return _returned(source, moved, (judgement, state, old), step, policy)
    return Step(moved, (state,), step.findings)


def _snapshot(states: Mapping[str, State], judgement: Judgement) -> str:
    """The bytes of the text that a capture was compared with."""
    known = states.get(judgement.against)
    return known.snapshot_sha256 if known else ""


def _ends(step: Step) -> tuple[str, ...]:
    return tuple(each.matter for each in step.findings)


def _seen(states: Mapping[str, State], capture: Capture, judgement: Judgement, at: str) -> State:
    """The state of a capture, seen once more or for the first time."""
    known = states.get(capture.text_sha256)
    if known:
        return replace(
            known,
            last_seen=at,
            times=known.times + 1,
            group=judgement.group,
            problem=judgement.problem,
        )
    return State(
        capture.text_sha256,
        judgement.group,
        capture.snapshot_sha256,
        capture.words,
        capture.reader,
        at,
        at,
        problem=judgement.problem,
    )


def _returned(
    source: WatchSource,
    track: Track,
    seen: tuple[Judgement, State, str],
    step: Step,
    policy: Policy,
) -> Step:
    """A page that went back to a text it had: told once for the texts that it swings between."""
    judgement, state, old = seen
    at = state.last_seen
    active = bool(track.flips) and _days(track.flips[-1], at) <= policy.lately
    pair = {judgement.against, judgement.group}
    flips = (*(track.flips if active else ()), at)[-1000:]
    if active and pair <= set(track.swings):
        moved = replace(track, flips=flips)
        return Step(moved, (state,), step.findings, (track.swings_matter,))
    swings = tuple(sorted(pair | (set(track.swings) if active else set())))
    told = _finding(source, MatterKind.OSCILLATION, at, (*swings, at))
    told = replace(told, old=old, new=state.snapshot_sha256)
    moved = replace(track, flips=flips, swings=swings, swings_matter=told.matter, last_changed=at)
    return Step(moved, (state,), (*step.findings, told))


def _bad(
    source: WatchSource,
    track: Track,
    states: Mapping[str, State],
    capture: Capture,
    judgement: Judgement,
    at: str,
    policy: Policy,
) -> Step:
    note = judgement.problem.value + (f": {capture.note}" if capture.note else "")
    # doubtful texts that stay are trusted in the end, so they are counted apart
    text = capture.text_sha256 if judgement.problem.doubtful else ""
    step = failed(source, track, MatterKind.BAD_CAPTURE, at, policy, note=note, text=text)
    # what may yet be the document is not remembered as an error page
    state = () if judgement.problem.doubtful else (_seen(states, capture, judgement, at),)
    return replace(step, states=state if capture.words else ())


# -- troubles ---------------------------------------------------------------------------------


def failed(
    source: WatchSource,
    track: Track,
    kind: MatterKind,
    at: str,
    policy: Policy,
    *,
    note: str = "",
    text: str = "",
) -> Step:
    """Move on with a check that gave no document. One spell is one matter, whatever it shows."""
    before = track.trouble
    known = before if before and (before.told or bool(before.text) == bool(text)) else None
    since = known.since if known else (before.since if before else at)
    checks = known.checks + 1 if known else 1
    trouble = Trouble(
        known.kind if known and known.told else kind,
        since,
        checks,
        note,
        text,
        told=bool(known and known.told),
    )
    track = replace(track, last_checked=at, trouble=trouble)
    if trouble.told:
        return Step(track, counted=(_trouble_id(source, trouble),))
    wanted = {MatterKind.GONE: policy.gone, MatterKind.BAD_CAPTURE: policy.bad}
    threshold = wanted.get(kind, policy.outage)
    if track.spells and _days(track.spells[-1], at) <= policy.lately:
        # it comes and goes, which was told; that it stays is news
        threshold *= 4
    if checks < threshold:
        return Step(track)
    trouble = replace(trouble, told=True)
    severity = Severity.MEDIUM if kind is MatterKind.GONE else Severity.LOW
    told = Finding(
        _trouble_id(source, trouble),
        Event.OPENED,
        kind,
        source.name,
        at,
        severity,
        "",
        (note,),
        source.url,
        source.publisher,
    )
    return Step(replace(track, trouble=trouble), findings=(told,))


def recovered(source: WatchSource, track: Track, at: str) -> Step:
    """Move on with a check that gave the document: a trouble that was told is over."""
    trouble = track.trouble
    clear = replace(track, last_checked=at, trouble=None)
    if trouble is None or not trouble.told:
        return Step(clear)
    told = Finding(
        _trouble_id(source, trouble),
        Event.RESOLVED,
        trouble.kind,
        source.name,
        at,
        Severity.LOW,
        "",
        (f"since {trouble.since}, at {trouble.checks} checks: {trouble.note}",),
        source.url,
        source.publisher,
    )
    return Step(replace(clear, spells=(*track.spells, at)[-20:]), findings=(told,))


def _trouble_id(source: WatchSource, trouble: Trouble) -> str:
    return matter_id(source.name, trouble.kind, trouble.since)


def _finding(source: WatchSource, kind: MatterKind, at: str, key: tuple[str, ...]) -> Finding:
    return Finding(
        matter_id(source.name, kind, *key),
        Event.OPENED,
        kind,
        source.name,
        at,
        Severity.LOW,
        "",
        url=source.url,
        publisher=source.publisher,
    )


def matter_id(*parts: str) -> str:
    """A name for a matter: the same for the same parts, in every run."""
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:20]


def _days(since: str, at: str) -> float:
    span = datetime.fromisoformat(at) - datetime.fromisoformat(since)
    return span / timedelta(days=1)


def period_days(flips: tuple[str, ...]) -> float | None:
    """The mean time between returns, in days; ``None`` for fewer than two."""
    if len(flips) < 2:
        return None
    return _days(flips[0], flips[-1]) / (len(flips) - 1)
