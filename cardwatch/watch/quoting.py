"""Sentences that somebody quoted: told when they are edited, moved to another place, or gone.

A watched quote is a file, ``quotes/SOURCE/ID.json`` in the folder of the watch: the JSON of
``cardwatch quote --json``, with a ``note`` of the one who quotes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cardwatch import app as use
from cardwatch.errors import ReadError, StoreError, WatchError
from cardwatch.model import Document, Passage, Quote, QuoteStatus, Severity, Snapshot, Verification
from cardwatch.model.watch import Event, Finding, MatterKind, WatchSource
from cardwatch.proof import saved_quote
from cardwatch.store import Store
from cardwatch.store.quoted import Standing, put_standing, standing_of
from cardwatch.watch.documents import read_snapshot
from cardwatch.watch.letters import Said, letter_of
from cardwatch.watch.posting import Post
from cardwatch.watch.redlines import Redline, place_of, shortened
from cardwatch.watch.settings import Settings, World
from cardwatch.watch.tracking import matter_id

FOLDER = "quotes"
_WORDS = 300
_STANDS = (QuoteStatus.EXACT, QuoteStatus.MOVED)


@dataclass(frozen=True, slots=True)
class Watched:
    """A quote that is watched in the document of a source. ``note`` is its owner's."""

    id: str
    source: str
    quote: Quote
    note: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a quote. ``key`` is the same for the same fate, and empty if it stands
    as it was quoted; ``words`` say it in a title.
    """

    key: str = ""
    words: str = "stands as it was quoted"
    severity: Severity = Severity.LOW
    lines: tuple[str, ...] = ()
    redline: Redline | None = None


def quote_id(quoted: Quote) -> str:
    """A name for a quote: the same for the same words at the same place of the same bytes."""
    parts = (quoted.exact, quoted.source.sha256, str(quoted.span.start))
    return sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def load(home: Path) -> tuple[Watched, ...]:
    """The watched quotes in their files, by source and name.

    Raises:
        QuoteError: a file holds no quote.
        WatchError: a file cannot be read.
    """
    folder = home / FOLDER
    return tuple(
        Watched(path.stem, path.parent.relative_to(folder).as_posix(), *_loaded(path))
        for path in sorted(folder.rglob("*.json"))
    )


def _loaded(path: Path) -> tuple[Quote, str]:
    return saved_quote(path), _note(path)


def _note(path: Path) -> str:
    try:
        note = json.loads(path.read_text("utf-8-sig")).get("note", "")
    except (OSError, ValueError) as wrong:
        raise WatchError("cannot be read", where=str(path)) from wrong
    return note if isinstance(note, str) else ""


class Quotes:
    """The watched quotes of one run."""

    def __init__(self, store: Store, settings: Settings, world: World, post: Post) -> None:
        self._store = store
        self._settings = settings
        self._world = world
        self._post = post

    def tell(self, known: Mapping[str, WatchSource]) -> Iterator[Finding]:
        """Look up each quote in a text that is new, and tell what became of it."""
        for watched in load(self._settings.home):
            source = known.get(watched.source)
            if source is None:
                continue
            fate, text = self.look(source, watched)
            if fate is None:
                continue
            standing = standing_of(self._store.database, watched.id) or Standing()
            if fate.key == standing.status:
                put_standing(self._store.database, watched.id, replace(standing, text=text))
                continue
            self._world.step(f"quote {watched.id}")
            finding = self._told(source, watched, fate, standing)
            with self._store.transaction():
                news = finding is not None and self._post.tell(
                    finding, letter_of(finding, _said(watched, fate))
                )
                opened = finding.matter if finding and fate.key else ""
                if standing.matter and standing.matter != opened and fate.key:
                    # the words are now other than they were said to be
                    self._store.close_matter(standing.matter, self._world.stamp())
                put_standing(self._store.database, watched.id, Standing(text, fate.key, opened))
                self._world.step(f"commit quote {watched.id}")
            if news and finding is not None:
                yield finding

    def look(self, source: WatchSource, watched: Watched) -> tuple[Fate | None, str]:
        """What became of a quote in the text that its source shows; ``None``: nothing new."""
        track = self._store.track(source.name)
        standing = standing_of(self._store.database, watched.id)
        if not track.text or track.trouble or (standing and standing.text == track.text):
            return None, track.text
        states = {each.text_sha256: each for each in self._store.states(source.name)}
        if track.text not in states:
            return None, track.text
        digest = states[track.text].snapshot_sha256
        document = self._document(source, digest)
        if document is None:
            return None, track.text
        found = self._verified(source, watched.quote, document, digest)
        return fate_of(watched.quote, found), track.text

    def _verified(
        self, source: WatchSource, quoted: Quote, document: Document, digest: str
    ) -> Verification | None:
        """The quote in a document; ``None`` for a difference that our own reader makes."""
        found = use.verify(quoted, document)
        if found.status in _STANDS and not found.note:
            return found
        if quoted.source.sha256 == digest:
            return found if found.status in _STANDS else None
        if not quoted.source.sha256 or not self._store.blobs.path(quoted.source.sha256).exists():
            return found
        # as our reader reads the quoted bytes today
        before = self._document(source, quoted.source.sha256)
        if found.status in _STANDS:
            quiet = before is not None and _noise_beside(quoted, before, document)
            return replace(found, note="") if quiet else found
        then = use.verify(quoted, before) if before else None
        if before is None or then is None or then.status is QuoteStatus.EXACT:
            return found
        if then.found is None:
            return None
        return use.verify(use.quote(before, then.found.span), document)

    def _document(self, source: WatchSource, digest: str) -> Document | None:
        try:
            data = self._store.blobs.get(digest)
            return read_snapshot(source, Snapshot(source.url, source.url, data, digest, ""))[1]
        except (ReadError, StoreError):
            return None

    def _told(
        self, source: WatchSource, watched: Watched, fate: Fate, standing: Standing
    ) -> Finding | None:
        at = self._world.stamp()
        event, matter = Event.OPENED, self._matter(watched, fate, at)
        if not fate.key:
            if not standing.matter:
                return None
            event, matter = Event.RESOLVED, standing.matter
        name = source.document or source.name
        if source.publisher:
            name = f"{source.publisher}: {name}"
        return Finding(
            matter,
            event,
            MatterKind.QUOTE,
            source.name,
            at,
            fate.severity,
            f"{name}: a quoted sentence {fate.words}",
            (*_quoted(watched), *fate.lines),
            source.url,
            source.publisher,
            old=watched.quote.source.sha256,
        )

    def _matter(self, watched: Watched, fate: Fate, at: str) -> str:
        """What comes and goes is one matter; after it was over for long, it is another."""
        parts = (watched.source, MatterKind.QUOTE, watched.id, fate.key)
        name = matter_id(*parts)
        known = self._store.matter(name)
        lately = timedelta(days=self._settings.policy.lately)
        if known and known.resolved and _moment(at) - _moment(known.resolved) > lately:
            return matter_id(*parts, at)
        return name


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# -- fates ------------------------------------------------------------------------------------


def fate_of(quoted: Quote, found: Verification | None) -> Fate:
    """What became of a quote, by its verification in the newest text."""
    if found is None:
        return Fate()
    if found.status is QuoteStatus.DELETED or found.found is None:
        return Fate("deleted", "is no longer there", Severity.HIGH)
    place = place_of(found.found)
    if found.status is QuoteStatus.EDITED:
        return _edited(found, place)
    if found.note:
        return Fate(f"around {found.note}", "now stands beside other words", Severity.MEDIUM,
                    (f"{found.note} ({place})",))  # fmt: skip
    if _moved(quoted, found.found):
        return Fate(f"moved {place}", f"has moved to {place}", Severity.LOW,
                    (f"It stood at {_place(quoted)}.",))  # fmt: skip
    return Fate()


def _edited(found: Verification, place: str) -> Fate:
    critical = [each for each in found.differences if each.critical]
    severity = Severity.HIGH if critical else Severity.MEDIUM
    # a verification's stretches leave the blanks between them out
    parted = [replace(each, text=f"{each.text} ") for each in found.redline]
    redline = Redline("edited", place, shortened(parted))
    kinds = ", ".join(dict.fromkeys(each.kind for each in critical if each.kind))
    why = (f"What differs weighs: {kinds}.",) if kinds else ()
    words = " ".join((found.found.quote if found.found else "").split())
    key = sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return Fate(f"edited {key}", "was edited", severity, (*redline.lines, *why), redline)


def _noise_beside(quoted: Quote, before: Document, document: Document) -> bool:
    """Whether what changed beside a quote is noise alone, such as the day of an update."""
    at = use.verify(quoted, before).found
    if at is None:
        return False
    start, end = at.span.start - len(quoted.prefix), at.span.end + len(quoted.suffix)
    news = [each for each in use.compare(before, document).changes if not each.noise]
    # words that only came have no place in the old text: nobody knows that they are not beside
    return not any(
        each.old is None or (each.old.span.start < end and each.old.span.end > start)
        for each in news
    )


def _moved(quoted: Quote, found: Passage) -> bool:
    """Whether words stand on another page, or under another heading."""
    pages = (quoted.page, found.page)
    if None not in pages and pages[0] != pages[1]:
        return True
    return " ".join(quoted.section.split()) != " ".join(found.section.split())


def _place(quoted: Quote) -> str:
    return place_of(Passage(quoted.span, quoted.exact, quoted.page, quoted.section))


def _quoted(watched: Watched) -> tuple[str, ...]:
    words = " ".join(watched.quote.exact.split())
    shown = words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
    note = (f"quoted for: {watched.note}",) if watched.note else ()
    return f"quoted: “{shown}” ({_place(watched.quote)})", *note


def _said(watched: Watched, fate: Fate) -> Said:
    """A letter's redline in the place of the lines that say the same."""
    if fate.redline is None:
        return Said(lines=(*_quoted(watched), *fate.lines))
    known = set(fate.redline.lines)
    rest = tuple(each for each in fate.lines if each not in known)
    return Said((fate.redline,), (*_quoted(watched), *rest))
