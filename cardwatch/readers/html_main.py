"""Which part of an HTML page is its content, and what in it is not."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

from cardwatch.readers.html_walk import BLOCKS, SILENT, Element, words_of

_ROLES = {
    "navigation": "navigation",
    "banner": "banner",
    "contentinfo": "footer",
    "complementary": "related",
    "search": "navigation",
    "dialog": "banner",
    "alertdialog": "banner",
    "menu": "navigation",
    "menubar": "navigation",
    "toolbar": "navigation",
    "tablist": "navigation",
}
_TAGS = {"nav": "navigation", "dialog": "banner", "menu": "navigation"}
# Words of class names and ids, parted at hyphens, underscores and capitals.
_NAMED = (
    ("banner", re.compile(r"\b(?:onetrust|cookiebot|didomi|usercentrics|osano|truste|cmp)\b")),
    (
        "banner",
        re.compile(
            r"\b(?:cookies?|consent|gdpr|privacy)\b.*\b(?:banner|notice|popup|modal|bar|dialog"
            r"|overlay|prompt|toast)\b|\b(?:banner|popup|modal|overlay)\b.*\b(?:cookies?|consent)\b"
        ),
    ),
    ("hidden", re.compile(r"\b(?:sr only|visually hidden|screen reader|a11y hidden|offscreen)\b")),
    (
        "navigation",
        re.compile(r"\b(?:breadcrumbs?|navbar|nav|menu|sidenav|pagination|pager|skip)\b"),
    ),
    ("navigation", re.compile(r"\b(?:toc|table of contents|on this page)\b")),
    ("related", re.compile(r"\b(?:related|recommended|recommendations|read next|more posts)\b")),
    ("related", re.compile(r"\b(?:sidebar|promo|advert|ads|advertisement|sponsored|teaser)\b")),
    ("share", re.compile(r"\b(?:share|sharing|social|socials|addthis)\b")),
    ("form", re.compile(r"\b(?:newsletter|subscribe|subscription|signup|sign up)\b")),
    # not "feedback" alone: terms have clauses of that name
    ("form", re.compile(r"\b(?:helpful|(?:page|article) feedback|feedback (?:form|widget|bar))\b")),
    ("comments", re.compile(r"\b(?:comments|disqus|respond)\b")),
    ("footer", re.compile(r"\b(?:footer|site info|colophon)\b")),
)
_NOTE_NAME = re.compile(r"\b(?:foot ?notes?|end ?notes?|notes|references|callout|note|fn)\b")
_PARTS = re.compile(r"[-_\s/:]+|(?<=[a-z])(?=[A-Z])")
_STYLE_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NOTE_LABEL = re.compile(r"\s*[\[(]?\s*(\d{1,3}|[a-z]|[*†‡§¶]{1,3}|[ivx]{1,5})\s*[\])]?\.?\s*")
# An element named as furniture that holds more words than this, mostly not links, is content
# under an unlucky name.
_FURNITURE_WORDS = 250
# The content is the deepest element that holds this share of the page's words outside links.
_MAIN_SHARE = 0.85


def main_content(root: Element) -> Element:
    """The element that holds the content of a page: its ``main`` or ``article``, or the deepest
    one with nearly all of the page's words that are not links.
    """
    body = next(root.iter("body"), root)
    weights = _weigh(body)
    total = weights.get(body, 0)
    marked = [e for e in body.iter("main", "article") if weights.get(e, 0) * 2 >= total]
    marked += [e for e in body.iter() if _role(e) == "main" and weights.get(e, 0) * 2 >= total]
    element = min(marked, key=lambda e: weights.get(e, 0)) if marked and total else body
    if element is not body and weights[element] < 0.5 * total:
        element = body
    return _descend(element, weights)


def _descend(element: Element, weights: dict[Element, int]) -> Element:
    """Down to the deepest container with nearly all the words; a heading beside it is kept."""
    while True:
        whole = weights.get(element, 0)
        children = [child for child in element if isinstance(child.tag, str)]
        heavy = [c for c in children if whole and weights.get(c, 0) >= _MAIN_SHARE * whole]
        if not heavy or heavy[0].tag not in ("div", "section", "main", "article", "center"):
            return element
        others = [c for c in children if c is not heavy[0] and not _furniture(c)]
        if any(next(other.iter("h1", "h2", "p", "li"), None) is not None for other in others):
            return element
        element = heavy[0]


def weight_of(element: Element) -> int:
    """The characters of an element's words outside links and navigation."""
    return _weigh(element).get(element, 0)


def _weigh(body: Element) -> dict[Element, int]:
    """For each element, the characters of its words outside links and furniture."""
    weights: dict[Element, int] = {}
    order: list[Element] = []
    stack = [body]
    while stack:
        element = stack.pop()
        if not isinstance(element.tag, str) or element.tag in SILENT or element.tag == "nav":
            continue
        order.append(element)
        if element.tag != "a":
            weights[element] = len(" ".join((element.text or "").split()))
            stack.extend(element)
    for element in reversed(order):
        for child in element:
            weight = weights.get(child, 0) + len((child.tail or "").strip())
            weights[element] = weights.get(element, 0) + weight
    return weights


def hidden_only(element: Element) -> str:
    """Why an element is left out of a page whose names for its parts are not to be trusted."""
    return "hidden" if _is_hidden(element) else ""


def dropped_because(root: Element) -> Callable[[Element], str]:
    """A function that says why an element of the page is left out (``""``: it is not)."""
    opened = {
        name
        for element in root.iter()
        if isinstance(element.tag, str)
        for name in (element.get("aria-controls") or element.get("data-target") or "").split()
    }

    def reason(element: Element) -> str:
        if _is_hidden(element):
            # what a button opens, such as an answer under its question, is there to be read
            return "" if (element.get("id") or "") in opened else "hidden"
        return _furniture(element)

    return reason


def outside(root: Element, main: Element) -> list[tuple[str, Element]]:
    """What a page holds beside its main content, with the reason for leaving it out."""
    body = next(root.iter("body"), root)
    found: list[tuple[str, Element]] = []
    element = main
    while element is not body and element.getparent() is not None:
        parent = element.getparent()
        found += [
            (_furniture(child) or _by_tag(child), child)
            for child in parent
            if child is not element and isinstance(child.tag, str) and child.tag not in SILENT
        ]
        element = parent
    return found


def _by_tag(element: Element) -> str:
    names = {"header": "banner", "footer": "footer", "aside": "related", "form": "form"}
    return names.get(element.tag, "outside the main content")


def _role(element: Element) -> str:
    return (element.get("role") or "").lower() if isinstance(element.tag, str) else ""


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None and element.get("hidden") != "until-found":
        return True
    if _STYLE_HIDDEN.search(element.get("style") or ""):
        return True
    return element.get("aria-hidden") == "true" and len(words_of(element, 200).split()) < 8


def _furniture(element: Element) -> str:
    tag, role = element.tag, _role(element)
    if role.startswith("doc-"):
        return ""
    if tag in _TAGS or role in _ROLES:
        return _TAGS.get(tag) or _ROLES[role]
    name = _name(element)
    if tag in ("aside", "footer") and not _NOTE_NAME.search(name) and not _has_notes(element):
        return _by_tag(element) if _is_light(element) else ""
    if tag == "form" and _is_light(element):
        return "form"
    if tag == "header" and next(element.iter("h1", "h2"), None) is None and _is_light(element):
        return "banner"
    if tag not in BLOCKS and tag not in ("span", "a", "button"):
        return ""
    if not name or tag in ("body", "main", "article", "h1", "h2", "h3", "h4", "p"):
        return "hidden" if name and _NAMED[2][1].search(name) else ""
    for why, pattern in _NAMED:
        if pattern.search(name) and (why == "hidden" or _is_light(element)):
            return why
    return ""


def _name(element: Element) -> str:
    raw = f"{element.get('class') or ''} {element.get('id') or ''}"[:400]
    return " ".join(_PARTS.split(raw)).lower().strip()


def _is_light(element: Element) -> bool:
    """Whether an element holds few words, or mostly links."""
    words = len(words_of(element).split())
    if words <= 40:
        return True
    links = islice(element.iter("a"), 1_000)
    linked = sum(len(words_of(link, 2_000).split()) for link in links)
    return words < _FURNITURE_WORDS or linked > 0.5 * words


def _has_notes(element: Element) -> bool:
    return any(_NOTE_NAME.search(_name(e)) for e in element.iter("ol", "ul", "li", "section"))


def note_bodies(main: Element) -> dict[str, str]:
    """The ids of footnote bodies in ``main`` with their labels.

    A footnote is called by a short link (a number or a sign) to an element further down.
    """
    places: dict[str, tuple[int, Element]] = {}
    calls: list[tuple[int, str, str]] = []
    for at, element in enumerate(main.iter()):
        if not isinstance(element.tag, str):
            continue
        for name in (element.get("id"), element.get("name") if element.tag == "a" else None):
            if name:
                places.setdefault(name, (at, element))
        target = element.get("href") or ""
        if element.tag == "a" and target.startswith("#") and len(target) > 1:
            match = _NOTE_LABEL.fullmatch(words_of(element, 40))
            if match:
                calls.append((at, target[1:], match[1]))
    notes: dict[str, str] = {}
    for at, name, label in calls:
        place, body = places.get(name, (-1, None))
        if body is not None and place > at and _may_be_note(body):
            notes.setdefault(name, label)
    return notes


def _may_be_note(body: Element) -> bool:
    """Whether what a short link leads to looks like a footnote and not like a section."""
    if body.tag in ("li", "dd", "p", "div", "aside"):
        return next(body.iter("h1", "h2", "h3"), None) is None
    return False
