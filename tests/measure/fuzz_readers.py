"""Damage files at random and read them: ``python -m tests.measure.fuzz_readers file ... [-n 200]``.

Each damaged copy is read in a process beside, with a limit of time and memory. What is
not a document that keeps the laws, or an error of the house, is kept in ``--keep`` and printed.
The seed is fixed, so that a find can be made again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import resource
import sys
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from cardwatch.errors import CardwatchError
from cardwatch.readers import read_bytes
from tests.laws import broken_laws


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("-n", "--rounds", type=int, default=100, help="copies of each file")
    parser.add_argument("--seconds", type=float, default=20.0, help="limit for one reading")
    parser.add_argument("--gigabytes", type=float, default=2.0, help="limit of memory")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"))
    given = parser.parse_args()
    finds = 0
    for path in given.files:
        finds += _fuzz(path, given)
    print(f"{finds} finds")
    return 1 if finds else 0


def _fuzz(path: Path, given: argparse.Namespace) -> int:
    data = path.read_bytes()
    chance = random.Random(f"{given.seed} {path.name}")
    finds = 0
    slowest = 0.0
    reader = _Reader(given.gigabytes)
    for number in range(given.rounds):
        damaged = mutate(data, chance)
        start = time.perf_counter()
        verdict = reader.read(damaged, path.name, given.seconds)
        slowest = max(slowest, time.perf_counter() - start)
        if verdict:
            finds += 1
            given.keep.mkdir(exist_ok=True)
            kept = given.keep / f"{path.stem}-{given.seed}-{number}{path.suffix}"
            kept.write_bytes(damaged)
            print(f"{kept}: {verdict}")
    reader.stop()
    print(f"{path.name}: {given.rounds} copies, {finds} finds, slowest {slowest:.1f} s")
    return finds


def mutate(data: bytes, chance: random.Random) -> bytes:
    """A copy of ``data`` with a few random injuries: bytes changed, pieces cut, moved, repeated."""
    out = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 4, 16])):
        if not out:
            break
        at = chance.randrange(len(out))
        span = min(len(out) - at, chance.choice([1, 2, 8, 64, 1024, len(out) // 4 + 1]))
        piece = bytes(out[at : at + span])
        kind = chance.randrange(7)
        if kind == 0:
            out[at] ^= 1 << chance.randrange(8)
        elif kind == 1:
            out[at : at + span] = chance.randbytes(min(span, 256))
        elif kind == 2:
            del out[at : at + span]
        elif kind == 3:
            out[at:at] = piece * chance.choice([1, 2, 20])
        elif kind == 4:
            del out[at:]
        elif kind == 5:
            where = chance.randrange(len(out))
            out[where:where] = piece
        else:
            out[at:at] = chance.choice(
                [
                    b"\x00",
                    b"\xff\xfe",
                    b"<",
                    b">",
                    b"[",
                    b"]]>",
                    b"\n\n",
                    b"<!--",
                    b"endobj",
                    b"9" * 20,
                ]
            )
    return bytes(out)


class _Reader:
    """A process that reads; replaced when it hangs or dies."""

    def __init__(self, gigabytes: float) -> None:
        self.gigabytes = gigabytes
        self._start()

    def _start(self) -> None:
        self.pipe, other = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=_work, args=(other, self.gigabytes))
        self.process.start()
        other.close()

    def read(self, data: bytes, name: str, seconds: float) -> str:
        self.pipe.send((data, name))
        try:
            if self.pipe.poll(seconds):
                return str(self.pipe.recv())
        except EOFError:
            self.stop()
            self._start()
            return "the process died"
        self.stop()
        self._start()
        return f"no end within {seconds:g} s"

    def stop(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()


def _work(pipe: Connection, gigabytes: float) -> None:
    limit = int(gigabytes * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    while True:
        try:
            data, name = pipe.recv()
        except EOFError:
            return
        pipe.send(_verdict(data, name))


def _verdict(data: bytes, name: str) -> str:
    try:
        return "; ".join(broken_laws(read_bytes(data, location=name))[:3])
    except CardwatchError:
        return ""
    except Exception as error:  # whatever else is raised is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {error} at {Path(place.filename).name}:{place.lineno}"


if __name__ == "__main__":
    sys.exit(main())
