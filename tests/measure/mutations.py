"""Ten kinds of edits planted in real documents: how many does comparing find and name rightly?

``python -m tests.measure.mutations [DOCUMENT ...]``; without arguments the documents in
``../shared`` are used, or the demo corpus. Edits are planted with a fixed seed, many of one kind
in one copy. An edit is found when a change quotes its words on the right sides, is of the right
kind or has the right effect, and is folded exactly if it is noise.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cardwatch.model import Change, ChangeKind, Effect, NoiseClass, Reading
from cardwatch.readers import read_bytes
from cardwatch.segment import segment
from tests.diffing import compared

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "real"
DEFAULT = (
    "fable-5/card-2026-06-11.md",
    "cards/claude-4.md",
    "rsp/rsp-v3.0.txt",
    "llama/llama4/MODEL_CARD.md",
    "terms/claude-ai/privacy-policy/2025-11-11T152248Z.md",
)
_PROSE = re.compile(r"[A-Z“\"*]")
_SENTENCE = re.compile(r"(?<=[a-z)]\.)\s+(?=[A-Z])")
_PLAIN = re.compile(r"[A-Z][\w’' ,;:()%.-]+[a-z)]\.")
_TWO = re.compile(r"[\d.:]\.? [A-Z]")  # two sentences to any reader but this script
_NEW = (
    "The {0} inspectors of the harbour count {1} lanterns before the ferry leaves.",
    "Every {0} gardener must keep {1} spare keys to the northern greenhouse.",
    "Nobody from the {0} orchestra may borrow more than {1} violins at once.",
)
_COLOURS = "amber azure beige black brown coral cyan ebony green indigo ivory jade lemon".split()


@dataclass(frozen=True)
class Planted:
    """An edit: words on both sides (empty: none), and what a change must be to have found it."""

    old: str
    new: str
    right: Callable[[Change], bool]


@dataclass
class Copy:
    """A document as paragraphs, those with plain prose known, and a seeded source of chance."""

    parts: list[str]
    chance: random.Random

    def prose(self, wanted: Callable[[str], bool], most: int) -> list[tuple[int, str]]:
        """Up to ``most`` plain sentences that are ``wanted``, no two in one paragraph."""
        found = []
        for index, part in enumerate(self.parts):
            if not _PROSE.match(part) or "\n" in part.strip() or "|" in part:
                continue
            some = [s for s in _SENTENCE.split(part.strip()) if _PLAIN.fullmatch(s)
                    and 8 <= len(s.split()) <= 45 and wanted(s) and not _TWO.search(s)
                    and sum(s in other for other in self.parts) == 1]  # fmt: skip
            if some:
                found.append((index, self.chance.choice(some)))
        self.chance.shuffle(found)
        return sorted(found[:most])

    def put(self, index: int, old: str, new: str) -> None:
        self.parts[index] = self.parts[index].replace(old, new, 1)


def _sides(change: Change) -> tuple[str, str]:
    return (_bare(change.old.quote) if change.old else "",
            _bare(change.new.quote) if change.new else "")  # fmt: skip


def _bare(text: str) -> str:
    return " ".join(re.sub(r"[*_`]", "", text).split())


def _real(*effects: Effect) -> Callable[[Change], bool]:
    return lambda c: not c.noise and (not effects or bool(set(effects) & set(c.effects)))


def _of(*kinds: ChangeKind) -> Callable[[Change], bool]:
    return lambda c: c.kind in kinds


def swap_digit(copy: Copy, most: int) -> Iterator[Planted]:
    number = re.compile(r"(?<![\w.$-])\d+(?=[\d.,]*%| (?:days|hours|percent|of|tokens|[a-z]{4,}))")
    for index, old in copy.prose(lambda s: bool(number.search(s)), most):
        match = number.search(old)
        assert match
        other = str(int(match.group()) + 1)
        new = old[: match.start()] + other + old[match.end() :]
        copy.put(index, old, new)
        # a figure in a name or a reference says who or what is meant
        yield Planted(old, new, _real(Effect.QUANTITY, Effect.ACTOR, Effect.SCOPE))


def drop_not(copy: Copy, most: int) -> Iterator[Planted]:
    for index, old in copy.prose(lambda s: " not " in s, most):
        new = old.replace(" not ", " ", 1)
        copy.put(index, old, new)
        yield Planted(old, new, _real(Effect.NEGATION))


def weaken(copy: Copy, most: int) -> Iterator[Planted]:
    for index, old in copy.prose(lambda s: bool(re.search(r" (?:will|must|can) ", s)), most):
        new = re.sub(r" (?:will|must|can) ", " might ", old, count=1)
        copy.put(index, old, new)
        yield Planted(old, new, _real(Effect.OBLIGATION))


def delete(copy: Copy, most: int) -> Iterator[Planted]:
    for index, old in copy.prose(lambda s: True, most):
        copy.put(index, old, "")
        yield Planted(old, "", lambda c: not c.noise and c.kind is ChangeKind.REMOVED)


def add(copy: Copy, most: int) -> Iterator[Planted]:
    for index, after in copy.prose(lambda s: True, most):
        new = copy.chance.choice(_NEW).format(copy.chance.choice(_COLOURS), index + 2)
        copy.put(index, after, f"{after} {new}")
        yield Planted("", new, lambda c: not c.noise and c.kind is ChangeKind.ADDED)


def move(copy: Copy, most: int) -> Iterator[Planted]:
    yield from _moved(copy, most, lambda s: s, _of(ChangeKind.MOVED))


def move_and_edit(copy: Copy, most: int) -> Iterator[Planted]:
    def edit(sentence: str) -> str:
        words = sentence.split()
        words[len(words) // 2] = "lantern"
        return " ".join(words)

    # the word that gives way may be a negation
    kinds = (ChangeKind.MOVED_EDITED, ChangeKind.REVERSED)
    yield from _moved(copy, most, edit, lambda c: not c.noise and c.kind in kinds)


def _moved(
    copy: Copy, most: int, edit: Callable[[str], str], right: Callable[[Change], bool]
) -> Iterator[Planted]:
    """Sentences taken to the end of a paragraph a quarter of the document away."""
    targets = [i for i, p in enumerate(copy.parts) if _PROSE.match(p) and "\n" not in p.strip()
               and p.rstrip().endswith(".")]  # fmt: skip
    for index, old in copy.prose(lambda s: len(s.split()) >= 10, min(most, len(targets) // 4)):
        copy.put(index, old, "")
        away = (index + len(copy.parts) // 4 + copy.chance.randrange(8)) % len(copy.parts)
        at = min(targets, key=lambda target: abs(target - away))
        new = edit(old)
        copy.parts[at] = f"{copy.parts[at].rstrip()} {new}"
        yield Planted(old, new, right)


def split(copy: Copy, most: int) -> Iterator[Planted]:
    joint = re.compile(r", (?:and|but|so|which|while) (?=[a-z]\w+ [a-z]\w+ [a-z]\w+)")
    for index, old in copy.prose(lambda s: bool(joint.search(s)), most):
        match = joint.search(old)
        assert match
        tail = old[match.end() :]
        new = f"{old[: match.start()]}. {tail[0].upper()}{tail[1:]}"
        copy.put(index, old, new)
        yield Planted(old, new, _of(ChangeKind.EDITED, ChangeKind.REVERSED))


def merge(copy: Copy, most: int) -> Iterator[Planted]:
    for index, first in copy.prose(lambda s: True, 3 * most):
        match = re.search(re.escape(first) + r" ([A-Z][a-z]+ [a-z][\w ,’'-]+\.)", copy.parts[index])
        if not match or most <= 0:
            continue
        most -= 1
        old = match.group()
        new = f"{first[:-1]}, and {match[1][0].lower()}{match[1][1:]}"
        copy.put(index, old, new)
        yield Planted(old, new, _of(ChangeKind.EDITED, ChangeKind.REVERSED))


def renumber(copy: Copy, most: int) -> Iterator[Planted]:
    """The headings of a chapter count one further, and so do all references to them."""
    heading = re.compile(r"(#+ \**)(\d+)((?:\.\d+)*)(\**\s.*)")
    numbers = [int(m[2]) for part in copy.parts if (m := heading.match(part))]
    if not numbers:
        return
    chapter = copy.chance.choice(sorted(set(numbers))[1:] or numbers)
    moved = [str(n) for n in sorted(set(numbers)) if n >= chapter]
    reference = re.compile(
        rf"((?:Section|Sections|§)\s?\[?)({'|'.join(moved)})((?:\.\d+)+)(?![\d.]*\])"
    )
    known = {m[2] + m[3] for part in copy.parts if (m := heading.match(part))}
    for index, part in enumerate(copy.parts):
        if (m := heading.match(part)) and m[2] in moved:
            copy.parts[index] = f"{m[1]}{int(m[2]) + 1}{m[3]}{m[4]}" + part[m.end() :]
            if most > 0:
                most -= 1
                yield Planted(_bare(f"{m[2]}{m[3]}{m[4]}"), _bare(f"{int(m[2]) + 1}{m[3]}{m[4]}"),
                              lambda c: c.noise_class is NoiseClass.RENUMBERED)  # fmt: skip
            continue
        copy.parts[index] = reference.sub(
            lambda r: f"{r[1]}{int(r[2]) + 1}{r[3]}" if r[2] + r[3] in known else r[0], part
        )


KINDS = (move, move_and_edit, split, merge, renumber, swap_digit, drop_not, weaken, delete, add)


def read(text: str, path: Path) -> Reading:
    """The text as its reader reads it."""
    document = read_bytes(text.encode(), location=path.name)
    return Reading(document, segment(document))


def measure(
    path: Path, kind: Callable[[Copy, int], Iterator[Planted]], most: int = 25
) -> tuple[int, int, int, list[Planted]]:
    """Planted, found, and shown changes that nothing planted explains; with what was missed."""
    text = path.read_text()
    parts = re.split(r"\n\s*\n", text)
    copy = Copy(list(parts), random.Random(f"{kind.__name__} {path.name}"))
    planted = list(kind(copy, most))
    if not planted:
        return 0, 0, 0, []
    old, new = read("\n\n".join(parts), path), read("\n\n".join(copy.parts), path)
    changes = [(change, *_sides(change)) for change in compared(old, new)[1].changes]
    missed = [
        plant for plant in planted
        if not any(_bare(plant.old) in was and _bare(plant.new) in now and plant.right(change)
                   for change, was, now in changes)
    ]  # fmt: skip
    shown = sum(not change.noise for change, _, _ in changes)
    return len(planted), len(planted) - len(missed), shown, missed


def main() -> None:
    paths = [Path(name) for name in sys.argv[1:]] or [SHARED / name for name in DEFAULT]
    paths = [path for path in paths if path.exists()]
    paths = paths or sorted((ROOT / "corpora" / "demo").rglob("*.md"))
    if not paths:
        sys.exit("no documents to plant edits in: name some, or put them in ../shared/real")
    print(f"{'kind':15} {'planted':>8} {'found':>6} {'recall':>7} {'shown':>6}")
    for kind in KINDS:
        total = found = shown = 0
        for path in paths:
            planted, right, real, missed = measure(path, kind)
            total, found, shown = total + planted, found + right, shown + real
            for plant in missed:
                print(f"   missed in {path.name}: {plant.old[:150]!r} -> {plant.new[:150]!r}",
                      file=sys.stderr)  # fmt: skip
        print(f"{kind.__name__:15} {total:8} {found:6} {found / max(1, total):7.3f} {shown:6}")


if __name__ == "__main__":
    main()
