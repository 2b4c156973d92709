"""How every sentence of a document sounds: its own voice, its heading and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cardwatch.model import Block, BlockKind, Document, Sentence, Span
from cardwatch.rules.lines import Line, line_of, publisher_name
from cardwatch.rules.voice import (
    Place,
    Voice,
    heading_score,
    is_staged,
    policy_odds,
    voice_of,
)

# How many introductions of a list item are read with it, the outermost first.
_LEADS = 3
# How many sentences before and after tell what kind of prose a sentence stands in.
_AROUND = 6


@dataclass(slots=True)
class Heard:
    """A sentence as it sounds before its features are computed.

    ``sure`` is how like a policy, in log-odds; ``told`` is the same for matters that are
    policies even when told as done.
    """

    line: Line
    voice: Voice
    sure: float = -30.0
    told: float = -30.0


def listen(document: Document, sentences: Sequence[Sentence]) -> list[Heard | None]:
    """How surely each sentence is a policy by its voice; ``None`` for headings and code.

    The heading row of a table is a heading.
    """
    places = {sentence.span: sentence for sentence in sentences}
    publisher = publisher_name(document)
    kinds = [document.blocks[each.block].kind if document.blocks else None for each in sentences]
    heard: list[Heard | None] = []
    for sentence, kind in zip(sentences, kinds, strict=True):
        if kind in _NO_STATEMENTS or (
            kind is BlockKind.TABLE and _heads_columns(document.blocks[sentence.block], sentence)
        ):
            heard.append(None)
            continue
        line = line_of(sentence, _leads(sentence, places), publisher)
        voice = voice_of(line.text, line.words, document.quote(sentence.span))
        heard.append(Heard(line, voice))
    around = _neighbourhoods(sentences, heard)
    aloof = _speaks_to_nobody(heard)
    headings: dict[int, tuple[float, bool]] = {}
    for index, (sentence, each) in enumerate(zip(sentences, heard, strict=True)):
        if each is None:
            continue
        if sentence.section not in headings:
            section = document.sections[sentence.section]
            headings[sentence.section] = heading_score(section), is_staged(section)
        heading, staged = headings[sentence.section]
        cues, spoken = around[index]
        to_somebody = _SPOKEN_TO if aloof and not each.line.vocabulary.isdisjoint(_YOU) else 0.0
        place = Place(heading, cues, kinds[index], max(float(staged), spoken, to_somebody))
        each.sure, each.told = policy_odds(each.voice, place)
    return heard


_YOU = frozenset(["you", "your", "yours"])
# A card says "you" in 1 to 2 sentences of a hundred, and those it quotes; terms and posts in 7
# or more (the documents in corpora/demo and a dozen real ones). So much staged is such a "you".
_ALOOF = 0.04
_ALOOF_FROM = 100
_SPOKEN_TO = 0.6


def _speaks_to_nobody(heard: Sequence[Heard | None]) -> bool:
    """Whether a document of some length does not address its reader: its "you" is in quotes."""
    said = [each.line.vocabulary for each in heard if each is not None]
    addressed = sum(not words.isdisjoint(_YOU) for words in said)
    return len(said) >= _ALOOF_FROM and addressed < _ALOOF * len(said)


_NO_STATEMENTS = frozenset([BlockKind.HEADING, BlockKind.CODE])


def _heads_columns(table: Block, row: Sentence) -> bool:
    """Whether a row of a table holds nothing but the headings of its columns."""
    cells = [cell for cell in table.cells if len(cell.span) and row.span.contains(cell.span)]
    return bool(cells) and all(cell.header for cell in cells)


def _leads(sentence: Sentence, places: Mapping[Span, Sentence]) -> list[Sentence]:
    """The introductions of a list item, the outermost first."""
    found: list[Sentence] = []
    while len(found) < _LEADS and sentence.lead is not None and sentence.lead in places:
        sentence = places[sentence.lead]
        found.insert(0, sentence)
    return found


def _neighbourhoods(
    sentences: Sequence[Sentence], heard: Sequence[Heard | None]
) -> list[tuple[float, float]]:
    """Around each sentence, in its section: evaluation cues per word, the share that is spoken."""
    values = [
        (each.voice.evaluation, each.voice.length, max(each.voice.quoted, each.voice.staged))
        if each
        else (0.0, 0, 0.0)
        for each in heard
    ]
    found = []
    for index, sentence in enumerate(sentences):
        near = range(max(0, index - _AROUND), min(len(values), index + _AROUND + 1))
        same = [values[i] for i in near if sentences[i].section == sentence.section]
        cues = sum(e for e, _, _ in same) / max(20, sum(n for _, n, _ in same))
        found.append((cues, sum(spoken > 0.5 for _, _, spoken in same) / (len(same) + 1)))
    return found
