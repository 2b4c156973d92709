"""One unit of work, wherever it is done: read, compared, told as a line that is always the same."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cardwatch.errors import CardwatchError, SourceError

if TYPE_CHECKING:
    from cardwatch.model import Document
    from cardwatch.reports import Subject


class Job(StrEnum):
    """What is done with each unit."""

    GAPS = "gaps"
    DIFF = "diff"
    READ = "read"

    @property
    def pairs(self) -> bool:
        """Whether it takes two documents."""
        return self is not Job.READ


class Status(StrEnum):
    """What became of a unit."""

    DONE = "done"
    FAILED = "failed"
    CRASHED = "crashed"


@dataclass(frozen=True, slots=True)
class Unit:
    """Documents that belong together, as paths, addresses or snapshots.

    ``other`` is the companion of ``document`` for gaps, and its earlier edition for diff; empty
    where a document stands alone.
    """

    name: str
    document: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A unit with all that a worker needs to know. ``seconds`` (0: any) is the time it may take."""

    job: Job
    unit: Unit
    rules: tuple[Path, ...] = ()
    seconds: float = 0.0
    allow_private: bool = False
    cache: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a unit. ``key`` names the work: the same key, the same result.

    ``found`` counts gaps or changes, ``counts`` says of which kinds, and ``report`` is the JSON
    that the command for one document writes. ``error`` says why there is none.
    """

    name: str
    job: Job
    status: Status
    key: str = ""
    found: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    report: str = ""
    error: str = ""

    def line(self) -> str:
        """The result as one line of JSON."""
        head = {
            "name": self.name,
            "job": self.job.value,
            "status": self.status.value,
            "key": self.key,
            "found": self.found,
            "counts": dict(self.counts),
        }
        if self.error:
            head["error"] = self.error
        text = json.dumps(head)
        # the report is JSON in ASCII already: to read it only to write it again takes long
        return f'{text[:-1]}, "report": {self.report}}}\n' if self.report else f"{text}\n"


def read_line(line: str) -> Result | None:
    """The result that a line holds; none for a line that was cut off or is something else."""
    try:
        given = json.loads(line)
        report = given.get("report")
        return Result(
            str(given["name"]),
            Job(given["job"]),
            Status(given["status"]),
            str(given["key"]),
            int(given["found"]),
            tuple((str(name), int(count)) for name, count in given["counts"].items()),
            json.dumps(report) if report is not None else "",
            str(given.get("error", "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def perform(task: Task) -> Result:
    """Do the work. Whatever goes wrong with a document is a result, and never an exception."""
    result = Result(task.unit.name, task.job, Status.DONE)
    try:
        result = replace(result, key=key_of(task))
        subject, kinds = _WORK[task.job](task)
    except CardwatchError as wrong:
        return replace(result, status=Status.FAILED, error=str(wrong))
    except Exception as wrong:  # a bug of ours must not end the work on thousands of others
        told = f"{type(wrong).__name__}: {wrong}"
        return replace(result, status=Status.CRASHED, error=" ".join(told.split())[:500])
    from cardwatch.reports import View, render

    report = json.dumps(json.loads(render(subject, "json", View())))
    found = sum(kinds.values()) if task.job.pairs else 0
    return replace(result, found=found, counts=tuple(sorted(kinds.items())), report=report)


def key_of(task: Task) -> str:
    """A digest of all that decides the result: job, names, bytes, rules, and cardwatch itself.

    What stands at an address is known only once it is fetched, so it counts by its address.

    Raises:
        SourceError: a file cannot be read.
    """
    whole = sha256(f"{task.job.value}\n{_stamp(task.rules)}\n".encode())
    for name in (task.unit.document, task.unit.other):
        whole.update(_digest(name).encode("utf-8", "surrogatepass"))
    return whole.hexdigest()[:32]


@cache
def _stamp(rules: tuple[Path, ...]) -> str:
    """Our own code and the rules, by what is in them: the same on every machine."""
    from cardwatch.resources import folder

    whole = sha256()
    for root in (Path(__file__).parents[1], folder("rules"), *rules):
        for path in sorted([root] if root.is_file() else root.rglob("*")):
            if path.suffix in (".py", ".toml", ".txt"):
                whole.update(
                    f"\n{path.relative_to(root.parent).as_posix()}\n".encode(
                        "utf-8", "surrogatepass"
                    )
                )
                whole.update(path.read_bytes())
    return whole.hexdigest()


def _digest(name: str) -> str:
    path = Path(name)
    if not name or "://" in name or not path.exists():
        return f"{name}\n"
    whole = sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                whole.update(piece)
    except OSError as wrong:
        raise SourceError(f"cannot be read: {wrong.strerror}", where=name) from wrong
    return f"{name} sha256:{whole.hexdigest()}\n"


def _gaps(task: Task) -> tuple[Subject, Counter[str]]:
    from cardwatch import app
    from cardwatch.reports import Gaps

    document, companion = _read(task, task.unit.document), _read(task, task.unit.other)
    report = app.find_gaps(document, companion, rules=task.rules, cache=task.cache)
    kinds = Counter(each.status.value for each in report.gaps)
    return Gaps(report, document, companion), kinds


def _diff(task: Task) -> tuple[Subject, Counter[str]]:
    from cardwatch import app
    from cardwatch.reports import Diff

    old, new = _read(task, task.unit.other), _read(task, task.unit.document)
    revision = app.compare(old, new, rules=task.rules)
    kinds = Counter(each.kind.value for each in revision.changes if not each.noise)
    return Diff(revision, old, new), kinds


def _outline(task: Task) -> tuple[Subject, Counter[str]]:
    from cardwatch.reports import Outline

    document = _read(task, task.unit.document)
    coverage = document.coverage
    words = coverage.words or len(document.text.split())
    kinds = {
        "words": words,
        "sections": len(document.sections),
        "pages": len(document.pages),
        "unread": len(coverage.unread),
    }
    return Outline(document), +Counter(kinds)


def _read(task: Task, name: str) -> Document:
    from cardwatch import app

    return app.read(name, allow_private=task.allow_private, cache=task.cache)


_WORK: dict[Job, Callable[[Task], tuple[Subject, Counter[str]]]] = {
    Job.GAPS: _gaps,
    Job.DIFF: _diff,
    Job.READ: _outline,
}
