"""What a citation states: title, place, times, hashes, each on one line and inert."""

from __future__ import annotations

import re

from cardwatch.model import Quote
from cardwatch.reports.inert import one_line

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?![\d])")
_MENDS = {
    "hyphen": "a hyphen at a line's end taken out",
    "ligature": "a ligature written as its letters",
    "superscript": "a raised figure written as a superscript",
    "line break": "a line break taken out",
    "page break": "a page break taken out",
    "space": "a blank put in or taken out",
}


def title(quote: Quote) -> str:
    """What the document calls itself, else where it came from."""
    return one_line(quote.title) or one_line(quote.source.location)


def page(quote: Quote) -> str:
    """The page as a reader finds it: ``p. 13``, with the printed label where it is another."""
    if quote.page is None:
        return ""
    label = one_line(quote.page_label)
    printed = f", printed as {label}" if label and label != str(quote.page) else ""
    return f"p. {quote.page}{printed}"


def section(quote: Quote) -> str:
    """The path of titles down to the section."""
    titles = [one_line(each) for each in quote.section_path]
    if titles and one_line(quote.section):
        titles[-1] = one_line(quote.section)
    return " › ".join(each for each in titles if each)


def place(quote: Quote) -> str:
    """Section and page, as far as the document has them."""
    return ", ".join(each for each in (one_line(quote.section), page(quote)) if each)


def words(quote: Quote) -> str:
    """The exact words on one line."""
    return one_line(quote.exact)


def date(time: str) -> str:
    """The day of an ISO 8601 time, as far as it says one."""
    found = _DATE.match(time)
    return "-".join(part for part in found.groups() if part) if found else ""


def date_parts(time: str) -> list[int]:
    """Year, month, day, as far as the time says them."""
    found = _DATE.match(time)
    return [int(part) for part in found.groups() if part] if found else []


def mends(quote: Quote) -> list[str]:
    """What the reader mended within the words, each kind once, counted."""
    counts: dict[str, int] = {}
    for mend in quote.mends:
        counts[mend.kind] = counts.get(mend.kind, 0) + 1
    return [
        f"{_MENDS.get(kind, one_line(kind))}" + (f", {number} times" if number > 1 else "")
        for kind, number in sorted(counts.items())
    ]


def proof(quote: Quote) -> list[tuple[str, str]]:
    """Everything else that is known, as pairs of label and text."""
    facts = [
        ("retrieved", one_line(quote.source.retrieved)),
        ("published", one_line(quote.source.published)),
        ("SHA-256 of the file", quote.source.sha256),
        ("SHA-256 of its text", quote.text_sha256),
        ("characters", f"{quote.span.start}-{quote.span.end}"),
        ("read by", one_line(f"{quote.reader} reader, version {quote.reader_version}")),
        ("mended", "; ".join(mends(quote))),
    ]
    return [(label, text) for label, text in facts if text]
