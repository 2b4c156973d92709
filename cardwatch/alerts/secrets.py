"""Secrets by reference: read when they are needed, never kept, printed or written."""

from __future__ import annotations

import os
from ipaddress import ip_address
from pathlib import Path

from cardwatch.errors import DeliveryError

_LONGEST = 65_536
HINT = 'name where it stands: "env:NAME" or "file:PATH"'


def is_reference(text: str) -> bool:
    """Whether a text says where a secret stands instead of being one."""
    return text.startswith(("env:", "file:"))


def is_this_machine(host: str) -> bool:
    """Whether what is sent to a host stays on this machine, and so may go unencrypted."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def secret(reference: str, what: str) -> str:
    """The secret that ``env:NAME`` or ``file:PATH`` means; ``what`` names it in an error.

    Raises:
        DeliveryError: it is not there, or the text is no reference, and may be the secret
            itself: the error does not repeat it.
    """
    kind, _, name = reference.partition(":")
    if kind == "env" and name:
        value = os.environ.get(name, "")
    elif kind == "file" and name:
        value = _read(Path(name).expanduser(), what)
    else:
        raise DeliveryError(f"{what} must not be written here", hint=HINT)
    value = value.strip()
    if not value:
        raise DeliveryError(f"{what} is empty or not set", where=reference[:200])
    if not value.isprintable():
        raise DeliveryError(f"{what} must be one line of text", where=reference[:200])
    return value


def _read(path: Path, what: str) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LONGEST).decode("utf-8")
    except OSError as wrong:
        raise DeliveryError(f"{what} cannot be read: {wrong.strerror}", where=str(path)) from wrong
    except UnicodeDecodeError:
        # the library's error would hold what the file holds
        raise DeliveryError(f"{what} is no text", where=str(path)) from None
