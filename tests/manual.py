"""The manual's blocks of output, kept current: ``python -m tests.manual`` writes them anew.

A block is marked ``<!-- output: cardwatch ... -->`` and followed by a fenced block; what the
command prints belongs in it. ``<!-- output, first N lines: cardwatch ... -->`` keeps the first N.
"""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from unittest import mock

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
_BLOCK = re.compile(
    r"(<!-- output(?:, first (?P<first>\d+) lines)?: (?P<command>cardwatch[^\n]*?) -->\n+"
    r"```[a-z]*\n)(?P<body>.*?)(```)",
    re.DOTALL,
)


def run(command: str) -> str:
    """What a command prints in 80 columns, without colour."""
    from cardwatch.cli import main as cardwatch

    printed = io.StringIO()
    with (
        mock.patch.dict(os.environ, {"COLUMNS": "80", "NO_COLOR": "1"}),
        redirect_stdout(printed),
        pytest.raises(SystemExit) as ended,
    ):
        cardwatch(shlex.split(command)[1:])
    assert ended.value.code in (0, 1), command
    return printed.getvalue()


def current(page: Path) -> str:
    """The page with every block as its command prints it now."""

    def filled(match: re.Match[str]) -> str:
        lines = run(match["command"]).splitlines()
        if match["first"]:
            lines = lines[: int(match["first"])]
        return f"{match[1]}{chr(10).join(lines)}\n{match[5]}"

    return _BLOCK.sub(filled, page.read_text("utf-8"))


def commands() -> Iterator[str]:
    """Every command of the program, with those of its groups."""
    import typer

    from cardwatch.cli import app

    whole = typer.main.get_command(app)
    for name, command in sorted(getattr(whole, "commands", {}).items()):
        inner = getattr(command, "commands", None)
        if inner is None:
            yield name
        else:
            yield from (f"{name} {sub}" for sub in sorted(inner))


def main() -> None:
    for page in PAGES:
        page.write_text(current(page), encoding="utf-8")


if __name__ == "__main__":
    main()
