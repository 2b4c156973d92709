"""What comparing words does not show: figures in other units, words alike in force, empty ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cardwatch.model import Disclosure, Evidence, Features, Sentence, Span, Statement
from cardwatch.model.amounts import UNITS, amounts, same

# Words that join sentences or soften them, and say nothing that a passage could lack.
_EMPTY = frozenset(
    "finally lastly firstly secondly additionally furthermore moreover also however therefore thus "
    "hence overall generally typically basically essentially actually really simply especially "
    "particularly likewise similarly accordingly consequently meanwhile instead rather indeed "
    "currently based including included according regarding respectively namely".split()
)
# Turns of phrase of which no word means what it says.
_TURNS = re.compile(
    r"\b(?:across the board|in (?:the )?light of|as part of|in order to|on the basis of|"
    r"based (?:up)?on|in addition(?: to)?|as a result(?: of)?|in terms of|"
    r"with (?:respect|regard) to|in particular|"
    r"in general|at the same time|for the most part|by and large|on the other hand|on top of|"
    r"in line with|in (?:the )?case of|as a rule|at least in part|first and foremost|"
    r"when it comes to|as a matter of course)\b",
    re.IGNORECASE,
)
# Words for what may, will or must be that stand for each other, by the statement's.
_STANCES = {
    "may": re.compile(r"\b(?:can|might|could)\b", re.IGNORECASE),
    "can": re.compile(r"\bmay\b", re.IGNORECASE),
    "will": re.compile(r"['’]ll\b|\bshall\b", re.IGNORECASE),
    "shall": re.compile(r"\b(?:will|must)\b", re.IGNORECASE),
    "must": re.compile(r"\b(?:need|needs|has|have) to\b|\bshall\b|\brequired\b", re.IGNORECASE),
    "cannot": re.compile(r"\b(?:can['’]t|may not|must not)\b", re.IGNORECASE),
}
# Passages that the judge takes for less like than this are not looked at again.
_WORTH = 0.3
# A passage that has all words of a statement, its figures in other units included, says it.
_SAID = 0.6
_FEW = 2


def reread(
    disclosure: Disclosure,
    statement: Statement,
    sentence: Sentence,
    describe_text: Callable[[str], Features],
) -> Disclosure:
    """The disclosure without empty words, with figures that passages give in other units, and
    with what they say by "can" for "may".

    ``sentence`` is the statement's own.
    """
    empty = _empty_stems(statement, sentence)
    mine = [
        (amount, _stems_in(sentence, amount.span))
        for amount in amounts(statement.features, statement.span.start)
        if amount.unit in UNITS
    ]
    evidence = []
    for each in disclosure.evidence:
        told: frozenset[str] = frozenset()
        if each.score >= _WORTH:
            told = frozenset(
                word
                for word in each.missing
                if word in _STANCES and _STANCES[word].search(each.quote)
            )
        if mine and each.score >= _WORTH:
            theirs = amounts(describe_text(each.quote), 0)
            told = told.union(
                *(stems for amount, stems in mine if any(same(amount, one) for one in theirs))
            )
        evidence.append(_reread(each, told - empty, empty))
    absence = disclosure.absence
    if absence is not None and empty:
        absence = replace(
            absence,
            terms=tuple(term for term in absence.terms if term not in empty),
            never_found=tuple(term for term in absence.never_found if term not in empty),
        )
    return replace(disclosure, evidence=tuple(evidence), absence=absence)


def _reread(evidence: Evidence, told: frozenset[str], empty: frozenset[str]) -> Evidence:
    if not told and not empty:
        return evidence
    matches = (*evidence.matches, *(stem for stem in evidence.missing if stem in told))
    missing = tuple(stem for stem in evidence.missing if stem not in told | empty)
    score = evidence.score
    if len(matches) > len(evidence.matches) >= _FEW and not missing:
        score = max(score, _SAID)
    kept = tuple(stem for stem in matches if stem not in empty)
    return replace(evidence, matches=kept, missing=missing, score=score)


def _stems_in(sentence: Sentence, span: Span) -> frozenset[str]:
    return frozenset(w.stem for w in sentence.words if span.start <= w.start < span.end)


def _empty_stems(statement: Statement, sentence: Sentence) -> frozenset[str]:
    """The stems of a sentence all of whose words are empty."""
    turns = [match.span() for match in _TURNS.finditer(statement.quote)]
    start = statement.span.start
    empty: set[str] = set()
    full: set[str] = set()
    for word in sentence.words:
        inside = any(low <= word.start - start < high for low, high in turns)
        (empty if inside or word.lower in _EMPTY else full).add(word.stem)
    return frozenset(empty - full)
