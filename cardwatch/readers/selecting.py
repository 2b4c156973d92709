"""The parts of a page that a source asks for, and the page without those that it drops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from cardwatch.errors import ReadError, SourceError


def keep_parts(data: bytes, select: Sequence[str], drop: Sequence[str]) -> bytes:
    """A page (HTML, as UTF-8) of the elements that match a selector, without the dropped ones.

    Selectors are CSS. Without ``select`` the whole page is kept. A selector that matches
    nothing keeps nothing, which a watch sees as a page that shows no text.

    Raises:
        SourceError: a selector is not CSS.
        ReadError: the bytes are no HTML.
    """
    from lxml import etree, html

    parser = html.HTMLParser(huge_tree=False, no_network=True)
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as wrong:
        raise ReadError("not a page of HTML that selectors could work on") from wrong
    for element in [each for one in drop for each in _matches(root, one)]:
        if element.getparent() is not None:
            element.drop_tree()
    if select:
        found = [each for one in select for each in _matches(root, one)]
        chosen = set(found)
        outer = [each for each in root.iter() if each in chosen and not _inside(each, chosen)]
        body = html.Element("body")
        body.extend(outer)
        for old in root.findall("body"):
            root.remove(old)
        root.append(body)
    made = html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")
    return b"\xef\xbb\xbf" + bytes(made)


def links(data: bytes) -> tuple[tuple[str, str], ...]:
    """The targets and texts of all links of a page, in their order.

    Raises:
        ReadError: the bytes are no HTML.
    """
    from lxml import etree, html

    try:
        root = html.document_fromstring(data, parser=html.HTMLParser(no_network=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as wrong:
        raise ReadError("not a page of HTML") from wrong
    base = next((each.get("href", "") for each in root.iter("base")), "")
    found = ((each.get("href", ""), "".join(map(str, each.itertext()))) for each in root.iter("a"))
    return tuple((urljoin(base, one.strip()), " ".join(text.split())) for one, text in found if one)


def _matches(root: Any, selector: str) -> list[Any]:
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    try:
        found: Any = CSSSelector(selector, translator="html")(root)
        return list(found)
    except SelectorError as wrong:
        raise SourceError(f"not a CSS selector: {wrong}", where=selector[:100]) from wrong


def _inside(element: Any, chosen: set[Any]) -> bool:
    return any(each in chosen for each in element.iterancestors())
