"""What a caller may ask of a reader, the same for every format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Wishes and limits for one reading.

    ``password`` opens an encrypted document. ``max_pages`` and ``max_bytes`` bound what is
    read at all; beyond them ``TooLarge`` is raised. ``progress`` is told (done, total) in
    pages, from the calling thread. Without ``tables``, ruled tables are read as plain lines,
    which is faster.
    """

    password: str | None = None
    max_pages: int = 5000
    max_bytes: int = 200_000_000
    progress: Callable[[int, int], None] | None = None
    tables: bool = True
