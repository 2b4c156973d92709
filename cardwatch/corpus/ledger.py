"""The file of results: one line for each unit, in order; what a stopped run left is taken up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from cardwatch.corpus.work import Result, Status, read_line
from cardwatch.errors import SourceError


class Ledger:
    """Results on their way into ``path``, which is written whole at the end.

    Until then they stand in ``path`` with ``.part`` behind its name. What either file has from
    an earlier run is known by its key, so that only what changed, or failed, is done again.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._old = path.with_name(f"{path.name}.old")
        self._places: dict[str, tuple[Path, int]] = {}
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        try:
            self._check()
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # A run that was stopped twice has results in both: the later ones are kept beside,
            # and go when all is done.
            if self._part.exists():
                with self._old.open("ab") as kept:
                    kept.writelines(self._whole_lines(self._part))
            for path in (self._path, self._old):
                self._learn(path)
            self._file = self._part.open("w", encoding="ascii", newline="\n")
        except OSError as wrong:
            raise self._refused(wrong) from wrong
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()
        if kind is None:
            try:
                self._part.replace(self._path)
                self._old.unlink(missing_ok=True)
            except OSError as wrong:
                raise self._refused(wrong) from wrong

    def known(self, name: str) -> bool:
        """Whether an earlier run left a result of that name."""
        return name in self._places

    def recall(self, name: str, key: str) -> Result | None:
        """The result of an earlier run, if the work was the same and was done."""
        path, place = self._places[name]
        with path.open("rb") as file:
            file.seek(place)
            result = read_line(file.readline().decode("ascii", "replace"))
        return result if result and result.key == key and result.status is Status.DONE else None

    def add(self, result: Result) -> None:
        """Write the next result; it is in the hands of the system when this returns."""
        if self._file is None:
            raise SourceError("the results were not opened", where=str(self._path))
        try:
            self._file.write(result.line())
            self._file.flush()
        except OSError as wrong:
            raise self._refused(wrong) from wrong

    def _check(self) -> None:
        """Refuse to put results in the place of a file that has none."""
        if not self._path.exists() or self._path.stat().st_size == 0:
            return
        with self._path.open("rb") as file:
            if read_line(_head(file.readline())) is None:
                raise SourceError(
                    "is a file of something else, and would be written over",
                    hint="name another file to write to",
                    where=str(self._path),
                )

    def _learn(self, path: Path) -> None:
        place = 0
        for line in self._whole_lines(path) if path.exists() else ():
            # the name stands at the beginning, so that long reports need not be read here
            result = read_line(_head(line))
            if result and result.status is Status.DONE:
                self._places[result.name] = (path, place)
            place += len(line)

    @staticmethod
    def _whole_lines(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield line

    def _refused(self, wrong: OSError) -> SourceError:
        return SourceError(f"cannot be written: {wrong.strerror}", where=str(self._path))


def _head(line: bytes) -> str:
    """A line without its report."""
    head, cut, _ = line.partition(b', "report": ')
    return head.decode("ascii", "replace") + ("}" if cut else "")
