"""A thousand sources on a local server: time, requests, politeness and memory of two runs.

``python -m tests.bench.watch [SOURCES]``; the sources stand on fifty hosts of our own.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path

from cardwatch.fetch import Network
from cardwatch.model.watch import Verdict
from cardwatch.watch.run import run
from cardwatch.watch.settings import World
from tests.test_watch import TERMS
from tests.watching import page, serving, settings, source

_HOSTS = 50


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    network = replace(Network(), resolve=lambda _host, _port: ["127.0.0.1"])
    with serving() as site, tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        # what others have read is no part of this
        os.environ["CARDWATCH_CACHE_DIR"] = f"{folder}/cache"
        for number in range(count):
            path = f"/{number}"
            site.put(path, page(*TERMS, f"This is page {number} of many."), ETag=f'"{number}"')
            url = f"http://h{number % _HOSTS}.test:{site.port}{path}"
            source(home, f"s{number:04}", f'url = "{url}"\n')
        chosen = settings(home, hosts=8)
        for name in ("first", "second", "third"):
            site.requests.clear()
            start, work = time.perf_counter(), time.process_time()
            report = run(chosen, World(network=network), every=True)
            seconds, work = time.perf_counter() - start, time.process_time() - work
            asked = Counter(path == "/robots.txt" for path, _ in site.requests)
            print(
                f"{name} run: {seconds:.1f} s ({work:.1f} s of work), {asked[False]} requests and "
                f"{asked[True]} of robots.txt, {report.counts.get(Verdict.UNCHANGED, 0)} not "
                f"modified, at most {site.most_at_once} at once, memory {peak():.0f} MB"
            )


if __name__ == "__main__":
    main()
