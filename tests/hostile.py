"""Words that want to be more than words, for tests of what shows them."""

from __future__ import annotations

import re
from dataclasses import replace

from cardwatch.model import Coverage, Document, Source, Span, Unread

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)>"
TEMPLATE = "{{ 7*7 }}{% raw %}${7*7}<!-- --><![CDATA[x]]>&amp;&#60;b&#62;"
ESCAPES = "\x1b[31mred\x1b]0;title\x07\x9b2J"
TURNED = "safe\u202egnp.exe\u2066\u2029\u200f"
CONTROLS = "\x00\x08\x0c\r\x7f\ud800\ufffe"
MARKUP = "](http://evil.example) ![x](http://evil.example/p.png) @everyone **b** | # _i_ `c` $x$"
FORMULAS = ("=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1")
ALL = " ".join((SCRIPT, TEMPLATE, ESCAPES, TURNED, CONTROLS, MARKUP))

# What steers a terminal or turns writing round.
ACTIVE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ud800-\udfff]"
)


def document(start: str = ALL, *, longest: int = 0) -> Document:
    """A document whose words, title, sections and unread places are all hostile.

    Its first half begins with ``start``; ``longest`` adds a sentence of that many characters.
    """
    long = " " + "word" * (longest // 4) if longest else ""
    text = f"{start} users are never told.{long}\n\n{ALL} We keep data for 9 days."
    made = Document.from_text(text, location=f"file{ALL}.md")
    section = replace(
        made.sections[0], title=ALL, number="1" + ALL, path=(ALL,), heading=Span(0, 4)
    )
    source = Source(
        location=f"{start}{ALL}.md",
        media_type=made.source.media_type,
        sha256=SCRIPT,
        retrieved=ALL,
        published=ALL,
        url="javascript:alert(1)//" + ALL,
    )
    return replace(
        made,
        title=start + ALL,
        source=source,
        sections=(section,),
        coverage=Coverage(
            characters=len(text), words=9, unread=(Unread(ALL, 0, None, ALL), Unread(ALL, 5, 3))
        ),
    )
