"""What a command answers, where it goes, and with which exit code the program ends."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cardwatch.errors import BadReference, CardwatchError
from cardwatch.reports import Form, Subject, View, inert, render

if TYPE_CHECKING:
    from cardwatch.cli.flags import Flags
    from cardwatch.model import Document

_PIPED_WIDTH = 80
_NARROWEST = 60
_PAGES_NAMED = 12
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
    form = _form(flags)
    answer = _settled(answer, flags)
    if flags.annotate is not None:
        _annotate(answer.subject, flags, flags.annotate)
    view = View(
        width=_width(flags.width),
        color=_color(flags),
        explain=flags.explain,
        limit=None if flags.all_ else flags.limit or answer.limit,
    )
    if form is not Form.TERMINAL:
        # a program, or whoever opens a file, gets all, unless the flags say how many
        view = View(explain=flags.explain or form is Form.JSON, limit=flags.limit)
    text = render(answer.subject, form.value, view)
    if flags.output is None:
        write(text)
    else:
        _write_file(text, flags.output)
    return ExitCode.FOUND if answer.found else ExitCode.NOTHING_FOUND


def _form(flags: Flags) -> Form:
    if flags.json and flags.form not in (None, Form.JSON):
        raise BadReference(
            f"--json and --format {flags.form} are two forms", hint="ask for one of them"
        )
    return Form.JSON if flags.json else flags.form or Form.TERMINAL


def _settled(answer: Answer, flags: Flags) -> Answer:
    """The answer with what is known or suppressed marked; only what is new counts as found."""
    if flags.baseline is None and not flags.suppress:
        return answer
    from cardwatch import filing

    subject = filing.settle(
        answer.subject,
        baseline=flags.baseline,
        suppress=flags.suppress,
        today=datetime.now(UTC).date(),
    )
    return replace(answer, subject=subject, found=filing.has_new(subject))


def _annotate(subject: Subject, flags: Flags, path: Path) -> None:
    from cardwatch import filing

    marked = filing.annotate(subject, password=flags.password, allow_private=flags.allow_private)
    try:
        path.write_bytes(marked)
    except OSError as wrong:
        raise CardwatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong


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
    except OSError as wrong:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise CardwatchError(
            f"cannot be written: {wrong.strerror}", where="standard output"
        ) from wrong


def show_error(error: CardwatchError) -> None:
    """Write an expected failure to standard error: what, where, and what to do."""
    where = f"{inert(error.where)}: " if error.where else ""
    lines = [f"cardwatch: {where}{inert(error.message)}"]
    if error.hint:
        lines.append(f"  hint: {inert(error.hint)}")
    sys.stderr.write(_encodable("\n".join(lines) + "\n", sys.stderr.encoding))


def show_unread(document: Document) -> None:
    """Tell on standard error which places of a document could not be read, a line for a kind."""
    kinds: dict[tuple[str, str], list[int]] = {}
    for place in document.coverage.unread:
        if place.kind != "blank page":
            pages = kinds.setdefault((place.kind, place.reason), [])
            pages += [place.page] if place.page is not None else []
    for (kind, reason), pages in kinds.items():
        shown = ", ".join(map(str, dict.fromkeys(pages[:_PAGES_NAMED])))
        more = ", ..." if len(pages) > _PAGES_NAMED else ""
        where = f" on p. {shown}{more}" if pages else ""
        line = f"cardwatch: not read: {inert(kind)}{where} ({inert(reason)})\n"
        sys.stderr.write(_encodable(line, sys.stderr.encoding))


def _encodable(text: str, encoding: str | None) -> str:
    name = encoding or "utf-8"
    return text.encode(name, "backslashreplace").decode(name)


def _write_file(text: str, path: Path) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as wrong:
        raise CardwatchError(f"cannot be written: {wrong.strerror}", where=str(path)) from wrong


def spare_inputs(flags: Flags, given: Iterable[object]) -> None:
    """Refuse to write over a file that the command was given to read.

    Raises:
        CardwatchError: ``--output`` or ``--annotate`` names one of the ``given`` files.
    """
    inputs = [Path(each) for each in given if isinstance(each, str | Path)]
    for target in (flags.output, flags.annotate):
        if target is None or not target.is_file():
            continue
        if any(each.is_file() and each.samefile(target) for each in inputs):
            raise CardwatchError(
                "is a document to be read, and would be written over",
                hint="name another file to write to",
                where=str(target),
            )


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
