"""Gaps at a terminal: what was compared, where the findings sit, then each with its proof."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from rich.text import Text

from cardwatch.model import (
    DisclosureStatus,
    Evidence,
    Gap,
    GapReport,
    ProofOfAbsence,
    Severity,
)
from cardwatch.reports.subjects import Gaps
from cardwatch.reports.terminal.paper import (
    STYLES,
    Paper,
    count,
    join,
    measure,
    quoted,
    styled,
    title_of,
    where,
)
from cardwatch.reports.terminal.strip import strip

# Words of a statement that its nearest passage has and lacks: more than these are not read.
_TERMS = 8
_INDENT = 5
_LABEL = 10
_BAR = 10
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")


def gaps(subject: Gaps, paper: Paper) -> None:
    """The whole report of gaps."""
    report = subject.report
    paper.line(styled("What the document says that its companion leaves out", "title"))
    paper.blank()
    for label, document in (("document", subject.document), ("companion", subject.companion)):
        paper.labelled(label, styled(title_of(document), "title"), indent=2, room=11)
        if document.title:
            paper.labelled("", styled(document.source.location, "dim"), indent=2, room=11)
        paper.labelled("", measure(document.coverage), indent=2, room=11)
    paper.blank()
    _counts(report, paper, new="new " if subject.triage else "")
    if not report.gaps:
        return
    strip(subject, paper)
    shared = _shared_doubt(report)
    if shared:
        paper.labelled("doubt", shared, indent=2, room=11)
    shown = report.gaps[: paper.view.limit]
    for number, gap in enumerate(shown, 1):
        paper.rule()
        _gap(number, replace(gap, doubt="") if gap.doubt == shared else gap, paper)
    paper.rule()
    if len(shown) < len(report.gaps):
        rest = len(report.gaps) - len(shown)
        paper.paragraph(f"{rest:,} more, lower ranked: --all")


def _shared_doubt(report: GapReport) -> str:
    """A doubt that most findings share is told once, at their head."""
    doubts = Counter(gap.doubt for gap in report.gaps if gap.doubt)
    for doubt, number in doubts.most_common(1):
        if number > 1 and 2 * number > len(report.gaps):
            return doubt
    return ""


def _counts(report: GapReport, paper: Paper, new: str) -> None:
    parts = Text()
    for status in DisclosureStatus:
        number = report.counts.get(status.value, 0)
        if number:
            parts.append_text(join(" · " if parts else "", styled(f"{number:,} {status}", status)))
    total = len(report.verdicts)
    paper.paragraph(join(f"{count(total, 'statement')}: " if parts else "no statements", parts))
    if not report.gaps:
        paper.paragraph(f"Nothing {new}found that the companion leaves out.")
        return
    by_severity = Text()
    for severity in Severity:
        number = sum(gap.severity is severity for gap in report.gaps)
        if number:
            by_severity.append_text(
                join(" · " if by_severity else "", styled(f"{number:,} {severity}", severity))
            )
    paper.paragraph(join(f"{count(len(report.gaps), 'finding')}: ", by_severity))
    paper.blank()


def _gap(number: int, gap: Gap, paper: Paper) -> None:
    head = join(
        styled(f"{number:>3}  ", "dim"),
        styled(gap.severity.upper(), gap.severity),
        "  ",
        styled(gap.status, gap.status),
    )
    paper.ends(head, styled(where(gap.page, gap.section), "dim"))
    width = paper.half if paper.wide else paper.width
    keys = [hit.span for statement in gap.statements for hit in statement.hits]
    left = paper.wrapped(
        quoted(gap.quote, gap.span.start, keys), width, first=" " * _INDENT, hang=1
    )
    left[1:] = [line[:] for line in left[1:]]
    left += _labelled("why", gap.why, width, paper)
    if gap.burial.score >= 0.5:
        left += _labelled("burial", _buried(gap), width, paper)
    if gap.doubt:
        left += _labelled("doubt", gap.doubt, width, paper)
    right = _companion_says(gap, width, paper)
    if paper.wide:
        paper.beside(left, right)
    else:
        paper.add(left)
        paper.add(right)
    if paper.view.explain:
        _explain(gap, paper)


def _labelled(label: str, content: str | Text, width: int, paper: Paper) -> list[Text]:
    first = join(" " * _INDENT, styled(label.ljust(_LABEL), "dim"))
    return paper.wrapped(content, width, first=first)


def _buried(gap: Gap) -> str:
    signs = [
        "in a footnote" if gap.burial.footnote else "",
        "in an appendix" if gap.burial.appendix else "",
        "" if gap.burial.in_summary else "not in the summary",
        "" if gap.burial.in_headings else "no heading names it",
        f"{gap.burial.distance:.0%} into the document",
    ]
    return ", ".join(sign for sign in signs if sign)


def _companion_says(gap: Gap, width: int, paper: Paper) -> list[Text]:
    """The nearest passages of the companion and, for what is absent, what was searched."""
    lines: list[Text] = []
    passages = gap.evidence[: 3 if paper.view.explain else 1]
    for at, evidence in enumerate(passages):
        lines += _labelled(_label(gap) if at == 0 else "", _passage(evidence), width, paper)
        place = where(evidence.page, evidence.section)
        lines += _labelled("", styled(f"{place} · match {evidence.score:.0%}", "dim"), width, paper)
        if evidence.note and evidence.note not in gap.why:
            lines += _labelled("", evidence.note, width, paper)
        lines += _overlap(gap, evidence, width, paper)
    if not passages:
        lines += _labelled("instead", "no passage there is anywhere near", width, paper)
    if gap.absence is not None:
        lines += _labelled("searched", _searched(gap, gap.absence), width, paper)
    return lines


def _label(gap: Gap) -> str:
    match gap.status:
        case DisclosureStatus.CONTRADICTED:
            return "but says"
        case DisclosureStatus.ABSENT:
            return "nearest"
        case _:
            return "says"


def _passage(evidence: Evidence) -> Text:
    return quoted(evidence.quote, evidence.span.start)


def _overlap(gap: Gap, evidence: Evidence, width: int, paper: Paper) -> list[Text]:
    has = written_out(evidence.matches, gap.quote)[:_TERMS]
    lacks = written_out(evidence.missing, gap.quote)[:_TERMS]
    lines: list[Text] = []
    if has:
        lines += _labelled("  has", styled(", ".join(has), "stated"), width, paper)
    if lacks:
        lines += _labelled("  lacks", styled(", ".join(lacks), "absent"), width, paper)
    return lines


def _searched(gap: Gap, absence: ProofOfAbsence) -> str:
    parts = [f"{count(absence.passages, 'passage')} for {count(len(absence.terms), 'word')}"]
    never = written_out(absence.never_found, gap.quote)[:_TERMS]
    if never:
        parts.append(f"nowhere there: {', '.join(never)}")
    return "; ".join(parts)


def written_out(stems: Sequence[str], text: str) -> list[str]:
    """The words of ``text`` whose stems are given, as they are written, in the stems' order.

    A stem is the beginning of its word but for the last letter, which stemming may change; a
    stem without such a word is left out.
    """
    words = {word.lower(): word for word in _WORD.findall(text)}
    found: list[str] = []
    for stem in stems:
        begin = stem[:-1] if len(stem) > 3 else stem
        fits = [word for word in words if word.startswith(begin)]
        if fits:
            best = min(fits, key=lambda word: (abs(len(word) - len(stem)), word))
            if words[best].lower() not in [each.lower() for each in found]:
                found.append(words[best])
    return found


def _explain(gap: Gap, paper: Paper) -> None:
    paper.add([Text()])
    for reason in gap.reasons:
        bar = "█" * round(_BAR * max(0.0, min(1.0, reason.value)))
        value = f"{reason.name:<22}{reason.value:>7.2f}  × {reason.weight:>5.2f}  "
        paper.add(
            paper.wrapped(
                styled(reason.note, "dim"),
                paper.width,
                first=join(" " * _INDENT, value, Text(bar.ljust(_BAR + 1), STYLES["low"])),
            )
        )
    rules = sorted({hit.rule for statement in gap.statements for hit in statement.hits})
    paper.labelled("rules", ", ".join(rules), indent=_INDENT)
    paper.labelled("rank", f"{gap.rank_score:.3f}, confidence {gap.confidence:.2f}", indent=_INDENT)
    paper.labelled("id", f"{gap.id}, characters {gap.span.start}-{gap.span.end}", indent=_INDENT)
