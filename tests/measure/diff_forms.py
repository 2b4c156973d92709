"""Do two forms of the same editions give the same changes?

``python -m tests.measure.diff_forms OLD.md NEW.md OLD.pdf NEW.pdf`` compares both pairs and tells
which substantive changes of the one pair the other lacks; without arguments it takes the pairs in
``../shared``. Marks of Markdown and kinds of quotation marks do not count;
changes of emphasis, which a PDF need not carry, are left out.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cardwatch
from cardwatch.model import Change, Effect

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "real" / "fable-5"
DEFAULT = tuple(
    SHARED / f"card-2026-06-{day}.{form}" for form in ("md", "pdf") for day in ("09", "11")
)
# So much of the words of one change must be in the other.
_ALIKE = 0.8


def words(change: Change) -> Counter[str]:
    """The words of both sides of a change."""
    text = " ".join(side.quote for side in (change.old, change.new) if side)
    plain = unicodedata.normalize("NFKC", text).lower()
    return Counter(re.findall(r"[a-z0-9]+", plain))


def alike(one: Counter[str], other: Counter[str]) -> float:
    """Shared words as a share of the shorter change, 0 to 1."""
    return (one & other).total() / max(1, min(one.total(), other.total()))


def shown(old: Path, new: Path) -> list[Change]:
    revision = cardwatch.compare(cardwatch.read(old), cardwatch.read(new))
    return [c for c in revision.changes if not c.noise and c.effects != (Effect.EMPHASIS,)]


def lacking(mine: Sequence[Change], theirs: Sequence[Change]) -> list[tuple[int, Change]]:
    """The changes of one pair, with their rank, that the other pair does not show."""
    other = [words(change) for change in theirs]
    return [
        (rank, change)
        for rank, change in enumerate(mine, 1)
        if not any(alike(words(change), each) >= _ALIKE for each in other)
    ]


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]] or list(DEFAULT)
    if not all(path.exists() for path in paths):
        sys.exit("name four documents: old and new in one form, old and new in another")
    pairs = shown(*paths[:2]), shown(*paths[2:])
    forms = [path.suffix.lstrip(".") for path in (paths[0], paths[2])]
    for at in (0, 1):
        missing = lacking(pairs[at], pairs[1 - at])
        both = len(pairs[at]) - len(missing)
        print(f"{forms[at]}: {len(pairs[at])} shown, {both} of them in {forms[1 - at]} too")
        for rank, change in missing:
            side = change.new or change.old
            print(
                f"   only here, rank {rank}: {' '.join(side.quote.split())[:160] if side else ''}"
            )


if __name__ == "__main__":
    main()
