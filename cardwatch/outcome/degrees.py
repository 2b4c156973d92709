"""Words of degree: how much of a thing a rule asks for, or from how much on it applies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cardwatch.model import Features, Strength, Word
from cardwatch.outcome.edits import Edits

# Steps that an English reader tells apart, from least to most; words of one step are synonyms.
_STEPS = {
    word: step
    for step, words in enumerate((
        "any slight slightly trivial negligible",
        "minor marginal marginally some limited low small little minimal modest",
        "meaningful meaningfully noticeable noticeably notable notably moderate moderately medium "
        "reasonable reasonably adequate adequately appreciable",
        "significant significantly substantial substantially considerable considerably material "
        "materially serious seriously high strong strongly great large robust",
        "severe severely major grave gravely critical critically extensive very-high compelling",
        "extreme extremely decisive decisively catastrophic catastrophically overwhelming "
        "overwhelmingly conclusive total complete completely",
    ))
    for word in words.split()
}  # fmt: skip
# Words that cut down what a ban or a duty takes in, when they are put beside it.
_NARROWING = frozenset(
    "unauthorized unauthorised unlawful unlawfully illegal illegally knowingly intentionally "
    "intentional wilfully willfully deliberately deliberate malicious maliciously materially "
    "substantially significantly directly primarily predominantly solely certain selected "
    "serious seriously severe commercial commercially manifestly".split()
)
# A longer edit says more than a degree.
_FEW_WORDS = 6
_ALONE = 2
# In two texts that are less than half the same, a word that stands alone in an edit does so by
# chance.
_ONE_TEXT = 0.5
# What opens the case in which a rule applies.
_CASE = re.compile(
    r"\b(?:if|when|whenever|where|once|unless|until|in case|in the event|that|which|who|whose|"
    r"above|exceed\w*|reach\w*|threshold|trigger\w*|level \w+)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[.;:]")


def raised(edits: Edits, old: Features, new: Features) -> list[int]:
    """For each word of degree that gave way to one of another step, and each narrowing word that
    came or went alone: 1 where the commitment then applies more rarely or asks less, -1 where it
    applies more often or asks more.
    """
    narrowed = _narrowed(edits, old) if edits.kept >= _ONE_TEXT else ()
    return [*_raised(edits, old, new), *narrowed]


def _narrowed(edits: Edits, old: Features) -> Iterator[int]:
    """What is narrowed: a permission binds more then, all else less."""
    sign = -1 if old.strength is Strength.POSSIBLE else 1
    for left, right in edits.pairs:
        if _bare(left) and len(right) <= _ALONE and any(w.lower in _NARROWING for w in right):
            yield sign
        if _bare(right) and len(left) <= _ALONE and any(w.lower in _NARROWING for w in left):
            yield -sign


def _raised(edits: Edits, old: Features, new: Features) -> Iterator[int]:
    for left, right in edits.pairs:
        if len(left) + len(right) > _FEW_WORDS:
            continue
        before, after = _step(left), _step(right)
        if before is None or after is None or before[0] == after[0]:
            continue
        higher = 1 if after[0] > before[0] else -1
        case = _in_case(old.text, before[1]) and _in_case(new.text, after[1])
        yield higher if case else -higher


def _bare(words: Sequence[Word]) -> bool:
    return all(word.stop for word in words)


def _step(words: Sequence[Word]) -> tuple[int, int] | None:
    """The step of the one word of degree among ``words``, and where it stands."""
    found = [(_STEPS[w.lower], w.start) for w in words if w.lower in _STEPS]
    return found[0] if len(found) == 1 else None


def _in_case(text: str, at: int) -> bool:
    """Whether a word stands in what says when the rule applies."""
    start = max((m.end() for m in _CLAUSE_END.finditer(text, max(0, at - 300), at)), default=0)
    return bool(_CASE.search(text, max(start, at - 300), at))
