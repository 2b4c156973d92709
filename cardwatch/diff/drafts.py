"""From pairs of sentences to drafts of changes: which words differ, and whether that matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from cardwatch.diff import noise
from cardwatch.diff.edition import Edition, title_of
from cardwatch.diff.edits import Edit, MatchWords, edits_between
from cardwatch.diff.numbering import References, aligned_references
from cardwatch.diff.tables import reordered
from cardwatch.diff.tokens import TokenKind
from cardwatch.model import (
    BlockKind,
    ChangeKind,
    NoiseClass,
    Pair,
    PairKind,
    Span,
)

# Neighbouring paragraphs that came or went are one change up to this many words.
_SHORT = 120

# Differences too slight to be counted beside others in the same passage.
_SLIGHT = frozenset(
    {NoiseClass.PUNCTUATION, NoiseClass.EDITORIAL, NoiseClass.INVISIBLE, NoiseClass.REFLOW}
)

_KINDS = {
    PairKind.SAME: ChangeKind.EDITED,
    PairKind.EDITED: ChangeKind.EDITED,
    PairKind.SPLIT: ChangeKind.EDITED,
    PairKind.MERGED: ChangeKind.EDITED,
    PairKind.MOVED: ChangeKind.MOVED,
    PairKind.MOVED_EDITED: ChangeKind.MOVED_EDITED,
    PairKind.ADDED: ChangeKind.ADDED,
    PairKind.REMOVED: ChangeKind.REMOVED,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A change before it is judged. ``noise`` is ``None`` for what may say something new.

    ``account``: it tells of changes and is none itself. ``stood`` names the edition whose
    passage did not change: it takes this one's place by saying the opposite. ``renamed``: it
    shows, for all the others, that a name was replaced throughout.
    """

    kind: ChangeKind
    old: Span | None
    new: Span | None
    noise: NoiseClass | None
    edits: tuple[Edit, ...] = ()
    substantive: tuple[Edit, ...] = ()
    score: float = 1.0
    emphasis: bool = False
    account: bool = False
    stood: str = ""
    renamed: bool = False


@dataclass
class Drafter:
    """Makes drafts out of an alignment of two editions."""

    old: Edition
    new: Edition
    match: MatchWords
    references: References = field(default_factory=References)
    columns: dict[tuple[int, int], tuple[int, ...]] = field(default_factory=dict)

    def drafts(self, pairs: Sequence[Pair]) -> Iterator[Draft]:
        """All differences between the two, substantive or not, in no particular order."""
        self.references = aligned_references(self.old, self.new, pairs)
        self.columns = reordered(self.old, self.new, pairs)
        for pair in pairs:
            if pair.old and pair.new and not self._untouched(pair):
                yield from self._between(pair)
        yield from self._alone(
            self.old, [i for p in pairs if not p.new for i in p.old], ChangeKind.REMOVED
        )
        yield from self._alone(
            self.new, [j for p in pairs if not p.old for j in p.new], ChangeKind.ADDED
        )
        yield from self._emphasis(pairs)

    def _untouched(self, pair: Pair) -> bool:
        """Whether two sentences are plainly the same, so that a closer look would find nothing."""
        if pair.kind is not PairKind.SAME:
            return False
        old, new, i, j = self.old, self.new, pair.old[0], pair.new[0]
        a, b = old.sentences[i].span, new.sentences[j].span
        if old.document.text[a.start : a.end] != new.document.text[b.start : b.end]:
            return False
        if i in old.marks or j in new.marks or i in old.links or j in new.links:
            return False
        if a.start in old.labels or b.start in new.labels:
            return False
        left, right = old.block(i), new.block(j)
        return left.kind is right.kind and left.marker == right.marker

    def _between(self, pair: Pair) -> Iterator[Draft]:
        """What differs within a pair: words, then links, then look."""
        kind = _KINDS[pair.kind]
        old, new = self.old.span(pair.old), self.new.span(pair.new)
        edits: list[tuple[Edit, NoiseClass | None]] = []
        if self.old.document.quote(old) != self.new.document.quote(new):
            edits = list(self._words(pair, old, new))
        if edits and self._tables(pair) in self.columns:
            group = tuple(edit for edit, _ in edits)
            yield Draft(kind, old, new, NoiseClass.MOVED, group, score=pair.score)
            return
        classes = list(self._looks(pair)) if not edits else []
        if self._marker(self.old, pair.old[0]) != self._marker(self.new, pair.new[0]):
            classes.append(NoiseClass.RENUMBERED)
        if pair.kind in (PairKind.MOVED, PairKind.MOVED_EDITED) and (
            all(of in _SLIGHT for _, of in edits)
        ):
            classes.append(NoiseClass.MOVED)
        if pair.kind in (PairKind.SPLIT, PairKind.MERGED) and not edits:
            classes.append(NoiseClass.REFLOW)
        for of, group in _by_class(edits).items():
            real = tuple(edit for edit, seen in edits if seen is None) if of is None else ()
            yield Draft(kind, old, new, of, group, real, pair.score)
        for of in classes:
            yield Draft(kind, old, new, of, score=pair.score)
        yield from self._targets(pair, old, new)

    def _tables(self, pair: Pair) -> tuple[int, int]:
        return self.old.sentences[pair.old[0]].block, self.new.sentences[pair.new[0]].block

    def _words(self, pair: Pair, old: Span, new: Span) -> Iterator[tuple[Edit, NoiseClass | None]]:
        left = [
            replace(token, canon=self.references.moved.get(token.canon, token.canon))
            if token.kind is TokenKind.REFERENCE
            else token
            for token in self.old.tokens(pair.old)
        ]
        right = self.new.tokens(pair.new)
        text_old, text_new = self.old.document.text, self.new.document.text
        head_old = self.old.block(pair.old[0]).span.start
        head_new = self.new.block(pair.new[0]).span.start
        frame = noise.Frame(
            text_old,
            text_new,
            noise.stamps(text_old, old),
            noise.stamps(text_new, new),
            (head_old if head_old == old.start else -1, head_new if head_new == new.start else -1),
            self.references.known,
        )
        for edit in edits_between(left, right, (old, new), self.match):
            if self.old.document.quote(edit.old_span) != self.new.document.quote(edit.new_span):
                yield edit, noise.classify(edit, frame)

    def _looks(self, pair: Pair) -> Iterator[NoiseClass]:
        """Emphasis and kind of block, for sentences with the same words outside tables."""
        for i, j in zip(pair.old, pair.new, strict=False):
            kinds = self.old.block(i).kind, self.new.block(j).kind
            prose = kinds[0] is not BlockKind.TABLE
            if kinds[0] is not kinds[1] or (
                prose and self._marked(self.old, i) != self._marked(self.new, j)
            ):
                yield NoiseClass.MARKUP

    @staticmethod
    def _marker(edition: Edition, index: int) -> str:
        """The number before the list item or footnote that a sentence opens."""
        start = edition.sentences[index].span.start
        if start in edition.labels:
            return edition.labels[start]
        block = edition.block(index)
        if block.span.start != start:
            return ""
        return "".join(c for c in block.marker.lower() if c.isalnum())

    @staticmethod
    def _marked(edition: Edition, index: int) -> list[tuple[int, int, str]]:
        start = edition.sentences[index].span.start
        return [
            (mark.span.start - start, mark.span.end - start, mark.kind)
            for mark in edition.marks.get(index, ())
        ]

    def _targets(self, pair: Pair, old: Span, new: Span) -> Iterator[Draft]:
        """Links that lead elsewhere now; those within the document count as references."""
        before = [link.target for i in pair.old for link in self.old.links.get(i, ())]
        after = [link.target for j in pair.new for link in self.new.links.get(j, ())]
        if before == after:
            return
        outer = [t for t in before if t[:1] != "#"] != [t for t in after if t[:1] != "#"]
        of = NoiseClass.LINK if outer else NoiseClass.RENUMBERED
        yield Draft(ChangeKind.EDITED, old, new, of, score=pair.score)

    def _alone(self, edition: Edition, indices: Sequence[int], kind: ChangeKind) -> Iterator[Draft]:
        """Sentences without a partner, neighbours in one paragraph or whole section together."""
        for run, of in _runs(edition, sorted(indices)):
            span = edition.span(run)
            removed = kind is ChangeKind.REMOVED
            account = edition.sentences[run[0]].section in edition.accounts
            old, new = (span, None) if removed else (None, span)
            yield Draft(kind, old, new, of, account=account and of is None)

    # ------------------------------------------------------------ emphasis in tables

    def _emphasis(self, pairs: Sequence[Pair]) -> Iterator[Draft]:
        """Bold or underlined cells that are others now: in a table that says which is best.

        A table that has lost or gained every mark of a kind was typeset otherwise: markup.
        """
        rows: defaultdict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        for pair in pairs:
            if len(pair.old) == len(pair.new) == 1:
                i, j = pair.old[0], pair.new[0]
                if self.old.block(i).kind is self.new.block(j).kind is BlockKind.TABLE:
                    rows[self.old.sentences[i].block, self.new.sentences[j].block].append((i, j))
        for tables, together in rows.items():
            order = self.columns.get(tables)
            before = {i: _emphasised(self.old, i, order) for i, _ in together}
            after = {j: _emphasised(self.new, j) for _, j in together}
            changed = [(i, j) for i, j in together if before[i] != after[j]]
            if not changed:
                continue
            kinds_before = {kind for cells in before.values() for _, kind in cells}
            kinds_after = {kind for cells in after.values() for _, kind in cells}
            touched = {kind for i, j in changed for _, kind in before[i] ^ after[j]}
            real = bool(touched & kinds_before & kinds_after)
            old = self.old.span([i for i, _ in changed])
            new = self.new.span([j for _, j in changed])
            of = None if real else NoiseClass.MARKUP
            yield Draft(ChangeKind.EDITED, old, new, of, emphasis=True)


def _by_class(
    edits: Sequence[tuple[Edit, NoiseClass | None]],
) -> dict[NoiseClass | None, tuple[Edit, ...]]:
    """Edits by what they are; slight ones go with the weightiest others of their passage."""
    classes = {of for _, of in edits}
    weighty = {of for of in classes if of not in _SLIGHT}
    carrier: NoiseClass | None = None
    if None not in classes and classes:
        carrier = noise.heaviest([of for of in (weighty or classes) if of is not None])
    found: defaultdict[NoiseClass | None, list[Edit]] = defaultdict(list)
    for edit, of in edits:
        found[carrier if of in _SLIGHT else of].append(edit)
    return {of: tuple(group) for of, group in found.items()}


def _emphasised(
    edition: Edition, index: int, order: tuple[int, ...] | None = None
) -> frozenset[tuple[int, str]]:
    """The columns of a row that are emphasised, and how; ``order`` says where they stand now."""
    span = edition.sentences[index].span
    marks = edition.marks.get(index)
    if not marks:
        return frozenset()
    cells = [cell for cell in edition.block(index).cells if span.contains(cell.span)]
    return frozenset(
        (order[cell.column] if order and cell.column < len(order) else cell.column, mark.kind.value)
        for mark in marks
        for cell in cells
        if mark.span.overlaps(cell.span)
    )


def _runs(
    edition: Edition, indices: Sequence[int]
) -> Iterator[tuple[list[int], NoiseClass | None]]:
    """Neighbouring sentences as one: those of a paragraph, a list, a table, a whole section."""
    whole = _whole_sections(edition, indices)
    run: list[int] = []
    held: NoiseClass | None = None
    words = 0
    for index in indices:
        of = _nothing_said(edition, index)
        size = len(edition.sentences[index].words)
        if run and index == run[-1] + 1:
            before, section = edition.sentences[run[-1]].section, edition.sentences[index].section
            whole_run = section in whole or {before, section} <= edition.accounts
            together = {before, section} <= edition.accounts or (
                section == before
                and (whole_run or (of == held and _together(edition, run[-1], index, words + size)))
            )
            if together:
                run.append(index)
                held = None if whole_run and of is None else held
                words += size
                continue
        if run:
            yield run, held
        run, held, words = [index], of, size
    if run:
        yield run, held


def _whole_sections(edition: Edition, indices: Sequence[int]) -> set[int]:
    """The sections of which every sentence is among ``indices``."""
    missing: defaultdict[int, int] = defaultdict(int)
    for sentence in edition.sentences:
        missing[sentence.section] += 1
    for index in indices:
        missing[edition.sentences[index].section] -= 1
    return {section for section, left in missing.items() if left == 0}


def _together(edition: Edition, left: int, right: int, words: int) -> bool:
    """Whether two neighbours in a section belong together: one paragraph, one list, or short."""
    a, b = edition.sentences[left], edition.sentences[right]
    if a.block == b.block:
        return True
    kinds = edition.block(left).kind, edition.block(right).kind
    if kinds[1] is BlockKind.LIST_ITEM and (
        kinds[0] is BlockKind.LIST_ITEM or edition.document.quote(a.span).endswith(":")
    ):
        return True
    return kinds[0] is kinds[1] and kinds[0] is not BlockKind.HEADING and words <= _SHORT


def _nothing_said(edition: Edition, index: int) -> NoiseClass | None:
    """The class of noise of a sentence that came or went and says nothing."""
    span = edition.sentences[index].span
    listed = edition.block(index).kind is not BlockKind.HEADING
    if listed and title_of(edition.document.quote(span)) in edition.titles:
        return NoiseClass.MARKUP
    text = edition.document.text
    if noise.is_stamp(text, span):
        return noise.stamp_class(text, span, [span])
    found = edition.tokens([index])
    kinds = {token.kind for token in found}
    table = edition.block(index).kind is BlockKind.TABLE
    bare = kinds <= {TokenKind.NUMBER, TokenKind.MARK, TokenKind.MARKUP} and len(found) <= 6
    if not table and ((bare and TokenKind.NUMBER in kinds) or index in edition.furniture):
        return NoiseClass.EXTRACTION
    if kinds <= {TokenKind.INVISIBLE}:
        return NoiseClass.INVISIBLE
    if kinds <= {TokenKind.MARK, TokenKind.MARKUP, TokenKind.INVISIBLE}:
        return NoiseClass.MARKUP
    return None
