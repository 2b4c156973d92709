"""A message as data, for programs: the same for a web hook, a command and a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

SCHEMA = "cardwatch/alert/1"
FORMS = ("text", "markdown", "json")


def body_of(message: Message) -> dict[str, Any]:
    """The finding's fields, the message as text, Markdown and HTML, and what it rests on.

    ``report`` is an object under the schema that it names, such as a release's brief, or
    ``None``.
    """
    finding = message.finding
    return {
        "schema": SCHEMA,
        "id": message.id,
        "repeated": message.repeated,
        "matter": finding.matter,
        "event": finding.event.value,
        "kind": finding.kind.value,
        "severity": finding.severity.value,
        "source": finding.source,
        "publisher": finding.publisher,
        "title": finding.title,
        "lines": list(finding.lines),
        "url": finding.url,
        "at": finding.at,
        "old": finding.old,
        "new": finding.new,
        "packs": list(finding.packs),
        "text": message.text,
        "markdown": message.markdown,
        "html": message.html,
        "report": json.loads(message.report) if message.report else None,
    }


def in_form(message: Message, settings: Mapping[str, str]) -> str:
    """The message in the ``form`` that a channel wants: ``json`` is one line.

    Raises:
        DeliveryError: there is no such form.
    """
    form = settings.get("form", "text")
    if form not in FORMS:
        raise DeliveryError(f"no form is called {form[:40]!r}", hint=f"one of: {', '.join(FORMS)}")
    if form == "json":
        return json.dumps(body_of(message), ensure_ascii=True) + "\n"
    return message.markdown if form == "markdown" and message.markdown else message.text
