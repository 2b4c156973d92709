"""Quotes from JSON: whoever saved or sent it, nothing in it is believed before it is checked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from cardwatch.errors import QuoteError
from cardwatch.model import MediaType, Mend, Quote, Source, Span

SCHEMA = "cardwatch/quote/1"
# A quote of a whole long section is some 100 kB.
_LONGEST = 5_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}|")
_HIGHEST = 2_000_000_000  # characters: no text is this long


def load_quote(data: str | bytes, where: str = "") -> Quote:
    """The quote that JSON of ``cardwatch quote --json`` holds.

    Fields that this version does not know are passed over: a later one may have added them.

    Raises:
        QuoteError: it is not JSON, not a quote, of another version, or not possible; it names
            the field.
    """
    text = _text(data, where)
    try:
        plain = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        raise QuoteError("not JSON", hint=str(wrong)[:200], where=where) from wrong
    if not isinstance(plain, dict):
        raise QuoteError("not a quote: an object is wanted", where=where)
    found = plain.get("schema")
    if found != SCHEMA:
        raise QuoteError(
            f"not a quote of this version: its schema is {str(found)[:80]!r}",
            hint=f"{SCHEMA!r} is wanted, which cardwatch quote --json writes",
            where=where,
        )
    return _quote(_Fields(plain, where, ""))


def _text(data: str | bytes, where: str) -> str:
    if len(data) > _LONGEST:
        raise QuoteError(f"over the limit of {_LONGEST:,} bytes", where=where)
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise QuoteError("not JSON: it is not UTF-8", where=where) from wrong


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


class _Fields:
    """The fields of one object, each checked for its type as it is taken."""

    def __init__(self, plain: Mapping[str, Any], where: str, path: str) -> None:
        self._plain, self._where, self._path = plain, where, path

    def wrong(self, name: str, wanted: str) -> QuoteError:
        """The error that says which field is not as it must be."""
        return QuoteError(f"{self._path}{name}: {wanted} is wanted", where=self._where)

    def _value(self, name: str) -> Any:
        if name not in self._plain:
            raise self.wrong(name, "this field")
        return self._plain[name]

    def text(self, name: str) -> str:
        value = self._value(name)
        if not isinstance(value, str):
            raise self.wrong(name, "a text")
        return value

    def whole(self, name: str) -> int:
        value = self._value(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _HIGHEST:
            raise self.wrong(name, f"a whole number from 0 to {_HIGHEST:,}")
        return value

    def digest(self, name: str) -> str:
        value = self.text(name)
        if not _SHA256.fullmatch(value):
            raise self.wrong(name, "a SHA-256 in hexadecimal")
        return value

    def fields(self, name: str) -> _Fields:
        value = self._value(name)
        if not isinstance(value, dict):
            raise self.wrong(name, "an object")
        return _Fields(value, self._where, f"{self._path}{name}.")

    def many(self, name: str) -> list[Any]:
        value = self._value(name)
        if not isinstance(value, list):
            raise self.wrong(name, "a list")
        return value

    def span(self, name: str) -> Span:
        inner = self.fields(name)
        start, end = inner.whole("start"), inner.whole("end")
        if start > end:
            raise self.wrong(name, "a start that is not after the end")
        return Span(start, end)


def _quote(given: _Fields) -> Quote:
    exact, span = given.text("exact"), given.span("span")
    if not exact.strip():
        raise given.wrong("exact", "at least one word")
    if len(exact) != len(span):
        raise given.wrong("span", f"the length of the words ({len(exact)} characters)")
    page = None if given._plain.get("page") is None else given.whole("page")
    return Quote(
        exact=exact,
        prefix=given.text("prefix"),
        suffix=given.text("suffix"),
        span=span,
        source=_source(given.fields("source")),
        title=given.text("title"),
        section_path=tuple(_texts(given, "section_path")),
        section=given.text("section"),
        page=page,
        page_label=given.text("page_label"),
        text_sha256=given.digest("text_sha256"),
        reader=given.text("reader"),
        reader_version=given.text("reader_version"),
        mends=tuple(_mends(given)),
    )


def _texts(given: _Fields, name: str) -> list[str]:
    values = given.many(name)
    if not all(isinstance(value, str) for value in values):
        raise given.wrong(name, "a list of texts")
    return values


def _mends(given: _Fields) -> list[Mend]:
    found = []
    for at, value in enumerate(given.many("mends")):
        if not isinstance(value, dict):
            raise given.wrong(f"mends[{at}]", "an object")
        fields = _Fields(value, given._where, f"mends[{at}].")
        found.append(Mend(fields.span("span"), fields.text("kind"), fields.text("original")))
    return found


def _source(given: _Fields) -> Source:
    kind = given.text("media_type")
    known = [each.value for each in MediaType]
    if kind not in known:
        raise given.wrong("media_type", f"one of {', '.join(known)}")
    return Source(
        location=given.text("location"),
        media_type=MediaType(kind),
        sha256=given.digest("sha256"),
        size=given.whole("size"),
        retrieved=given.text("retrieved"),
        published=given.text("published"),
        url=given.text("url"),
    )
