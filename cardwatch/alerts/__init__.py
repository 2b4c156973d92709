"""Alerts: a message to somewhere. Each way of sending is one module with one verb."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from cardwatch.alerts.secrets import HINT, is_reference
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

__all__ = ["ALERTS", "Sender", "keys", "refuse_written_secrets", "send"]


class Sender(Protocol):
    """What a module in the table has: one verb, and ``KEYS``: the settings that it knows.

    ``SECRETS`` are those that must be references; ``to`` is the address itself.
    """

    def send(self, message: Message, address: str, settings: Mapping[str, str]) -> None:
        """Hand the message over to ``address``, or raise ``DeliveryError``.

        A message that is ``repeated`` may have arrived already: a sender that can tell sends
        it no second time, and one that cannot passes its ``id`` on for the receiver to tell.
        """


ALERTS: dict[str, str] = {
    "apprise": "cardwatch.alerts.apprise",
    "atom": "cardwatch.alerts.atom",
    "command": "cardwatch.alerts.command",
    "file": "cardwatch.alerts.file",
    "mail": "cardwatch.alerts.mail",
    "stdout": "cardwatch.alerts.stdout",
    "webhook": "cardwatch.alerts.webhook",
}


def keys(channel: str) -> frozenset[str]:
    """The settings that the sender of a channel knows.

    Raises:
        DeliveryError: there is no such way of sending.
    """
    return frozenset(getattr(_sender(channel), "KEYS", ()))


def refuse_written_secrets(channel: str, settings: Mapping[str, str]) -> None:
    """Refuse a secret that is written out where the place of it belongs.

    Raises:
        DeliveryError: one is; the error does not repeat it.
    """
    _, _, address = channel.partition(":")
    for key in sorted(getattr(_sender(channel), "SECRETS", ())):
        value = address if key == "to" else settings.get(key, "")
        if value and not is_reference(value):
            raise DeliveryError(f"the secret of {key} must not be written here", hint=HINT)


def send(message: Message, settings: Mapping[str, str]) -> None:
    """Send a message over its channel: ``NAME:ADDRESS``, where NAME stands in the table.

    Raises:
        DeliveryError: there is no such way of sending, or the message could not be handed over.
    """
    address = message.channel.partition(":")[2]
    _sender(message.channel).send(message, address, settings)


def _sender(channel: str) -> Sender:
    name = channel.partition(":")[0]
    if name not in ALERTS:
        raise DeliveryError(
            f"no way of sending is called {name[:40]!r}", hint=f"one of: {', '.join(ALERTS)}"
        )
    return cast("Sender", import_module(ALERTS[name]))
