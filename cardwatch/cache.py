"""Results kept on disk, so that a document need not be read, or judged, a second time.

An entry is compressed JSON in columns (all starts together, all ends together), led by a
digest: data and nothing that could run. An entry that is damaged, or was written by other
code than is running, counts as missing. Losing the cache loses nothing but time.
"""

from __future__ import annotations

import json
import os
import tempfile
import types
import zlib
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

_MAGIC = b"cardwatch cache 1\n"
_DIGEST = 32
_SUFFIX = ".kept"
# A 309-page card makes an entry of about 1 MB, so this is some hundreds of documents.
DEFAULT_LIMIT = 500_000_000
# No result is this large: more is a damaged length or a compression bomb.
_UNPACKED_LIMIT = 2_000_000_000
# By folder and limit: bytes that this process may write before it looks at the folder again.
_ROOM: dict[tuple[Path, int], int] = {}


class Cache:
    """A folder of results (dataclasses) of at most ``limit`` bytes; the longest unused go first."""

    def __init__(self, folder: Path, limit: int = DEFAULT_LIMIT) -> None:
        self._folder = folder
        self._limit = limit

    def get(self, key: str, kind: type[T]) -> T | None:
        """What is kept under ``key``; ``None`` when there is no such value that can be trusted."""
        path = self._path(key)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        try:
            return unpack(data, kind)
        except CacheMiss:
            return None

    def put(self, key: str, value: object) -> None:
        """Keep ``value`` under ``key``. A folder that cannot be written keeps nothing."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
            data = pack(value)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                Path(name).replace(self._path(key))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            self._make_room(len(data))
        except OSError:
            # A full or read-only disk costs time at the next reading, and nothing now.
            return

    def _path(self, key: str) -> Path:
        return self._folder / (sha256(key.encode("utf-8", "surrogatepass")).hexdigest() + _SUFFIX)

    def _make_room(self, written: int) -> None:
        """Look at the whole folder when what was written since the last look may have filled it.

        To look each time would cost a run over thousands of documents more than their reading.
        """
        left = _ROOM.get((self._folder, self._limit), 0) - written
        if left <= 0:
            # others may write at the same time, and know as little of this process
            left = (self._limit - self._evict()) // 4
        _ROOM[self._folder, self._limit] = left

    def _evict(self) -> int:
        """Let the longest unused go if the folder is too large; the bytes that stay."""
        entries = []
        # what a killed process left half written is counted, ages and leaves with the rest
        for path in (*self._folder.glob(f"*{_SUFFIX}"), *self._folder.glob("*.part")):
            try:
                found = path.stat()
            except FileNotFoundError:
                continue  # another process evicted it first
            entries.append((found.st_mtime_ns, path.name, found.st_size))
        total = sum(size for _, _, size in entries)
        # with room to spare, so that the next entry need not look again
        full = total > self._limit - self._limit // 32
        goal = self._limit - self._limit // 16 if full else self._limit
        for _, name, size in sorted(entries):
            if total <= goal:
                break
            (self._folder / name).unlink(missing_ok=True)
            total -= size
        return total


def default_folder() -> Path:
    """``CARDWATCH_CACHE_DIR`` if it is set, else the platform's folder for a user's caches."""
    named = os.environ.get("CARDWATCH_CACHE_DIR")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("cardwatch", appauthor=False) / "documents"


def stamp(*folders: Path) -> str:
    """A digest that changes whenever a Python, TOML or text file below ``folders`` does.

    Size and time of change are enough, as for compiled modules: an entry must not outlive the
    code or the rules that made it, even where somebody forgot to raise a version.
    """
    whole = sha256()
    for folder in folders:
        for path in sorted([folder] if folder.is_file() else folder.rglob("*")):
            if path.suffix in (".py", ".toml", ".txt"):
                found = path.stat()
                line = f"{path}:{found.st_size}:{found.st_mtime_ns}\n"
                whole.update(line.encode("utf-8", "surrogatepass"))
    return whole.hexdigest()


class CacheMiss(Exception):
    """The bytes are no entry of this version of cardwatch."""


def pack(value: Any) -> bytes:
    """A value as bytes from which ``unpack`` makes an equal one."""
    codec = _codec_of(type(value))
    plain = json.dumps([codec.shape, codec.encode([value])], separators=(",", ":"))
    body = zlib.compress(plain.encode("ascii"), 1)
    return _MAGIC + sha256(body).digest() + body


def unpack(data: bytes, kind: type[T]) -> T:
    """The value that ``pack`` made these bytes of.

    Raises:
        CacheMiss: the bytes are damaged, or were packed from another shape of value.
    """
    start = len(_MAGIC)
    body = data[start + _DIGEST :]
    if data[:start] != _MAGIC or sha256(body).digest() != data[start : start + _DIGEST]:
        raise CacheMiss
    codec = _codec_of(kind)
    inflate = zlib.decompressobj()
    try:
        plain = inflate.decompress(body, _UNPACKED_LIMIT)
        if inflate.unconsumed_tail:
            raise CacheMiss
        shape, columns = json.loads(plain)
        if shape != codec.shape:
            raise CacheMiss
        (value,) = codec.decode(columns)
    except (zlib.error, ValueError, TypeError, KeyError, RecursionError) as wrong:
        raise CacheMiss from wrong
    if not isinstance(value, kind):
        raise CacheMiss
    return value


def digest(*values: object) -> str:
    """A name for the values themselves: the same for equal ones, wherever they came from."""
    whole = sha256()
    for value in values:
        whole.update(sha256(pack(value)).digest())
    return whole.hexdigest()


@dataclass(frozen=True)
class _Codec:
    """How a list of values of one type becomes JSON and comes back; ``shape`` names the type."""

    shape: str
    encode: Callable[[list[Any]], Any]
    decode: Callable[[Any], list[Any]]


def _codec_of(kind: Any) -> _Codec:
    return _codec(kind)


@cache
def _codec(hint: Any) -> _Codec:
    origin = get_origin(hint)
    if hint in (str, int, float, bool):
        return _Codec(hint.__name__, list, list)
    if origin in (tuple, frozenset):
        return _of_many(hint, origin)
    if origin is dict:
        return _of_mapping(hint)
    if origin in (Union, types.UnionType):
        return _of_optional(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _of_enum(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _of_dataclass(hint)
    raise TypeError(f"no way to keep a value of type {hint!r} in the cache")


def _of_dataclass(hint: type) -> _Codec:
    hints = get_type_hints(hint)
    names = [each.name for each in fields(hint)]
    codecs = [_codec(hints[name]) for name in names]
    inner = ",".join(f"{name}:{codec.shape}" for name, codec in zip(names, codecs, strict=True))

    def encode(values: list[Any]) -> Any:
        columns = [
            codec.encode([getattr(value, name) for value in values])
            for name, codec in zip(names, codecs, strict=True)
        ]
        return [len(values), columns]

    def decode(encoded: Any) -> list[Any]:
        count, columns = encoded
        decoded = [codec.decode(each) for codec, each in zip(codecs, columns, strict=True)]
        if any(len(column) != count for column in decoded):
            raise ValueError("columns of different lengths")
        return list(map(hint, *decoded))

    return _Codec(f"{hint.__name__}({inner})", encode, decode)


def _of_many(hint: Any, kind: type) -> _Codec:
    item, *rest = get_args(hint)
    if kind is tuple and rest != [...]:
        raise TypeError(f"no way to keep a value of type {hint!r} in the cache")
    inner = _codec(item)

    def encode(values: list[Any]) -> Any:
        rows = [sorted(value) for value in values] if kind is frozenset else values
        return [[len(row) for row in rows], inner.encode(list(chain.from_iterable(rows)))]

    def decode(encoded: Any) -> list[Any]:
        lengths, flat = encoded
        items = inner.decode(flat)
        if sum(lengths) != len(items):
            raise ValueError("lengths do not add up")
        rows, at = [], 0
        for length in lengths:
            rows.append(kind(items[at : at + length]))
            at += length
        return rows

    return _Codec(f"{kind.__name__}[{inner.shape}]", encode, decode)


def _of_mapping(hint: Any) -> _Codec:
    names, items = (_codec(each) for each in get_args(hint))

    def encode(values: list[Any]) -> Any:
        flat = list(chain.from_iterable(value.items() for value in values))
        lengths = [len(value) for value in values]
        return [lengths, names.encode([k for k, _ in flat]), items.encode([v for _, v in flat])]

    def decode(encoded: Any) -> list[Any]:
        lengths, keys, flat = encoded
        pairs = list(zip(names.decode(keys), items.decode(flat), strict=True))
        if sum(lengths) != len(pairs):
            raise ValueError("lengths do not add up")
        found, at = [], 0
        for length in lengths:
            found.append(dict(pairs[at : at + length]))
            at += length
        return found

    return _Codec(f"dict[{names.shape},{items.shape}]", encode, decode)


def _of_optional(hint: Any) -> _Codec:
    arms = [arm for arm in get_args(hint) if arm is not types.NoneType]
    if len(arms) != 1:
        raise TypeError(f"no way to keep a value of type {hint!r} in the cache")
    inner = _codec(arms[0])

    def encode(values: list[Any]) -> Any:
        present = [int(value is not None) for value in values]
        return [present, inner.encode([value for value in values if value is not None])]

    def decode(encoded: Any) -> list[Any]:
        present, flat = encoded
        found = inner.decode(flat)
        if sum(present) != len(found):
            raise ValueError("values are missing")
        items = iter(found)
        return [next(items) if there else None for there in present]

    return _Codec(f"{inner.shape}?", encode, decode)


def _of_enum(hint: type[Enum]) -> _Codec:
    def encode(values: list[Any]) -> Any:
        return [value.value for value in values]

    def decode(encoded: Any) -> list[Any]:
        members = {member.value: member for member in hint}
        return [members[value] for value in encoded]

    return _Codec(hint.__name__, encode, decode)
