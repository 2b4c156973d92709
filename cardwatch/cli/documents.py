"""Commands that show one document: read, outline, show, statements."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.flags import EXPLAINING, LISTING, OUTPUT, READING, RULES, Flags, command
from cardwatch.cli.output import Answer, show_unread
from cardwatch.cli.progress import Progress
from cardwatch.errors import SourceError
from cardwatch.model import Document
from cardwatch.reports import Outline, Place, Statements, WholeText

DocumentName = Annotated[
    str, typer.Argument(metavar="DOC", help="A file, an address, or - for standard input.")
]


def open_document(name: str, flags: Flags, which: int = 0) -> Document:
    """The document that an argument names; ``which`` is its place among the command's documents."""
    with Progress(f"reading {name}") as progress:
        return use.read(
            sys.stdin.buffer if name == "-" else name,
            media_type=flags.as_[which] if which < len(flags.as_) else None,
            password=flags.password,
            allow_private=flags.allow_private,
            cache=not flags.no_cache,
            progress=progress,
        )


def open_documents(flags: Flags, *names: str) -> list[Document]:
    """The documents that several arguments name, in their order."""
    if names.count("-") > 1:
        raise SourceError(
            "standard input can be read once only", hint="name a file for the other document"
        )
    return [open_document(name, flags, at) for at, name in enumerate(names)]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""

    @command(app, "read", *READING, *OUTPUT)
    def read(flags: Flags, document: DocumentName) -> Answer:
        """Write the text of a document, as every other command sees it."""
        opened = open_document(document, flags)
        # the text alone goes to standard output: what is lacking in it is told beside it
        show_unread(opened)
        return Answer(WholeText(opened))

    @command(app, "outline", *READING, *OUTPUT)
    def outline(flags: Flags, document: DocumentName) -> Answer:
        """Show the sections of a document, with their pages and lengths."""
        return Answer(Outline(open_document(document, flags)))

    @command(app, "show", *READING, *OUTPUT)
    def show(
        flags: Flags,
        document: DocumentName,
        reference: Annotated[
            str,
            typer.Argument(
                metavar="REF", help="A section (1.5, or its title), a page (p.13), or 1200-1400."
            ),
        ],
    ) -> Answer:
        """Show a place in a document, with what stands around it."""
        opened = open_document(document, flags)
        return Answer(Place(opened, use.locate(opened, reference)))

    @command(app, "statements", *READING, *RULES, *LISTING, *EXPLAINING, *OUTPUT)
    def statements(flags: Flags, document: DocumentName) -> Answer:
        """List the sentences that commit, restrict, permit, notify, retain or enforce."""
        opened = open_document(document, flags)
        return Answer(Statements(use.find_statements(opened, rules=flags.rules)))
