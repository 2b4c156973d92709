"""What an HTML page says of itself: charset, title, address, time; text kept in its scripts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cardwatch.model import Source
from cardwatch.readers.html_walk import Element

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""",
    re.IGNORECASE,
)
_TITLES = ("og:title", "twitter:title", "dc.title", "citation_title")
_TIMES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "pubdate",
    "publish-date",
    "citation_publication_date",
    "parsely-pub-date",
    "article:modified_time",
)
_SITE_MARK = re.compile(r"\s+[|\\·•–—»-]\s+")
_PROSE = re.compile(r"[A-Za-zÀ-ÿ]{2,}\s+[A-Za-zÀ-ÿ]{1,}\s+\S+")
_TEXT_KEYS = (
    "articlebody",
    "body",
    "content",
    "html",
    "text",
    "markdown",
    "value",
    "description",
    "title",
    "heading",
    "headline",
)
# JSON in scripts is bounded: enough for a 300-page document, too little to stall on.
_SCRIPT_LIMIT = 30_000_000
_NODE_LIMIT = 2_000_000


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What the head of a page says; every field may be empty."""

    title: str = ""
    url: str = ""
    published: str = ""

    def source(self, source: Source) -> Source:
        """``source`` with the address that it lacks."""
        return replace(source, url=source.url or self.url)


def declared_charset(head: bytes) -> str:
    """The charset that the first bytes of a page declare; browsers read Latin-1 as cp1252."""
    match = _CHARSET.search(head)
    if match is None:
        return ""
    name = (match[1] or match[2]).decode("ascii").lower()
    return "cp1252" if name in ("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii") else name


def metadata(root: Element) -> PageFacts:
    """Title, canonical address and time of publication, from the head of the page."""
    named: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower()
        words = " ".join((meta.get("content") or "").split())
        if key and words:
            named.setdefault(key, words)
    title = next((named[key] for key in _TITLES if key in named), "")
    if not title:
        found = next(root.iter("title"), None)
        title = " ".join((found.text or "").split()) if found is not None else ""
        title = _SITE_MARK.split(title)[0] if title else ""
    linked = _linked(root)
    title = title or linked.get("headline", "")
    url = named.get("og:url", "")
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            url = link.get("href").strip()
            break
    published = next((named[key] for key in _TIMES if key in named), "")
    published = published or linked.get("datePublished", "") or _time(root)
    return PageFacts(title[:300], url[:2000] if "://" in url else "", published[:64])


def _linked(root: Element) -> dict[str, str]:
    """What the page's linked data says of it, the first of each kind."""
    found: dict[str, str] = {}
    for _, data in _script_data(root, {"application/ld+json"}):
        for node in _nodes(data):
            for key in ("headline", "datePublished") if isinstance(node, dict) else ():
                if isinstance(node.get(key), str):
                    found.setdefault(key, " ".join(node[key].split()))
    return found


def _time(root: Element) -> str:
    return next((t.get("datetime") for t in root.iter("time") if t.get("datetime")), "")


def text_in_scripts(root: Element) -> Iterator[tuple[str, str]]:
    """Texts that the scripts of a page hold as data, the longest first: (kind, text).

    ``kind`` is ``html`` where the text is marked up, else ``text``. A page that is drawn by
    scripts keeps its article there.
    """
    found: list[tuple[str, str]] = []
    for kind, data in _script_data(root, None):
        texts = list(dict.fromkeys(_texts(data)))
        articles = [text for text in texts if len(text) > 400]
        chosen = articles if kind == "application/ld+json" else texts
        if chosen:
            marked = any(re.search(r"</?(?:p|h\d|li|ul|div|br)\b", text) for text in chosen)
            parts = chosen if marked else [text.strip() for text in chosen]
            found.append(("html" if marked else "text", "\n\n".join(parts)))
    found.sort(key=lambda pair: -len(pair[1]))
    yield from found


def _script_data(root: Element, kinds: set[str] | None) -> Iterator[tuple[str, Any]]:
    for script in root.iter("script"):
        kind = (script.get("type") or "").lower().split(";")[0].strip()
        text = (script.text or "").strip()
        wanted = kind in kinds if kinds else kind.endswith("json") or "__" in text[:40]
        if not wanted or not text or len(text) > _SCRIPT_LIMIT:
            continue
        try:
            yield kind, json.loads(text[text.index("{") :].rstrip("; \n") if "{" in text else text)
        except (ValueError, RecursionError):
            continue


def _nodes(data: Any) -> Iterator[Any]:
    stack, seen = [data], 0
    while stack and seen < _NODE_LIMIT:
        node = stack.pop()
        seen += 1
        yield node
        if isinstance(node, dict):
            stack.extend(reversed(list(node.values())))
        elif isinstance(node, list):
            stack.extend(reversed(node))


def _texts(data: Any) -> Iterator[str]:
    """Strings that read as prose, under keys that name text, in order."""
    stack: list[tuple[str, Any]] = [("", data)]
    seen = 0
    while stack and seen < _NODE_LIMIT:
        key, node = stack.pop()
        seen += 1
        if isinstance(node, dict):
            stack.extend((str(name).lower(), value) for name, value in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((key, value) for value in reversed(node))
        elif isinstance(node, str) and key in _TEXT_KEYS and _PROSE.search(node):
            yield node
