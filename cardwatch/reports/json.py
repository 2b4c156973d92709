"""Results as JSON: the library's own objects, under a versioned schema.

The schemas lie in ``cardwatch/schema/``, one file for each name and version.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, IntEnum
from pathlib import PurePath
from typing import Any

from cardwatch.model import Document, Evidence, Features
from cardwatch.reports import subjects as on
from cardwatch.reports.inert import inert_json
from cardwatch.reports.shapes import shape_of
from cardwatch.reports.subjects import Subject, View

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
    name, made = FORMS[type(subject)]
    return {"schema": f"cardwatch/{name}", **made(subject, view)}


def _place(subject: on.Place, _: View) -> dict[str, Any]:
    return {
        "document": plain(subject.document.source),
        **_fields(subject.document.passage(subject.span)),
    }


def _statements(subject: on.Statements, view: View) -> dict[str, Any]:
    reading = subject.reading
    return {
        "document": plain(reading.document.source),
        "statements": plain(reading.statements[: view.limit]),
    }


def _gaps(subject: on.Gaps, view: View) -> dict[str, Any]:
    document, companion = subject.document, subject.companion
    value = _first(subject.report, "gaps", view)
    value["titles"] = {"document": document.title, "companion": companion.title}
    value["shapes"] = _shapes(document=document, companion=companion)
    value["triage"] = plain(subject.triage)
    return value


def _diff(subject: on.Diff, view: View) -> dict[str, Any]:
    value = _first(subject.revision, "changes", view)
    value["shapes"] = _shapes(old=subject.old, new=subject.new)
    value["triage"] = plain(subject.triage)
    return value


def _audit(subject: on.Audit, _: View) -> dict[str, Any]:
    value = _fields(subject.audit)
    value["shapes"] = _shapes(old=subject.old, new=subject.new)
    value["triage"] = plain(subject.triage)
    return value


def _verified(subject: on.Verified, _: View) -> dict[str, Any]:
    return {
        **_fields(subject.verification),
        "quote": plain(subject.quote),
        "document": plain(subject.document.source),
    }


def _first(value: Any, name: str, view: View) -> dict[str, Any]:
    """The fields of a value, with as many of its field ``name`` as the view wants."""
    made = _fields(value)
    made[name] = made[name][: view.limit]
    return made


# The schema's name and version of each subject, and what makes its fields.
FORMS: dict[type, tuple[str, Callable[[Any, View], dict[str, Any]]]] = {
    on.WholeText: ("document/1", lambda it, _: _fields(it.document)),
    on.Outline: ("outline/1", lambda it, _: _outline(it.document)),
    on.Place: ("passage/1", _place),
    on.Statements: ("statements/1", _statements),
    on.Gaps: ("gaps/1", _gaps),
    on.Diff: ("revision/1", _diff),
    on.Audit: ("audit/1", _audit),
    on.Several: (
        "reports/1",
        lambda it, view: {"reports": [_whole(each, view) for each in it.subjects]},
    ),
    on.Past: ("history/1", lambda it, view: _first(it.history, "traces", view)),
    on.Promises: ("commitments/1", lambda it, view: _first(it.report, "promises", view)),
    on.RuleList: ("rules/1", lambda it, _: {"rules": plain(it.rules)}),
    on.RuleSheet: ("rule/1", lambda it, _: _fields(it)),
    on.RuleFile: ("rule-file/1", lambda it, _: _fields(it)),
    on.RuleTest: ("rule-test/1", lambda it, _: _fields(it)),
    on.Table: ("table/1", lambda it, view: _first(it, "rows", view)),
    on.Citation: ("quote/1", lambda it, _: _fields(it.quote)),
    on.Verified: ("verification/1", _verified),
    on.CheckedDraft: ("draft/1", lambda it, _: _fields(it.report)),
    on.Packed: ("evidence-pack/1", lambda it, _: _fields(it)),
    on.Briefing: ("brief/1", lambda it, _: _fields(it.brief)),
}


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
