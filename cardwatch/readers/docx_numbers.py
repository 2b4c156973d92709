"""The numbers and bullets that a word processor draws before paragraphs, and does not store."""

from __future__ import annotations

import re
from typing import Any

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PLACE = re.compile(r"%(\d)")
_NESTED = re.compile(r"list .*?([2-9])", re.IGNORECASE)
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"))


class Numbering:
    """Counts the numbered paragraphs of a package in order."""

    def __init__(self, package: Any) -> None:
        self._formats: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, list[int]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        root = _numbering_root(package)
        if root is not None:
            self._learn(root)
        for style in package.styles.element.iter(f"{_W}style"):
            place = _place(style)
            if place is not None:
                nested = _NESTED.fullmatch(_value(style, f"{_W}name"))
                place = (place[0], max(place[1], int(nested[1]) - 1)) if nested else place
                self._styles[style.get(f"{_W}styleId") or ""] = place

    def _learn(self, root: Any) -> None:
        for abstract in root.iter(f"{_W}abstractNum"):
            key = abstract.get(f"{_W}abstractNumId") or ""
            for level in abstract.iter(f"{_W}lvl"):
                depth = _number(level.get(f"{_W}ilvl"), 0)
                shape = _value(level, f"{_W}numFmt") or "decimal"
                start = _number(_value(level, f"{_W}start"), 1)
                self._formats[key, depth] = (shape, _value(level, f"{_W}lvlText"), start)
        for number in root.iter(f"{_W}num"):
            self._lists[number.get(f"{_W}numId") or ""] = _value(number, f"{_W}abstractNumId")

    def next(self, paragraph: Any, style: str) -> tuple[str, int, str]:
        """The number, nesting (1 is the outermost) and bullet before a paragraph, as drawn.

        ``("", 0, "")`` for a paragraph that is no item.
        """
        place = _place(paragraph) or self._styles.get(style)
        if place is None or place[0] in ("", "0"):
            return "", 0, ""
        number, depth = place
        abstract = self._lists.get(number, "")
        shape, text, _ = self._formats.get((abstract, depth), ("bullet", "", 1))
        counts = self._counts.setdefault(abstract or number, [])
        del counts[depth + 1 :]
        while len(counts) <= depth:
            missing = len(counts)
            counts.append(self._formats.get((abstract, missing), ("", "", 1))[2] - 1)
        counts[depth] += 1
        if shape in ("bullet", "none"):
            return "", depth + 1, "•" if shape == "bullet" else ""
        drawn = _PLACE.sub(lambda match: self._drawn(abstract, counts, int(match[1]) - 1), text)
        return drawn.strip() or f"{counts[depth]}.", depth + 1, ""

    def _drawn(self, abstract: str, counts: list[int], depth: int) -> str:
        if not 0 <= depth < len(counts):
            return ""
        shape = self._formats.get((abstract, depth), ("decimal", "", 1))[0]
        return _shaped(max(counts[depth], 1), shape)


def _numbering_root(package: Any) -> Any:
    for relation in package.part.rels.values():
        if not relation.is_external and relation.reltype.endswith("/numbering"):
            return relation.target_part.element
    return None


def _place(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{_W}pPr/{_W}numPr")
    if found is None:
        return None
    return _value(found, f"{_W}numId"), min(_number(_value(found, f"{_W}ilvl"), 0), 8)


def _shaped(number: int, shape: str) -> str:
    if shape in ("lowerLetter", "upperLetter"):
        letter = chr(ord("a") + (number - 1) % 26) * min((number - 1) // 26 + 1, 9)
        return letter.upper() if shape.startswith("upper") else letter
    if shape in ("lowerRoman", "upperRoman") and number < 400:
        drawn = ""
        for value, sign in (*_ROMAN, (1, "i")):
            drawn += sign * (number // value)
            number %= value
        return drawn.upper() if shape.startswith("upper") else drawn
    return str(number)


def _value(element: Any, path: str) -> str:
    found = element.find(path)
    return "" if found is None else found.get(f"{_W}val") or ""


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 6 else default
