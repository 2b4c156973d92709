"""Lists within a sentence: their items, and whether they are closed or give examples."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cardwatch.model import Enumeration, Span

# Where a run of items can end for good; a full stop only before a blank or the end.
_CUT = re.compile(r"[,;:()\n]|\.(?=\s|$)")
_JOINT = re.compile(r"\b(?:and/or|and|or)\b\s*", re.IGNORECASE)
# Words that give what follows as examples, or that introduce items of a closed list.
_OPENS = re.compile(
    r"\b(?:such as|for example|for instance|e\.g\.?|includ(?:es?|ing)|not limited to|like|"
    r"among others|examples? (?:of|are|is)|in particular|especially)(?!\w)[,:]?\s*",
    re.IGNORECASE,
)
# Closing words that leave a list open.
_LEAVES_OPEN = re.compile(
    r"\b(?:etc|et cetera|and (?:so (?:on|forth)|others|more|the like)|among other \w+|"
    r"(?:and|or) (?:any |some |many |various |all )?(?:other|similar|related|comparable)\b|"
    r"and beyond|for (?:example|instance))",
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    r"\W*(?:if|when|whenever|where|once|before|after|while|because|although|though|since|as|"
    r"unless|until|upon|in (?:case|the event)|however|therefore|thus|then|which|who|and then)\b",
    re.IGNORECASE,
)
# An item of a list is a phrase; longer ones are clauses that a comma parts.
_ITEM_WORDS = 14
_MOST_ITEMS = 60


def enumeration(text: str, offset: int = 0) -> Enumeration | None:
    """The longest run of three items or more joined by commas and a last "and" or "or".

    ``closed`` is false where a word before it, in it or after it gives the items as examples.
    """
    if text.count(",") + text.count(";") < 1:
        return None
    best: tuple[list[tuple[int, int]], bool] | None = None
    for run in _runs(text):
        found = _items(text, run)
        if found and (best is None or len(found[0]) > len(best[0])):
            best = found
    if best is None:
        return None
    items, closed = best
    span = Span(offset + items[0][0], offset + items[-1][1])
    return Enumeration(span, tuple(Span(offset + a, offset + b) for a, b in items), closed)


def _runs(text: str) -> Iterator[list[tuple[int, int]]]:
    """Stretches between commas or semicolons, in runs that nothing else cuts."""
    run: list[tuple[int, int]] = []
    at = 0
    for cut in _CUT.finditer(text):
        run.append((at, cut.start()))
        at = cut.end()
        if cut.group() not in ",;":
            yield run
            run = []
    yield [*run, (at, len(text))]


def _items(text: str, run: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], bool] | None:
    start = next((i for i, part in enumerate(run) if not _SUBORDINATE.match(text, *part)), len(run))
    run = run[start:]
    last = next((i for i in range(len(run) - 1, 0, -1) if _JOINT.search(text, *run[i])), None)
    if last is None:
        return None
    first, *middle = run[: last + 1]
    illustrative = False
    for opener in _OPENS.finditer(text, *first):
        first, illustrative = (opener.end(), first[1]), True
    parts = [first, *middle[:-1], *_parted(text, middle[-1])]
    items = [trimmed for part in parts if (trimmed := _trimmed(text, *part))]
    inner = items[1:-1]
    if len(items) < 3 or any(text.count(" ", a, b) >= _ITEM_WORDS for a, b in inner):
        return None
    items = items[:_MOST_ITEMS]
    around = text[max(0, run[0][0] - 40) : run[0][0]]
    ends = text[items[0][0] : items[-1][1] + 30]
    open_list = illustrative or bool(_OPENS.search(around) or _LEAVES_OPEN.search(ends))
    return items, not open_list


def _parted(text: str, last: tuple[int, int]) -> list[tuple[int, int]]:
    """The last stretch, "b and c" or "and c", parted at its joint."""
    joint = _JOINT.search(text, *last)
    assert joint is not None  # noqa: S101 - only stretches with a joint are given
    return [(last[0], joint.start()), (joint.end(), last[1])]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    if joint := _JOINT.match(
        text, start + len(text[start:end]) - len(text[start:end].lstrip()), end
    ):
        start = joint.end()
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
