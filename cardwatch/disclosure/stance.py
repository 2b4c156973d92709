"""What a clause does to what it speaks of: permits, forbids, requires, denies, makes exceptions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_NEGATED_VERB = (
    r"(?:shall|must|may|will|can|should|would|do|does|did|is|are|was|were|has|have|need|could)"
    r"(?:\s+(?:also|further|in no event|at no time|at any time|hereby|therefore))?"
    r"\s*(?:not|never|n['’]t)\b"
)
_FORBIDS = re.compile(
    r"\b(?:shall|must|may|will|can|should|would)\s+(?:\w+\s+){0,2}?(?:not|never)\b|"
    r"\bcannot\b|n['’]t\b|"
    r"\b(?:agrees?|undertakes?|covenants?)(?:\s+\w+){0,3}\s+not\s+to\b|\bnot\s+to\b|\bneither\b|"
    r"\bprohibit|\bforbid|\brefrain|\bunder no circumst|"
    r"\bno\s+(?:\w+\s+){0,3}(?:shall|may|will|must)\b|"
    r"\bmay only\b|\bnot (?:permitted|allowed|entitled)|\bnever\b|\bno right\b|\bbarred\b",
    re.IGNORECASE,
)
_PERMITS = re.compile(
    r"\b(?:may|can)\b(?!\s*(?:not|n['’]t|only|never|be required))|\bpermitted to\b|"
    r"\bentitled\b|\bfree to\b|"
    r"\ballowed to\b|\bhas the right\b|\breserves? the right\b|\bis authori[sz]ed\b|"
    r"\bnothing (?:in|contained|herein)\b.{0,60}\b(?:prevent|restrict|prohibit|limit|preclude)|"
    r"\bnot (?:be )?(?:restrict|prevent|preclude|prohibit|limit|require|oblig)\w*|"
    r"\bshall not apply\b|"
    r"\bno obligation\b|\bnot (?:be )?(?:deemed|considered)\b|\bdoes not include\b|"
    r"\bshall not include\b",
    re.IGNORECASE,
)
_REQUIRES = re.compile(
    r"\b(?:shall|must|will)\b(?!\s*(?:not|never|n['’]t))|\bagrees? to\b|\brequired to\b|"
    r"\bobliged\b|"
    r"\bundertakes? to\b|\bhas to\b|\bneeds? to\b|\bcommit(?:s|ted)? to\b|\bensure\b|\bobligat",
    re.IGNORECASE,
)
_DENIES = re.compile(
    rf"\b{_NEGATED_VERB}|\bcannot\b|n['’]t\b|\bno\b|\bnot\b|\bnever\b|\bnone\b|\bneither\b|\bnor\b|"
    r"\bwithout\b",
    re.IGNORECASE,
)
_EXCEPTS = re.compile(
    r"\b(?:except|unless|other than|save (?:for|as)|provided(?:,? however)?,? that|notwithstanding|"
    r"but only|only if|only to the extent|to the extent|however|excluding|without the prior)\b",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"\b(?:without|except with|unless)\b.{0,40}"
    r"\b(?:consent|permission|authori[sz]ation|approval|agreement)\b",
    re.IGNORECASE | re.DOTALL,
)
_ONLY = re.compile(r"\b(?:only|solely|exclusively|limited to|no other|none other)\b", re.IGNORECASE)
_ALL = re.compile(
    r"\b(?:all|any|every|each|always|whatsoever|whether or not|regardless|any and all|"
    r"in no event|entire)\b",
    re.IGNORECASE,
)
_SOME = re.compile(
    r"\b(?:some|certain|may|might|one|a copy|several|sometimes|in part)\b", re.IGNORECASE
)
_OPEN = re.compile(
    r"\b(?:including|without limitation|not limited to|such as|for example|or otherwise|and/or|"
    r"other)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Stance:
    """Which of the named things the words of a clause do."""

    forbids: bool
    permits: bool
    requires: bool
    denies: bool
    excepts: bool
    consent: bool
    only: bool
    universal: bool
    existential: bool
    open_list: bool


@lru_cache(maxsize=20_000)
def stance_of(text: str) -> Stance:
    """The stance that the words of ``text`` take; several may hold at once."""
    text = text[:2000]  # a clause; longer ones are lists that say it at their head
    return Stance(
        forbids=bool(_FORBIDS.search(text)),
        permits=bool(_PERMITS.search(text)),
        requires=bool(_REQUIRES.search(text)),
        denies=bool(_DENIES.search(text)),
        excepts=bool(_EXCEPTS.search(text)),
        consent=bool(_CONSENT.search(text)),
        only=bool(_ONLY.search(text)),
        universal=bool(_ALL.search(text)),
        existential=bool(_SOME.search(text)),
        open_list=bool(_OPEN.search(text)),
    )
