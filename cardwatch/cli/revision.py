"""The command that holds a revision against what its publisher said of it."""

from __future__ import annotations

from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.documents import open_documents
from cardwatch.cli.flags import REPORTING, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.reports import Audit

# What a reader takes in at one sitting; the rest is counted, and --all shows it.
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @command(app, "revision", *REPORTING)
    def revision(
        flags: Flags,
        old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier edition.")],
        new: Annotated[str, typer.Argument(metavar="NEW", help="The later edition.")],
        account: Annotated[
            list[str] | None,
            typer.Option(
                metavar="DOC",
                help="What its publisher said of it; may be repeated.",
            ),
        ] = None,
        only: Annotated[
            str, typer.Option(metavar="NAMES", help="Only these outcomes or announcements.")
        ] = "",
    ) -> Answer:
        """Show what became of each commitment, and whether its publisher said so.

        A changelog inside the new edition is found by itself.
        """
        before, after, *accounts = open_documents(flags, old, new, *(account or ()))
        with Progress("comparing"):
            result = use.audit_revision(before, after, accounts, rules=flags.rules)
            names = [name for name in only.split(",") if name.strip()]
            result = use.select_audited(result, names)
        return Answer(Audit(result, before, after), found=bool(result.changes), limit=_SHOWN)
