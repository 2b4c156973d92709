"""The command that lists what a publisher promised, with its dates."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.documents import DocumentName, open_document
from cardwatch.cli.flags import LISTING, OUTPUT, READING, RULES, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.model import DueState
from cardwatch.reports import Promises

_DUE = frozenset([DueState.PASSED, DueState.SOON])


class Form(StrEnum):
    """What the promises are written as."""

    TERMINAL = "terminal"
    JSON = "json"
    ICS = "ics"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @command(app, "commitments", *READING, *RULES, *LISTING, *OUTPUT)
    def commitments(
        flags: Flags,
        document: DocumentName,
        start: Annotated[
            datetime | None,
            typer.Option(
                "--from", formats=["%Y-%m-%d"], metavar="DATE", help="Count cadences from this day."
            ),
        ] = None,
        due: Annotated[
            datetime | None,
            typer.Option(
                formats=["%Y-%m-%d"], metavar="DATE", help="What is due on this day; else today."
            ),
        ] = None,
        form: Annotated[
            Form, typer.Option("--format", help="A calendar, rows, JSON, or to read.")
        ] = Form.TERMINAL,
    ) -> Answer:
        """List what a publisher promised: to whom, by when, how often, on which condition.

        With --all also what has no time to it. Ends with 1 if something is due or its date passed.
        """
        opened = open_document(document, flags)
        report = use.find_commitments(
            opened,
            due.date() if due else date.today(),
            start=start.date() if start else None,
            all_=flags.all_,
            rules=flags.rules,
        )
        found = any(promise.state in _DUE for promise in report.promises)
        return Answer(Promises(report, form=form.value), found=found)
