"""What a report may pass over: findings known from a baseline, and findings that are suppressed.

A suppression file is TOML, one table for each suppression::

    [[suppress]]
    id = "ca6294a90d"            # one finding, or instead of it patterns:
    rule = "falls-back"          # shell patterns, whole and without regard to case
    section = "7.*"
    reason = "told in the help pages, see ticket 41"
    expires = 2027-01-31         # the last day on which it holds; optional
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from cardwatch.errors import ReportError
from cardwatch.model import Suppressed, Suppression, Triage

_KEYS = ("id", "rule", "section", "reason", "expires")
# More were never written by hand; each is held against every finding.
_MOST = 10_000
_LONGEST_PATTERN = 200


class Named(NamedTuple):
    """A finding by what suppressions can aim at."""

    id: str
    rule: str
    section: str


class Known(NamedTuple):
    """The findings of an earlier report: where it lies, and their ids."""

    where: str
    ids: Collection[str]


def triage(
    findings: Iterable[Named],
    known: Known | None,
    suppressions: Sequence[Suppression],
    today: date,
) -> Triage:
    """Which findings are known or suppressed on the day ``today``, and what left nothing out."""
    ids: set[str] = set()
    suppressed: dict[str, Suppressed] = {}
    valid = [each for each in suppressions if not _expired(each, today)]
    used: set[int] = set()
    for finding in findings:
        ids.add(finding.id)
        fits = [at for at, each in enumerate(valid) if _fits(each, finding)]
        used.update(fits)
        if fits and finding.id not in suppressed:
            first = valid[fits[0]]
            suppressed[finding.id] = Suppressed(finding.id, first.reason, first.expires)
    before = set(known.ids) if known else set()
    return Triage(
        baseline=known.where if known else "",
        known=tuple(sorted(ids & before - suppressed.keys())),
        suppressed=tuple(suppressed[each] for each in sorted(suppressed)),
        gone=tuple(sorted(before - ids)),
        expired=tuple(each for each in suppressions if _expired(each, today)),
        unused=tuple(each for at, each in enumerate(valid) if at not in used),
    )


def _expired(suppression: Suppression, today: date) -> bool:
    return bool(suppression.expires) and date.fromisoformat(suppression.expires) < today


def _fits(suppression: Suppression, finding: Named) -> bool:
    if suppression.id:
        return suppression.id == finding.id
    return _matches(suppression.rule, finding.rule) and _matches(
        suppression.section, finding.section
    )


def _matches(pattern: str, text: str) -> bool:
    return not pattern or fnmatchcase(text.casefold(), pattern.casefold())


def read_suppressions(text: str, where: str) -> tuple[Suppression, ...]:
    """The suppressions in a file's text, in its order.

    Raises:
        ReportError: it is no TOML, a key is unknown, a reason is missing, or a day is none.
    """
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise ReportError(f"is no TOML: {wrong}", where=where) from wrong
    given = tables.pop("suppress", [])
    if tables:
        raise ReportError(
            f"unknown key {min(tables)!r}", hint="a suppression begins [[suppress]]", where=where
        )
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise ReportError("each suppression is a table", hint="begin it [[suppress]]", where=where)
    if len(given) > _MOST:
        raise ReportError(f"over the limit of {_MOST:,} suppressions", where=where)
    return tuple(
        _suppression(each, f"{where}, suppression {number}") for number, each in enumerate(given, 1)
    )


def write_suppressions(orders: Iterable[Suppression], head: str) -> str:
    """A file's text from which ``read_suppressions`` makes equal ones; ``head`` is a comment."""
    parts = [f"# {line}" for line in head.splitlines()]
    for order in orders:
        parts += ["", "[[suppress]]"]
        for key in ("id", "rule", "section", "reason"):
            value = getattr(order, key)
            if value:
                # what JSON leaves as it is, TOML takes, but for one control
                quoted = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
                parts.append(f"{key} = {quoted}")
        if order.expires:
            parts.append(f"expires = {order.expires}")
    return "\n".join(parts) + "\n"


def _suppression(table: dict[str, Any], where: str) -> Suppression:
    unknown = sorted(set(table) - set(_KEYS))
    if unknown:
        raise ReportError(
            f"unknown key {unknown[0]!r}", hint=f"one of: {', '.join(_KEYS)}", where=where
        )
    texts = {key: table.get(key, "") for key in ("id", "rule", "section", "reason")}
    for key, value in texts.items():
        if not isinstance(value, str):
            raise ReportError(f"{key} must be a text", where=where)
    if not texts["reason"].strip():
        raise ReportError("a reason is missing", hint='add: reason = "…"', where=where)
    if bool(texts["id"]) == bool(texts["rule"] or texts["section"]):
        raise ReportError(
            "an id, or else a pattern of rule or section, is wanted", hint="not both", where=where
        )
    for key in ("rule", "section"):
        texts[key] = re.sub(r"\*+", "*", texts[key])
        if len(texts[key]) > _LONGEST_PATTERN:
            raise ReportError(f"{key} is longer than {_LONGEST_PATTERN} characters", where=where)
    return Suppression(expires=_day(table.get("expires"), where), **texts)


def _day(value: Any, where: str) -> str:
    if value is None:
        return ""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as wrong:
        raise ReportError(
            "expires must be a day", hint="as in: expires = 2027-01-31", where=where
        ) from wrong
