"""How many spelling variants of a maintained table the rules of cardwatch/diff/spelling.py know.

``python -m tests.measure.spelling`` needs ``pip install spacy-lookups-data`` (98 MB, which users
do not need); it prints the variants that are not sent to one form, and the words of the documents
in ../shared that are sent to one form. docs/decisions/0008-spelling.md says what came of it.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from importlib.util import find_spec
from pathlib import Path

from cardwatch.diff.spelling import american
from tests.measure.common import SHARED


def table() -> dict[str, str]:
    """Variants and their norms, single words in lower case."""
    found = find_spec("spacy_lookups_data")
    if found is None or found.origin is None:
        sys.exit("this needs the table: pip install spacy-lookups-data")
    path = Path(found.origin).parent / "data" / "en_lexeme_norm.json.gz"
    rows = json.loads(gzip.decompress(path.read_bytes()))
    pairs = {variant.strip().lower(): norm.strip().lower() for variant, norm in rows.items()}
    return {a: b for a, b in pairs.items() if a != b and (a + b).isalpha()}


def together() -> list[list[str]]:
    """Words of real documents that count as one."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted((SHARED / "real").rglob("*")):
        if path.suffix in (".md", ".txt"):
            for word in re.findall(r"[a-z]+", path.read_text(errors="replace").lower()):
                groups[american(word)].add(word)
    return sorted(sorted(words) for words in groups.values() if len(words) > 1)


def main() -> None:
    pairs = table()
    missing = [f"{a}/{b}" for a, b in sorted(pairs.items()) if american(a) != american(b)]
    print(f"{len(pairs) - len(missing)} of {len(pairs)} variants are known; missing:")
    print(", ".join(missing))
    groups = together()
    print(f"{len(groups)} groups of words in real documents count as one:")
    print(", ".join("/".join(words) for words in groups))


if __name__ == "__main__":
    main()
