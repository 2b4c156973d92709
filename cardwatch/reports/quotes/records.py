"""A quote as a record for programs: BibTeX, CSL-JSON, a W3C Web Annotation."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from cardwatch.model import MediaType, Quote
from cardwatch.reports.inert import inert_json
from cardwatch.reports.quotes.facts import date, date_parts, page, place, proof, title, words
from cardwatch.reports.quotes.links import fragment, link, public
from cardwatch.reports.subjects import Citation

_LATEX = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}
_WEB = frozenset([MediaType.HTML, MediaType.MARKDOWN])


def bibtex(citation: Citation) -> str:
    """An entry ``@misc`` (which every style knows) with the words as its annotation."""
    quote = citation.quote
    published = date_parts(quote.source.published)
    fields = {
        "title": f"{{{_latex(title(quote))}}}",
        "year": str(published[0]) if published else "",
        "month": str(published[1]) if len(published) > 1 else "",
        "pages": str(quote.page) if quote.page is not None else "",
        # braces would end the field, and no address needs them
        "url": link(citation).translate({ord(c): f"%{ord(c):02X}" for c in "{}\\"})
        if public(quote)
        else "",
        "urldate": date(quote.source.retrieved),
        "note": _latex("; ".join([place(quote), *_hashes(quote)]).strip("; ")),
        "annote": _latex(f"“{words(quote)}”"),
    }
    lines = [f"  {name} = {{{text}}}" for name, text in fields.items() if text]
    return f"@misc{{{_key(quote)},\n" + ",\n".join(lines) + "\n}"


def _latex(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in text)


def _hashes(quote: Quote) -> list[str]:
    return [f"SHA-256 {quote.source.sha256}"] if quote.source.sha256 else []


def _key(quote: Quote) -> str:
    """A name for the record: the first words of the title, the year, and the place."""
    head = "-".join(re.findall(r"[a-z0-9]+", title(quote).lower())[:4]) or "document"
    year = "".join(f"-{part}" for part in date_parts(quote.source.published)[:1])
    return f"{head[:60]}{year}-{quote.span.start}"


def csl_json(citation: Citation) -> str:
    """A list of one item; the place is under ``custom``, since CSL keeps it with the citation."""
    quote = citation.quote
    item: dict[str, Any] = {
        "id": _key(quote),
        "type": "webpage" if quote.source.media_type in _WEB else "report",
        "title": title(quote),
    }
    if public(quote):
        item["URL"] = link(citation)
    for name, time in (("issued", quote.source.published), ("accessed", quote.source.retrieved)):
        if parts := date_parts(time):
            item[name] = {"date-parts": [parts]}
    item["annote"] = words(quote)
    item["note"] = "; ".join(f"{label} {text}" for label, text in proof(quote))
    locator = {"locator": str(quote.page), "label": "page"} if quote.page is not None else {}
    if not locator and quote.section:
        locator = {"locator": place(quote), "label": "section"}
    item["custom"] = {
        **locator,
        "quote": quote.exact,
        "section": quote.section,
        "sha256": quote.source.sha256,
        "text-sha256": quote.text_sha256,
    }
    return _json([item])


def annotation(citation: Citation) -> str:
    """A Web Annotation: the words by TextQuoteSelector and TextPositionSelector.

    The positions count code points in the canonical text, which ``cardwatch read`` writes and
    whose hash the body states (https://www.w3.org/TR/annotation-model/).
    """
    quote = citation.quote
    selectors: list[dict[str, Any]] = [
        {
            "type": "TextQuoteSelector",
            "exact": quote.exact,
            "prefix": quote.prefix,
            "suffix": quote.suffix,
        },
        {
            "type": "TextPositionSelector",
            "start": quote.span.start,
            "end": quote.span.end,
        },
    ]
    place_in_file = fragment(quote, unique=citation.unique).removeprefix("#")
    if quote.source.media_type is MediaType.PDF and place_in_file:
        selectors.append(
            {
                "type": "FragmentSelector",
                "conformsTo": "http://tools.ietf.org/rfc/rfc3778",
                "value": place_in_file,
            }
        )
    target: dict[str, Any] = {"source": public(quote) or _name(quote), "selector": selectors}
    if quote.source.retrieved:
        target["state"] = {"type": "TimeState", "sourceDate": quote.source.retrieved}
    facts = [("title", title(quote)), ("page", page(quote)), *proof(quote)]
    body = {
        "type": "TextualBody",
        "purpose": "describing",
        "format": "text/plain",
        "value": "\n".join(f"{label}: {text}" for label, text in facts if text),
    }
    return _json(
        {
            "@context": "http://www.w3.org/ns/anno.jsonld",
            "id": f"{_name(quote)}#char={quote.span.start},{quote.span.end}",
            "type": "Annotation",
            "motivation": "highlighting",
            "body": body,
            "target": target,
        }
    )


def _name(quote: Quote) -> str:
    """An address for bytes that have none, from their hash (RFC 6920)."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(quote.source.sha256)).decode("ascii")
    return f"ni:///sha-256;{digest.rstrip('=')}"


def _json(value: Any) -> str:
    return inert_json(json.dumps(value, ensure_ascii=False, indent=2))
