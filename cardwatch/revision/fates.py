"""What became of each commitment where an edition was rewritten: successors found by meaning."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cardwatch.model import (
    Assessment,
    BlockKind,
    Change,
    ChangeKind,
    Disclosure,
    Document,
    Effect,
    Evidence,
    Features,
    Outcome,
    Passage,
    Reading,
    Reason,
    Revision,
    Sentence,
    Span,
)
from cardwatch.revision.given import Given, Tools
from cardwatch.revision.units import units
from cardwatch.revision.weighing import Scale, rules_at, statements_in

# A paragraph's own number is a label and no part of what it says.
_OWN_NUMBER = re.compile(r"\A\W{0,3}(?:\d{1,3}(?:\.\d{1,3}){0,4}[.):]?|\(?[a-z][.)]|[ivx]+[.)])\s+")
_SPACES = re.compile(r"\s+")
# A passage that says an old commitment with at least this score, and that holds at least this
# share of its words, is its successor. Read off 209 removed statements of a rewritten framework:
# above 0.75 three quarters are what a reader would pair, at 0.5 a third.
_SUCCESSOR = 0.75
_SHARED_WORDS = 0.34
_SURE = 0.9
_KEPT_OR_NOT = (Outcome.RETAINED, Outcome.STRENGTHENED, Outcome.WEAKENED)
_KEPT = frozenset([Outcome.RETAINED, Outcome.STRENGTHENED])
# What is shown as the closest passage is at least so close.
_NEAREST = 0.3
_NEAREST_SHARE = 0.34
# With a rule in common that few statements meet, less likeness will do; the passage is then
# shown as the nearest, or as the successor if it plainly binds less.
_SAME_MATTER = 0.04
_SAME_SHARE = 0.2
# A passage that binds less than this takes the place of no grave commitment.
_BINDING = 0.6
# Two passages of one edition with this share of their words in common make one commitment.
_REPEATED = 0.75
_RARE = 0.08
# Rules that say how a sentence binds and not what it is about.
_FORM = frozenset(
    "aspiration changes-after-release commitment condition exception must may-not "
    "people-may-or-must permitted policy-change recommended required-safeguards safeguard-covers "
    "treatment threshold will-may-must".split()
)


def follow(revision: Revision, scale: Scale, tools: Tools) -> list[Change]:
    """The substantive changes, one for each commitment that went, came or was reworded.

    Removals and additions of several statements are taken apart; each statement that went is
    looked for, by what it says, among the words that are new, and paired with its successor.
    What only got another number is left out, as is what stands where the editions list
    changes. A commitment that an edition makes twice in much the same words counts once.
    """
    given = scale.given
    listed = [c for c in revision.changes if not c.noise and not _is_listed(c, given)]
    pieces = [piece for change in listed for piece in _taken_apart(change, given, tools.mend)]
    pieces = [_renumbered(change, tools) for change in pieces]
    pieces = [change for change in pieces if change.effects or change.old is None or not change.new]
    return _once(_Successors(scale, tools).paired(pieces), scale, tools)


def _is_listed(change: Change, given: Given) -> bool:
    sides = zip((change.old, change.new), given.lists, strict=True)
    return any(side and _within_span(side.span, parts) for side, parts in sides)


def _once(changes: Sequence[Change], scale: Scale, tools: Tools) -> list[Change]:
    """The changes without those that only repeat another: the weightier one stays."""
    kept: list[Change] = []
    seen: dict[str, list[frozenset[str]]] = {}
    for change in sorted(changes, key=lambda c: (-scale.weigh(c), c.id)):
        one = change.old if change.new is None else change.new if change.old is None else None
        if one is not None:
            terms = tools.describe(one.quote).terms
            # only passages that share their longest word can be so alike
            key = f"{change.kind} {max(terms, key=lambda t: (len(t), t), default='')}"
            if any(_alike(terms, other) for other in seen.get(key, ())):
                continue
            seen.setdefault(key, []).append(terms)
        kept.append(change)
    return kept


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _REPEATED * len(one | other)


def _taken_apart(change: Change, given: Given, mend: Callable[[str], str]) -> Iterator[Change]:
    """A removal or addition as one change for each of its commitments."""
    if (change.old is None) == (change.new is None):
        yield change
        return
    reading = given.new if change.old is None else given.old
    passage = change.new or change.old
    assert passage is not None  # noqa: S101 - a change has a side
    statements = [s for s in reading.statements if passage.span.contains(s.span)]
    commitments = units(reading, statements, mend)
    whole = len(commitments) == 1 and len(commitments[0].span) > len(passage.span) // 2
    if whole and not _is_headed(reading.document, passage.span):
        yield change
        return
    if not commitments:
        yield change
    for number, unit in enumerate(commitments, 1):
        side = reading.document.passage(unit.span)
        yield replace(
            change,
            id=f"{change.id}.{number}",
            old=None if change.old is None else side,
            new=None if change.new is None else side,
            section=side.section,
            statement_kinds=unit.kinds,
        )


def _renumbered(change: Change, tools: Tools) -> Change:
    """The change judged without the numbers that its paragraphs bear.

    Without effects, and so no change, if nothing else differs.
    """
    if change.old is None or change.new is None or change.effects == (Effect.EMPHASIS,):
        return change
    old, new = (_OWN_NUMBER.sub("", side.quote) for side in (change.old, change.new))
    same_place = (old, new) == (change.old.quote, change.new.quote)
    if not same_place and _flat(old) == _flat(new):
        return replace(change, effects=(), outcome=Outcome.RETAINED, dimensions=())
    verdict = tools.assess(old, new, (change.old.section, change.new.section))
    return replace(
        change,
        outcome=verdict.outcome,
        dimensions=verdict.dimensions,
        mixed=verdict.mixed,
        effects=change.effects if same_place else verdict.effects or (Effect.WORDING,),
        reasons=(*change.reasons, *_reasons(verdict)),
    )


def _reasons(verdict: Assessment) -> Iterator[Reason]:
    """Why a commitment is said to have strengthened, weakened or stayed, and how surely."""
    others = [each.value for each in _KEPT_OR_NOT if each is not verdict.outcome]
    note = f"{verdict.outcome.value}; else {' or '.join(others)}"
    yield Reason("outcome", verdict.confidence, 1.0, note)
    yield from verdict.reasons


def _flat(text: str) -> str:
    return _SPACES.sub(" ", text).strip().casefold()


@dataclass(frozen=True)
class _Successors:
    """Looks for what took the place of statements that went."""

    scale: Scale
    tools: Tools

    @property
    def given(self) -> Given:
        return self.scale.given

    def paired(self, changes: Sequence[Change]) -> list[Change]:
        """The changes, removals paired with the additions or edits that succeed them."""
        fresh = [c.new for c in changes if c.new and c.kind not in (ChangeKind.MOVED,)]
        sentences = self._sentences(fresh)
        if not sentences:
            return list(changes)
        ask = self.tools.search(self.given.new, sentences)
        taken: set[Span] = set()
        made: list[Change] = []
        for change in changes:
            if change.old is None or change.new is not None:
                made.append(change)
                continue
            found = self._successor(change, ask, sentences)
            made.append(found)
            if found.new is not None:
                taken.add(found.new.span)
        return [c for c in made if not (c.kind is ChangeKind.ADDED and _is_taken(c, taken))]

    def _sentences(self, passages: Iterable[Passage]) -> list[Sentence]:
        """The sentences of the new edition that hold new words, but for headings."""
        spans = sorted(p.span for p in passages)
        starts = [span.start for span in spans]
        document = self.given.new.document
        # what tells of the revision takes the place of no commitment
        told = [part for a in self.given.accounts if a.inside for part in a.parts]
        found = []
        for sentence in self.given.new.sentences:
            first = max(0, bisect_right(starts, sentence.span.start) - 1)
            last = bisect_left(starts, sentence.span.end)
            if not any(span.overlaps(sentence.span) for span in spans[first:last]):
                continue
            if _within_span(sentence.span, told) or is_heading(document, sentence.span):
                continue
            if _within_span(sentence.span, self.given.lists[1]):
                continue
            found.append(sentence)
        return found

    def _successor(
        self, change: Change, ask: Callable[[Features], Disclosure], sentences: Sequence[Sentence]
    ) -> Change:
        assert change.old is not None  # noqa: S101 - only removals come here
        features = self.tools.describe(change.old.quote)
        evidence = ask(features).evidence[:6]
        best = evidence[0] if evidence else None
        pairs = [
            self._pair(change, _whole(near.span, sentences), near.score)
            for near in evidence[:3]
            if near.score >= _SUCCESSOR
            and _share(near) >= (_SHARED_WORDS if near.score < _SURE else _SHARED_WORDS / 2)
        ]
        if pairs:
            # a commitment is kept if any passage keeps it
            return max(pairs, key=lambda pair: (pair.outcome in _KEPT, pair.confidence))
        grave = self._grave(change, sentences)
        if grave is not None:
            return self._same_matter(change, grave, _SUCCESSOR)
        rules = self._matters(self.given.old, change.old.span)
        for near in evidence:
            sentence = _whole(near.span, sentences)
            if near.score < _SAME_MATTER or _share(near) < _SAME_SHARE:
                continue
            if rules & self._matters(self.given.new, sentence):
                return self._same_matter(change, sentence, near.score)
        if best is not None and best.score >= _NEAREST and _share(best) >= _NEAREST_SHARE:
            nearest = self.given.new.document.passage(_whole(best.span, sentences))
            return replace(change, nearest=nearest)
        return change

    def _grave(self, change: Change, sentences: Sequence[Sentence]) -> Span | None:
        """The new passage on the same grave matter that binds most, with most words in common."""
        assert change.old is not None  # noqa: S101 - only removals come here
        rules = rules_at(self.given.old, change.old.span) & self.scale.grave
        if not rules:
            return None
        terms = self.tools.describe(change.old.quote).terms
        found: list[tuple[float, int, Span]] = []
        for sentence in sentences:
            if not rules & rules_at(self.given.new, sentence.span):
                continue
            passage = self.given.new.document.passage(sentence.span)
            shared = len(terms & self.tools.describe(passage.quote).terms)
            found.append((-self.scale.binding(passage, self.given.new), -shared, sentence.span))
        best = min(found, default=None)
        return best[2] if best and -best[0] >= _BINDING else None

    def _pair(self, change: Change, span: Span, score: float) -> Change:
        assert change.old is not None  # noqa: S101 - only removals come here
        new = self.given.new.document.passage(span)
        verdict = self.tools.assess(change.old.quote, new.quote, (change.old.section, new.section))
        return replace(
            change,
            kind=ChangeKind.MOVED_EDITED,
            new=new,
            section=new.section,
            outcome=verdict.outcome,
            dimensions=verdict.dimensions,
            mixed=verdict.mixed,
            effects=verdict.effects or change.effects,
            reasons=(*change.reasons, *_reasons(verdict)),
            confidence=round(min(score, verdict.confidence), 4),
        )

    def _same_matter(self, change: Change, span: Span, score: float) -> Change:
        """A passage on the same matter: the successor if it binds less, else the nearest."""
        assert change.old is not None  # noqa: S101 - only removals come here
        old = self.tools.describe(change.old.quote)
        new_passage = self.given.new.document.passage(span)
        new = self.tools.describe(new_passage.quote)
        looser = new.strength < old.strength or len(new.conditions) + len(new.exceptions) > len(
            old.conditions
        ) + len(old.exceptions)
        if not looser or score < _SUCCESSOR / 2:
            return replace(change, nearest=new_passage)
        paired = self._pair(change, span, score)
        return (
            paired if paired.outcome is Outcome.WEAKENED else replace(change, nearest=new_passage)
        )

    def _matters(self, reading: Reading, span: Span) -> frozenset[str]:
        """The rules that say what a passage is about and that few statements meet."""
        common = self._common
        return frozenset(
            hit.rule
            for statement in statements_in(reading, span)
            for hit in statement.hits
            if hit.rule not in _FORM and hit.rule not in common
        )

    @property
    def _common(self) -> frozenset[str]:
        kept = self.__dict__.get("_kept_common")
        if isinstance(kept, frozenset):
            return kept
        counts: Counter[str] = Counter()
        total = 0
        for reading in (self.given.old, self.given.new):
            for statement in reading.statements:
                total += 1
                counts.update({hit.rule for hit in statement.hits})
        common = frozenset(rule for rule, n in counts.items() if n > max(3, _RARE * total))
        self.__dict__["_kept_common"] = common
        return common


def _is_taken(change: Change, taken: set[Span]) -> bool:
    return change.new is not None and any(
        span.contains(change.new.span) or change.new.span.contains(span) for span in taken
    )


def _within_span(span: Span, parts: Sequence[Span]) -> bool:
    return any(part.contains(span) for part in parts)


def _is_headed(document: Document, span: Span) -> bool:
    """Whether a passage of several blocks begins with a heading."""
    if not document.blocks or is_heading(document, span):
        return False
    return document.blocks[document.block_index(span.start)].kind is BlockKind.HEADING


def is_heading(document: Document, span: Span) -> bool:
    """Whether a place is in a heading and nowhere else."""
    if not document.blocks:
        return False
    block = document.blocks[document.block_index(span.start)]
    words = document.text[block.span.end : span.end]
    return block.kind is BlockKind.HEADING and not words.strip()


def _share(evidence: Evidence) -> float:
    """The share of the old words that the passage has."""
    both = len(evidence.matches) + len(evidence.missing)
    return len(evidence.matches) / both if both else 0.0


def _whole(span: Span, sentences: Sequence[Sentence]) -> Span:
    """The sentence that holds a clause."""
    at = bisect_right(sentences, span.start, key=lambda sentence: sentence.span.start) - 1
    whole = sentences[max(0, at)].span
    return whole if whole.contains(span) else span
