"""What the page shows, as plain values: the template only lays them out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from cardwatch.model import Coverage, Document, Standing, Suppression, Triage
from cardwatch.reports.html.places import Map
from cardwatch.reports.inert import one_line
from cardwatch.reports.words import Piece, shortened

_PLAIN = re.compile(r"[^A-Za-z0-9_-]+")
_UNREAD_SHOWN = 400
_LINE = 300
# The first screen names so many findings, with so many characters of each.
LEADS = 5
WORDS = 300
AGAINST = 160


@dataclass(frozen=True, slots=True)
class Paper:
    """One of the compared documents, for the head of the page."""

    role: str
    title: str
    location: str
    address: str
    facts: str
    sha256: str
    times: str
    unread: tuple[tuple[str, str, str], ...]
    unread_more: int


@dataclass(frozen=True, slots=True)
class Tally:
    """A number with its name and look."""

    name: str
    number: int
    look: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of a stacked bar: where it begins and how long it is, in thousandths."""

    start: float
    length: float
    look: str


@dataclass(frozen=True, slots=True)
class Side:
    """A passage beside another: its words, its place, and a link to the place if there is one."""

    label: str
    pieces: tuple[Piece, ...]
    place: str
    address: str = ""
    note: str = ""
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a judgement."""

    name: str
    value: str
    weight: str
    note: str


@dataclass(frozen=True, slots=True)
class Line:
    """A drift as a line of steps: ``runs`` are its points where it is unbroken, in SVG units.

    ``ends`` name the first and the last version, ``says`` tells the same in words.
    """

    width: int
    height: int
    runs: tuple[str, ...]
    dots: tuple[tuple[int, float], ...]
    says: str
    ends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a statement, against the one before it, and the versions that have it."""

    versions: str
    step: str
    look: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """How many statements one version brought, made firmer, took away and made weaker.

    ``most`` is the largest sum on one side in any version: the scale of the plot.
    """

    number: int
    label: str
    added: int
    strengthened: int
    removed: int
    weakened: int
    most: int

    @property
    def bars(self) -> tuple[Bar, ...]:
        """Bars up and down from the middle, in SVG units of a plot that is 100 high."""
        scale, made = 46 / self.most, []
        up, down = 50.0, 50.0
        for number, look in ((self.strengthened, "stated"), (self.added, "linked")):
            up -= number * scale
            made.append(Bar(round(up, 2), round(number * scale, 2), look))
        for number, look in ((self.weakened, "contradicted"), (self.removed, "absent")):
            made.append(Bar(round(down, 2), round(number * scale, 2), look))
            down += number * scale
        return tuple(bar for bar in made if bar.length)


@dataclass(frozen=True, slots=True)
class Edition:
    """One version in the list of versions; ``warns``: it took the place of another in silence."""

    number: int
    label: str
    upload: str
    warns: bool
    changes: int
    noise: int
    location: str


@dataclass(frozen=True, slots=True)
class Card:
    """One finding: two passages side by side, or a redline with its two sides folded.

    ``head`` is what its badge says, ``status`` what it is counted and filtered as. ``account``
    is what was said of a change.
    """

    anchor: str
    id: str
    number: int
    head: str
    look: str
    severity: str
    labels: tuple[str, ...]
    place: str
    section: str
    why: str
    left: Side
    right: tuple[Side, ...]
    lines: tuple[tuple[str, str], ...]
    terms: tuple[Term, ...]
    standing: str
    reason: str
    redline: tuple[Piece, ...] = ()
    account: tuple[Side, ...] = ()
    status: str = ""
    line: Line | None = None
    wordings: tuple[Wording, ...] = ()

    @property
    def counted(self) -> str:
        """What the card is filtered as."""
        return self.status or self.head


@dataclass(frozen=True, slots=True)
class Rate:
    """How many changes of a category the account passes over; shares are 0 to 1."""

    category: str
    name: str
    changes: int
    silent: int
    partly: int

    @property
    def strict(self) -> float:
        """The share that is silent or only partly announced."""
        return (self.silent + self.partly) / self.changes

    @property
    def lenient(self) -> float:
        """The share that is wholly silent."""
        return self.silent / self.changes


@dataclass(frozen=True, slots=True)
class Tick:
    """A finding on the strip: its place from 0 to 1000, its height from 0 to 1 and its look."""

    x: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Lead:
    """A finding in one line, for the first screen: its words and what stands against them."""

    anchor: str
    number: int
    head: str
    look: str
    severity: str
    place: str
    pieces: tuple[Piece, ...]
    against: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One result, ready for the page. ``leads`` are its first findings, under ``leading``."""

    kind: str
    anchor: str
    title: str
    lead: str
    papers: tuple[Paper, ...]
    tallies: tuple[Tally, ...]
    of: str
    severities: tuple[Tally, ...]
    notes: tuple[tuple[str, str], ...]
    maps: tuple[Map, ...]
    ticks: tuple[Tick, ...]
    cards: tuple[Card, ...]
    more: int
    rates: tuple[Rate, ...] = ()
    strict: str = ""
    lenient: str = ""
    unfound: tuple[Side, ...] = ()
    triage: Triage | None = None
    leads: tuple[Lead, ...] = ()
    leading: str = ""
    drift: tuple[Drift, ...] = ()
    editions: tuple[Edition, ...] = ()

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The tallies as one stacked bar."""
        whole = sum(tally.number for tally in self.tallies) or 1
        bars, at = [], 0.0
        for tally in self.tallies:
            length = tally.number * 1000 / whole
            bars.append(Bar(round(at, 2), round(length, 2), tally.look))
            at += length
        return tuple(bars)

    @property
    def suppressions(self) -> tuple[Order, ...]:
        """Suppressions that left nothing out, each with why."""
        if self.triage is None:
            return ()
        return (
            *(_order("expired", each) for each in self.triage.expired),
            *(_order("fits nothing", each) for each in self.triage.unused),
        )


@dataclass(frozen=True, slots=True)
class Order:
    """A suppression that left nothing out."""

    state: str
    aim: str
    expires: str
    reason: str


def _order(state: str, given: Suppression) -> Order:
    aim, expires, reason = (
        shortened(each, _LINE) for each in (given.aim, given.expires, given.reason)
    )
    return Order(state, aim, expires, reason)


def paper(role: str, document: Document) -> Paper:
    """A document for the head of the page."""
    source = document.source
    unread = document.coverage.unread
    times = [("published", source.published), ("retrieved", source.retrieved)]
    return Paper(
        role=role,
        title=title_of(document),
        location=one_line(source.location),
        address=safe_address(source.url),
        facts=measure(document.coverage),
        sha256=one_line(source.sha256),
        times=" · ".join(f"{name} {one_line(value)}" for name, value in times if value),
        unread=tuple(
            (
                one_line(each.kind)[:_LINE],
                "" if each.page is None else f"p. {each.page}",
                one_line(each.reason)[:_LINE],
            )
            for each in unread[:_UNREAD_SHOWN]
        ),
        unread_more=max(0, len(unread) - _UNREAD_SHOWN),
    )


def title_of(document: Document) -> str:
    """What a document calls itself, else where it came from."""
    return shortened(document.title or document.source.location, _LINE)


def measure(coverage: Coverage) -> str:
    """How long a document is, and how much of it was read."""
    parts = [count(coverage.pages, "page")] if coverage.pages else []
    parts.append(count(coverage.words, "word"))
    kinds = Counter(one_line(each.kind)[:_LINE] for each in coverage.unread)
    unread = ", ".join(count(number, kind) for kind, number in sorted(kinds.items()))
    parts.append(f"not read: {unread}" if unread else "all read")
    return " · ".join(parts)


def count(number: int, one: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one}{'' if number == 1 else 's'}"


def where(page: int | None, section: str) -> str:
    """Page and section as a reader cites them."""
    parts = [f"p. {page}" if page is not None else "", shortened(section, _LINE)]
    return " · ".join(part for part in parts if part) or "at the start"


def safe_address(url: str, page: int | None = None) -> str:
    """The address if it is one of the web, opened at the page; else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not parts.netloc or one_line(url) != url:
        return ""
    is_pdf = parts.path.lower().endswith(".pdf")
    return f"{url.partition('#')[0]}#page={page}" if page is not None and is_pdf else url


class Anchors:
    """Names for findings that are safe in an address and never twice the same."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def name(self, kind: str, finding: str) -> str:
        """``kind-finding``; what is neither letter, digit nor underscore becomes a line."""
        plain = _PLAIN.sub("-", finding)[:64].strip("-") or "x"
        name = f"{kind}-{plain}"
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}.{self._seen[name]}"


def standing(triage: Triage | None, finding: str) -> tuple[str, str]:
    """How a finding stands, and why if it is suppressed."""
    if triage is None:
        return Standing.NEW.value, ""
    return triage.standing(finding).value, shortened(triage.reason(finding), _LINE)


def tallies(names: Iterable[str], numbers: Counter[str], looks: Sequence[str]) -> tuple[Tally, ...]:
    """The names that occur, each with its number and look."""
    return tuple(
        Tally(name, numbers[name], look)
        for name, look in zip(names, looks, strict=True)
        if numbers[name]
    )
