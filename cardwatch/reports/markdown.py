"""Findings as Markdown, for an issue, a wiki or a mail; no word of a document is markup in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from cardwatch.model import Document, Passage
from cardwatch.reports.findings import Finding, documents, findings, left_out, results, title
from cardwatch.reports.subjects import Audit, Diff, Gaps, Subject, View
from cardwatch.reports.words import Kind, Piece, flat, redline, shortened

# What Markdown and its common extensions could take for markup in the midst of a line.
_MARKUP = re.compile(r"[\\`*_\[\]{}()#|~$!^]")
# What begins a list, a rule or a heading at the start of a line.
_START = re.compile(r"^(\d{1,9}(?=[.)])|(?=[-+=]))")
# What would become a link by itself, and what would call somebody.
_ADDRESS = re.compile(r"(?i)(?<=[a-z])://|\bwww(?=\.)|\bmailto(?=:)|@(?=\w)")
_INSTEAD = {"://": ":\u2060//", "@": "@\u2060"}


def render(subject: Subject, view: View) -> str:
    """A heading, the counts and one paragraph with two quotations for each finding."""
    parts = [line for result in results(subject) for line in _result(result, view)]
    return "\n\n".join(parts) + "\n"


def safe(text: str) -> str:
    """``text`` on one line, without meaning to Markdown, to HTML, or to what makes links.

    An address, and a name after @, are parted by an invisible mark that keeps them from becoming
    links and from calling people.
    """
    line = " ".join(shortened(text).split())
    escaped = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    escaped = _MARKUP.sub(lambda match: "\\" + match.group(), escaped)
    escaped = _START.sub(lambda match: match.group() + "\\", escaped)
    return _ADDRESS.sub(
        lambda match: _INSTEAD.get(match.group(), match.group() + "\u2060"), escaped
    )


def _result(result: Gaps | Diff | Audit, view: View) -> Iterator[str]:
    yield f"# {title(result)}"
    yield "\n".join(_document(role, document) for role, document in documents(result))
    yield _counts(result)
    if result.triage and result.triage.says:
        yield f"Left out of the list: {result.triage.says}"
    shown = list(findings(result, view.limit))
    fresh = [finding for finding in shown if finding.standing == "new"]
    if not fresh:
        yield "Nothing new was found."
    for number, finding in enumerate(fresh, 1):
        yield from _finding(number, finding, result)
    more = left_out(result, view.limit)
    if more:
        yield f"{more:,} more, lower ranked, are not in this list."
    yield from _set_aside([finding for finding in shown if finding.standing != "new"])


def _document(role: str, document: Document) -> str:
    source = document.source
    name = safe(document.title or source.location)
    facts = [safe(source.location), f"{document.coverage.words:,} words"]
    if document.coverage.pages:
        facts.append(f"{document.coverage.pages:,} pages")
    if document.coverage.unread:
        facts.append(f"{len(document.coverage.unread):,} places not read")
    if source.sha256:
        facts.append(f"SHA-256 {safe(source.sha256)}")
    return f"- {role}: **{name}** ({', '.join(facts)})"


def _counts(result: Gaps | Diff | Audit) -> str:
    if isinstance(result, Gaps):
        counts = {name: number for name, number in result.report.counts.items() if number}
        parts = [f"{number:,} {safe(name)}" for name, number in counts.items()]
        return f"{len(result.report.verdicts):,} statements: {', '.join(parts) or 'none'}."
    statuses = Counter(finding.status for finding in findings(result))
    parts = [f"{number:,} {name}" for name, number in sorted(statuses.items())]
    line = f"{sum(statuses.values()):,} changes of substance: {', '.join(parts) or 'none'}."
    if isinstance(result, Audit) and result.audit.silent_rate_strict is not None:
        line += f" Silent revision rate: {result.audit.silent_rate_strict:.0%} strict"
        if result.audit.silent_rate_lenient is not None:
            line += f", {result.audit.silent_rate_lenient:.0%} lenient"
        line += "."
    return line


def _finding(number: int, finding: Finding, result: Gaps | Diff | Audit) -> Iterator[str]:
    head = [finding.status, finding.severity, finding.announcement]
    place = _place(finding.place)
    yield f"## {number}. {', '.join(each for each in head if each)} · {place}"
    if finding.why and finding.change is None:
        yield safe(finding.why)
    if finding.change is not None:
        effects = ", ".join(effect.value for effect in finding.change.effects)
        yield f"> {_redline(redline(finding.change))}"
        if effects:
            yield f"Touches: {effects}"
    else:
        yield f"> {safe(finding.place.quote)}"
        yield from _against(finding)
    if finding.doubt:
        yield f"Doubt: {safe(finding.doubt)}"
    yield f"<sub>id {safe(finding.id)}, rule {safe(finding.rule)}, rank {finding.score:.3f}</sub>"
    del result


def _against(finding: Finding) -> Iterator[str]:
    if finding.against is None:
        yield "No passage of the companion is anywhere near."
        return
    words = {"contradicted": "But the companion says", "absent": "The companion's nearest"}
    lead = words.get(finding.status, "The companion")
    yield f"{lead} ({_place(finding.against)}):"
    yield f"> {safe(finding.against.quote)}"


def _place(passage: Passage) -> str:
    parts = [f"p. {passage.page}" if passage.page is not None else "", safe(passage.section)]
    return " · ".join(part for part in parts if part) or "at the start"


def _redline(pieces: Sequence[Piece]) -> str:
    """Pieces with what went struck out and what came in bold.

    Tags, not signs: they hold wherever a word begins or ends.
    """
    tags = {Kind.GONE: "del", Kind.COME: "ins"}
    parts = []
    for kind, group in groupby(pieces, key=lambda piece: piece.kind):
        text = flat("".join(piece.text for piece in group))
        inner = safe(text)
        lead = " " if text[:1].isspace() else ""
        tail = " " if text[-1:].isspace() and inner else ""
        tag = tags.get(kind)
        parts.append(f"{lead}<{tag}>{inner}</{tag}>{tail}" if tag else f"{lead}{inner}{tail}")
    return "".join(parts).strip()


def _set_aside(aside: Sequence[Finding]) -> Iterator[str]:
    if not aside:
        return
    yield "## Known and suppressed"
    yield "\n".join(
        f"- {finding.standing.value}: {finding.status}, {_place(finding.place)}, "
        f"id {safe(finding.id)}" + (f" ({safe(finding.reason)})" if finding.reason else "")
        for finding in aside
    )
