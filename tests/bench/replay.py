"""How long a recorder's git history takes, and how many alerts are left of it.

``python -m tests.bench.replay [COMMITS]`` makes a repository of the recordings in
``shared/real/terms``, told anew under other services' names until there are COMMITS (1,020),
and goes through it. ``python -m tests.bench.replay --path REPOSITORY`` goes through another.
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import tempfile
import time
from itertools import count
from pathlib import Path

from tests.conftest import SHARED


def make_history(folder: Path, commits: int) -> None:
    """A repository with one commit for each recording, in order of time."""
    terms = SHARED / "real" / "terms"
    with (terms / "index.csv").open(encoding="utf-8") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["recorded_at"])
    stream: list[bytes] = []
    made = 0
    for copy in count():
        for row in rows:
            if made >= commits:
                break
            made += 1
            service, document, _ = row["file"].split("/")
            subject = (
                "Apply technical upgrade on"
                if row["kind"] == "extraction"
                else "Record new changes of"
            )
            message = f"{subject} {service}-{copy} {document}".encode()
            data = (terms / row["file"]).read_bytes()
            when = int(time.mktime(time.strptime(row["recorded_at"][:19], "%Y-%m-%dT%H:%M:%S")))
            stream.append(
                b"commit refs/heads/main\nauthor r <r@example.org> %d +0000\n"
                b"committer r <r@example.org> %d +0000\ndata %d\n%s\n"
                % (when, when, len(message), message)
            )
            stream.append(
                f"M 100644 inline {service}-{copy}/{document}.md\ndata {len(data)}\n".encode()
                + data
                + b"\n"
            )
        if made >= commits:
            break
    subprocess.run(["git", "init", "-q", "-b", "main", str(folder)], check=True)
    subprocess.run(
        ["git", "-C", str(folder), "fast-import", "--quiet"], input=b"".join(stream), check=True
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commits", nargs="?", type=int, default=1020)
    parser.add_argument("--path", type=Path)
    given = parser.parse_args()
    from cardwatch.watch.replay import replay

    with tempfile.TemporaryDirectory() as folder:
        path = given.path or Path(folder)
        if given.path is None:
            make_history(path, given.commits)
        start = time.perf_counter()
        result = replay(path)
        seconds = time.perf_counter() - start
    print(
        f"{result.recordings} recordings, {len(result.alerts)} alerts "
        f"({result.saved:.1%} fewer), {seconds:.0f} s"
    )


if __name__ == "__main__":
    main()
