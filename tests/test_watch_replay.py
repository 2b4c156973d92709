"""Replaying recordings: what would have been told of them, in a folder and in a git history."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cardwatch.errors import WatchError
from cardwatch.model.watch import MatterKind, Verdict
from cardwatch.watch.recordings import find
from cardwatch.watch.replay import Replay, replay
from tests.conftest import Ran
from tests.test_watch import FRAMEWORK, TERMS, changed

START = datetime(2026, 1, 1)
# The first row is text, the second what the recorder says of it.
Version = tuple[str, str]


def text(paragraphs: tuple[str, ...]) -> str:
    return "# Terms of use\n\n" + "\n\n".join(paragraphs) + "\n"


A = text(TERMS)
B = text(changed(TERMS, "eighteen", "sixteen"))
C = text(changed(TERMS, "thirty days", "ninety days"))
COSMETIC = text(changed(changed(TERMS, "3 days", "9 days"), "aaa1", "zzz9"))
ERROR = "# Oops\n\nThis page could not be found. Please try again later.\n"


def folder_of(path: Path, versions: list[Version], hours: int = 24) -> Path:
    """A folder with the versions of one document."""
    rows = ["file,recorded_at,kind"]
    for number, (body, kind) in enumerate(versions):
        at = START + timedelta(hours=hours * number)
        name = f"lab/terms/{at:%Y-%m-%dT%H%M%S}Z.md"
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(body, encoding="utf-8")
        rows.append(f"{name},{at.isoformat()},{kind}")
    (path / "index.csv").write_text("\n".join(rows), encoding="utf-8")
    return path


def git(path: Path, *arguments: str, at: str = "2026-01-01T00:00:00Z") -> None:
    subprocess.run(
        ["git", "-C", str(path), *arguments],
        check=True,
        capture_output=True,
        env={
            "PATH": "/usr/bin:/bin:/usr/local/bin",
            "GIT_AUTHOR_NAME": "r",
            "GIT_AUTHOR_EMAIL": "r@example.org",
            "GIT_COMMITTER_NAME": "r",
            "GIT_COMMITTER_EMAIL": "r@example.org",
            "GIT_AUTHOR_DATE": at,
            "GIT_COMMITTER_DATE": at,
            "GIT_CONFIG_NOSYSTEM": "1",
        },
    )


def repository_of(path: Path, versions: list[Version]) -> Path:
    """A git history with the versions of one document."""
    path.mkdir(parents=True, exist_ok=True)
    git(path, "init", "-q", "-b", "main")
    (path / "lab").mkdir()
    for number, (body, kind) in enumerate(versions):
        (path / "lab" / "terms.md").write_text(body, encoding="utf-8")
        subject = "Apply technical upgrade" if kind == "extraction" else "Record new changes"
        git(path, "add", ".")
        at = (START + timedelta(days=number)).isoformat() + "Z"
        git(path, "commit", "-q", "-m", f"{subject} {number}", at=at)
    return path


def recorded(*bodies: str) -> list[Version]:
    return [(body, "recorded") for body in bodies]


def kinds(result: Replay) -> list[MatterKind]:
    return [alert.kind for alert in result.alerts]


@pytest.mark.parametrize("make", [folder_of, repository_of])
def test_a_history_of_every_kind(
    tmp_path: Path, make: Callable[[Path, list[Version]], Path]
) -> None:
    """Real changes once each, noise never, a swing once, error pages never as changes."""
    versions = [
        *recorded(A, COSMETIC, A, ERROR, A, ERROR, A, B, A, B, A, B),
        (text(changed(TERMS, "suspend", "pause")), "extraction"),
        *recorded(C),
    ]
    result = replay(make(tmp_path / "made", versions))
    (told,) = result.documents
    assert told.document in ("lab/terms", "lab/terms.md")
    assert kinds(result) == [MatterKind.CHANGE, MatterKind.OSCILLATION, MatterKind.CHANGE]
    assert dict(told.verdicts)[Verdict.BAD_CAPTURE] == 2
    assert dict(told.verdicts)[Verdict.REREAD] == 1
    assert result.recordings == len(versions)
    assert result.saved == pytest.approx(1 - 3 / len(versions))


def test_a_text_that_stands_long_is_the_document(tmp_path: Path) -> None:
    """Between two recordings nothing changed: a collapse that lasts is told."""
    long, short = text((*TERMS, *FRAMEWORK)), "# Moved\n\nAll rules stand in the book of rules.\n"
    lasting = replay(folder_of(tmp_path / "a", recorded(long, short, short + " "), hours=240))
    assert kinds(lasting) == [MatterKind.CHANGE]
    passing = replay(folder_of(tmp_path / "b", recorded(long, short, long, short, long), hours=6))
    assert kinds(passing) == []


def test_a_swing_is_told_again_after_a_long_rest(tmp_path: Path) -> None:
    """A return after a month of quiet is news again."""
    result = replay(folder_of(tmp_path / "x", recorded(A, B, A), hours=24 * 40))
    assert kinds(result) == [MatterKind.CHANGE, MatterKind.OSCILLATION]
    result = replay(folder_of(tmp_path / "y", recorded(A, B, A, B), hours=24 * 40))
    assert kinds(result) == [MatterKind.CHANGE, *[MatterKind.OSCILLATION] * 2]


def test_many_processes_say_the_same(tmp_path: Path) -> None:
    """The result does not depend on how many documents are gone through at once."""
    for name in ("one", "two"):
        folder_of(tmp_path / name, recorded(*[A, B] * 11))
        (tmp_path / name / "index.csv").unlink()
    assert replay(tmp_path, jobs=1) == replay(tmp_path, jobs=2)


def test_what_is_no_archive_is_told(tmp_path: Path) -> None:
    """A folder without recordings, and a pattern that is none."""
    with pytest.raises(WatchError, match="no recordings"):
        replay(tmp_path)
    with pytest.raises(WatchError, match="not a folder"):
        replay(tmp_path / "absent")
    with pytest.raises(WatchError, match="regular expression"):
        find(tmp_path, "(")


def test_a_repository_cannot_run_anything(tmp_path: Path) -> None:
    """Programs that a repository's own settings name are not run, nor are links followed."""
    path = repository_of(tmp_path / "r", recorded(A, B))
    trap = tmp_path / "trap"
    script = tmp_path / "evil.sh"
    script.write_text(f"#!/bin/sh\ntouch {trap}\n")
    script.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "gpg.program"):
        git(path, "config", name, str(script))
    (path / ".git" / "info").mkdir(exist_ok=True)
    (path / ".git" / "info" / "attributes").write_text("*.md diff=x\n")
    (path / "lab" / "link.md").symlink_to("/etc/passwd")
    git(path, "-c", "core.fsmonitor=false", "add", "lab/link.md")
    git(path, "-c", "core.fsmonitor=false", "commit", "-q", "-m", "link")
    trap.unlink(missing_ok=True)
    result = replay(path)
    assert not trap.exists()
    assert [each.document for each in result.documents] == ["lab/terms.md"]
    assert kinds(result) == [MatterKind.CHANGE]


def test_removed_documents_and_strange_names(tmp_path: Path) -> None:
    """A document that is removed is told once it is gone; any name is only a name."""
    path = tmp_path / "r"
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    name = path / "lab" / "a\nb -- $(touch x) é.md"
    name.parent.mkdir()
    name.write_text(A, encoding="utf-8")
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "\x01 first \x03 \x02")
    name.unlink()
    git(path, "commit", "-q", "-a", "-m", "remove", at="2026-02-01T00:00:00Z")
    result = replay(path)
    assert result.recordings == 2
    assert result.documents[0].verdicts[-1] == (Verdict.GONE, 1)


def test_the_command_counts(tmp_path: Path, cardwatch: Callable[..., Ran]) -> None:
    """One line for each document, and how many alerts are left."""
    path = folder_of(tmp_path / "a", recorded(A, COSMETIC, B))
    ran = cardwatch("watch", "replay", path)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines()[1].split() == ["lab/terms", "3", "0", "1", "0", "0", "0", "1"]
    assert "3 recordings, 1 alerts" in ran.out
    assert "lab/terms changed: one change" in cardwatch("watch", "replay", path, "--alerts").out


@pytest.mark.shared
@pytest.mark.slow
def test_the_real_records(shared: Path) -> None:
    """Of 199 records of eight documents, sixteen are told, which are its real changes."""
    result = replay(shared / "real" / "terms")
    assert result.recordings == 199
    assert kinds(result) == [MatterKind.CHANGE] * 16
