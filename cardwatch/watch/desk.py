"""What a person asks of a watch between its runs: add, list, try, see how it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from cardwatch import app as use
from cardwatch import sources
from cardwatch.errors import CardwatchError, SourceError, WatchError
from cardwatch.model import Dropped
from cardwatch.model.watch import Check, Entry, Matter, Problem, Track, WatchSource
from cardwatch.resources import folder
from cardwatch.store import Store
from cardwatch.watch import listings
from cardwatch.watch.documents import read_snapshot
from cardwatch.watch.fetching import Fetcher
from cardwatch.watch.run import known_sources
from cardwatch.watch.settings import Settings, World

_ABOUT_TO_READ = 400


def starters() -> tuple[WatchSource, ...]:
    """The sources that ship with cardwatch, to choose from: real publishers' addresses."""
    return sources.load(folder("corpora") / "sources")


def add(settings: Settings, source: WatchSource) -> Path:
    """Watch a source from now on.

    Raises:
        WatchError: its name is taken, or it cannot be a source.
    """
    checked = sources.parse(_as_given(source), source.name, source.name)
    return sources.write(settings.home / "sources", checked)


def _as_given(source: WatchSource) -> dict[str, object]:
    import tomllib

    return tomllib.loads(sources.text_of(source))


def starter(name: str) -> WatchSource:
    """The source that ships under a name."""
    known = {source.name: source for source in starters()}
    if name not in known:
        raise sources.unknown_source(name, known)
    return known[name]


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a source: its track, and the last line of its log."""

    source: WatchSource
    track: Track
    last: Check | None

    @property
    def health(self) -> str:
        """In a word or two: well, what is wrong and for how many checks, or not looked at yet."""
        if self.track.trouble:
            return f"{self.track.trouble.kind.value}, {self.track.trouble.checks} checks"
        if self.last is None:
            return "not looked at yet"
        return "refused" if self.last.verdict.value == "refused" else "well"


def status(settings: Settings) -> tuple[Standing, ...]:
    """How it stands with every source, by name."""
    with Store(settings.home, settings.database) as store:
        tracks = store.tracks()
        return tuple(
            Standing(source, tracks.get(name, Track()), next(iter(store.checks(name, 1)), None))
            for name, source in known_sources(settings, store).items()
        )


def all_sources(settings: Settings) -> tuple[WatchSource, ...]:
    """Every source that is watched, by name; with this all files are checked too."""
    with Store(settings.home, settings.database) as store:
        return tuple(known_sources(settings, store).values())


def checked(settings: Settings) -> tuple[tuple[WatchSource, ...], tuple[str, ...]]:
    """Every source, its file and selectors checked, and notes on what would be without effect.

    Raises:
        SourceError: a file is wrong, or a selector is not CSS.
    """
    found = all_sources(settings)
    known = {name for each in found for name in (each.name, each.url)}
    notes = []
    for source in found:
        try:
            use.keep_parts(b"<p>any page</p>", source.select, source.drop)
        except SourceError as wrong:
            said = f"{source.name}: {wrong.message}"
            raise SourceError(said, hint=wrong.hint, where=wrong.where) from wrong
        if source.companion and source.companion not in known:
            notes.append(
                f"{source.name}: its companion {source.companion} is not watched, and is not"
                " looked at until it is (cardwatch watch add)"
            )
    return found, tuple(notes)


def log(settings: Settings, source: str = "", limit: int = 50) -> tuple[Check, ...]:
    """The latest checks, newest first."""
    with Store(settings.home, settings.database) as store:
        return store.checks(source, limit)


def matters(settings: Settings, *, unresolved: bool = False) -> tuple[Matter, ...]:
    """What was told, in order."""
    with Store(settings.home, settings.database) as store:
        return store.matters(unresolved=unresolved)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source would give: read, left out and recorded, with nothing kept.

    ``begins`` is the beginning of the text, ``entries`` what a listing names.
    """

    source: WatchSource
    final_url: str
    size: int
    sha256: str
    headers: tuple[tuple[str, str], ...]
    title: str = ""
    reader: str = ""
    words: int = 0
    problem: Problem = Problem.NONE
    note: str = ""
    begins: str = ""
    dropped: tuple[Dropped, ...] = ()
    entries: tuple[Entry, ...] = ()
    redirects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def attempt(settings: Settings, source: WatchSource, world: World | None = None) -> Trial:
    """Fetch and read a source without keeping anything.

    Raises:
        CardwatchError: it cannot be had.
    """
    from cardwatch import capture as judging

    world = world or World()
    deadline = world.now() + timedelta(seconds=settings.seconds)
    (fetched,) = next(iter(Fetcher(settings, world, deadline).fetch([source], lambda _: {})))
    if fetched.error is not None or fetched.snapshot is None:
        raise fetched.error or CardwatchError("the time was up", where=source.url)
    snapshot = fetched.snapshot
    trial = Trial(
        source,
        snapshot.final_url,
        len(snapshot.data),
        snapshot.sha256,
        snapshot.headers,
        redirects=snapshot.redirects,
        notes=snapshot.notes,
    )
    if source.kind.lists:
        return replace(trial, entries=listings.entries_of(source, snapshot))
    capture, document = read_snapshot(source, snapshot)
    return replace(
        trial,
        title=capture.title,
        reader=capture.reader,
        words=capture.words,
        problem=capture.problem or judging.look(capture),
        note=capture.note,
        begins=capture.text[:_ABOUT_TO_READ],
        dropped=document.coverage.dropped if document else (),
    )


def named(settings: Settings, name: str) -> WatchSource:
    """The source of a name, or one for an address that is not watched."""
    if "://" in name:
        return WatchSource(sources.name_of(name), name)
    known = {source.name: source for source in all_sources(settings)}
    if name not in known:
        raise sources.unknown_source(name, known)
    return known[name]


def export(settings: Settings, references: Sequence[str], target: Path) -> tuple[Path, ...]:
    """Write the bytes and WARC files of snapshots into a folder; what is there stays.

    Raises:
        WatchError: a reference leads nowhere, or a file is there already.
    """
    written = []
    with Store(settings.home, settings.database) as store:
        for reference in references:
            kept = store.find(reference)
            stem = f"{kept.source.replace('/', '_')}-{kept.retrieved[:10]}-{kept.sha256[:12]}"
            warc = settings.home / kept.warc
            for path, data in (
                (target / f"{stem}.bin", store.blobs.get(kept.sha256)),
                (target / f"{stem}.warc.gz", warc.read_bytes() if warc.exists() else b""),
            ):
                written.append(_write_new(path, data))
    return tuple(written)


def _write_new(path: Path, data: bytes) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
    except OSError as wrong:
        raise WatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
    return path
