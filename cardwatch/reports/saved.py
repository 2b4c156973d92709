"""Saved reports read back: JSON to the results that it was written from, strictly.

Whatever is not as ``cardwatch`` writes it is an error that names the place: an unknown field, a
missing one, a value of another type, a quote that does not fill its span.
"""

from __future__ import annotations

import json
import math
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum, IntEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

from cardwatch.errors import ReportError
from cardwatch.model import (
    Change,
    Coverage,
    Document,
    Features,
    GapReport,
    History,
    Quantity,
    Revision,
    RevisionAudit,
    Source,
    Span,
    Triage,
)
from cardwatch.reports.inert import one_line
from cardwatch.reports.shapes import Shape, document_of
from cardwatch.reports.subjects import Audit, Diff, Gaps, Past, Several

Finding = Gaps | Diff | Audit | Several
# A text longer than this was never read: readers stop far earlier.
_LONGEST = 200_000_000
# What the writer leaves out, because it stands beside it or nobody reads it.
_ABSENT: dict[type, dict[str, Any]] = {
    Features: {"text": "", "terms": frozenset(), "object": frozenset()}
}
# A number without bound is written as null.
_UNBOUND: dict[tuple[type, str], float] = {
    (Quantity, "low"): -math.inf,
    (Quantity, "high"): math.inf,
}
_ENVELOPE = ("schema", "titles", "shapes", "triage")


class _Wrong(Exception):
    """A value is not what it should be; ``args`` hold the place and the complaint."""


def load(text: str, *, where: str = "") -> Finding | Past:
    """The result that ``text``, JSON of gaps, a diff, an audit or a history, was written from.

    The documents in it have the shape of the real ones, and of their words the quoted ones.

    Raises:
        ReportError: the text is not such JSON; the message names the place.
    """
    try:
        value = json.loads(text, parse_constant=_refuse)
        return _subject(_object(value, "$"), "$")
    except ReportError as wrong:
        raise ReportError(wrong.message, hint=wrong.hint, where=where) from wrong
    except _Wrong as wrong:
        place, complaint = wrong.args
        raise ReportError(f"{complaint} at {one_line(place)}", where=where) from wrong
    except (ValueError, RecursionError) as wrong:
        complaint = "nested too deep" if isinstance(wrong, RecursionError) else str(wrong)
        raise ReportError(
            f"is no saved report: {one_line(complaint)[:200]}",
            hint="write one with --json -o FILE",
            where=where,
        ) from wrong


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


def _object(value: Any, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Wrong(place, "an object is wanted")
    return value


def _subject(value: dict[str, Any], place: str) -> Finding | Past:
    schema = value.get("schema")
    match schema:
        case "cardwatch/gaps/1":
            return _gaps(value, place)
        case "cardwatch/revision/1":
            return _diff(value, place)
        case "cardwatch/audit/1":
            return _audit(value, place)
        case "cardwatch/history/1":
            history = _body(History, value, place)
            if not history.versions or not all(trace.wordings for trace in history.traces):
                raise _Wrong(place, "versions and wordings are wanted")
            return Past(history, blamed=bool(history.blames))
        case "cardwatch/reports/1":
            reports = value.get("reports")
            if not isinstance(reports, list) or set(value) != {"schema", "reports"}:
                raise _Wrong(place, "a list of reports is wanted")
            made = [
                _subject(_object(each, f"{place}.reports[{at}]"), f"{place}.reports[{at}]")
                for at, each in enumerate(reports)
            ]
            return together(made)
        case _:
            raise ReportError(
                f"holds no findings: its schema is {one_line(str(schema))[:80]!r}",
                hint="reports are made from the JSON of gaps, diff, revision and history",
            )


def together(made: Sequence[Finding | Past]) -> Several:
    """Several results as one.

    Raises:
        ReportError: a history is among them, which makes a report of its own.
    """
    flat: list[Gaps | Diff | Audit] = []
    for each in made:
        if isinstance(each, Past):
            raise ReportError("a history makes a report of its own", hint="name it alone")
        flat += each.subjects if isinstance(each, Several) else (each,)
    return Several(tuple(flat))


def _gaps(value: dict[str, Any], place: str) -> Gaps:
    report = _body(GapReport, value, place)
    shapes = _shapes(value, ("document", "companion"), place)
    here = [(gap.span, gap.quote) for gap in report.gaps]
    here += [(each.statement.span, each.statement.quote) for each in report.verdicts]
    there = [
        (evidence.span, evidence.quote)
        for judged in (*report.gaps, *(each.disclosure for each in report.verdicts))
        for evidence in judged.evidence
    ]
    titles = _decoder(dict[str, str])(value.get("titles", {}), f"{place}.titles")
    documents = (
        _document(
            shapes.get("document"), report.document, report.coverage, here, titles.get("document")
        ),
        _document(
            shapes.get("companion"),
            report.companion,
            report.companion_coverage,
            there,
            titles.get("companion"),
        ),
    )
    return Gaps(report, *documents, _triage(value, place))


def _diff(value: dict[str, Any], place: str) -> Diff:
    revision = _body(Revision, value, place)
    shapes = _shapes(value, ("old", "new"), place)
    return Diff(revision, *_editions(revision, revision.changes, shapes), _triage(value, place))


def _audit(value: dict[str, Any], place: str) -> Audit:
    audit = _body(RevisionAudit, value, place)
    shapes = _shapes(value, ("old", "new"), place)
    changes = (*audit.revision.changes, *audit.changes)
    return Audit(audit, *_editions(audit.revision, changes, shapes), _triage(value, place))


def _editions(
    revision: Revision, changes: tuple[Change, ...], shapes: Mapping[str, Shape]
) -> tuple[Document, Document]:
    before = [(each.old.span, each.old.quote) for each in changes if each.old]
    after = [(each.new.span, each.new.quote) for each in changes if each.new]
    return (
        _document(shapes.get("old"), revision.old, revision.old_coverage, before, None),
        _document(shapes.get("new"), revision.new, revision.new_coverage, after, None),
    )


def _document(
    shape: Shape | None,
    source: Source,
    coverage: Coverage,
    quotes: list[tuple[Span, str]],
    title: str | None,
) -> Document:
    if shape is None:
        length = max((span.end for span, _ in quotes), default=0)
        shape = Shape(title or "", length, (), ())
    if not 0 <= shape.characters <= _LONGEST:
        raise ValueError(f"a text of {shape.characters} characters")
    return document_of(shape, source, coverage, quotes)


def _shapes(value: dict[str, Any], names: tuple[str, str], place: str) -> dict[str, Shape]:
    given = value.get("shapes")
    if given is None:
        return {}
    shapes = _object(given, f"{place}.shapes")
    if set(shapes) != set(names):
        raise _Wrong(f"{place}.shapes", f"{' and '.join(names)} are wanted")
    return {name: _decoder(Shape)(shapes[name], f"{place}.shapes.{name}") for name in names}


def _triage(value: dict[str, Any], place: str) -> Triage | None:
    given = value.get("triage")
    return None if given is None else _decoder(Triage)(given, f"{place}.triage")


def _body(kind: type, value: dict[str, Any], place: str) -> Any:
    return _decoder(kind)({k: v for k, v in value.items() if k not in _ENVELOPE}, place)


# -- values of any type of the model ----------------------------------------------------------

Decoder = Callable[[Any, str], Any]


@cache
def _decoder(hint: Any) -> Decoder:
    origin = get_origin(hint)
    if origin in (tuple, frozenset):
        return _many(hint, origin)
    if origin is dict:
        return _mapping(hint)
    if origin in (Union, types.UnionType):
        return _optional(hint)
    if hint in (str, int, float, bool):
        return _simple(hint)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _choice(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint)
    raise TypeError(f"no way to read a value of type {hint!r}")


def _simple(kind: type) -> Decoder:
    names = {str: "text", int: "a whole number", float: "a number", bool: "true or false"}

    def decode(value: Any, place: str) -> Any:
        if kind is float and type(value) is int and abs(value) < 2**53:
            return float(value)
        if type(value) is not kind:
            raise _Wrong(place, f"{names[kind]} is wanted")
        return value

    return decode


def _choice(kind: type[Enum]) -> Decoder:
    named = {each.name.lower() if issubclass(kind, IntEnum) else each.value: each for each in kind}

    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, str) or value not in named:
            raise _Wrong(place, f"one of {', '.join(map(repr, named))} is wanted")
        return named[value]

    return decode


def _many(hint: Any, origin: type) -> Decoder:
    item, *rest = get_args(hint)
    if origin is tuple and rest != [...]:
        return _row(get_args(hint))
    inner = _decoder(item)

    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, list):
            raise _Wrong(place, "a list is wanted")
        return origin(inner(each, f"{place}[{at}]") for at, each in enumerate(value))

    return decode


def _row(items: tuple[Any, ...]) -> Decoder:
    inner = [_decoder(item) for item in items]

    def decode(value: Any, place: str) -> Any:
        if not isinstance(value, list) or len(value) != len(inner):
            raise _Wrong(place, f"a list of {len(inner)} is wanted")
        return tuple(
            one(each, f"{place}[{at}]")
            for at, (one, each) in enumerate(zip(inner, value, strict=True))
        )

    return decode


def _mapping(hint: Any) -> Decoder:
    inner = _decoder(get_args(hint)[1])

    def decode(value: Any, place: str) -> Any:
        return {key: inner(each, f"{place}.{key}") for key, each in _object(value, place).items()}

    return decode


def _optional(hint: Any) -> Decoder:
    (arm,) = [arm for arm in get_args(hint) if arm is not types.NoneType]
    inner = _decoder(arm)

    def decode(value: Any, place: str) -> Any:
        return None if value is None else inner(value, place)

    return decode


def _record(kind: type) -> Decoder:
    hints = get_type_hints(kind)
    decoders = {each.name: _decoder(hints[each.name]) for each in fields(kind)}
    needed = {
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    } - set(_ABSENT.get(kind, ()))

    def decode(value: Any, place: str) -> Any:
        given = _object(value, place)
        for name in (*_unknown(given, decoders), *sorted(needed - set(given))):
            known = "is missing" if name in decoders else "is not known"
            raise _Wrong(place, f"the field {one_line(name)[:80]!r} {known}")
        made = dict(_ABSENT.get(kind, {}))
        for name, each in given.items():
            unbound = _UNBOUND.get((kind, name))
            if each is None and unbound is not None:
                made[name] = unbound
            else:
                made[name] = decoders[name](each, f"{place}.{name}")
        return kind(**made)

    return decode


def _unknown(given: Mapping[str, Any], known: Mapping[str, Decoder]) -> Iterator[str]:
    yield from sorted(name for name in given if name not in known)
