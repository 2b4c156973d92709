"""The command line: flags to use cases, results to reports, reports to exit codes."""

from __future__ import annotations

import gc
import sys
import traceback
from typing import Annotated

import typer

import cardwatch
from cardwatch.cli import (
    brief,
    browse,
    commitments,
    corpus,
    diff,
    documents,
    gaps,
    history,
    quotes,
    report,
    revision,
    rules,
    snapshots,
    watch,
)
from cardwatch.cli.output import ExitCode, show_error, write
from cardwatch.errors import CardwatchError
from cardwatch.reports import inert

__all__ = ["app", "main"]

app = typer.Typer(
    name="cardwatch",
    help="Find what a policy document says that its companion announcement leaves out.",
    epilog="Exit codes: 0 nothing found, 1 something found, 2 could not run.",
    no_args_is_help=True,
    # plain help reads the same in a terminal, a pipe and the manual, and loads no library
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)


def _version(wanted: bool) -> None:
    if wanted:
        write(f"cardwatch {cardwatch.__version__}\n")
        raise typer.Exit


@app.callback()
def _program(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    pass


for _group in (
    gaps,
    brief,
    diff,
    revision,
    commitments,
    history,
    report,
    browse,
    documents,
    rules,
    quotes,
    watch,
    snapshots,
    corpus,
):
    _group.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line and exit: 0 nothing found, 1 something found, 2 could not run.

    Expected failures are told on standard error; anything else is a bug and shows its traceback.
    """
    # A run makes hundreds of thousands of small values that live to its end: looking for dead
    # ones among them as often as Python does by default takes a twentieth of the time.
    gc.set_threshold(100_000, 50, 50)
    try:
        app(arguments, prog_name="cardwatch")
    except CardwatchError as error:
        show_error(error)
        sys.exit(ExitCode.COULD_NOT_RUN)
    except Exception:
        # Python's own exit code for this is 1, which here means that something was found
        sys.stderr.write(inert(traceback.format_exc()))
        sys.exit(ExitCode.COULD_NOT_RUN)
