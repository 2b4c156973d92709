"""What the stages find: disclosures, gaps, alignments, changes, announcements."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cardwatch.model.document import Coverage, Passage, Source, Span
from cardwatch.model.statement import Statement, StatementKind


@dataclass(frozen=True, slots=True)
class Reason:
    """One term of a judgement, for ``--explain``: what was seen, its value and its weight."""

    name: str
    value: float
    weight: float
    note: str = ""


class DisclosureStatus(StrEnum):
    """How a companion treats a statement."""

    STATED = "stated"
    PARTLY_STATED = "partly stated"
    LINKED_ONLY = "linked only"
    ABSENT = "absent"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the companion that bears on a statement; ``score`` is 0 to 1.

    ``matches`` and ``missing`` are the words of the statement that the passage has and lacks.
    """

    span: Span
    quote: str
    score: float
    section: str = ""
    page: int | None = None
    matches: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProofOfAbsence:
    """What was searched: how many passages, for which words, which of them nowhere, what unread.

    It proves an absence, and stands beside any other verdict as the record of its search.
    """

    passages: int
    terms: tuple[str, ...]
    never_found: tuple[str, ...]
    unread: int


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Is a statement said in a document? ``score`` (0 to 1) is how far the best passage says it.

    ``confidence`` (0 to 1) is how sure the status is. ``evidence`` is ranked, best first.
    ``claim_score`` is that of the best claim of a statement that makes several, where only
    that one is said; 0 elsewhere.
    """

    status: DisclosureStatus
    score: float
    confidence: float
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...] = ()
    absence: ProofOfAbsence | None = None
    claim_score: float = 0.0


class Severity(StrEnum):
    """How much a finding matters."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Burial:
    """How hard a passage is to come upon: ``score`` is 0 (on the front) to 1 (deep)."""

    score: float
    depth: int
    distance: float
    footnote: bool
    appendix: bool
    in_summary: bool
    in_headings: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """A policy that stands in the document and is not plainly stated in its companion.

    ``quote`` is exactly the document's text at ``span``, which may hold several neighbouring
    ``statements`` on one matter. ``id`` is stable for the same words in the same documents.
    """

    id: str
    quote: str
    span: Span
    section: str
    page: int | None
    status: DisclosureStatus
    severity: Severity
    rank_score: float
    confidence: float
    burial: Burial
    evidence: tuple[Evidence, ...]
    rule: str
    why: str
    statements: tuple[Statement, ...]
    reasons: tuple[Reason, ...] = ()
    absence: ProofOfAbsence | None = None
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class StatementVerdict:
    """One statement of the document and how the companion treats it."""

    statement: Statement
    disclosure: Disclosure


@dataclass(frozen=True, slots=True)
class GapReport:
    """Every statement of a document graded in its companion, and the gaps, ranked."""

    document: Source
    companion: Source
    gaps: tuple[Gap, ...]
    verdicts: tuple[StatementVerdict, ...]
    coverage: Coverage
    companion_coverage: Coverage
    counts: dict[str, int] = field(default_factory=dict)


class PairKind(StrEnum):
    """How two places correspond."""

    SAME = "same"
    EDITED = "edited"
    MOVED = "moved"
    MOVED_EDITED = "moved and edited"
    SPLIT = "split"
    MERGED = "merged"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Pair:
    """Places that correspond (indices into the two sides); ``score`` is 0 to 1.

    An addition has no ``old``, a removal no ``new``; a split or a merger several on one side.
    ``reason`` names the evidence: ``exact``, ``fuzzy``, ``number``, ``heading``, ``position``.
    """

    kind: PairKind
    old: tuple[int, ...]
    new: tuple[int, ...]
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """Pairs that take in every place of both sides exactly once.

    ``parted`` are words (in lower case) that one side runs together, with the words that the
    other side has for them.
    """

    pairs: tuple[Pair, ...]
    parted: tuple[tuple[str, tuple[str, ...]], ...] = ()


class ChangeKind(StrEnum):
    """What happened to a passage."""

    EDITED = "edited"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    MOVED_EDITED = "moved and edited"
    REVERSED = "reversed"


class NoiseClass(StrEnum):
    """Why a difference says nothing new."""

    MARKUP = "markup"
    PUNCTUATION = "quotes and spaces"
    INVISIBLE = "invisible characters"
    SPELLING = "spelling"
    LINK = "link targets"
    RENUMBERED = "renumbered references"
    STAMP = "update stamps and relative dates"
    EFFECTIVE = "effective dates"
    REFLOW = "reflow"
    EXTRACTION = "extraction"
    MOVED = "moved unchanged"
    CAPITALS = "capitals of terms"
    EDITORIAL = "editorial"


class Effect(StrEnum):
    """What a substantive change touches."""

    NEGATION = "negation"
    OBLIGATION = "obligation"
    QUANTITY = "quantity"
    ACTOR = "actor"
    CONDITION = "condition"
    LIST = "list"
    VISIBILITY = "visibility"
    DISCLOSURE = "disclosure"
    CONSEQUENCE = "consequence"
    SCOPE = "scope"
    EMPHASIS = "emphasis"
    WORDING = "wording"


class Outcome(StrEnum):
    """What became of a commitment."""

    RETAINED = "retained"
    STRENGTHENED = "strengthened"
    WEAKENED = "weakened"
    REMOVED = "removed"
    RELOCATED = "relocated"
    ADDED = "added"


class Dimension(StrEnum):
    """In what a commitment changed."""

    SCOPE = "scope"
    THRESHOLD = "threshold"
    ACTOR = "actor"
    OBLIGATION = "obligation"
    DISCLOSURE = "disclosure"
    CONSEQUENCE = "consequence"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What became of a commitment; ``mixed``: in part it went the other way as well."""

    outcome: Outcome
    dimensions: tuple[Dimension, ...]
    effects: tuple[Effect, ...]
    mixed: bool = False
    confidence: float = 0.0
    reasons: tuple[Reason, ...] = ()


class AnnouncementStatus(StrEnum):
    """Whether a publisher's account of a revision tells of a change."""

    ANNOUNCED = "announced"
    PARTLY_ANNOUNCED = "partly announced"
    SILENT = "silent"
    NO_ACCOUNT = "no account"


@dataclass(frozen=True, slots=True)
class Announcement:
    """Can a reader of the account alone tell that this changed, in this direction?

    ``account`` is the number of the account, among those of an audit, that says most of it.
    """

    status: AnnouncementStatus
    score: float
    confidence: float
    evidence: tuple[Evidence, ...]
    reasons: tuple[Reason, ...] = ()
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two editions, with its words on both sides.

    ``edits`` are the word-level differences: pairs of spans into the old and the new text.
    ``noise_class`` is set exactly when ``noise`` is true; ``doubt`` says why a change may be
    the reader's and not the publisher's. ``nearest`` is the passage of the other edition that
    comes closest to words that went.
    """

    id: str
    kind: ChangeKind
    old: Passage | None
    new: Passage | None
    section: str
    noise: bool
    noise_class: NoiseClass | None
    effects: tuple[Effect, ...]
    outcome: Outcome | None
    dimensions: tuple[Dimension, ...]
    rank_score: float
    edits: tuple[tuple[Span, Span], ...] = ()
    statement_kinds: tuple[StatementKind, ...] = ()
    mixed: bool = False
    confidence: float = 0.0
    doubt: str = ""
    reasons: tuple[Reason, ...] = ()
    announcement: Announcement | None = None
    nearest: Passage | None = None


@dataclass(frozen=True, slots=True)
class Revision:
    """The changes between two editions: substantive ones first, ranked; then noise, in order."""

    old: Source
    new: Source
    changes: tuple[Change, ...]
    old_coverage: Coverage
    new_coverage: Coverage
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """What a publisher says of its own revision: a document, or ``parts`` of the new edition.

    ``parts`` are the places that are about this revision; ``listed`` where all of it is a list
    of changes, ``inside`` where it stands in the new edition itself.
    """

    source: Source
    title: str
    parts: tuple[Span, ...]
    listed: bool = False
    inside: bool = False


class Found(StrEnum):
    """Whether the editions bear out what an account declares."""

    FOUND = "found"
    NOT_FOUND = "not found"
    GENERAL = "too general"
    UNREAD = "in a place not read"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One line of an account and the changes (ids, best first) that bear it out."""

    passage: Passage
    account: int
    found: Found
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SilentRate:
    """How many changes of one group an account does not identify; rates are 0 to 1.

    ``group`` says by what the changes are parted: ``outcome``, ``effect`` or ``statement``;
    ``name`` is the group's value. A change may stand in several groups of effects.
    """

    group: str
    name: str
    changes: int
    announced: int
    partly: int
    silent: int
    strict: float | None
    lenient: float | None


@dataclass(frozen=True, slots=True)
class Matter:
    """Changes (ids, the heaviest first) that are about one thing, which went or binds less.

    ``status`` is what the accounts tell of it: that of the change with the id ``told``.
    ``weight`` (0 to 1) ranks: less for what was announced than for what was not.
    """

    changes: tuple[str, ...]
    status: AnnouncementStatus
    told: str
    weight: float


@dataclass(frozen=True, slots=True)
class RevisionAudit:
    """Changes with their announcement status, and what the account leaves out or invents.

    Rates are shares of substantive changes (0 to 1) that the account does not identify; in the
    strict rate a partly announced change counts as silent. ``None`` without any account.
    """

    revision: Revision
    changes: tuple[Change, ...]
    silent_rate_strict: float | None
    silent_rate_lenient: float | None
    undeclared: tuple[Change, ...]
    unfound: tuple[Passage, ...]
    accounts: tuple[Account, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    rates: tuple[SilentRate, ...] = ()
    doubtful: tuple[Change, ...] = ()
    matters: tuple[Matter, ...] = ()
