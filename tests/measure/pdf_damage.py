"""Damaged copies of PDFs: each must give a document that keeps the laws, or a clear error.

``python -m tests.measure.pdf_damage [-n COUNT] [PDF...]``; without paths the PDFs in
``../shared``. Bytes are cut off, overwritten, swapped or repeated at places drawn from a fixed
seed. Ends with status 1 if anything but an error of the house was raised, a law was broken, or
a reading took longer than ten times the whole document does.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from pathlib import Path

from cardwatch.errors import CardwatchError
from cardwatch.model import MediaType, Source
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf import read
from tests.laws import broken_laws

SHARED = Path(__file__).resolve().parents[3] / "shared" / "real"


def damaged(data: bytes, chance: random.Random) -> bytes:
    """A copy of ``data`` with one kind of damage."""
    at, size = chance.randrange(len(data)), chance.choice((1, 40, 4_000))
    match chance.randrange(5):
        case 0:
            return data[:at]
        case 1:
            return data[:at] + chance.randbytes(size) + data[at + size :]
        case 2:
            return data[:at] + data[at + size :]
        case 3:
            return data[:at] + data[at : at + size] * 3 + data[at + size :]
        case _:
            hurt = bytearray(data)
            for _ in range(200):
                hurt[chance.randrange(len(hurt))] = chance.randrange(256)
            return bytes(hurt)


def outcome(data: bytes, name: str) -> str:
    """What became of one reading, in a word; ``wrong: ...`` is a fault."""
    try:
        document = read(data, Source(name, MediaType.PDF), ReadOptions())
    except CardwatchError as error:
        return type(error).__name__
    except Exception as error:
        return f"wrong: {type(error).__name__}: {error}"
    broken = broken_laws(document)
    return f"wrong: {broken[0]}" if broken else "read"


def main() -> int:
    """Try damaged copies and print how often each outcome came."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("-n", type=int, default=40)
    parser.add_argument("paths", nargs="*", type=Path)
    arguments = parser.parse_args()
    faults = 0
    for path in arguments.paths or sorted(SHARED.glob("cards/*.pdf")):
        data, chance, seen = path.read_bytes(), random.Random(7), Counter[str]()
        start = time.perf_counter()
        outcome(data, path.name)
        limit = 10 * (time.perf_counter() - start) + 1
        for _ in range(arguments.n):
            start = time.perf_counter()
            word = outcome(damaged(data, chance), path.name)
            if time.perf_counter() - start > limit:
                word = "wrong: too slow"
            seen[word] += 1
        print(path.name, dict(seen))
        faults += sum(count for word, count in seen.items() if word.startswith("wrong"))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
