"""What every form of a brief says, in inert words."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from urllib.parse import urlsplit

from cardwatch.model import Passage
from cardwatch.model.release import Brief, BriefFinding, Named
from cardwatch.reports.inert import one_line

# The whole of a longer passage is in the report that the brief leads to.
_QUOTE = 420


def quoted(passage: Passage) -> str:
    """The words of a passage on one line, cut at a word where they are many."""
    line = one_line(passage.quote)
    if len(line) <= _QUOTE:
        return line
    return line[:_QUOTE].rsplit(" ", 1)[0] + " …"


def place(passage: Passage) -> str:
    """Page and section of a passage."""
    page = f"p. {passage.page}" if passage.page is not None else ""
    parts = [page, one_line(passage.section)[:120]]
    return ", ".join(part for part in parts if part) or "at the start"


def head(finding: BriefFinding) -> str:
    """What a finding is, in a few words."""
    parts = [finding.status, f"{finding.severity.value} severity", finding.announcement]
    return ", ".join(part for part in parts if part)


def lead(finding: BriefFinding) -> str:
    """What the passage is that a finding is held against."""
    if finding.change:
        return "It was"
    if finding.status == "contradicted":
        return "The announcement says"
    return "The announcement comes closest with"


def alone(finding: BriefFinding) -> str:
    """What is said of a finding that is held against no passage."""
    return "" if finding.change else "Nothing in the announcement comes near it."


def documents(brief: Brief) -> Iterator[tuple[str, Named]]:
    """The documents of a brief with what they are."""
    yield "Document", brief.document
    if brief.companion:
        yield "Announcement", brief.companion
    if brief.previous:
        yield "Earlier edition", brief.previous


def address(named: Named) -> str:
    """Where a document can be looked at; of the web, its address."""
    return one_line(named.source.url or named.source.location)


def web_address(named: Named) -> str:
    """An address that may be made a link; empty where there is none."""
    for each in (named.source.location, named.source.url):
        try:
            parts = urlsplit(each)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.hostname and each.isprintable():
            return each
    return ""


def counts(brief: Brief) -> str:
    """How many findings there are of each kind."""
    return ", ".join(f"{name} {number:,}" for name, number in brief.counts)


def rest(brief: Brief) -> str:
    """How many findings the brief leaves out."""
    left = brief.found - len(brief.findings)
    return f"{left:,} more, of lower rank, are not in this brief." if left else ""


def command(words: tuple[str, ...]) -> str:
    """A command fit to be pasted: no word of a document can become a second one."""
    return shlex.join(one_line(word) for word in words)
