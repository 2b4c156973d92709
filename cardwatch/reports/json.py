"""Results as JSON: the library's own objects, under a versioned schema.

The schemas lie in ``cardwatch/schema/``, one file for each name and version.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from pathlib import PurePath
from typing import Any, assert_never

from cardwatch.model import Document, Evidence, Features
from cardwatch.reports.inert import inert_json
from cardwatch.reports.shapes import shape_of
from cardwatch.reports.subjects import (
    Audit,
    Briefing,
    CheckedDraft,
    Citation,
    Diff,
    Gaps,
    Outline,
    Packed,
    Past,
    Place,
    Promises,
    RuleFile,
    RuleList,
    RuleSheet,
    RuleTest,
    Several,
    Statements,
    Subject,
    Table,
    Verified,
    View,
    WholeText,
)

# Fields that say nothing to a reader of JSON: working sets, or what stands beside them already.
LEFT_OUT: dict[type, frozenset[str]] = {
    Features: frozenset(["text", "terms", "object"]),
}
# A judgement looks at up to sixty passages; these many say where the answer comes from.
EVIDENCE = 5


def render(subject: Subject, view: View) -> str:
    """The subject as JSON with a newline at its end; ``view.limit`` cuts its findings."""
    text = json.dumps(_whole(subject, view), ensure_ascii=False, allow_nan=False, indent=2)
    return inert_json(text) + "\n"


def _whole(subject: Subject, view: View) -> dict[str, Any]:
    name, value = _envelope(subject, view)
    return {"schema": f"cardwatch/{name}", **value}


def _envelope(  # noqa: C901  # one case for each subject, and nothing else
    subject: Subject, view: View
) -> tuple[str, dict[str, Any]]:
    """The schema's name and version, and what it describes."""
    match subject:
        case WholeText(document):
            return "document/1", _fields(document)
        case Outline(document):
            return "outline/1", _outline(document)
        case Place(document, span):
            return "passage/1", {
                "document": plain(document.source),
                **_fields(document.passage(span)),
            }
        case Statements(reading):
            return "statements/1", {
                "document": plain(reading.document.source),
                "statements": plain(reading.statements[: view.limit]),
            }
        case Gaps(report, document, companion, triage):
            value = _fields(report)
            value["gaps"] = value["gaps"][: view.limit]
            value["titles"] = {"document": document.title, "companion": companion.title}
            value["shapes"] = _shapes(document=document, companion=companion)
            value["triage"] = plain(triage)
            return "gaps/1", value
        case Diff(revision):
            value = _fields(revision)
            value["changes"] = value["changes"][: view.limit]
            value["shapes"] = _shapes(old=subject.old, new=subject.new)
            value["triage"] = plain(subject.triage)
            return "revision/1", value
        case Audit(audit):
            value = _fields(audit)
            value["shapes"] = _shapes(old=subject.old, new=subject.new)
            value["triage"] = plain(subject.triage)
            return "audit/1", value
        case Several(subjects):
            return "reports/1", {"reports": [_whole(each, view) for each in subjects]}
        case Past(past, _):
            value = _fields(past)
            value["traces"] = value["traces"][: view.limit]
            return "history/1", value
        case Promises(promised, _):
            value = _fields(promised)
            value["promises"] = value["promises"][: view.limit]
            return "commitments/1", value
        case RuleList(rules):
            return "rules/1", {"rules": plain(rules)}
        case RuleSheet():
            return "rule/1", _fields(subject)
        case RuleFile():
            return "rule-file/1", _fields(subject)
        case RuleTest():
            return "rule-test/1", _fields(subject)
        case Table():
            value = _fields(subject)
            value["rows"] = value["rows"][: view.limit]
            return "table/1", value
        case Citation(quote):
            return "quote/1", _fields(quote)
        case Verified(verification, quote, document):
            return "verification/1", {
                **_fields(verification),
                "quote": plain(quote),
                "document": plain(document.source),
            }
        case CheckedDraft(report):
            return "draft/1", _fields(report)
        case Packed():
            return "evidence-pack/1", _fields(subject)
        case Briefing(brief):
            return "brief/1", _fields(brief)
        case _:
            assert_never(subject)


def _shapes(**documents: Document) -> dict[str, Any]:
    """Where pages and sections begin, so that a saved report can be drawn without its documents."""
    return {name: plain(shape_of(document)) for name, document in documents.items()}


def _outline(document: Document) -> dict[str, Any]:
    sections = [
        {**_fields(section), "page": document.page_at(section.span.start)}
        for section in document.sections
    ]
    return {"document": plain(document.source), "title": document.title, "sections": sections}


def plain(value: Any) -> Any:
    """``value`` in what JSON knows: objects, lists, texts, numbers, true, false and null.

    An infinite number, which bounds nothing, becomes null; sets are sorted.
    """
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, float):
        return round(value, 6) if math.isfinite(value) else None
    if isinstance(value, int):
        return value
    if isinstance(value, PurePath):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(plain(each) for each in value)
    if isinstance(value, tuple | list):
        best = value[:EVIDENCE] if value and isinstance(value[0], Evidence) else value
        return [plain(each) for each in best]
    return _fields(value)


def _fields(value: Any) -> dict[str, Any]:
    if not is_dataclass(value):
        raise TypeError(f"no JSON form of {type(value).__name__}")
    left_out = LEFT_OUT.get(type(value), frozenset())
    return {
        each.name: plain(getattr(value, each.name))
        for each in fields(value)
        if each.name not in left_out
    }
