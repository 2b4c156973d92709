"""Comparing two editions against other tools in one run, and how the time grows.

``python -m tests.bench.diff [OLD NEW]``; without arguments the two cards in ``../shared``, or
generated ones. Each time is the best of three, in one process, on text that is already read;
tools that are not installed are left out. Prints Markdown tables for docs/benchmarks.md.
"""

from __future__ import annotations

import difflib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cardwatch.align import align, match_words
from cardwatch.app import assess_change
from cardwatch.diff import Tools, compare
from cardwatch.model import Document, Reading, Revision
from cardwatch.readers import read_bytes
from cardwatch.segment import describe_text, segment

SHARED = Path(__file__).parents[3] / "shared" / "real" / "fable-5"
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000)
_WORDS = (
    "model user safeguard filter report review notice threshold policy request data access "
    "training release partner audit risk level limit exception account region service term "
    "measure incident response team board record period change section appendix summary"
).split()


def best(work: Callable[[], object], times: int = 3) -> float:
    """The least of some runs, in seconds."""
    least = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - start)
    return least


def reading(document: Document) -> Reading:
    return Reading(document, segment(document))


def revised(old: Reading, new: Reading, *, judged: bool = True) -> Revision:
    """The comparison, from sentences to ranked changes."""
    tools = Tools(match_words, describe_text, assess_change if judged else None)
    return compare(old, new, align(old, new), tools)


def word_diff(old: str, new: str) -> str:
    """The number of segments of git's word diff."""
    with tempfile.TemporaryDirectory() as folder:
        a, b = Path(folder) / "a", Path(folder) / "b"
        a.write_text(old)
        b.write_text(new)
        run = subprocess.run(
            ["git", "diff", "--no-index", "--word-diff=porcelain", "--", a, b],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    lines = run.stdout.splitlines()
    return str(sum(line[:1] in "+-" and line[:3] not in ("+++", "---") for line in lines))


def sequence_matcher(old: str, new: str) -> str:
    """The number of changed runs of words by the standard library, without its shortcut."""
    codes = difflib.SequenceMatcher(None, old.split(), new.split(), autojunk=False).get_opcodes()
    return str(sum(code[0] != "equal" for code in codes))


def diff_match_patch(old: str, new: str) -> str:
    import diff_match_patch as library  # type: ignore[import-untyped]

    engine = library.diff_match_patch()
    engine.Diff_Timeout = 0
    found = engine.diff_main(old, new)
    engine.diff_cleanupSemantic(found)
    return str(sum(kind != 0 for kind, _ in found))


def redlines(old: str, new: str) -> str:
    from redlines import Redlines  # type: ignore[import-untyped]

    return str(sum(code[0] != "equal" for code in Redlines(old, new).opcodes))


def against_others(old: Document, new: Document) -> None:
    """One table: what each tool takes and how much it gives to read."""
    a, b = reading(old), reading(new)
    rows: list[tuple[str, float, str]] = []
    revision = revised(a, b)
    shown = sum(not change.noise for change in revision.changes)
    folded = len(revision.changes) - shown
    rows.append(("cardwatch: align", best(lambda: align(a, b)), ""))
    rows.append(("cardwatch: align, compare", best(lambda: revised(a, b, judged=False)), ""))
    rows.append(
        ("cardwatch: align, compare, assess", best(lambda: revised(a, b)),
         f"{shown} ranked, {folded} folded")
    )  # fmt: skip
    rows.append(("cardwatch: sentences of both", best(lambda: (segment(old), segment(new)), 1), ""))
    for name, tool in (("git diff --word-diff", word_diff), ("redlines", redlines),
                       ("diff-match-patch", diff_match_patch),
                       ("difflib", sequence_matcher)):  # fmt: skip
        if name.startswith("git") and not shutil.which("git"):
            continue
        try:
            start = time.perf_counter()
            gave = tool(old.text, new.text)
            rows.append((name, time.perf_counter() - start, f"{gave} segments, unranked"))
        except ImportError:
            print(f"{name} is not installed: left out", file=sys.stderr)
    print(f"{len(old.text.split()):,} and {len(new.text.split()):,} words, "
          f"{len(old.blocks):,} and {len(new.blocks):,} blocks\n")  # fmt: skip
    print("| tool | seconds | gives |\n|---|---:|---|")
    for name, took, gave in rows:
        print(f"| {name} | {took:.2f} | {gave} |")


def generated(blocks: int, *, templated: bool) -> tuple[Document, Document]:
    """A document of so many paragraphs, and one with a twentieth of them edited, moved, cut."""
    chance = random.Random(blocks)
    old = []
    for index in range(blocks):
        words = [chance.choice(_WORDS) for _ in range(6 if templated else 18)]
        if templated:
            old.append(f"The {words[0]} of the {words[1]} is reviewed by the {words[2]} team.")
        else:
            old.append(f"{' '.join(words).capitalize()} {index * 7919 % blocks} {words[0]}.")
    new = list(old)
    for _ in range(blocks // 60):
        at = chance.randrange(len(new))
        new[at] = new[at].replace(" ", f" {chance.choice(_WORDS)} ", 1)
        new.insert(chance.randrange(len(new)), new.pop(chance.randrange(len(new))))
        del new[chance.randrange(len(new))]
    return Document.from_text("\n\n".join(old)), Document.from_text("\n\n".join(new))


def growth() -> None:
    """One table: the time for documents of growing size, in all and for a thousand blocks."""
    print("\n| blocks | distinct: seconds | ms for 1,000 | templated: seconds | ms for 1,000 |")
    print("|---:|---:|---:|---:|---:|")
    for size in SIZES:
        cells = []
        for templated in (False, True):
            a, b = (reading(document) for document in generated(size, templated=templated))
            took = best(lambda a=a, b=b: revised(a, b, judged=False), 2)  # type: ignore[misc]
            cells.append(f"{took:.2f} | {took / size * 1e6:.0f}")
        print(f"| {size:,} | {' | '.join(cells)} |")


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:3]]
    if not paths and SHARED.exists():
        paths = [SHARED / "card-2026-06-09.md", SHARED / "card-2026-06-11.md"]
    if paths:
        old, new = (read_bytes(path.read_bytes(), location=str(path)) for path in paths)
    else:
        old, new = generated(5_000, templated=False)
    against_others(old, new)
    growth()


if __name__ == "__main__":
    main()
