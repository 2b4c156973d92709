"""Thousands of documents at once: found, worked through in processes, told in their order."""

from __future__ import annotations

from cardwatch.corpus.manifest import units
from cardwatch.corpus.pools import Cluster, Pool, Processes
from cardwatch.corpus.running import Report, run, tasks_of
from cardwatch.corpus.work import Job, Result, Status, Task, Unit

__all__ = [
    "Cluster",
    "Job",
    "Pool",
    "Processes",
    "Report",
    "Result",
    "Status",
    "Task",
    "Unit",
    "run",
    "tasks_of",
    "units",
]
