"""A brief as Markdown, for an issue, a chat or a wiki."""

from __future__ import annotations

from collections.abc import Iterator

from cardwatch.model.release import Brief, BriefFinding
from cardwatch.reports.brief import parts
from cardwatch.reports.markdown import safe


def markdown(brief: Brief) -> str:
    """A heading and a paragraph for each thing to know; no word of a document is markup in it."""
    blocks = [f"# {safe(brief.headline)}"]
    for number, finding in enumerate(brief.findings, 1):
        blocks += _finding(number, finding)
    if rest := parts.rest(brief):
        blocks.append(rest)
    facts = []
    if counts := parts.counts(brief):
        facts.append(f"- Counts: {safe(counts)}")
    facts.append(f"- Not read: {safe('; '.join(brief.unread)) or 'nothing'}")
    facts += [
        f"- {role}: **{safe(named.title)}** ({safe(parts.address(named))})"
        for role, named in parts.documents(brief)
    ]
    blocks.append("\n".join(facts))
    if brief.more:
        blocks += ["To see more:", "\n".join(_code(words) for words in brief.more)]
    return "\n\n".join(blocks) + "\n"


def _finding(number: int, finding: BriefFinding) -> Iterator[str]:
    yield f"## {number}. {safe(parts.head(finding))} · {safe(parts.place(finding.place))}"
    yield f"> {safe(parts.quoted(finding.place))}"
    if finding.against:
        yield f"{parts.lead(finding)} ({safe(parts.place(finding.against))}):"
        yield f"> {safe(parts.quoted(finding.against))}"
    elif alone := parts.alone(finding):
        yield alone
    if finding.doubt:
        yield f"Doubt: {safe(finding.doubt)}"


def _code(words: tuple[str, ...]) -> str:
    """An indented block: nothing in it is markup, and nothing can end it but a line's end."""
    return f"    {parts.command(words)}"
