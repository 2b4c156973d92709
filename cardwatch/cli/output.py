"""What a command answers, where it goes, and with which exit code the program ends."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cardwatch.errors import CardwatchError
from cardwatch.reports import Subject, View, inert, render

if TYPE_CHECKING:
    from cardwatch.cli.flags import Flags

_PIPED_WIDTH = 80
_NARROWEST = 60
_WIDEST = 200  # longer lines are not read any better


class ExitCode(IntEnum):
    """How a run ended. The one place that says so."""

    NOTHING_FOUND = 0
    FOUND = 1
    COULD_NOT_RUN = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command found out. ``found`` is for commands that look for something."""

    subject: Subject
    found: bool = False
    limit: int | None = None


class _Stream(Protocol):
    def isatty(self) -> bool: ...


def deliver(answer: Answer, flags: Flags) -> ExitCode:
    """Write the answer to where the flags say, and tell how the run ended."""
    view = View(
        width=_width(flags.width),
        color=_color(flags),
        explain=flags.explain,
        limit=None if flags.all_ else flags.limit or answer.limit,
    )
    if flags.json:
        # a program that asked for JSON gets all, unless it says how many
        view = View(explain=True, limit=flags.limit)
    text = render(answer.subject, "json" if flags.json else "terminal", view)
    if flags.output is None:
        write(text)
    else:
        _write_file(text, flags.output)
    return ExitCode.FOUND if answer.found else ExitCode.NOTHING_FOUND


def write(text: str) -> None:
    """Write to standard output; a reader that went away before the end is no error."""
    try:
        stream = sys.stdout
        # a terminal that lacks a character shows its number
        stream.write(_encodable(text, stream.encoding))
        stream.flush()
    except BrokenPipeError:
        # so that the interpreter's own flush at exit meets no broken pipe either
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def show_error(error: CardwatchError) -> None:
    """Write an expected failure to standard error: what, where, and what to do."""
    where = f"{inert(error.where)}: " if error.where else ""
    lines = [f"cardwatch: {where}{inert(error.message)}"]
    if error.hint:
        lines.append(f"  hint: {inert(error.hint)}")
    sys.stderr.write(_encodable("\n".join(lines) + "\n", sys.stderr.encoding))


def _encodable(text: str, encoding: str | None) -> str:
    name = encoding or "utf-8"
    return text.encode(name, "backslashreplace").decode(name)


def _write_file(text: str, path: Path) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise CardwatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong


def _width(wanted: int | None) -> int:
    """The width asked for, else the terminal's, else a fixed one, so that pipes are stable."""
    if wanted is not None:
        return wanted
    if is_terminal(sys.stdout) or os.environ.get("COLUMNS", "").isdecimal():
        return max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((_PIPED_WIDTH, 24)).columns))
    return _PIPED_WIDTH


def _color(flags: Flags) -> bool:
    # NO_COLOR is the convention of no-color.org: any value but an empty one counts
    wanted = not flags.no_color and not os.environ.get("NO_COLOR")
    terminal = is_terminal(sys.stdout) and os.environ.get("TERM") != "dumb"
    return wanted and terminal and flags.output is None


def is_terminal(stream: _Stream) -> bool:
    """Whether a person may be looking at the stream."""
    return stream.isatty()
