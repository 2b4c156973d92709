"""How fast PDFs are read, beside ``pdftotext -bbox-layout`` and pdfplumber, in one run.

``python -m tests.bench.read [--plumber-pages N] [PDF...]``; without paths the PDFs in
``../shared``. Each reading runs in a process of its own: processor time, the best of three, and
peak memory. All three tools use one core: on an idle machine that is the time one waits, on a
busy one it can still be compared. pdfplumber reads the first N pages only (20 unless told
otherwise) and its time is scaled to the whole; ``-`` stands for a tool that is not installed.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import subprocess
import sys
from pathlib import Path

SHARED = Path(__file__).resolve().parents[3] / "shared" / "real"
_OURS = """
import resource, sys, time
from cardwatch.model import MediaType, Source
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf import read
data = open(sys.argv[1], "rb").read()
start = time.process_time()
document = read(data, Source(sys.argv[1], MediaType.PDF), ReadOptions())
took = time.process_time() - start
tables = {document.page_at(b.span.start) for b in document.blocks if b.cells}
print(took, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, len(document.pages), len(tables))
"""
_PLUMBER = """
import resource, sys, time
import pdfplumber
start = time.process_time()
with pdfplumber.open(sys.argv[1]) as pdf:
    pages = pdf.pages[: int(sys.argv[2])]
    for page in pages:
        page.extract_text()
        page.find_tables()
        page.close()
    share = len(pdf.pages) / len(pages)
print((time.process_time() - start) * share, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _child(script: str, *arguments: str) -> list[float]:
    """The figures that a script prints, run in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    return [float(figure) for figure in done.stdout.split()]


def _pdftotext(path: Path) -> float | None:
    """Processor seconds of ``pdftotext -bbox-layout``; ``None`` without it."""
    tool = shutil.which("pdftotext")
    if tool is None:
        return None
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([tool, "-bbox-layout", str(path), "/dev/null"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def measure(path: Path, plumber_pages: int) -> str:
    """One row of the table: pages, seconds, ratio, memory."""
    theirs = [found for _ in range(3) if (found := _pdftotext(path))]
    ours = min(_child(_OURS, str(path)) for _ in range(3))
    plumber = _child(_PLUMBER, str(path), str(plumber_pages)) if plumber_pages else None
    yardstick = min(theirs) if theirs else None
    return " | ".join(
        [
            f"| {path.name}",
            f"{ours[2]:.0f} ({ours[3]:.0f})",
            f"{ours[0]:.2f} s",
            f"{yardstick:.2f} s" if yardstick else "-",
            f"{ours[0] / yardstick:.1f}" if yardstick else "-",
            f"{plumber[0]:.1f} s" if plumber else "-",
            f"{ours[1] / 1024:.0f} MB |",
        ]
    )


def main() -> None:
    """Print the table for the given PDFs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("paths", nargs="*", type=Path)
    parser.add_argument("--plumber-pages", type=int, default=20)
    arguments = parser.parse_args()
    paths = arguments.paths or sorted(SHARED.glob("**/*.pdf"))
    if not paths:
        sys.exit("no PDF given, and none in ../shared")
    heads = ("document", "pages (with tables)", "cardwatch", "pdftotext -bbox-layout")
    print("|", " | ".join((*heads, "ratio", "pdfplumber", "peak memory")), "|")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for path in paths:
        print(measure(path, arguments.plumber_pages), flush=True)


if __name__ == "__main__":
    main()
