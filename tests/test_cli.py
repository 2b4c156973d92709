"""The command line end to end: answers, exit codes, errors told once, output stable in a pipe."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cardwatch.cli.output import ExitCode
from cardwatch.cli.progress import Progress
from tests import pdf_samples
from tests.conftest import Ran

Run = Callable[..., Ran]

CARD = """\
# Guide to Heron

## 1 Guards

We do not tell customers when a reply has been shortened by the filter.

## 2 Records

Conversations are kept for 90 days and then deleted.
"""
POST = """\
# Meet Heron

Heron is fast. We keep conversations for 90 days and then delete them.
"""
SILENT = "# Weather\n\nIt rained on Tuesday.\n"


@pytest.fixture
def card(tmp_path: Path) -> Path:
    path = tmp_path / "card.md"
    path.write_text(CARD, encoding="utf-8")
    return path


@pytest.fixture
def post(tmp_path: Path) -> Path:
    path = tmp_path / "post.md"
    path.write_text(POST, encoding="utf-8")
    return path


def test_gaps_ends_with_1_when_something_is_left_out(
    cardwatch: Run, card: Path, post: Path
) -> None:
    """A finding is the exit code 1, with its words and its place."""
    ran = cardwatch("gaps", card, post)
    assert ran.code == ExitCode.FOUND
    assert "We do not tell customers when a reply has been shortened by the filter." in ran.out
    assert "1 Guards" in ran.out
    assert ran.err == ""


def test_gaps_ends_with_0_when_nothing_is_left_out(
    cardwatch: Run, tmp_path: Path, post: Path
) -> None:
    """A document without a statement has nothing to leave out."""
    dull = tmp_path / "dull.md"
    dull.write_text(SILENT, encoding="utf-8")
    ran = cardwatch("gaps", dull, post)
    assert ran.code == ExitCode.NOTHING_FOUND
    assert "Nothing found" in ran.out


def test_the_second_run_says_the_same(cardwatch: Run, card: Path, post: Path) -> None:
    """What comes from the cache is what was read and judged, to the byte."""
    first = cardwatch("gaps", card, post, "--json")
    again = cardwatch("gaps", card, post, "--json")
    anew = cardwatch("gaps", card, post, "--json", "--no-cache")
    assert first == again == anew


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["read", "missing.md"], "missing.md: no such file", ""),
        (["read", "{folder}"], "is a folder", "name one document"),
        (["read", "{card}", "--as", "pdf"], "", ""),
        (["show", "{card}", "9.9"], "no section is called '9.9'", "cardwatch outline"),
        (["show", "{card}", "p.3"], "there is no page 3", "no pages"),
        (["show", "{card}", "5-99999"], "no text at 5-99999", "characters"),
        (["gaps", "{card}", "{card}", "--rules", "nowhere"], "nowhere: no such", ""),
        (["rules", "show", "no-such-rule"], "no rule is called", ""),
        (["gaps", "-", "-"], "standard input", "once"),
        (["read", "{card}", "-o", "{folder}"], "cannot be written", ""),
    ],
)
def test_what_cannot_run_ends_with_2_and_says_why(
    cardwatch: Run, card: Path, arguments: list[str], message: str, hint: str
) -> None:
    """An expected failure is told once, on standard error, without a traceback."""
    given = [each.format(card=card, folder=card.parent) for each in arguments]
    ran = cardwatch(*given)
    assert ran.code == ExitCode.COULD_NOT_RUN
    assert ran.out == ""
    assert ran.err.startswith("cardwatch: ")
    assert message in ran.err
    assert hint in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["gaps"],
        ["gaps", "a"],
        ["read", "a", "--nonsense"],
        ["read", "a", "--as", "x"],
    ],
)
def test_wrong_usage_ends_with_2(cardwatch: Run, arguments: list[str]) -> None:
    """An unknown command, flag or value is an error that shows the usage."""
    ran = cardwatch(*arguments)
    assert ran.code == ExitCode.COULD_NOT_RUN
    assert "Usage: cardwatch" in ran.err


def test_a_bug_shows_its_traceback_and_ends_with_2(
    cardwatch: Run, card: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody must take a crash for a finding."""

    def broken(*_: object, **__: object) -> None:
        raise KeyError("a bug \x1b[2J")

    monkeypatch.setattr("cardwatch.app.read", broken)
    ran = cardwatch("read", card)
    assert ran.code == ExitCode.COULD_NOT_RUN
    assert "Traceback" in ran.err
    assert "KeyError" in ran.err
    assert "\x1b" not in ran.err


def test_read_writes_the_text_that_spans_count_in(cardwatch: Run, card: Path) -> None:
    """The text that is written is the one whose offsets the JSON gives."""
    text = cardwatch("read", card).out
    value = json.loads(cardwatch("read", card, "--json").out)
    assert value["text"] == text.rstrip("\n")
    heading = value["sections"][-1]["heading"]
    assert text[heading["start"] : heading["end"]].endswith("Records")


def test_outline_shows_the_sections_in_order(cardwatch: Run, card: Path) -> None:
    """Every section with words stands in the tree."""
    out = cardwatch("outline", card).out
    assert out.index("Guide to Heron") < out.index("1 Guards") < out.index("2 Records")


@pytest.mark.parametrize("reference", ["2", "§2", "Records", "records", "2 Records", "Rec"])
def test_show_finds_a_section_by_number_or_title(
    cardwatch: Run, card: Path, reference: str
) -> None:
    """A reader may name a section as it is cited."""
    ran = cardwatch("show", card, reference)
    assert ran.code == 0
    assert "Conversations are kept for 90 days" in ran.out
    assert "shortened" not in ran.out


def test_show_brackets_a_part_of_a_block(cardwatch: Run, card: Path) -> None:
    """A span is shown within its block, with its ends marked."""
    text = cardwatch("read", card).out
    at = text.index("90 days")
    ran = cardwatch("show", card, f"{at}-{at + 7}")
    assert "kept for ⟦90 days⟧ and then" in ran.out


def test_statements_are_listed_with_their_rules(cardwatch: Run, card: Path) -> None:
    """A listing is no finding: it ends with 0."""
    ran = cardwatch("statements", card)
    assert ran.code == ExitCode.NOTHING_FOUND
    assert "shortened by the filter" in ran.out
    value = json.loads(cardwatch("statements", card, "--json", "--limit", "1").out)
    assert len(value["statements"]) == 1


def test_standard_input_is_a_document(
    cardwatch: Run, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dash reads what is piped in; its kind is told by its content, or by --as."""

    class Piped:
        buffer = io.BytesIO(CARD.encode())

    monkeypatch.setattr("sys.stdin", Piped)
    ran = cardwatch("gaps", "-", post, "--as", "markdown")
    assert ran.code == ExitCode.FOUND


def test_output_to_a_file_is_what_would_be_printed(
    cardwatch: Run, card: Path, tmp_path: Path
) -> None:
    """-o writes the same text, and prints nothing."""
    target = tmp_path / "out.txt"
    printed = cardwatch("outline", card).out
    assert cardwatch("outline", card, "-o", target).out == ""
    assert target.read_text("utf-8") == printed


def test_the_width_is_80_in_a_pipe(
    cardwatch: Run, card: Path, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Piped output does not depend on the terminal; COLUMNS and --width change it."""
    plain = cardwatch("gaps", card, post).out
    assert max(map(len, plain.splitlines())) == 80
    assert max(map(len, cardwatch("gaps", card, post, "--width", "160").out.splitlines())) == 160
    monkeypatch.setenv("COLUMNS", "100")
    assert max(map(len, cardwatch("gaps", card, post).out.splitlines())) == 100


def test_colour_is_for_terminals_alone(
    cardwatch: Run, card: Path, post: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person sees colour unless NO_COLOR, --no-color or a dumb terminal says otherwise."""
    monkeypatch.setattr("cardwatch.cli.output.is_terminal", lambda _: True)
    assert "\x1b[" in cardwatch("gaps", card, post).out
    assert "\x1b" not in cardwatch("gaps", card, post, "--no-color").out
    assert "\x1b" not in cardwatch("gaps", card, post, "--json").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in cardwatch("gaps", card, post).out
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in cardwatch("gaps", card, post).out


def test_progress_is_shown_to_a_person_who_waits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bar appears on standard error after a while, and goes when the work is done."""
    monkeypatch.setattr("cardwatch.cli.progress.is_terminal", lambda _: True)
    monkeypatch.setattr("cardwatch.cli.progress._PATIENCE", 0.0)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with Progress("reading \x1b[2J[bold]card") as progress:
        progress(1, 2)
        while progress._timer is not None and progress._bar is None:
            time.sleep(0.001)
        progress(2, 2)
    told = capsys.readouterr()
    assert told.out == ""
    assert "[bold]card" in told.err
    assert "\x1b[2J" not in told.err


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing but errors goes to a standard error that nobody watches."""
    with Progress("reading") as progress:
        progress(1, 2)
    assert capsys.readouterr().err == ""


def test_a_reader_that_leaves_is_no_error(card: Path) -> None:
    """``cardwatch read long | head -1`` ends quietly."""
    card.write_text(CARD + "\n\nMore words here.\n" * 30_000, encoding="utf-8")
    program = [sys.executable, "-c", "from cardwatch.cli import main; main()", "read", str(card)]
    running = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert running.stdout
    assert running.stderr
    running.stdout.read(10)
    running.stdout.close()
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait(60) == 0


def test_a_terminal_without_the_characters_gets_their_numbers(card: Path) -> None:
    """An ASCII terminal is no reason to fail."""
    card.write_text("# Café\n\nNaïve words — here.\n", encoding="utf-8")
    program = [sys.executable, "-c", "from cardwatch.cli import main; main()", "read", str(card)]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(program, capture_output=True, env=environment, check=True)
    assert b"Caf\\xe9" in done.stdout


def test_rules_are_listed_shown_tested_and_begun(cardwatch: Run, tmp_path: Path) -> None:
    """A new rule passes its own examples, is found under its name, and is never overwritten."""
    made = cardwatch("rules", "new", "mine/told-of", "--rules", tmp_path)
    assert made.code == 0
    assert "told-of" in cardwatch("rules", "list", "--rules", tmp_path).out
    assert "told-of" in cardwatch("rules", "show", "told-of", "--rules", tmp_path).out
    assert cardwatch("rules", "test", "--rules", tmp_path).code == 0
    assert cardwatch("rules", "new", "mine/told-of", "--rules", tmp_path).code == 2


def test_the_bundled_rules_pass_their_examples(cardwatch: Run) -> None:
    """Every shipped rule does what its own file says."""
    ran = cardwatch("rules", "test")
    assert ran.code == ExitCode.NOTHING_FOUND, ran.out


def test_a_document_does_not_differ_from_itself(cardwatch: Run, card: Path) -> None:
    """No change is the exit code 0."""
    ran = cardwatch("diff", card, card, "--ranked")
    assert ran.code == ExitCode.NOTHING_FOUND
    assert "No change of substance" in ran.out


def test_diff_shows_what_went_and_what_came(cardwatch: Run, card: Path, tmp_path: Path) -> None:
    """A change is the exit code 1, redlined in its place."""
    later = tmp_path / "later.md"
    later.write_text(CARD.replace("90 days", "30 days"), encoding="utf-8")
    ran = cardwatch("diff", card, later, "--ranked")
    assert ran.code == ExitCode.FOUND
    assert "[-90-]{+30+}" in ran.out
    assert "2 Records" in ran.out


def test_the_demo_finds_something(cardwatch: Run) -> None:
    """The first command that a newcomer runs shows findings of each degree."""
    ran = cardwatch("demo", "--limit", "3")
    assert ran.code == ExitCode.FOUND
    assert "HIGH" in ran.out
    assert "lower ranked: --all" in ran.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete(shell: str) -> None:
    """The completion script of each shell is written, without loading a document library."""
    environment = {**os.environ, "_CARDWATCH_COMPLETE": f"source_{shell}"}
    program = [sys.executable, "-c", "from cardwatch.cli import main; main()"]
    done = subprocess.run(program, capture_output=True, env=environment, check=False, text=True)
    assert "cardwatch" in done.stdout


def test_read_tells_what_it_could_not_read(cardwatch: Run, tmp_path: Path) -> None:
    """Law: the text goes to standard output alone; places that lack in it are told beside it."""
    path = tmp_path / "mixed.pdf"
    path.write_bytes(pdf_samples.scanned(with_text_page=True))
    ran = cardwatch("read", path)
    assert ran.code == ExitCode.NOTHING_FOUND
    assert ran.err == (
        "cardwatch: not read: scanned page on p. 1 (a picture of a page, without text)\n"
    )
    assert "not read" not in ran.out


def test_a_wrong_type_names_the_types_there_are(cardwatch: Run, card: Path) -> None:
    """Law: a value that is none of a few is answered with the few, in the program's words."""
    for flag, some in (("--as", "markdown, text"), ("--format", "terminal, html")):
        ran = cardwatch("gaps", card, card, flag, "x")
        assert ran.code == ExitCode.COULD_NOT_RUN
        assert some in ran.err
        assert "Value error" not in ran.err
        assert "DOC" in ran.err or "{" not in ran.err
