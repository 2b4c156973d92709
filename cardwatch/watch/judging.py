"""A fetch judged and moved on with: all that follows from it in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cardwatch import capture as judging
from cardwatch.errors import CardwatchError, ReadError, StoreError, TooLarge, Unreachable
from cardwatch.model import Document, Snapshot
from cardwatch.model.watch import (
    Capture,
    Check,
    Finding,
    Judgement,
    Kept,
    MatterKind,
    State,
    Track,
    Verdict,
    WatchSource,
)
from cardwatch.reports import Diff, View, render
from cardwatch.store import Store
from cardwatch.watch import listings, telling, tracking
from cardwatch.watch.accounts import audited
from cardwatch.watch.documents import Shelf, read_snapshot, text_sha256
from cardwatch.watch.posting import Post
from cardwatch.watch.settings import Settings, World

# A listing has no text of its own.
_LISTED = "listed"
_NO_CAPTURE = Capture("", "", "", "", "", "", 0)
_GONE = frozenset({404, 410})
_NEWS = frozenset({Verdict.CHANGED, Verdict.RETURNED})
# A document that was written anew has hundreds of changes; a web hook needs no more than these.
_REPORTED = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to: its line in the log, and what is news."""

    check: Check
    news: tuple[Finding, ...] = ()


class Judge:
    """The judgements of one run."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        world: World,
        post: Post,
        run: int,
        account: Callable[[WatchSource], Document | None] = lambda _: None,
    ) -> None:
        self._account = account
        self._store = store
        self._post = post
        self._settings = settings
        self._world = world
        self._run = run

    # -- what came ----------------------------------------------------------------------

    def unchanged(self, source: WatchSource) -> Outcome:
        """The server says that nothing has changed since the last snapshot."""
        at = self._world.stamp()
        step = tracking.recovered(source, self._store.track(source.name), at)
        return self._land(source, step, Verdict.UNCHANGED, at)

    def capture(self, source: WatchSource, kept: Kept, *, fresh: bool = True) -> Outcome:
        """A snapshot, judged beside what its source has shown before.

        Not ``fresh``: the same bytes came again, and the snapshot is the one kept before.
        """
        at = kept.retrieved if fresh else self._world.stamp()
        track = self._store.track(source.name)
        if not fresh and track.trouble is None:
            return self._land(source, tracking.recovered(source, track, at), Verdict.SAME_BYTES, at)
        capture, document = read_snapshot(source, self._snapshot(kept))
        if document is not None:
            track = self._reread(source, track, capture, at)
        states = {state.text_sha256: state for state in self._store.states(source.name)}
        shelf = self._shelf(source, states)
        if document is not None:
            shelf.put(capture.text_sha256, document)
        judgement = self._judged(source, track, states, capture, shelf)
        if document is not None and judgement.verdict is Verdict.CHANGED:
            told = shelf.get(judgement.against)
            judgement = audited(judgement, told, document, self._account(source))
        step = tracking.observe(
            source, track, states, capture, judgement, at, self._settings.policy
        )
        report = _report(judgement, shelf, document)
        seen = (kept, capture, judgement)
        return self._land(source, step, judgement.verdict, at, seen, report=report)

    def failure(self, source: WatchSource, error: CardwatchError) -> Outcome:
        """No snapshot could be had."""
        at = self._world.stamp()
        track = self._store.track(source.name)
        status = error.status if isinstance(error, Unreachable) else 0
        if isinstance(error, Unreachable | TooLarge):
            kind = MatterKind.GONE if status in _GONE else MatterKind.OUTAGE
            verdict = Verdict.GONE if status in _GONE else Verdict.UNREACHABLE
            step = tracking.failed(
                source, track, kind, at, self._settings.policy, note=error.message
            )
        else:
            # refused by robots.txt, or by our own limits: nothing that the document did
            verdict, step = Verdict.REFUSED, tracking.Step(replace(track, last_checked=at))
        return self._land(source, step, verdict, at, note=error.message)

    def listing(self, source: WatchSource, kept: Kept, *, fresh: bool = True) -> Outcome:
        """What names documents: new ones become sources, which are looked at in the same run."""
        at = kept.retrieved if fresh else self._world.stamp()
        track = self._store.track(source.name)
        if not fresh and track.trouble is None:
            return self._land(source, tracking.recovered(source, track, at), Verdict.SAME_BYTES, at)
        root = listings.root_of(source)
        known = {entry.url for entry in self._store.entries(root)}
        try:
            below = listings.sitemaps_of(source, self._snapshot(kept))
            found = below or listings.entries_of(source, self._snapshot(kept))
        except ReadError as wrong:
            return self._no_listing(source, kept, at, wrong.message)
        if known and not found and not source.parent:
            return self._no_listing(source, kept, at, "it names no documents")
        step = tracking.recovered(source, track, at)
        # what stands there at the first look is no news, even if that is nothing; nor is what
        # stands in the sitemaps that an index named at its first look
        first = not track.group and self._store.named_first(root, source.url)
        new = [] if first or below else [entry for entry in found if entry.url not in known]
        many = len(new) > listings.MOST_AT_ONCE
        told = (listings.many_at_once(source, new, at),) if many else ()
        children = [] if many else [listings.found_source(source, entry) for entry in new]
        children += listings.sitemap_sources(source, below)
        what = "sitemaps" if below else "documents"
        verdict = Verdict.NEW_ENTRIES if new else Verdict.FIRST if first else Verdict.SAME_TEXT
        changed = at if new else step.track.last_changed
        moved = replace(step.track, last_changed=changed, group=_LISTED)
        step = replace(step, track=moved, findings=(*step.findings, *told))
        with self._store.transaction(lasting=False):
            self._store.put_entries(root, found, at, first=first)
            if below:
                self._store.forget_below(source.name, {child.name for child in children})
            for child in children:
                self._store.put_source(child, at)
            seen = (kept, _NO_CAPTURE, Judgement(verdict, note=f"{len(found)} {what}"))
            return self._land(source, step, verdict, at, seen)

    def _no_listing(self, source: WatchSource, kept: Kept, at: str, note: str) -> Outcome:
        track = self._store.track(source.name)
        step = tracking.failed(
            source, track, MatterKind.BAD_CAPTURE, at, self._settings.policy, note=note
        )
        seen = (kept, _NO_CAPTURE, Judgement(Verdict.BAD_CAPTURE, note=note))
        return self._land(source, step, Verdict.BAD_CAPTURE, at, seen)

    # -- judging ------------------------------------------------------------------------

    def _shelf(self, source: WatchSource, states: dict[str, State]) -> Shelf:
        return Shelf(lambda text: self._document(source, states[text].snapshot_sha256))

    def _judged(
        self,
        source: WatchSource,
        track: Track,
        states: dict[str, State],
        capture: Capture,
        shelf: Shelf,
    ) -> Judgement:
        tools = judging.Tools(
            lambda group: shelf.get(group).text,
            lambda group: shelf.compare(group, shelf.get(capture.text_sha256)),
            lambda text: shelf.small(text, shelf.get(capture.text_sha256)),
        )
        return judging.judge(
            capture,
            judging.Known(states, track.group, track.text),
            tools,
            language=source.language,
            trusted=tracking.trusted(track, self._settings.policy),
        )

    def _snapshot(self, kept: Kept) -> Snapshot:
        data = self._store.blobs.get(kept.sha256)
        return Snapshot(kept.url, kept.final_url, data, kept.sha256, kept.retrieved, kept.status)

    def _document(self, source: WatchSource, digest: str) -> Document:
        snapshot = Snapshot(source.url, source.url, self._store.blobs.get(digest), digest, "")
        capture, document = read_snapshot(source, snapshot)
        if document is None:
            raise ReadError(f"cannot be read again: {capture.note}", where=source.name)
        return document

    def _reread(self, source: WatchSource, track: Track, capture: Capture, at: str) -> Track:
        """Derive known states anew if a newer reader made the capture: our change, told to nobody.

        States that the new reader reads alike become one.
        """
        states = self._store.states(source.name)
        name = capture.reader.partition(" ")[0]
        stale = [
            state
            for state in states
            if state.reader != capture.reader and state.reader.partition(" ")[0] == name
        ]
        if not stale:
            return track
        renamed: dict[str, str] = {}
        made: dict[str, State] = {}
        for state in states:
            fresh = self._rederived(source, state, capture.reader) if state in stale else state
            renamed[state.text_sha256] = fresh.text_sha256
            made.setdefault(fresh.text_sha256, fresh)
        moved = replace(
            track,
            text=renamed.get(track.text, track.text),
            group=renamed.get(track.group, track.group),
            swings=tuple(renamed.get(each, each) for each in track.swings),
        )
        regrouped = [
            replace(state, group=renamed.get(state.group, state.group)) for state in made.values()
        ]
        note = f"{len(stale)} texts read anew by {capture.reader}"
        with self._store.transaction(lasting=False):
            self._store.replace_states(source.name, regrouped)
            self._store.put_track(source.name, moved)
            self._store.add_check(Check(source.name, at, Verdict.REREAD, note, None, self._run))
        return moved

    def _rederived(self, source: WatchSource, state: State, reader: str) -> State:
        try:
            document = self._document(source, state.snapshot_sha256)
        except (ReadError, StoreError):
            return replace(state, reader=reader)
        return replace(state, text_sha256=text_sha256(document.text), reader=reader)

    # -- telling ------------------------------------------------------------------------

    def _land(
        self,
        source: WatchSource,
        step: tracking.Step,
        verdict: Verdict,
        at: str,
        seen: tuple[Kept, Capture, Judgement] | None = None,
        *,
        note: str = "",
        report: str = "",
    ) -> Outcome:
        """Write all that follows from a check: together or not at all."""
        judgement = seen[2] if seen else None
        if judgement:
            note = _note(judgement)
        check = Check(source.name, at, verdict, note, seen[0].id if seen else None, self._run)
        track = replace(step.track, next_due=_due(source, at))
        told = [telling.describe(each, source, judgement, track) for each in step.findings]
        self._world.step(f"judge {source.name}")
        with self._store.transaction(lasting=False):
            if seen:
                kept, capture, judged = seen
                self._store.put_judged(kept, capture.text_sha256, judged, at)
            for state in step.states:
                self._store.put_state(source.name, state)
            self._store.put_track(source.name, track)
            self._store.add_check(check)
            for matter in step.counted:
                self._store.touch_matter(matter, at)
            for matter in step.closed:
                self._store.close_matter(matter, at)
            news = tuple(each for each in told if self._tell(each, judgement, report))
            self._world.step(f"commit {source.name}")
        return Outcome(check, news)

    def _tell(self, finding: Finding, judgement: Judgement | None, report: str) -> bool:
        return self._post.tell(finding, telling.letter(finding, judgement, report))


def _report(judgement: Judgement, shelf: Shelf, document: Document | None) -> str:
    """What changed, as ``diff --json`` writes it, without what says nothing new."""
    if judgement.verdict not in _NEWS or judgement.revision is None or document is None:
        return ""
    changes = tuple(each for each in judgement.revision.changes if not each.noise)
    revision = replace(judgement.revision, changes=changes)
    diff = Diff(revision, shelf.get(judgement.against), document)
    return render(diff, "json", View(limit=_REPORTED))


def _note(judgement: Judgement) -> str:
    if judgement.problem:
        return judgement.problem.value
    if judgement.noise:
        return ", ".join(f"{name} {count}" for name, count in judgement.noise)
    if judgement.revision and judgement.verdict is Verdict.CHANGED:
        count = sum(1 for change in judgement.revision.changes if not change.noise)
        return f"{count} changes"
    return judgement.note


def _due(source: WatchSource, at: str) -> str:
    due = datetime.fromisoformat(at) + timedelta(minutes=source.every)
    return due.isoformat(timespec="seconds")
