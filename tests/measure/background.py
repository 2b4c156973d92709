"""Count in how many passages of real policy prose each stem stands: the background table.

``python -m tests.measure.background`` rewrites ``rules/weights/background.txt`` from the
documents beside the project. Only counts leave them, no run of words does.
"""

from __future__ import annotations

import json
from collections import Counter

from cardwatch.model import Document
from tests.measure.common import SHARED, index_of

_LEAST = 3
_HEAD = """# In how many passages (clauses) of real policy prose a stem stands, or a concept =name.
# Counted by tests/measure/background.py over system cards, safety policies, their announcements,
# terms of service, licences and contracts; stems in fewer than {least} passages are left out.
# Names of publishers, of their products and of public bodies are left out: they are no words.
"""
# Stems of names that the documents hold.
_NAMES = frozenset(
    "aisi android anthrop asl chatgpt chrome claud codex firefox gemini github googl gpt grok "
    "haiku metr openai opus rsp sonnet sora xai zoom".split()
)


def texts() -> list[str]:
    """One text a document, without later versions of the same one."""
    real = SHARED / "real"
    found = [
        (real / name).read_text()
        for name in (
            "fable-5/card-2026-06-09.md",
            "fable-5/announcement-2026-06-09.md",
            "rsp/rsp-v2.2.txt",
            "rsp/rsp-v3.0.txt",
            "cards/claude-4.md",
        )
    ]
    found += [path.read_text() for path in sorted((real / "announcements").glob("*.md"))]
    for folder in sorted({path.parent for path in (real / "terms").rglob("*.md")}):
        found.append(sorted(folder.glob("*.md"))[-1].read_text())
    contracts = json.loads((SHARED / "eval/contract-nli/dev.json").read_text())["documents"]
    found += [contract["text"] for contract in contracts]
    return found


def main() -> None:
    counts: Counter[str] = Counter()
    passages = 0
    for text in texts():
        index = index_of(Document.from_text(text))
        passages += len(index.units)
        counts.update({key: len(numbers) for key, numbers in index.postings.items()})
    lines = [
        f"{key} {n}"
        for key, n in sorted(counts.items())
        if n >= _LEAST
        and key not in _NAMES
        and key.isascii()
        and " " not in key
        and (key[0] == "=" or key.isalpha())
    ]
    from cardwatch.resources import folder

    target = folder("rules") / "weights" / "background.txt"
    target.write_text(_HEAD.format(least=_LEAST) + f"* {passages}\n" + "\n".join(lines) + "\n")
    print(f"{target}: {len(lines)} entries of {passages} passages")


if __name__ == "__main__":
    main()
