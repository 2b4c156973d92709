"""Promises without a time: what binds its publisher, and not what is merely foretold."""

from __future__ import annotations

import re

# Who acts: the publisher, one of its organs, or what it makes and gives out.
_WE = re.compile(
    r"\bwe (?:\w+ )?(?:(?:will|shall|must)(?! (?:\w+ )?(?:likely|probably|necessarily|have (?:to|"
    r"enough)|be (?:able|unable)|sometimes|become)\b)|commit|pledge|promise|undertake|intend to|"
    r"intend for|aim to|plan to|are committed to)\b",
    re.IGNORECASE,
)
_ORGANS = (
    r"(?:board|trust|officers?|committee|council|teams?|staff|auditors?|reviewers?|company|"
    r"laborator(?:y|ies)|executives?|ombuds\w+|experts?|(?-i:[A-Z]{3,5}))"
)
_DOER = re.compile(
    rf"\b(?:our [\w-]+(?: [\w-]+){{0,3}}|(?:[\w-]+ ){{0,4}}{_ORGANS}),? (?:\w+ )?"
    r"(?:will|shall|must|commits?|pledges?|promises?|undertakes?)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:will|shall|must) (?:\w+ ){0,2}?be (?:\w+ )?(?:published|posted|shared|sent|given|told|"
    r"notified|informed|reported|reviewed|approved|proposed|deleted|retained|kept|stored|audited|"
    r"tested|assessed|evaluated|withdrawn|closed|required|bound|recorded|documented|logged|held|"
    r"released|remediated|resumed|made (?:public|available))\b",
    re.IGNORECASE,
)
_PAPERS = re.compile(
    r"\b(?:reports?|reviews?|summar(?:y|ies)|updates?|polic(?:y|ies)|cards?|statements?|"
    r"agreements?|clauses?|commentary|roadmaps?) (?:will|shall|must)\b",
    re.IGNORECASE,
)
# What will come about by itself, or is only thought, hoped or found likely.
_FORETOLD = re.compile(
    r"\b(?:will|shall|would) (?:\w+ly )?(?:likely|sometimes|probably|often|become|drive|depend|"
    r"prompt|diffuse|vary|prevent|reflect|mean|arise|emerge|continue to (?:evolve|grow|improve)|"
    r"be (?:falsely|most|an?|the|one|more|less|able|unable|difficult|hard))\b|"
    r"\b(?:we|it) (?:\w+ )?(?:hope|believe|think|anticipate|expect that)\b|"
    r"\b(?:can ?not|could not) (?:\w+ )?(?:rule out|guarantee|give|promise|commit)\b|"
    r"\bsignificantly (?:more|less) likely\b",
    re.IGNORECASE,
)
_LEADS_IN = re.compile(r":\W*\Z")
_RECORD = re.compile(
    r"\b(?:change ?log|(?:revision|version|document) history|what changed|v\d+(?:\.\d+)+)\b", re.I
)


def binds_somebody(text: str, title: str) -> bool:
    """Whether a sentence without a time promises something.

    ``title`` is that of its section: what a list of changes tells of was promised elsewhere.
    """
    flat = " ".join(text.split())
    if _LEADS_IN.search(flat) or _RECORD.search(title):
        return False
    if _WE.search(flat):
        return True
    if _FORETOLD.search(flat):
        return False
    return any(words.search(flat) for words in (_DOER, _DONE, _PAPERS))
