"""Progress on standard error: only for a person, and only when there is something to wait for."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cardwatch.cli.output import is_terminal
from cardwatch.reports import one_line

if TYPE_CHECKING:
    import rich.progress

# Shorter waits need no explanation.
_PATIENCE = 1.0


class Progress:
    """A bar that appears after a second; call it with (done, total)."""

    def __init__(self, label: str) -> None:
        self._label = one_line(label)
        self._started = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Tell how far it is."""
        if self._bar is None and time.monotonic() - self._started > _PATIENCE:
            self._open()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, total=total)

    def _open(self) -> None:
        if not is_terminal(sys.stderr):
            self._started = float("inf")  # nobody is looking: do not ask again
            return
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task(escape(self._label))
        self._bar.start()
