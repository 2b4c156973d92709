"""Statements followed through versions, along the pairs of one alignment after the other."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import pairwise

from cardwatch.history.wording import bare, edition_names, own_end
from cardwatch.model import (
    Alignment,
    Assessment,
    Blame,
    Change,
    Dimension,
    Features,
    History,
    Outcome,
    PairKind,
    Reading,
    Revision,
    Span,
    Statement,
    Step,
    Trace,
    Upload,
    Version,
    Wording,
)

_DIRECTION = {Outcome.STRENGTHENED: 1, Outcome.WEAKENED: -1}
# What a step adds to how far a statement moved, beside the way that it went: one that strengthens
# or weakens, a mere rewording, and the last one, that it was dropped. Chosen by hand; for order.
_STEP, _REWORDED, _LOST = 0.5, 0.1, 1.0
# A pair of sentences below this likeness is another statement, not another wording.
_SAME_STATEMENT = 0.4


@dataclass(frozen=True, slots=True)
class Tools:
    """What a history needs of other stages: features, outcomes, pairs, changes, labels."""

    describe: Callable[[str], Features]
    assess: Callable[[str, str], Assessment]
    align: Callable[[Reading, Reading], Alignment]
    compare: Callable[[Reading, Reading, Alignment], Revision]
    label: Callable[[Reading], str]


@dataclass
class _Chain:
    """A statement on its way: its sentence in each version that has it."""

    spots: dict[int, Span] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)


def trace(readings: Sequence[Reading], tools: Tools, span: Span | None = None) -> History:
    """The history of a document whose versions are given from the oldest to the newest.

    ``span`` is a place in the last version to say where its words come from.

    A statement that is missing from a version and comes back in the same words is one and the
    same. Traces are ranked by how far they drifted, then by weight, then by place.
    """
    versions: list[Version] = []
    chains: list[_Chain] = []
    at: dict[int, _Chain] = {}  # sentence of the current version -> its chain
    asleep: dict[str, _Chain] = {}  # words of a statement that was dropped -> its chain
    seen: dict[str, int] = {}
    for number, reading in enumerate(readings, 1):
        before = readings[number - 2] if number > 1 else None
        pairs = tools.align(before, reading) if before and _differ(before, reading) else None
        found = tools.compare(before, reading, pairs).changes if before and pairs else ()
        versions.append(_version(number, before, reading, pairs, found, seen, tools))
        moved = _moves(pairs, len(reading.sentences), before is not None)
        if before is not None:
            moved |= dict(_reworded(found, before, reading, moved))
        at = _followed(number, (before, reading), moved, at, asleep, chains)
        seen.setdefault(_text_key(reading), number)
    traces = [_trace(chain, readings, tools) for chain in chains if chain.statements]
    traces.sort(key=_rank)
    blames = sorted(_blames(chains, readings, span, tools), key=_place) if span else []
    return History(tuple(versions), tuple(traces), tuple(blames))


def _place(one: Blame) -> Span:
    return one.passage.span


def _rank(one: Trace) -> tuple[float, int, float, int, str]:
    path = [value for value in one.path if value is not None]
    drift = max(path, default=0) - min(path, default=0)
    lost = one.overall is Outcome.REMOVED
    steps = sum(_STEP if step.outcome in _DIRECTION else _REWORDED for step in one.steps)
    return (
        -(drift + steps + _LOST * lost) * (0.3 + one.weight),
        one.first,
        -one.weight,
        one.wordings[0].passage.span.start,
        one.id,
    )


# -- versions -------------------------------------------------------------------------------


def _differ(one: Reading, other: Reading) -> bool:
    return one.document.text != other.document.text


def _text_key(reading: Reading) -> str:
    return sha256(reading.document.text.encode("utf-8", "surrogatepass")).hexdigest()


def _version(
    number: int,
    before: Reading | None,
    reading: Reading,
    pairs: Alignment | None,
    found: Sequence[Change],
    seen: dict[str, int],
    tools: Tools,
) -> Version:
    source, label = reading.document.source, tools.label(reading)
    like = seen.get(_text_key(reading))
    if before is None:
        return Version(number, source, reading.document.title, label, Upload.FIRST)
    changes = noise = 0
    if pairs is None:
        same = source.sha256 and source.sha256 == before.document.source.sha256
        upload = Upload.SAME_BYTES if same else Upload.SAME_TEXT
    else:
        noise = sum(1 for change in found if change.noise or _renumbered(change, before, reading))
        changes = len(found) - noise
        upload = Upload.NEW
        if label and label == tools.label(before):
            upload = Upload.REPLACED if changes else Upload.NOISE
        if like is not None:
            upload = Upload.RETURNED
    return Version(number, source, reading.document.title, label, upload, changes, noise, like)


def _renumbered(change: Change, before: Reading, reading: Reading) -> bool:
    """Whether a passage only got another number, or another edition's name, and says the same."""
    if change.old is None or change.new is None:
        return False
    old, new = _bare(before, change.old.span), _bare(reading, change.new.span)
    return bool(old) and old.casefold() == new.casefold()


# -- statements -----------------------------------------------------------------------------


def _followed(
    number: int,
    sides: tuple[Reading | None, Reading],
    moved: Mapping[int, int],
    at: dict[int, _Chain],
    asleep: dict[str, _Chain],
    chains: list[_Chain],
) -> dict[int, _Chain]:
    """The chains by the sentences of the new version, gone on, woken up or begun."""
    before, reading = sides
    own = {statement.sentence: statement for statement in reading.statements}
    now: dict[int, _Chain] = {}
    taken: set[int] = set()
    for index, sentence in enumerate(reading.sentences):
        words = _flat(reading.document.quote(sentence.span))
        chain = at.get(moved.get(index, -1))
        if chain is None or id(chain) in taken:
            chain = asleep.pop(words, None)
        if chain is None:
            chain = _Chain()
            chains.append(chain)
        taken.add(id(chain))
        chain.spots[number] = sentence.span
        if index in own:
            chain.statements.append(own[index])
        now[index] = chain
    for index, chain in at.items():
        if id(chain) not in taken and before is not None:
            words = _flat(before.document.quote(before.sentences[index].span))
            asleep.setdefault(words, chain)
    return now


def _moves(pairs: Alignment | None, size: int, follows: bool) -> dict[int, int]:
    """From the sentences of the new version to those of the old one that they go back to."""
    if pairs is None:
        return {index: index for index in range(size)} if follows else {}
    found: dict[int, int] = {}
    for pair in pairs.pairs:
        exact = pair.kind in (PairKind.SAME, PairKind.MOVED)
        if pair.old and pair.new and (exact or pair.score >= _SAME_STATEMENT):
            for offset, index in enumerate(pair.new):
                found.setdefault(index, pair.old[min(offset, len(pair.old) - 1)])
    return found


def _reworded(
    found: Sequence[Change], before: Reading, reading: Reading, moved: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Sentences that a change pairs by what they say, where the alignment left both alone."""
    olds, gone = _starts(before), set(moved.values())
    news = _starts(reading)
    for change in found:
        if change.noise or change.old is None or change.new is None:
            continue
        went = [i for i in _inside(before, olds, change.old.span) if i not in gone]
        came = [i for i in _inside(reading, news, change.new.span) if i not in moved]
        if went and came and min(len(went), len(came)) == 1:
            # of several the longest says what the change is about
            old = max(went, key=lambda i: len(before.sentences[i].span))
            yield max(came, key=lambda i: len(reading.sentences[i].span)), old


def _starts(reading: Reading) -> list[int]:
    return [sentence.span.start for sentence in reading.sentences]


def _inside(reading: Reading, starts: Sequence[int], span: Span) -> list[int]:
    """The numbers of the sentences in a place."""
    first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
    return [i for i in range(first, last) if reading.sentences[i].span.end <= span.end]


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()


def _trace(chain: _Chain, readings: Sequence[Reading], tools: Tools) -> Trace:
    numbers = sorted(chain.spots)
    wordings = tuple(_wordings(chain, readings, tools))
    steps = tuple(_steps(wordings, tools))
    gone = numbers[-1] < len(readings)
    overall, dimensions = _overall(wordings, tools)
    heaviest = max(chain.statements, key=lambda statement: statement.weight, default=None)
    first = wordings[0].passage
    return Trace(
        id=sha256(
            f"{numbers[0]} {first.span.start} {first.quote}".encode("utf-8", "surrogatepass")
        ).hexdigest()[:12],
        wordings=wordings,
        steps=steps,
        first=numbers[0],
        last=numbers[-1],
        path=_path(wordings, steps, len(readings)),
        latest=readings[numbers[-1] - 1].document.passage(chain.spots[numbers[-1]]),
        kinds=heaviest.kinds if heaviest else (),
        weight=heaviest.weight if heaviest else 0.0,
        overall=Outcome.REMOVED if gone else overall,
        overall_dimensions=dimensions,
    )


def _wordings(chain: _Chain, readings: Sequence[Reading], tools: Tools) -> Iterator[Wording]:
    """Each stretch of versions with the same words, but for list numbers and the edition's."""
    groups: list[tuple[str, list[int]]] = []
    for number in sorted(chain.spots):
        words = _bare(readings[number - 1], chain.spots[number]).casefold()
        if groups and groups[-1][0] == words:
            groups[-1][1].append(number)
        else:
            groups.append((words, [number]))
    for _, numbers in groups:
        document, spot = readings[numbers[0] - 1].document, chain.spots[numbers[0]]
        end = spot.start + own_end(document.quote(spot))
        passage = document.passage(Span(spot.start, end))
        said = _bare(readings[numbers[0] - 1], passage.span)
        features = tools.describe(said)
        yield Wording(
            passage,
            tuple(numbers),
            features.strength,
            tuple(said[q.span.start : q.span.end].strip() for q in features.quantities),
            len(features.conditions) + len(features.exceptions),
            said,
        )


def _bare(reading: Reading, span: Span) -> str:
    kept = vars(reading).get("_edition_names")
    if kept is None:
        kept = vars(reading)["_edition_names"] = edition_names(reading.document)
    return bare(reading.document.quote(span), kept)


def _steps(wordings: Sequence[Wording], tools: Tools) -> Iterator[Step]:
    for old, new in pairwise(wordings):
        verdict = tools.assess(old.said, new.said)
        yield Step(old.versions[-1], new.versions[0], verdict.outcome, verdict.dimensions)


def _overall(
    wordings: Sequence[Wording], tools: Tools
) -> tuple[Outcome | None, tuple[Dimension, ...]]:
    """The last wording judged against the first by itself; nothing where there is one only."""
    if len(wordings) < 2:
        return None, ()
    verdict = tools.assess(wordings[0].said, wordings[-1].said)
    return verdict.outcome, verdict.dimensions


def _path(wordings: Sequence[Wording], steps: Sequence[Step], count: int) -> tuple[int | None, ...]:
    height = 0
    heights: dict[int, int] = {}
    for place, wording in enumerate(wordings):
        if place:
            height += _DIRECTION.get(steps[place - 1].outcome, 0)
        heights |= dict.fromkeys(wording.versions, height)
    return tuple(heights.get(number) for number in range(1, count + 1))


def _blames(
    chains: Sequence[_Chain], readings: Sequence[Reading], span: Span, tools: Tools
) -> Iterator[Blame]:
    """Since when the last version's words at ``span`` stand there, sentence by sentence."""
    last = len(readings)
    for chain in chains:
        place = chain.spots.get(last)
        if place is not None and place.overlaps(span):
            one = _trace(chain, readings, tools)
            yield Blame(one.latest, one, one.wordings[-1].versions[0])
