"""Promises that fall due: told when their day has passed, with their words, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from cardwatch import app as use
from cardwatch.errors import ReadError, StoreError
from cardwatch.model import Document, Severity, Snapshot
from cardwatch.model.watch import Event, Finding, MatterKind, WatchSource
from cardwatch.store import Store
from cardwatch.store.dues import Due, Dues, dues_of, put_dues
from cardwatch.watch.documents import read_snapshot
from cardwatch.watch.posting import Post
from cardwatch.watch.settings import World
from cardwatch.watch.tracking import matter_id

# A cadence gives its next three dates: often enough to have the next one in time.
_SEARCH_AGAIN = timedelta(days=30)


class Promises:
    """The promises of the watched documents."""

    def __init__(self, store: Store, world: World, post: Post) -> None:
        self._store = store
        self._world = world
        self._post = post

    def tell(self, known: Mapping[str, WatchSource]) -> Iterator[Finding]:
        """Tell the promises whose day passed while their document was watched."""
        today = self._world.now().date()
        for source in known.values():
            track = self._store.track(source.name)
            if source.kind.lists or not track.group or track.trouble:
                continue
            dues = self._dues(source, track.group, today)
            since = self._since(source) if dues.items else ""
            for due in dues.items:
                if not since <= due.day < today.isoformat():
                    continue
                finding = overdue(source, due, self._world.stamp())
                if self._store.matter(finding.matter):
                    continue
                self._world.step(f"overdue {source.name}")
                if self._post.tell(finding):
                    yield finding

    def _since(self, source: WatchSource) -> str:
        """The day on which the watch saw the document first: what was due before is no news."""
        return min((each.first_seen[:10] for each in self._store.states(source.name)), default="")

    def _dues(self, source: WatchSource, text: str, today: date) -> Dues:
        kept = dues_of(self._store.database, source.name)
        fresh = (today - _SEARCH_AGAIN).isoformat()
        if kept and kept.text == text and kept.found > fresh:
            return kept
        document = self._document(source, text)
        found = tuple(dues_in(document, today)) if document else ()
        dues = Dues(text, today.isoformat(), found)
        with self._store.transaction(lasting=False):
            put_dues(self._store.database, source.name, dues)
        return dues

    def _document(self, source: WatchSource, text: str) -> Document | None:
        states = {each.text_sha256: each for each in self._store.states(source.name)}
        if text not in states:
            return None
        digest = states[text].snapshot_sha256
        try:
            data = self._store.blobs.get(digest)
            return read_snapshot(source, Snapshot(source.url, source.url, data, digest, ""))[1]
        except (ReadError, StoreError):
            return None


def dues_in(document: Document, today: date) -> Iterator[Due]:
    """The dates that a document promises something by."""
    for promise in use.find_commitments(document, today).promises:
        days = (promise.due,) if promise.due else (*promise.passed, *promise.ahead)
        place = promise.passage
        for day in days:
            yield Due(
                promise.id, day, place.quote, place.page, place.section, every=not promise.due
            )


def overdue(source: WatchSource, due: Due, at: str) -> Finding:
    """A promise whose day has passed."""
    name = source.document or source.name
    if source.publisher:
        name = f"{source.publisher}: {name}"
    page = f"p. {due.page}, " if due.page is not None else ""
    what = "the longest interval that it sets ended" if due.every else "it set this day"
    return Finding(
        matter_id(source.name, MatterKind.OVERDUE, due.promise, due.day),
        Event.OPENED,
        MatterKind.OVERDUE,
        source.name,
        at,
        Severity.MEDIUM,
        f"{name}: a promise was due on {due.day}",
        (
            f"“{' '.join(due.quote.split())[:400]}”",
            f"({page}{due.section or 'without a heading'}; {what})",
            "Whether it was kept, the document does not tell.",
        ),
        source.url,
        source.publisher,
    )
