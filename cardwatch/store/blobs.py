"""Bytes by their hash, in files: written once, whole or not at all, and never changed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

from cardwatch.errors import StoreError

# Files that the disk is asked for at once.
_AT_ONCE = 16


class Blobs:
    """A folder of bytes, each under its sha256."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Where the bytes of a sha256 lie, whether they are there or not."""
        if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
            raise StoreError("not a sha256", where=name[:80])
        return self._folder / name[:2] / name[2:]

    def put(self, data: bytes) -> str:
        """Keep the bytes and return their sha256; they are on the disk when this returns."""
        name = sha256(data).hexdigest()
        path = self.path(name)
        if not path.exists():
            write_whole(path, data)
        return name

    def get(self, name: str) -> bytes:
        """The bytes of a sha256, proved to be them.

        Raises:
            StoreError: they are not there, or no longer what they were.
        """
        try:
            data = self.path(name).read_bytes()
        except OSError as wrong:
            raise StoreError(
                f"the bytes cannot be read: {wrong.strerror}", where=f"sha256:{name}"
            ) from wrong
        if sha256(data).hexdigest() != name:
            raise StoreError("the bytes are damaged", where=f"sha256:{name}")
        return data

    def names(self) -> Iterator[str]:
        """The sha256 of everything kept, in order."""
        for path in sorted(self._folder.glob("??/*")):
            name = path.parent.name + path.name
            if len(name) == 64 and not path.name.endswith(".part"):
                yield name


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there with all of its bytes, or not there.

    Raises:
        StoreError: the disk refuses.
    """
    write_all({path: data})


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write several files like that; all are on the disk when this returns.

    They are waited for side by side: a disk is slow to say that it has written, and says so
    for many at once in the time that it takes for one.

    Raises:
        StoreError: the disk refuses one; others may be there.
    """
    if not files:
        return
    if len(files) == 1:
        for each in files.items():
            _write(*each)
    else:
        with ThreadPoolExecutor(min(_AT_ONCE, len(files))) as pool:
            list(pool.map(lambda each: _write(*each), files.items()))
    for folder in sorted({path.parent for path in files}):
        _sync(folder)


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as wrong:
        raise StoreError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong


def _sync(folder: Path) -> None:
    """Make a new name in a folder last; where folders cannot be opened, the system sees to it."""
    if os.name == "nt":
        return
    try:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as wrong:
        raise StoreError(f"cannot be written: {wrong.strerror}", where=str(folder)) from wrong
