"""Servers that tests start for themselves."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _program(name: str) -> str | None:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(found[-1]) if found else None)


@contextmanager
def postgres_server(folder: Path) -> Iterator[str | None]:
    """The address of a PostgreSQL server on a socket in ``folder``; ``None`` if there is none."""
    try:
        import psycopg  # noqa: F401 - asked for only
    except ImportError:
        yield None
        return
    initdb, control = _program("initdb"), _program("pg_ctl")
    user = _user()
    if not initdb or not control or user is None:
        yield None
        return
    # a path that the server's user can enter, and short enough for a socket
    import tempfile

    with tempfile.TemporaryDirectory(prefix="cw-pg") as short:
        if user[0]:
            shutil.chown(short, *user)
        data = f"{short}/data"

        def run(*command: str) -> None:
            subprocess.run(
                command,
                check=True,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=60,
                cwd=short,
                **({"user": user[0], "group": user[1], "extra_groups": ()} if user[0] else {}),  # type: ignore[call-overload]
            )

        run(initdb, "-D", data, "-A", "trust", "-U", "cardwatch", "--no-sync", "-E", "UTF8")
        options = f"-c listen_addresses= -c unix_socket_directories={short} -c fsync=off"
        run(control, "-D", data, "-w", "-o", options, "-l", f"{short}/log", "start")
        try:
            yield f"postgresql://cardwatch@/postgres?host={short}"
        finally:
            run(control, "-D", data, "-m", "immediate", "stop")


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
