"""Sentences, what they say, and the rules that they meet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from cardwatch.model.document import Document, Span


@dataclass(frozen=True, slots=True)
class Word:
    """A token that carries meaning. Offsets are into ``Document.text``.

    ``lower`` is its lower-case form, ``stem`` the conflated form that matching uses.
    ``stop`` marks function words, which weigh nothing in matching.
    """

    start: int
    end: int
    lower: str
    stem: str
    stop: bool


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: its span, its words, and the block and section (indices) that hold it.

    ``lead`` is the introduction of a list item: the sentence ending in a colon before the list.
    """

    span: Span
    block: int
    section: int
    words: tuple[Word, ...]
    lead: Span | None = None


class Strength(IntEnum):
    """Obligation strength, ordered: a higher value binds more.

    The order is that of the published codebook for revisions of safety frameworks: present
    tense, must, will and commit to; intend, aim and expect; may, could and consider;
    recommend and encourage.
    """

    NONE = 0
    RECOMMENDED = 1
    POSSIBLE = 2
    INTENDED = 3
    COMMITTED = 4


class Actor(StrEnum):
    """Who acts in a statement."""

    PUBLISHER = "publisher"
    USER = "user"
    MODEL = "model"
    SAFEGUARD = "safeguard"
    THIRD_PARTY = "third party"
    UNKNOWN = "unknown"


class Visibility(StrEnum):
    """Whether a statement says that somebody is told of something, or is not."""

    TOLD = "told"
    NOT_TOLD = "not told"
    UNSAID = "unsaid"


class StatementKind(StrEnum):
    """What a statement does."""

    COMMITS = "commits"
    RESTRICTS = "restricts"
    PERMITS = "permits"
    NOTIFIES = "notifies"
    RETAINS = "retains"
    ENFORCES = "enforces"
    CONDITIONS = "conditions"
    CLAIMS_COVERAGE = "claims coverage"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit and comparator, normalised.

    ``unit`` is one of ``percent``, ``count``, ``money``, ``days``, ``hours``, ``date``, ``year``,
    ``flop``, ``tokens``, ``level``, ``ratio`` or the noun counted. ``low`` and ``high`` bound the
    value in that unit (equal for an exact figure; infinite where open). ``comparator`` is one of
    ``=``, ``~``, ``<``, ``<=``, ``>``, ``>=``, ``range``.
    """

    span: Span
    low: float
    high: float
    unit: str
    comparator: str = "="


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition, exception or cadence inside a sentence; ``cue`` is the word that opens it."""

    span: Span
    cue: str


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list of items; ``closed`` when nothing says that it only gives examples."""

    span: Span
    items: tuple[Span, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class Features:
    """What the words of one passage say, as far as the text shows it.

    ``concepts`` are identifiers from the lexicon, ``terms`` the stems of content words.
    ``negated`` is the polarity of the main clause, ``universal`` whether it claims all cases.
    ``strength`` is that of the strongest main verb; ``modal`` the word that carries it;
    ``strengths`` those of all main clauses, in order.
    """

    text: str
    terms: frozenset[str]
    concepts: frozenset[str]
    actor: Actor = Actor.UNKNOWN
    action: str = ""
    object: frozenset[str] = frozenset()
    negated: bool = False
    universal: bool = False
    strength: Strength = Strength.NONE
    modal: str = ""
    visibility: Visibility = Visibility.UNSAID
    conditions: tuple[Clause, ...] = ()
    exceptions: tuple[Clause, ...] = ()
    cadences: tuple[Clause, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    enumeration: Enumeration | None = None
    strengths: tuple[Strength, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A rule that a statement meets: why it is looked at, and how much it matters (0 to 1)."""

    rule: str
    pack: str
    says: str
    weight: float
    span: Span


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that commits, restricts, permits, notifies, retains, enforces, conditions or
    claims coverage; ``weight`` (0 to 1) is how surely it is one and how much it matters.
    """

    span: Span
    quote: str
    section: str
    page: int | None
    sentence: int
    kinds: tuple[StatementKind, ...]
    features: Features
    hits: tuple[RuleHit, ...]
    weight: float


@dataclass(frozen=True)
class Reading:
    """A document with its sentences and statements: what the judging stages work on."""

    document: Document
    sentences: tuple[Sentence, ...]
    statements: tuple[Statement, ...] = ()
