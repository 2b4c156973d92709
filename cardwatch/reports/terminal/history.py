"""A document over its versions at a terminal: a table, then each statement with a small plot."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from rich.text import Text

from cardwatch.model import Blame, Outcome, Strength, Trace, Upload, Version, Wording
from cardwatch.reports.inert import one_line
from cardwatch.reports.subjects import Past
from cardwatch.reports.terminal.paper import Paper, count, join, passage_place, quoted, styled
from cardwatch.reports.words import shortened

_INDENT = 5
_WORDS = 500
_BARS = "▁▂▃▄▅▆▇█"
_MISSING = "·"
_WIDEST = 32  # bars
_STRENGTHS = {
    Strength.COMMITTED: "binds",
    Strength.INTENDED: "intends",
    Strength.POSSIBLE: "may",
    Strength.RECOMMENDED: "advises",
    Strength.NONE: "",
}
_STYLES = {
    Upload.REPLACED: "contradicted",
    Upload.NOISE: "dim",
    Upload.SAME_BYTES: "dim",
    Upload.SAME_TEXT: "dim",
    Upload.RETURNED: "medium",
}


def history(subject: Past, paper: Paper) -> None:
    """The versions, then the blamed passage if one was asked for, else the statements."""
    report = subject.history
    paper.line(styled("One document over its versions", "title"))
    paper.blank()
    for run in _runs(report.versions, folded=paper.view.limit is not None):
        _version(run, paper)
    if subject.blamed:
        _blamed(report.blames, paper)
        return
    changed = [trace for trace in report.traces if _moved(trace, len(report.versions))]
    paper.blank()
    kept = len(report.traces) - len(changed)
    paper.paragraph(
        f"{count(len(report.traces), 'statement')}: {len(changed):,} came, went or were reworded, "
        f"{kept:,} stand in all versions as they were."
    )
    shown = changed[: paper.view.limit]
    for number, trace in enumerate(shown, 1):
        paper.rule()
        _trace(number, trace, len(report.versions), paper)
    if shown:
        paper.rule()
        paper.paragraph(
            styled(
                "plot: from the first version to the last; firmer is higher, · is not there", "dim"
            )
        )
    if len(shown) < len(changed):
        paper.paragraph(f"{len(changed) - len(shown):,} more, lower ranked: --all")


def _moved(trace: Trace, versions: int) -> bool:
    return len(trace.wordings) > 1 or trace.first > 1 or trace.last < versions


def _runs(versions: Sequence[Version], *, folded: bool) -> list[list[Version]]:
    """The versions, those of one label that say nothing new folded into one run."""
    runs: list[list[Version]] = []
    for version in versions:
        last = runs[-1][-1] if runs else None
        quiet = version.upload is not Upload.FIRST and not version.changes
        same = last is not None and last.label == version.label
        if folded and quiet and same and last and len(runs) > 1 and not last.changes:
            runs[-1].append(version)
        else:
            runs.append([version])
    return runs


def _version(run: list[Version], paper: Paper) -> None:
    first, last = run[0], run[-1]
    label = f"{one_line(first.label)}  " if first.label else ""
    if len(run) == 1:
        head = styled(f"{first.number:>3}  ", "dim")
        upload = styled(_upload(first), _STYLES.get(first.upload, ""))
    else:
        head = styled(f"{first.number:>3}-{last.number}  ", "dim")
        noise = sum(version.noise for version in run)
        upload = styled(f"{len(run)} files that say nothing new, {noise:,} changes folded", "dim")
    paper.paragraph(join(head, styled(label, "title"), upload), hang=_INDENT)
    paper.paragraph(styled(last.source.location, "dim"), indent=_INDENT)


def _upload(version: Version) -> str:
    parts = [version.upload.value]
    if version.like is not None and version.upload is not Upload.FIRST:
        parts.append(f"as in {version.like}")
    if version.upload in (Upload.NEW, Upload.REPLACED, Upload.RETURNED):
        parts.append(f"{count(version.changes, 'change')} of substance")
    if version.noise:
        parts.append(f"{version.noise:,} folded")
    if version.upload is Upload.REPLACED:
        parts.append("it matters")
    return ", ".join(parts)


def plot(trace: Trace) -> str:
    """Bars from the first version to the last, higher where the statement is firmer.

    One bar a version, as far as there is room for; else one for several, the last of them.
    """
    path = trace.path
    if len(path) > _WIDEST:
        path = tuple(path[(at + 1) * len(path) // _WIDEST - 1] for at in range(_WIDEST))
    heights = [value for value in path if value is not None]
    low, high = min(heights, default=0), max(heights, default=0)
    step = (len(_BARS) - 1) / (high - low) if high > low else 0.0
    base = 0 if high > low else len(_BARS) // 2
    return "".join(
        _MISSING if value is None else _BARS[base + round((value - low) * step)] for value in path
    )


def _trace(number: int, trace: Trace, versions: int, paper: Paper) -> None:
    fate = _fate(trace, versions)
    head = join(styled(f"{number:>3}  ", "dim"), plot(trace), "  ", styled(fate, "key"))
    paper.ends(head, styled(passage_place(trace.latest), "dim"))
    for place, wording in enumerate(trace.wordings):
        step = trace.steps[place - 1].outcome if place else None
        _wording(wording, step, paper)
    if trace.overall_dimensions and len(trace.wordings) > 1:
        names = ", ".join(dimension.value for dimension in trace.overall_dimensions)
        paper.labelled("touches", names, indent=_INDENT, room=12)
    if paper.view.explain:
        kinds = ", ".join(kind.value for kind in trace.kinds)
        paper.labelled("is", f"{kinds}; weight {trace.weight:.2f}", indent=_INDENT, room=12)
        paper.labelled("id", trace.id, indent=_INDENT, room=12)


def _fate(trace: Trace, versions: int) -> str:
    parts = []
    if trace.first > 1:
        parts.append(f"since {trace.first}")
    if trace.last < versions:
        parts.append(f"last in {trace.last}")
    if len(trace.wordings) > 1:
        parts.append(count(len(trace.wordings), "wording"))
        if trace.overall not in (None, Outcome.REMOVED):
            parts.append(f"{trace.overall.value} over all")
    return ", ".join(parts)


def _wording(wording: Wording, step: Outcome | None, paper: Paper) -> None:
    first, last = wording.versions[0], wording.versions[-1]
    label = f"{first}" if first == last else f"{first}-{last}"
    told = [step.value] if step else []
    strength = _STRENGTHS[wording.strength]
    told += [strength] if strength else []
    told += [one_line(figure) for figure in wording.figures[:4]]
    if wording.conditions:
        told.append(count(wording.conditions, "condition"))
    words = quoted(shortened(wording.passage.quote, _WORDS), 0)
    note = styled(f"  {', '.join(told)}" if told else "", "dim")
    head = styled(set_cell_size(label, 7), "key")
    paper.paragraph(join(head, words, note), indent=_INDENT, hang=7)


def _blamed(blames: tuple[Blame, ...], paper: Paper) -> None:
    paper.blank()
    if not blames:
        paper.paragraph("No sentence stands there in the last version.")
    for blame in blames:
        paper.rule()
        since = "from the first version on" if blame.since == 1 else f"since version {blame.since}"
        paper.ends(
            join(Text("     "), styled(f"in these words {since}", "key")),
            styled(passage_place(blame.passage), "dim"),
        )
        for place, wording in enumerate(blame.trace.wordings):
            step = blame.trace.steps[place - 1].outcome if place else None
            _wording(wording, step, paper)
    if blames:
        paper.rule()
