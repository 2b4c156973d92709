"""A word that gives way to its opposite, in a sentence that is otherwise the same."""

from __future__ import annotations

from itertools import product

from cardwatch.outcome.edits import Edits

# By stem: to put a word of one side for one of the other turns round what is done.
_OPPOSITES = tuple(
    (frozenset(one.split()), frozenset(other.split()))
    for one, other in (
        ("keep retain store preserv save", "delet eras destroy discard remov purg"),
        ("enabl activ", "disabl deactiv"),
        ("allow permit", "forbid prohibit ban disallow"),
        ("accept approv", "reject refus declin deni"),
        ("public publicli open", "privat privately confidenti confidentially secret secretli"),
        ("includ", "exclud omit"),
        ("free", "paid charg"),
        ("start begin resum", "stop end ceas halt paus"),
        ("increas rais expand", "decreas reduc lower shrink"),
        ("grant give", "revok withdraw"),
        ("reveal disclos show", "hide conceal withhold"),
        ("human manual person", "automat automatic autom machin"),
        ("anonym", "identifi"),
        ("befor", "after"),
        ("voluntari option", "mandatori compulsori"),
        ("perman", "temporari temporarili"),
    )
)
_FEW_WORDS = 6
# In texts that are less than half the same, two words stand in one edit by chance.
_ONE_TEXT = 0.5


def turned_round(edits: Edits) -> bool:
    """Whether a word gave way to its opposite in an edit of few words."""
    return edits.kept >= _ONE_TEXT and any(
        _opposite(gone.stem, come.stem)
        for left, right in edits.pairs
        if left and right and len(left) + len(right) <= _FEW_WORDS
        for gone, come in product(left, right)
    )


def _opposite(one: str, other: str) -> bool:
    return any(
        (one in left and other in right) or (other in left and one in right)
        for left, right in _OPPOSITES
    )
