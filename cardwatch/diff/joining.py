"""Drafts that belong together as one change: moves, reversals, rewritten passages, renames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cardwatch.diff import reversals
from cardwatch.diff.drafts import Draft
from cardwatch.diff.recasting import recast
from cardwatch.diff.renaming import renamings_folded
from cardwatch.diff.reversals import LONGEST, Sides, said
from cardwatch.diff.sections import binds_nobody, chapter
from cardwatch.diff.spelling import american
from cardwatch.model import Alignment, ChangeKind, NoiseClass, Span

# A passage that came in the place of another is on the same matter with this share of common
# content words (of the shorter one) and this many of them; between the same neighbours, with two.
_IN_ITS_PLACE = 0.25
_COMMON_WORDS = 3
_BETWEEN = 2
# Up to so many commitments that moved to other chapters are worth a line each.
_FEW_MOVES = 4


def joined(drafts: Sequence[Draft], alignment: Alignment, sides: Sides) -> list[Draft]:
    """The drafts with those put together that a reader would call one change."""
    drafts = list(_moves_joined(drafts, sides))
    drafts = list(reversals.joined(drafts, sides))
    drafts = list(_rewritten_joined(drafts, alignment, sides))
    drafts = list(recast(drafts, sides))
    drafts = list(reversals.answered(drafts, alignment, sides))
    drafts = _moves_shown(drafts, sides)
    return renamings_folded(drafts, sides)


# ---------------------------------------------------------------- moves


def _moves_joined(drafts: Sequence[Draft], sides: Sides) -> Iterator[Draft]:
    """Unchanged sentences that moved together as one move."""
    held: Draft | None = None
    rest = []
    for draft in drafts:
        if draft.noise is not NoiseClass.MOVED or draft.kind is not ChangeKind.MOVED:
            rest.append(draft)
            continue
        if held and _adjacent(held, draft, sides):
            held = replace(held, old=_cover(held.old, draft.old), new=_cover(held.new, draft.new))
            continue
        if held:
            yield held
        held = draft
    if held:
        yield held
    yield from rest


def _moves_shown(drafts: Sequence[Draft], sides: Sides) -> list[Draft]:
    """Drafts with those moves unfolded that a reader must know of.

    A commitment that moved into or out of a part that binds nobody always; one that moved to
    another chapter if few did: where many moved the document was put in another order.
    """
    far: list[int] = []
    out = list(drafts)
    for index, draft in enumerate(drafts):
        if draft.noise is not NoiseClass.MOVED or not draft.old or not draft.new:
            continue
        old, new = sides.old.document, sides.new.document
        free = [binds_nobody(document.section_at(span.start))
                for document, span in ((old, draft.old), (new, draft.new))]  # fmt: skip
        if not sides.commits(draft):
            continue
        if free[0] != free[1]:
            out[index] = replace(draft, noise=None)
        elif chapter(old, draft.old.start) != chapter(new, draft.new.start):
            far.append(index)
    if len(far) <= _FEW_MOVES:
        for index in far:
            out[index] = replace(drafts[index], noise=None)
    return out


def _cover(a: Span | None, b: Span | None) -> Span | None:
    return a.cover(b) if a and b else a or b


def _adjacent(a: Draft, b: Draft, sides: Sides) -> bool:
    if a.edits or b.edits or not (a.old and b.old and a.new and b.new):
        return False
    old, new = sides.old, sides.new
    return old.at(a.old.end - 1) + 1 == old.at(b.old.start) and new.at(a.new.end - 1) + 1 == new.at(
        b.new.start
    )


# ---------------------------------------------------------------- rewritten passages


def _rewritten_joined(
    drafts: Sequence[Draft], alignment: Alignment, sides: Sides
) -> Iterator[Draft]:
    """A passage that went and one on the same matter that came in its place, as one change."""
    come: dict[int, Draft] = {}
    for draft in drafts:
        if draft.account:
            continue
        if draft.kind is ChangeKind.ADDED and draft.noise is None and draft.new:
            come[sides.new.at(draft.new.start)] = draft
            come[-1 - sides.new.at(draft.new.end - 1)] = draft
    partner = {i: pair.new for pair in alignment.pairs if pair.new for i in pair.old}
    taken: dict[int, Draft] = {}
    for draft in drafts:
        if draft.kind is not ChangeKind.REMOVED or draft.noise is not None or not draft.old:
            continue
        if draft.account:
            continue
        places = list(_in_its_place(draft.old, come, partner, sides))
        for other in places:
            least = _BETWEEN if len(places) > 1 and places[0] is places[1] else _COMMON_WORDS
            if id(other) not in taken and _one_matter(draft, other, sides, least=least):
                taken[id(other)] = draft
                taken[id(draft)] = other
                break
    for draft in drafts:
        other_half = taken.get(id(draft))
        if other_half is None:
            yield draft
        elif draft.kind is ChangeKind.REMOVED:
            yield replace(draft, kind=ChangeKind.EDITED, new=other_half.new, score=0.3)


def _in_its_place(
    old: Span, come: dict[int, Draft], partner: dict[int, tuple[int, ...]], sides: Sides
) -> Iterator[Draft]:
    """What came right after the text before a passage, or right before the text after it."""
    first, last = sides.old.at(old.start), sides.old.at(old.end - 1)
    before, after = partner.get(first - 1), partner.get(last + 1)
    places = []
    if before:
        places.append(before[-1] + 1)
    if after:
        places.append(-1 - (after[0] - 1))
    if first == 0:
        places.append(0)
    yield from (come[place] for place in places if place in come)


def _one_matter(left: Draft, right: Draft, sides: Sides, *, least: int) -> bool:
    one, other = said(left, sides), said(right, sides)
    assert left.old is not None  # noqa: S101 - it went
    assert right.new is not None  # noqa: S101 - it came
    before = sides.old.document.section_at(left.old.start)
    after = sides.new.document.section_at(right.new.start)
    if before.number != after.number and before.title != after.title:
        return False
    if max(len(one.text), len(other.text)) > LONGEST:
        return False
    a, b = ({american(term) for term in features.terms} for features in (one, other))
    return len(a & b) >= max(least, _IN_ITS_PLACE * min(len(a), len(b)))
