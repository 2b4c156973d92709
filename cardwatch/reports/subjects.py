"""What a report can be about, and how it is to look."""

from __future__ import annotations

from dataclasses import dataclass

from cardwatch.model import Document, GapReport, Reading, Revision, RevisionAudit, Span


@dataclass(frozen=True, slots=True)
class View:
    """How a report is to look.

    ``width`` is in terminal cells. ``limit`` is the most findings shown in full (``None``: all);
    the rest is counted. ``explain`` adds the terms of every judgement.
    """

    width: int = 80
    color: bool = False
    explain: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class WholeText:
    """The canonical text of a document."""

    document: Document


@dataclass(frozen=True, slots=True)
class Outline:
    """The section tree of a document."""

    document: Document


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a document, shown with what stands around it."""

    document: Document
    span: Span


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a document."""

    reading: Reading


@dataclass(frozen=True, slots=True)
class Gaps:
    """What ``document`` says that ``companion`` leaves out."""

    report: GapReport
    document: Document
    companion: Document


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes between two editions."""

    revision: Revision
    old: Document
    new: Document


@dataclass(frozen=True, slots=True)
class Audit:
    """The changes between two editions and what their publisher said of them."""

    audit: RevisionAudit
    old: Document
    new: Document


@dataclass(frozen=True, slots=True)
class RuleSheet:
    """One rule for a reader: ``examples`` are texts with the sign that they must have.

    ``source`` names its file within the rules; ``text`` is the file, where it is wanted.
    """

    id: str
    pack: str
    kind: str
    says: str
    weight: float
    does: tuple[str, ...]
    examples: tuple[tuple[str, bool], ...]
    source: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class RuleList:
    """The loaded rules."""

    rules: tuple[RuleSheet, ...]


@dataclass(frozen=True, slots=True)
class RuleFile:
    """A rule that was written to ``path``, to be made one's own."""

    path: str


@dataclass(frozen=True, slots=True)
class RuleFailure:
    """An example that its rule judged otherwise than it says."""

    rule: str
    path: str
    text: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class RuleTest:
    """How the rules did on their own examples."""

    rules: int
    examples: int
    failures: tuple[RuleFailure, ...]


Subject = (
    WholeText
    | Outline
    | Place
    | Statements
    | Gaps
    | Diff
    | Audit
    | RuleSheet
    | RuleList
    | RuleTest
    | RuleFile
)
