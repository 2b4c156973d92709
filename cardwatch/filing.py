"""Use cases about reports: saved ones read back, what is known passed over, findings marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from cardwatch import app
from cardwatch.errors import ReportError, SourceError, TooLarge
from cardwatch.model import Document, MediaType, PageNote, Span, Standing, Suppression
from cardwatch.reports import Audit, Diff, Gaps, Several, Subject, inert

if TYPE_CHECKING:
    from cardwatch.baseline import Known
    from cardwatch.reports.findings import Finding
    from cardwatch.reports.saved import Finding as Result
    from cardwatch.reports.subjects import Past

# Saved reports of the longest documents are some MB.
_LONGEST = 200_000_000
# Notes beyond this make a PDF slow to open; the report has the rest.
_NOTES = 5_000
_COLORS = {
    "contradicted": (255, 120, 110),
    "weakened": (255, 120, 110),
    "absent": (214, 170, 255),
    "removed": (214, 170, 255),
    "stated": (150, 225, 165),
    "strengthened": (150, 225, 165),
}
_OTHER_COLOR = (255, 214, 90)


def read_report(source: Path | BinaryIO) -> Result | Past:
    """The result that was saved as JSON in a file or an open stream.

    Raises:
        ReportError: it holds no report that can be read back.
        SourceError: the file cannot be opened.
    """
    from cardwatch.reports.saved import load

    data, where = _bytes(source)
    return load(_text(data, where), where=where)


def settle(
    result: Subject,
    *,
    baseline: Path | None = None,
    suppress: Sequence[Path] = (),
    today: date,
) -> Subject:
    """A result with what is known from a saved report, or suppressed on the day, marked as such.

    Nothing is taken away: each report counts what it leaves out.

    Raises:
        ReportError: the baseline or a suppression file is wrong, or the result has no findings.
    """
    from cardwatch.baseline import Named, read_suppressions, triage
    from cardwatch.reports.findings import findings, results

    known = None if baseline is None else _known(baseline)
    orders = [
        order
        for path in suppress
        for data, where in [_bytes(path)]
        for order in read_suppressions(_text(data, where), where)
    ]

    def settled(one: Gaps | Diff | Audit) -> Gaps | Diff | Audit:
        named = [Named(each.id, each.rule, each.place.section) for each in findings(one)]
        return replace(one, triage=triage(named, known, orders, today))

    made = tuple(settled(one) for one in results(result))
    return Several(made) if isinstance(result, Several) else made[0]


def has_new(result: Subject) -> bool:
    """Whether a result has a finding that is neither known nor suppressed, or tells of drift."""
    from cardwatch.reports.findings import findings, results
    from cardwatch.reports.subjects import Past

    if isinstance(result, Past):
        return any(version.changes for version in result.history.versions)

    return any(
        finding.standing is Standing.NEW for one in results(result) for finding in findings(one)
    )


_HEAD = "Findings read in cardwatch browse, which writes this file anew: keep your own apart."


def read_jottings(path: Path) -> dict[str, str]:
    """What was noted of findings, by their ids; nothing where there is no file yet.

    Raises:
        ReportError: the file is no file of notes, which would be lost if it were written anew.
    """
    from cardwatch.baseline import read_suppressions

    if not path.exists():
        return {}
    data, where = _bytes(path)
    text = _text(data, where)
    if not text.startswith(f"# {_HEAD}"):
        raise ReportError(
            "is not a file that browse wrote", hint="name another with --notes", where=where
        )
    return {order.id: order.reason for order in read_suppressions(text, where) if order.id}


def write_jottings(path: Path, noted: Mapping[str, str]) -> None:
    """Keep what was noted, as a file that ``settle`` takes; written whole or not at all."""
    from cardwatch.baseline import write_suppressions

    orders = [Suppression(inert(noted[each]), id=each) for each in sorted(noted)]
    made = path.with_name(path.name + ".new")
    try:
        made.write_text(write_suppressions(orders, _HEAD), "utf-8")
        made.replace(path)
    except OSError as wrong:
        raise ReportError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong


def _known(path: Path) -> Known:
    from cardwatch.baseline import Known
    from cardwatch.reports.findings import findings, results

    ids = {finding.id for one in results(read_report(path)) for finding in findings(one)}
    return Known(str(path), frozenset(ids))


def annotate(result: Subject, *, password: str | None = None, allow_private: bool = False) -> bytes:
    """The PDF that the findings stand in, with a highlight and a note at each of them.

    It is opened again where it was read from, and must still be the same file. Of a diff the
    new edition is marked.

    Raises:
        ReportError: the document is no PDF, came from standard input, or has changed.
    """
    from cardwatch.readers import ReadOptions
    from cardwatch.readers.pdf.marking import mark
    from cardwatch.reports.findings import findings, results

    one = results(result)[0] if not isinstance(result, Several) else None
    if one is None:
        raise ReportError("one report at a time can be marked in its PDF")
    document = one.document if isinstance(one, Gaps) else one.new
    source = document.source
    if source.media_type is not MediaType.PDF:
        raise ReportError(
            "only a PDF can be marked",
            hint="the HTML report shows any document",
            where=source.location,
        )
    if source.location.startswith("<"):
        raise ReportError("what came from standard input cannot be marked", hint="name a file")
    data = app.open_source(source.location, password=password, allow_private=allow_private).data
    if source.sha256 and sha256(data).hexdigest() != source.sha256:
        raise ReportError("the file has changed since it was read", where=source.location)
    fresh = [
        each
        for each in findings(one)
        if each.standing is Standing.NEW and each.where is document and each.place.quote
    ]
    notes = list(_notes(fresh[:_NOTES], _read_again(document, password)))
    return mark(data, notes, options=ReadOptions(password=password), where=source.location)


def _read_again(document: Document, password: str | None) -> Document:
    """A document with its lines: one that a saved report holds has none."""
    if document.lines:
        return document
    return app.read(document.source.location, password=password)


def _notes(found: Sequence[Finding], document: Document) -> Iterator[PageNote]:
    for number, finding in enumerate(found, 1):
        span = finding.place.span
        if document.quote(span) != finding.place.quote:
            raise ReportError(
                "the file reads otherwise than when the report was made",
                hint="make the report anew",
                where=document.source.location,
            )
        boxes = document.boxes(Span(span.start, span.end))
        if not boxes:
            continue
        head = " · ".join(
            each for each in (finding.status, finding.severity, finding.announcement) if each
        )
        yield PageNote(
            name=f"cardwatch-{number}-{inert(finding.id)[:40]}",
            boxes=boxes,
            title=f"{number}. {head}",
            text=_note(finding),
            color=_COLORS.get(finding.status, _OTHER_COLOR),
        )


def _note(finding: Finding) -> str:
    from cardwatch.reports.words import shortened

    lines = [shortened(finding.why, 600)]
    if finding.against is not None:
        there = finding.against
        page = f"p. {there.page} " if there.page is not None else ""
        place = f"{page}{shortened(there.section, 120)}".strip()
        lines.append(f"{place}: “{shortened(there.quote, 1_000)}”")
    elif finding.change is None:
        lines.append("No passage of the companion is anywhere near.")
    if finding.doubt:
        lines.append(f"Doubt: {shortened(finding.doubt, 300)}")
    lines.append(f"id {shortened(finding.id, 64)}")
    return "\n".join(lines)


def _bytes(source: Path | BinaryIO) -> tuple[bytes, str]:
    where = str(source) if isinstance(source, Path) else "standard input"
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                data = file.read(_LONGEST + 1)
        else:
            data = source.read(_LONGEST + 1)
    except FileNotFoundError as wrong:
        raise SourceError("no such file", where=where) from wrong
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or str(wrong)
        raise SourceError(f"cannot be opened: {reason}", where=where) from wrong
    if len(data) > _LONGEST:
        raise TooLarge(f"over the limit of {_LONGEST:,} bytes", where=where)
    return data, where


def _text(data: bytes, where: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ReportError("is not UTF-8", where=where) from wrong
