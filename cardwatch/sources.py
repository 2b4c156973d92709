"""Source files: what is watched, as data. ``source.toml`` describes one document."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cardwatch.errors import WatchError
from cardwatch.model.watch import SourceKind, WatchSource

FILE_NAME = "source.toml"
_UNITS = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_EVERY = re.compile(r"([1-9]\d{0,4})\s*([mhdw])")
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,80}(?:/[a-z0-9][a-z0-9._-]{0,80}){0,4}")
_STRINGS = ("publisher", "document", "url", "pattern", "companion", "language", "notes")
_FLAGS = ("robots", "private", "render")
_LISTS = ("select", "drop")
_KEYS = (*_STRINGS, "kind", "every", "headers", *_LISTS, *_FLAGS)
# These decide what the answer is, and are the fetcher's own business.
_OWN_HEADERS = frozenset(
    "host content-length transfer-encoding connection accept-encoding if-none-match "
    "if-modified-since range".split()
)


def load(folder: Path) -> tuple[WatchSource, ...]:
    """The sources below a folder, by name: the path of each file's folder is its name.

    Raises:
        WatchError: a file is wrong; it says where and why.
    """
    if not folder.is_dir():
        return ()
    files = sorted(folder.rglob(FILE_NAME))
    return tuple(read(path, path.parent.relative_to(folder).as_posix()) for path in files)


def read(path: Path, name: str) -> WatchSource:
    """The source that a file describes."""
    where = f"{name}/{FILE_NAME}"
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise WatchError(f"cannot be read: {wrong}", where=where) from wrong
    return parse(given, name, where)


def parse(given: Mapping[str, Any], name: str, where: str) -> WatchSource:
    """A source from the keys of its file; unknown keys and wrong types are errors."""
    if unknown := sorted(set(given) - set(_KEYS)):
        raise WatchError(
            f"unknown key {unknown[0]!r}", hint=f"known: {', '.join(sorted(_KEYS))}", where=where
        )
    values: dict[str, Any] = {"name": checked_name(name, where)}
    for key in _STRINGS:
        values[key] = _typed(given, key, str, "", where)
    for key in _FLAGS:
        values[key] = _typed(given, key, bool, key == "robots", where)
    for key in _LISTS:
        values[key] = _texts(given, key, where)
    values["kind"] = _kind(_typed(given, "kind", str, "page", where), where)
    values["every"] = minutes(_typed(given, "every", str, "12h", where), where)
    values["headers"] = _headers(given.get("headers", {}), where)
    source = WatchSource(**values)
    _check(source, where)
    return source


def _check(source: WatchSource, where: str) -> None:
    parts = urlsplit(source.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WatchError("url must be an address of http or https", where=where)
    if source.render and source.kind not in (SourceKind.PAGE, SourceKind.LISTING):
        raise WatchError("only pages and listings are rendered", where=where)
    if source.pattern:
        if not source.kind.lists:
            raise WatchError("a pattern is for feeds, sitemaps and listings", where=where)
        try:
            re.compile(source.pattern)
        except re.error as wrong:
            raise WatchError(f"pattern is no regular expression: {wrong}", where=where) from wrong


def _typed(given: Mapping[str, Any], key: str, kind: type, default: Any, where: str) -> Any:
    value = given.get(key, default)
    if not isinstance(value, kind):
        wanted = {str: "a text", bool: "true or false"}[kind]
        raise WatchError(f"{key} must be {wanted}", where=where)
    return value


def _texts(given: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = given.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise WatchError(f"{key} must be a list of texts", where=where)
    return tuple(value)


def _kind(value: str, where: str) -> SourceKind:
    try:
        return SourceKind(value)
    except ValueError as wrong:
        known = ", ".join(each.value for each in SourceKind)
        raise WatchError(f"unknown kind {value!r}", hint=f"one of: {known}", where=where) from wrong


def _headers(value: object, where: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise WatchError("headers must be a table of texts", where=where)
    for name, text in value.items():
        if not re.fullmatch(r"[A-Za-z0-9-]{1,60}", name) or not text.isprintable():
            raise WatchError(f"{name!r} is not a header that can be sent", where=where)
        if name.lower() in _OWN_HEADERS:
            raise WatchError(f"the header {name} is set by cardwatch itself", where=where)
    return tuple(sorted(value.items()))


def checked_name(name: str, where: str = "") -> str:
    """A name that a source may have: lower case, with slashes between its parts."""
    if not _NAME.fullmatch(name):
        raise WatchError(
            f"{name[:100]!r} is no name for a source",
            hint="letters a to z, digits, . _ - and / between parts",
            where=where,
        )
    return name


def minutes(text: str, where: str = "") -> int:
    """How often to look, in minutes, from ``30m``, ``12h``, ``1d`` or ``1w``."""
    found = _EVERY.fullmatch(text)
    if not found:
        raise WatchError(f"not a schedule: {text[:40]!r}", hint="30m, 12h, 1d, 1w", where=where)
    return int(found[1]) * _UNITS[found[2]]


def every(count: int) -> str:
    """Minutes as a source file writes them."""
    for unit in ("w", "d", "h"):
        if count % _UNITS[unit] == 0:
            return f"{count // _UNITS[unit]}{unit}"
    return f"{count}m"


def name_of(url: str) -> str:
    """A name for a source of which nobody said more than its address."""
    parts = urlsplit(url)
    host = (parts.hostname or "page").removeprefix("www.")
    last = parts.path.rstrip("/").rpartition("/")[2] or "page"
    plain = (re.sub(r"[^a-z0-9._-]+", "-", each.lower()).strip("-._") for each in (host, last))
    return "/".join(each[:80] or "page" for each in plain)


def write(folder: Path, source: WatchSource) -> Path:
    """Write the file of a source below ``folder``; one that is there already stays.

    Raises:
        WatchError: there is a source of that name, or the file cannot be written.
    """
    checked_name(source.name)
    path = folder / source.name / FILE_NAME
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text_of(source))
    except FileExistsError as wrong:
        raise WatchError(
            "there is a source of this name", hint="give another with --name", where=source.name
        ) from wrong
    except OSError as wrong:
        raise WatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong
    return path


def text_of(source: WatchSource) -> str:
    """The file that describes a source; what is as usual is left out."""
    usual = WatchSource(source.name, source.url)
    lines = [f"{key} = {_quoted(getattr(source, key))}" for key in _STRINGS if getattr(source, key)]
    if source.kind is not usual.kind:
        lines.append(f"kind = {_quoted(source.kind.value)}")
    if source.every != usual.every:
        lines.append(f"every = {_quoted(every(source.every))}")
    lists = {key: getattr(source, key) for key in _LISTS}
    lines += [f"{key} = [{', '.join(map(_quoted, each))}]" for key, each in lists.items() if each]
    flags = {key: getattr(source, key) for key in _FLAGS}
    lines += [
        f"{key} = {str(flag).lower()}"
        for key, flag in flags.items()
        if flag is not getattr(usual, key)
    ]
    if source.headers:
        lines += ["", "[headers]", *(f"{_quoted(n)} = {_quoted(v)}" for n, v in source.headers)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text as TOML's basic string."""
    named = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}

    def one(char: str) -> str:
        return named.get(char) or (char if char.isprintable() else f"\\U{ord(char):08x}")

    return '"' + "".join(map(one, text)) + '"'


def unknown_source(name: str, known: Iterable[str]) -> WatchError:
    """The error for a name that no source has, with those that come close."""
    from difflib import get_close_matches

    close = get_close_matches(name, list(known), n=3)
    hint = f"did you mean {', '.join(close)}?" if close else "cardwatch watch list"
    return WatchError("no such source", hint=hint, where=name[:100])
