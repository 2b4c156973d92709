"""Git histories as they are found: renamed, merged, empty, binary, foreign; read all the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from cardwatch.model.watch import MatterKind, Verdict
from cardwatch.watch.recordings import find, loader
from cardwatch.watch.replay import replay
from tests.conftest import Ran
from tests.pdf_samples import Sheet
from tests.test_watch_replay import COSMETIC, A, B, C, git

DAY = 86_400
START = 1_767_225_600  # 1 January 2026
# A path and its bytes; ``None`` removes it.
Files = dict[bytes, bytes | None]


def history(path: Path, commits: Sequence[tuple[str, Files]]) -> Path:
    """A repository of commits, a day apart, by git's own way of taking in many at once."""
    stream = b""
    for number, (subject, files) in enumerate(commits):
        when = START + number * DAY
        message = subject.encode("utf-8", "surrogateescape")
        stream += b"commit refs/heads/main\nauthor r <r@x.test> %d +0000\n" % when
        stream += b"committer r <r@x.test> %d +0000\ndata %d\n%s\n" % (when, len(message), message)
        for name, data in files.items():
            quoted = b'"' + b"".join(b"\\%03o" % byte for byte in name) + b'"'
            if data is None:
                stream += b"D %s\n" % quoted
            else:
                stream += b"M 100644 inline %s\ndata %d\n%s\n" % (quoted, len(data), data)
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    subprocess.run(
        ["git", "-C", str(path), "fast-import", "--quiet"], input=stream, check=True,
        capture_output=True,
    )  # fmt: skip
    return path


def alerts(path: Path) -> list[tuple[str, MatterKind]]:
    return [(each.source, each.kind) for each in replay(path, jobs=1).alerts]


def test_a_renamed_document_goes_on(tmp_path: Path) -> None:
    """Under another name it is the same: not gone, and its next change is told."""
    path = history(tmp_path / "r", [
        ("Record", {b"lab/terms.md": A.encode()}),
        ("Rename", {b"lab/terms.md": None, b"laboratory/terms.md": A.encode()}),
        ("Rename", {b"laboratory/terms.md": None, b"labs/rules.md": COSMETIC.encode()}),
        *[("Nothing", Files())] * 9,
        ("Record", {b"labs/rules.md": B.encode()}),
    ])  # fmt: skip
    assert alerts(path) == [("lab/terms.md", MatterKind.CHANGE)]


def test_what_is_removed_is_told_and_may_come_back(tmp_path: Path) -> None:
    """Gone once, and when it comes back with other words, that is the news."""
    path = history(tmp_path / "r", [
        ("Record", {b"lab/terms.md": A.encode(), b"lab/other.md": C.encode()}),
        ("Remove", {b"lab/terms.md": None}),
        *[("Nothing", Files())] * 5,
        ("Record", {b"lab/terms.md": B.encode()}),
    ])  # fmt: skip
    assert alerts(path) == [("lab/terms.md", MatterKind.GONE), ("lab/terms.md", MatterKind.CHANGE)]


def test_several_documents_in_one_commit(tmp_path: Path) -> None:
    """Each is judged for itself."""
    names = [b"a/terms.md", b"b/terms.md", b"c/deep/er/terms.md"]
    path = history(tmp_path / "r", [
        ("Record", {name: A.encode() for name in names}),
        ("Record", {names[0]: B.encode(), names[1]: COSMETIC.encode(), names[2]: C.encode()}),
    ])  # fmt: skip
    assert alerts(path) == [
        ("a/terms.md", MatterKind.CHANGE), ("c/deep/er/terms.md", MatterKind.CHANGE),
    ]  # fmt: skip


def test_merged_branches_count_once(tmp_path: Path) -> None:
    """What came by a merge is recorded with the merge, and not a second time."""
    path = tmp_path / "r"
    (path / "lab").mkdir(parents=True)
    git(path, "init", "-q", "-b", "main")

    def commit(name: str, body: str, day: int) -> None:
        (path / "lab" / name).write_text(body)
        git(path, "add", ".")
        git(path, "commit", "-q", "-m", f"Record {name}", at=f"2026-01-{day:02}T00:00:00Z")

    commit("terms.md", A, 1)
    git(path, "checkout", "-q", "-b", "side")
    commit("privacy.md", A, 2)
    commit("privacy.md", C, 3)
    git(path, "checkout", "-q", "main")
    commit("terms.md", B, 4)
    git(path, "merge", "-q", "--no-ff", "-m", "Merge", "side", at="2026-01-05T00:00:00Z")
    commit("privacy.md", A, 6)
    result = replay(path, jobs=1)
    assert result.recordings == 4
    assert alerts(path) == [
        ("lab/terms.md", MatterKind.CHANGE), ("lab/privacy.md", MatterKind.CHANGE),
    ]  # fmt: skip


def test_files_that_are_no_documents_are_passed_over(tmp_path: Path) -> None:
    """Pictures, code, what tells of the repository; broken bytes under a document's name."""
    path = history(tmp_path / "r", [
        ("Record", {b"lab/terms.md": A.encode(), b"README.md": A.encode(), b"lab/logo.png": b"\x89",
                    b"lab/README.md": B.encode(), b".github/notes.md": b"x", b"x/LICENSE.txt": b"x",
                    b"lab/broken.pdf": b"\x00\xff\x00" * 99, b"lab/noise.md": bytes(range(256))}),
        ("Touch", {b"README.md": B.encode(), b"lab/README.md": C.encode(),
                   b"lab/broken.pdf": b"\xfe\x00" * 500, b"lab/empty.txt": b""}),
    ])  # fmt: skip
    result = replay(path, jobs=1)
    names = {each.document for each in result.documents}
    assert names == {"lab/terms.md", "lab/broken.pdf", "lab/noise.md", "lab/empty.txt"}
    assert not {each.kind for each in result.alerts} - {MatterKind.BAD_CAPTURE}


@pytest.mark.parametrize(
    ("subject", "ours"),
    [
        ("Apply technical or declaration upgrade on Lab Terms", True),
        ("Apply extraction changes", True),
        ("Refilter Lab Terms", True),
        ("[bot] Update filters, declaration change", True),
        ("Record new changes of Lab Technical Support Update Policy", False),
        ("Record new changes of Lab Extraction Changes", False),
        ("First record of Lab Refilter Terms", False),
    ],
)
def test_whose_change_it_is(tmp_path: Path, subject: str, ours: bool) -> None:
    """The recorder says at the beginning that it read anew; a document may have any name."""
    path = history(tmp_path / "r", [
        ("First", {b"lab/terms.md": A.encode()}), (subject, {b"lab/terms.md": B.encode()}),
    ])  # fmt: skip
    assert [each.ours for each in find(path)] == [False, ours]
    assert len(alerts(path)) == (0 if ours else 1)


def test_pdfs_are_read(tmp_path: Path) -> None:
    """A recorder may keep the files themselves."""

    def pdf(words: str) -> bytes:
        sheet = Sheet()
        sheet.lines(72, 100, ["The rules of the house", "", words])
        return sheet.bytes()

    path = history(tmp_path / "r", [
        ("Record", {b"lab/rules.pdf": pdf("We will tell you of every change.")}),
        ("Record", {b"lab/rules.pdf": pdf("We will not tell you of every change.")}),
    ])  # fmt: skip
    assert alerts(path) == [("lab/rules.pdf", MatterKind.CHANGE)]


def test_documents_at_the_top_of_a_repository(tmp_path: Path) -> None:
    """Where no folder has any, the files beside the README are the documents."""
    path = history(tmp_path / "r", [
        ("Record", {b"terms.md": A.encode(), b"README.md": A.encode()}),
        ("Record", {b"terms.md": B.encode()}),
    ])  # fmt: skip
    assert alerts(path) == [("terms.md", MatterKind.CHANGE)]


def test_names_that_are_no_text(tmp_path: Path, cardwatch: Callable[..., Ran]) -> None:
    """Bytes that are not UTF-8, signs of terminals, and names like facts are only names."""
    names = [b"lab/\xff\xfe.md", b"lab/\x1b[31m.md", b":100644 100644 a b M/x.md", b'q"/\\.md']
    path = history(tmp_path / "r", [
        ("Record \udcff", {name: A.encode() for name in names}),
        (":100644 100644 a b M", {name: B.encode() for name in names}),
    ])  # fmt: skip
    assert [kind for _, kind in alerts(path)] == [MatterKind.CHANGE] * 4
    ran = cardwatch("watch", "replay", path, "--recordings")
    assert ran.code == 0
    assert "\x1b" not in ran.out
    assert cardwatch("watch", "replay", path, "--alerts", "--json").code == 0


def test_every_recording_can_be_listed(tmp_path: Path, cardwatch: Callable[..., Ran]) -> None:
    """With its commit, what it came to and what was told of it: for others to check."""
    path = history(tmp_path / "r", [
        ("Record", {b"lab/terms.md": A.encode()}),
        ("Record", {b"lab/terms.md": COSMETIC.encode()}),
        ("Record", {b"lab/terms.md": B.encode()}),
    ])  # fmt: skip
    lines = replay(path).lines
    assert [each.verdict for each in lines] == [Verdict.FIRST, Verdict.NOISE, Verdict.CHANGED]
    assert lines[1].noise
    assert lines[2].alerts == ("lab/terms.md changed: one change",)
    head = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "main"], capture_output=True, text=True, check=True
    ).stdout
    assert head.startswith(lines[2].name)
    assert lines[2].name in cardwatch("watch", "replay", path, "--recordings").out


def test_a_bare_and_a_foreign_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mirror without files, and one that belongs to somebody else."""
    path = history(tmp_path / "r", [("a", {b"lab/terms.md": A.encode()}),
                                    ("b", {b"lab/terms.md": B.encode()})])  # fmt: skip
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "-q", "--bare", str(path), str(bare)], check=True)
    assert len(alerts(bare)) == 1
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        for each in (path, *path.rglob("*")):
            os.chown(each, 54_321, 54_321)
    assert len(alerts(path)) == 1


def test_a_large_file_leaves_the_next_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is beyond the limit is passed over, and the stream of git goes on behind it."""
    monkeypatch.setattr("cardwatch.watch.recordings._LARGEST", 1000)
    path = history(tmp_path / "r", [("a", {b"lab/a.md": b"word " * 1001, b"lab/b.md": b"small"})])
    load = loader(path)
    sizes = {each.document: len(load(each.content)) for each in find(path)}
    assert sizes == {"lab/a.md": 1000, "lab/b.md": 5}
