"""Recordings that somebody else made: a folder of files, or a git history, in order of time."""

from __future__ import annotations

import csv
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from cardwatch.errors import WatchError

SUFFIXES = frozenset({".md", ".markdown", ".txt", ".html", ".htm", ".pdf", ".docx"})
# What a recorder says when it read anew what it had: its own change, not the publisher's. It says
# so at once: further on in the subject stands the name of a document, which may be any words.
UPGRADE = (
    r"^(?:\S+\s+){0,3}\W*(?:(?:technical|declaration|extraction|filter)\w*\b.*"
    r"\b(?:upgrade|update|change)|refilter)"
)
_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T_ -]?(\d\d)[:.-]?(\d\d)(?:[:.-]?(\d\d))?)?(?:\.\d+)?Z?"
)
_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Recording:
    """One version of one document. ``at`` is ISO 8601 in UTC; ``content`` names its bytes.

    ``name`` is what a person finds it by: its file, or the commit. ``ours``: the recorder
    changed, not the document. ``gone``: the document was removed.
    """

    document: str
    at: str
    content: str
    ours: bool = False
    gone: bool = False
    name: str = ""


def find(path: Path, upgrade: str = UPGRADE) -> tuple[Recording, ...]:
    """The recordings at a path: a git history if it is a repository, else a folder of files.

    They come in order of time.

    In a folder every document is a folder, and its files are named by their times
    (``2026-05-26T103013Z.md``). ``upgrade`` is a regular expression for the subjects of
    commits that the recorder made for itself. A table ``index.csv`` with the columns ``file``
    and ``kind`` may say the same of files (``kind`` is ``extraction``).

    Raises:
        WatchError: there are no recordings at the path.
    """
    if not path.is_dir():
        raise WatchError("is not a folder of recordings", where=str(path))
    wanted = _compiled(upgrade)
    found = _of_git(path, wanted) if _is_repository(path) else _of_folder(path)
    if not found:
        raise WatchError(
            "holds no recordings",
            hint="a git history, or folders of files named by their times",
            where=str(path),
        )
    return found


def loader(path: Path) -> Callable[[str], bytes]:
    """What gives the bytes of a recording at a path by their ``content``."""
    if _is_repository(path):
        return _Blobs(path).load

    def load(content: str) -> bytes:
        with (path / content).open("rb") as file:
            return file.read(_LARGEST)

    return load


def _is_repository(path: Path) -> bool:
    bare = (path / "HEAD").is_file() and (path / "refs").is_dir()
    return bare or (path / ".git").exists()


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern, re.IGNORECASE)
    except re.error as wrong:
        raise WatchError(f"not a regular expression: {wrong}", where=pattern[:100]) from wrong


# -- folders ----------------------------------------------------------------------------------


def _of_folder(path: Path) -> tuple[Recording, ...]:
    ours = _extractions(path / "index.csv")
    found = []
    for file in sorted(path.rglob("*")):
        at = _time(file.stem)
        if at and file.suffix.lower() in SUFFIXES and file.is_file() and not file.is_symlink():
            name = file.relative_to(path).as_posix()
            document = name.rpartition("/")[0] or "."
            found.append(Recording(document, at, name, name in ours, name=name))
    return tuple(sorted(found, key=lambda each: (each.at, each.content)))


def _extractions(table: Path) -> set[str]:
    if not table.is_file():
        return set()
    with table.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return {str(row.get("file")) for row in rows if row.get("kind") == "extraction"}


def _time(text: str) -> str:
    found = _TIME.fullmatch(text)
    if not found:
        return ""
    try:
        at = datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC)  # type: ignore[misc,arg-type]  # six numbers
    except ValueError:
        return ""
    return at.isoformat()


# -- git --------------------------------------------------------------------------------------

# A repository's own settings may name programs to run; none is.
_GIT = (
    "git",
    *("-c", "core.fsmonitor=false", "-c", "core.pager=cat", "-c", "log.showSignature=false"),
    *("-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"),
    # so that one may be read that is somebody else's
    *("-c", "safe.directory=*"),
)
# What tells of a repository instead of being recorded in it.
_ABOUT = frozenset(
    "readme license licence copying notice contributing changelog authors contributors".split()
)
# A file that is this like one removed in the same commit is the same under another name.
_RENAMED = "-M80%"


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return {
        **kept,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "LC_ALL": "C",
    }


def _of_git(path: Path, upgrade: re.Pattern[str]) -> tuple[Recording, ...]:
    log = _git(
        path,
        *("log", "--reverse", "--no-ext-diff", "--no-textconv", _RENAMED, "-l2000", "--raw"),
        *("--no-abbrev", "-z", "--root", "--first-parent", "-m"),
        *("--date=iso-strict", "--format=%H %aI %s", "HEAD", "--"),
    )
    found = tuple(_of_log(log.decode("utf-8", "surrogateescape"), upgrade))
    inside = tuple(each for each in found if "/" in each.document)
    # at the top of a repository stands what is about it, unless nothing stands elsewhere
    return inside or found


def _git(path: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - no shell, arguments are constants
            (*_GIT, "-C", str(path.resolve()), *arguments),
            capture_output=True,
            check=False,
            env=_environment(),
        )
    except FileNotFoundError as wrong:
        raise WatchError("git is not installed", where=str(path)) from wrong
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
        raise WatchError(f"git refused: {' '.join(reason)[:200]}", where=str(path))
    return done.stdout


def _of_log(log: str, upgrade: re.Pattern[str]) -> Iterator[Recording]:
    """The recordings of a log whose parts end with NUL: per commit a head, then facts and names
    of each file. A head is what is not taken for facts, so no subject can pass for a file.

    A document keeps the name that it had first, whatever it is called later.
    """
    commit, at, ours = "", "", False
    first: dict[str, str] = {}
    parts = iter(log.split("\0"))
    for part in parts:
        facts = part.lstrip("\n")
        if facts.startswith(":"):
            name = next(parts, "")
            _, mode, _, blob, status = facts[1:].split(" ")
            if status[:1] in ("R", "C"):
                old, name = name, next(parts, "")
                if status[:1] == "R":
                    first[name] = first.pop(old, old)
            gone = status == "D"
            document = first.get(name, name)
            if gone:
                first.pop(name, None)
            if (gone or mode.startswith("100")) and _is_recorded(name):
                yield Recording(document, at, blob, ours, gone, commit[:12])
        elif facts:
            commit, _, rest = facts.partition(" ")
            moment, _, subject = rest.partition(" ")
            # a clock that went back must not make a spell end before it began
            at = max(at, _utc(moment))
            ours = bool(upgrade.search(subject))


def _utc(moment: str) -> str:
    """A commit's time in UTC; empty for one that no calendar has."""
    try:
        return datetime.fromisoformat(moment).astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def _is_recorded(name: str) -> bool:
    path = Path(name)
    hidden = any(part.startswith(".") for part in path.parts)
    about = path.stem.casefold() in _ABOUT
    return path.suffix.lower() in SUFFIXES and not hidden and not about


class _Blobs:
    """The blobs of a repository, through one process of git."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._process: subprocess.Popen[bytes] | None = None

    def load(self, content: str) -> bytes:
        if self._process is None:
            self._process = subprocess.Popen(  # noqa: S603 - no shell, arguments are constants
                (*_GIT, "-C", str(self._path.resolve()), "cat-file", "--batch"),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=_environment(),
            )
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise WatchError("git cannot be asked", where=str(self._path))
        asked.write(content.encode("ascii") + b"\n")
        asked.flush()
        return self._answer(answered, content)

    def _answer(self, answered: IO[bytes], content: str) -> bytes:
        head = answered.readline().split()
        if len(head) != 3 or not head[2].isdigit():
            raise WatchError("git has no such object", where=content)
        size = int(head[2])
        data = answered.read(min(size, _LARGEST))
        left = size - len(data) + 1
        while left > 0 and (passed := answered.read(min(left, _LARGEST))):
            left -= len(passed)
        return data
