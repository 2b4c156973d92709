"""Neighbouring statements on one matter as one finding."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cardwatch.gaps.grading import Graded
from cardwatch.model import Reading, Statement

# A sentence that opens so goes on with the one before it.
_GOES_ON = re.compile(
    r"\W*(?:this|these|those|they|it|its|such|instead|also|however|but|and|in addition|when this|"
    r"when these|if so|otherwise|we (?:also|estimate|expect))\b",
    re.IGNORECASE,
)

# Statements further apart than this (characters), or more of them than fit a glance, make two
# findings even on one matter.
_NEAR = 400
_LONGEST = 900


def groups(graded: Sequence[Graded], document: Reading) -> list[list[Graded]]:
    """Neighbouring statements of one status on one matter, as one finding.

    An introduction ("in these cases:") makes one with its items, and none without them: by
    itself it says nothing that they do not.
    """
    sentences = document.sentences
    introduced = {sentences[each.statement.sentence].lead for each in graded}
    groups: list[list[Graded]] = []
    for each in graded:
        if groups and _belongs(each, groups[-1], document):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [
        group for group in groups if any(each.statement.span not in introduced for each in group)
    ]


def _belongs(each: Graded, group: Sequence[Graded], document: Reading) -> bool:
    last, first = group[-1].statement, group[0].statement
    here = each.statement
    if each.disclosure.status is not group[-1].disclosure.status:
        return False
    sentences = document.sentences
    if sentences[here.sentence].section != sentences[last.sentence].section:
        return False
    apart = here.span.start - last.span.end
    long = here.span.end - first.span.start > _LONGEST
    if long or apart > _NEAR:
        return False
    if sentences[here.sentence].lead in {one.statement.span for one in group}:
        return True
    if here.sentence - last.sentence > 2:
        return False
    same_block = sentences[here.sentence].block == sentences[last.sentence].block
    next_to = here.sentence == last.sentence + 1
    return (same_block or next_to) and _one_matter(here, last, same_block=same_block)


def _one_matter(here: Statement, last: Statement, *, same_block: bool) -> bool:
    """Whether a statement goes on with the one before: its rule, a pronoun, or its concepts.

    Concepts count within a paragraph only: a new one may well be about another matter.
    """
    rules = {hit.rule for hit in here.hits} & {hit.rule for hit in last.hits}
    shared = same_block and here.features.concepts & last.features.concepts
    return bool(rules or shared or _GOES_ON.match(here.quote))
