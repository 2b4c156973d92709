"""Servers that tests start for themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# As long as a socket's path may be, with room for the name of the socket itself.
_LONGEST_PATH = 80


@contextmanager
def serve(handler: type[BaseHTTPRequestHandler]) -> Iterator[int]:
    """A web server on the loopback; gives its port."""
    server = _Quiet(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what tests do."""


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server on a socket in ``folder``."""

    folder: Path

    @property
    def address(self) -> str:
        """The database that is there from the beginning."""
        return self.of("postgres")

    def of(self, name: str) -> str:
        """The address of the database of a name."""
        return f"postgresql://cardwatch@/{name}?host={self.folder}"

    def empty(self) -> None:
        """Remove every table of the first database."""
        self._say("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")

    def database(self, home: Path, like: Path | None = None) -> str:
        """The address of a database for a watch's folder: made if needed, as a copy if asked."""
        name = f"home_{sha256(str(home).encode()).hexdigest()[:24]}"
        if not self._say(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
            template = self.database(like).partition("?")[0].rpartition("/")[2] if like else ""
            self._say(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
        return self.of(name)

    def _say(self, *statements: str) -> list[tuple[object, ...]]:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            for each in statements:
                cursor = connection.execute(each.encode())
            return cursor.fetchall() if cursor.description else []


def _program(name: str) -> str | None:
    def version(path: Path) -> tuple[int, ...]:
        return tuple(int(part) for part in path.parts[4].split(".") if part.isdecimal())

    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=version)
    return shutil.which(name) or (str(found[-1]) if found else None)


def missing() -> str:
    """Why no PostgreSQL server can be started here; empty if one can."""
    try:
        import psycopg  # noqa: F401 - asked for only
    except ImportError:
        return "psycopg is not installed (pip install 'cardwatch[postgres]')"
    if not _program("initdb") or not _program("pg_ctl"):
        return "no PostgreSQL server is installed (apt-get install postgresql)"
    if _user() is None:
        return "PostgreSQL does not run as root, and there is no user to run it as"
    return ""


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server of our own, for as long as the block runs.

    It runs as a user without rights where the tests run as root, listens on no network, and
    leaves nothing behind.
    """
    user = _user() or (0, 0)
    # a path that the server's user can enter, and short enough for a socket
    root = tempfile.gettempdir()
    fits = len(root) < _LONGEST_PATH - 30 and Path(root).stat().st_mode & 0o001
    with tempfile.TemporaryDirectory(prefix="cw-pg", dir=root if fits else "/tmp") as short:
        if user[0]:
            shutil.chown(short, *user)
        data = f"{short}/data"

        def run(*command: str | None) -> None:
            done = subprocess.run(
                [part or "" for part in command],
                check=False,
                capture_output=True,
                text=True,
                timeout=60,
                cwd=short,
                **({"user": user[0], "group": user[1], "extra_groups": ()} if user[0] else {}),  # type: ignore[call-overload]
            )
            assert done.returncode == 0, done.stderr or done.stdout

        def control(*more: str) -> None:
            run(_program("pg_ctl"), "-D", data, "-l", f"{short}/log", *more)

        made = ("-A", "trust", "-U", "cardwatch", "--no-sync", "-E", "UTF8", "--locale=C")
        run(_program("initdb"), "-D", data, *made)
        options = f"-c listen_addresses= -c unix_socket_directories={short} -c fsync=off"
        control("-w", "-o", options, "start")
        try:
            yield Server(Path(short))
        finally:
            control("-m", "immediate", "stop")


def _user() -> tuple[int, int] | None:
    """Whom the server runs as: it refuses to run as root. Zeros: as who runs the tests."""
    if os.geteuid() != 0:
        return 0, 0
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    return None
