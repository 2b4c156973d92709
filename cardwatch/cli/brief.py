"""The command that tells of a release in a minute: brief."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from cardwatch.cli.documents import DocumentName, open_documents
from cardwatch.cli.flags import OUTPUT, READING, RULES, Flags, command
from cardwatch.cli.gaps import CompanionName
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.releases import brief_release
from cardwatch.reports import Briefing


class BriefForm(StrEnum):
    """The forms of a brief, as ``--format`` takes them."""

    TEXT = "text"
    MARKDOWN = "markdown"
    MAIL = "mail"


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @command(app, "brief", *READING, *RULES, *OUTPUT)
    def brief(
        flags: Flags,
        document: DocumentName,
        companion: CompanionName,
        previous: Annotated[
            str, typer.Option(metavar="OLD", help="The earlier edition of the document.")
        ] = "",
        form: Annotated[
            BriefForm, typer.Option("--format", help="As text, Markdown, or a mail's HTML.")
        ] = BriefForm.TEXT,
    ) -> Answer:
        """Tell of a release: headline, the three worst findings, what was not read.

        Changes since an earlier edition are held against the announcement.
        """
        card, post, *older = open_documents(
            flags, document, companion, *([previous] if previous else [])
        )
        keep = not flags.no_cache and flags.password is None
        with Progress("comparing"):
            made = brief_release(
                card, post, older[0] if older else None, rules=flags.rules, cache=keep
            )
        return Answer(Briefing(made, form.value), found=bool(made.findings))
