"""Where work is done: processes of this machine, or a cluster; both by ``concurrent.futures``."""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from typing import Any, Protocol

from cardwatch.corpus.work import Result, Task, perform
from cardwatch.errors import SourceError

# A process is replaced after so many units: what leaks in a library does not add up.
_UNITS_PER_PROCESS = 200


class Pool(Protocol):
    """An executor that can be started again after one of its workers died."""

    jobs: int
    deaths: tuple[type[BaseException], ...]

    def start(self, jobs: int) -> Executor:
        """A fresh executor with up to so many workers."""

    def work(self, task: Task) -> Result:
        """What a worker does; must be importable there."""

    def stop(self, executor: Executor) -> None:
        """End an executor, with what it has not begun."""

    def close(self) -> None:
        """Let go of the workers."""


class Processes:
    """Processes of this machine, as many as it has processors if ``jobs`` is 0."""

    deaths: tuple[type[BaseException], ...] = (BrokenExecutor,)

    def __init__(self, jobs: int = 0) -> None:
        self.jobs = jobs or _processors()

    def start(self, jobs: int) -> Executor:
        """A fresh pool. Its processes begin empty: a copy of this one could hold locks."""
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        return ProcessPoolExecutor(jobs, mp_context=context, max_tasks_per_child=_UNITS_PER_PROCESS)

    def work(self, task: Task) -> Result:
        """As promised above."""
        return within_time(task)

    def stop(self, executor: Executor) -> None:
        """As promised above."""
        executor.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Nothing is held: each executor is shut down by whoever started it."""


class Cluster:
    """A Dask cluster at an address (the extra ``dask``); its workers must see the same files."""

    def __init__(self, address: str, jobs: int = 0) -> None:
        try:
            import distributed
        except ImportError as wrong:
            raise SourceError(
                "a cluster needs the library distributed", hint="pip install 'cardwatch[dask]'"
            ) from wrong
        self.deaths: tuple[type[BaseException], ...] = (distributed.KilledWorker,)
        try:
            # its types are not all written down
            client: Any = distributed.Client
            self._client: Any = client(f"tcp://{address}", timeout=10, set_as_default=False)
            threads = sum(self._client.nthreads().values())
        except (OSError, ValueError) as wrong:
            raise SourceError("the cluster cannot be reached", where=address) from wrong
        self.jobs = jobs or max(1, threads)

    def start(self, jobs: int) -> Executor:  # noqa: ARG002 - the cluster has its own workers
        """The cluster as an executor."""
        # the same task twice is done twice: whoever asks again has a reason
        executor: Executor = self._client.get_executor(pure=False)
        return executor

    @staticmethod
    def work(task: Task) -> Result:
        """As promised above; a cluster has limits of its own for what takes too long."""
        return perform(task)

    def stop(self, executor: Executor) -> None:
        """As promised above."""
        executor.shutdown(wait=False)

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


def pool(executor: str = "", jobs: int = 0) -> Pool:
    """The pool that an address names: empty for processes, ``dask://HOST:PORT`` for a cluster.

    Raises:
        SourceError: it cannot be reached, or the address is of another kind.
    """
    if not executor:
        return Processes(jobs)
    scheme, _, place = executor.partition("://")
    if scheme != "dask" or not place:
        raise SourceError(
            "the address of a cluster is dask://HOST:PORT",
            hint="leave it out for processes of this machine",
            where=executor[:100],
        )
    return Cluster(place, jobs)


def within_time(task: Task) -> Result:
    """Do the work; a process that takes too long ends itself, even inside a library."""
    if task.seconds <= 0:
        return perform(task)
    with open(os.devnull, "w", encoding="ascii") as nowhere:  # noqa: PTH123 - it is no path
        faulthandler.dump_traceback_later(task.seconds, exit=True, file=nowhere)
        try:
            return perform(task)
        finally:
            faulthandler.cancel_dump_traceback_later()


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1
