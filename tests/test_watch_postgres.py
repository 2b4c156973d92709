"""The laws of the watch, on a real PostgreSQL server: the same tests, kept in its tables.

Each folder of a watch gets a database of its own; a copied folder gets a copy of its database.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cardwatch.errors import StoreError, WatchError
from cardwatch.store import Store, database
from cardwatch.watch.run import run
from tests import test_watch, test_watch_killed
from tests.conftest import Ran
from tests.servers import Server
from tests.test_release_week import test_nine_days_of_a_release
from tests.test_watch import TERMS, watch
from tests.test_watch_killed import prepare, remembered, test_killed_again_and_again
from tests.watching import Site, page, settings, source, told

__all__ = [
    "remembered",
    "test_killed_again_and_again",
    "test_nine_days_of_a_release",
    "watch",
]
# all of its tests, with those to come
globals().update({name: each for name, each in vars(test_watch).items() if name[:5] == "test_"})
pytestmark = [pytest.mark.usefixtures("quick_disk", "on_postgres"), pytest.mark.slow]


@pytest.fixture
def on_postgres(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every store that is opened without an address lies on the server."""

    def connect(home: Path, address: str = "") -> database.Database:
        return database.Postgres(address or postgres.database(home))

    def copy(start: Path, home: Path) -> None:
        shutil.copytree(start, home)
        postgres.database(home, like=start)

    monkeypatch.setattr("cardwatch.store.snapshots.connect", connect)
    monkeypatch.setattr(test_watch_killed, "_copy", copy)


def test_it_is_the_server_that_keeps_it(tmp_path: Path, site: Site) -> None:
    """The watch makes no database in its folder."""
    site.put("/terms", page(*TERMS))
    source(tmp_path, "terms", f'url = "{site.url("/terms")}"\nrobots = false\n')
    assert len(run(settings(tmp_path)).checks) == 1
    assert not (tmp_path / "watch.db").exists()
    with Store(tmp_path) as store:
        assert store.database.place == "the PostgreSQL server"
        assert len(store.snapshots()) == 1


def test_killed_at_some_steps(tmp_path: Path, site: Site) -> None:
    """After the next run there are the alerts of an undisturbed run; every fifth step is tried."""
    start, calm = tmp_path / "start", tmp_path / "calm"
    at = prepare(start, site)
    test_watch_killed._copy(start, calm)
    steps = test_watch_killed._run(calm, at, None)
    wanted = sorted(told(calm))
    for fatal in range(2, steps + 1, 5):
        home = tmp_path / f"killed-{fatal}"
        test_watch_killed._copy(start, home)
        assert test_watch_killed.killed(home, at, fatal)
        test_watch_killed._run(home, at, None)
        assert sorted(told(home)) == wanted, f"killed at step {fatal}"
        with Store(home) as store:
            assert not list(store.verify())
            assert store.waiting() == store.unsent("9999") == ()


def test_two_machines_do_not_run_at_once(tmp_path: Path, postgres: Server) -> None:
    """Two folders, so that no lock in them helps: the second run ends, and its turn comes."""
    address = postgres.database(tmp_path)
    one, two = (settings(tmp_path / name, database=address) for name in ("one", "two"))
    with Store(one.home, address) as store:
        store.only_run()
        with pytest.raises(WatchError, match="another machine"):
            run(two)
    assert run(two).checks == ()


def test_other_stores_on_the_server_run(tmp_path: Path, postgres: Server) -> None:
    """The lock is that of one watch, not of the server."""
    with Store(tmp_path, postgres.database(tmp_path / "one")) as store:
        store.only_run()
        elsewhere = settings(tmp_path / "two", database=postgres.database(tmp_path / "two"))
        assert run(elsewhere).checks == ()


def test_a_server_that_goes_away_is_told(tmp_path: Path, postgres: Server) -> None:
    """A lost connection is an expected failure, and the address stays unsaid."""
    with Store(tmp_path) as store:
        asked = "SELECT pg_terminate_backend(pg_backend_pid())"
        with pytest.raises(StoreError) as lost:
            store.database.rows(asked)
        assert "host=" not in str(lost.value)
    with pytest.raises(StoreError, match="cannot be reached") as refused:
        Store(tmp_path, "postgresql://me:secret@127.0.0.1:1/none?connect_timeout=1")
    assert "secret" not in str(refused.value)


def test_snapshots_by_command(
    tmp_path: Path, site: Site, postgres: Server, cardwatch: object
) -> None:
    """Each command about snapshots answers from the server's tables."""

    def ask(*words: str | Path) -> Ran:
        where = ("--home", tmp_path, "--database", postgres.database(tmp_path))
        return cardwatch("snapshots", *words, *where)  # type: ignore[operator]

    source(tmp_path, "terms", f'url = "{site.url("/terms")}"\nrobots = false\n')
    for extra in ("One.", "Two.", "One."):
        site.put("/terms", page(*TERMS, extra))
        run(settings(tmp_path), every=True)
    assert ask("list", "--json").out.count("sha256") == 1
    assert ask("list").out.count("terms@") == 3
    site.put("/terms", b"", 404)
    run(settings(tmp_path), every=True)
    assert "404" in ask("list", "--answers").out
    assert "asked for" in ask("show", "terms@latest").out
    assert ask("verify").code == 0
    assert ask("prune", "--dry-run").out.count("terms@") == 1
    assert ask("export", "terms@previous", "--to", tmp_path / "out").code == 0
    assert len(list((tmp_path / "out").iterdir())) == 2
    next((tmp_path / "bytes").rglob("??/*")).write_bytes(b"altered")
    assert ask("verify").code == 1
