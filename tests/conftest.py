"""What all tests share: a cache of their own, and the real documents where they are present."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import servers, watching

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Server]:
    """A PostgreSQL server of our own. ``.ci/run`` installs one, and then none is missing."""
    if reason := servers.missing():
        (pytest.fail if os.environ.get("CARDWATCH_TEST_POSTGRES") else pytest.skip)(reason)
    with servers.postgres_server() as server:
        yield server


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the cache of the person who runs it."""
    folder = tmp_path_factory.getbasetemp() / "cache"
    monkeypatch.setenv("CARDWATCH_CACHE_DIR", str(folder))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what reads the real documents where they are not at hand."""
    if SHARED.is_dir():
        return
    absent = pytest.mark.skip(reason="the folder shared/ is not beside the project")
    for item in items:
        if "shared" in item.keywords:
            item.add_marker(absent)


@pytest.fixture
def shared() -> Path:
    """The folder of real documents; the test that asks for it is marked ``shared``."""
    return SHARED


@dataclass(frozen=True)
class Ran:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def cardwatch(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Ran]:
    """Run the command line in this process, as if its output were piped."""
    for name in ("COLUMNS", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str | Path) -> Ran:
        from cardwatch.cli import main

        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        code = ended.value.code
        return Ran(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Writes that would not survive a power failure, which no test brings about."""
    monkeypatch.setattr("cardwatch.store.database._SYNCHRONOUS", "OFF")
    monkeypatch.setattr("os.fsync", lambda _handle: None)


@pytest.fixture
def site() -> Iterator[watching.Site]:
    """A site of our own, which answers as the test says."""
    with watching.serving() as served:
        yield served
