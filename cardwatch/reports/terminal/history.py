"""A document over its versions at a terminal: a table, then each statement with a small plot."""

from __future__ import annotations

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
    for version in report.versions:
        _version(version, paper)
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
        paper.paragraph(styled("plot: one bar a version, firmer is higher, · is not there", "dim"))
    if len(shown) < len(changed):
        paper.paragraph(f"{len(changed) - len(shown):,} more, lower ranked: --all")


def _moved(trace: Trace, versions: int) -> bool:
    return len(trace.wordings) > 1 or trace.first > 1 or trace.last < versions


def _version(version: Version, paper: Paper) -> None:
    head = styled(f"{version.number:>3}  ", "dim")
    label = f"{one_line(version.label)}  " if version.label else ""
    upload = styled(_upload(version), _STYLES.get(version.upload, ""))
    paper.paragraph(join(head, styled(label, "title"), upload), hang=_INDENT)
    paper.paragraph(styled(version.source.location, "dim"), indent=_INDENT)


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
    """One bar for each version: the height is how firm the statement is against its first words."""
    heights = [value for value in trace.path if value is not None]
    low, high = min(heights, default=0), max(heights, default=0)
    middle = len(_BARS) // 2
    if low == high:
        return "".join(_MISSING if value is None else _BARS[middle] for value in trace.path)
    step = (len(_BARS) - 1) / (high - low)
    return "".join(
        _MISSING if value is None else _BARS[round((value - low) * step)] for value in trace.path
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
