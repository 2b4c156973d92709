"""Snapshots, states, matters and messages, kept; the only home of SQL."""

from __future__ import annotations

from cardwatch.store.blobs import Blobs, write_whole
from cardwatch.store.snapshots import Answer
from cardwatch.store.store import Store, default_home

__all__ = ["Answer", "Blobs", "Store", "default_home", "write_whole"]
