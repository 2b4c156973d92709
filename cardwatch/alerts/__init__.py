"""Alerts: a message to somewhere. Each way of sending is one module with one verb."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Protocol, cast

from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

__all__ = ["ALERTS", "Sender", "send"]


class Sender(Protocol):
    """What a module in the table has: one verb."""

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


def send(message: Message, settings: Mapping[str, str]) -> None:
    """Send a message over its channel: ``NAME:ADDRESS``, where NAME stands in the table.

    Raises:
        DeliveryError: there is no such way of sending, or the message could not be handed over.
    """
    name, _, address = message.channel.partition(":")
    if name not in ALERTS:
        raise DeliveryError(
            f"no way of sending is called {name[:40]!r}", hint=f"one of: {', '.join(ALERTS)}"
        )
    cast("Sender", import_module(ALERTS[name])).send(message, address, settings)
