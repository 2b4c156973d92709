"""The words that only give examples: by the codebook, examples are not scope."""

from __future__ import annotations

import re

from cardwatch.model import Span

# What opens examples, within a sentence or as the head of one. "Including" opens part of what
# is promised and is left out, but for its forms that say that more belongs to the list.
_OPENS = re.compile(
    r"\b(?:such as|for example|for instance|e\.g\.?|by way of example|"
    r"includ(?:es?|ing)(?:,? but (?:is |are )?not limited to|,? without limitation|"
    r",? (?:as|where) (?:appropriate|applicable|relevant|necessary|needed))|"
    r"(?:may|might|could|can) include|examples? (?:of (?:\w+ ){1,15})?(?:are|is|includes?))"
    r"(?!\w)",
    re.IGNORECASE,
)
# Where examples end: at a mark that no list has within it, or where the clause goes on.
_ENDS = re.compile(
    r"[;()\n\]]|\.(?=\s|$)|"
    r"(?:,\s*|\s)(?:(?:and|or) )?"
    r"(?:(?:we|it|they|you|which|who|if|when|unless|until|because|so that|but)\b|"
    r"(?:to|and) (?:ensure|prevent|protect|mitigate|reduce)\b|"
    r"(?:will|shall|must|may|might|could|can|should|would|are|is|has|have|does|do)\b)",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.;\n](?=\s|$)|$")
_TEXT_END = re.compile(r"\Z")
_BRACKET_END = re.compile(r"[)\]]|$")
_HEADS_SENTENCE = re.compile(r"(?:^|[.;:!?\n])\s*(?:\W\s*)?$")
# "if, for example, the door is open": what follows is the condition itself.
_SAID_IN_PASSING = re.compile(
    r"\b(?:if|when|where|because|since|that|and|but|will|may),? $", re.IGNORECASE
)
_MOST = 200


def examples(text: str) -> tuple[Span, ...]:
    """Where ``text`` gives examples, openers included; spans in order that do not overlap."""
    found: list[Span] = []
    at = 0
    while len(found) < _MOST and (opener := _OPENS.search(text, at)):
        before = text[max(0, opener.start() - 12) : opener.start()]
        if _SAID_IN_PASSING.search(before):
            at = opener.end()
            continue
        ends = _end_of(before, text[opener.end() :][:1]).search(text, opener.end())
        stop = ends.start() if ends else len(text)
        found.append(Span(opener.start(), stop))
        at = max(stop, opener.end())
    return tuple(found)


def _end_of(before: str, after: str) -> re.Pattern[str]:
    """What ends examples whose opener stands between ``before`` and ``after``."""
    if after == ":":
        return _TEXT_END  # a list of items that are sentences of their own
    if before.rstrip().endswith(("(", "[")):
        return _BRACKET_END
    return _SENTENCE_END if _HEADS_SENTENCE.search(before) else _ENDS
