"""Values of the model as rows of the store, and back."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any, TypeVar

from cardwatch.errors import StoreError
from cardwatch.model.results import Severity
from cardwatch.model.watch import (
    Event,
    Finding,
    Kept,
    Matter,
    MatterKind,
    Message,
    Problem,
    SourceKind,
    State,
    Track,
    Trouble,
    WatchSource,
)
from cardwatch.store.database import Row

T = TypeVar("T")

_ENUMS: dict[str, Any] = {
    "event": Event,
    "severity": Severity,
}


def packed(value: Any) -> str:
    """A dataclass of the model as JSON."""
    return json.dumps(asdict(value), ensure_ascii=False, sort_keys=True)


def _loaded(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as wrong:
        raise StoreError("a row of the store is damaged") from wrong
    if not isinstance(found, dict):
        raise StoreError("a row of the store is damaged")
    return found


def _made(kind: type[T], given: dict[str, Any]) -> T:
    """A dataclass of what a row has of its fields; what it lacks keeps its default."""
    known = {each.name for each in fields(kind)}  # type: ignore[arg-type]  # a dataclass
    try:
        return kind(**{name: _tuples(value) for name, value in given.items() if name in known})
    except TypeError as wrong:
        raise StoreError("a row of the store is damaged") from wrong


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


def source(text: str) -> WatchSource:
    """A source as it was kept."""
    given = _loaded(text)
    given["kind"] = SourceKind(given["kind"])
    return _made(WatchSource, given)


def track(text: str) -> Track:
    """How far the watch had come."""
    given = _loaded(text)
    if given.get("trouble"):
        given["trouble"]["kind"] = MatterKind(given["trouble"]["kind"])
        given["trouble"] = _made(Trouble, given["trouble"])
    return _made(Track, given)


def finding(given: dict[str, Any]) -> Finding:
    """A finding as it was kept."""
    for name, kind in _ENUMS.items():
        given[name] = kind(given[name])
    given["kind"] = MatterKind(given["kind"])
    return _made(Finding, given)


def message(text: str) -> Message:
    """A message as it was kept."""
    given = _loaded(text)
    given["finding"] = finding(given["finding"])
    return _made(Message, given)


STATE_COLUMNS = "text, grp, snapshot, words, reader, first_seen, last_seen, times, problem"


def state(row: Row) -> State:
    """A row of ``STATE_COLUMNS``."""
    text, group, snapshot, words, reader, first, last, times, problem = row
    return State(text, group, snapshot, words, reader, first, last, times, Problem(problem))


MATTER_COLUMNS = "id, source, kind, severity, title, opened, updated, resolved, count, old, new"


def matter(row: Row) -> Matter:
    """A row of ``MATTER_COLUMNS``."""
    return Matter(row[0], row[1], MatterKind(row[2]), Severity(row[3]), *row[4:])


SNAPSHOT_COLUMNS = (
    "id, source, url, final_url, status, retrieved, sha256, size, headers, redirects, notes, warc"
)


def kept(row: Row) -> Kept:
    """A row of ``SNAPSHOT_COLUMNS``."""
    headers, redirects, notes = (_tuples(json.loads(each)) for each in row[8:11])
    number, source, url, final_url, status, retrieved, digest, size = row[:8]
    return Kept(
        number,
        source,
        url,
        final_url,
        status,
        retrieved,
        digest,
        size,
        headers,
        redirects,
        notes,
        row[11],
    )
