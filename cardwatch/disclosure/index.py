"""A document made ready to be asked: its clauses, what each says, and where each word stands."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cardwatch.disclosure.aliases import Renaming, find_aliases, renamings
from cardwatch.disclosure.background import load_background
from cardwatch.disclosure.closed import Listed, closed_list, closes
from cardwatch.disclosure.figures import Figures, figures_of
from cardwatch.model import Document, Features, Sentence, Span, Word

# Where a sentence falls into clauses: before a list mark such as (b) or (iv), after a semicolon,
# at a line break that ends an item or starts one.
_MARK = r"(?:\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[).]|[•●○▪*–—-])\s"
_CUT = re.compile(
    rf"(?<=[;:.])\s*\n\s*|\s*\n\s*(?={_MARK})|\s*\n\s*\n\s*|;\s+|\s+(?=[•●○▪]\s)|"
    rf"(?<=\s)(?=\((?:[a-z]|[ivx]{{1,5}}|\d{{1,2}})\)\s)",
)
# A listing is handed over as one sentence; a long one is cut where its sentences end.
_STOP = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[A-Z“\"])")
_LONG = 400
_SHORTEST = 12  # characters: a lone list mark is no clause

# What the square of a concept's weight counts beside that of a word's in a cosine of both; tried
# from 0 to 2 on the dev rows (docs/disclosure.md).
CONCEPT_SHARE = 0.5

# Words that begin with the same five letters are taken to share a root.
ROOT_LENGTH = 5

Concepts = Callable[[Sequence[Word]], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Unit:
    """One clause: the smallest passage that evidence points to.

    ``stems`` are its content words in order, ``terms`` the same as a set, ``concepts`` what the
    lexicon finds in it. ``block`` groups neighbours; ``lead`` is the unit that introduces it.
    """

    span: Span
    stems: tuple[str, ...]
    terms: frozenset[str]
    concepts: frozenset[str]
    block: int
    lead: int | None


@dataclass(frozen=True)
class Asking:
    """The document that questions are taken from: in what share of its passages a stem stands,
    where that is known, and its text, for the names that it defines.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    text: str = ""

    @cached_property
    def names(self) -> Renaming:
        """Its short names and what they stand for."""
        return Renaming(find_aliases(self.text))


class PassageIndex:
    """The clauses of a document and an inverted index from stems and concepts to them.

    ``concepts`` names the lexicon's concepts in a run of words, ``word_concepts`` those that a
    single stem expresses; ``describe`` reads one claim of a longer statement, or a statement
    in other words. ``asking`` is what the questions are taken from, where that is known.
    Building takes time linear in the words; nothing is kept but values.
    """

    def __init__(
        self,
        document: Document,
        sentences: Sequence[Sentence],
        concepts: Concepts,
        word_concepts: Mapping[str, frozenset[str]],
        describe: Callable[[str], Features] | None = None,
        asking: Asking | None = None,
    ) -> None:
        self.document = document
        self.word_concepts = word_concepts
        self.asking = asking or Asking()
        self.background = load_background().beside(self.asking.shares)
        self.describe = describe
        self.units: tuple[Unit, ...] = tuple(_units(document, sentences, concepts))
        self.postings: dict[str, list[int]] = {}
        for number, unit in enumerate(self.units):
            for key in (*unit.terms, *(f"={name}" for name in unit.concepts)):
                self.postings.setdefault(key, []).append(number)
        self._idf: dict[str, float] = {}
        self._figures: dict[int, Figures] = {}
        self._closed: dict[int, Listed | None] = {}

    def idf(self, key: str) -> float:
        """The weight of a stem, or of a concept written ``=name``."""
        weight = self._idf.get(key)
        if weight is None:
            own = len(self.postings.get(key, ()))
            weight = self._idf[key] = self.background.idf(key, own, len(self.units))
        return weight

    def figures(self, number: int) -> Figures:
        """The amounts that a unit gives, with their places in its own text."""
        found = self._figures.get(number)
        if found is None:
            text = self.document.quote(self.units[number].span)
            found = figures_of(self.describe(text)) if self.describe else ()
            self._figures[number] = found
        return found

    def closed(self, number: int) -> Listed | None:
        """The closed list in a unit, if there is one."""
        if number not in self._closed:
            text = self.document.quote(self.units[number].span)
            read = self.describe if self.describe and closes(text) else None
            self._closed[number] = closed_list(text, read) if read else None
        return self._closed[number]

    @cached_property
    def names(self) -> Renaming:
        """The document's short names and what they stand for."""
        return Renaming(find_aliases(self.document.text))

    def renamed(self, text: str) -> list[str]:
        """A text of the asking document in the names of this one: each other wording, if any."""
        return renamings(text, self.asking.names, self.names)

    @cached_property
    def typical(self) -> float:
        """How many terms a passage usually has (the median of those with two or more)."""
        sizes = sorted(len(unit.terms) for unit in self.units if len(unit.terms) > 1)
        return float(sizes[len(sizes) // 2]) if sizes else 1.0

    @cached_property
    def narrowest(self) -> dict[str, str]:
        """Of the concepts that a stem expresses, the one that fewest passages are about."""
        return {stem: max(sorted(names), key=lambda name: self.idf(f"={name}"))
                for stem, names in self.word_concepts.items() if names}  # fmt: skip

    @cached_property
    def weights(self) -> tuple[float, ...]:
        """The summed weight of each unit's terms."""
        return tuple(sum(map(self.idf, unit.terms)) for unit in self.units)

    @cached_property
    def squares(self) -> tuple[float, ...]:
        """The summed squares of each unit's weights, for cosines."""
        return tuple(sum(self.idf(term) ** 2 for term in unit.terms) for unit in self.units)

    @cached_property
    def sizes(self) -> tuple[float, ...]:
        """The length of each unit as a vector of its words and concepts, for cosines of both."""
        return tuple(
            math.sqrt(square + CONCEPT_SHARE * sum(self.idf(f"={c}") ** 2 for c in unit.concepts))
            for square, unit in zip(self.squares, self.units, strict=True)
        )

    @cached_property
    def concept_weights(self) -> tuple[float, ...]:
        """The summed weight of each unit's concepts."""
        return tuple(sum(self.idf(f"={name}") for name in unit.concepts) for unit in self.units)

    @cached_property
    def wide_weights(self) -> tuple[float, ...]:
        """The summed weight of the terms of each unit and its neighbours."""
        return tuple(sum(map(self.idf, terms)) for terms in self.wide)

    @cached_property
    def wide(self) -> tuple[frozenset[str], ...]:
        """The terms of each unit and of the neighbours and lead that it is read with."""
        return tuple(frozenset().union(*(self.units[i].terms for i in self.around(n)))
                     for n in range(len(self.units)))  # fmt: skip

    @cached_property
    def wide_concepts(self) -> tuple[frozenset[str], ...]:
        """The concepts of each unit and of its neighbours."""
        return tuple(frozenset().union(*(self.units[i].concepts for i in self.around(n)))
                     for n in range(len(self.units)))  # fmt: skip

    @cached_property
    def roots(self) -> tuple[frozenset[str], ...]:
        """The beginnings of each unit's terms."""
        return tuple(roots_of(unit.terms) for unit in self.units)

    @cached_property
    def wide_roots(self) -> tuple[frozenset[str], ...]:
        """The beginnings of the terms of each unit and its neighbours."""
        return tuple(roots_of(terms) for terms in self.wide)

    def around(self, number: int) -> list[int]:
        """The unit, its neighbours in the same block, and its lead."""
        unit = self.units[number]
        near = [
            other
            for other in (number - 1, number, number + 1)
            if 0 <= other < len(self.units) and self.units[other].block == unit.block
        ]
        if unit.lead is not None and unit.lead not in near:
            near.append(unit.lead)
        return near


def roots_of(terms: Iterable[str]) -> frozenset[str]:
    """The beginnings of terms, by which words of one root are known."""
    return frozenset(term[:ROOT_LENGTH] for term in terms)


def _units(document: Document, sentences: Sequence[Sentence], concepts: Concepts) -> Iterator[Unit]:
    at: dict[Span, int] = {}
    count = 0
    for sentence in sentences:
        starts = [word.start for word in sentence.words]
        lead = at.get(sentence.lead) if sentence.lead else None
        first: int | None = None
        for span in _clauses(document.text, sentence.span):
            inside = sentence.words[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            stems = tuple(word.stem for word in inside if not word.stop)
            head = lead if first is None else first
            yield Unit(span, stems, frozenset(stems), concepts(inside), sentence.block, head)
            if first is None and document.text[span.start : span.end].rstrip().endswith(":"):
                first = count
            at[sentence.span] = count
            count += 1


def _clauses(text: str, span: Span) -> Iterator[Span]:
    """The clauses of a sentence in order, without blanks at their ends."""
    start = span.start
    cuts = list(_CUT.finditer(text, span.start, span.end))
    if len(span) > _LONG:
        cuts = sorted([*cuts, *_STOP.finditer(text, span.start, span.end)], key=re.Match.start)
    for cut in cuts:
        if cut.start() - start < _SHORTEST:
            continue
        yield from _stripped(text, start, cut.start())
        start = cut.end()
    yield from _stripped(text, start, span.end)


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    bare = piece.strip()
    if bare:
        left = start + len(piece) - len(piece.lstrip())
        yield Span(left, left + len(bare))


def document_frequencies(units: Sequence[Unit]) -> Counter[str]:
    """In how many units each stem and concept stands: what the background table is made of."""
    counts: Counter[str] = Counter()
    for unit in units:
        counts.update(unit.terms)
        counts.update(f"={name}" for name in unit.concepts)
    return counts
