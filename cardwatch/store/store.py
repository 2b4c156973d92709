"""What the watch keeps: snapshots and states, checks and runs, matters and messages.

Snapshots are added and never changed. Everything that a judgement moves (states, track,
matters, outbox) is moved in the transaction of its caller, so that a run that is killed has
moved all of it or nothing.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from cardwatch.errors import WatchError
from cardwatch.model.watch import (
    Check,
    Entry,
    Event,
    Finding,
    Matter,
    MatterKind,
    Message,
    SourceKind,
    State,
    Track,
    Verdict,
    WatchSource,
)
from cardwatch.store import rows
from cardwatch.store.snapshots import Snapshots

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


class Store(Snapshots):
    """A store: ``home`` holds bytes, WARC files and (without ``address``) the database."""

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.database.close()

    def transaction(self, *, lasting: bool = True) -> AbstractContextManager[None]:
        """All that is written inside lands together or not at all.

        Not ``lasting``: a power failure may undo it, as long as no lasting one came after it. So
        it may be for what is found out again, and never for what was told.
        """
        return self.database.transaction(lasting=lasting)

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

    def put_entries(
        self, source: str, entries: Sequence[Entry], at: str, *, first: bool = False
    ) -> None:
        """Keep what a listing names; what is kept stays.

        ``first``: as named at the listing's first look, whenever that was.
        """
        found = self.database.one("SELECT min(seen) FROM entries WHERE source = ?", (source,))
        seen = found[0] if first and found and found[0] else at
        for entry in entries:
            self.database.rows(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?) ON CONFLICT (source, url) DO NOTHING",
                (source, entry.url, entry.title, entry.published, seen),
            )

    def named_first(self, source: str, url: str) -> bool:
        """Whether a listing named an address at its first look, or has not been looked at yet.

        So it is for the address of the listing itself, which it does not name.
        """
        found = self.database.one(
            "SELECT min(seen), min(CASE WHEN url = ? THEN seen END) FROM entries WHERE source = ?",
            (url, source),
        )
        return found is None or found[1] in (None, found[0])

    def forget_below(self, source: str, names: Collection[str]) -> None:
        """Watch no longer the sitemaps that an index named, other than ``names``.

        What was kept of them stays, and so do the documents that they named.
        """
        begin = f"{source}/"
        for each in self.found_sources():
            rest = each.name.removeprefix(begin)
            ours = each.kind is SourceKind.SITEMAP and rest != each.name and "/" not in rest
            if ours and each.name not in names:
                self.database.rows("DELETE FROM sources WHERE name = ?", (each.name,))

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
