"""What there is to work through: folders by the names in them, or lists that say it."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cardwatch.corpus.work import Job, Unit
from cardwatch.errors import SourceError

# What a reader is there for, by the ends of names; what is in a file is decided by its bytes.
_READABLE = frozenset({".pdf", ".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".docx"})
_LISTS = frozenset({".csv", ".jsonl"})
_COLUMNS = ("name", "document", "companion", "old")
# How a file is called that announces all other documents of its folder.
_COMPANION = re.compile(r"(?:companion|announcement)(?![a-z])")
_LONGEST_LINE = 1_000_000


def units(job: Job, sources: Sequence[str | Path]) -> tuple[Unit, ...]:
    """The units of work in folders, lists and single documents, in their order.

    A folder is gone through to its bottom, by name. For ``read`` each document is a unit. For
    ``diff`` those of a folder are editions, each compared with the one before it. For ``gaps``
    the file whose name begins with ``companion`` or ``announcement`` is what the others of its
    folder are held against. A list (``.csv`` with a head, or ``.jsonl``) has the columns
    ``document``, ``companion``, ``old`` and ``name``, with paths from where the list lies.

    Raises:
        SourceError: there is nothing to do, two units have one name, or a list is wrong.
    """
    found: list[Unit] = []
    for source in sources:
        path = Path(source)
        if path.is_dir():
            found += _in_folder(job, path)
        elif path.suffix.lower() in _LISTS and path.is_file():
            found += _in_list(job, path)
        elif job is Job.READ:
            found.append(Unit(str(source), str(source)))
        elif not path.exists():
            raise SourceError(
                "no such folder or list",
                hint="give a folder, or a list of documents as .csv or .jsonl",
                where=str(source),
            )
        else:
            raise SourceError(
                f"{job.value} needs two documents each",
                hint="give a folder, or a list of them as .csv or .jsonl",
                where=str(source),
            )
    names: set[str] = set()
    for unit in found:
        if unit.name in names:
            raise SourceError("two documents have this name", where=unit.name[:200])
        names.add(unit.name)
    if not found:
        raise SourceError(
            "nothing to do here",
            hint="cardwatch corpus run --help tells how folders are read",
            where=", ".join(map(str, sources))[:200],
        )
    return tuple(found)


# -- folders ----------------------------------------------------------------------------------


def _in_folder(job: Job, root: Path) -> Iterator[Unit]:
    for folder in (root, *sorted(path for path in root.rglob("*") if path.is_dir())):
        if any(part.startswith(".") for part in folder.relative_to(root).parts):
            continue
        documents = sorted(
            (
                path
                for path in folder.iterdir()
                if path.suffix.lower() in _READABLE
                and not path.name.startswith(".")
                and path.is_file()
            ),
            key=_natural,
        )
        for document, other in _paired(job, folder, documents):
            name = document.relative_to(root).as_posix()
            yield Unit(name, str(document), str(other) if other else "")


def _paired(
    job: Job, folder: Path, documents: Sequence[Path]
) -> Iterator[tuple[Path, Path | None]]:
    if job is Job.READ:
        yield from ((each, None) for each in documents)
    elif job is Job.DIFF:
        yield from zip(documents[1:], documents, strict=False)
    else:
        companions = [each for each in documents if _COMPANION.match(each.name.lower())]
        others = [each for each in documents if each not in companions]
        if len(companions) > 1 and others:
            raise SourceError(
                f"{len(companions)} files could be the companion here",
                hint="say which document has which in a list, as .csv or .jsonl",
                where=str(folder),
            )
        yield from ((each, companion) for companion in companions for each in others)


def _natural(path: Path) -> tuple[list[tuple[int, str]], str]:
    """v2 before v10: numbers in a name count as numbers."""
    parts = re.findall(r"\d+|\D+", path.name.casefold())
    return [(int(part[:30]), "") if part.isdecimal() else (-1, part) for part in parts], path.name


# -- lists ------------------------------------------------------------------------------------


def _in_list(job: Job, path: Path) -> Iterator[Unit]:
    wanted = {Job.GAPS: "companion", Job.DIFF: "old", Job.READ: ""}[job]
    for number, row in _rows(path):
        where = f"{path}: {number}"
        if unknown := sorted(set(row) - set(_COLUMNS)):
            raise SourceError(
                f"unknown column {unknown[0]!r}"[:100],
                hint=f"known: {', '.join(_COLUMNS)}",
                where=where,
            )
        if missing := [each for each in ("document", wanted) if each and not row.get(each)]:
            raise SourceError(f"{missing[0]} is missing", where=where)
        name = row.get("name") or row["document"]
        other = _place(path, row[wanted]) if wanted else ""
        yield Unit(name, _place(path, row["document"]), other)


def _place(listed_in: Path, named: str) -> str:
    """A path from where the list lies; addresses and snapshots stay as they are."""
    there = listed_in.parent / named
    return named if "://" in named or (":" in named and not there.exists()) else str(there)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows of a list with the numbers of their lines."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            if path.suffix.lower() == ".csv":
                reader = csv.DictReader(file, restkey="more", strict=True)
                for row in reader:
                    yield reader.line_num, _texts(row, f"{path}: {reader.line_num}")
                return
            for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), ""), start=1):
                if line.strip():
                    yield number, _texts(json.loads(line), f"{path}: {number}")
    except (OSError, ValueError, RecursionError, csv.Error) as wrong:
        raise SourceError(f"the list cannot be read: {wrong}", where=str(path)) from wrong


def _texts(row: object, where: str) -> Mapping[str, str]:
    given = {key: value for key, value in row.items() if value} if isinstance(row, dict) else None
    if given is None or not all(isinstance(each, str) for each in given.values()):
        raise SourceError("a row holds texts under the names of the columns", where=where)
    return given
