"""Progress on standard error: only for a person, and only when there is something to wait for."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self

from cardwatch.cli.output import is_terminal
from cardwatch.reports import one_line

if TYPE_CHECKING:
    import rich.progress

# Shorter waits need no explanation.
_PATIENCE = 1.0


class Progress:
    """A bar that appears after a second; call it with (done, total) if there are steps to count.

    Without steps it only shows that work goes on.
    """

    def __init__(self, label: str) -> None:
        self._label = one_line(label)
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._bar: rich.progress.Progress | None = None
        self._task: rich.progress.TaskID | None = None
        self._steps: tuple[int, int] | None = None

    def __enter__(self) -> Self:
        if is_terminal(sys.stderr):
            self._timer = threading.Timer(_PATIENCE, self._open)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer is not None:
            self._timer.cancel()
        with self._lock:
            self._timer = None
            if self._bar is not None:
                self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Tell how far it is."""
        with self._lock:
            self._steps = (done, total)
            if self._bar is not None and self._task is not None:
                self._bar.update(self._task, completed=done, total=total)

    def _open(self) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        with self._lock:
            if self._timer is None:
                return  # the work was done while this was waiting its turn
            done, total = self._steps or (0, None)
            self._bar = Bar(
                TextColumn("{task.description}"),
                BarColumn(),
                console=Console(stderr=True),
                transient=True,
            )
            self._task = self._bar.add_task(escape(self._label), completed=done, total=total)
            self._bar.start()
