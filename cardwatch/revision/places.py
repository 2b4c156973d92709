"""Entries of an account that say where they changed something: ``in Section 2.4``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from cardwatch.model import (
    Announcement,
    AnnouncementStatus,
    BlockKind,
    Change,
    Document,
    Evidence,
    Reading,
    Sentence,
    Span,
)
from cardwatch.revision.given import Given, Tools

_PLACE = re.compile(
    r"(?:(?P<kind>sections?|secs?\.|§{1,2}|clauses?|articles?|paragraphs?|chapters?|parts?|"
    r"appendi(?:x|ces)|annex(?:es)?|tables?|figures?|figs?\.)\s*)"
    r"(?P<first>(?:\d{1,3}|[A-Z])(?:\.(?:\d{1,3}|[A-Z]))*)\b"
    r"(?P<more>(?:\s*(?:,|and|&|to|–|-|, and)\s*(?:\d{1,3}|[A-Z])(?:\.(?:\d{1,3}|[A-Z]))*\b)*)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?:\d{1,3}|[A-Z])(?:\.(?:\d{1,3}|[A-Z]))*\b")
_SHOWN = frozenset(["table", "figure"])
# An entry that names the place and has this many of the words that differ tells of the change;
# with one word of the passage it names the class.
_TELLS = 3
_FEW = 3
_BY_PLACE = "names the place"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of an account with the places that it names."""

    account: int
    sentence: Sentence
    words: str
    places: frozenset[str]
    terms: frozenset[str]
    figures: frozenset[str]
    quoted: tuple[str, ...]


@dataclass(frozen=True)
class Entries:
    """The entries of all accounts in order, and which of them have each word."""

    entries: tuple[Entry, ...]
    by_term: Mapping[str, Sequence[int]]
    placed: tuple[Entry, ...]

    def sharing(self, terms: frozenset[str]) -> Iterator[Entry]:
        """The entries that have any of the words, in order."""
        numbers = {number for term in terms for number in self.by_term.get(term, ())}
        yield from (self.entries[number] for number in sorted(numbers))


def entries(given: Given, tools: Tools) -> Entries:
    """The entries of the accounts, with the places that each or its list item names."""
    titles = _titles(given)
    found = []
    for number, sentences in enumerate(given.units):
        # a post that speaks of a section explains it; a list says that it changed
        listed = given.accounts[number].listed
        reading = given.readings[number]
        item, known = -1, frozenset[str]()
        for sentence in sentences:
            words = reading.document.quote(sentence.span)
            places = frozenset(named(words)) | _named_titles(words, titles) if listed else known
            item, known = (
                sentence.block,
                (known | places if item == sentence.block and not places else places),
            )
            terms = tools.describe(words).terms
            figures = frozenset(_figures(words))
            quoted = tuple(quote.lower() for quote in _QUOTED.findall(words))
            found.append(Entry(number, sentence, words, known, terms, figures, quoted))
    by_term: dict[str, list[int]] = {}
    for number, entry in enumerate(found):
        for term in entry.terms:
            by_term.setdefault(term, []).append(number)
    return Entries(tuple(found), by_term, tuple(entry for entry in found if entry.places))


def _titles(given: Given) -> frozenset[str]:
    """The titles of sections that an entry can name: two words or more, without their numbers.

    A section that is most of the document is the document, and its title names no place.
    """
    return frozenset(
        title
        for reading in (given.old, given.new)
        for section in reading.document.sections
        if len(section.extent) * 4 < len(reading.document.text)
        and (title := " ".join(section.title.lower().split())).count(" ") >= 1
    ) - {" ".join(r.document.title.lower().split()) for r in (given.old, given.new)}


def _named_titles(words: str, titles: frozenset[str]) -> frozenset[str]:
    flat = " ".join(words.lower().split())
    return frozenset(f"title {title}" for title in titles if title in flat)


def named(text: str) -> Iterator[str]:
    """The numbered places that ``text`` names: ``2.4``, ``table 3.1``, ``figure 7``."""
    for match in _PLACE.finditer(text):
        kind = match["kind"].lower().rstrip("s.")
        kind = f"{kind.removesuffix('e')}e" if kind.startswith(("tabl", "figur")) else kind
        prefix = "figure " if kind == "fig" else f"{kind} " if kind in _SHOWN else ""
        for number in (match["first"], *_NUMBER.findall(match["more"] or "")):
            yield prefix + number.upper()


def located(said: Announcement, about: Sequence[Touch], given: Given) -> Announcement:
    """An announcement, raised where an entry spells the change out or names its place.

    An entry spells it out by the old and the new figure, or the old and the new words in
    quotation marks. One that names the place tells of the change if it has enough of the words
    that differ, and names its class if it has any of the passage's words.
    """
    if not about:
        return said
    # of equals the first
    best = max(about, key=lambda touch: touch.rank)
    if said.status is not AnnouncementStatus.ANNOUNCED:
        return _raised(said, best, given)
    lines = {(t.entry.account, t.entry.sentence.span) for t in about if t.fits or not best.fits}
    if said.account is not None and (said.account, said.evidence[0].span) in lines:
        return said
    # the entry for the place is better evidence than one that has like words
    line = evidence_of(given.readings[best.entry.account].document, best.entry.sentence.span)
    line = replace(line, note=_BY_PLACE)
    return replace(said, evidence=(line, *said.evidence), account=best.entry.account)


def elsewhere(change: Change, given: Given, listed: Entries) -> frozenset[tuple[int, Span]]:
    """The lines of lists that name places, none of which holds the change."""
    where = frozenset(_places(change, given))
    if not where:
        return frozenset()
    return frozenset(
        (entry.account, entry.sentence.span)
        for entry in listed.placed
        if not any(_holds(place, spot) for place in entry.places for spot in where)
    )


@dataclass(frozen=True, slots=True)
class Touch:
    """An entry that is about a change, with how many words say so.

    ``told`` of the words that differ, ``shared`` of the passage's words; ``fits`` unless the
    entry quotes words and the passage has none of them.
    """

    entry: Entry
    told: int
    shared: int
    fits: bool = True

    @property
    def rank(self) -> tuple[bool, int, int]:
        """What makes one entry better evidence than another."""
        return self.fits, self.told, self.shared


def touching(change: Change, given: Given, listed: Entries, tools: Tools) -> tuple[Touch, ...]:
    """The entries that are about a change by its place or its figures."""
    old, new = (side.quote if side else "" for side in (change.old, change.new))
    before, after = (tools.describe(words).terms if words else frozenset() for words in (old, new))
    both = before | after
    near = list(listed.sharing(both))
    if not near:
        return ()
    where = frozenset(_places(change, given))
    differ = before ^ after if before and after else both
    figures = frozenset(_figures(old)), frozenset(_figures(new))
    low = old.lower(), new.lower()
    found = []
    for entry in near:
        here = any(_holds(place, spot) for place in entry.places for spot in where)
        shared = len(entry.terms & both)
        spelled = _spells_out(entry, figures, low, here)
        if spelled or here:
            told = _TELLS if spelled else len(entry.terms & differ)
            fits = not entry.quoted or any(q in side for q in entry.quoted for side in low)
            found.append(Touch(entry, told, shared, fits))
    return tuple(found)


_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|"
    r"twenty|thirty|forty|fifty|sixty|ninety|once|twice|half|third|quarter)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"]([^“”\"]{2,80})[”\"]")


def _figures(words: str) -> Iterator[str]:
    return (figure.lower() for figure in _FIGURE.findall(words))


def _spells_out(
    entry: Entry, figures: tuple[frozenset[str], frozenset[str]], words: tuple[str, str], here: bool
) -> bool:
    """Whether an entry gives what stood there and what stands there now."""
    before, after = figures
    if entry.figures & (before - after) and entry.figures & (after - before):
        return True
    old, new = words
    # of a passage that stands in one edition only, any word went or came
    quoted = [q for q in entry.quoted if (old and new) or len(q.split()) >= _FEW]
    gone = any(quote in old and quote not in new for quote in quoted)
    come = any(quote in new and quote not in old for quote in quoted)
    return (gone and come) or (here and (gone or come))


def _raised(said: Announcement, best: Touch, given: Given) -> Announcement:
    entry, told = best.entry, best.told
    status = AnnouncementStatus.PARTLY_ANNOUNCED
    if told >= _TELLS:
        status = AnnouncementStatus.ANNOUNCED
    if said.status is AnnouncementStatus.PARTLY_ANNOUNCED and status is said.status:
        return said
    evidence = evidence_of(given.readings[entry.account].document, entry.sentence.span)
    evidence = replace(evidence, note=_BY_PLACE)
    rest = tuple(e for e in said.evidence if not e.span.overlaps(evidence.span))
    return replace(said, status=status, evidence=(evidence, *rest), account=entry.account)


def together(changes: Sequence[Change]) -> list[Change]:
    """The changes, where one part of a passage is announced by its place the others as well.

    Whoever is told that the passage was rewritten is told, in part, of all that it said.
    """
    told: dict[str, Announcement] = {}
    for change in changes:
        said = change.announcement
        if said and said.evidence and said.evidence[0].note == _BY_PLACE:
            told.setdefault(change.id.partition(".")[0], said)
    made = []
    for change in changes:
        said, known = change.announcement, told.get(change.id.partition(".")[0])
        if known and said and said.status is AnnouncementStatus.SILENT:
            change = replace(
                change,
                announcement=replace(
                    said,
                    status=AnnouncementStatus.PARTLY_ANNOUNCED,
                    evidence=(known.evidence[0], *said.evidence),
                    account=known.account,
                ),
            )
        made.append(change)
    return made


def evidence_of(document: Document, span: Span) -> Evidence:
    """A line of an account as evidence."""
    passage = document.passage(span)
    return Evidence(span, passage.quote, 1.0, passage.section, passage.page)


def _holds(named_place: str, spot: str) -> bool:
    """Whether a place is the one named or lies in it: ``2.4.1`` in ``2.4``."""
    if spot.endswith(".*"):
        return named_place.startswith(spot[:-1])
    return spot == named_place or spot.startswith(f"{named_place}.")


def _places(change: Change, given: Given) -> Iterator[str]:
    """The numbers of the sections that hold a change, and the tables and figures it speaks of."""
    for reading, passage in ((given.old, change.old), (given.new, change.new)):
        if passage is None:
            continue
        yield from _sections(reading, passage.span)
        yield from (place for place in named(passage.quote) if place.startswith(tuple(_SHOWN)))
        yield from _captions(reading, passage.span)


def _sections(reading: Reading, span: Span) -> Iterator[str]:
    document = reading.document
    section = document.section_at(span.start)
    yield from (f"title {' '.join(title.lower().split())}" for title in section.path)
    own = section.number
    if own:
        yield own.upper().rstrip(".")
    for note in document.footnotes:
        if note.body is None or not note.body.overlaps(span):
            continue
        for mark in note.marks:
            # a footnote belongs where it is called, or to a part of that
            called = document.section_at(mark.start).number.upper().rstrip(".")
            if called:
                yield from (called, f"{called}.*")


def _captions(reading: Reading, span: Span) -> Iterator[str]:
    """The numbers in the captions that stand beside a table."""
    blocks = reading.document.blocks
    at = reading.document.block_index(span.start) if blocks else 0
    if not blocks or blocks[at].kind is not BlockKind.TABLE:
        return
    for other in (at - 1, at + 1):
        if 0 <= other < len(blocks) and blocks[other].kind is BlockKind.CAPTION:
            yield from named(reading.document.quote(blocks[other].span))
