"""Hostile text made inert: a document must never steer the terminal that shows it."""

from __future__ import annotations

import re

# C0 but for newline and tab, DEL, C1, line and paragraph separators, the marks that turn the
# direction of writing round, the byte order mark, tag characters, lone surrogates.
_ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def inert(text: str) -> str:
    """``text`` with every character that a terminal could obey replaced by one that it shows.

    One character stands for one, so offsets stay true. Newlines and tabs are kept.
    """
    return _ACTIVE.sub(_picture, text)


def inert_json(text: str) -> str:
    """JSON text in which such characters are written as escapes: the same value, and inert."""
    return _ACTIVE.sub(_escape, text)


def one_line(text: str) -> str:
    """``text`` inert and on one line, its runs of blanks made one."""
    return " ".join(inert(text).split())


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)  # the control's picture, such as ␛
    return "␡" if code == 0x7F else "\ufffd"


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x10000:
        return f"\\u{code:04x}"
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}"
