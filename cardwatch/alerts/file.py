"""Alerts at the end of a file, each once: as text, as Markdown, or as a line of JSON."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from cardwatch.alerts.envelope import in_form
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

# An interrupted message is the last that was written, or one of the last few.
_TAIL = 16_000_000


KEYS = frozenset(["form"])


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:
    """Append the message, unless it stands there already."""
    path = Path(address).expanduser()
    mark = f"== alert {message.id}\n"
    text = in_form(message, settings)
    if settings.get("form") == "json":
        mark, whole = f'"id": "{message.id}"', text
    else:
        whole = f"{mark}{text}\n"
    try:
        if message.repeated and mark.encode() in _tail(path):
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as file:
            # one write, so that it is there whole or not at all
            file.write(whole.encode("utf-8", "backslashreplace"))
            os.fsync(file.fileno())
    except OSError as wrong:
        raise DeliveryError(f"cannot be written: {wrong.strerror}", where=address) from wrong


def _tail(path: Path) -> bytes:
    if not path.exists():
        return b""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        return file.read()
