"""Two editions sentence by sentence: what stands where it stood, what moved, split or merged.

Exact anchors come first, then likely partners from an inverted index of rare words, then
numbers and headings, and position last. No step compares all with all: the work grows as
n log n, and repetitive text is held off by capped posting lists.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import log

from cardwatch.align.parting import parted
from cardwatch.align.sequences import Match, anchors, heaviest_chain
from cardwatch.model import Alignment, BlockKind, Document, Pair, PairKind, Reading, Sentence

# Two sentences in the same gap between anchors count as one sentence edited from this
# similarity on. Between 0.33 (highest false pair) and 0.45 (lowest true pair) in a published
# corpus of edited paragraphs; elsewhere in the document it takes more evidence.
_IN_GAP = 0.40
_IN_SECTION = 0.50
_ELSEWHERE = 0.62
# A posting list longer than this says nothing about which sentence is meant.
_POSTINGS = 48
_RARE_STEMS = 12
_CANDIDATES = 5
# Gaps of up to this many comparisons are looked at whole; larger ones near the diagonal.
_SMALL_GAP = 256
_NEAR = 3


def align(old: Reading, new: Reading) -> Alignment:
    """Every sentence of both editions in exactly one pair, in the order of the new edition.

    Pairs index into ``old.sentences`` and ``new.sentences``; removals stand where the text
    around them stands. Swapping the editions mirrors the result. Scores are similarities from
    0 to 1; reasons are ``exact``, ``fuzzy``, ``number``, ``heading`` and ``position``.
    """
    turned = new.document.text < old.document.text
    first, second = (new, old) if turned else (old, new)
    apart = parted(first, second)
    needed = {part for parts in apart.values() for part in parts}
    stems = {w.lower: w.stem for side in (first, second) for s in side.sentences
             for w in s.words if w.lower in needed} if needed else {}  # fmt: skip
    runs = {word: tuple(stems[part] for part in parts) for word, parts in apart.items()}
    pairs = _Aligner(_Side(first, runs), _Side(second, runs)).pairs()
    if turned:
        pairs = [mirror(pair) for pair in pairs]
    return Alignment(tuple(_in_order(pairs)), tuple(apart.items()))


def mirror(pair: Pair) -> Pair:
    """The same pair seen from the other edition."""
    kinds = {
        PairKind.ADDED: PairKind.REMOVED,
        PairKind.REMOVED: PairKind.ADDED,
        PairKind.SPLIT: PairKind.MERGED,
        PairKind.MERGED: PairKind.SPLIT,
    }
    return Pair(kinds.get(pair.kind, pair.kind), pair.new, pair.old, pair.score, pair.reason)


@dataclass
class _Side:
    """One edition as the aligner sees it: keys, words and places of its sentences."""

    reading: Reading
    runs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    raw: list[str] = field(default_factory=list)
    partner: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = self.reading.document.text
        self.raw = [" ".join(text[s.span.start : s.span.end].split()) for s in self.sentences]
        self.partner = [-1] * len(self.raw)
        self._stems: dict[int, list[str]] = {}

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        return self.reading.sentences

    @property
    def document(self) -> Document:
        return self.reading.document

    def free(self) -> list[int]:
        """The sentences that have no partner yet."""
        return [index for index, partner in enumerate(self.partner) if partner < 0]

    def stems(self, index: int) -> list[str]:
        """The words of a sentence, conflated."""
        found = self._stems.get(index)
        if found is None:
            found = [
                stem
                for word in self.sentences[index].words
                for stem in self.runs.get(word.lower, (word.stem,))
            ]
            self._stems[index] = found
        return found

    def content(self, index: int) -> set[str]:
        """The stems of a sentence that carry meaning; all of them if none does."""
        words = self.sentences[index].words
        found = {word.stem for word in words if not word.stop}
        found.update(stem for w in words for stem in self.runs.get(w.lower, ()) if len(stem) > 3)
        return found or set(self.stems(index))

    def kind(self, index: int) -> BlockKind:
        """The kind of block that holds a sentence."""
        return self.document.blocks[self.sentences[index].block].kind

    def section(self, index: int) -> tuple[str, str]:
        """Number and title of the section of a sentence."""
        section = self.document.sections[self.sentences[index].section]
        return section.number, section.title.lower()

    @cached_property
    def row_labels(self) -> dict[int, str]:
        """The first cell of each table row, by sentence."""
        labels: dict[int, str] = {}
        cells = {cell.span.start: cell.span for block in self.document.blocks
                 for cell in block.cells}  # fmt: skip
        for index, sentence in enumerate(self.sentences):
            cell = cells.get(sentence.span.start)
            if cell is not None and cell != sentence.span:
                labels[index] = " ".join(self.document.quote(cell).lower().split())
        return labels


@dataclass
class _Aligner:
    """Two sides on their way to an alignment."""

    a: _Side
    b: _Side
    scores: dict[Match, tuple[float, str]] = field(default_factory=dict)

    def pairs(self) -> list[Pair]:
        """All pairs, in no particular order."""
        for i, j in anchors(self.a.raw, self.b.raw):
            self.pair(i, j, 1.0, "exact")
        self.pair_moved_exact()
        self.pair_same_words()
        chain = self.chain()
        gaps = _Gaps(chain, self.a.free(), self.b.free())
        self.pair_fuzzy(gaps)
        self.pair_headings()
        return self.finished()

    def pair(self, i: int, j: int, score: float, reason: str) -> None:
        """Take ``i`` and ``j`` for each other's partner."""
        self.a.partner[i], self.b.partner[j] = j, i
        self.scores[i, j] = (score, reason)

    def pair_moved_exact(self) -> None:
        """Sentences left over with the same words: once on each side, or each in its turn."""
        where: defaultdict[str, list[int]] = defaultdict(list)
        for j in self.b.free():
            where[self.b.raw[j]].append(j)
        mine: defaultdict[str, list[int]] = defaultdict(list)
        for i in self.a.free():
            if self.a.raw[i] in where:
                mine[self.a.raw[i]].append(i)
        for key, left in mine.items():
            right = where[key]
            enough = len(self.a.sentences[left[0]].words) >= 4
            for i, j in _by_section(self.a, left, self.b, right, anywhere=enough):
                self.pair(i, j, 1.0, "exact")

    def pair_same_words(self) -> None:
        """Sentences between the same anchors that differ in marks and letter case only."""
        left, right = self.a.free(), self.b.free()
        keys_a = [tuple(word.lower for word in self.a.sentences[i].words) for i in left]
        keys_b = [tuple(word.lower for word in self.b.sentences[j].words) for j in right]
        gaps = _Gaps(self.chain(), left, right)
        for x, y in anchors(keys_a, keys_b):
            if keys_a[x] and gaps.same(left[x], right[y]):
                self.pair(left[x], right[y], 0.99, "exact")

    def chain(self) -> list[Match]:
        """The heaviest set of pairs that stand in the same order on both sides."""
        pairs = [(i, j) for i, j in enumerate(self.a.partner) if j >= 0]
        weights = [len(self.a.sentences[i].words) + 1 for i, _ in pairs]
        return heaviest_chain(pairs, weights)

    # ------------------------------------------------------------ likely partners

    def pair_fuzzy(self, gaps: _Gaps) -> None:
        """Partners by likeness, the likeliest first; position decides between equals."""
        found: dict[Match, float] = {}
        weight = self.weights(gaps)
        for i, j in self.candidates(gaps, weight):
            if (i, j) not in found:
                found[i, j] = self.likeness(i, j, weight)
        size_a, size_b = len(self.a.raw) or 1, len(self.b.raw) or 1
        ranked = []
        for (i, j), score in found.items():
            near = gaps.same(i, j)
            section = self.a.section(i) == self.b.section(j)
            needed = _IN_GAP if near else _IN_SECTION if section else _ELSEWHERE
            short = min(len(self.a.stems(i)), len(self.b.stems(j))) < 5
            if not near and short:
                needed = 0.75 if section else 0.9
            if score >= needed:
                away = abs(i / size_a - j / size_b)
                ranked.append((-(score + 0.08 * near + 0.04 * section), away, i, j, score))
        for _, _, i, j, score in sorted(ranked):
            if self.a.partner[i] < 0 and self.b.partner[j] < 0:
                self.pair(i, j, score, "fuzzy")

    def weights(self, gaps: _Gaps) -> dict[str, float]:
        """How much each stem tells: the logarithm of how rare it is among what is left."""
        counts: Counter[str] = Counter()
        for i in gaps.left:
            counts.update(set(self.a.stems(i)))
        for j in gaps.right:
            counts.update(set(self.b.stems(j)))
        total = len(gaps.left) + len(gaps.right) + 1
        return {stem: 0.2 + log(total / count) for stem, count in counts.items()}

    def candidates(self, gaps: _Gaps, weight: dict[str, float]) -> Iterator[Match]:
        """Pairs worth a look: in the same small gap, or sharing rare words."""
        yield from gaps.neighbours()
        postings: defaultdict[str, list[int]] = defaultdict(list)
        for j in gaps.right:
            for stem in self.b.content(j):
                postings[stem].append(j)
        for i in gaps.left:
            rare = sorted(
                (stem for stem in self.a.content(i) if stem in postings),
                key=lambda stem: (len(postings[stem]), stem),
            )
            votes: defaultdict[int, float] = defaultdict(float)
            for stem in rare[:_RARE_STEMS]:
                if len(postings[stem]) <= _POSTINGS:
                    for j in postings[stem]:
                        votes[j] += weight[stem]
            best = sorted(votes, key=lambda j: (-votes[j], j))[:_CANDIDATES]
            yield from ((i, j) for j in best)

    def likeness(self, i: int, j: int, weight: dict[str, float]) -> float:
        """Half the order of the words (1 - indel distance), half the weighted words shared."""
        from rapidfuzz.distance import Indel

        x, y = self.a.stems(i), self.b.stems(j)
        if not x or not y:
            return 0.0
        order = Indel.normalized_similarity(x, y)
        left, right = set(x), set(y)
        shared = sum(weight[stem] for stem in sorted(left & right))
        total = sum(weight[stem] for stem in sorted(left)) + sum(
            weight[stem] for stem in sorted(right)
        )
        score = 0.5 * order + 0.5 * (2 * shared / total if total else 0.0)
        if (self.a.kind(i) is BlockKind.TABLE) != (self.b.kind(j) is BlockKind.TABLE):
            return score * 0.7
        label = self.a.row_labels.get(i)
        if label and label == self.b.row_labels.get(j):
            score = min(0.98, score + 0.15)
        return min(score, 0.98)

    def pair_headings(self) -> None:
        """Headings left over: the same number, or the same text below them."""
        gaps = _Gaps(self.chain(), self.a.free(), self.b.free())
        headings: defaultdict[int, list[int]] = defaultdict(list)
        for j in gaps.right:
            if self.b.kind(j) is BlockKind.HEADING:
                headings[gaps.rank_b(j)].append(j)
        for i in gaps.left:
            if self.a.kind(i) is not BlockKind.HEADING:
                continue
            number = self.a.section(i)[0]
            for j in headings[gaps.rank_a(i)][:16]:
                if self.b.partner[j] >= 0:
                    continue
                if number and number == self.b.section(j)[0]:
                    self.pair(i, j, 0.5, "number")
                    break
                if i + 1 < len(self.a.partner) and self.a.partner[i + 1] == j + 1:
                    self.pair(i, j, 0.4, "heading")
                    break

    # ------------------------------------------------------------ splits, merges, the whole

    def finished(self) -> list[Pair]:
        """Pairs with their kinds; what is left over is split off, merged, added or removed."""
        chain = set(self.chain())
        b_parts = self.absorbed(self.a, self.b)
        a_parts = self.absorbed(self.b, self.a)
        pairs = []
        for i, j in sorted(self.scores):
            score, reason = self.scores[i, j]
            moved = (i, j) not in chain
            olds, news = tuple(a_parts.get(i, [i])), tuple(b_parts.get(j, [j]))
            if len(olds) > 1 and len(news) > 1:
                pairs += [Pair(PairKind.REMOVED, (x,), (), 0.0, "position") for x in olds if x != i]
                olds = (i,)
            if len(news) > 1 or len(olds) > 1:
                kind = PairKind.SPLIT if len(news) > 1 else PairKind.MERGED
                same = [w for x in olds for w in self.a.stems(x)] == [
                    w for y in news for w in self.b.stems(y)
                ]
                score, reason = (1.0, "exact") if same else (score, "fuzzy")
            elif self.a.raw[i] == self.b.raw[j]:
                kind = PairKind.MOVED if moved else PairKind.SAME
            else:
                kind = PairKind.MOVED_EDITED if moved else PairKind.EDITED
            pairs.append(Pair(kind, olds, news, round(score, 4), reason))
        taken_a = {i for pair in pairs for i in pair.old}
        taken_b = {j for pair in pairs for j in pair.new}
        pairs += [Pair(PairKind.REMOVED, (i,), (), 0.0, "position")
                  for i in range(len(self.a.raw)) if i not in taken_a]  # fmt: skip
        pairs += [Pair(PairKind.ADDED, (), (j,), 0.0, "position")
                  for j in range(len(self.b.raw)) if j not in taken_b]  # fmt: skip
        return pairs

    def absorbed(self, whole: _Side, parts: _Side) -> dict[int, list[int]]:
        """Sentences of ``parts`` left over beside a partner, whose words its ``whole`` holds.

        Gives, for a paired sentence of ``parts``, its whole group in order.
        """
        groups: dict[int, list[int]] = {}
        for step in (1, -1):
            order = range(len(parts.partner)) if step == 1 else reversed(range(len(parts.partner)))
            owner = -1
            for j in order:
                if parts.partner[j] >= 0:
                    owner = j
                    continue
                if owner < 0 or any(j in group for group in (groups.get(owner, ()),)):
                    continue
                group = groups.get(owner, [owner])
                adjacent = (group[-1] + 1 == j) if step == 1 else (group[0] - 1 == j)
                if adjacent and parts.partner[j] == -1 and self.holds(whole, parts, group, j):
                    group = [*group, j] if step == 1 else [j, *group]
                    groups[owner] = group
                    parts.partner[j] = -2
                else:
                    owner = -1
        for j, partner in enumerate(parts.partner):
            if partner == -2:
                parts.partner[j] = -1
        return groups

    def holds(self, whole: _Side, parts: _Side, group: list[int], extra: int) -> bool:
        """Whether taking ``extra`` into ``group`` brings it nearer to its partner's words."""
        from rapidfuzz.distance import Indel

        owner = next(j for j in group if parts.partner[j] >= 0)
        target = whole.stems(parts.partner[owner])
        more = parts.stems(extra)
        if len(more) < 2:
            return False
        if not set(more) & set(target):
            return False
        have = [stem for j in group for stem in parts.stems(j)]
        grown = have + more if extra > group[-1] else more + have
        before = Indel.normalized_similarity(target, have)
        after = Indel.normalized_similarity(target, grown)
        held = len(target) + len(grown) - Indel.distance(target, grown)
        gained = (held - (len(target) + len(have) - Indel.distance(target, have))) / 2
        return bool(after > before + 0.02 and gained >= 0.6 * len(more))


@dataclass
class _Gaps:
    """What lies between two neighbouring pairs of the chain, on both sides."""

    chain: list[Match]
    left: list[int]
    right: list[int]

    def __post_init__(self) -> None:
        self._starts_a = [i for i, _ in self.chain]
        self._starts_b = [j for _, j in self.chain]

    def rank_a(self, i: int) -> int:
        """Which gap of the first side ``i`` lies in."""
        return bisect_left(self._starts_a, i)

    def rank_b(self, j: int) -> int:
        """Which gap of the second side ``j`` lies in."""
        return bisect_left(self._starts_b, j)

    def same(self, i: int, j: int) -> bool:
        """Whether the two lie between the same pairs."""
        return self.rank_a(i) == self.rank_b(j)

    def neighbours(self) -> Iterator[Match]:
        """Pairs within a gap: all of a small one, those near the diagonal of a large one."""
        theirs: defaultdict[int, list[int]] = defaultdict(list)
        for j in self.right:
            theirs[self.rank_b(j)].append(j)
        mine: defaultdict[int, list[int]] = defaultdict(list)
        for i in self.left:
            mine[self.rank_a(i)].append(i)
        for rank, left in mine.items():
            right = theirs[rank]
            if len(left) * len(right) <= _SMALL_GAP:
                yield from ((i, j) for i in left for j in right)
                continue
            for x, i in enumerate(left):
                at = x * len(right) // len(left)
                yield from ((i, j) for j in right[max(0, at - _NEAR) : at + _NEAR + 1])


def _by_section(
    a: _Side, left: list[int], b: _Side, right: list[int], *, anywhere: bool
) -> Iterator[Match]:
    """The same words on both sides, paired in turn: within a section first, then anywhere."""
    rest: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for j in reversed(right):
        rest[b.section(j)].append(j)
    used, waiting = set(), []
    for i in left:
        if here := rest[a.section(i)]:
            j = here.pop()
            used.add(j)
            yield i, j
        else:
            waiting.append(i)
    if anywhere:
        yield from zip(waiting, [j for j in right if j not in used], strict=False)


def _in_order(pairs: Iterable[Pair]) -> list[Pair]:
    """Pairs in the order of the new side; a removal stands after what stood before it."""
    place: dict[int, int] = {}
    removed = []
    kept = []
    for pair in pairs:
        if pair.new:
            kept.append(pair)
            for i in pair.old:
                place[i] = pair.new[-1]
        else:
            removed.append(pair)
    keyed = [((pair.new[0], 0, 0), pair) for pair in kept]
    last = -1
    after: dict[int, int] = {}
    for i in sorted([*place, *(pair.old[0] for pair in removed)]):
        if i in place:
            last = place[i]
        else:
            after[i] = last
    keyed += [((after[pair.old[0]], 1, pair.old[0]), pair) for pair in removed]
    return [pair for _, pair in sorted(keyed, key=lambda item: item[0])]
