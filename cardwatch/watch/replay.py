"""A recorder's history gone through as if it had been watched: what would have been told."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cardwatch import capture as judging
from cardwatch.errors import ReadError
from cardwatch.model import Document, Snapshot
from cardwatch.model.watch import (
    Capture,
    Event,
    Finding,
    Judgement,
    MatterKind,
    State,
    Track,
    Verdict,
    WatchSource,
)
from cardwatch.watch import telling, tracking
from cardwatch.watch.documents import Shelf, read_snapshot
from cardwatch.watch.recordings import UPGRADE, Recording, find, loader

# A recorder writes down what is new; a watch looks in between, this often.
_BETWEEN = timedelta(hours=12)
_MOST_JOBS = 8
# A process takes a second to start, which so few recordings take as well.
_FEW = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One recording, what it came to, and what was told of it: ``alerts`` are their titles.

    ``noise`` counts the differences of each class that say nothing new.
    """

    at: str
    document: str
    name: str
    verdict: Verdict
    noise: tuple[tuple[str, int], ...] = ()
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the recordings of one document."""

    document: str
    recordings: int
    verdicts: tuple[tuple[Verdict, int], ...]
    findings: tuple[Finding, ...]
    lines: tuple[Line, ...] = ()

    @property
    def alerts(self) -> tuple[Finding, ...]:
        """What was told, without the notices that something is over."""
        return tuple(each for each in self.findings if each.event is Event.OPENED)


@dataclass(frozen=True, slots=True)
class Replay:
    """What a watch would have told of an archive, by document."""

    documents: tuple[Told, ...]

    @property
    def recordings(self) -> int:
        """How many recordings were gone through."""
        return sum(each.recordings for each in self.documents)

    @property
    def alerts(self) -> tuple[Finding, ...]:
        """All alerts in order of time."""
        found = [alert for each in self.documents for alert in each.alerts]
        return tuple(sorted(found, key=lambda each: (each.at, each.source, each.matter)))

    @property
    def lines(self) -> tuple[Line, ...]:
        """All recordings in order of time."""
        found = [line for each in self.documents for line in each.lines]
        return tuple(sorted(found, key=lambda each: (each.at, each.document, each.name)))

    @property
    def saved(self) -> float:
        """The share of recordings (0 to 1) that were not told."""
        return 1 - len(self.alerts) / self.recordings if self.recordings else 0.0

    def table(self) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Columns and rows: for each document, how many recordings came to what.

        ``same``: the same text; ``noise``: nothing new; ``seen``: back to a text seen before;
        ``bad``: no document; ``own``: the recorder's own change; ``alerts``: what was told.
        """
        columns = ("document", "all", "same", "noise", "seen", "bad", "own")
        rows = [
            (each.document, str(each.recordings), *_tallies(each), str(len(each.alerts)))
            for each in self.documents
        ]
        total = [str(sum(int(row[at]) for row in rows)) for at in range(1, len(columns) + 1)]
        return (*columns, "alerts"), (*rows, ("all", *total))


def _tallies(told: Told) -> tuple[str, ...]:
    counts = dict(told.verdicts)
    kinds = (
        (Verdict.SAME_TEXT, Verdict.SAME_BYTES),
        (Verdict.NOISE,),
        (Verdict.RETURNED,),
        (Verdict.BAD_CAPTURE, Verdict.GONE),
        (Verdict.REREAD,),
    )
    return tuple(str(sum(counts.get(each, 0) for each in kind)) for kind in kinds)


def replay(
    path: Path,
    *,
    upgrade: str = UPGRADE,
    jobs: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Replay:
    """Go through the recordings at a path: a folder, or a git repository.

    Documents are independent of each other, and ``jobs`` of them are gone through at once
    (0: as many as there are processors); the result is the same.

    Raises:
        WatchError: there are no recordings at the path.
    """
    by_document: dict[str, list[Recording]] = {}
    for recording in find(path, upgrade):
        by_document.setdefault(recording.document, []).append(recording)
    work = [(path, tuple(by_document[name])) for name in sorted(by_document)]
    told, done = [], 0
    whole = sum(len(recordings) for _, recordings in work)
    for each in _each(work, jobs or min(os.cpu_count() or 1, _MOST_JOBS)):
        told.append(each)
        done += each.recordings
        if progress:
            progress(done, whole)
    return Replay(tuple(sorted(told, key=lambda each: each.document)))


_Work = tuple[Path, tuple[Recording, ...]]


def _each(work: list[_Work], jobs: int) -> Iterator[Told]:
    if jobs <= 1 or len(work) == 1 or sum(len(each[1]) for each in work) < _FEW:
        yield from map(_play, work)
        return
    # the longest first, so that none is left alone at the end
    longest = sorted(work, key=lambda each: -len(each[1]))
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(work)), mp_context=context) as pool:
        for future in as_completed([pool.submit(_play, each) for each in longest]):
            yield future.result()


def _play(work: _Work) -> Told:
    path, recordings = work
    return _Player(recordings[0].document, loader(path), tracking.Policy()).play(recordings)


@dataclass
class _Player:
    """The watch of one document, fed with its recordings."""

    document: str
    load: Callable[[str], bytes]
    policy: tracking.Policy
    track: Track = field(default_factory=Track)
    states: dict[str, State] = field(default_factory=dict)
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.source = WatchSource(self.document, "", document=self.document)
        self.shelf = Shelf(self._document_of)
        self.contents: dict[str, Capture] = {}
        self.content_of: dict[str, str] = {}

    def play(self, recordings: Sequence[Recording]) -> Told:
        ends = [each.at for each in recordings[1:]] + [""]
        lines = []
        for recording, end in zip(recordings, ends, strict=True):
            before = len(self.findings)
            judgement = self._see(recording)
            self.verdicts[judgement.verdict] += 1
            for at in self._between(recording.at, end):
                self._see(replace(recording, at=at))
            alerts = [each for each in self.findings[before:] if each.event is Event.OPENED]
            lines.append(_line(recording, judgement, alerts))
        counts = sorted(self.verdicts.items())
        findings = tuple(self.findings)
        return Told(self.document, len(recordings), tuple(counts), findings, tuple(lines))

    def _between(self, start: str, end: str) -> Iterator[str]:
        """The checks that a trouble would have met before the next recording."""
        at = datetime.fromisoformat(start)
        most = max(self.policy.trust, self.policy.bad) * 4
        for _ in range(most):
            at += _BETWEEN
            trouble = self.track.trouble
            if trouble is None or trouble.told or (end and at.isoformat() >= end):
                return
            yield at.isoformat()

    def _see(self, recording: Recording) -> Judgement:
        if recording.gone:
            step = tracking.failed(
                self.source, self.track, MatterKind.GONE, recording.at, self.policy
            )
            self._take(step, None)
            return Judgement(Verdict.GONE)
        capture = self._capture(recording.content)
        known = judging.Known(self.states, self.track.group, self.track.text)
        tools = judging.Tools(
            lambda group: self.shelf.get(group).text,
            lambda group: self.shelf.compare(group, self.shelf.get(capture.text_sha256)),
            lambda text: self.shelf.small(text, self.shelf.get(capture.text_sha256)),
        )
        if recording.ours:
            judgement = self._reread(capture)
        else:
            trusted = tracking.trusted(self.track, self.policy)
            judgement = judging.judge(capture, known, tools, trusted=trusted)
        step = tracking.observe(
            self.source, self.track, self.states, capture, judgement, recording.at, self.policy
        )
        self._take(step, judgement)
        return judgement

    def _reread(self, capture: Capture) -> Judgement:
        known = self.states.get(capture.text_sha256)
        problem = capture.problem or judging.look(capture)
        if problem:
            return Judgement(Verdict.BAD_CAPTURE, against=self.track.group, problem=problem)
        group = known.group if known and not known.problem else capture.text_sha256
        return Judgement(Verdict.REREAD, group=group, against=self.track.group)

    def _take(self, step: tracking.Step, judgement: Judgement | None) -> None:
        self.track = step.track
        self.states.update((state.text_sha256, state) for state in step.states)
        self.findings += [
            telling.describe(each, self.source, judgement, self.track) for each in step.findings
        ]

    def _capture(self, content: str) -> Capture:
        known = self.contents.get(content)
        if known is not None and (known.text_sha256 in self.states or not known.text_sha256):
            return known
        capture, document = self._read(content)
        # the texts of a long history would fill the memory
        self.contents[content] = replace(capture, text="")
        self.content_of.setdefault(capture.text_sha256, content)
        if document is not None:
            self.shelf.put(capture.text_sha256, document)
        return capture

    def _read(self, content: str) -> tuple[Capture, Document | None]:
        data = self.load(content)
        digest = sha256(data).hexdigest()
        return read_snapshot(self.source, Snapshot("", "", data, digest, ""))

    def _document_of(self, text: str) -> Document:
        capture, document = self._read(self.content_of[text])
        if document is None:
            raise ReadError(f"cannot be read again: {capture.note}", where=self.document)
        return document


def _line(recording: Recording, judgement: Judgement, alerts: Sequence[Finding]) -> Line:
    return Line(
        recording.at,
        recording.document,
        recording.name,
        judgement.verdict,
        judgement.noise,
        tuple(each.title for each in alerts),
    )
