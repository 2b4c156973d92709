"""Findings as JUnit XML, for machines that show tests: a finding is a test that failed.

What is known or suppressed is a test that was skipped, with the reason. A result without any
finding is one test that passed, so that no machine takes an empty file for an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from cardwatch.model import Standing
from cardwatch.reports.findings import Finding, documents, findings, left_out, results, title
from cardwatch.reports.inert import inert
from cardwatch.reports.subjects import Audit, Diff, Gaps, Subject, View
from cardwatch.reports.words import shortened

# What no XML document may hold (XML 1.0, production 2), where ``inert`` lets it pass.
_FORBIDDEN = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAME = 200


def render(subject: Subject, view: View) -> str:
    """One suite for each result."""
    suites = [_suite(result, view) for result in results(subject)]
    return (
        "\n".join(
            ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", *suites, "</testsuites>"]
        )
        + "\n"
    )


def _suite(result: Gaps | Diff | Audit, view: View) -> str:
    shown = list(findings(result, view.limit))
    failed = sum(finding.standing is Standing.NEW for finding in shown)
    names = " / ".join(
        shortened(document.source.location, _NAME) for _, document in documents(result)
    )
    numbers = (
        f'tests="{len(shown) or 1}" failures="{failed}" errors="0" skipped="{len(shown) - failed}"'
    )
    lines = [f"<testsuite name={_attribute(f'{title(result)}: {names}')} {numbers}>"]
    lines += [f"<properties>{''.join(_properties(result, view))}</properties>"]
    for finding in shown:
        lines += _case(finding)
    if not shown:
        lines.append('<testcase classname="cardwatch" name="no findings"/>')
    lines.append("</testsuite>")
    return "\n".join(lines)


def _properties(result: Gaps | Diff | Audit, view: View) -> Iterator[str]:
    for role, document in documents(result):
        yield _property(role, document.source.location)
        yield _property(f"{role} sha256", document.source.sha256)
        yield _property(f"{role} places not read", str(len(document.coverage.unread)))
    if result.triage and result.triage.says:
        yield _property("left out", result.triage.says)
    more = left_out(result, view.limit)
    if more:
        yield _property("not listed", f"{more} findings of lower rank")


def _property(name: str, value: str) -> str:
    return f"<property name={_attribute(name)} value={_attribute(value)}/>"


def _case(finding: Finding) -> list[str]:
    place = finding.place
    page = f"p. {place.page} " if place.page is not None else ""
    name = f"{page}{place.section} [{finding.id}]"
    head = f"<testcase classname={_attribute(finding.rule)} name={_attribute(name)}>"
    if finding.standing is Standing.NEW:
        said = f"{finding.status}: {finding.why}" if finding.severity else finding.why
        kind = f"type={_attribute(finding.status)} message={_attribute(said)}"
        body = f"<failure {kind}>{_text(_words(finding))}</failure>"
    else:
        why = f"{finding.standing.value}{': ' + finding.reason if finding.reason else ''}"
        body = f"<skipped message={_attribute(why)}/>"
    return [head, body, "</testcase>"]


def _words(finding: Finding) -> str:
    lines = [f"“{shortened(finding.place.quote)}”"]
    if finding.against is not None:
        there = finding.against
        page = f"p. {there.page} " if there.page is not None else ""
        lines.append(f"{page}{there.section}: “{shortened(there.quote)}”")
    if finding.announcement:
        lines.append(f"account: {finding.announcement}")
    if finding.doubt:
        lines.append(f"doubt: {finding.doubt}")
    return "\n".join(lines)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", inert(text))


def _text(text: str) -> str:
    return escape(_clean(text))


def _attribute(text: str) -> str:
    return quoteattr(shortened(_clean(text), 1_000))
