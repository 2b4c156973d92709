"""One run at a time: a lock that the system lets go of when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cardwatch.errors import WatchError


@contextmanager
def only_run(home: Path) -> Iterator[None]:
    """Hold the lock of a watch.

    Raises:
        WatchError: another run holds it.
    """
    with _held(home, "run.lock", "another run is under way", "it ends by itself; try again then"):
        yield


@contextmanager
def only_daemon(home: Path) -> Iterator[None]:
    """Be the one daemon of a watch; runs by hand go on beside it.

    Raises:
        WatchError: another daemon holds it.
    """
    with _held(home, "daemon.lock", "another daemon watches here", "stop it first"):
        yield


@contextmanager
def _held(home: Path, name: str, taken: str, hint: str) -> Iterator[None]:
    path = home / name
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as wrong:
        raise WatchError(f"cannot be used: {wrong.strerror}", where=str(home)) from wrong
    try:
        try:
            _take(handle)
        except OSError as wrong:
            raise WatchError(taken, hint=hint, where=str(path)) from wrong
        yield
    finally:
        os.close(handle)


def _take(handle: int) -> None:
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
