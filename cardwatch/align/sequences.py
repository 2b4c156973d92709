"""Sequences: what is common to two of them in the same order, and the edit between them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence

Opcode = tuple[str, int, int, int, int]
Match = tuple[int, int]

# A bit matrix of this many cells takes 0.5 MB.
_LCS_CELLS = 4_000_000
_DEPTH = 12


def match_words(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Opcode]:
    """The edit from ``old`` to ``new`` as ``equal``, ``replace``, ``insert`` and ``delete``.

    A longest common subsequence; swapping the sides mirrors it. Sequences whose product is
    over four million are matched at their two ends only.
    """
    from rapidfuzz.distance import Indel

    head, tail = _common_ends(old, new)
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    codes: list[Opcode] = [("equal", 0, head, 0, head)] if head else []
    if len(a) * len(b) > _LCS_CELLS:
        codes.append(("replace", head, head + len(a), head, head + len(b)))
    elif a or b:
        turned = (len(b), tuple(map(str, b))) < (len(a), tuple(map(str, a)))
        x, y = (b, a) if turned else (a, b)
        steps = [(op.src_start, op.src_end, op.dest_start, op.dest_end, op.tag)
                 for op in Indel.opcodes(x, y)]  # fmt: skip
        for s1, s2, d1, d2, tag in steps:
            i1, i2, j1, j2 = (d1, d2, s1, s2) if turned else (s1, s2, d1, d2)
            codes.append(("equal" if tag == "equal" else "", head + i1, head + i2,
                          head + j1, head + j2))  # fmt: skip
    if tail:
        codes.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return list(_joined(codes))


def _joined(codes: Iterable[Opcode]) -> Iterator[Opcode]:
    """Neighbouring insertions and deletions as one replacement, each step named."""
    held: Opcode | None = None
    for tag, i1, i2, j1, j2 in codes:
        same = tag == "equal"
        if held and (held[0] == "equal") == same:
            held = (held[0], held[1], i2, held[3], j2)
            continue
        if held:
            yield _named(held)
        held = (tag if same else "", i1, i2, j1, j2)
    if held:
        yield _named(held)


def _named(code: Opcode) -> Opcode:
    tag, i1, i2, j1, j2 = code
    if tag != "equal":
        tag = "replace" if i1 < i2 and j1 < j2 else "delete" if i1 < i2 else "insert"
    return tag, i1, i2, j1, j2


def _common_ends(a: Sequence[Hashable], b: Sequence[Hashable]) -> tuple[int, int]:
    """How many items at the head and, beyond those, at the tail are the same."""
    shortest = min(len(a), len(b))
    head = 0
    while head < shortest and a[head] == b[head]:
        head += 1
    tail = 0
    while tail < shortest - head and a[-1 - tail] == b[-1 - tail]:
        tail += 1
    return head, tail


def anchors(a: Sequence[Hashable], b: Sequence[Hashable]) -> list[Match]:
    """Equal items that stand in the same order on both sides.

    Common ends, then items that occur once on each side, again within each gap between those;
    what is still left in a small gap is matched by a longest common subsequence.
    """
    found: list[Match] = []
    todo = [(0, len(a), 0, len(b), 0)]
    while todo:
        a1, a2, b1, b2, depth = todo.pop()
        head, tail = _common_ends(a[a1:a2], b[b1:b2])
        found += [(a1 + k, b1 + k) for k in range(head)]
        found += [(a2 - 1 - k, b2 - 1 - k) for k in range(tail)]
        a1, b1, a2, b2 = a1 + head, b1 + head, a2 - tail, b2 - tail
        if a1 == a2 or b1 == b2:
            continue
        chain = _unique_chain(a, (a1, a2), b, (b1, b2)) if depth < _DEPTH else []
        if not chain:
            found += _common(a, (a1, a2), b, (b1, b2))
            continue
        for i, j in [*chain, (a2, b2)]:
            if a1 < i and b1 < j:
                todo.append((a1, i, b1, j, depth + 1))
            a1, b1 = i + 1, j + 1
        found += chain
    return sorted(found)


def _unique_chain(
    a: Sequence[Hashable], within_a: Match, b: Sequence[Hashable], within_b: Match
) -> list[Match]:
    once_a = _once(a, *within_a)
    once_b = _once(b, *within_b)
    pairs = sorted((i, once_b[key]) for key, i in once_a.items() if key in once_b)
    weights = [len(key) + 1 if isinstance(key := a[i], str | tuple) else 1 for i, _ in pairs]
    return heaviest_chain(pairs, weights)


def _once(items: Sequence[Hashable], start: int, end: int) -> dict[Hashable, int]:
    """The items that occur exactly once from ``start`` to ``end``, with their places."""
    seen: dict[Hashable, int] = {}
    for at in range(start, end):
        seen[items[at]] = -1 if items[at] in seen else at
    return {key: at for key, at in seen.items() if at >= 0}


def _common(
    a: Sequence[Hashable], within_a: Match, b: Sequence[Hashable], within_b: Match
) -> list[Match]:
    """A longest common subsequence of a small gap; nothing for a large one."""
    from rapidfuzz.distance import LCSseq

    (a1, a2), (b1, b2) = within_a, within_b
    if (a2 - a1) * (b2 - b1) > _LCS_CELLS:
        return []
    return [
        (a1 + op.src_start + k, b1 + op.dest_start + k)
        for op in LCSseq.opcodes(a[a1:a2], b[b1:b2])
        if op.tag == "equal"
        for k in range(op.src_end - op.src_start)
    ]


def heaviest_chain(pairs: Sequence[Match], weights: Sequence[int]) -> list[Match]:
    """The heaviest subset of ``pairs`` (sorted by their first) that rises on both sides.

    O(n log n), by a tree of best sums over the second places.
    """
    rank = {j: at + 1 for at, j in enumerate(sorted({j for _, j in pairs}))}
    best: list[tuple[int, int]] = [(0, -1)] * (len(rank) + 1)
    back: list[int] = []
    for index, ((_, j), weight) in enumerate(zip(pairs, weights, strict=True)):
        total, before, at = 0, -1, rank[j] - 1
        while at > 0:
            if best[at][0] > total:
                total, before = best[at]
            at -= at & -at
        back.append(before)
        at = rank[j]
        while at < len(best):
            if total + weight > best[at][0]:
                best[at] = (total + weight, index)
            at += at & -at
    total, last, at = 0, -1, len(rank)
    while at > 0:
        if best[at][0] > total:
            total, last = best[at]
        at -= at & -at
    chain = []
    while last >= 0:
        chain.append(pairs[last])
        last = back[last]
    return chain[::-1]
