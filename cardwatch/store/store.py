"""What the watch keeps: snapshots and states, checks and runs, matters and messages.

Snapshots are added and never changed. Everything that a judgement moves (states, track,
matters, outbox) is moved in the transaction of its caller, so that a run that is killed has
moved all of it or nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cardwatch.errors import StoreError, WatchError
from cardwatch.model import Snapshot
from cardwatch.model.watch import (
    Check,
    Entry,
    Event,
    Finding,
    Judgement,
    Kept,
    Matter,
    MatterKind,
    Message,
    State,
    Track,
    Verdict,
    WatchSource,
)
from cardwatch.store import rows
from cardwatch.store.blobs import Blobs, write_whole
from cardwatch.store.database import connect
from cardwatch.store.migrations import migrate
from cardwatch.store.warc import warc

_EVENTS = frozenset(
    {MatterKind.CHANGE, MatterKind.NEW_DOCUMENT, MatterKind.OVERDUE, MatterKind.UNTOLD}
)


def default_home() -> Path:
    """``CARDWATCH_HOME`` if it is set, else the platform's folder for a user's data."""
    named = os.environ.get("CARDWATCH_HOME")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("cardwatch", appauthor=False)


class Store:
    """A store: ``home`` holds bytes, WARC files and (without ``address``) the database."""

    def __init__(self, home: Path, address: str = "") -> None:
        self.home = home
        self.blobs = Blobs(home / "bytes")
        self.database = connect(home, address)
        migrate(self.database)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside lands together or not at all."""
        return self.database.transaction()

    def only_run(self) -> None:
        """Be the only run on this store for as long as it is open, on whatever machine.

        On PostgreSQL; for a store in a file the lock in its folder does the same.

        Raises:
            WatchError: another run is under way.
        """
        if not self.database.take("run"):
            raise WatchError(
                "another run is under way, maybe on another machine",
                hint="it ends by itself; try again then",
                where=self.database.place,
            )

    # -- sources ------------------------------------------------------------------------

    def put_source(self, source: WatchSource, at: str) -> None:
        """Keep a source that a listing named, or the latest words of one that is kept."""
        self.database.rows(
            "INSERT INTO sources VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET"
            " definition = excluded.definition, parent = excluded.parent",
            (source.name, rows.packed(source), source.parent, at),
        )

    def found_sources(self) -> tuple[WatchSource, ...]:
        """The sources that listings named, by name."""
        found = self.database.rows(
            "SELECT definition FROM sources WHERE parent <> '' ORDER BY name"
        )
        return tuple(rows.source(row[0]) for row in found)

    def track(self, source: str) -> Track:
        """How far the watch has come with a source; an empty track for a new one."""
        found = self.database.one("SELECT track FROM tracks WHERE source = ?", (source,))
        return rows.track(found[0]) if found else Track()

    def tracks(self) -> dict[str, Track]:
        """The tracks of all sources by name."""
        found = self.database.rows("SELECT source, track FROM tracks ORDER BY source")
        return {row[0]: rows.track(row[1]) for row in found}

    def put_track(self, source: str, track: Track) -> None:
        """Move on with a source."""
        self.database.rows(
            "INSERT INTO tracks VALUES (?, ?, ?) ON CONFLICT (source) DO UPDATE SET"
            " next_due = excluded.next_due, track = excluded.track",
            (source, track.next_due, rows.packed(track)),
        )

    # -- snapshots ----------------------------------------------------------------------

    def add_snapshot(self, source: str, snapshot: Snapshot) -> Kept:
        """Keep a fetch for good: its bytes, its WARC file, then its row."""
        new = not self.blobs.path(snapshot.sha256).exists()
        if self.blobs.put(snapshot.data) != snapshot.sha256:
            raise StoreError("a snapshot's bytes are not those of its hash", where=snapshot.url)
        stamp = "".join(char for char in snapshot.retrieved[:19] if char.isalnum())
        # two sources may answer with the same bytes in the same second
        own = sha256(f"{source}\n{snapshot.url}".encode()).hexdigest()[:8]
        name = f"warc/{stamp[:6]}/{stamp}-{snapshot.sha256[:16]}-{own}.warc.gz"
        write_whole(self.home / name, warc(snapshot, body=new))
        with self.transaction():
            self.database.rows(
                "INSERT INTO snapshots (source, url, final_url, status, retrieved, sha256, size,"
                " headers, redirects, notes, warc) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    source,
                    snapshot.url,
                    snapshot.final_url,
                    snapshot.status,
                    snapshot.retrieved,
                    snapshot.sha256,
                    len(snapshot.data),
                    json.dumps(snapshot.headers),
                    json.dumps(snapshot.redirects),
                    json.dumps(snapshot.notes),
                    name,
                ),
            )
            found = self.database.one(
                f"SELECT {rows.SNAPSHOT_COLUMNS} FROM snapshots WHERE source = ?"  # noqa: S608 - a constant
                " ORDER BY id DESC LIMIT 1",
                (source,),
            )
        if found is None:
            raise StoreError("a snapshot vanished while it was kept", where=source)
        return rows.kept(found)

    def snapshots(self, source: str = "") -> tuple[Kept, ...]:
        """The snapshots of a source, or of all, oldest first."""
        where, values = ("WHERE source = ? ", (source,)) if source else ("", ())
        found = self.database.rows(
            f"SELECT {rows.SNAPSHOT_COLUMNS} FROM snapshots {where}ORDER BY id",  # noqa: S608 - constants
            values,
        )
        return tuple(rows.kept(row) for row in found)

    def last_judged(self, source: str) -> Kept | None:
        """The newest snapshot of a source that was judged."""
        columns = ", ".join(f"s.{each}" for each in rows.SNAPSHOT_COLUMNS.split(", "))
        found = self.database.one(
            f"SELECT {columns} FROM snapshots s JOIN judged j ON j.snapshot = s.id"  # noqa: S608 - a constant
            " WHERE s.source = ? ORDER BY s.id DESC LIMIT 1",
            (source,),
        )
        return rows.kept(found) if found else None

    def waiting(self) -> tuple[Kept, ...]:
        """Snapshots that a run kept and was stopped before it had judged, oldest first."""
        columns = ", ".join(f"s.{each}" for each in rows.SNAPSHOT_COLUMNS.split(", "))
        found = self.database.rows(
            f"SELECT {columns} FROM snapshots s LEFT JOIN judged j ON j.snapshot = s.id"  # noqa: S608 - a constant
            " WHERE j.snapshot IS NULL ORDER BY s.id"
        )
        return tuple(rows.kept(row) for row in found)

    def put_judged(self, snapshot: Kept, text: str, judgement: Judgement, at: str) -> None:
        """Note what a snapshot turned out to be."""
        self.database.rows(
            "INSERT INTO judged VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (snapshot) DO NOTHING",
            (
                snapshot.id,
                judgement.verdict.value,
                text,
                judgement.against,
                json.dumps(judgement.noise),
                at,
            ),
        )

    # -- states -------------------------------------------------------------------------

    def states(self, source: str) -> tuple[State, ...]:
        """The texts that a source has shown, in the order of their first showing."""
        found = self.database.rows(
            f"SELECT {rows.STATE_COLUMNS} FROM states WHERE source = ?"  # noqa: S608 - a constant
            " ORDER BY first_seen, text",
            (source,),
        )
        return tuple(rows.state(row) for row in found)

    def put_state(self, source: str, state: State) -> None:
        """Keep a state, or what is new of one that is kept."""
        self.database.rows(
            "INSERT INTO states VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, text) DO UPDATE SET grp = excluded.grp,"
            " last_seen = excluded.last_seen, times = excluded.times, reader = excluded.reader,"
            " problem = excluded.problem",
            (
                source,
                state.text_sha256,
                state.group,
                state.snapshot_sha256,
                state.words,
                state.reader,
                state.first_seen,
                state.last_seen,
                state.times,
                state.problem.value,
            ),
        )

    def replace_states(self, source: str, states: Sequence[State]) -> None:
        """Put states in the place of all that were kept, after a reader changed."""
        with self.transaction():
            self.database.rows("DELETE FROM states WHERE source = ?", (source,))
            for state in states:
                self.put_state(source, state)

    def entries(self, source: str) -> tuple[Entry, ...]:
        """The documents that a listing has named, by address."""
        found = self.database.rows(
            "SELECT url, title, published FROM entries WHERE source = ? ORDER BY url", (source,)
        )
        return tuple(Entry(*row) for row in found)

    def put_entries(self, source: str, entries: Sequence[Entry], at: str) -> None:
        """Keep what a listing names; what is kept stays."""
        for entry in entries:
            self.database.rows(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, url) DO NOTHING",
                (source, entry.url, entry.title, entry.published, at),
            )

    # -- runs and checks ------------------------------------------------------------------

    def begin_run(self, at: str) -> int:
        """The number of a run that begins."""
        with self.transaction():
            self.database.rows("INSERT INTO runs (started) VALUES (?)", (at,))
            found = self.database.one("SELECT max(id) FROM runs")
        return int(found[0]) if found else 0

    def end_run(self, run: int, at: str, summary: str) -> None:
        """Note that a run came to its end."""
        self.database.rows(
            "UPDATE runs SET ended = ?, summary = ? WHERE id = ?", (at, summary, run)
        )

    def runs(self, limit: int = 20) -> tuple[tuple[int, str, str, str], ...]:
        """The latest runs, newest first: number, start, end, summary."""
        found = self.database.rows(
            "SELECT id, started, ended, summary FROM runs ORDER BY id DESC LIMIT ?", (limit,)
        )
        return tuple((row[0], row[1], row[2], row[3]) for row in found)

    def add_check(self, check: Check) -> None:
        """Write a line of the log."""
        self.database.rows(
            "INSERT INTO checks (run, source, at, verdict, note, snapshot)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (check.run, check.source, check.at, check.verdict.value, check.note, check.snapshot),
        )

    def checks(self, source: str = "", limit: int = 50, since: str = "") -> tuple[Check, ...]:
        """The latest lines of the log, newest first."""
        found = self.database.rows(
            "SELECT source, at, verdict, note, snapshot, run FROM checks"
            " WHERE (source = ? OR ? = '') AND at >= ? ORDER BY id DESC LIMIT ?",
            (source, source, since, limit),
        )
        return tuple(Check(row[0], row[1], Verdict(row[2]), *row[3:]) for row in found)

    # -- matters and messages -----------------------------------------------------------

    def open_matter(self, finding: Finding) -> bool:
        """Open the matter of a finding, or close it; whether that is news.

        A matter that is open already is counted once more, and is no news; nor is the end of
        one that is not open.
        """
        known = self.matter(finding.matter)
        if finding.event is Event.RESOLVED:
            if known is None or known.resolved:
                return False
            self.close_matter(finding.matter, finding.at)
            return True
        if known is not None:
            self.touch_matter(finding.matter, finding.at)
            return False
        # a change has happened when it is told: there is no end of it to wait for
        over = finding.at if finding.kind in _EVENTS else ""
        self.database.rows(
            "INSERT INTO matters (id, source, kind, severity, title, opened, updated, resolved,"
            " old, new) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                finding.matter,
                finding.source,
                finding.kind.value,
                finding.severity.value,
                finding.title,
                finding.at,
                finding.at,
                over,
                finding.old,
                finding.new,
            ),
        )
        return True

    def touch_matter(self, matter: str, at: str) -> None:
        """Count a matter once more without telling it."""
        self.database.rows(
            "UPDATE matters SET count = count + 1, updated = ? WHERE id = ?", (at, matter)
        )

    def close_matter(self, matter: str, at: str) -> None:
        """Note that a matter is over."""
        self.database.rows(
            "UPDATE matters SET resolved = ?, updated = ? WHERE id = ?", (at, at, matter)
        )

    def matter(self, name: str) -> Matter | None:
        """The matter of an id."""
        found = self.database.one(
            f"SELECT {rows.MATTER_COLUMNS} FROM matters WHERE id = ?",  # noqa: S608 - a constant
            (name,),
        )
        return rows.matter(found) if found else None

    def matters(self, source: str = "", *, unresolved: bool = False) -> tuple[Matter, ...]:
        """Matters in the order in which they were opened."""
        found = self.database.rows(
            f"SELECT {rows.MATTER_COLUMNS} FROM matters"  # noqa: S608 - a constant
            " WHERE (source = ? OR ? = '') ORDER BY opened, id",
            (source, source),
        )
        made = (rows.matter(row) for row in found)
        return tuple(each for each in made if not (unresolved and each.resolved))

    def post(self, message: Message, at: str, not_before: str = "") -> None:
        """Put a message in the outbox; the same message for the same channel stays one."""
        self.database.rows(
            "INSERT INTO outbox (id, channel, finding, message, created, not_before)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id, channel) DO NOTHING",
            (
                message.id,
                message.channel,
                message.finding.matter,
                rows.packed(message),
                at,
                not_before,
            ),
        )

    def unsent(self, at: str) -> tuple[Message, ...]:
        """Messages that may go out by now, oldest first.

        One whose sending began and was never noted as done is marked as ``repeated``.
        """
        found = self.database.rows(
            "SELECT message, started FROM outbox WHERE delivered = '' AND not_before <= ?"
            " ORDER BY created, id, channel",
            (at,),
        )
        return tuple(replace(rows.message(row[0]), repeated=bool(row[1])) for row in found)

    def begin_sending(self, message: Message, at: str) -> None:
        """Note that a message is about to go out."""
        self._mark("started = ?, attempts = attempts + 1", at, message)

    def sent(self, message: Message, at: str) -> None:
        """Note that a message went out."""
        self._mark("error = '', delivered = ?", at, message)

    def not_sent(self, message: Message, reason: str) -> None:
        """Note that a message surely did not go out."""
        self._mark("started = '', error = ?", reason, message)

    def _mark(self, change: str, value: str, message: Message) -> None:
        self.database.rows(
            f"UPDATE outbox SET {change} WHERE id = ? AND channel = ?",  # noqa: S608 - constants
            (value, message.id, message.channel),
        )

    # -- upkeep -------------------------------------------------------------------------

    def verify(self) -> Iterator[str]:
        """What is wrong with the snapshots: missing or altered bytes, missing WARC files."""
        sound: set[str] = set()
        for snapshot in self.snapshots():
            where = f"{snapshot.source}@{snapshot.retrieved}"
            if snapshot.sha256 not in sound:
                try:
                    size = len(self.blobs.get(snapshot.sha256))
                except StoreError as wrong:
                    yield f"{where}: {wrong}"
                    continue
                if size != snapshot.size:
                    yield f"{where}: {size} bytes instead of {snapshot.size}"
                sound.add(snapshot.sha256)
            if not (self.home / snapshot.warc).exists():
                yield f"{where}: its WARC file {snapshot.warc} is missing"

    def unneeded(self) -> tuple[tuple[Kept, ...], int]:
        """Snapshots that hold nothing another does not, and the size of the files to gain.

        A snapshot is needed if its bytes appear in no older one of its source.
        """
        seen: set[tuple[str, str]] = set()
        spare = []
        for snapshot in self.snapshots():
            if (snapshot.source, snapshot.sha256) in seen:
                spare.append(snapshot)
            seen.add((snapshot.source, snapshot.sha256))
        sizes = 0
        for each in spare:
            path = self.home / each.warc
            sizes += path.stat().st_size if path.exists() else 0
        return tuple(spare), sizes

    def find(self, reference: str) -> Kept:
        """The snapshot that ``NAME@latest``, ``@previous``, ``@DATE`` or ``sha256:…`` means.

        A date, or the beginning of a time, means the last snapshot up to its end.

        Raises:
            WatchError: there is none, or the reference has another form.
        """
        name, _, wanted = reference.rpartition("@")
        if reference.startswith("sha256:"):
            digest = reference.removeprefix("sha256:")
            fitting = [
                each
                for each in self.snapshots()
                if len(digest) >= 8 and each.sha256.startswith(digest)
            ]
        else:
            fitting = list(_different(self.snapshots(name))) if name else []
        if wanted == "previous":
            fitting = fitting[:-1]
        elif wanted != "latest" and not reference.startswith("sha256:"):
            end = _end_of(wanted)
            fitting = [each for each in fitting if each.retrieved <= end]
        if not fitting:
            raise WatchError(
                "no such snapshot", hint="cardwatch snapshots list", where=reference[:200]
            )
        return fitting[-1]


def _different(snapshots: Sequence[Kept]) -> Iterator[Kept]:
    """Snapshots without those that have the bytes of the one before."""
    last = ""
    for snapshot in snapshots:
        if snapshot.sha256 != last:
            yield snapshot
        last = snapshot.sha256


def _end_of(moment: str) -> str:
    """The last moment of a day, or of a time, as snapshots write it."""
    try:
        datetime.fromisoformat(moment)
    except ValueError as wrong:
        raise WatchError(
            "not a date",
            hint="NAME@latest, NAME@previous, NAME@2026-06-09, sha256:…",
            where=moment[:100],
        ) from wrong
    return moment + "\x7f"
