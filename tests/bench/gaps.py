"""How long whole commands take, from the command line's start to its end, and their memory.

``python -m tests.bench.gaps [DOCUMENT COMPANION] [-n RUNS]``; by default the demo corpus. Every
run is a process of its own with a cache folder of its own: cold (nothing kept), with the
document kept, and with the report kept. The median of the runs, and the highest peak memory.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

DEMO = Path(__file__).resolve().parents[2] / "corpora" / "demo"


def run(arguments: Sequence[str], cache: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak megabytes of one command."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "cardwatch", *arguments],
        stdout=subprocess.DEVNULL,
        env=os.environ | {"CARDWATCH_CACHE_DIR": str(cache)},
    )
    _, status, used = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode > 1:
        raise SystemExit(f"{' '.join(arguments)}: exit code {child.returncode}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(name: str, arguments: Sequence[str], cache: Path, runs: int) -> str:
    """One row of the table: the median of some runs."""
    found = [run(arguments, cache) for _ in range(runs)]
    wall = statistics.median(wall for wall, _, _ in found)
    used = statistics.median(used for _, used, _ in found)
    peak = max(peak for _, _, peak in found)
    return f"| {name} | {wall:.2f} s | {used:.2f} s | {peak:.0f} MB |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="*", default=[])
    parser.add_argument("-n", "--runs", type=int, default=3)
    wanted = parser.parse_args()
    pair = wanted.documents or [str(DEMO / "card-v1.pdf"), str(DEMO / "announcement.html")]
    print("| command | wall | processor | peak memory |\n|---|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        cache = Path(folder)
        gaps = ["gaps", *pair]
        print(measure("--help", ["--help"], cache, wanted.runs))
        print(measure("gaps, nothing kept", [*gaps, "--no-cache"], cache, wanted.runs))
        run(["read", pair[0]], cache)
        first = run(gaps, cache)
        row = f"{first[0]:.2f} s | {first[1]:.2f} s | {first[2]:.0f} MB"
        print(f"| gaps, the document kept | {row} |")
        print(measure("gaps, the report kept", gaps, cache, wanted.runs))


if __name__ == "__main__":
    main()
