"""The tables, and how an older store becomes a newer one: numbered steps, each in a transaction.

To change the tables, add a function and its line at the end of ``STEPS``; never edit one that
was released. SQL here is what SQLite and PostgreSQL both take; times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Callable

from cardwatch.errors import StoreError
from cardwatch.store.database import Database


def _first(database: Database) -> None:
    for statement in (
        """CREATE TABLE sources (
            name TEXT PRIMARY KEY, definition TEXT NOT NULL, parent TEXT NOT NULL DEFAULT '',
            added TEXT NOT NULL)""",
        """CREATE TABLE tracks (
            source TEXT PRIMARY KEY, next_due TEXT NOT NULL DEFAULT '', track TEXT NOT NULL)""",
        f"""CREATE TABLE runs (
            id {database.serial}, started TEXT NOT NULL, ended TEXT NOT NULL DEFAULT '',
            summary TEXT NOT NULL DEFAULT '')""",
        f"""CREATE TABLE snapshots (
            id {database.serial}, source TEXT NOT NULL, url TEXT NOT NULL,
            final_url TEXT NOT NULL, status INTEGER NOT NULL, retrieved TEXT NOT NULL,
            sha256 TEXT NOT NULL, size BIGINT NOT NULL, headers TEXT NOT NULL,
            redirects TEXT NOT NULL, notes TEXT NOT NULL, warc TEXT NOT NULL)""",
        "CREATE INDEX snapshots_of_source ON snapshots (source, retrieved)",
        "CREATE INDEX snapshots_of_bytes ON snapshots (sha256)",
        """CREATE TABLE judged (
            snapshot BIGINT PRIMARY KEY, verdict TEXT NOT NULL, text TEXT NOT NULL,
            against TEXT NOT NULL, noise TEXT NOT NULL, at TEXT NOT NULL)""",
        """CREATE TABLE states (
            source TEXT NOT NULL, text TEXT NOT NULL, grp TEXT NOT NULL,
            snapshot TEXT NOT NULL, words INTEGER NOT NULL, reader TEXT NOT NULL,
            first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, times INTEGER NOT NULL,
            problem TEXT NOT NULL, PRIMARY KEY (source, text))""",
        """CREATE TABLE entries (
            source TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL,
            published TEXT NOT NULL, seen TEXT NOT NULL, PRIMARY KEY (source, url))""",
        f"""CREATE TABLE checks (
            id {database.serial}, run BIGINT NOT NULL, source TEXT NOT NULL, at TEXT NOT NULL,
            verdict TEXT NOT NULL, note TEXT NOT NULL, snapshot BIGINT)""",
        "CREATE INDEX checks_of_source ON checks (source, at)",
        """CREATE TABLE matters (
            id TEXT PRIMARY KEY, source TEXT NOT NULL, kind TEXT NOT NULL,
            severity TEXT NOT NULL, title TEXT NOT NULL, opened TEXT NOT NULL,
            updated TEXT NOT NULL, resolved TEXT NOT NULL DEFAULT '',
            count INTEGER NOT NULL DEFAULT 1, old TEXT NOT NULL, new TEXT NOT NULL)""",
        "CREATE INDEX matters_of_source ON matters (source, opened)",
        """CREATE TABLE outbox (
            id TEXT NOT NULL, channel TEXT NOT NULL, finding TEXT NOT NULL,
            message TEXT NOT NULL, created TEXT NOT NULL, not_before TEXT NOT NULL DEFAULT '',
            started TEXT NOT NULL DEFAULT '', delivered TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0, error TEXT NOT NULL DEFAULT '',
            PRIMARY KEY (id, channel))""",
    ):
        database.rows(statement)


def _dues(database: Database) -> None:
    database.rows(
        """CREATE TABLE dues (
            source TEXT PRIMARY KEY, text TEXT NOT NULL, found TEXT NOT NULL,
            items TEXT NOT NULL)"""
    )


def _quoted(database: Database) -> None:
    database.rows(
        """CREATE TABLE quoted (
            quote TEXT PRIMARY KEY, text TEXT NOT NULL, status TEXT NOT NULL,
            matter TEXT NOT NULL)"""
    )


def _answers(database: Database) -> None:
    for statement in (
        f"""CREATE TABLE answers (
            id {database.serial}, source TEXT NOT NULL, url TEXT NOT NULL,
            status INTEGER NOT NULL, target TEXT NOT NULL, at TEXT NOT NULL,
            warc TEXT NOT NULL)""",
        "CREATE INDEX answers_of_source ON answers (source, status, at)",
    ):
        database.rows(statement)


STEPS: tuple[Callable[[Database], None], ...] = (_first, _dues, _quoted, _answers)


def migrate(database: Database) -> None:
    """Bring the tables to this version. Two processes that start at once do it once.

    Raises:
        StoreError: the store was written by a newer cardwatch.
    """
    with database.transaction():
        database.rows(
            "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL)"
        )
        database.rows("INSERT INTO meta VALUES ('version', '0') ON CONFLICT (name) DO NOTHING")
    for number, step in enumerate(STEPS, start=1):
        with database.transaction():
            if _version(database) < number:
                step(database)
                database.rows("UPDATE meta SET value = ? WHERE name = 'version'", (str(number),))
    if _version(database) > len(STEPS):
        raise StoreError(
            "was written by a newer cardwatch", hint="install that version", where=database.place
        )


def _version(database: Database) -> int:
    found = database.one("SELECT value FROM meta WHERE name = 'version'")
    return int(found[0]) if found else 0
