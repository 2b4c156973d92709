"""The block of keys and values that may stand before a text, between lines of dashes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cardwatch.model import Source

_BLOCK = re.compile(r"\A\s*---[ \t]*\n(.{0,20000}?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_KEY = re.compile(r"^([A-Za-z][\w .-]{0,40}?)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$", re.MULTILINE)
_ESCAPED = re.compile(r"\\(x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)")
_TITLE = ("title", "name")
_URL = ("url", "source_url", "canonical_url", "canonical", "link", "permalink", "source")
_PUBLISHED = ("published", "date", "published_at", "publish_date", "datepublished", "pubdate")
_RETRIEVED = ("retrieved", "fetched_at", "fetched", "retrieved_at", "accessed", "crawled_at")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the front matter says of the document; every field may be empty.

    ``lines`` counts the lines that it takes up.
    """

    raw: str = ""
    title: str = ""
    url: str = ""
    published: str = ""
    retrieved: str = ""
    lines: int = 0

    def source(self, source: Source) -> Source:
        """``source`` with the address and times that it lacks."""
        return replace(
            source,
            url=source.url or self.url,
            published=source.published or self.published,
            retrieved=source.retrieved or self.retrieved,
        )


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """The front matter of ``text`` and the text after it."""
    match = _BLOCK.match(text)
    if match is None:
        return FrontMatter(), text
    pairs = {key.lower(): _plain(value) for key, value in _KEY.findall(match[1])}
    if not pairs:
        return FrontMatter(), text
    url = next((pairs[key] for key in _URL if "://" in pairs.get(key, "")), "")
    front = FrontMatter(
        raw=match[1],
        title=_first(pairs, _TITLE),
        url=url,
        published=_first(pairs, _PUBLISHED)[:64],
        retrieved=_first(pairs, _RETRIEVED)[:64],
        lines=match.group().count("\n"),
    )
    return front, text[match.end() :]


def _first(pairs: dict[str, str], keys: tuple[str, ...]) -> str:
    return next((pairs[key] for key in keys if pairs.get(key)), "")


def _unescaped(escape: re.Match[str]) -> str:
    sign = escape[1]
    if len(sign) > 1:
        made = chr(int(sign[1:], 16))
        return made if made.isprintable() else " "
    return " " if sign in "ntr0" else sign


def _plain(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        # YAML: a backslash escapes between double marks, a mark is doubled between single ones
        quoted, value = value[0], value[1:-1]
        value = _ESCAPED.sub(_unescaped, value) if quoted == '"' else value.replace("''", "'")
    return " ".join(value.split())
