"""A document over its versions, made ready for the page: how each statement drifted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from cardwatch.model import History, Outcome, Trace, Upload, Version
from cardwatch.reports.html.changes import OUTCOMES
from cardwatch.reports.html.parts import (
    LEADS,
    WORDS,
    Anchors,
    Card,
    Drift,
    Edition,
    Lead,
    Line,
    Sheet,
    Side,
    Wording,
    count,
    tallies,
    where,
)
from cardwatch.reports.html.places import State
from cardwatch.reports.inert import one_line
from cardwatch.reports.subjects import Past, View
from cardwatch.reports.words import Kind, Piece, bounded, brief, flat, marked, shortened

# Wordings longer than this (words) are set one below the other without a redline.
_LONGEST = 600
_STEP, _HEIGHT, _MARGIN = 20, 48, 6
_LOSSES = (Outcome.WEAKENED, Outcome.REMOVED)


def sheet(subject: Past, view: View, anchors: Anchors) -> Sheet:
    """Everything that the page shows of a history."""
    history = subject.history
    total = len(history.versions)
    chosen = (
        [blame.trace for blame in history.blames]
        if subject.blamed
        else [trace for trace in history.traces if moved(trace, total)]
    )
    states = [state_of(trace, total) for trace in chosen]
    numbers = Counter(state.name for state in states)
    order = list(OUTCOMES.values())
    shown = chosen[: view.limit]
    names = [anchors.name("trace", trace.id) for trace in shown]
    cards = tuple(
        _card(number, trace, name, history)
        for number, (trace, name) in enumerate(zip(shown, names, strict=True), 1)
    )
    losses = [n for n, each in enumerate(shown) if state_of(each, total).name in _LOSSES]
    first = (losses or list(range(len(shown))))[:LEADS]
    newest = history.versions[-1]
    return Sheet(
        kind="history",
        anchor=anchors.name("report", "history"),
        title="One document over its versions",
        lead=shortened(newest.title or newest.source.location, 200),
        papers=(),
        tallies=tallies([s.name for s in order], numbers, [s.look for s in order]),
        of=f"{count(len(chosen), 'statement')} of {len(history.traces):,} moved in "
        f"{count(total, 'version')}",
        severities=(),
        notes=(),
        maps=(),
        ticks=(),
        cards=cards,
        more=len(chosen) - len(shown),
        leads=tuple(_lead(n + 1, shown[n], names[n], total) for n in first),
        leading="Weakened or gone" if losses else "Moved most",
        drift=_drift(history),
        editions=tuple(_edition(each, history) for each in history.versions),
    )


def moved(trace: Trace, versions: int) -> bool:
    """Whether a statement came, went or was reworded."""
    return len(trace.wordings) > 1 or trace.first > 1 or trace.last < versions


def state_of(trace: Trace, versions: int) -> State:
    """What became of a statement over all versions."""
    if trace.last < versions:
        return OUTCOMES[Outcome.REMOVED]
    if trace.overall in OUTCOMES and trace.overall is not Outcome.RETAINED:
        return OUTCOMES[trace.overall]
    return OUTCOMES[Outcome.ADDED if trace.first > 1 else Outcome.RETAINED]


def _card(number: int, trace: Trace, anchor: str, history: History) -> Card:
    total = len(history.versions)
    state = state_of(trace, total)
    lines = [("In versions", f"{trace.first} to {trace.last} of {total}")]
    if trace.overall_dimensions:
        lines.append(("Touches", ", ".join(each.value for each in trace.overall_dimensions)))
    if trace.kinds:
        lines.append(("A statement that", ", ".join(kind.value for kind in trace.kinds)))
    lines.append(("Weight", f"{trace.weight:.2f}"))
    return Card(
        anchor=anchor,
        id=shortened(trace.id, 64),
        number=number,
        head=state.name,
        look=state.look,
        severity="",
        labels=(),
        place=where(trace.latest.page, trace.latest.section),
        section=shortened(trace.latest.section, 80) or "Before the first heading",
        why=_fate(trace, history),
        left=Side("", (), ""),
        right=(),
        lines=tuple(lines),
        terms=(),
        standing="new",
        reason="",
        line=line(trace, history),
        wordings=tuple(_wordings(trace, history)),
    )


def _fate(trace: Trace, history: History) -> str:
    parts = []
    if trace.first > 1:
        parts.append(f"since {_called(history, trace.first)}")
    if trace.last < len(history.versions):
        parts.append(f"last in {_called(history, trace.last)}")
    if len(trace.wordings) > 1:
        parts.append(count(len(trace.wordings), "wording"))
    return ", ".join(parts)


def _called(history: History, number: int) -> str:
    label = history.versions[number - 1].label
    return f"version {number}" + (f" ({shortened(label, 40)})" if label else "")


def _wordings(trace: Trace, history: History) -> Iterator[Wording]:
    for at, wording in enumerate(trace.wordings):
        first, last = wording.versions[0], wording.versions[-1]
        step = trace.steps[at - 1].outcome if at else None
        before = trace.wordings[at - 1].passage.quote if at else ""
        words = wording.passage.quote
        yield Wording(
            f"{_called(history, first)}" + (f" to {last}" if last != first else ""),
            step.value if step else "",
            OUTCOMES[step].look if step in OUTCOMES else "nothing",
            compared(before, words) if before else marked(words),
        )


def compared(old: str, new: str) -> tuple[Piece, ...]:
    """``new`` with the words that went and came since ``old``, word by word."""
    before, after = flat(old).split(), flat(new).split()
    if max(len(before), len(after)) > _LONGEST:
        return marked(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        blank = Piece(" ")
        if tag == "equal":
            pieces += [Piece(" ".join(after[c:d])), blank]
            continue
        gone, come = " ".join(before[a:b]), " ".join(after[c:d])
        pieces += [Piece(gone, Kind.GONE), blank] if gone else []
        pieces += [Piece(come, Kind.COME), blank] if come else []
    return bounded(pieces[:-1])


def line(trace: Trace, history: History) -> Line:
    """The drift of one statement: higher is firmer; where it is missing, the line breaks off."""
    values = [value for value in trace.path if value is not None]
    low, high = min(values, default=0), max(values, default=0)
    scale = (_HEIGHT - 2 * _MARGIN) / (high - low) if high > low else 0.0
    middle = _HEIGHT / 2 if high == low else float(_MARGIN)
    runs: list[list[str]] = [[]]
    dots = []
    last: int | None = None
    for at, value in enumerate(trace.path):
        if value is None:
            runs.append([])
            last = None
            continue
        x, y = _MARGIN + at * _STEP, middle + (high - value) * scale
        if runs[-1]:
            # a step, not a slope: between two versions nothing is known
            runs[-1].append(f"{x},{runs[-1][-1].partition(',')[2]}")
        runs[-1].append(f"{x},{y:.1f}")
        if last is None or value != last:
            dots.append((x, round(y, 1)))
        last = value
    ends = (history.versions[0], history.versions[-1])
    told = ", ".join("missing" if each is None else f"{each:+d}" for each in trace.path)
    return Line(
        width=2 * _MARGIN + _STEP * max(1, len(trace.path) - 1),
        height=_HEIGHT,
        runs=tuple(" ".join(run) for run in runs if run),
        dots=tuple(dots),
        says=f"Firmness by version against the first wording: {told}",
        ends=tuple(shortened(each.label or str(each.number), 30) for each in ends),
    )


def _drift(history: History) -> tuple[Drift, ...]:
    """For each version how many statements it brought, took away, firmed up and weakened."""
    counts: Counter[tuple[int, Outcome]] = Counter()
    for trace in history.traces:
        if trace.first > 1:
            counts[trace.first, Outcome.ADDED] += 1
        if trace.last < len(history.versions):
            counts[trace.last + 1, Outcome.REMOVED] += 1
        for step in trace.steps:
            if step.outcome in (Outcome.STRENGTHENED, Outcome.WEAKENED):
                counts[step.after, step.outcome] += 1
    highest = max(
        (
            sum(counts[number, each] for each in pair)
            for number in range(2, len(history.versions) + 1)
            for pair in ((Outcome.ADDED, Outcome.STRENGTHENED), _LOSSES)
        ),
        default=0,
    )
    return tuple(
        Drift(
            version.number,
            shortened(version.label or str(version.number), 30),
            added=counts[version.number, Outcome.ADDED],
            strengthened=counts[version.number, Outcome.STRENGTHENED],
            removed=counts[version.number, Outcome.REMOVED],
            weakened=counts[version.number, Outcome.WEAKENED],
            most=max(1, highest),
        )
        for version in history.versions[1:]
    )


def _edition(version: Version, history: History) -> Edition:
    told = version.upload.value
    if version.like is not None and version.upload is not Upload.FIRST:
        told += f", as in {_called(history, version.like)}"
    return Edition(
        version.number,
        shortened(version.label, 60),
        told,
        version.upload is Upload.REPLACED,
        version.changes,
        version.noise,
        one_line(version.source.location)[:300],
    )


def _lead(number: int, trace: Trace, anchor: str, total: int) -> Lead:
    state = state_of(trace, total)
    wordings = [wording.passage.quote for wording in trace.wordings]
    pieces = compared(wordings[0], wordings[-1]) if len(wordings) > 1 else marked(wordings[0])
    if trace.last < total:
        pieces = tuple(Piece(each.text, Kind.GONE) for each in marked(wordings[-1]))
    place = where(trace.latest.page, trace.latest.section)
    return Lead(anchor, number, state.name, state.look, "", place, brief(pieces, WORDS))
