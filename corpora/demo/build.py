"""Build the demo card's two PDFs from their source: ``python corpora/demo/build.py``.

Needs reportlab (in the ``dev`` extra). The same sources give the same bytes with the same
versions of reportlab and zlib. ``--out DIR`` writes somewhere else than beside this script.
"""

from __future__ import annotations

import argparse
import os
import re
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE / "source"
# 17 and 19 March 2026, 09:00 UTC: the dates that the PDFs carry
DATES = {"card-v1": "1773738000", "card-v2": "1773910800"}


def first_edition() -> str:
    """Give the source of the card as released."""
    return (SOURCE / "card.md").read_text(encoding="utf-8")


def second_edition() -> str:
    """Give the source of the re-uploaded card: the first with its edits, respelled.

    Raises ValueError when an edit's old words do not stand exactly once in the first edition.
    """
    text = first_edition()
    edits = tomllib.loads((SOURCE / "card-v2.toml").read_text(encoding="utf-8"))
    for edit in edits["edit"]:
        if text.count(edit["old"]) != 1:
            raise ValueError(f"{edit['id']}: stands {text.count(edit['old'])} times")
        text = text.replace(edit["old"], edit["new"])
    for british, american in edits["spelling"].items():
        for old, new in ((british, american), (british.capitalize(), american.capitalize())):
            text = re.sub(rf"\b{old}\b", new, text)
    changes = (SOURCE / "card-v2-changes.md").read_text(encoding="utf-8")
    return text.replace("## Executive summary", changes + "\n## Executive summary", 1)


def build(out: Path) -> list[Path]:
    """Build every PDF into ``out`` and give their paths."""
    from markup import parse
    from typeset import typeset

    written = []
    for name, text in (("card-v1", first_edition()), ("card-v2", second_edition())):
        os.environ["SOURCE_DATE_EPOCH"] = DATES[name]
        path = out / f"{name}.pdf"
        path.write_bytes(typeset(parse(text), SOURCE))
        written.append(path)
    return written


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE)
    for path in build(parser.parse_args().out):
        print(path)


if __name__ == "__main__":
    main()
