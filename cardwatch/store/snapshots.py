"""What was fetched: bytes, WARC files and their rows, added and never changed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from cardwatch.errors import StoreError, WatchError
from cardwatch.model import Snapshot
from cardwatch.model.watch import Judgement, Kept
from cardwatch.store import rows
from cardwatch.store.blobs import Blobs, write_all
from cardwatch.store.database import connect
from cardwatch.store.migrations import migrate
from cardwatch.store.warc import damage, warc


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered when it gave no document: its status, and where a redirect led.

    ``at`` is when, ``warc`` the file that has it.
    """

    source: str
    url: str
    status: int
    target: str
    at: str
    warc: str


class Snapshots:
    """The snapshots of a store: ``home`` holds bytes and WARC files, the database their rows."""

    def __init__(self, home: Path, address: str = "") -> None:
        self.home = home
        self.blobs = Blobs(home / "bytes")
        self.database = connect(home, address)
        migrate(self.database)

    def add_snapshot(self, source: str, snapshot: Snapshot) -> Kept:
        """Keep a fetch for good: its bytes, its WARC file, then its row."""
        return self.keep([(source, snapshot)])[0]

    def keep(self, fetched: Sequence[tuple[str, Snapshot]]) -> tuple[Kept, ...]:
        """Keep several fetches for good: all files at once, and then their rows together.

        A disk is waited for once for all of them, and no row is there without its files.
        """
        if not fetched:
            return ()
        files: dict[Path, bytes] = {}
        names = []
        for source, snapshot in fetched:
            if sha256(snapshot.data).hexdigest() != snapshot.sha256:
                raise StoreError("a snapshot's bytes are not those of its hash", where=snapshot.url)
            blob = self.blobs.path(snapshot.sha256)
            new = blob not in files and not blob.exists()
            if new:
                files[blob] = snapshot.data
            names.append(_warc_name(source, snapshot))
            files[self.home / names[-1]] = warc(snapshot, body=new)
        write_all(files)
        with self.database.transaction(lasting=False):
            return tuple(
                self._add_row(source, snapshot, name)
                for (source, snapshot), name in zip(fetched, names, strict=True)
            )

    def _add_row(self, source: str, snapshot: Snapshot, name: str) -> Kept:
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

    def add_answer(self, source: str, answer: Snapshot) -> bool:
        """Keep an answer that is no document, an error or a redirect, as a WARC file.

        The same redirect is kept once, and the same status of an address once a day; whether
        it was kept.
        """
        target, at = answer.header("location"), answer.retrieved
        since = at[:10] if answer.status >= 400 else ""
        asked = (
            "SELECT 1 FROM answers WHERE source = ? AND status = ? AND url = ? AND target = ?"
            " AND at >= ?"
        )
        if self.database.one(asked, (source, answer.status, answer.final_url, target, since)):
            return False
        name = _warc_name(source, answer)
        write_all({self.home / name: warc(answer)})
        with self.database.transaction(lasting=False):
            self.database.rows(
                "INSERT INTO answers (source, url, status, target, at, warc)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (source, answer.final_url, answer.status, target, at, name),
            )
        return True

    def answers(self, source: str = "") -> tuple[Answer, ...]:
        """The kept answers that were no documents, of a source or of all, oldest first."""
        found = self.database.rows(
            "SELECT source, url, status, target, at, warc FROM answers WHERE source = ? OR ? = ''"
            " ORDER BY id",
            (source, source),
        )
        return tuple(Answer(*row) for row in found)

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

    def verify(self) -> Iterator[str]:
        """What is wrong with what was fetched: bytes and WARC files, missing or altered."""
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
            if problem := damage(self.home / snapshot.warc):
                yield f"{where}: its WARC file {snapshot.warc} {problem}"
        for answer in self.answers():
            if problem := damage(self.home / answer.warc):
                yield f"{answer.source}@{answer.at}: its WARC file {answer.warc} {problem}"

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


def _warc_name(source: str, snapshot: Snapshot) -> str:
    stamp = "".join(char for char in snapshot.retrieved[:19] if char.isalnum())
    # two sources may answer with the same bytes in the same second
    own = sha256(f"{source}\n{snapshot.final_url}".encode("utf-8", "replace")).hexdigest()[:8]
    return f"warc/{stamp[:6]}/{stamp}-{snapshot.sha256[:16]}-{own}.warc.gz"


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
