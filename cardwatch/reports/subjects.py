"""What a report can be about, and how it is to look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeVar

from cardwatch.model import (
    Document,
    DraftReport,
    GapReport,
    History,
    PromiseReport,
    Quote,
    Reading,
    Revision,
    RevisionAudit,
    Span,
    Triage,
    Verification,
)
from cardwatch.model.release import Brief


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
    triage: Triage | None = None


@dataclass(frozen=True, slots=True)
class Diff:
    """The changes between two editions.

    ``form`` is empty for the ranked list, or ``stat``, ``summary`` or ``patch``. The words
    stand ``side_by_side``, inline, or (``None``) as the width allows. ``noise`` lists what is
    folded too.
    """

    revision: Revision
    old: Document
    new: Document
    triage: Triage | None = None
    form: str = ""
    side_by_side: bool | None = None
    noise: bool = False


@dataclass(frozen=True, slots=True)
class Audit:
    """The changes between two editions and what their publisher said of them."""

    audit: RevisionAudit
    old: Document
    new: Document
    triage: Triage | None = None


Judged = TypeVar("Judged", "Gaps", "Diff", "Audit")


def fresh(subject: Judged) -> Judged:
    """The same result without the findings that are known or suppressed; its counts stay."""
    triage = subject.triage
    if triage is None:
        return subject
    left_out = {each.id for each in triage.suppressed} | set(triage.known)
    if isinstance(subject, Gaps):
        gaps = tuple(gap for gap in subject.report.gaps if gap.id not in left_out)
        return replace(subject, report=replace(subject.report, gaps=gaps))
    whole = subject.revision.changes if isinstance(subject, Diff) else subject.audit.changes
    changes = tuple(each for each in whole if each.noise or each.id not in left_out)
    if isinstance(subject, Diff):
        return replace(subject, revision=replace(subject.revision, changes=changes))
    return replace(subject, audit=replace(subject.audit, changes=changes))


@dataclass(frozen=True, slots=True)
class Promises:
    """What a publisher promised. ``form`` is ``ics``, ``csv`` or ``json``; else to be read."""

    report: PromiseReport
    form: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A document over its versions; ``blamed``: a passage of the last one was asked about."""

    history: History
    blamed: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """Several results with findings, in one report."""

    subjects: tuple[Gaps | Diff | Audit, ...]


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


@dataclass(frozen=True, slots=True)
class Citation:
    """Words with their proof, in one of the forms of ``reports.quotes.FORMATS`` or for a terminal.

    ``unique`` is false where the same words stand in the document more than once.
    """

    quote: Quote
    unique: bool = True
    form: str = ""


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a quote in a document."""

    verification: Verification
    quote: Quote
    document: Document


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """The quotations of a draft against its sources; ``form`` is ``markdown`` or empty."""

    report: DraftReport
    draft: Document
    documents: tuple[Document, ...]
    form: str = ""


@dataclass(frozen=True, slots=True)
class Packed:
    """An evidence pack that was written to ``path``; ``sha256`` is of its manifest."""

    path: str
    sha256: str
    members: tuple[tuple[str, int], ...]
    quote: Quote
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Briefing:
    """A release brief; ``form`` is ``text``, ``markdown`` or ``mail``, empty for a terminal."""

    brief: Brief
    form: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A plain list: what it is of (``name``), its columns, its rows, and notes below it.

    ``empty`` is what to say where there are no rows.
    """

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    empty: str = "nothing"


Subject = (
    WholeText
    | Outline
    | Place
    | Statements
    | Gaps
    | Diff
    | Audit
    | Promises
    | Past
    | Several
    | RuleSheet
    | RuleList
    | RuleTest
    | RuleFile
    | Citation
    | Verified
    | CheckedDraft
    | Packed
    | Briefing
    | Table
)
