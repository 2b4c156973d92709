"""A run over a corpus: work goes out in order, and results come back in the same order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from cardwatch.corpus.ledger import Ledger
from cardwatch.corpus.pools import Pool, pool
from cardwatch.corpus.work import Job, Result, Status, Task, Unit, key_of
from cardwatch.errors import SourceError

# How far ahead of the oldest unfinished unit others are begun, for each worker: results wait in
# memory until their turn has come.
_AHEAD = 8


@dataclass(frozen=True, slots=True)
class Report:
    """What a run came to: each unit's result without its report, which the file of results has.

    ``recalled`` counts results that an earlier run had left.
    """

    job: Job
    results: tuple[Result, ...]
    recalled: int = 0

    @property
    def statuses(self) -> dict[Status, int]:
        """How many units came to each status."""
        found = Counter(each.status for each in self.results)
        return {status: found[status] for status in Status if found[status]}

    @property
    def counts(self) -> dict[str, int]:
        """What was found in all units together, by kind."""
        found = Counter[str]()
        for each in self.results:
            found.update(dict(each.counts))
        return dict(sorted(found.items()))


def run(
    tasks: Sequence[Task],
    *,
    output: Path | None = None,
    jobs: int = 0,
    executor: str | Pool = "",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Do all tasks, and write their results to ``output`` as lines of JSON in their order.

    The same tasks give the same bytes, however many workers there are, wherever they are, and
    however often the run was stopped and taken up again. A document that cannot be read, or
    that ends its process, is a result like any other. ``jobs`` (0: all processors) work at a
    time; ``executor`` is ``dask://HOST:PORT`` for a cluster, or a pool of your own.
    ``progress`` is told (done, total).

    Raises:
        SourceError: the cluster cannot be reached or was lost, or the file cannot be written.
    """
    if not tasks:
        return Report(Job.READ, ())
    results, recalled = [], 0
    with ExitStack() as stack:
        ledger = stack.enter_context(Ledger(output)) if output else None
        if isinstance(executor, str):
            executor = pool(executor, min(jobs, len(tasks)))
        workers = _Workers(executor)
        stack.callback(workers.close)
        for result, known in _in_order(tasks, ledger, workers):
            if ledger:
                ledger.add(result)
            recalled += known
            results.append(replace(result, report=""))
            progress(len(results), len(tasks))
    return Report(tasks[0].job, tuple(results), recalled)


def tasks_of(job: Job, units: Sequence[Unit], **settings: object) -> tuple[Task, ...]:
    """A task for each unit; ``settings`` are those of ``Task``."""
    return tuple(Task(job, unit, **settings) for unit in units)  # type: ignore[arg-type]


def _in_order(
    tasks: Sequence[Task], ledger: Ledger | None, workers: _Workers
) -> Iterator[tuple[Result, bool]]:
    """Each task's result, and whether it is an earlier run's."""
    begun = 0
    done: dict[int, tuple[Result, bool]] = {}
    for turn in range(len(tasks)):
        while turn not in done:
            while begun < len(tasks) and begun - turn < workers.ahead and workers.free:
                known = _recalled(tasks[begun], ledger)
                if known:
                    done[begun] = (known, True)
                else:
                    workers.begin(begun, tasks[begun])
                begun += 1
            if turn not in done:
                done.update((number, (result, False)) for number, result in workers.finished())
        yield done.pop(turn)


def _recalled(task: Task, ledger: Ledger | None) -> Result | None:
    if ledger is None or not ledger.known(task.unit.name):
        return None
    try:
        key = key_of(task)
    except SourceError:
        return None  # the worker will meet the same, and tell it
    return ledger.recall(task.unit.name, key)


class _Workers:
    """The workers of a run, replaced when one of them dies."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._executor: Executor | None = None
        self._running: dict[Future[Result], tuple[int, Task]] = {}
        self.ahead = pool.jobs * _AHEAD

    @property
    def free(self) -> bool:
        """Whether more can be begun: each worker has one unit, and one that waits for it."""
        return len(self._running) < self._pool.jobs * 2

    def begin(self, number: int, task: Task) -> None:
        """Give a task to a worker."""
        if self._executor is None:
            self._executor = self._pool.start(self._pool.jobs)
        try:
            future = self._executor.submit(self._pool.work, task)
        except self._pool.deaths:
            # one died just now: what it had at hand is told as soon as it is asked for
            self._executor = self._pool.start(self._pool.jobs)
            future = self._executor.submit(self._pool.work, task)
        self._running[future] = (number, task)

    def finished(self) -> Iterator[tuple[int, Result]]:
        """What was finished since, after some waiting. When a worker died nobody knows at what,
        and so each unit that was under way is done once more, by itself.
        """
        wait(self._running, return_when=FIRST_COMPLETED)
        suspects = []
        for future in [each for each in self._running if each.done()]:
            number, task = self._running.pop(future)
            try:
                yield number, future.result()
            except self._pool.deaths:
                suspects.append((number, task))
            except (CancelledError, OSError) as wrong:
                raise SourceError(
                    "the workers were lost", hint="run it again: it goes on where it stopped"
                ) from wrong
        if suspects:
            suspects += self._running.values()
            self._running.clear()
            self.stop()
            for number, task in sorted(suspects, key=lambda each: each[0]):
                yield number, self._alone(task)

    def _alone(self, task: Task) -> Result:
        executor = self._pool.start(1)
        try:
            return executor.submit(self._pool.work, task).result()
        except self._pool.deaths:
            limit = f" or took more than {task.seconds:g} seconds" if task.seconds > 0 else ""
            told = f"its process ended without an answer{limit}"
            return Result(task.unit.name, task.job, Status.CRASHED, error=told)
        finally:
            self._pool.stop(executor)

    def close(self) -> None:
        """Stop all work."""
        self.stop()
        self._pool.close()

    def stop(self) -> None:
        """Stop the work that is under way."""
        if self._executor is not None:
            self._pool.stop(self._executor)
            self._executor = None
