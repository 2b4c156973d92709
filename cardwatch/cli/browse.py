"""The command that shows a saved report on the whole screen: browse."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cardwatch import filing
from cardwatch.cli.output import is_terminal
from cardwatch.errors import CardwatchError, ReportError


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @app.command("browse")
    def browse(
        saved: Annotated[
            Path, typer.Argument(metavar="JSON", help="What gaps, diff or revision saved.")
        ],
        notes: Annotated[
            Path | None,
            typer.Option(metavar="FILE", help="Keep notes there; beside the report if not given."),
        ] = None,
    ) -> None:
        """Go through saved findings on the whole screen, with keys."""
        result = filing.read_report(saved)
        kept = notes or saved.with_name(saved.name + ".notes.toml")
        noted = filing.read_jottings(kept)
        if not (is_terminal(sys.stdout) and is_terminal(sys.stdin)):
            raise CardwatchError(
                "browse needs a terminal", hint="cardwatch report writes the same to a pipe"
            )
        try:
            from cardwatch.cli.browser import Browser
        except ModuleNotFoundError as wrong:
            raise ReportError(
                "browse needs the library textual", hint="pip install 'cardwatch[browse]'"
            ) from wrong
        Browser(result, noted, lambda now: filing.write_jottings(kept, now)).run()
