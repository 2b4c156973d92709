"""What a release is told with: a brief of it, and which announcement belongs to which document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cardwatch.model.document import Passage, Source
from cardwatch.model.results import Reason, Severity


@dataclass(frozen=True, slots=True)
class BriefFinding:
    """One finding of a brief, with its words.

    ``status`` is a disclosure status or, for a ``change``, what became of the words.
    ``against`` is the passage of the companion, or of the earlier edition, that it is held
    against. ``doubt`` says what speaks against it.
    """

    id: str
    status: str
    severity: Severity
    place: Passage
    why: str
    change: bool = False
    against: Passage | None = None
    announcement: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A document of a brief: what it is called, and where it came from."""

    title: str
    source: Source


@dataclass(frozen=True, slots=True)
class Brief:
    """What to know of a release in a minute. Every text but ``unread`` may be hostile.

    ``findings`` are the worst, worst first; ``counts`` say how many there are of each kind,
    and ``unread`` what could not be read, in words. ``more`` are the commands that show the
    rest, and ``packs`` those of the rules that found the gaps. ``companion`` and ``previous``
    are ``None`` where there is none.
    """

    headline: str
    document: Named
    companion: Named | None
    previous: Named | None
    findings: tuple[BriefFinding, ...]
    found: int
    counts: tuple[tuple[str, int], ...]
    unread: tuple[str, ...] = ()
    more: tuple[tuple[str, ...], ...] = ()
    packs: tuple[str, ...] = ()


class Role(StrEnum):
    """What two documents are to each other."""

    COMPANION = "companion"
    PREDECESSOR = "predecessor"


@dataclass(frozen=True, slots=True)
class Release:
    """A document as pairing sees it. ``published`` is ISO 8601, of any precision, or empty.

    ``key`` names it among the others; ``urls`` are all the addresses it is known by, ``links``
    those that it links to; ``pdf`` tells a paged document from a page. ``seen`` is the day on
    which the watch saw it first.
    """

    key: str
    title: str
    urls: tuple[str, ...]
    publisher: str = ""
    published: str = ""
    links: tuple[str, ...] = ()
    opening: str = ""
    words: int = 0
    pdf: bool = False
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """How surely ``other`` is the companion, or the predecessor, of ``document`` (keys).

    ``score`` is 0 to 1, with the reasons that it is made of; ``taken`` says whether it passes
    the threshold. ``chosen``: a person said so, or said that it is not.
    """

    document: str
    other: str
    role: Role
    score: float
    reasons: tuple[Reason, ...]
    taken: bool
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person said of two documents: that they belong together, or (``right`` is
    false) that they do not. ``document`` and ``other`` are source names or addresses.
    """

    document: str
    other: str
    role: Role = Role.COMPANION
    right: bool = True
