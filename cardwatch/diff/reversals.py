"""Reversals: a passage that says one thing, and one on the same matter that says the opposite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cardwatch.diff import effects as fx
from cardwatch.diff.drafts import Draft
from cardwatch.diff.edition import Edition
from cardwatch.diff.stances import share_turned, stance, turned
from cardwatch.model import (
    Alignment,
    BlockKind,
    ChangeKind,
    Effect,
    Features,
    Sentence,
    Span,
    Strength,
    Visibility,
)

# Two passages of which one came and the other went are on one matter from this share of
# common content words on (of the shorter one), and from this many of them.
_ON_ONE_MATTER = 0.4
_COMMON_WORDS = 3
# Longer passages hold too many matters to be set against each other.
LONGEST = 800
# The most came-and-went pairs that are looked at for each passage.
_NEAREST = 12
# Further apart than this share of the document two passages are not taken for one.
_FAR = 0.1
# A sentence turned round if the other says half of what it denies; a rewritten passage if the
# other says two things that it denies.
_HALF = 0.5
_TWO = 2
# A statement of this weight is one beyond doubt.
_WEIGHTY = 0.5
# The most sentences of a section that are looked through for one that says the opposite.
_SECTION = 80


@dataclass(frozen=True)
class Sides:
    """The two editions, and how to read what a passage says."""

    old: Edition
    new: Edition
    describe: Callable[[str], Features]

    def commits(self, draft: Draft) -> bool:
        """Whether a passage that moved binds somebody: a weighty statement, or words that do."""
        for edition, span in ((self.old, draft.old), (self.new, draft.new)):
            if span is None:
                continue
            if edition.reading.statements:
                inside = [s for s in edition.reading.statements if s.span.overlaps(span)]
                if any(s.weight >= _WEIGHTY for s in inside):
                    return True
            elif self.describe(edition.document.quote(span)).strength >= Strength.INTENDED:
                return True
        return False


def joined(drafts: Sequence[Draft], sides: Sides) -> Iterator[Draft]:
    """Statements whose polarity or visibility turned round, each as one draft."""
    gone = [d for d in drafts if d.kind is ChangeKind.REMOVED and _new_matter(d)]
    come = [d for d in drafts if d.kind is ChangeKind.ADDED and _new_matter(d)]
    pairs = _turned_pairs(gone, come, sides)
    used = {id(draft) for pair in pairs for draft in pair}
    for draft in drafts:
        if id(draft) in used:
            continue
        if draft.noise is None and draft.substantive and _turned(draft, sides):
            draft = replace(draft, kind=ChangeKind.REVERSED)
        yield draft
    for before, after in pairs:
        yield replace(before, kind=ChangeKind.REVERSED, new=after.new)


def _new_matter(draft: Draft) -> bool:
    return draft.noise is None and not draft.account


def _turned(draft: Draft, sides: Sides) -> bool:
    """Whether an edited sentence now says the opposite.

    Either it was told and is not (or the other way), or what one side denies the other says.
    """
    if draft.old is None or draft.new is None:
        return False
    found = fx.effects_of(draft.substantive)
    if Effect.VISIBILITY not in found and Effect.NEGATION not in found:
        return False
    before = sides.describe(sides.old.document.quote(draft.old))
    after = sides.describe(sides.new.document.quote(draft.new))
    if _opposite(before, after):
        return True
    if Effect.NEGATION not in found:
        return False
    small = all(len(edit.old) + len(edit.new) <= 5 for edit in draft.substantive)
    if small and before.negated != after.negated:
        return True
    old, new = stance(sides.old, draft.old), stance(sides.new, draft.new)
    return bool(turned(old, new)) and share_turned(old, new) >= _HALF


def _opposite(one: Features, other: Features) -> bool:
    return {one.visibility, other.visibility} == {Visibility.TOLD, Visibility.NOT_TOLD}


def _turned_pairs(
    gone: Sequence[Draft], come: Sequence[Draft], sides: Sides
) -> list[tuple[Draft, Draft]]:
    """Passages that went and passages that came on the same matter, told against not told."""
    before = [(d, f) for d in gone if (f := said(d, sides)).visibility is not Visibility.UNSAID]
    after = [(d, f) for d in come if (f := said(d, sides)).visibility is not Visibility.UNSAID]
    found: list[tuple[float, int, int]] = []
    for x, (left, one) in enumerate(before):
        if len(one.text) > LONGEST:
            continue
        near = sorted(range(len(after)), key=lambda y: (_distance(left, after[y][0], sides), y))
        for y in near[:_NEAREST]:
            right, other = after[y]
            if other.visibility is one.visibility or len(other.text) > LONGEST:
                continue
            if _distance(left, right, sides) > _FAR:
                continue
            common = one.terms & other.terms
            share = len(common) / max(1, min(len(one.terms), len(other.terms)))
            if share >= _ON_ONE_MATTER and len(common) >= _COMMON_WORDS:
                found.append((-share, x, y))
    pairs, used_x, used_y = [], set(), set()
    for _, x, y in sorted(found):
        if x not in used_x and y not in used_y:
            used_x.add(x)
            used_y.add(y)
            pairs.append((before[x][0], after[y][0]))
    return pairs


def said(draft: Draft, sides: Sides) -> Features:
    """What the one passage of a draft says."""
    if draft.old is not None:
        return sides.describe(sides.old.document.quote(draft.old))
    assert draft.new is not None  # noqa: S101 - a draft has a side
    return sides.describe(sides.new.document.quote(draft.new))


def _distance(left: Draft, right: Draft, sides: Sides) -> float:
    """How far apart two passages stand in their editions, as a share of the length."""
    assert left.old is not None  # noqa: S101 - it went
    assert right.new is not None  # noqa: S101 - it came
    return abs(
        left.old.start / (len(sides.old.document.text) or 1)
        - right.new.start / (len(sides.new.document.text) or 1)
    )


# ---------------------------------------------------------------- answers that stood there


def answered(drafts: Sequence[Draft], alignment: Alignment, sides: Sides) -> Iterator[Draft]:
    """Passages that are rewritten into their opposite, or whose opposite stands elsewhere.

    A statement that somebody is not told may simply go: what is told of the others then holds
    for its matter too. The sentence of its section that says so is shown as its other side.
    """
    sections = _Sections(alignment, sides)
    for draft in drafts:
        if draft.noise is not None or draft.account or draft.emphasis or draft.substantive:
            yield draft
        elif draft.old and draft.new:
            turn = draft.kind is ChangeKind.EDITED and _rewritten_round(draft, sides)
            yield replace(draft, kind=ChangeKind.REVERSED) if turn else draft
        else:
            yield _answered(draft, sections, sides)


def _rewritten_round(draft: Draft, sides: Sides) -> bool:
    assert draft.old is not None  # noqa: S101 - both sides are there
    assert draft.new is not None  # noqa: S101 - both sides are there
    before = sides.describe(sides.old.document.quote(draft.old))
    after = sides.describe(sides.new.document.quote(draft.new))
    old, new = stance(sides.old, draft.old), stance(sides.new, draft.new)
    return _opposite(before, after) or len(turned(old, new)) >= _TWO


def _answered(draft: Draft, sections: _Sections, sides: Sides) -> Draft:
    mine, theirs = (sides.old, sides.new) if draft.old else (sides.new, sides.old)
    span = draft.old or draft.new
    assert span is not None  # noqa: S101 - a draft has a side
    # the sentences of a passage that speak of telling; most passages have none
    speaking = [
        (sentence, said)
        for sentence in mine.within(span)
        if (said := _spoken(sentence, mine, sides)).visibility is not Visibility.UNSAID
    ]
    best: tuple[int, int] | None = None
    place: Span | None = None
    for sentence, one in speaking:
        own = stance(mine, sentence.span)
        for other in sections.across(sentence, old=draft.old is not None):
            says = _spoken(other, theirs, sides)
            if not _opposite(one, says):
                continue
            whole = stance(mine, span)
            across = stance(theirs, other.span)
            shared = (whole.denied & across.said) | (whole.said & across.denied)
            about = (own.denied | own.said) & (across.denied | across.said)
            key = (len(shared) + len(about), -other.span.start)
            near = shared and about and max(len(shared), len(about)) >= _TWO
            if near and (best is None or key > best):
                best, place = key, other.span
    if place is None:
        return draft
    if draft.old:
        return replace(draft, kind=ChangeKind.REVERSED, new=place, stood="new")
    return replace(draft, kind=ChangeKind.REVERSED, old=place, stood="old")


def _spoken(sentence: Sentence, edition: Edition, sides: Sides) -> Features:
    return sides.describe(edition.document.quote(sentence.span))


@dataclass(frozen=True)
class _Sections:
    """Which section of one edition is which of the other, by the headings that were aligned."""

    alignment: Alignment
    sides: Sides

    @cached_property
    def _pairs(self) -> tuple[dict[int, int], dict[int, int]]:
        there: dict[int, int] = {}
        back: dict[int, int] = {}
        for pair in self.alignment.pairs:
            if len(pair.old) != 1 or len(pair.new) != 1:
                continue
            i, j = pair.old[0], pair.new[0]
            old, new = self.sides.old, self.sides.new
            heading = old.block(i).kind is new.block(j).kind is BlockKind.HEADING
            if heading or old.sentences[i].section == new.sentences[j].section == 0:
                there[old.sentences[i].section] = new.sentences[j].section
                back[new.sentences[j].section] = old.sentences[i].section
        return there, back

    def across(self, sentence: Sentence, *, old: bool) -> list[Sentence]:
        """Sentences that may speak of telling, in the other edition's counterpart section."""
        partner = self._pairs[0 if old else 1].get(sentence.section)
        edition = self.sides.new if old else self.sides.old
        if partner is None:
            return []
        section = edition.document.sections[partner].span
        inside = edition.within(section)[:_SECTION]
        return [s for s in inside if any(fx.tells(word.lower) for word in s.words)]
