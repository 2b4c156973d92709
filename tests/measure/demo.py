"""How well the demo corpus is judged, against what a careful reader finds (gold.toml).

    python -m tests.measure.demo            the figures, and every miss
    python -m tests.measure.demo --pin      raise the floors in tests/gate.toml to the figures

A floor is never lowered by this program: a lower one is written by hand, with its reason.
"""

from __future__ import annotations

import argparse
import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import cardwatch
from cardwatch.resources import folder

DEMO = folder("corpora") / "demo"
FLOORS = Path(__file__).parents[1] / "gate.toml"


@dataclass(frozen=True)
class Figure:
    """A count of what was judged right, out of how many, with a line for each miss."""

    name: str
    right: int
    of: int
    misses: tuple[str, ...]


def gold() -> dict[str, Any]:
    return tomllib.loads((DEMO / "gold.toml").read_text(encoding="utf-8"))


def digest() -> str:
    """Of the gold and the documents: figures on another corpus are other figures."""
    parts = sorted(p for p in DEMO.iterdir() if p.suffix in (".toml", ".pdf", ".html", ".md"))
    return sha256(b"".join(p.read_bytes() for p in parts)).hexdigest()[:16]


def plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘“”", "''\"\""))
    return re.sub(r"\s+", " ", text).strip().lower()


def holds(quote: str, wanted: str) -> bool:
    """Whether one passage holds the other, blanks and kinds of quotation mark aside."""
    one, other = plain(quote), plain(wanted)
    return bool(one and other) and (one in other or other in one)


def figures() -> Iterator[Figure]:
    known = gold()
    yield from gaps("gaps", known["gaps"])
    yield from gaps("terms", known["terms"])
    yield changes(known["diff"])


def gaps(name: str, wanted: dict[str, Any]) -> Iterator[Figure]:
    document = cardwatch.read(DEMO / wanted["document"], cache=False)
    companion = cardwatch.read(DEMO / wanted["companion"], cache=False)
    found = cardwatch.find_gaps(document, companion).gaps
    yield _count(f"{name}: at their rank", wanted["gap"], lambda w: _ranked(found, w))
    yield _count(
        f"{name}: found at all", wanted["gap"], lambda w: _ranked(found, w | {"top": 10**6})
    )
    yield _count(f"{name}: stated and not reported", wanted["stated"], lambda w: _stated(found, w))
    if "noise" in wanted:
        yield _count(f"{name}: noise kept down", wanted["noise"], lambda w: _noise(found, w))


def _ranked(found: Sequence[Any], want: dict[str, Any]) -> str:
    """An empty text if the passage is found as wanted, else what is wrong."""
    hits = [(i, gap) for i, gap in enumerate(found, 1) if holds(gap.quote, want["quote"])]
    if not hits:
        return f"{want['id']}: not found"
    rank, gap = next(((i, g) for i, g in hits if g.status in want["status"]), hits[0])
    if gap.status not in want["status"]:
        return f"{want['id']}: {gap.status.value} at {rank}, wanted {want['status']}"
    if rank > want["top"]:
        return f"{want['id']}: rank {rank}, wanted {want['top']}"
    return (
        "" if gap.page == want["page"] or "page" not in want else f"{want['id']}: page {gap.page}"
    )


def _stated(found: Sequence[Any], want: dict[str, Any]) -> str:
    wrong = [
        gap.status.value
        for gap in found
        if holds(gap.quote, want["quote"]) and gap.status not in want["status"]
    ]
    return f"{want.get('id', want['quote'][:40])}: reported as {wrong[0]}" if wrong else ""


def _noise(found: Sequence[Any], want: dict[str, Any]) -> str:
    ranks = [i for i, gap in enumerate(found, 1) if holds(gap.quote, want["quote"])]
    high = [rank for rank in ranks if rank <= want["below"]]
    return f"{want.get('id', want['quote'][:40])}: at rank {high[0]}" if high else ""


def changes(wanted: dict[str, Any]) -> Figure:
    old = cardwatch.read(DEMO / wanted["old"], cache=False)
    new = cardwatch.read(DEMO / wanted["new"], cache=False)
    shown = [change for change in cardwatch.compare(old, new).changes if not change.noise]

    def miss(want: dict[str, Any]) -> str:
        for rank, change in enumerate(shown, 1):
            sides = ((change.old, want.get("old", "")), (change.new, want.get("new", "")))
            if all(plain(words) in plain(side.quote if side else "") for side, words in sides):
                top = want["top"]
                return "" if rank <= top else f"{want['id']}: rank {rank}, wanted {top}"
        return f"{want['id']}: not found"

    return _count("diff: at their rank", wanted["change"], miss)


def _count(
    name: str, wanted: Sequence[dict[str, Any]], miss: Callable[[dict[str, Any]], str]
) -> Figure:
    misses = tuple(text for want in wanted if (text := miss(want)))
    return Figure(name, len(wanted) - len(misses), len(wanted), misses)


def floors() -> dict[str, Any]:
    return tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}


def pin(found: Sequence[Figure]) -> None:
    before = floors().get("floors", {})
    lines = [
        "# Floors of the quality gate: how many of the demo corpus's gold rows are judged right.",
        "# Raised by `python -m tests.measure.demo --pin`; lowered only by hand, with a reason.",
        f'corpus = "{digest()}"',
        "",
        "[floors]",
        *(f'"{f.name}" = {max(f.right, before.get(f.name, 0))}' for f in found),
    ]
    FLOORS.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pin", action="store_true")
    wanted = parser.parse_args()
    found = list(figures())
    for figure in found:
        print(f"{figure.right:3}/{figure.of:<3} {figure.name}")
        for line in figure.misses:
            print(f"          {line}")
    if wanted.pin:
        pin(found)


if __name__ == "__main__":
    main()
