"""Findings as SARIF 2.1.0 (OASIS standard), for tools that show reviews.

A place in a document is given as logical locations, its page and its section, and by the words
themselves; in Markdown and plain text also by the lines of the file. A PDF has no lines, and
offsets into its text would mean nothing to a viewer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from cardwatch.model import Document, MediaType, Passage, Severity, Standing
from cardwatch.reports.findings import Finding, documents, findings, left_out, results, title
from cardwatch.reports.inert import inert, inert_json, one_line
from cardwatch.reports.subjects import Audit, Diff, Gaps, Subject, View
from cardwatch.reports.words import shortened

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {Severity.HIGH: "error", Severity.MEDIUM: "warning", Severity.LOW: "note"}
_MIME = {
    MediaType.PDF: "application/pdf",
    MediaType.HTML: "text/html",
    MediaType.MARKDOWN: "text/markdown",
    MediaType.TEXT: "text/plain",
    MediaType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def render(subject: Subject, view: View) -> str:
    """One run for each result."""
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_run(result, view) for result in results(subject)],
    }
    return inert_json(json.dumps(log, ensure_ascii=False, allow_nan=False, indent=2)) + "\n"


def _run(result: Gaps | Diff | Audit, view: View) -> dict[str, Any]:
    shown = list(findings(result, view.limit))
    papers = documents(result)
    rules = sorted({finding.rule: finding for finding in shown}.items())
    numbers = {rule: at for at, (rule, _) in enumerate(rules)}
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "cardwatch",
                "rules": [_rule(rule, finding) for rule, finding in rules],
            }
        },
        "artifacts": [_artifact(role, document) for role, document in papers],
        "columnKind": "unicodeCodePoints",
        "results": [_result(each, numbers[each.rule], result) for each in shown],
        "properties": {"report": title(result)},
    }
    more = left_out(result, view.limit)
    if more:
        run["properties"]["findingsNotListed"] = more
    if result.triage is not None:
        run["results"] += _gone(result)
        run["properties"]["leftOut"] = result.triage.says
    return run


def _rule(rule: str, finding: Finding) -> dict[str, Any]:
    says = rule if finding.change is not None else finding.why.split(";")[0]
    return {"id": one_line(rule), "shortDescription": {"text": _text(says) or one_line(rule)}}


def _artifact(role: str, document: Document) -> dict[str, Any]:
    source = document.source
    made: dict[str, Any] = {
        "location": {"uri": address(document)},
        "mimeType": _MIME[source.media_type],
        "description": {"text": f"{role}: {_text(document.title or source.location)}"},
        "properties": {
            "pages": document.coverage.pages,
            "placesNotRead": len(document.coverage.unread),
        },
    }
    if source.sha256:
        made["hashes"] = {"sha-256": one_line(source.sha256)}
    return made


def _result(finding: Finding, rule: int, result: Gaps | Diff | Audit) -> dict[str, Any]:
    here, there = finding.places
    made: dict[str, Any] = {
        "ruleId": one_line(finding.rule),
        "ruleIndex": rule,
        "level": _LEVELS[finding.level],
        "message": {"text": f"{finding.why}: “{_text(finding.place.quote)}”"},
        "locations": [_location(finding.place, finding.where, here)],
        "partialFingerprints": {"cardwatchFindingId/v1": one_line(finding.id)},
        "rank": round(100 * min(1.0, max(0.0, finding.score)), 2),
        "properties": {
            "status": finding.status,
            "confidence": round(finding.confidence, 4),
            **({"severity": finding.severity} if finding.severity else {}),
            **({"announcement": finding.announcement} if finding.announcement else {}),
            **({"doubt": _text(finding.doubt)} if finding.doubt else {}),
        },
    }
    if finding.against is not None:
        made["relatedLocations"] = [
            {
                "id": 1,
                **_location(finding.against, finding.other, there),
                "message": {"text": f"“{_text(finding.against.quote)}”"},
            }
        ]
    triage = result.triage
    if triage is not None:
        if triage.baseline:
            made["baselineState"] = "unchanged" if finding.id in triage.known else "new"
        suppressed = finding.standing is Standing.SUPPRESSED
        made["suppressions"] = (
            [{"kind": "external", "justification": _text(finding.reason)}] if suppressed else []
        )
    return made


def _gone(result: Gaps | Diff | Audit) -> Iterator[dict[str, Any]]:
    """What stood in the baseline and is found no more."""
    for finding in result.triage.gone if result.triage else ():
        yield {
            "message": {"text": "In the baseline, and not found any more."},
            "partialFingerprints": {"cardwatchFindingId/v1": one_line(finding)},
            "kind": "pass",
            "level": "none",
            "baselineState": "absent",
        }


def _location(passage: Passage, document: Document, index: int) -> dict[str, Any]:
    logical = []
    if passage.page is not None:
        logical.append({"name": f"page {passage.page}", "kind": "page"})
    if passage.section:
        logical.append({"name": _text(passage.section), "kind": "section"})
    made: dict[str, Any] = {
        "physicalLocation": {"artifactLocation": {"uri": address(document), "index": index}},
        "properties": {
            "textStart": passage.span.start,
            "textEnd": passage.span.end,
        },
    }
    region = _region(passage, document)
    if region:
        made["physicalLocation"]["region"] = region
    if logical:
        made["logicalLocations"] = logical
    return made


def _region(passage: Passage, document: Document) -> dict[str, Any]:
    """The lines on which the passage's blocks begin, where the source has lines."""
    lines = [
        block.line for block in document.blocks if block.line and block.span.overlaps(passage.span)
    ]
    if not lines or not passage.quote:
        return {}
    return {
        "startLine": min(lines),
        "endLine": max(lines),
        "snippet": {"text": _text(passage.quote)},
    }


def address(document: Document) -> str:
    """A document's address as a valid URI: its own on the web, else that of its file."""
    for given in (document.source.url, document.source.location):
        try:
            parts = urlsplit(given)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and parts.netloc:
            return quote(inert(given), safe=":/?#[]@!$&'()*+,;=%~")
    location = inert(document.source.location)
    path = Path(location)
    escaped = quote(path.as_posix(), safe="/~")
    return f"file://{escaped}" if path.is_absolute() else escaped


def _text(text: str) -> str:
    return shortened(text)
