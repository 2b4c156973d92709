"""What a person tells a watch of its documents: quotes to follow, and what to take for normal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urldefrag

from cardwatch import sources
from cardwatch.errors import WatchError
from cardwatch.model import Quote, Snapshot
from cardwatch.model.watch import Check, Kept, MatterKind, Problem, State, Verdict, WatchSource
from cardwatch.proof import file_bytes, saved_quote
from cardwatch.store import Store
from cardwatch.store.quoted import Standing, drop_standing, put_standing, standing_of
from cardwatch.watch import quoting
from cardwatch.watch.documents import read_snapshot
from cardwatch.watch.lock import only_run
from cardwatch.watch.posting import Post
from cardwatch.watch.run import known_sources
from cardwatch.watch.settings import Settings, World

_OVER = frozenset({MatterKind.BAD_CAPTURE, MatterKind.OUTAGE, MatterKind.GONE})


# -- quotes -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class QuoteStanding:
    """A watched quote and how it stands, in words; empty if it was not looked at yet."""

    watched: quoting.Watched
    status: str = ""


def add_quote(
    settings: Settings, path: Path, source: str = "", note: str = ""
) -> tuple[QuoteStanding, Path]:
    """Watch the quote in a file from now on, and look where it stands already.

    ``source`` names the watched document; without it, the one whose bytes were quoted, or
    whose address the quote has.

    Raises:
        QuoteError: the file holds no quote.
        WatchError: no such document is watched, or the quote cannot be kept.
    """
    quoted = saved_quote(path)
    world = World()
    with only_run(settings.home), Store(settings.home, settings.database) as store:
        known = known_sources(settings, store)
        found = _source_of(quoted, source, known, store)
        watched = quoting.Watched(quoting.quote_id(quoted), found.name, quoted, note)
        written = _write(settings.home, watched, file_bytes(path))
        looker = quoting.Quotes(store, settings, world, Post(store, settings))
        drop_standing(store.database, watched.id)
        fate, text = looker.look(found, watched)
        if fate is None:
            return QuoteStanding(watched), written
        # who adds it is told here, and hears of what comes after
        put_standing(store.database, watched.id, Standing(text, fate.key))
        return QuoteStanding(watched, fate.words), written


def _source_of(
    quoted: Quote, name: str, known: Mapping[str, WatchSource], store: Store
) -> WatchSource:
    if name:
        if name not in known:
            raise sources.unknown_source(name, known)
        return known[name]
    digest = quoted.source.sha256
    kept = {each.source for each in store.snapshots() if digest and each.sha256 == digest}
    addresses = {urldefrag(each)[0] for each in (quoted.source.url, quoted.source.location)}
    texts = [each for each in known.values() if not each.kind.lists]
    fitting = [each for each in texts if each.name in kept]
    there = [each for each in texts if urldefrag(each.url)[0] in addresses]
    # the same bytes may stand at several addresses
    best = [each for each in fitting if each in there] or fitting or there
    if best:
        return best[0]
    raise WatchError(
        "the quoted document is not watched",
        hint="cardwatch watch add URL, or --source NAME",
        where=quoted.source.url or quoted.source.location,
    )


def _write(home: Path, watched: quoting.Watched, data: bytes) -> Path:
    path = home / quoting.FOLDER / watched.source / f"{watched.id}.json"
    given = json.loads(data.decode("utf-8-sig"))
    text = json.dumps({**given, "note": watched.note}, ensure_ascii=False, indent=2)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as wrong:
        raise WatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
    return path


def drop_quote(settings: Settings, name: str) -> quoting.Watched:
    """Watch a quote no longer; ``name`` is its id, or the beginning of it.

    Raises:
        WatchError: no quote, or more than one, has this name.
    """
    fitting = [each for each in quoting.load(settings.home) if each.id.startswith(name)]
    if len(fitting) != 1 or not name:
        known = ", ".join(each.id for each in quoting.load(settings.home)[:10])
        raise WatchError(
            f"no quote, or more than one, is called {name[:40]!r}",
            hint=f"watched: {known or 'none'}",
        )
    (watched,) = fitting
    path = settings.home / quoting.FOLDER / watched.source / f"{watched.id}.json"
    with only_run(settings.home), Store(settings.home, settings.database) as store:
        standing = standing_of(store.database, watched.id) or Standing()
        with store.transaction():
            if standing.matter:
                store.close_matter(standing.matter, World().stamp())
            drop_standing(store.database, watched.id)
        path.unlink(missing_ok=True)
    return watched


def quotes(settings: Settings) -> tuple[QuoteStanding, ...]:
    """The watched quotes, and how each stood when it was last looked at."""
    with Store(settings.home, settings.database) as store:
        found = []
        for watched in quoting.load(settings.home):
            standing = standing_of(store.database, watched.id)
            status = (standing.status.partition(" ")[0] or "stands") if standing else ""
            found.append(QuoteStanding(watched, status))
        return tuple(found)


# -- what to take for normal ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Accepted:
    """What was taken for the document: a snapshot, and what it had been held for."""

    snapshot: Kept
    before: str
    closed: int


def accept(settings: Settings, name: str, world: World | None = None) -> Accepted:
    """Take what a source showed last for its document, whatever it was held for.

    Changes are measured from it from now on, its troubles are over, and nobody is told.

    Raises:
        WatchError: the source is not known, names documents instead of being one, or showed
            nothing that can be read; or a run is under way.
    """
    world = world or World()
    with only_run(settings.home), Store(settings.home, settings.database) as store:
        known = known_sources(settings, store)
        if name not in known:
            raise sources.unknown_source(name, known)
        source = known[name]
        if source.kind.lists:
            raise WatchError("a list has no text to take", where=source.name)
        return _accept(store, source, store.find(f"{name}@latest"), world.stamp())


def _accept(store: Store, source: WatchSource, kept: Kept, at: str) -> Accepted:
    data = store.blobs.get(kept.sha256)
    snapshot = Snapshot(kept.url, kept.final_url, data, kept.sha256, kept.retrieved, kept.status)
    capture, document = read_snapshot(source, snapshot)
    if document is None or capture.problem:
        raise WatchError(f"cannot be read: {capture.note}", where=source.name)
    states = {each.text_sha256: each for each in store.states(source.name)}
    track = store.track(source.name)
    old = states.get(capture.text_sha256)
    group = old.group if old and old.group and not old.problem else capture.text_sha256
    state = (
        replace(old, group=group, problem=Problem.NONE, last_seen=at)
        if old
        else State(capture.text_sha256, group, kept.sha256, capture.words, capture.reader, at, at)
    )
    before = old.problem.value if old and old.problem else ""
    if track.trouble:
        before = track.trouble.note or track.trouble.kind.value
    moved = replace(track, text=capture.text_sha256, group=group, trouble=None, last_changed=at)
    opened = [
        each for each in store.matters(source.name) if each.kind in _OVER and not each.resolved
    ]
    note = f"as was said; held for {before}" if before else "as was said"
    with store.transaction():
        store.put_state(source.name, state)
        store.put_track(source.name, moved)
        for matter in opened:
            store.close_matter(matter.id, at)
        store.add_check(Check(source.name, at, Verdict.ACCEPTED, note, kept.id))
    return Accepted(kept, before, len(opened))
