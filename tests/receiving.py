"""Real receivers of alerts, on the loopback: a mail server and a web hook."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.servers import serve

PASSWORD = "open-sesame-7391"


@dataclass
class Mailbox:
    """Where a mail server puts what it takes; ``refuse`` is its answer to what it does not."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refuse: str = ""

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refuse:
            return self.refuse
        self.raw.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"


@contextmanager
def mail_server(certificate: Path | None = None, *, log_in: bool = False) -> Iterator[Mailbox]:
    """A mail server; with a certificate it speaks STARTTLS and demands it."""
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, LoginPassword

    def check(_server: Any, _session: Any, _envelope: Any, _kind: str, given: Any) -> AuthResult:
        right = isinstance(given, LoginPassword) and given.password == PASSWORD.encode()
        return AuthResult(success=right, handled=False)

    more: dict[str, Any] = {}
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        more |= {"tls_context": context, "require_starttls": True}
    if log_in:
        more |= {
            "authenticator": check,
            "auth_required": True,
            "auth_require_tls": bool(certificate),
        }
    box = Mailbox()
    controller = Controller(box, hostname="127.0.0.1", port=_free_port(), **more)
    controller.start()
    box.port = controller.port
    try:
        yield box
    finally:
        controller.stop()


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Hook:
    """What was posted to a web hook, and how it answers."""

    port: int = 0
    status: int = 204
    posts: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    drip: float = 0.0
    location: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook/s3cr3t-path"


@contextmanager
def web_hook() -> Iterator[Hook]:
    """A web hook that keeps what is posted to it."""
    hook = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            hook.posts.append((self.path, dict(self.headers), self.rfile.read(size)))
            if hook.drip:
                threading.Event().wait(hook.drip)
            self.send_response(hook.status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with serve(Handler) as hook.port:
        yield hook


def certificate(folder: Path) -> Path:
    """A key and a certificate for 127.0.0.1, signed by itself, in one file."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed: no certificate can be made")
    path = folder / "server.pem"
    key = folder / "key.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
         "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(path)],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    path.write_bytes(path.read_bytes() + key.read_bytes())
    return path
