"""Findings as a mail's HTML and as Markdown; whatever documents say in them is inert."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from urllib.parse import urlsplit

from cardwatch.model import Severity, StretchKind
from cardwatch.model.watch import Finding
from cardwatch.reports import inert, one_line
from cardwatch.reports.markdown import safe
from cardwatch.watch.redlines import Redline

_BODY = (
    "margin:0;padding:16px;background:#ffffff;color:#1a1a1a;"
    "font-family:Georgia,'Times New Roman',serif;font-size:16px;line-height:1.5"
)
_SMALL = "font-family:Arial,Helvetica,sans-serif;font-size:13px;color:#555555"
_COLORS = {Severity.HIGH: "#9b1c1c", Severity.MEDIUM: "#8a5a00", Severity.LOW: "#3d4f5c"}
_MARKS = {
    StretchKind.KEPT: "{}",
    StretchKind.GONE: '<del style="color:#9b1c1c">{}</del>',
    StretchKind.COME: '<ins style="color:#0b5d2a">{}</ins>',
}


@dataclass(frozen=True, slots=True)
class Letter:
    """A finding as it is sent besides its plain text. What nobody made is empty.

    ``report`` is JSON under a schema of ours.
    """

    html: str = ""
    markdown: str = ""
    report: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a letter says in the place of a finding's lines: redlines, then ``lines``."""

    redlines: tuple[Redline, ...] = ()
    lines: tuple[str, ...] = ()


def letter_of(finding: Finding, said: Said | None = None, report: str = "") -> Letter:
    """The letter of a finding: with its lines, or with what is ``said`` in their place."""
    told = said or Said(lines=finding.lines)
    return Letter(_html(finding, told), _markdown(finding, told), report)


def _facts(finding: Finding) -> Iterator[tuple[str, str]]:
    yield "Severity", finding.severity.value
    yield "Seen", finding.at
    if finding.source:
        yield "Source", finding.source
    if finding.url:
        yield "Address", finding.url
    if finding.new:
        yield "Snapshot", f"sha256:{finding.new}"


# -- HTML -------------------------------------------------------------------------------------


def _html(finding: Finding, told: Said) -> str:
    title, color = _safe(finding.title), _COLORS[finding.severity]
    parts = [f'<h1 style="font-size:21px;line-height:1.3;color:{color}">{title}</h1>']
    for each in told.redlines:
        parts.append(
            f'<p style="margin:20px 0 4px 0"><b>{_safe(each.head)}</b> '
            f'<span style="{_SMALL}">{_safe(each.place)}</span></p>'
        )
        parts.append(f"<blockquote>{''.join(_marked(each))}</blockquote>")
    parts += [f"<p>{_safe(line)}</p>" for line in told.lines]
    if finding.text:
        pre = escape(inert(finding.text.rstrip("\n")))
        parts.append(f'<pre style="white-space:pre-wrap">{pre}</pre>')
    facts = "".join(f"<li>{name}: {_fact(name, value)}</li>" for name, value in _facts(finding))
    parts.append(f'<ul style="{_SMALL};padding-left:18px">{facts}</ul>')
    inner = "\n".join(parts)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{title}</title>\n</head>\n<body style="{_BODY}">\n'
        f'<div style="max-width:640px;margin:0 auto">\n{inner}\n</div>\n</body>\n</html>\n'
    )


def _marked(redline: Redline) -> Iterator[str]:
    for each in redline.stretches:
        text = escape(inert(each.text))
        yield _MARKS[each.kind].format(text) if each.text.strip() else text


def _fact(name: str, value: str) -> str:
    if name == "Address" and _is_web(value):
        return f'<a href="{escape(inert(value))}">{_safe(value)}</a>'
    return _safe(value)


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and address.isprintable()


def _safe(text: str) -> str:
    return escape(one_line(text))


# -- Markdown ---------------------------------------------------------------------------------


def _markdown(finding: Finding, told: Said) -> str:
    blocks = [f"# {safe(finding.title)}"]
    for each in told.redlines:
        blocks.append(f"**{safe(each.head)}** · {safe(each.place)}")
        old, new = each.sides
        sides = [f"> was: {safe(old)}" if old else "", f"> is: {safe(new)}" if new else ""]
        blocks.append("\n>\n".join(side for side in sides if side))
    blocks += [safe(line) for line in told.lines]
    if finding.text:
        blocks += [safe(line) for line in finding.text.splitlines() if line.strip()]
    blocks.append("\n".join(f"- {name}: {safe(value)}" for name, value in _facts(finding)))
    return "\n\n".join(blocks) + "\n"
