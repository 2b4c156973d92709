"""The command that follows a document through its versions."""

from __future__ import annotations

from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.documents import open_documents
from cardwatch.cli.flags import EXPLAINING, LISTING, OUTPUT, READING, RULES, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.errors import BadReference
from cardwatch.model import Upload
from cardwatch.reports import Past

# What a reader takes in at one sitting; the rest is counted, and --all shows it.
_SHOWN = 15
_SAME = frozenset([Upload.FIRST, Upload.SAME_BYTES, Upload.SAME_TEXT])


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @command(app, "history", *READING, *RULES, *LISTING, *EXPLAINING, *OUTPUT, "form")
    def history(
        flags: Flags,
        documents: Annotated[
            list[str], typer.Argument(metavar="DOC...", help="The versions, the oldest first.")
        ],
        blame: Annotated[
            str,
            typer.Option(
                metavar="WORDS|REF", help="Since when these words, or those there, are in it."
            ),
        ] = "",
    ) -> Answer:
        """Follow each statement of a document through its versions, in every wording.

        A file that was replaced under the same version or date is named as such.
        """
        if len(documents) < 2:
            raise BadReference("a history needs two versions", hint="give the oldest first")
        opened = open_documents(flags, *documents)
        with Progress("comparing"):
            found = use.trace_history(opened, blame=blame, rules=flags.rules)
        subject = Past(found, blamed=bool(blame))
        changed = any(version.upload not in _SAME for version in found.versions)
        return Answer(subject, found=changed, limit=_SHOWN)
