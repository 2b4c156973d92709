"""Commands that compare two documents: gaps, demo."""

from __future__ import annotations

from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.documents import DocumentName, open_documents
from cardwatch.cli.flags import (
    EXPLAINING,
    FINDINGS,
    LISTING,
    OUTPUT,
    REPORTING,
    RULES,
    Flags,
    command,
)
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.model import Document
from cardwatch.reports import Gaps

# What a reader takes in at one sitting; the rest is counted, and --all shows it.
_SHOWN = 20

CompanionName = Annotated[
    str, typer.Argument(metavar="COMPANION", help="Its announcement: a file, an address, or -.")
]


def answer_gaps(flags: Flags, document: Document, companion: Document) -> Answer:
    """The gaps between two documents, as a command's answer."""
    # what only a password opens is written nowhere
    keep = not flags.no_cache and flags.password is None
    with Progress("comparing"):
        report = use.find_gaps(document, companion, rules=flags.rules, cache=keep)
    return Answer(Gaps(report, document, companion), found=bool(report.gaps), limit=_SHOWN)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""

    @command(app, "gaps", *REPORTING)
    def gaps(flags: Flags, document: DocumentName, companion: CompanionName) -> Answer:
        """Find what a document says that its companion leaves out or contradicts."""
        return answer_gaps(flags, *open_documents(flags, document, companion))

    @command(app, "demo", "no_cache", *RULES, *LISTING, *EXPLAINING, *FINDINGS, *OUTPUT)
    def demo(flags: Flags) -> Answer:
        """Try it: the gaps between a fictional system card and its announcement."""
        with Progress("reading the demo") as progress:
            card, post = use.read_demo(cache=not flags.no_cache, progress=progress)
        return answer_gaps(flags, card, post)
