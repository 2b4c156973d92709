"""Alerts to standard output: what cron mails and CI keeps."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

KEYS = frozenset(["stream"])


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:  # noqa: ARG001 - the interface
    """Write the message. Nobody can tell whether an earlier run's writing was read."""
    again = "(may be a repeat: an earlier run was stopped while it sent this)\n"
    text = f"{again if message.repeated else ''}{message.text}\n"
    stream = sys.stderr if settings.get("stream") == "stderr" else sys.stdout
    name = stream.encoding or "utf-8"
    try:
        stream.write(text.encode(name, "backslashreplace").decode(name))
        stream.flush()
    except OSError as wrong:
        raise DeliveryError(f"cannot be written: {wrong.strerror}", where="stdout") from wrong
