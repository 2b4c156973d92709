"""What a section is for, by its heading and its words: to tell of changes, or to bind nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cardwatch.model import Document, Section

# Sections that tell of changes: what they say is about the document and not part of it.
_ACCOUNT = re.compile(
    r"\b(?:change ?logs?|(?:revision|version|amendment|document|change)s? (?:history|log|notes?)|"
    r"release notes|what(?:['’]s| is| has) (?:new|changed)|"
    r"(?:summary|list|overview|record|table) of (?:the )?(?:changes|revisions|amendments|updates)|"
    r"(?:changes|updates|revisions|corrections|amendments) (?:since|made|in|to|from) "
    r"(?:the |this |our )?(?:\w+ )?(?:version|edition|revision|release|document|\d|january|"
    r"february|march|april|may|june|july|august|september|october|november|december|v\d|last)|"
    r"history of (?:changes|revisions|this document)|errata|corrigend\w+)",
    re.IGNORECASE,
)
_ACCOUNT_ALONE = re.compile(r"(?:recent )?(?:changes|updates|revisions|corrections)", re.IGNORECASE)
# Sections whose words advise, illustrate or look ahead, and commit nobody.
_ADVICE = re.compile(
    r"\b(?:recommend\w*|suggest\w*|best practices?|good practices?|guidance|guidelines?|advice|"
    r"tips|aspiration\w*|considerations?|non-?binding|informative|voluntary|optional|"
    r"future (?:work|directions|plans)|looking ahead|next steps|background|illustrat\w+|"
    r"examples?|faqs?|frequently asked|discussion|further reading|resources|proposals?)\b",
    re.IGNORECASE,
)
_APPENDIX = re.compile(r"^\W*(?:appendix|appendices|annex(?:es)?|addendum|supplement\w*)\b", re.I)
_EDITED = re.compile(
    r"\b(?:correct|updat|add|remov|clarif|not|mov|reword|rewr\w+|standardi[sz]|fix|revis|renam|"
    r"replac|amend|delet|expand|shorten|renumber|adjust|introduc)(?:e?d|ied|itten|ote)\b",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\b(?:sections?|figures?|tables?|appendix|chapter|page|footnote)\b|§", re.I)


def tells_of_changes(section: Section) -> bool:
    """Whether the headings down to a section say that it tells of changes."""
    trail = section.path or (section.title,)
    return any(
        _ACCOUNT.search(title) or _ACCOUNT_ALONE.fullmatch(title.strip(" .:")) for title in trail
    )


def reads_as_account(sentences: Sequence[str]) -> bool:
    """Whether most of several sentences say that a place of the document was edited."""
    if len(sentences) < 2:
        return False
    telling = sum(bool(_EDITED.search(s) and _PLACE.search(s)) for s in sentences)
    return telling >= 2 and telling * 2 >= len(sentences)


def binds_nobody(section: Section) -> bool:
    """Whether the headings down to a section say that it advises, illustrates or is appended."""
    trail = section.path or (section.title,)
    return section.appendix or any(_ADVICE.search(t) or _APPENDIX.search(t) for t in trail)


def chapter(document: Document, offset: int) -> str:
    """The highest heading below the title that holds a place, without its number."""
    section = document.section_at(offset)
    path = section.path or (section.title,)
    tops = [s for s in document.sections if s.level == 1]
    at = 1 if len(tops) == 1 and len(path) > 1 else 0
    return re.sub(r"^[\W\d.]+", "", path[min(at, len(path) - 1)]).lower()
