"""An account made ready to be asked: its entries, and which of its lines tell of news."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cardwatch.disclosure.index import PassageIndex
from cardwatch.errors import RuleError
from cardwatch.model import BlockKind, Features
from cardwatch.resources import folder

# An entry starts at a list mark, at a label such as "Reports: we now ...", at a short sentence
# that heads what follows ("Clearer criteria."), and where a paragraph starts.
_MARK = re.compile(r"\s*(?:[•●○▪▲*–—-]|\(?\d{1,2}[.)]|\([a-z]\))\s")
_LABEL = re.compile(r"[A-Z][^.:;!?]{2,90}:(?:\s|\Z)")
_SHORT_HEAD = re.compile(r"[A-Z][^.:;!?]{2,70}\.\Z")
_HEAD_WORDS = 9
_TITLE_WORDS = 12
_ENDS = re.compile(r"[.!?;:]\W*\Z")
# A change that both editions have words for is told by this many lines of an entry together:
# tried 2 to 8 and whole entries; 4 and more are alike (docs/disclosure.md).
_WINDOW = 6
# Words with which publishers say that something is otherwise than before.
_TELLS = re.compile(
    r"\b(?:add(?:s|ed|ing)?|introduc\w+|establish\w*|expand\w*|extend\w*|remov\w+|delet\w+|"
    r"dropp\w+|replac\w+|adjust\w*|clarif\w+|align\w*|chang\w+|updat\w+|refin\w+|sharpen\w*|"
    r"strengthen\w*|weaken\w*|loosen\w*|tighten\w*|incorporat\w+|mov(?:ed|ing)|shift\w*|"
    r"depriorit\w+|renam\w+|revis\w+|outlin\w+|includ(?:ed|ing)|streamlin\w+|simplif\w+|"
    r"defin(?:e|ed|ing)|new|now|no longer|rather than|instead|previously|formerly|"
    r"going forward|from now on)\b",
    re.IGNORECASE,
)
# Words with which they say that something is gone, or tell of what there was.
_GOES = re.compile(
    r"\b(?:remov\w+|delet\w+|dropp\w+|replac\w+|no longer|rather than|instead|previous\w*|"
    r"former\w*|earlier|outside|depriorit\w+|discontinu\w+|retir(?:e|ed|ing)|less|fewer|stopp\w*|"
    r"ceas\w*|merg\w+|simplif\w+|streamlin\w+|separat\w+|"
    r"mov(?:ed|ing) (?:\w+ ){0,4}?(?:to|into|out))\b",
    re.IGNORECASE,
)
# Words with which they say that something is as it was, or as it once was.
_STAYS = re.compile(
    r"\b(?:remain(?:s|ed)?|stays?|unchanged|as before|not chang\w*|continu(?:e|es|ed|ing)|still|"
    r"maintaining|at present|currently)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(r"\b(?:was|were|had|did|once|used to)\b", re.IGNORECASE)
_THOUGHT = re.compile(
    r"\bwe (?:\w+ )?(?:hoped|believed|thought|considered|expected|envision\w+|intended|wanted|"
    r"viewed|recogni[sz]ed|found|learned|wrote)\b",
    re.IGNORECASE,
)
# A line that gives an address tells where something lies.
_ADDRESS = re.compile(r"https?://")
# What such lines count; halves, of which any number from 0 to 0.8 gave the same figures.
_OF_STAYS, _OF_ONCE, _OF_NO_TELLING = 0.5, 0.5, 0.5
# A word for the same narrow idea, for a broader one, and one of the same root; as in compare.
_SYNONYM, _KIN, _ROOT, _ROOT_LENGTH = 0.85, 0.35, 0.5, 5


@dataclass(frozen=True, slots=True)
class Run:
    """Some lines of one entry read together: what of their words is their own, and its weight.

    ``counts`` (0 to 1) is less where they say that something is as it was.
    """

    lines: tuple[int, ...]
    weight: float
    counts: float


@dataclass(frozen=True)
class Lines:
    """The lines of an account, the runs of them, and in which runs each word stands.

    For each line: how far it can tell of news (0 to 1), whether it says that something is
    otherwise, whether that something is gone, and the weight of its words without the
    ``general`` ones. ``line_weight`` and ``run_weight`` are means: what a line and a run of
    this account usually weigh.
    """

    index: PassageIndex
    news: tuple[float, ...]
    tells: tuple[bool, ...]
    goes: tuple[bool, ...]
    own_weights: tuple[float, ...]
    general: frozenset[str]
    runs: tuple[Run, ...]
    in_runs: Mapping[str, tuple[int, ...]]
    line_weight: float
    run_weight: float


def lines_of(index: PassageIndex) -> Lines:
    """The lines of an account, prepared once and kept on its index."""
    kept = vars(index).get("_lines")
    if not isinstance(kept, Lines):
        kept = vars(index)["_lines"] = _prepare(index)
    return kept


def told(old: Features | None, new: Features | None, index: PassageIndex) -> dict[str, float]:
    """Of the words of an account those that a change says, and how far: 0.35 to 1."""
    sides = [side for side in (old, new) if side is not None]
    terms = frozenset().union(*(side.terms for side in sides))
    ideas = frozenset().union(*(side.concepts for side in sides))
    roots = frozenset(term[:_ROOT_LENGTH] for term in terms if len(term) >= _ROOT_LENGTH)
    found: dict[str, float] = {}
    for term in index.postings:
        if term in terms:
            found[term] = 1.0
        elif index.narrowest.get(term) in ideas:
            found[term] = _SYNONYM
        elif not ideas.isdisjoint(index.word_concepts.get(term, ())):
            found[term] = _KIN
        elif len(term) >= _ROOT_LENGTH and term[:_ROOT_LENGTH] in roots:
            found[term] = _ROOT
    return found


@cache
def general_words(path: Path | None = None) -> frozenset[str]:
    """The stems that fit every revision, in ``rules/weights/general.txt``.

    Raises:
        RuleError: the file is missing or is not text.
    """
    place = path or folder("rules") / "weights" / "general.txt"
    try:
        text = place.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise RuleError(f"not a list of stems: {wrong}", where=str(place)) from wrong
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(stem for line in lines for stem in line.split())


def _prepare(index: PassageIndex) -> Lines:
    texts = [index.document.text[unit.span.start : unit.span.end] for unit in index.units]
    general = general_words() | _title_words(index)
    news = tuple(_news(text) for text in texts)
    tells = tuple(bool(_TELLS.search(text)) for text in texts)
    runs: list[Run] = []
    in_runs: dict[str, list[int]] = {}
    for lines in _windows(_entries(index, texts)):
        lines = tuple(n for n in lines if news[n])
        if not lines:
            continue
        terms = frozenset().union(*(index.units[n].terms for n in lines)) - general
        counts = sum(news[n] for n in lines) / len(lines)
        counts *= 1.0 if any(tells[n] for n in lines) else _OF_NO_TELLING
        for term in terms:
            in_runs.setdefault(term, []).append(len(runs))
        runs.append(Run(lines, sum(map(index.idf, sorted(terms))), counts))
    return Lines(
        index,
        news,
        tells,
        tuple(bool(_GOES.search(text)) for text in texts),
        tuple(sum(map(index.idf, sorted(unit.terms - general))) for unit in index.units),
        general,
        tuple(runs),
        {term: tuple(numbers) for term, numbers in in_runs.items()},
        _mean(weight for weight, fresh in zip(index.weights, news, strict=True) if fresh),
        _mean(run.weight for run in runs),
    )


def _mean(values: Iterable[float]) -> float:
    given = list(values)
    return (sum(given) / len(given) if given else 0.0) or 1.0


def _news(text: str) -> float:
    """How far a line can tell of news: 0 for an address, 1 unless it tells how things were."""
    if _ADDRESS.search(text):
        return 0.0
    if _STAYS.search(text):
        return _OF_STAYS
    once = _THOUGHT.search(text) or (_ONCE.search(text) and not _TELLS.search(text))
    return _OF_ONCE if once else 1.0


def _title_words(index: PassageIndex) -> frozenset[str]:
    """What the account is called stands in all of its lines and identifies none."""
    blocks = index.document.blocks
    if not blocks or blocks[0].kind is not BlockKind.HEADING:
        return frozenset()
    return frozenset().union(*(unit.terms for unit in index.units if unit.block == 0))


def _entries(index: PassageIndex, texts: Sequence[str]) -> Iterator[tuple[int, ...]]:
    """The lines of each entry; a heading goes with what it heads."""
    entry: list[int] = []
    for number, text in enumerate(texts):
        starts = (
            number == 0
            or index.units[number].block != index.units[number - 1].block
            or _MARK.match(text)
            or _LABEL.match(text)
            or (_SHORT_HEAD.match(text) and len(text.split()) <= _HEAD_WORDS)
        )
        if starts and entry and not _heads(texts, entry):
            yield tuple(entry)
            entry = []
        entry.append(number)
    if entry:
        yield tuple(entry)


def _heads(texts: Sequence[str], entry: Sequence[int]) -> bool:
    """Whether all that an entry has so far is the heading of what follows."""
    last = texts[entry[-1]]
    return (
        len(entry) <= 2  # a heading under a heading, no more
        and all(not _ENDS.search(texts[n]) and not _MARK.match(texts[n]) for n in entry)
        and len(last.split()) <= _TITLE_WORDS
    )


def _windows(entries: Iterator[tuple[int, ...]]) -> Iterator[tuple[int, ...]]:
    for entry in entries:
        for start in range(max(1, len(entry) - _WINDOW + 1)):
            yield entry[start : start + _WINDOW]
