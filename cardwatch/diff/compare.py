"""Two aligned editions to a revision: what changed, what it touches, and what is noise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

from cardwatch.diff import effects as fx
from cardwatch.diff.drafts import Draft, Drafter
from cardwatch.diff.edition import Edition
from cardwatch.diff.edits import MatchWords
from cardwatch.diff.joining import joined
from cardwatch.diff.reversals import Sides
from cardwatch.diff.sections import binds_nobody
from cardwatch.model import (
    Alignment,
    Assessment,
    BlockKind,
    Change,
    ChangeKind,
    Dimension,
    Document,
    Effect,
    Features,
    Outcome,
    Passage,
    Reading,
    Reason,
    Revision,
    Statement,
    StatementKind,
    Strength,
    Visibility,
)

# A figure or comparison that was corrected is news wherever it stands, and by itself: the least
# place and the least binding that such a change counts with.
_CORRECTED = 0.85
_FIGURE = 0.65
# What made a commitment weaker or stronger, or took it away, counts a little more than what
# kept it.
_DIRECTED = 1.1
# A change that touches one of these is one of a commitment, wherever it stands.
_BINDING = frozenset({Effect.VISIBILITY, Effect.NEGATION, Effect.OBLIGATION, Effect.CONDITION})
_ITEMS = frozenset({BlockKind.LIST_ITEM, BlockKind.FOOTNOTE})
_LOST = frozenset({Outcome.REMOVED, Outcome.RELOCATED})
# So few corrected figures in tables are corrections; more are another run of the measurements.
_FEW_FIGURES = 6
# A commitment that stands elsewhere unchanged is worth knowing, below all that changed words.
_MOVED = 0.05
# That a name was replaced throughout is told once, in the middle of the list.
_NAMED = 0.3
# An account of changes that came with a revision stands below all that it may tell of.
_TOLD = 0.02
# Up to this many words a passage at the edge of a page may be furniture or a caption.
_SEAM_WORDS = 12


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
    there = {i: pair.new for pair in alignment.pairs for i in pair.old}
    back = {j: pair.old for pair in alignment.pairs for j in pair.new}
    parted = dict(alignment.parted)
    judge = _Judge(Edition(old, parted), Edition(new, parted), tools, (there, back))
    drafts = list(Drafter(judge.old, judge.new, tools.match_words).drafts(alignment.pairs))
    drafts = joined(drafts, alignment, Sides(judge.old, judge.new, tools.describe))
    figures = sum(fx.swaps_value(d.substantive) and judge.in_table(d) for d in drafts)
    judge = replace(judge, few_figures=figures <= _FEW_FIGURES)
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
    partners: tuple[dict[int, tuple[int, ...]], dict[int, tuple[int, ...]]]
    few_figures: bool = True

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
        if draft.account and not (draft.old and draft.new):
            return self._account(change)
        features = [self.tools.describe(p.quote) for p in (change.old, change.new) if p]
        if draft.renamed:
            reason = Reason("place", _NAMED, 1.0, "a name was replaced throughout")
            return replace(change, effects=(Effect.ACTOR,), outcome=Outcome.RETAINED,
                           rank_score=_NAMED, reasons=(reason,))  # fmt: skip
        if change.kind is ChangeKind.MOVED:
            return self._moved(change, features)
        effects = self._effects(draft, features)
        place = max(
            fx.standing(edition.document, span)[0]
            for edition, span in ((self.old, draft.old), (self.new, draft.new))
            if span
        )
        swapped = fx.swaps_value(draft.substantive)
        if swapped and (self.few_figures or not self.in_table(draft)):
            place = max(place, _CORRECTED * self._depth(draft))
        size = fx.size_of(" ".join(self._changed_words(draft)))
        score, reasons = fx.rank(effects, self._binding(draft, features), place, size)
        if change.doubt and not (draft.old and draft.new):
            score = round(score * 0.6, 4)
        if draft.stood:
            note = {"new": "the new side stood there before", "old": "the old side still stands"}
            reasons = (*reasons, Reason("opposite", 1.0, 0.0, note[draft.stood]))
        change = self._with_outcome(replace(change, effects=effects, reasons=reasons), features)
        if self._freed(change, features):
            change = replace(change, outcome=Outcome.RELOCATED)
        if draft.kind is ChangeKind.REVERSED:
            change = _told_or_not(change, features)
        gone = change.outcome in _LOST and effects != (Effect.WORDING,)
        if gone or change.outcome in (Outcome.WEAKENED, Outcome.STRENGTHENED):
            score = min(1.0, round(score * _DIRECTED, 4))
        return replace(change, rank_score=score)

    @staticmethod
    def _account(change: Change) -> Change:
        """What a publisher says of a revision came or went with it: that is no change of matter."""
        outcome = Outcome.ADDED if change.new else Outcome.REMOVED
        reason = Reason("place", _TOLD, 1.0, "tells of changes")
        return replace(change, effects=(Effect.WORDING,), outcome=outcome, rank_score=_TOLD,
                       statement_kinds=(), reasons=(reason,))  # fmt: skip

    def _moved(self, change: Change, features: Sequence[Features]) -> Change:
        """A commitment that moved with the same words: relocated if it binds nobody there."""
        if not self._freed(change, features) and not self._freed(change, features, back=True):
            reason = Reason("place", _MOVED, 1.0, "stands in another chapter")
            return replace(change, outcome=Outcome.RETAINED, rank_score=_MOVED, reasons=(reason,))
        back = not self._freed(change, features)
        outcome = Outcome.STRENGTHENED if back else Outcome.RELOCATED
        effects = (Effect.OBLIGATION,)
        binding = max(fx.binding_of(feature) for feature in features)
        score, reasons = fx.rank(effects, binding, 1.0, 0.0)
        return replace(change, outcome=outcome, dimensions=(Dimension.OBLIGATION,),
                       effects=effects, rank_score=score, reasons=reasons)  # fmt: skip

    def _freed(self, change: Change, features: Sequence[Features], *, back: bool = False) -> bool:
        """Whether a commitment moved to where headings say that nothing binds, or ``back``.

        One that was also reworded counts if it binds no more than before.
        """
        if change.kind not in (ChangeKind.MOVED, ChangeKind.MOVED_EDITED) or len(features) != 2:
            return False
        if not change.old or not change.new or features[back].strength < Strength.INTENDED:
            return False
        free = [
            binds_nobody(edition.document.section_at(passage.span.start))
            for edition, passage in ((self.old, change.old), (self.new, change.new))
        ]
        weaker = features[not back].strength <= features[back].strength
        return weaker and free == ([True, False] if back else [False, True])

    def _binding(self, draft: Draft, features: Sequence[Features]) -> float:
        """How surely a draft is about a statement; a figure that changed binds by itself."""
        if draft.emphasis:
            return 0.2
        binding = max(fx.binding_of(feature) for feature in features)
        weight = self._weight(draft)
        if weight is not None:
            binding = max(0.5 * binding + 0.5 * weight, 0.6 * binding)
        return max(binding, _FIGURE) if fx.swaps_value(draft.substantive) else binding

    def _depth(self, draft: Draft) -> float:
        """Less for what stands in an appendix in both editions."""
        sides = ((self.old.document, draft.old), (self.new.document, draft.new))
        deep = [document.section_at(span.start).appendix for document, span in sides if span]
        return fx.APPENDED if all(deep) else 1.0

    def in_table(self, draft: Draft) -> bool:
        """Whether a draft stands in a table."""
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
        if draft.kind is ChangeKind.REVERSED and Effect.VISIBILITY not in found:
            found.add(Effect.NEGATION)
        if len(found) > 1:
            found.discard(Effect.WORDING)
        return fx.ordered(found)

    def _with_outcome(self, change: Change, features: Sequence[Features]) -> Change:
        """The change with what became of the commitment; narrative holds none and has none."""
        if change.kind is ChangeKind.ADDED:
            return replace(change, outcome=Outcome.ADDED)
        if change.kind is ChangeKind.REMOVED:
            return replace(change, outcome=Outcome.REMOVED)
        if self.tools.assess is None or change.old is None or change.new is None:
            return change
        if not self._commits(change, features):
            return change
        verdict = self.tools.assess(change.old.quote, change.new.quote)
        return replace(
            change,
            outcome=verdict.outcome,
            dimensions=verdict.dimensions,
            mixed=verdict.mixed,
        )

    def _commits(self, change: Change, features: Sequence[Features]) -> bool:
        """Whether a passage may hold a commitment: a statement, or words that bind or say when.

        Where no statements were looked for, every passage may.
        """
        if not self.old.reading.statements and not self.new.reading.statements:
            return True
        binds = any(f.strength > Strength.NONE or f.conditions or f.exceptions for f in features)
        return bool(change.statement_kinds) or binds or not _BINDING.isdisjoint(change.effects)

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
        """Why a change may be the reader's: a seam, an unread or damaged place, a stray mark."""
        if draft.noise:
            return ""
        sides = ((self.old, draft.old, 0), (self.new, draft.new, 1))
        for edition, span, side in sides:
            if span is None:
                continue
            for unread in edition.unread(span):
                return f"stands at an unread place ({unread})"
            if edition.damaged(span):
                return f"the text of the {('old', 'new')[side]} edition is damaged here"
            places = [(edit.old_span, edit.new_span)[side] for edit in draft.substantive]
            if not places and len(edition.document.quote(span).split()) <= _SEAM_WORDS:
                places = [span]
            if any(edition.at_seam(place) for place in places):
                return "stands at a page seam"
        return self._left_mark(draft)

    def _left_mark(self, draft: Draft) -> str:
        """Whether an item went and the bullet or number before it is left over in its place."""
        if (draft.old is None) == (draft.new is None):
            return ""
        mine, theirs = (self.old, self.new) if draft.old else (self.new, self.old)
        span = draft.old or draft.new
        assert span is not None  # noqa: S101 - a draft has a side
        if mine.block(mine.at(span.start)).kind not in _ITEMS:
            return ""
        partners = self.partners[0 if draft.old else 1]
        first, last = mine.at(span.start), mine.at(span.end - 1)
        near = {j for i in (first - 1, last + 1) for j in partners.get(i, ())}
        if any(theirs.stray_mark(j) for j in sorted(near)):
            return "the mark of an item is left over where it stood"
        return ""


def _told_or_not(change: Change, features: Sequence[Features]) -> Change:
    """A reversal with its outcome: whoever is now told of a thing has gained by it."""
    if [each.visibility for each in features] == [Visibility.NOT_TOLD, Visibility.TOLD]:
        outcome = Outcome.STRENGTHENED
    elif [each.visibility for each in features] == [Visibility.TOLD, Visibility.NOT_TOLD]:
        outcome = Outcome.WEAKENED
    else:
        return change
    dimensions = {*change.dimensions, Dimension.DISCLOSURE}
    return replace(change, outcome=outcome,
                   dimensions=tuple(each for each in Dimension if each in dimensions))  # fmt: skip


def _identity(draft: Draft, old: Passage | None, new: Passage | None) -> str:
    parts = [draft.kind.value, draft.noise.value if draft.noise else "",
             old.quote if old else "", new.quote if new else ""]  # fmt: skip
    return sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _unlike(said: Sequence[set[Effect]]) -> set[Effect]:
    """What one passage touches and the other does not; for a passage alone, all it touches."""
    return (said[0] if len(said) == 1 else said[0] ^ said[1]) or {Effect.WORDING}
