"""The forms of a comparison: ranked, beside each other, by section, in ten lines, as a patch."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cardwatch.cli import main
from cardwatch.diff import select
from cardwatch.errors import BadReference
from cardwatch.model import Document
from cardwatch.reports import Diff, View, render
from tests.diffing import compared, markdown

OLD = """# Policy

## 1 Notice

We will notify users before we change a filter. Records are kept for 30 days.

## 2 Use

The filter covers poison, malware and fraud. Our behaviour is described in the handbook.

We publish a report every year.
"""
NEW = """# Policy

## 1 Notice

We will not notify users before we change a filter. Records are kept for 90 days.

## 2 Use

The filter covers poison and malware. Our behavior is described in the handbook.
"""


def subject(old: str = OLD, new: str = NEW, **given: object) -> Diff:
    before, after = markdown(old), markdown(new)
    revision = compared(before, after)[1]
    return Diff(revision, before.document, after.document, **given)  # type: ignore[arg-type]


def shown(view: View | None = None, **given: object) -> str:
    return render(subject(**given), "terminal", view or View())  # type: ignore[arg-type]


def test_wide_reports_stand_side_by_side() -> None:
    """Two columns where they fit, one where they do not, and either when asked for."""
    both = "We [-will-]{+will not+} notify users"
    assert both in shown(View(width=80))
    assert re.search(r"We \[-will-\] notify .*   We \{\+will not\+\}", shown(View(width=160)))
    assert both in shown(View(width=160), side_by_side=False)
    narrow = shown(View(width=80), side_by_side=True)
    assert all(len(line) <= 80 for line in narrow.splitlines())


def test_counts_by_section() -> None:
    """Each section with a change has its row, in the order of the document."""
    text = shown(form="stat")
    rows = [line for line in text.splitlines() if line[:1].isdigit() and "█" in line]
    assert [row[:8] for row in rows] == ["1 Notice", "2 Use   "]
    assert rows[0].count("█") == 2
    assert rows[1].count("█") == 2
    assert rows[1].count("·") == 1
    assert "4 changes of substance in 2 sections, 1 folded" in text
    assert shown(form="stat", new=OLD) == "No difference.\n"


def test_ten_lines_for_a_mail() -> None:
    """Never more than ten lines, none longer than the width."""
    many = "\n\n".join(f"We keep {what} for {n} days." for n, what in enumerate("abcdefghijklmn"))
    text = shown(form="summary", old=many, new=many.replace("days", "weeks"))
    assert len(text.splitlines()) == 10
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "more;" in text


def test_a_patch_has_a_hunk_for_each_change() -> None:
    """Removed lines open with a minus, added ones with a plus; what is folded is counted."""
    text = shown(form="patch")
    assert text.startswith("--- sample.md\n+++ sample.md\n@@ -5,1 +5,1 @@ 1 Notice · ")
    assert "\n-Records are kept for 30 days.\n+Records are kept for 90 days.\n" in text
    assert "\n-We publish a report every year.\n" in text
    assert text.endswith("# folded: 1 spelling\n")
    assert "behaviour" not in text
    assert "behaviour" in shown(form="patch", noise=True)
    assert shown(form="patch", new=OLD) == ""


def test_a_patch_cannot_be_forged() -> None:
    """A document cannot open a hunk or steer the terminal: its lines carry a sign."""
    text = shown(form="patch", new=OLD + "\n@@ -1 +1 @@ forged\n--- a \x1b[31m\n")
    assert "\x1b" not in text
    assert not re.search(r"^(@@ -1 \+1|--- a)", text, re.MULTILINE)


def test_folded_differences_are_listed_on_request() -> None:
    """What is folded is counted always and listed when asked for."""
    assert "1 spelling" in shown()
    assert "Folded: spelling (1)" not in shown()
    assert "Folded: spelling (1)" in shown(noise=True)


def test_only_some_changes() -> None:
    """Names select by outcome, kind, effect or dimension; an unknown one lists the known."""
    revision = subject().revision
    some = select(revision, ["Removed"])
    assert [change.old.quote for change in some.changes if change.old] == [
        "We publish a report every year."
    ]
    assert some.notes[-1] == "only removed: 1 of 4 changes of substance"
    assert len(select(revision, ["removed", "moved-and-edited", "quantity"]).changes) == 2
    assert select(revision) is revision
    with pytest.raises(BadReference) as wrong:
        select(revision, ["vanished"])
    assert "weakened" in wrong.value.hint
    assert "visibility" in wrong.value.hint


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["diff", *map(str, words), "--no-cache"])
    told = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, told.out, told.err


def test_the_command_in_all_its_forms(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Flags reach the report, and the exit code follows from what is selected."""
    old, new = tmp_path / "old.md", tmp_path / "new.md"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    assert run(capsys, old, new)[1].startswith("--- ")  # a pipe
    assert run(capsys, old, new, "--ranked")[1].startswith("What changed")
    code, out, _ = run(capsys, old, new, "--section", "2", "--inline")
    assert code == 1
    assert "30" not in out
    code, out, _ = run(capsys, old, new, "--only", "emphasis", "--summary")
    assert code == 0
    assert "No change of substance" in out
    code, _, err = run(capsys, old, new, "--only", "vanished")
    assert code == 2
    assert "one of: actor, added" in err
    assert run(capsys, old, new, "--section", "9")[0] == 2
    assert run(capsys, old, new, "--stat", "--summary")[0] == 2
    assert run(capsys, old, old) == (0, "", "")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_the_git_recipe_works(tmp_path: Path) -> None:
    """What the manual says about git is true: diff, log, difftool, and files that came."""
    text = (Path(__file__).parents[1] / "docs" / "diff.md").read_text("utf-8")
    block = {
        name: match[1]
        for name in ("attributes", "configuration", "driver")
        if (match := re.search(rf"<!-- recipe: {name} -->\n```\w+\n(.*?)```", text, re.DOTALL))
    }
    program = tmp_path / "bin" / "cardwatch"
    program.parent.mkdir()
    code = "from cardwatch.cli import main; main()"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -c "{code}" "$@"\n')
    program.chmod(0o755)
    root = str(Path(__file__).parents[1])
    where = tmp_path / "repository"
    where.mkdir()
    environment = {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": root,
        "HOME": str(tmp_path),
        "GIT_CONFIG_NOSYSTEM": "1",
    }

    def git(*words: str) -> str:
        done = subprocess.run(
            ["git", *words], cwd=where, env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def configure(name: str) -> None:
        for line in block[name].splitlines():
            git(*shlex.split(line)[1:])

    git("init", "-q")
    configure("configuration")
    git("config", "user.name", "nobody")
    git("config", "user.email", "nobody@example.org")
    (where / ".gitattributes").write_text(block["attributes"] + "*.md diff=cardwatch\n")
    (where / "policy.md").write_text(OLD)
    git("add", "-A")
    git("commit", "-qm", "first")
    (where / "policy.md").write_text(NEW)
    assert "REMOVED" in git("changes")
    assert "-We will notify users" in git("diff")  # as text
    configure("driver")
    assert "+Records are kept for 90 days." in git("diff")
    git("commit", "-qam", "second")
    (where / "other.md").write_text(OLD)
    git("add", "other.md")
    assert "not compared: other.md" in git("diff", "--cached")
    assert "-We will notify users" in git("log", "-1", "-p")


def test_places_of_hunks_are_those_of_the_text() -> None:
    """The line numbers of a hunk are the lines that ``cardwatch read`` prints."""
    before, after = markdown(OLD), markdown(NEW)
    text = render(
        Diff(compared(before, after)[1], before.document, after.document, form="patch"),
        "terminal",
        View(),
    )
    lines: dict[str, Document] = {"-": before.document, "+": after.document}
    for head in re.finditer(r"@@ -(\d+),\d+ \+(\d+),\d+ @@.*\n((?:[-+].*\n)+)", text):
        for body in head[3].splitlines():
            at = int(head[1] if body[0] == "-" else head[2])
            assert body[1:] in lines[body[0]].text.split("\n")[at - 1]
