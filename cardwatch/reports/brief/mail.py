"""A brief as the HTML of a mail: inline styles, and nothing that is fetched when it is opened."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from cardwatch.model.release import Brief, BriefFinding, Named
from cardwatch.reports.brief import parts
from cardwatch.reports.inert import inert, one_line

_BODY = (
    "margin:0;padding:16px;background:#ffffff;color:#1a1a1a;"
    "font-family:Georgia,'Times New Roman',serif;font-size:16px;line-height:1.5"
)
_COLUMN = "max-width:640px;margin:0 auto"
_SMALL = "font-family:Arial,Helvetica,sans-serif;font-size:13px;color:#555555"
_COLORS = {"high": "#9b1c1c", "medium": "#8a5a00", "low": "#3d4f5c"}


def mail(brief: Brief) -> str:
    """The whole page. Links lead to documents by their addresses, which are all written out."""
    inner = "\n".join(_inner(brief))
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{_safe(brief.headline)}</title>\n</head>\n"
        f'<body style="{_BODY}">\n<div style="{_COLUMN}">\n{inner}\n</div>\n</body>\n</html>\n'
    )


def _inner(brief: Brief) -> Iterator[str]:
    yield f'<h1 style="font-size:21px;line-height:1.3">{_safe(brief.headline)}</h1>'
    for number, finding in enumerate(brief.findings, 1):
        yield from _finding(number, finding)
    if rest := parts.rest(brief):
        yield f"<p>{_safe(rest)}</p>"
    yield f'<ul style="{_SMALL};padding-left:18px">'
    if counts := parts.counts(brief):
        yield f"<li>Counts: {_safe(counts)}</li>"
    yield f"<li>Not read: {_safe('; '.join(brief.unread)) or 'nothing; every place was read'}</li>"
    for role, named in parts.documents(brief):
        yield f"<li>{role}: <b>{_safe(named.title)}</b><br>{_link(named)}</li>"
    yield "</ul>"
    if brief.more:
        commands = "\n".join(_safe(parts.command(words)) for words in brief.more)
        yield f'<p style="{_SMALL}">To see more:</p>'
        yield f'<pre style="font-size:13px;white-space:pre-wrap">{commands}</pre>'


def _finding(number: int, finding: BriefFinding) -> Iterator[str]:
    color = _COLORS[finding.severity.value]
    yield (
        f'<p style="margin:20px 0 4px 0;color:{color}"><b>{number}. '
        f"{_safe(parts.head(finding))}</b> "
        f'<span style="{_SMALL}">{_safe(parts.place(finding.place))}</span></p>'
    )
    yield _quote(parts.quoted(finding.place), color)
    if finding.against:
        place = _safe(parts.place(finding.against))
        yield f'<p style="{_SMALL};margin:4px 0">{parts.lead(finding)} ({place}):</p>'
        yield _quote(parts.quoted(finding.against), "#cccccc")
    elif alone := parts.alone(finding):
        yield f'<p style="{_SMALL};margin:4px 0">{alone}</p>'
    if finding.doubt:
        yield f'<p style="{_SMALL};margin:4px 0">Doubt: {_safe(finding.doubt)}</p>'


def _quote(words: str, color: str) -> str:
    style = f"margin:4px 0;padding:2px 0 2px 12px;border-left:3px solid {color}"
    return f'<blockquote style="{style}">{_safe(words)}</blockquote>'


def _link(named: Named) -> str:
    shown = _safe(parts.address(named))
    web = parts.web_address(named)
    return f'<a href="{escape(inert(web))}">{_safe(web)}</a>' if web else shown


def _safe(text: str) -> str:
    return escape(one_line(text))
