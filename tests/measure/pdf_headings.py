"""Headings found without the outline against the outline, on real PDFs.

``python -m tests.measure.pdf_headings [-v] [PDF...]``; without arguments the four PDFs in
``../shared``. An outline entry is a heading to be found if its title has words and stands on
the page that it leads to; titles are compared by their letters and digits, numbers aside.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from cardwatch.model import MediaType, Source
from cardwatch.readers.options import ReadOptions
from cardwatch.readers.pdf.headings import plain
from cardwatch.readers.pdf.reading import outline_of, read
from cardwatch.readers.sections import split_number

SHARED = Path(__file__).parents[3] / "shared" / "real"
FILES = (
    "cards/opus-4.1.pdf",
    "cards/gpt-5.3-codex.pdf",
    "fable-5/card-2026-06-09.pdf",
    "fable-5/card-2026-06-11.pdf",
)


def _key(title: str) -> str:
    return plain(split_number(title)[1])


def measure(path: Path) -> tuple[Counter[str], Counter[str]]:
    """The titles of the outline and the titles found without it, as comparable keys."""
    data, source = path.read_bytes(), Source(str(path), MediaType.PDF)
    wanted = Counter(key for entry in outline_of(data) if (key := _key(entry.title)))
    document = read(data, source, ReadOptions(tables=True), outline=False)
    found = Counter(_key(f"{s.number} {s.title}") for s in document.sections if s.title)
    return wanted, found


def main(arguments: list[str]) -> None:
    """Print precision, recall and F1 for each file, and with ``-v`` what differs."""
    paths = [Path(a) for a in arguments if a != "-v"] or [SHARED / name for name in FILES]
    for path in paths:
        wanted, found = measure(path)
        both = (wanted & found).total()
        precision, recall = both / max(1, found.total()), both / max(1, wanted.total())
        score = 2 * precision * recall / max(1e-9, precision + recall)
        print(f"{path.name}: precision {precision:.3f} recall {recall:.3f} F1 {score:.3f}")
        if "-v" in arguments:
            print("  missed:", *(wanted - found).elements(), sep="\n    ")
            print("  extra:", *(found - wanted).elements(), sep="\n    ")


if __name__ == "__main__":
    main(sys.argv[1:])
