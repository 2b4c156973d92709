"""A brief as plain text, for a terminal, a mail or a chat."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from cardwatch.model.release import Brief, BriefFinding
from cardwatch.reports.brief import parts
from cardwatch.reports.inert import inert, one_line


def text(brief: Brief, width: int = 72) -> str:
    """The brief in lines of ``width`` characters; words that are longer stay whole."""
    lines = [*_wrapped(brief.headline, width), ""]
    for number, finding in enumerate(brief.findings, 1):
        lines += [*_finding(number, finding, width), ""]
    if rest := parts.rest(brief):
        lines += [*_wrapped(rest, width), ""]
    if counts := parts.counts(brief):
        lines += _wrapped(f"Counts: {counts}", width)
    unread = "; ".join(brief.unread)
    lines += _wrapped(f"Not read: {unread or 'nothing; every place was read'}", width)
    lines.append("")
    for role, named in parts.documents(brief):
        lines += _wrapped(f"{role}: {one_line(named.title)}", width)
        lines += _wrapped(parts.address(named), width, indent="  ")
    if brief.more:
        lines += ["", "To see more:"]
        lines += [f"  {parts.command(words)}" for words in brief.more]
    return inert("\n".join(lines)) + "\n"


def _finding(number: int, finding: BriefFinding, width: int) -> Iterator[str]:
    head = f"{number}. {parts.head(finding)} ({parts.place(finding.place)})"
    yield from _wrapped(head, width)
    yield from _wrapped(f"“{parts.quoted(finding.place)}”", width, indent="   ")
    if finding.against:
        lead = f"{parts.lead(finding)} ({parts.place(finding.against)}):"
        yield from _wrapped(lead, width, indent="   ")
        yield from _wrapped(f"“{parts.quoted(finding.against)}”", width, indent="   ")
    elif alone := parts.alone(finding):
        yield from _wrapped(alone, width, indent="   ")
    if finding.doubt:
        yield from _wrapped(f"Doubt: {finding.doubt}", width, indent="   ")


def _wrapped(line: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        one_line(line),
        width,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
