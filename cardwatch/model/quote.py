"""Words that can be printed and proved, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cardwatch.model.document import Mend, Passage, Source, Span


@dataclass(frozen=True, slots=True)
class Quote:
    """Exact words with everything that is needed to find and prove them again.

    ``exact``, ``prefix`` and ``suffix`` make a W3C TextQuoteSelector, ``span`` the
    TextPositionSelector. ``text_sha256`` is of the canonical text in UTF-8, ``source.sha256``
    of the bytes as they came. ``mends`` are the reader's repairs within the words.
    """

    exact: str
    prefix: str
    suffix: str
    span: Span
    source: Source
    title: str
    section_path: tuple[str, ...]
    section: str
    page: int | None
    page_label: str
    text_sha256: str
    reader: str
    reader_version: str
    mends: tuple[Mend, ...] = ()


class QuoteStatus(StrEnum):
    """What became of quoted words in a document."""

    EXACT = "exact"
    MOVED = "moved"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of the source against words of the quotation, either of which may be empty.

    ``critical`` marks what no similarity excuses: negations, modals, digits, units, names.
    """

    source: str
    quoted: str
    critical: bool
    kind: str


class StretchKind(StrEnum):
    """What became of a stretch of words in another edition."""

    KEPT = "kept"
    GONE = "gone"
    COME = "come"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a redline: words that were kept, went, or came."""

    kind: StretchKind
    text: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Whether quoted words stand in a document, and where; ``same_bytes``: it is the same file.

    ``redline`` leads from the quoted words to those of the document, where they were edited: the
    kept and gone stretches are the one, the kept and come ones the other, but for blanks.
    """

    status: QuoteStatus
    found: Passage | None
    differences: tuple[Difference, ...]
    same_bytes: bool
    same_text: bool
    note: str = ""
    redline: tuple[Stretch, ...] = ()


class QuotationStatus(StrEnum):
    """How a quotation in a draft fares against its sources."""

    EXACT = "exact"
    NEAR = "near"
    NOT_FOUND = "not found"
    TOO_SHORT = "too short"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation found in a draft; ``span`` is its inside, without the quotation marks."""

    span: Span
    quote: str
    style: str


@dataclass(frozen=True, slots=True)
class CheckedQuotation:
    """A quotation with its verdict: ``document`` is the index of the source that has it."""

    quotation: Quotation
    status: QuotationStatus
    document: int | None
    found: tuple[Passage, ...]
    differences: tuple[Difference, ...]
    note: str = ""


class ShiftKind(StrEnum):
    """What a draft does to its source besides quoting it."""

    RETOLD = "shifts"
    MISPLACED = "misplaced"


@dataclass(frozen=True, slots=True)
class Shift:
    """A sentence of a draft that retells its source more or less firmly than it speaks, or gives
    its quotation to another page or source.
    """

    span: Span
    draft: str
    document: int
    source: Passage
    note: str
    kind: ShiftKind = ShiftKind.RETOLD


@dataclass(frozen=True, slots=True)
class DraftReport:
    """Every quotation of a draft checked, and what it retells or places wrongly."""

    draft: Source
    documents: tuple[Source, ...]
    quotations: tuple[CheckedQuotation, ...]
    shifts: tuple[Shift, ...] = ()


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as it is printed: rows of red, green and blue, a byte each, from the top.

    ``scale`` is in dots for each point of the page.
    """

    page: int
    width: int
    height: int
    scale: float
    pixels: bytes
