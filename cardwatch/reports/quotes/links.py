"""An address that opens at the quoted words: a page of a PDF, a text fragment of a web page."""

from __future__ import annotations

import re
from urllib.parse import quote as percent
from urllib.parse import urlsplit

from cardwatch.model import MediaType, Quote
from cardwatch.reports.subjects import Citation

# Words at each end of a passage that is too long, or spans blocks, to be named whole.
_ENDS = 5
_WHOLE = 200
# Words on each side that tell apart a passage that occurs more than once.
_AROUND = 5
# What may stand in an address as it is; all else is encoded. "%" is kept, as it is encoding.
_ADDRESS = "/:?&=+,;@!*._~-%"


def link(citation: Citation) -> str:
    """The address with the place in it; that of the file where no public address is known."""
    quote = citation.quote
    address = public(quote) or percent(quote.source.location, safe="/:._-~")
    return address + fragment(quote, unique=citation.unique)


def public(quote: Quote) -> str:
    """The document's web address without its fragment; empty unless it is http or https.

    An address may come from the document itself: one that would run a script, or break out of
    an attribute, leads nowhere.
    """
    for given in (quote.source.url, quote.source.location):
        try:
            parts = urlsplit(given.strip())
            host = parts.hostname
        except ValueError:
            continue
        if parts.scheme.lower() in ("http", "https") and host:
            bare = given.strip().partition("#")[0]
            # a lone surrogate has no encoding
            return percent(bare.encode("utf-8", "replace"), safe=_ADDRESS)
    return ""


def fragment(quote: Quote, *, unique: bool) -> str:
    """The part of an address that leads to the words, as far as the kind of file has one."""
    if quote.source.media_type is MediaType.PDF:
        return f"#page={quote.page}" if quote.page is not None else ""
    if quote.source.media_type is MediaType.HTML:
        return f"#:~:text={directive(quote, unique=unique)}"
    return ""


def directive(quote: Quote, *, unique: bool) -> str:
    """The words as a text directive: ``[prefix-,]start[,end][,-suffix]``.

    In a directive the hyphen, the comma and the ampersand are signs of its own, so they are
    percent-encoded like everything that is not a letter or figure
    (https://wicg.github.io/scroll-to-text-fragment/#syntax).
    """
    lines = [" ".join(line.split()) for line in quote.exact.splitlines()]
    lines = [line for line in lines if line]
    parts = [_encoded(lines[0])]
    if len(lines) > 1 or len(lines[0]) > _WHOLE:
        first, last = lines[0].split(), lines[-1].split()
        parts = [_encoded(" ".join(first[:_ENDS])), _encoded(" ".join(last[-_ENDS:]))]
    if not unique:
        before, after = _whole_words(quote.prefix, at_start=True), _whole_words(quote.suffix)
        if before:
            parts.insert(0, _encoded(" ".join(before[-_AROUND:])) + "-")
        if after:
            parts.append("-" + _encoded(" ".join(after[:_AROUND])))
    return ",".join(parts)


def _whole_words(context: str, *, at_start: bool = False) -> list[str]:
    """The words of a context on the quote's own line, without the one that its far end cuts."""
    lines = re.split(r"\n+", context)
    line = lines[-1] if at_start else lines[0]
    if not line.strip() and len(lines) > 1:
        line = lines[-2] if at_start else lines[1]
    words = line.split()
    cut = len(lines) == 1 and len(context) >= 64
    if cut and len(words) > 1:
        return words[1:] if at_start else words[:-1]
    return words


def _encoded(words: str) -> str:
    return percent(words.encode("utf-8", "replace"), safe="").replace("-", "%2D")
