"""Alerts: a message to somewhere. Each way of sending is one module with one verb."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

__all__ = ["ALERTS", "Sender", "keys", "send"]


class Sender(Protocol):
    """What a module in the table has: one verb, and ``KEYS``: the settings that it knows."""

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
