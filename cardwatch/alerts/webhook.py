"""Alerts to a web address: one POST of JSON, signed if a secret is given."""

from __future__ import annotations

import hmac
import http.client
import json
import ssl
import threading
from collections.abc import Mapping
from hashlib import sha256
from urllib.parse import SplitResult, urlsplit

from cardwatch.alerts.envelope import body_of
from cardwatch.alerts.secrets import is_reference, is_this_machine, secret
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

KEYS = frozenset(["token", "secret", "ca", "seconds", "plain", "body"])
SECRETS = frozenset(["token", "secret"])
_BODIES = ("alert", "report")
_SECONDS = 30.0


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:
    """POST the message as JSON; an answer of 200 to 299 takes it over, any other does not.

    ``address`` is ``env:NAME``, ``file:PATH`` or the address itself. With ``body = "report"``
    the brief or the comparison that the message rests on is posted alone, and the message
    where there is none; each names its schema. ``token`` and ``secret``
    say where a bearer token and the key of the signature stand: ``X-Cardwatch-Signature`` is
    ``sha256=`` and the HMAC of the body. ``Idempotency-Key`` is the same whenever this
    message is sent. Redirects are not followed.
    """
    url = secret(address, "the address") if is_reference(address) else address
    parts = _parts(url, plain=settings.get("plain", "") == "yes")
    body = _payload(message, settings)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "cardwatch",
        "Idempotency-Key": message.id,
        "X-Cardwatch-Kind": message.finding.kind.value,
        "X-Cardwatch-Event": message.finding.event.value,
        "X-Cardwatch-Severity": message.finding.severity.value,
    }
    if settings.get("token"):
        headers["Authorization"] = f"Bearer {_header(secret(settings['token'], 'the token'))}"
    if settings.get("secret"):
        key = secret(settings["secret"], "the signing secret").encode()
        headers["X-Cardwatch-Signature"] = f"sha256={hmac.new(key, body, sha256).hexdigest()}"
    host = parts.hostname or ""
    try:
        status = _post(parts, body, headers, settings)
    except ssl.SSLCertVerificationError as wrong:
        raise DeliveryError(f"certificate: {wrong.verify_message}", where=host) from None
    except (OSError, http.client.HTTPException) as wrong:
        # the address may be a secret, and the library's words may hold it
        reason = getattr(wrong, "strerror", None) or type(wrong).__name__
        raise DeliveryError(f"failed: {reason}", where=host) from None
    if not 200 <= status < 300:
        raise DeliveryError(f"the receiver answered {status}", where=host)


def _payload(message: Message, settings: Mapping[str, str]) -> bytes:
    body = settings.get("body", "alert")
    if body not in _BODIES:
        raise DeliveryError(
            f"no body is called {body[:40]!r}", hint=f"one of: {', '.join(_BODIES)}"
        )
    if body == "report" and message.report:
        return json.dumps(json.loads(message.report), ensure_ascii=True).encode("ascii")
    return json.dumps(body_of(message), ensure_ascii=True).encode("ascii")


def _parts(url: str, *, plain: bool) -> SplitResult:
    try:
        parts = urlsplit(url)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isascii()
        fine = fine and url.isprintable() and " " not in url and parts.port != 0
    except ValueError:
        fine = False
    if not fine:
        raise DeliveryError("the address of the webhook is none of https")
    if parts.username or parts.password:
        raise DeliveryError("the address must hold no password", hint='token = "env:NAME"')
    if parts.scheme == "http" and not plain and not is_this_machine(parts.hostname or ""):
        raise DeliveryError(
            "nothing is posted over an open line",
            hint='https, or plain = "yes"',
            where=parts.hostname or "",
        )
    return parts


def _header(value: str) -> str:
    if not value.isascii():
        raise DeliveryError("the token cannot be sent in a header")
    return value


def _post(
    parts: SplitResult, body: bytes, headers: Mapping[str, str], settings: Mapping[str, str]
) -> int:
    """The status of the answer; its words are not read."""
    try:
        seconds = float(settings.get("seconds", _SECONDS))
    except ValueError as wrong:
        raise DeliveryError("seconds must be a number") from wrong
    host, port = parts.hostname or "", parts.port
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        context = ssl.create_default_context(cafile=settings.get("ca") or None)
        connection = http.client.HTTPSConnection(host, port, timeout=seconds, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=seconds)
    # an answer that comes a byte at a time would never be late by itself
    late = threading.Timer(seconds, _cut, (connection,))
    late.daemon = True
    late.start()
    try:
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target, body, dict(headers))
        return connection.getresponse().status
    finally:
        late.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    sock = connection.sock
    if sock is not None:
        try:
            sock.shutdown(2)
        except OSError:
            return
