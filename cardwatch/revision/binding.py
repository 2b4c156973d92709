"""How firmly words bind: a commitment, a hope, a definition or a tale of the past."""

from __future__ import annotations

import re

# Grades of binding, 0 to 1. They order rows for a reader and are in no verdict; the steps follow
# the scale of obligation (must and will, aim, may, recommend), with what is no commitment below.
_FIRM = 1.0
_OTHERS = 0.8
_CONDITIONAL_LEAVE = 0.75
_HEDGED = 0.6
_DOES = 0.5
_MAY = 0.4
_THINKS = 0.25
_TELLS = 0.15
_SAYS = 0.3

# From this grade on a passage binds at all.
BINDS = 0.28

_LABEL = re.compile(r"\A\W*(?:\d{1,3}[.):]?\s*)?(?:[A-Z][\w’'&/-]*(?: [\w’'&/-]+){0,5}[:.]\s*)?")
_OWN = (
    r"(?:we|our \w+(?: \w+)?|(?:the|our|its)? ?(?:company|board|trust|officer|committee|council|"
    r"team|staff|executives?|reviewers?|ceo|publisher|provider|lab|laboratory)\w*)"
)
_BOUND = re.compile(
    rf"\b{_OWN}(?: \(?\w+\)?,?){{0,3}}? (?:will|shall|must|won['’]t)\b|"
    rf"\bwe (?:\w+ )?(?:commit|pledge|promise|"
    r"undertake|guarantee|require|agree)\b|\bcommit(?:ment|ments|s|ted|ting)? (?:not )?to\b|"
    r"\b(?:we|it) (?:are|is) (?:\w+ )?committed\b|\bwe (?:do not|don['’]t|never)\b|"
    r"\bwe (?:are )?required? ",
    re.IGNORECASE,
)
_BINDS = re.compile(
    r"\b(?:will|shall|must|(?:is|are|be) required|requires?|may not|(?:is|are) prohibited|"
    r"needs? to|(?:is|are) not (?:allowed|permitted))\b",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:will|shall|must) (?:\w+ ){0,2}?(?:likely|probably|usually|generally|ideally|"
    r"try|aim|strive|"
    r"seek|consider|look|work toward|explore|endeavou?r|not necessarily|attempt|"
    r"continue to research)"
    r"\b|\bwe (?:\w+ )?(?:aim|intend|plan|expect|hope|aspire|strive|seek|try) to\b|"
    r"\bbest efforts\b|\breasonable efforts\b",
    re.IGNORECASE,
)
# ``will depend on``: what is said of things binds nobody.
_FACT = re.compile(
    r"\b(?:will|would|may|might|could|can|should) (?:\w+ )?(?:be (?:difficult|hard|impossible|"
    r"possible|necessary|likely|clear|fully|higher|lower)|depend|involve|evolve|vary|differ|mean|"
    r"become|remain|reflect|increase|decrease|arise|need|bring about|likely (?:involve|mean|need|"
    r"be)|continue to (?:evolve|improve|grow))\b",
    re.IGNORECASE,
)
_MAYS = re.compile(r"\b(?:may|might|could|can)\b", re.IGNORECASE)
_LEAVE = re.compile(
    r"\bmay\b(?=.*\b(?:only|if either|if (?:both|all|the following)|provided)\b)", re.I | re.S
)
_DEFINES = re.compile(
    r"\b(?:is|are|was) (?:operationali[sz]ed|defined|measured|intended|designed|"
    r"meant) (?:as|to|in)\b|"
    r"\brefers? to\b|\bmeans\b|\bwe (?:\w+ )?(?:define|use the (?:term|concept))|\bby “|"
    r"\A\W*(?:[A-Z][\w’'&-]*\W+){1,5}(?:\([^)]*\) )?(?:is|are) (?:an?|the|our|one)\b|"
    r"\A\W*(?:an?|the|this|these) [^.;:]{1,80}? (?:is|are) (?:an?|the|our|one|not|core|intended)\b"
)
_THINKS_OF = re.compile(
    r"\A\W*(?:[^.;:]{1,90}?, )?(?:we|it) (?:\w+ )?(?:believe|think|hope|expect(?! to)|recogni[sz]e|"
    r"view|note|found|find|consider|anticipate|see|is (?:possible|likely|clear|also possible))\b|"
    r"\bit is (?:also )?(?:possible|likely|unclear)\b|\bwould (?:advocate|view|consider)\b",
    re.IGNORECASE,
)
_TALE = re.compile(
    r"\A\W*(?:(?:in|on|since) (?:\w+ )?(?:19|20)\d\d\b|(?:we|i) (?:have |had |also |also have )?"
    r"(?:released?|published|launched|introduced|added|removed|updated|clarified|adopted|replaced|"
    r"decided|adjusted|identified|learned|weighed|found|made|revised)\b|we are (?:now |also )?"
    r"(?:updating|publishing|releasing|introducing)\b|this (?:update|version|edition|"
    r"revision|policy|"
    r"document|section|appendix)\b|(?:above|below|here|in this section)\b|previously\b|while\b|"
    r"because\b|although\b|since\b|as (?:noted|described|discussed)\b|instead of\b)",
    re.IGNORECASE,
)
# What brings in a list is not what binds; and a will to be good at something sets no act.
_LEADS_IN = re.compile(r"\b(?:following|as follows|below|these)\b[^.]{0,60}:\W*\Z", re.IGNORECASE)
_VAGUE = re.compile(
    r"\b(?:are|is|remain|stay)s? (?:\w+ )?committed to \w+ing\b|\blook(?:ing)? forward to\b|"
    r"\b(?:responsib|transparen|thoughtful|safe)ly\.\W*\Z|\bbalance\b.{1,60}\b(?:with|and)\b",
    re.IGNORECASE,
)
_PLEDGE = re.compile(
    r"\bcommitments? (?:not )?to\b|\bcommit(?:s|ted)? (?:not )?to\b", re.IGNORECASE
)
_DOING = re.compile(r"\bwe (?:\w+ ){0,2}?[a-z]{3,}\b", re.IGNORECASE)
_ORDERS = re.compile(
    r"\A(?:make|design|run|demonstrate|show|use|conduct|document|develop|establish|align|build|"
    r"invest|specify|prespecify|define|ensure|maintain|provide|publish|report|notify|test|review|"
    r"assess|monitor|audit|train|keep|restrict|limit|follow|share|identify|implement|prevent)\b",
    re.IGNORECASE,
)
# Sections that explain, list or record and do not commit.
_ASIDE_SECTION = re.compile(
    r"\b(?:glossary|definitions?|terminology|abbreviations|acronyms|contents|acknowledge?ments?|"
    r"references|bibliography|change ?log|revision history|background|about)\b",
    re.IGNORECASE,
)
_ASIDE = 0.5
_QUOTED_NOTE = 0.85


def binding(text: str, section: str = "", *, note: bool = False) -> float:
    """How firmly a passage binds its publisher, 0 to 1.

    ``text`` in plain words (see ``mender``), ``section`` the titles it stands under; ``note``
    where it is a footnote.
    """
    grade = _grade(" ".join(text.split()))
    if _ASIDE_SECTION.search(section):
        grade *= _ASIDE
    return grade * (_QUOTED_NOTE if note else 1.0)


def _grade(text: str) -> float:
    bare = _LABEL.sub("", text, count=1) or text
    pledge = bool(_PLEDGE.search(text))
    if _TALE.match(bare) and not pledge and not _BOUND.search(bare):
        return _TELLS
    if _LEADS_IN.search(bare):
        return _SAYS
    if _THINKS_OF.search(bare):
        return _THINKS
    if _VAGUE.search(bare):
        return _MAY
    if _DEFINES.search(bare) and not pledge and not _BOUND.search(bare):
        return _TELLS
    if _FACT.search(bare) and not _BOUND.search(bare):
        return _THINKS
    if _LEAVE.search(bare):
        return _CONDITIONAL_LEAVE
    if _HEDGE.search(bare):
        return _HEDGED
    if pledge or _BOUND.search(bare):
        return _FIRM
    if _ORDERS.match(bare) or _BINDS.search(bare):
        return _OTHERS
    if _MAYS.search(bare):
        return _MAY
    return _DOES if _DOING.search(bare) else _SAYS
