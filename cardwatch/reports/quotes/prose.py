"""A quote for a reader: plain text, Markdown, HTML, a footnote."""

from __future__ import annotations

import re
from html import escape

from cardwatch.model import Quote
from cardwatch.reports.inert import inert
from cardwatch.reports.quotes.facts import date, mends, page, place, proof, section, title, words
from cardwatch.reports.quotes.links import link, public
from cardwatch.reports.subjects import Citation

# What Markdown could take for markup, anywhere; at a line's head, "1." and "+" besides.
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~^$&@]|(?<=\w):(?=//))")
_HEAD = re.compile(r"^(\s*)(?:([-+=])|(\d+)([.)])(?=\s|$))", re.MULTILINE)


def plain(citation: Citation) -> str:
    """The words between quotation marks, where they stand, and their proof."""
    quote = citation.quote
    lines = [f"“{inert(quote.exact)}”", "", f"{title(quote)}", *_given(section(quote), page(quote))]
    lines += _given(public(quote) and link(citation))
    lines += [f"{label}: {text}" for label, text in proof(quote)]
    return "\n".join(lines)


def _given(*texts: str) -> list[str]:
    return [text for text in texts if text]


def markdown(citation: Citation) -> str:
    """A block quotation with the source in its last line."""
    quote = citation.quote
    body = "\n".join(f"> {line}".rstrip() for line in _paragraphs(literal(inert(quote.exact))))
    name = literal(title(quote))
    source = f"[{name}](<{link(citation)}>)" if public(quote) else name
    credit = ", ".join(_given(source, literal(place(quote)), *_days(quote)))
    return f"{body}\n>\n> — {credit}"


def literal(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _HEAD.sub(_at_head, _MARKUP.sub(r"\\\1", text))


def _at_head(match: re.Match[str]) -> str:
    blank, sign, number, stop = match.groups()
    return f"{blank}\\{sign}" if sign else f"{blank}{number}\\{stop}"


def _paragraphs(text: str) -> list[str]:
    """The lines of a text, a blank line between its paragraphs."""
    return re.sub(r"\n{3,}", "\n\n", text.strip("\n")).split("\n")


def _days(quote: Quote) -> list[str]:
    days = (("published", quote.source.published), ("retrieved", quote.source.retrieved))
    return [f"{label} {date(time)}" for label, time in days if date(time)]


def html(citation: Citation) -> str:
    """A figure with a block quotation; nothing that the document says can be markup."""
    quote = citation.quote
    address = public(quote)
    cited = f' cite="{escape(link(citation))}"' if address else ""
    paragraphs = [
        f"    <p>{'<br>'.join(escape(line) for line in part.splitlines())}</p>"
        for part in re.split(r"\n\s*\n", inert(quote.exact).strip("\n"))
    ]
    name = f"<cite>{escape(title(quote))}</cite>"
    source = f'<a href="{escape(link(citation))}">{name}</a>' if address else name
    credit = ", ".join(_given(source, escape(place(quote)), *map(escape, _days(quote))))
    proved = escape("; ".join(f"{label} {text}" for label, text in proof(quote)))
    return "\n".join(
        [
            "<figure>",
            f"  <blockquote{cited}>",
            *paragraphs,
            "  </blockquote>",
            f'  <figcaption title="{proved}">{credit}</figcaption>',
            "</figure>",
        ]
    )


def footnote(citation: Citation) -> str:
    """A note as under a page: title, place, address, days, and the beginning of the hash."""
    quote = citation.quote
    address = link(citation) if public(quote) else ""
    head = ", ".join(_given(title(quote), place(quote), *_days(quote)[:1]))
    held = [*_days(quote)[1:]] if len(_days(quote)) > 1 else []
    if quote.source.sha256:
        held.append(f"SHA-256 {quote.source.sha256[:16]}…")
    held += [f"with {mend}" for mend in mends(quote)]
    note = f" ({'; '.join(held)})" if held else ""
    return f"{head}{', ' + address if address else ''}{note}: “{words(quote)}”"
