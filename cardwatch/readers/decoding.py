"""Bytes to characters, with what had to be guessed."""

from __future__ import annotations

import codecs
import re

from cardwatch.errors import NoText, TooLarge, UnknownFormat
from cardwatch.readers.options import ReadOptions

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Text in any encoding has next to none of these; bytes of other kinds decode to many.
_GARBAGE_SHARE = 0.02
_SAMPLE = 65_536


def decode(
    data: bytes, options: ReadOptions, *, where: str = "", declared: str = ""
) -> tuple[str, str]:
    """The characters of ``data`` with line feeds as line ends, and a note on what was guessed.

    In order: byte order mark, UTF-8, the ``declared`` charset, a guess from the bytes, and
    Windows-1252. Raises ``TooLarge``, ``NoText`` for nothing but blanks, ``UnknownFormat`` for
    bytes that are no text.
    """
    if len(data) > options.max_bytes:
        raise TooLarge(
            f"{len(data)} bytes are over the limit of {options.max_bytes}",
            hint="raise the limit if the file is what you meant",
            where=where,
        )
    text, note = _characters(data, declared)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip("\x00 \t\n\f\ufeff"):
        raise NoText("the file is empty", hint="nothing but blanks was found", where=where)
    sample = text[:_SAMPLE]
    strange = len(_CONTROLS.findall(sample)) + sample.count("\ufffd")
    if strange > max(2, len(sample) * _GARBAGE_SHARE):
        raise UnknownFormat(
            "these bytes are no text",
            hint="cardwatch reads PDF, HTML, Markdown, plain text and DOCX",
            where=where,
        )
    return text, note


def _characters(data: bytes, declared: str) -> tuple[str, str]:
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), ""
    if 0 in data[:_SAMPLE] and (wide := _guess(data)):
        return data.decode(wide, "replace"), f"read as {wide}"
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3:
            return data[: error.start].decode("utf-8"), "the last character is cut off"
    for name in (declared, _guess(data)):
        if not name:
            continue
        try:
            return data.decode(name), f"read as {name}"
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace"), "neither UTF-8 nor declared: read as cp1252"


def _guess(data: bytes) -> str:
    sample = data[:_SAMPLE]
    for at, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if sample[at::2].count(0) > len(sample) * 0.2 > 4 * sample[1 - at :: 2].count(0):
            return name
    if 0 in sample:
        return ""
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return "" if best is None else best.encoding
