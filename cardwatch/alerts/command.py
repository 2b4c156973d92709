"""Alerts to a command of one's own: the message on its standard input."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Mapping

from cardwatch.alerts.envelope import in_form
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

KEYS = frozenset(["seconds", "form"])
_SECONDS = 60.0


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:
    """Run the command with the message as its input; it must end with 0.

    No shell runs it, and no watched text is among its arguments. The environment has
    ``CARDWATCH_ID`` (the same whenever this message is sent), ``CARDWATCH_SOURCE``,
    ``CARDWATCH_KIND``, ``CARDWATCH_SEVERITY`` and ``CARDWATCH_REPEATED``. ``form`` is that of
    the input: ``text``, ``markdown`` or ``json``.
    """
    try:
        command = shlex.split(address)
    except ValueError as wrong:
        raise DeliveryError(f"not a command: {wrong}", where=address) from wrong
    if not command:
        raise DeliveryError("no command is named", hint='to = "command:notify-me --now"')
    environment = {
        **os.environ,
        "CARDWATCH_ID": message.id,
        "CARDWATCH_SOURCE": message.finding.source,
        "CARDWATCH_KIND": message.finding.kind.value,
        "CARDWATCH_SEVERITY": message.finding.severity.value,
        "CARDWATCH_REPEATED": "1" if message.repeated else "",
    }
    try:
        done = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            command,
            input=in_form(message, settings).encode("utf-8", "backslashreplace"),
            env=environment,
            timeout=float(settings.get("seconds", _SECONDS)),
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired, ValueError) as wrong:
        raise DeliveryError(f"did not run: {wrong}", where=command[0]) from wrong
    if done.returncode:
        raise DeliveryError(f"ended with {done.returncode}", where=command[0])
