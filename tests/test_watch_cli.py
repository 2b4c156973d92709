"""The commands of the watch, from the first address to the proof of a snapshot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from cardwatch import app
from cardwatch.errors import WatchError
from tests.conftest import Ran
from tests.test_watch import TERMS, changed
from tests.watching import Site, page

Run = Callable[..., Ran]


pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A watch of one's own, that waits for nobody."""
    folder = tmp_path / "home"
    folder.mkdir()
    (folder / "watch.toml").write_text("private = true\ndelay = 0\nretries = 0\n")
    monkeypatch.setenv("CARDWATCH_HOME", str(folder))
    return folder


def test_from_address_to_proof(home: Path, site: Site, cardwatch: Run) -> None:
    """Add, try, run, change, run, look back, export, verify."""
    url = site.url("/terms")
    site.put("/terms", page(*TERMS))
    assert cardwatch("watch", "add", url, "--name", "harbor/terms").code == 0
    tried = cardwatch("watch", "test", "harbor/terms")
    assert tried.code == 0
    assert "Terms of use" in tried.out
    assert "nothing was kept" in tried.out
    assert cardwatch("snapshots", "list").out == "no snapshots\n"

    first = cardwatch("watch", "run")
    assert (first.code, first.err) == (0, "")
    assert "no news" in first.out
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
    second = cardwatch("watch", "run", "--now")
    assert second.code == 1
    assert "harbor/terms changed: one change" in second.out
    assert "address: " + url in second.out

    assert "well" in cardwatch("watch", "status").out
    assert "real change" in cardwatch("watch", "log").out
    assert "harbor/terms@" in cardwatch("snapshots", "list").out
    assert "snapshots, all" in cardwatch("snapshots", "verify").out
    shown = cardwatch("snapshots", "show", "harbor/terms@latest")
    assert url in shown.out
    out = home.parent / "out"
    assert cardwatch("snapshots", "export", "harbor/terms@previous", "--to", out).code == 0
    assert sorted(path.suffix for path in out.iterdir()) == [".bin", ".gz"]
    assert cardwatch("snapshots", "export", "harbor/terms@previous", "--to", out).code == 2


def test_a_snapshot_opens_like_any_document(home: Path, site: Site, cardwatch: Run) -> None:
    """Where a document can be named, so can a snapshot."""
    site.put("/terms", page(*TERMS))
    cardwatch("watch", "add", site.url("/terms"), "--name", "harbor/terms")
    cardwatch("watch", "run")
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
    cardwatch("watch", "run", "--now")
    old, new = (app.read(f"harbor/terms@{which}") for which in ("previous", "latest"))
    assert ("thirty" in old.text, "ninety" in new.text) == (True, True)
    assert old.source.url == site.url("/terms")
    assert app.read(f"sha256:{old.source.sha256}").text == old.text
    with pytest.raises(WatchError):
        app.read("harbor/other@latest")


def test_json_stays_json(home: Path, site: Site, cardwatch: Run) -> None:
    """Messages do not get between a program and its answer."""
    site.put("/terms", page(*TERMS))
    cardwatch("watch", "add", site.url("/terms"), "--name", "t")
    assert json.loads(cardwatch("watch", "run", "--json").out)["rows"] == []
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
    ran = cardwatch("watch", "run", "--now", "--json")
    (row,) = json.loads(ran.out)["rows"]
    assert row[-1] == "t changed: one change"
    assert "ninety" in ran.err


def test_failed_delivery_is_a_failure(home: Path, site: Site, cardwatch: Run) -> None:
    """The exit code says so, and the next run sends what waits."""
    (home / "watch.toml").write_text(
        'private = true\ndelay = 0\nretries = 0\n[[alert]]\nto = "command:false"\n'
    )
    site.put("/terms", page(*TERMS))
    cardwatch("watch", "add", site.url("/terms"), "--name", "t")
    cardwatch("watch", "run")
    site.put("/terms", page(*changed(TERMS, "thirty", "ninety")))
    ran = cardwatch("watch", "run", "--now")
    assert ran.code == 2
    assert "1 messages wait" in ran.err
    seen = home / "seen"
    script = home / "notify.sh"
    script.write_text(
        f'#!/bin/sh\necho "$CARDWATCH_SOURCE $CARDWATCH_KIND" > {seen}\ncat >> {seen}\n'
    )
    script.chmod(0o755)
    (home / "watch.toml").write_text(f'private = true\n[[alert]]\nto = "command:{script}"\n')
    # the message was for a channel that is no longer named: it goes to no other
    assert "no longer named" in cardwatch("watch", "run").out
    site.put("/terms", page(*TERMS[:-1]))
    cardwatch("watch", "run", "--now")
    assert seen.read_text().startswith("t change\n")


@pytest.mark.parametrize(
    "text", ["alert = 3", "x = 1", 'delay = "long"', "[[alert]]\nfrom = 1", "private = 1", "a ="]
)
def test_wrong_settings_are_told(home: Path, cardwatch: Run, text: str) -> None:
    """With the file's name, and nothing runs."""
    (home / "watch.toml").write_text(text)
    ran = cardwatch("watch", "run")
    assert ran.code == 2
    assert "watch.toml" in ran.err


def test_a_written_secret_is_refused_before_anything_is_sent(home: Path, cardwatch: Run) -> None:
    """`watch check` finds it, and no message repeats it."""
    tables = (
        'to = "mail:a@b.example"\npassword = "in-the-clear"',
        'to = "webhook:https://b.example/"\ntoken = "in-the-clear"',
        'to = "apprise:json://in-the-clear"',
    )
    for table in tables:
        (home / "watch.toml").write_text(f"[[alert]]\n{table}\n")
        ran = cardwatch("watch", "check")
        assert ran.code == 2
        assert "must not be written here" in ran.err
        assert "in-the-clear" not in ran.out + ran.err


def test_check_finds_what_would_be_without_effect(home: Path, cardwatch: Run) -> None:
    """A selector that is no CSS is an error; a companion that nobody watches is told."""
    file = home / "sources" / "harbor" / "terms" / "source.toml"
    file.parent.mkdir(parents=True)
    file.write_text('url = "https://harbor.example/terms"\nselect = ["main[["]\n')
    ran = cardwatch("watch", "check")
    assert ran.code == 2
    assert "harbor/terms" in ran.err
    file.write_text('url = "https://harbor.example/terms"\ncompanion = "harbor/news"\n')
    ran = cardwatch("watch", "check")
    assert ran.code == 0
    assert "harbor/news is not watched" in " ".join(ran.out.split())


def test_every_channel_that_failed_is_named(home: Path, site: Site, cardwatch: Run) -> None:
    """The first of several reasons is not the only one to be mended."""
    (home / "watch.toml").write_text(
        'private = true\ndelay = 0\nretries = 0\n[[alert]]\nto = "command:false one"\n'
        '[[alert]]\nto = "command:no-such-command-here"\n'
    )
    site.put("/terms", page(*TERMS))
    cardwatch("watch", "add", site.url("/terms"), "--name", "terms")
    cardwatch("watch", "run", "--now")
    site.put("/terms", page(*changed(TERMS, "We may suspend", "We will suspend")))
    ran = cardwatch("watch", "run", "--now")
    assert ran.code == 2
    assert "false" in ran.err
    assert "no-such-command-here" in ran.err


def test_nothing_is_pruned(home: Path, cardwatch: Run) -> None:
    """What is spare is shown only."""
    assert cardwatch("snapshots", "prune").code == 2
    assert cardwatch("snapshots", "prune", "--dry-run").code == 0


def test_thresholds_are_set_in_the_file(home: Path, site: Site, cardwatch: Run) -> None:
    """An outage is told after as many checks as the table says; a slip names the keys."""
    path = home / "watch.toml"
    before = path.read_text()
    path.write_text(f"{before}\n[after]\noutage = 1\n")
    cardwatch("watch", "add", site.url("/terms"), "--name", "harbor/terms")
    site.put("/terms", b"", 503)
    assert "cannot be reached" in cardwatch("watch", "run").out
    for wrong in ("[after]\noutages = 1\n", "[after]\noutage = 0\n", "after = 3\n"):
        path.write_text(f"{before}\n{wrong}")
        ran = cardwatch("watch", "run")
        assert ran.code == 2
        assert "after" in ran.err or "outage" in ran.err
