"""Dates that documents promise, and differences by class: what the watch's accounts need."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass

from cardwatch.errors import StoreError
from cardwatch.store.database import Database


@dataclass(frozen=True, slots=True)
class Due:
    """A date (ISO 8601) by which a document promises something, with its words and place."""

    promise: str
    day: str
    quote: str
    page: int | None = None
    section: str = ""
    every: bool = False


@dataclass(frozen=True, slots=True)
class Dues:
    """The dates that one text of a source promises, as they were found on a day."""

    text: str
    found: str
    items: tuple[Due, ...]


def dues_of(database: Database, source: str) -> Dues | None:
    """The dates that were found in a source's document, if it was searched."""
    row = database.one("SELECT text, found, items FROM dues WHERE source = ?", (source,))
    if row is None:
        return None
    try:
        items = tuple(Due(**each) for each in json.loads(row[2]))
    except (ValueError, TypeError) as wrong:
        raise StoreError("a row of the store is damaged", where=source) from wrong
    return Dues(row[0], row[1], items)


def put_dues(database: Database, source: str, dues: Dues) -> None:
    """Keep the dates of a source's document, in the place of those before."""
    items = json.dumps([asdict(each) for each in dues.items], sort_keys=True)
    database.rows(
        "INSERT INTO dues VALUES (?, ?, ?, ?) ON CONFLICT (source) DO UPDATE SET"
        " text = excluded.text, found = excluded.found, items = excluded.items",
        (source, dues.text, dues.found, items),
    )


def noise_between(database: Database, since: str, until: str) -> tuple[tuple[str, int], ...]:
    """How many differences of each class were judged to say nothing new, by class."""
    counts = Counter[str]()
    for (noise,) in database.rows(
        "SELECT noise FROM judged WHERE at >= ? AND at < ? AND noise <> '[]'", (since, until)
    ):
        for name, number in json.loads(noise):
            counts[str(name)] += int(number)
    return tuple(sorted(counts.items()))
