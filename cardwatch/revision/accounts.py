"""Where a publisher accounts for a revision, and which of its lines say anything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from cardwatch.model import BlockKind, Document, Reading, Section, Sentence, Span

# Headings under which editions list their own changes.
_HEADING = re.compile(
    r"\b(?:change[ -]?logs?|changes? histor(?:y|ies)|revision (?:history|notes?|log|record)|"
    r"version (?:history|notes?|log|record)|histor(?:y|ies) of (?:changes|revisions|versions|this)|"
    r"release notes?|document (?:history|control)|amendments?|errata|corrigend\w+|corrections|"
    r"updates? (?:log|history)|what(?:['’]s| is| has| was)? (?:new|changed|different)|"
    r"(?:summary|list|record|table|overview) of (?:the )?(?:\w+ )?(?:changes|revisions|updates|"
    r"amendments)|(?:key|main|recent|notable|significant|material|major) (?:changes|revisions|"
    r"updates|amendments)|changes (?:since|from|by version|in this|to this|made|between|compared)|"
    r"(?:revisions|updates|differences) (?:since|from|in this|to this))\b|"
    r"^\W*(?:changes|revisions|updates|recent updates|history)\W*$",
    re.IGNORECASE,
)
_SURELY = re.compile(r"\b(?:log|history|notes?|record|errata|corrigend\w+|what)\b", re.IGNORECASE)
_PAPERS = (
    r"(?:these|this|the|our) (?:\w+ ){0,2}?(?:terms|rules|conditions|polic(?:y|ies)|agreement|"
    r"notice|framework|documents?|guidelines)"
)
_CHANGED = r"\b(?:chang|modif|updat|amend|revis|alter)\w*"
_MAY_CHANGE = re.compile(
    rf"\b(?:may|can|might|reserves?\b[^.]{{0,30}}?\bright to) [^.]{{0,40}}?{_CHANGED}[^.]{{0,40}}?"
    rf"\b{_PAPERS}\b|\b{_PAPERS}\b [^.]{{0,30}}?(?:may|can|might) be {_CHANGED}|"
    rf"\bchanges to {_PAPERS}\b [^.]{{0,60}}?\b(?:will|must|shall|are)\b",
    re.IGNORECASE,
)
# A heading of more words than this is a sentence about something.
_HEADING_WORDS = 9
# How an edition speaks of the one before it in running text.
_PAPER = (
    r"(?:polic(?:y|ies)|framework|terms|document|notice|agreement|standard|charter|"
    r"guidelines?|NAME)"
)
_REMARK = (
    rf"(?:\b(?:[Oo]ur|[Tt]he|[Ii]ts) (?:previous|prior|earlier|former|preceding) (?:\w+ )?{_PAPER}|"
    rf"\b(?:[Pp]revious|[Pp]rior|[Ee]arlier|[Pp]ast) (?:versions?|editions?|iterations?) of "
    rf"(?:this|our|the) (?:\w+ ){{0,2}}?{_PAPER}|"
    r"\b[Tt]his (?:new|revised|updated|second|third|fourth|fifth|latest) "
    r"(?:version|edition|iteration|update|revision)\b|"
    r"\bin this (?:version|edition|revision|update)\b|"
    rf"\bnew (?:requirements?|commitments?|sections?|elements?) (?:under|in|of) "
    rf"(?:our|this|the) (?:\w+ )?{_PAPER})"
)
# How an account says that something is as it was.
_AS_BEFORE = re.compile(
    r"\b(?:remains?|stays?|unchanged|as before|(?:has|have|does|do|did|will|is|are) not chang\w*|"
    r"(?:hasn|haven|doesn|didn|won)['’]t chang\w*|(?:stays?|is|are) the same|continues? to be|"
    r"nothing (?:in|about|has|will))\b",
    re.IGNORECASE,
)
_SAME_HEADING = re.compile(
    r"\b(?:stays? the same|staying the same|not chang\w+|unchanged|the same|remains?)\b", re.I
)
_VERSION = re.compile(
    r"(?:\bversion|\bv|\bedition|\brev(?:ision)?\.?)\s*(\d+(?:\.\d+){0,3})\b", re.I
)
_SINCE = re.compile(r"\b(?:since|from|after|between|compared)\b", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DATE = re.compile(
    r"\b(?:(?P<y1>(?:19|20)\d\d)-(?P<m1>\d\d)-(?P<d1>\d\d)|"
    r"(?P<d2>\d{1,2})(?:st|nd|rd|th)?\s+(?P<n2>[A-Z][a-z]{2,8})\.?,?\s+(?P<y2>(?:19|20)\d\d)|"
    r"(?P<n3>[A-Z][a-z]{2,8})\.?\s+(?:(?P<d3>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y3>(?:19|20)\d\d))\b"
)
_WORD = re.compile(r"[a-z][a-z'’-]+|\d[\d.,%]*")
# Words that fit every revision: a line made of them, and of nothing else, identifies no change.
_GENERAL = frozenset(
    "a about above across add added addition additional address adjust adjusted adjustments all "
    "also american an and applicable apply approach are as aspects at based be been beginning "
    "below best better british by card careful certain change changed changes clarif "
    "clarification clarifications clarified clarifies clarify clarifying clarity clean cleaned "
    "clear clearer comments comprehensive comprehensively consistency content correct corrected "
    "correcting correction corrections current date describe described description details "
    "differences different document easier edit edited edition editorial edits efforts end "
    "english enhance enhanced enhancements entire entirely error errors experience feedback few "
    "fix fixed fixes following for format formatting found framework from full fully general "
    "grammar grammatical ground has have here housekeeping how improve improved improvement "
    "improvements improving in including incorporate incorporated incorporates incorporating "
    "information introduce introduced is it its key language learned lessons link links list "
    "made main major make makes making many material minor more most names new newest no not "
    "note notes now number numbers of on or order original other our overall page pages part "
    "parts plainer policies policy post practice practices previous previously prior process "
    "processes provide provided provides public publish published publishing put read "
    "readability readable reader readers recent references refine refined refinements reflect "
    "reflects reformatted release released releasing renumber renumbered reorder reordered "
    "reorganise reorganised reorganize reorganized restructure restructured revise revised "
    "revision revisions rewrite rewriting rewritten second section sections see several shorter "
    "simpler simplified simplify since small some spelling standardised standardization "
    "standardized standards streamline streamlined structure style summary system term terms "
    "text than that the their them therefore these they thinking third this those through "
    "throughout time to today typo typographical typos understand understanding understood up "
    "update updated updates updating us user various version versions was ways we were what "
    "when where which while whole will with word wording work year years you your".split()
)
# A line must have this many words of its own beside them to identify anything.
_OWN_WORDS = 2


def find_accounts(reading: Reading) -> tuple[Span, ...]:
    """The places in a document where it lists its own changes: sections by their headings."""
    found: list[Span] = []
    for section in reading.document.sections:
        if found and found[-1].contains(section.span):
            continue
        if section.level > 0 and _is_account(section, reading.document):
            found.append(section.extent)
    return tuple(found)


def fresh(parts: Sequence[Span], reading: Reading, earlier: Reading) -> tuple[Span, ...]:
    """What of ``parts`` is about this revision and not about those before it.

    That is: what the earlier edition does not have word for word, outside entries whose
    version or date is not after the earlier edition's.
    """
    document, known = reading.document, _lines(earlier.document)
    past = [
        section.extent
        for section in document.sections
        if _within(section.span, parts)
        and (mark := _mark(section.title))
        and not _between(mark, earlier.document, document)
    ]
    own = [b.span for part in parts for b in document.blocks if part.contains(b.span)]
    own = [span for span in own if not _within(span, past)]
    own = [span for span in own if _flat(document.quote(span)) not in known]
    return _merged(span for span in own if document.quote(span).strip())


def _is_account(section: Section, document: Document) -> bool:
    title = section.title
    if len(title.split()) > _HEADING_WORDS or not _HEADING.search(title):
        return False
    # "Changes" may head what was changed or the right to change: the text tells
    return bool(_SURELY.search(title)) or not _MAY_CHANGE.search(document.quote(section.extent))


def is_listed(account: Document) -> bool:
    """Whether a whole document is a list of changes, by its title or its first heading."""
    first = next((section.title for section in account.sections if section.title), "")
    titles = [account.title, first]
    return any(len(t.split()) <= _HEADING_WORDS and _HEADING.search(t) for t in titles)


def remarks(reading: Reading, other: Reading, parts: Sequence[Span]) -> tuple[Span, ...]:
    """Sentences outside ``parts`` in which a new edition speaks of the one before it.

    With what follows in the same paragraph, which says what is meant.
    """
    document, known = reading.document, _lines(other.document)
    initials = [name for name in names_of(document) if 2 <= len(name) <= 6]
    names = "|".join(re.escape(name.upper()) + r"\b" for name in sorted(initials)) or "(?!)"
    remark = re.compile(_REMARK.replace("NAME", names))
    found: list[Span] = []
    block = -1
    for sentence in reading.sentences:
        if any(part.overlaps(sentence.span) for part in parts):
            continue
        words = document.quote(sentence.span)
        if sentence.block == block or (remark.search(words) and _flat(words) not in known):
            block = sentence.block
            found.append(sentence.span)
    return _merged(found)


def relevant(account: Document, old: Document, new: Document) -> tuple[Span, ...]:
    """The places of an account that are about this revision and not about other ones.

    Where its sections, or the entries of a list, bear versions or dates, those after the old
    edition's and up to the new one's count; without any such marks the whole of it does.
    """
    whole = (Span(0, len(account.text)),)
    marked = [(section, _mark(section.title)) for section in account.sections if section.level]
    marked = [(section, mark) for section, mark in marked if mark is not None]
    if len(marked) < 2:
        return whole
    ours = [section for section, mark in marked if mark and _between(mark, old, new)]
    if not ours:
        newest = max((mark for _, mark in marked if mark), default=None)
        ours = [section for section, mark in marked if mark == newest]
    others = [section.extent for section, _ in marked if section not in ours]
    return _without(whole[0], others)


def _without(whole: Span, holes: Sequence[Span]) -> tuple[Span, ...]:
    parts: list[Span] = []
    at = whole.start
    for hole in sorted(holes):
        if hole.start > at:
            parts.append(Span(at, hole.start))
        at = max(at, hole.end)
    if at < whole.end:
        parts.append(Span(at, whole.end))
    return tuple(parts)


Marked = tuple[str, tuple[int, ...]]


def _mark(text: str) -> Marked | None:
    """The version or date that a heading bears, in an order of its own kind.

    A heading such as "since 3 May" bears none: it names the day from which it counts.
    """
    if _SINCE.search(text):
        return None
    version = _VERSION.search(text)
    if version:
        return "version", tuple(int(part) for part in version[1].split("."))
    day = date_in(text)
    return ("date", day) if day else None


def date_in(text: str) -> tuple[int, int, int] | None:
    """The first date that ``text`` names, as year, month and day; a month alone is its first."""
    for match in _DATE.finditer(text):
        name = (match["n2"] or match["n3"] or "").lower()[:3]
        if name and name not in _MONTHS:
            continue
        month = int(match["m1"]) if match["m1"] else _MONTHS.index(name) + 1
        day = int(match["d1"] or match["d2"] or match["d3"] or 1)
        if 1 <= month <= 12 and 1 <= day <= 31:
            return int(match["y1"] or match["y2"] or match["y3"]), month, day
    return None


def _between(mark: Marked, old: Document, new: Document) -> bool:
    kind, value = mark
    before, after = _own_mark(old, kind), _own_mark(new, kind)
    if before is None and after is None:
        return False
    late_enough = value > before if before else value == after
    return late_enough and (after is None or value <= after)


# The front of a document, where it names its version and date.
_FRONT = 1500


def _own_mark(document: Document, kind: str) -> tuple[int, ...] | None:
    front = f"{document.title}\n{document.text[:_FRONT]}"
    if kind == "version":
        match = _VERSION.search(front)
        return tuple(int(part) for part in match[1].split(".")) if match else None
    return date_in(document.source.published) or date_in(front)


def is_general(text: str, names: frozenset[str] = frozenset()) -> bool:
    """Whether a line of an account fits any revision and so identifies no change.

    ``names`` are words that the document is called by; they identify nothing either.
    """
    words = _WORD.findall(_VERSION.sub(" ", text).lower())
    own = {word.removesuffix("’s").removesuffix("'s") for word in words if len(word) > 1}
    return len(own - _GENERAL - names) < _OWN_WORDS


def names_of(*documents: Document) -> frozenset[str]:
    """The words of the documents' titles, and the initials that stand for them."""
    found: set[str] = set()
    for document in documents:
        words = _WORD.findall(document.title.lower())
        found.update(words)
        found.add("".join(word[0] for word in words))
        found.add("".join(word[0] for word in words if word.isalpha()))
    return frozenset(found)


def items(reading: Reading, parts: Sequence[Span], listed: bool) -> Iterator[Span]:
    """The declarations of an account: entries of its lists, or sentences that tell of a change.

    ``listed``: the whole account is a list of changes, so that every entry declares one; in
    other accounts that goes for the sections that are headed as lists of changes.
    """
    document = reading.document
    lists = [s.extent for s in document.sections if s.level and _is_account(s, document)]
    for sentence in labelled(reading.document, reading.sentences):
        span = sentence.span
        kind = document.blocks[sentence.block].kind if document.blocks else BlockKind.PARAGRAPH
        if kind in _NO_ENTRY or not _within(span, parts):
            continue
        words = document.quote(span)
        entry = (listed or _within(span, lists)) and len(words.split()) > _SHORTEST
        entry = entry and not words.rstrip().endswith(":")  # what brings in the list is no entry
        if entry or _DECLARES.search(words):
            yield span


_NO_ENTRY = frozenset([BlockKind.HEADING, BlockKind.CAPTION, BlockKind.CODE])
_SHORTEST = 3  # words; less is a label


def telling(reading: Reading, parts: Sequence[Span], names: frozenset[str]) -> Iterator[Sentence]:
    """The sentences of an account that can tell of a change.

    Not those that fit every revision, nor those that say that something is as before.
    """
    document = reading.document
    same = [s.extent for s in document.sections if s.level and _SAME_HEADING.search(s.title)]
    whole = list(labelled(document, [s for s in reading.sentences if _within(s.span, parts)]))
    for unit in whole:
        words = document.quote(unit.span)
        if _AS_BEFORE.search(words) or _within(unit.span, same) or is_general(words, names):
            continue
        yield unit


def labelled(document: Document, sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The sentences, a label such as ``Incidents.`` joined with the sentence that it heads."""
    waiting: Sentence | None = None
    for sentence in sentences:
        if waiting is not None and waiting.block == sentence.block:
            sentence = replace(
                sentence,
                span=waiting.span.cover(sentence.span),
                words=(*waiting.words, *sentence.words),
            )
        elif waiting is not None:
            yield waiting
        waiting = None
        kind = document.blocks[sentence.block].kind if document.blocks else BlockKind.PARAGRAPH
        if kind not in _NO_ENTRY and len(sentence.words) <= _SHORTEST:
            waiting = sentence
        else:
            yield sentence
    if waiting is not None:
        yield waiting


# Words with which a post tells that something is otherwise than before.
_DECLARES = re.compile(
    r"\b(?:we (?:now|have (?:added|removed|changed|updated|replaced|clarified|expanded|moved)|"
    r"(?:are )?(?:adding|removing|replacing|introducing|expanding|no longer))|no longer|"
    r"is new\b|are new\b|new (?:requirement|commitment|version|policy|framework) \w+|"
    r"introduc(?:es|ed|ing) (?:a|an|new)|has been (?:added|removed|changed|replaced|updated|moved|"
    r"extended|shortened|rewritten|corrected)|"
    r"have been (?:added|removed|changed|replaced|updated|moved|"
    r"extended|shortened|corrected)|up from|down from|instead of (?:the|our)|until now|"
    r"from now on|now (?:requires?|includes?|covers?|applies|applie|must|will))\b",
    re.IGNORECASE,
)


def _within(span: Span, parts: Sequence[Span]) -> bool:
    return any(part.contains(span) for part in parts)


def _lines(document: Document) -> frozenset[str]:
    return frozenset(_flat(document.quote(block.span)) for block in document.blocks)


def _flat(text: str) -> str:
    # without blanks: text taken from pages often runs words together
    return re.sub(r"\W+", "", text).lower()


def _merged(spans: Iterator[Span] | Sequence[Span]) -> tuple[Span, ...]:
    """Spans in order, those that touch or follow within a blank line joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end + 2:
            joined[-1] = joined[-1].cover(span)
        else:
            joined.append(span)
    return tuple(joined)
