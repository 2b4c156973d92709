"""What is watched, what a fetch turned out to be, and what is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cardwatch.model.results import Revision, Severity


class SourceKind(StrEnum):
    """What stands at a watched address: a document, or a place that names new documents."""

    PAGE = "page"
    PDF = "pdf"
    FEED = "feed"
    SITEMAP = "sitemap"
    LISTING = "listing"

    @property
    def lists(self) -> bool:
        """Whether the address names documents instead of being one."""
        return self in (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.LISTING)


@dataclass(frozen=True, slots=True)
class WatchSource:
    """One address to watch. ``every`` is in minutes; ``headers`` are added to each request.

    ``pattern`` is a regular expression that the addresses named by a feed, a sitemap or a
    listing must match; ``select`` and ``drop`` are CSS selectors of what is kept and left out
    of a page. ``companion`` is the address or the source name of what announces the document.
    ``parent`` names the listing that a document was found in. ``robots`` and ``private`` are
    permissions: whether robots.txt is obeyed, and whether a private address may be fetched.
    ``render``: the page is written by scripts, and is read as a browser shows it.
    """

    name: str
    url: str
    publisher: str = ""
    document: str = ""
    kind: SourceKind = SourceKind.PAGE
    pattern: str = ""
    companion: str = ""
    language: str = ""
    every: int = 720
    select: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    notes: str = ""
    robots: bool = True
    private: bool = False
    parent: str = ""
    render: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A document that a feed, a sitemap or a listing page names."""

    url: str
    title: str = ""
    published: str = ""


class Verdict(StrEnum):
    """What a fetch turned out to be."""

    FIRST = "first"
    UNCHANGED = "not modified"
    SAME_BYTES = "same bytes"
    SAME_TEXT = "same text"
    NOISE = "noise only"
    RETURNED = "a state seen before"
    BAD_CAPTURE = "bad capture"
    CHANGED = "real change"
    REREAD = "our reader changed"
    NEW_ENTRIES = "new documents"
    GONE = "gone"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    ACCEPTED = "accepted"


class Problem(StrEnum):
    """Why a capture is not the document."""

    NONE = ""
    EMPTY = "empty"
    ERROR_PAGE = "error page"
    CONSENT = "consent wall"
    LOGIN = "login page"
    BLOCKED = "bot check"
    REDIRECTED = "redirect to the front page"
    COLLAPSE = "sudden collapse"
    GROWTH = "sudden growth"
    LANGUAGE = "wrong language"
    UNREADABLE = "cannot be read"

    @property
    def doubtful(self) -> bool:
        """Whether it may be the document after all, and is taken for it if it stays."""
        return self in (Problem.COLLAPSE, Problem.GROWTH, Problem.LANGUAGE)


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched text. ``words`` counts them; ``text_sha256`` names the text.

    ``reader`` is name and version of the reader that made the text of the snapshot's bytes.
    """

    url: str
    final_url: str
    snapshot_sha256: str
    text_sha256: str
    title: str
    text: str
    words: int
    language: str = ""
    reader: str = ""
    problem: Problem = Problem.NONE
    note: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """A text that a source has shown. States that differ by noise alone share a ``group``,
    which is the ``text_sha256`` of the one of them that was told first.

    ``problem`` is set for a text that is not the document. Times are ISO 8601 in UTC.
    """

    text_sha256: str
    group: str
    snapshot_sha256: str
    words: int
    reader: str
    first_seen: str
    last_seen: str
    times: int = 1
    problem: Problem = Problem.NONE


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a capture turned out to be, beside the states known of its source.

    ``group`` is the group of states that the capture belongs to (empty for a bad capture);
    ``against`` the one it was compared with. ``noise`` counts the differences of each class
    that say nothing new. ``revision`` is the comparison, where one was needed.
    """

    verdict: Verdict
    group: str = ""
    against: str = ""
    problem: Problem = Problem.NONE
    noise: tuple[tuple[str, int], ...] = ()
    revision: Revision | None = None
    note: str = ""


class MatterKind(StrEnum):
    """What a matter is about: told once when it opens, and once more when it is over."""

    CHANGE = "change"
    OSCILLATION = "oscillation"
    NEW_DOCUMENT = "new document"
    GONE = "gone"
    OUTAGE = "outage"
    BAD_CAPTURE = "bad capture"
    OVERDUE = "overdue"
    QUOTE = "quote"
    DIGEST = "digest"
    UNTOLD = "what was not told"


class Event(StrEnum):
    """What is told of a matter."""

    OPENED = "opened"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to be told. The same matter has the same ``matter`` id in every run.

    ``lines`` are the plain sentences of the message, ``old`` and ``new`` the snapshots
    (sha256) that it is about, and ``url`` the address. ``packs`` are those of the rules that
    found it, where rules did. All of it may hold hostile text.
    """

    matter: str
    event: Event
    kind: MatterKind
    source: str
    at: str
    severity: Severity
    title: str
    lines: tuple[str, ...] = ()
    url: str = ""
    publisher: str = ""
    old: str = ""
    new: str = ""
    text: str = ""
    packs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as the store keeps it; ``resolved`` is empty while it is open.

    ``count`` says how often it was seen, and ``updated`` when last.
    """

    id: str
    source: str
    kind: MatterKind
    severity: Severity
    title: str
    opened: str
    updated: str
    resolved: str = ""
    count: int = 1
    old: str = ""
    new: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A finding on its way to one channel. ``id`` is the same however often it is sent.

    ``text`` is plain text that ends with a newline; ``html`` and ``markdown`` say the same, and
    are empty where nobody made them. ``report`` is what the finding rests on, as JSON under a
    schema of ours: a release's brief, the comparison of a change; else empty. ``repeated``: an
    earlier run was stopped while it sent this, so that the receiver may have it already.
    """

    id: str
    channel: str
    subject: str
    text: str
    finding: Finding
    markdown: str = ""
    html: str = ""
    report: str = ""
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One look at a source, as the log has it."""

    source: str
    at: str
    verdict: Verdict
    note: str = ""
    snapshot: int | None = None
    run: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot as the store lists it: all of it but the bytes."""

    id: int
    source: str
    url: str
    final_url: str
    status: int
    retrieved: str
    sha256: str
    size: int
    headers: tuple[tuple[str, str], ...] = ()
    redirects: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    warc: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A spell in which a source gave no document: since when, and at how many checks.

    ``text`` is the state (its text's sha256) that stands in the document's place, if one does.
    """

    kind: MatterKind
    since: str
    checks: int
    note: str = ""
    text: str = ""
    told: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """How far the watch has come with one source.

    ``text`` is the text that it showed last, ``group`` the group that the reader was told of.
    ``spells`` are the ends of told troubles, and ``flips`` the times of returns to a known
    state: what was told of lately is counted and not told again. ``swings`` are the groups
    between which the page alternates.
    """

    text: str = ""
    group: str = ""
    last_checked: str = ""
    last_changed: str = ""
    next_due: str = ""
    trouble: Trouble | None = None
    spells: tuple[str, ...] = ()
    flips: tuple[str, ...] = ()
    swings: tuple[str, ...] = ()
    swings_matter: str = ""
