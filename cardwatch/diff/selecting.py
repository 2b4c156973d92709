"""A part of a revision: the changes of some kinds, or of one section."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from cardwatch.errors import BadReference
from cardwatch.model import Change, ChangeKind, Dimension, Effect, Outcome, Revision, Span

_VOCABULARIES: tuple[type[StrEnum], ...] = (Outcome, ChangeKind, Effect, Dimension)


def select(
    revision: Revision,
    only: Sequence[str] = (),
    within: tuple[Span | None, Span | None] | None = None,
) -> Revision:
    """The revision with those of its changes that are wanted, and a note of how many those are.

    ``only`` names outcomes, kinds, effects or dimensions; a change needs one of them.
    ``within`` are places in the old and the new edition; a change must touch one of them.

    Raises:
        BadReference: ``only`` holds an unknown name.
    """
    wanted = frozenset(_known(name) for name in only)
    kept = tuple(
        change
        for change in revision.changes
        if (not wanted or wanted & _names(change)) and (within is None or _touches(change, within))
    )
    if not wanted and within is None:
        return revision
    some = sum(not change.noise for change in kept)
    every = sum(not change.noise for change in revision.changes)
    what = [", ".join(sorted(wanted))] if wanted else []
    what += ["one section"] if within is not None else []
    note = f"only {' in '.join(what)}: {some:,} of {every:,} changes of substance"
    return replace(revision, changes=kept, notes=(*revision.notes, note))


def names() -> tuple[str, ...]:
    """All names that ``select`` knows, sorted."""
    return tuple(sorted({each.value for known in _VOCABULARIES for each in known}))


def _known(name: str) -> str:
    plain = " ".join(name.lower().replace("-", " ").replace("_", " ").split())
    if plain not in names():
        raise BadReference(
            f"no change is called {name.strip()!r}", hint=f"one of: {', '.join(names())}"
        )
    return plain


def _names(change: Change) -> frozenset[str]:
    found = {change.kind.value, *(effect.value for effect in change.effects)}
    found |= {dimension.value for dimension in change.dimensions}
    return frozenset(found | ({change.outcome.value} if change.outcome else set()))


def _touches(change: Change, within: tuple[Span | None, Span | None]) -> bool:
    sides = ((change.old, within[0]), (change.new, within[1]))
    return any(side and place and side.span.overlaps(place) for side, place in sides)
