"""Alerts to whatever Apprise can reach: chats, telephones, mail, over a hundred services."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from cardwatch.alerts.secrets import secret
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

KEYS = frozenset[str]()
SECRETS = frozenset(["to"])
# What calls people, or becomes a link with another text, in one chat or another.
_CALLS = re.compile(r"@(?=\w)|<(?=[!@#])")
_LEVELS = {"high": "failure", "medium": "warning", "low": "info"}


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:  # noqa: ARG001 - the interface
    """Hand the message to the service of one Apprise address.

    Apprise's addresses hold passwords, so ``address`` is ``env:NAME`` or ``file:PATH``, and
    never the address itself. What Apprise has to say is not logged, as it may hold them too.
    """
    url = secret(address, "the Apprise address")
    try:
        import apprise
    except ImportError as wrong:
        raise DeliveryError("Apprise is not installed", hint="cardwatch[alerts]") from wrong
    log = logging.getLogger("apprise")
    quiet = logging.NullHandler()
    before = log.propagate
    log.addHandler(quiet)
    log.propagate = False
    try:
        service = apprise.Apprise(asset=apprise.AppriseAsset(async_mode=False))
        if not service.add(url):
            raise DeliveryError("not an address that Apprise knows", where=address[:200])
        done = service.notify(
            title=calm(message.subject),
            body=calm(message.text),
            body_format=apprise.NotifyFormat.TEXT,
            notify_type=apprise.NotifyType(_LEVELS[message.finding.severity.value]),
        )
    finally:
        log.removeHandler(quiet)
        log.propagate = before
    if not done:
        raise DeliveryError("Apprise could not deliver it", where=address[:200])


def calm(text: str) -> str:
    """A text that calls nobody: an invisible mark parts the sign from the name."""
    return _CALLS.sub(lambda match: match.group() + "\u2060", text)
