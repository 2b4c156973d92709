"""Alerts by mail: one address for each channel, over TLS, to a server of one's own choice."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate

from cardwatch.alerts.secrets import is_this_machine, secret
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import Message

KEYS = frozenset(["host", "port", "security", "user", "password", "from", "ca", "seconds"])
SECRETS = frozenset(["password"])
_SECONDS = 30.0
_PORTS = {"starttls": 587, "tls": 465, "none": 25}
# A subset of what RFC 5321 allows: no quoted part, no comment, nothing that ends a header.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,253}")
_ID = re.compile(r"[^A-Za-z0-9.-]+")
# A line may have 998 bytes by RFC 5322; no list of mails shows more than this.
_SUBJECT = 180


def send(message: Message, address: str, settings: Mapping[str, str]) -> None:
    """Hand the message to the server that ``host`` names.

    ``security`` is ``starttls`` (as usual), ``tls`` or ``none``; certificates are verified,
    by the authorities in the file ``ca`` if it is given. ``password`` says where it stands.
    The mail's id is the same whenever it is sent, so that a mailbox shows a repeat as one.
    """
    mail = mail_of(message, address, settings.get("from", ""))
    host, port, security = _server(settings)
    try:
        with _connected(host, port, security, settings) as server:
            if user := settings.get("user", ""):
                _log_in(server, user, settings, safe=security != "none" or is_this_machine(host))
            server.send_message(mail)
            # it is accepted: how the server takes its leave changes nothing
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
    except smtplib.SMTPAuthenticationError as wrong:
        raise DeliveryError(f"login refused ({wrong.smtp_code})", where=host) from None
    except smtplib.SMTPRecipientsRefused as wrong:
        codes = sorted({str(code) for code, _ in wrong.recipients.values()})
        raise DeliveryError(f"address refused ({', '.join(codes)})", where=host) from None
    except smtplib.SMTPResponseException as wrong:
        raise DeliveryError(f"refused ({wrong.smtp_code})", where=host) from None
    except ssl.SSLCertVerificationError as wrong:
        raise DeliveryError(f"certificate: {wrong.verify_message}", where=host) from None
    except smtplib.SMTPException as wrong:
        # no library's words: they may hold what was sent
        raise DeliveryError(f"failed: {type(wrong).__name__}", where=host) from None
    except OSError as wrong:
        raise DeliveryError(
            f"failed: {wrong.strerror or type(wrong).__name__}", where=host
        ) from None


def mail_of(message: Message, address: str, sender: str) -> EmailMessage:
    """The mail: plain text, with HTML beside it where the message has some."""
    for each in (address, sender):
        if not _ADDRESS.fullmatch(each):
            raise DeliveryError(
                "not a mail address" if each else "no sender is named",
                hint='to = "mail:you@example.org" and from = "cardwatch@example.org"',
                where=each[:100] if each.isprintable() else "",
            )
    domain = sender.rpartition("@")[2]
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address
    mail["Subject"] = _line(message.subject)[:_SUBJECT]
    mail["Date"] = formatdate(localtime=False)
    mail["Message-ID"] = f"<{_ID.sub('-', message.id)}@{domain}>"
    # the end of a matter stands below its beginning
    thread = f"<{_ID.sub('-', message.finding.matter)}.matter@{domain}>"
    mail["References"] = thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Cardwatch-Kind"] = message.finding.kind.value
    mail["X-Cardwatch-Severity"] = message.finding.severity.value
    if message.repeated:
        mail["X-Cardwatch-Repeated"] = "yes"
    mail.set_content(_text(message.text))
    if message.html:
        mail.add_alternative(_text(message.html), subtype="html")
    return mail


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in _text(text)).split())


def _text(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _server(settings: Mapping[str, str]) -> tuple[str, int, str]:
    host, security = settings.get("host", ""), settings.get("security", "starttls")
    if not host:
        raise DeliveryError("no mail server is named", hint='host = "smtp.example.org"')
    if security not in _PORTS:
        raise DeliveryError(
            f"no security is called {security[:40]!r}", hint=f"one of: {', '.join(_PORTS)}"
        )
    port = settings.get("port", "")
    if port and not (port.isdecimal() and 0 < int(port) < 65_536):
        raise DeliveryError(f"not a port: {port[:40]}", where=host)
    return host, int(port or _PORTS[security]), security


def _connected(host: str, port: int, security: str, settings: Mapping[str, str]) -> smtplib.SMTP:
    try:
        seconds = float(settings.get("seconds", _SECONDS))
        context = ssl.create_default_context(cafile=settings.get("ca") or None)
    except ValueError as wrong:
        raise DeliveryError("seconds must be a number", where=host) from wrong
    # a full name would be asked of the name service, which may take long
    name = socket.gethostname()
    if security == "tls":
        return smtplib.SMTP_SSL(host, port, name, timeout=seconds, context=context)
    server = smtplib.SMTP(host, port, name, timeout=seconds)
    if security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _log_in(server: smtplib.SMTP, user: str, settings: Mapping[str, str], *, safe: bool) -> None:
    if not safe:
        raise DeliveryError("no password is sent over an open line", hint='security = "starttls"')
    server.login(user, secret(settings.get("password", ""), "the password"))
