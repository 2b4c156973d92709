"""Two aligned editions to a revision: what changed, what it touches, and what is noise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cardwatch.diff import effects as fx
from cardwatch.diff.drafts import Draft, Drafter, Edition
from cardwatch.diff.edits import MatchWords
from cardwatch.model import (
    Alignment,
    Assessment,
    BlockKind,
    Change,
    ChangeKind,
    Document,
    Effect,
    Features,
    NoiseClass,
    Outcome,
    Passage,
    Reading,
    Revision,
    Span,
    Statement,
    StatementKind,
    Visibility,
)

# Two passages of which one came and the other went are on one matter from this share of
# common content words on (of the shorter one), and from this many of them.
_ON_ONE_MATTER = 0.4
_COMMON_WORDS = 3
# Longer passages hold too many matters to be set against each other.
_LONGEST = 800
# A figure or comparison that was corrected is news wherever it stands, and by itself: the least
# place and the least binding that such a change counts with.
_CORRECTED = 0.85
_FIGURE = 0.6
# The most came-and-went pairs that are looked at for each passage.
_NEAREST = 12
# Further apart than this share of the document two passages are not taken for one.
_FAR = 0.1


@dataclass(frozen=True, slots=True)
class Tools:
    """What comparing needs of other stages.

    ``match_words`` finds the edit between two sequences, ``describe`` reads a passage's
    features, ``assess`` says what became of a commitment.
    """

    match_words: MatchWords
    describe: Callable[[str], Features]
    assess: Callable[[str, str], Assessment] | None = None


def compare(old: Reading, new: Reading, alignment: Alignment, tools: Tools) -> Revision:
    """All differences between two editions: substantive changes by rank, then noise in order.

    ``alignment`` pairs the sentences of the two. Every difference is a change or part of one;
    noise is classed and kept. The same input gives the same changes with the same ids.
    """
    judge = _Judge(Edition(old), Edition(new), tools)
    drafts = list(Drafter(judge.old, judge.new, tools.match_words).drafts(alignment.pairs))
    drafts = list(_moves_joined(drafts, judge))
    drafts = list(_reversals_joined(drafts, judge))
    drafts = list(_rewritten_joined(drafts, alignment, judge))
    changes = _numbered(judge.change(draft) for draft in drafts)
    return Revision(
        old.document.source,
        new.document.source,
        tuple(sorted(changes, key=_order)),
        old.document.coverage,
        new.document.coverage,
        tuple(_notes(old.document, new.document)),
    )


def _order(change: Change) -> tuple[bool, float, int, int, str]:
    """Substantive changes first, by rank; noise in the order of the new edition."""
    new = change.new.span.start if change.new else -1
    old = change.old.span.start if change.old else -1
    return change.noise, 0.0 if change.noise else -change.rank_score, max(new, 0), old, change.id


def _numbered(changes: Iterable[Change]) -> Iterator[Change]:
    """Changes with ids of their own, even where the same words changed twice."""
    seen: dict[str, int] = {}
    for change in changes:
        count = seen[change.id] = seen.get(change.id, 0) + 1
        yield change if count == 1 else replace(change, id=f"{change.id}-{count}")


def _notes(old: Document, new: Document) -> Iterator[str]:
    if old.source.media_type is not new.source.media_type:
        yield (
            f"one edition is {old.source.media_type.value}, the other "
            f"{new.source.media_type.value}: some differences may be the format's"
        )
    elif (old.reader, old.reader_version) != (new.reader, new.reader_version):
        yield "the two editions were read by different readers or versions of a reader"
    if old.source.sha256 and old.source.sha256 == new.source.sha256:
        yield "the two editions are the same file, byte for byte"


@dataclass(frozen=True)
class _Judge:
    """Turns drafts into changes."""

    old: Edition
    new: Edition
    tools: Tools

    def change(self, draft: Draft) -> Change:
        """The change that a draft becomes, with its effects, outcome and rank."""
        old = self.old.document.passage(draft.old) if draft.old else None
        new = self.new.document.passage(draft.new) if draft.new else None
        shown = new or old
        assert shown is not None  # noqa: S101 - a draft has a side
        change = Change(
            id=_identity(draft, old, new),
            kind=draft.kind,
            old=old,
            new=new,
            section=shown.section,
            noise=draft.noise is not None,
            noise_class=draft.noise,
            effects=(),
            outcome=None,
            dimensions=(),
            rank_score=0.0,
            edits=tuple((edit.old_span, edit.new_span) for edit in draft.edits),
            statement_kinds=self._kinds(draft),
            confidence=round(draft.score, 4),
            doubt=self._doubt(draft),
        )
        return change if draft.noise else self._judged(change, draft)

    def _judged(self, change: Change, draft: Draft) -> Change:
        features = [self.tools.describe(p.quote) for p in (change.old, change.new) if p]
        effects = self._effects(draft, features)
        place = max(
            fx.standing(edition.document, span)[0]
            for edition, span in ((self.old, draft.old), (self.new, draft.new))
            if span
        )
        swapped = fx.swaps_value(draft.substantive)
        if swapped and not self._in_table(draft):
            place = max(place, _CORRECTED)
        size = fx.size_of(" ".join(self._changed_words(draft)))
        score, reasons = fx.rank(effects, self._binding(draft, features), place, size)
        if change.doubt:
            score = round(score * 0.6, 4)
        change = replace(change, effects=effects, rank_score=score, reasons=reasons)
        return self._with_outcome(change)

    def _binding(self, draft: Draft, features: Sequence[Features]) -> float:
        """How surely a draft is about a statement; a figure that changed binds by itself."""
        if draft.emphasis:
            return 0.2
        binding = max(fx.binding_of(feature) for feature in features)
        weight = self._weight(draft)
        if weight is not None:
            binding = max(0.5 * binding + 0.5 * weight, 0.6 * binding)
        return max(binding, _FIGURE) if fx.swaps_value(draft.substantive) else binding

    def _in_table(self, draft: Draft) -> bool:
        edition, span = (self.new, draft.new) if draft.new else (self.old, draft.old)
        return span is not None and edition.block(edition.at(span.start)).kind is BlockKind.TABLE

    def _changed_words(self, draft: Draft) -> Iterator[str]:
        if draft.emphasis:
            return
        if draft.substantive and draft.old and draft.new:
            for edit in draft.substantive:
                yield self.old.document.quote(edit.old_span)
                yield self.new.document.quote(edit.new_span)
            return
        for edition, span in ((self.old, draft.old), (self.new, draft.new)):
            if span:
                yield edition.document.quote(span)

    def _effects(self, draft: Draft, features: Sequence[Features]) -> tuple[Effect, ...]:
        if draft.emphasis:
            return (Effect.EMPHASIS,)
        if draft.substantive:
            found = set(fx.effects_of(draft.substantive))
            if draft.kind is ChangeKind.REVERSED and features[0].visibility is not (
                features[1].visibility
            ):
                found.add(Effect.VISIBILITY)
            return fx.ordered(found)
        said = [set(fx.effects_of_passage(feature)) for feature in features]
        found = set.union(*said) if draft.kind is ChangeKind.REVERSED else _unlike(said)
        if len(found) > 1:
            found.discard(Effect.WORDING)
        return fx.ordered(found)

    def _with_outcome(self, change: Change) -> Change:
        if change.kind is ChangeKind.ADDED:
            return replace(change, outcome=Outcome.ADDED)
        if change.kind is ChangeKind.REMOVED:
            return replace(change, outcome=Outcome.REMOVED)
        if self.tools.assess is None or change.old is None or change.new is None:
            return change
        verdict = self.tools.assess(change.old.quote, change.new.quote)
        return replace(
            change,
            outcome=verdict.outcome,
            dimensions=verdict.dimensions,
            mixed=verdict.mixed,
        )

    # ------------------------------------------------------------ statements and doubts

    def _statements(self, draft: Draft) -> Iterator[Statement]:
        for edition, span in ((self.old, draft.old), (self.new, draft.new)):
            if span is None:
                continue
            for statement in edition.reading.statements:
                if statement.span.overlaps(span):
                    yield statement

    def _kinds(self, draft: Draft) -> tuple[StatementKind, ...]:
        if draft.noise:
            return ()
        return tuple(sorted({kind for s in self._statements(draft) for kind in s.kinds}))

    def _weight(self, draft: Draft) -> float | None:
        """The weight of the weightiest statement touched; ``None`` where none were looked for."""
        if not self.old.reading.statements and not self.new.reading.statements:
            return None
        return max((statement.weight for statement in self._statements(draft)), default=0.0)

    def _doubt(self, draft: Draft) -> str:
        """Why a change may be the reader's: it stands at a page seam or an unread place."""
        for edition, span in ((self.old, draft.old), (self.new, draft.new)):
            if span is None:
                continue
            for unread in edition.document.coverage.unread:
                if span.start - 2 <= unread.at <= span.end + 2 and unread.kind != "figure":
                    return f"stands at an unread place ({unread.kind})"
        return ""


def _identity(draft: Draft, old: Passage | None, new: Passage | None) -> str:
    parts = [draft.kind.value, draft.noise.value if draft.noise else "",
             old.quote if old else "", new.quote if new else ""]  # fmt: skip
    return sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _unlike(said: Sequence[set[Effect]]) -> set[Effect]:
    """What one passage touches and the other does not; for a passage alone, all it touches."""
    return (said[0] if len(said) == 1 else said[0] ^ said[1]) or {Effect.WORDING}


# ---------------------------------------------------------------- moves


def _moves_joined(drafts: Sequence[Draft], judge: _Judge) -> Iterator[Draft]:
    """Unchanged sentences that moved together as one move."""
    held: Draft | None = None
    rest = []
    for draft in drafts:
        if draft.noise is not NoiseClass.MOVED or draft.kind is not ChangeKind.MOVED:
            rest.append(draft)
            continue
        if held and _adjacent(held, draft, judge):
            held = replace(held, old=_cover(held.old, draft.old), new=_cover(held.new, draft.new))
            continue
        if held:
            yield held
        held = draft
    if held:
        yield held
    yield from rest


def _cover(a: Span | None, b: Span | None) -> Span | None:
    return a.cover(b) if a and b else a or b


def _adjacent(a: Draft, b: Draft, judge: _Judge) -> bool:
    if a.edits or b.edits or not (a.old and b.old and a.new and b.new):
        return False
    old, new = judge.old, judge.new
    return old.at(a.old.end - 1) + 1 == old.at(b.old.start) and new.at(a.new.end - 1) + 1 == new.at(
        b.new.start
    )


# ---------------------------------------------------------------- reversals


def _reversals_joined(drafts: Sequence[Draft], judge: _Judge) -> Iterator[Draft]:
    """Statements whose polarity or visibility turned round, each as one finding."""
    gone = [d for d in drafts if d.kind is ChangeKind.REMOVED and d.noise is None]
    come = [d for d in drafts if d.kind is ChangeKind.ADDED and d.noise is None]
    joined = _turned_pairs(gone, come, judge)
    used = {id(draft) for pair in joined for draft in pair}
    for draft in drafts:
        if id(draft) in used:
            continue
        if draft.noise is None and draft.substantive and _turned(draft, judge):
            draft = replace(draft, kind=ChangeKind.REVERSED)
        yield draft
    for before, after in joined:
        yield replace(before, kind=ChangeKind.REVERSED, new=after.new)


def _turned(draft: Draft, judge: _Judge) -> bool:
    """Whether an edited sentence now says the opposite.

    Either it was told and is not (or the other way), or a "not" came or went and little else.
    """
    if draft.old is None or draft.new is None:
        return False
    if Effect.VISIBILITY not in (found := fx.effects_of(draft.substantive)) and (
        Effect.NEGATION not in found
    ):
        return False
    before = judge.tools.describe(judge.old.document.quote(draft.old))
    after = judge.tools.describe(judge.new.document.quote(draft.new))
    if {before.visibility, after.visibility} == {Visibility.TOLD, Visibility.NOT_TOLD}:
        return True
    return (
        Effect.NEGATION in found
        and before.negated != after.negated
        and all(len(edit.old) + len(edit.new) <= 5 for edit in draft.substantive)
    )


def _turned_pairs(
    gone: Sequence[Draft], come: Sequence[Draft], judge: _Judge
) -> list[tuple[Draft, Draft]]:
    """Passages that went and passages that came on the same matter, told against not told."""
    before = [(d, f) for d in gone if (f := _said(d, judge)).visibility is not Visibility.UNSAID]
    after = [(d, f) for d in come if (f := _said(d, judge)).visibility is not Visibility.UNSAID]
    found: list[tuple[float, int, int]] = []
    for x, (left, said) in enumerate(before):
        if len(said.text) > _LONGEST:
            continue
        near = sorted(range(len(after)), key=lambda y: (_distance(left, after[y][0], judge), y))
        for y in near[:_NEAREST]:
            right, says = after[y]
            if says.visibility is said.visibility or len(says.text) > _LONGEST:
                continue
            if _distance(left, right, judge) > _FAR:
                continue
            common = said.terms & says.terms
            share = len(common) / max(1, min(len(said.terms), len(says.terms)))
            if share >= _ON_ONE_MATTER and len(common) >= _COMMON_WORDS:
                found.append((-share, x, y))
    pairs, used_x, used_y = [], set(), set()
    for _, x, y in sorted(found):
        if x not in used_x and y not in used_y:
            used_x.add(x)
            used_y.add(y)
            pairs.append((before[x][0], after[y][0]))
    return pairs


def _said(draft: Draft, judge: _Judge) -> Features:
    if draft.old is not None:
        return judge.tools.describe(judge.old.document.quote(draft.old))
    assert draft.new is not None  # noqa: S101 - a draft has a side
    return judge.tools.describe(judge.new.document.quote(draft.new))


def _distance(left: Draft, right: Draft, judge: _Judge) -> float:
    """How far apart two passages stand in their editions, as a share of the length."""
    assert left.old is not None  # noqa: S101 - it went
    assert right.new is not None  # noqa: S101 - it came
    return abs(
        left.old.start / (len(judge.old.document.text) or 1)
        - right.new.start / (len(judge.new.document.text) or 1)
    )


# ---------------------------------------------------------------- rewritten passages


def _rewritten_joined(
    drafts: Sequence[Draft], alignment: Alignment, judge: _Judge
) -> Iterator[Draft]:
    """A passage that went and one on the same matter that came in its place, as one change."""
    come: dict[int, Draft] = {}
    for draft in drafts:
        if draft.kind is ChangeKind.ADDED and draft.noise is None and draft.new:
            come[judge.new.at(draft.new.start)] = draft
            come[-1 - judge.new.at(draft.new.end - 1)] = draft
    partner = {i: pair.new for pair in alignment.pairs if pair.new for i in pair.old}
    taken: dict[int, Draft] = {}
    for draft in drafts:
        if draft.kind is not ChangeKind.REMOVED or draft.noise is not None or not draft.old:
            continue
        for other in _in_its_place(draft.old, come, partner, judge):
            if id(other) not in taken and _one_matter(draft, other, judge):
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
    old: Span, come: dict[int, Draft], partner: dict[int, tuple[int, ...]], judge: _Judge
) -> Iterator[Draft]:
    """What came right after the text before a passage, or right before the text after it."""
    first, last = judge.old.at(old.start), judge.old.at(old.end - 1)
    before, after = partner.get(first - 1), partner.get(last + 1)
    places = []
    if before:
        places.append(before[-1] + 1)
    if after:
        places.append(-1 - (after[0] - 1))
    if first == 0:
        places.append(0)
    yield from (come[place] for place in places if place in come)


def _one_matter(left: Draft, right: Draft, judge: _Judge) -> bool:
    one, other = _said(left, judge), _said(right, judge)
    assert left.old is not None  # noqa: S101 - it went
    assert right.new is not None  # noqa: S101 - it came
    before = judge.old.document.section_at(left.old.start)
    after = judge.new.document.section_at(right.new.start)
    if before.number != after.number and before.title != after.title:
        return False
    if max(len(one.text), len(other.text)) > _LONGEST:
        return False
    a, b = one.terms, other.terms
    return len(a & b) >= max(_COMMON_WORDS, 0.25 * min(len(a), len(b)))


__all__ = ["Tools", "compare"]
