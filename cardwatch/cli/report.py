"""The command that makes reports of saved results: report."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cardwatch import filing
from cardwatch.cli.flags import EXPLAINING, FINDINGS, LISTING, MARKING, OUTPUT, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.errors import SourceError

# What a reader takes in at one sitting; the rest is counted, and --all shows it.
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @command(app, "report", *FINDINGS, *MARKING, *LISTING, *EXPLAINING, *OUTPUT)
    def report(
        _flags: Flags,
        saved: Annotated[
            list[str],
            typer.Argument(
                metavar="JSON...", help="What gaps, diff, revision or history wrote with --json."
            ),
        ],
    ) -> Answer:
        """Make a report of saved results, in any form, without their documents."""
        from cardwatch.reports.saved import together

        if saved.count("-") > 1:
            raise SourceError("standard input can be read once only")
        results = [
            filing.read_report(sys.stdin.buffer if name == "-" else Path(name)) for name in saved
        ]
        subject = results[0] if len(results) == 1 else together(results)
        return Answer(subject, found=filing.has_new(subject), limit=_SHOWN)
