"""One connection, whichever database it leads to: SQLite in a file, or PostgreSQL by address."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from cardwatch.errors import StoreError

Row = tuple[Any, ...]

# What a server sends may hold half a character, which no encoding has, or a zero, which
# PostgreSQL cannot keep. Both databases get the mark of what is no character instead.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

# How long one process waits for another to finish its transaction.
_PATIENCE_SECONDS = 30
_PAUSE_SECONDS = 0.02
# The last byte of an error code says what it is, the others in which case.
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
# What was committed is on the disk, even if the power fails.
_SYNCHRONOUS = "FULL"
# What was committed is in the hands of the system, which writes it in this order.
_RELAXED = "NORMAL"


def _storable(values: Sequence[Any]) -> Row:
    return tuple(
        _UNSTORABLE.sub("\ufffd", each) if isinstance(each, str) else each for each in values
    )


class Database:
    """SQL with ``?`` for values, the same for both databases. One thread, one connection."""

    serial: str
    """The type of a column that numbers its rows."""

    def __init__(self, place: str) -> None:
        self.place = place
        self._depth = 0

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """The rows that a statement returns; none for one that returns nothing."""
        raise NotImplementedError

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row, if there is any."""
        found = self.rows(sql, values)
        return found[0] if found else None

    @contextmanager
    def transaction(self, *, lasting: bool = True) -> Iterator[None]:
        """All that is written inside lands together or not at all; may be nested.

        A ``lasting`` one survives a power failure from its end on, with all that were before
        it. One that is not costs no waiting for the disk; a killed process loses neither.
        """
        if self._depth:
            yield
            return
        self._begin(lasting=lasting)
        self._depth = 1
        try:
            yield
        except BaseException:
            self._depth = 0
            self.rows("ROLLBACK")
            raise
        self._depth = 0
        self.rows("COMMIT")

    def _begin(self, *, lasting: bool) -> None:
        raise NotImplementedError

    def take(self, name: str) -> bool:
        """Take the lock of a name for as long as the connection lasts; whether it was free.

        One that dies lets go of it. A database in a file has none: who may use the file is told
        by a lock beside it.
        """
        raise NotImplementedError

    def close(self) -> None:
        """End the connection."""
        raise NotImplementedError


def _make_log(connection: sqlite3.Connection) -> None:
    """Have writes go to a log beside the file.

    Where two processes make a new file's log at once, SQLite refuses one of them without
    waiting, whatever its patience; so the waiting is done here.
    """
    until = monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as wrong:
            if wrong.sqlite_errorcode & 0xFF not in _LOCKED or monotonic() >= until:
                raise
            sleep(_PAUSE_SECONDS)
        else:
            return


class Sqlite(Database):
    """A database in one file, safe under several processes."""

    serial = "INTEGER PRIMARY KEY AUTOINCREMENT"

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self._lasting = True
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(
                path, timeout=_PATIENCE_SECONDS, isolation_level=None
            )
            _make_log(self._connection)
            self._connection.execute(f"PRAGMA synchronous={_SYNCHRONOUS}")
        except (sqlite3.Error, OSError) as wrong:
            raise StoreError(f"cannot be opened: {wrong}", where=self.place) from wrong

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """As promised above."""
        try:
            return self._connection.execute(sql, _storable(values)).fetchall()
        except sqlite3.Error as wrong:
            raise StoreError(f"the database refused: {wrong}", where=self.place) from wrong

    def _begin(self, *, lasting: bool) -> None:
        if lasting is not self._lasting:
            self.rows(f"PRAGMA synchronous={_SYNCHRONOUS if lasting else _RELAXED}")
            self._lasting = lasting
        # takes the right to write at once: to ask for it halfway can only fail
        self.rows("BEGIN IMMEDIATE")

    def take(self, name: str) -> bool:  # noqa: ARG002 - as promised above
        """As promised above."""
        return True

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


class Postgres(Database):
    """A database on a PostgreSQL server (the extra ``postgres``)."""

    serial = "BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY"

    def __init__(self, url: str) -> None:
        # the address may hold a password, so messages name the server only
        super().__init__("the PostgreSQL server")
        try:
            import psycopg
        except ImportError as wrong:
            raise StoreError(
                "PostgreSQL needs the library psycopg", hint="pip install 'cardwatch[postgres]'"
            ) from wrong
        self._errors = psycopg.Error
        try:
            self._connection = psycopg.connect(url, autocommit=True, connect_timeout=10)
        except psycopg.Error as wrong:
            raise StoreError("cannot be reached", where=self.place) from wrong

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """As promised above."""
        translated = sql.replace("?", "%s") if values else sql
        try:
            cursor = self._connection.execute(translated.encode(), _storable(values) or None)
            return cursor.fetchall() if cursor.description else []
        except self._errors as wrong:
            raise StoreError(
                f"the database refused: {' '.join(str(wrong).split())}", where=self.place
            ) from wrong

    def _begin(self, *, lasting: bool) -> None:
        self.rows("BEGIN" if lasting else "BEGIN; SET LOCAL synchronous_commit = off")

    def take(self, name: str) -> bool:
        """As promised above, for all that share the tables, on whatever machine they run."""
        asked = "SELECT pg_try_advisory_lock(hashtext(?), hashtext(current_schema()))"
        return bool(self.rows(asked, (f"cardwatch {name}",))[0][0])

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def connect(home: Path, address: str = "") -> Database:
    """The database at ``address`` (``postgresql://…``), or the file in ``home`` without one.

    Raises:
        StoreError: it cannot be opened, or the address is of another kind.
    """
    if not address:
        return Sqlite(home / "watch.db")
    if address.startswith(("postgresql://", "postgres://")):
        return Postgres(address)
    raise StoreError(
        "the address of a database begins with postgresql://",
        hint="leave it out for a file in the folder of the store",
    )
