"""A site to watch, a clock to turn, and a watch of them: for tests of the watch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from cardwatch.fetch import Limits
from cardwatch.watch.settings import Channel, Settings, World
from tests.servers import serve


@dataclass
class Answer:
    """What a path answers with."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Site:
    """A server on the loopback: pages by path, and the requests that came."""

    pages: dict[str, Answer] = field(default_factory=dict)
    requests: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    port: int = 0
    most_at_once: int = 0
    _now: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Answer a path from now on."""
        data = body.encode() if isinstance(body, str) else body
        kind = "application/pdf" if data[:5] == b"%PDF-" else "text/html; charset=utf-8"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = Answer(data, status, {"Content-Type": kind, **named})

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            self.requests.append((handler.path, dict(handler.headers)))
            self._now += 1
            self.most_at_once = max(self.most_at_once, self._now)
        try:
            page = self.pages.get(handler.path, Answer(b"<p>nothing", 404))
            tag = page.headers.get("ETag")
            same = tag is not None and handler.headers.get("If-None-Match") == tag
            handler.send_response(304 if same else page.status)
            for name, value in page.headers.items():
                handler.send_header(name, value)
            handler.send_header("Content-Length", "0" if same else str(len(page.body)))
            handler.end_headers()
            if not same:
                handler.wfile.write(page.body)
        finally:
            with self._lock:
                self._now -= 1


@contextmanager
def serving() -> Iterator[Site]:
    """A site that answers while the block runs."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    with serve(Handler) as site.port:
        yield site


@dataclass
class Clock:
    """A clock that stands still unless it is turned or slept on."""

    at: datetime = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    slept: float = 0.0

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.slept += seconds
        self.at += timedelta(seconds=seconds)

    def turn(self, **span: float) -> None:
        self.at += timedelta(**span)


def world(clock: Clock, step: Callable[[str], None] | None = None) -> World:
    """The outside world by a clock, and without chance."""
    return World(
        now=clock.now, sleep=clock.sleep, chance=lambda: 0.5, step=step or (lambda _name: None)
    )


def settings(home: Path, **more: object) -> Settings:
    """A watch of the loopback that tells to a file."""
    given = {
        "channels": (Channel(f"file:{home / 'alerts.txt'}"),),
        "hosts": 1,
        "retries": 0,
        "delay": 0.0,
        "private": True,
        "limits": Limits(seconds=5, silence=2),
    }
    return Settings(home, **{**given, **more})  # type: ignore[arg-type]


def source(home: Path, name: str, text: str) -> None:
    """Write the file of a source."""
    path = home / "sources" / name / "source.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def told(home: Path) -> list[str]:
    """The first line of each alert that was delivered."""
    path = home / "alerts.txt"
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    return [lines[at + 1] for at, line in enumerate(lines) if line.startswith("== alert ")]


def page(*paragraphs: str, title: str = "Terms of use") -> str:
    """A page of HTML with a title and paragraphs."""
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<!DOCTYPE html><html lang=en><head><title>{title}</title></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
