"""Check the laws of documents on real files: ``python -m tests.measure.laws_on_real [path ...]``.

Without paths, every file beside the project in ``../shared/real``. Prints a line for each file,
and ends with status 1 when a law is broken.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from cardwatch.errors import CardwatchError
from cardwatch.readers import read_bytes
from tests.laws import broken_laws

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"


def main(names: list[str]) -> int:
    paths = [Path(name) for name in names] or sorted(p for p in REAL.rglob("*") if p.is_file())
    paths = [path for path in paths if path.suffix != ".csv"]
    if not paths:
        print(f"no files: {REAL} is not there")
        return 0
    bad = 0
    for path in paths:
        bad += bool(_check(path))
    print(f"{len(paths)} files, {bad} with a broken law")
    return 1 if bad else 0


def _check(path: Path) -> list[str]:
    data = path.read_bytes()
    start = time.perf_counter()
    try:
        document = read_bytes(data, location=str(path))
    except CardwatchError as error:
        print(f"{path.name}: {error}")
        return [str(error)]
    took = time.perf_counter() - start
    broken = broken_laws(document)
    if document != read_bytes(data, location=str(path)):
        broken.append("reading twice differs")
    print(
        f"{took:6.2f} s {len(document.blocks):6} blocks {len(document.sections):4} sections "
        f"{len(document.pages):4} pages {document.coverage.words:7} words  {path.name}"
    )
    for law in broken[:5]:
        print(f"    {law}")
    return broken


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
