"""The command that compares two editions: diff."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cardwatch import app as use
from cardwatch.cli.documents import open_documents
from cardwatch.cli.flags import REPORTING, Flags, command
from cardwatch.cli.output import Answer, is_terminal
from cardwatch.cli.progress import Progress
from cardwatch.errors import BadReference
from cardwatch.reports import Diff

# What a reader takes in at one sitting; the rest is counted, and --all shows it.
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add this module's command to the program."""

    @command(app, "diff", *REPORTING)
    def diff(
        flags: Flags,
        old: Annotated[str, typer.Argument(metavar="OLD", help="The earlier edition.")],
        new: Annotated[str, typer.Argument(metavar="NEW", help="The later edition.")],
        side_by_side: Annotated[
            bool | None,
            typer.Option(
                "--side-by-side/--inline",
                help="Words in two columns or in one; by the width if neither.",
            ),
        ] = None,
        section: Annotated[
            str, typer.Option(metavar="REF", help="Only this section (1.5, a title, p.13).")
        ] = "",
        only: Annotated[
            str, typer.Option(metavar="NAMES", help="Only these outcomes, kinds or effects.")
        ] = "",
        show_noise: Annotated[
            bool, typer.Option("--show-noise", help="List what is folded too.")
        ] = False,
        stat: Annotated[bool, typer.Option("--stat", help="Count changes by section.")] = False,
        summary: Annotated[bool, typer.Option("--summary", help="Ten lines for a mail.")] = False,
        patch: Annotated[
            bool | None,
            typer.Option("--patch/--ranked", help="As a unified diff, or ranked."),
        ] = None,
    ) -> Answer:
        """Show what changed between two editions, ranked, with the noise folded.

        Into a pipe it writes a unified diff for reading, unless another form is asked for.
        """
        form = _form(stat=stat, summary=summary, patch=patch)
        if not form and patch is None and side_by_side is None and _piped(flags):
            form = "patch"
        before, after = open_documents(flags, old, new)
        with Progress("comparing"):
            revision = use.compare(before, after, rules=flags.rules)
            names = [name for name in only.split(",") if name.strip()]
            revision = use.select_changes(revision, before, after, only=names, section=section)
        subject = Diff(
            revision, before, after, form=form, side_by_side=side_by_side, noise=show_noise
        )
        found = any(not change.noise for change in revision.changes)
        return Answer(subject, found=found, limit=_SHOWN)


def _form(*, stat: bool, summary: bool, patch: bool | None) -> str:
    """The one form that is asked for; empty for none."""
    asked = [name for name, wanted in (("stat", stat), ("summary", summary), ("patch", patch))
             if wanted]  # fmt: skip
    if len(asked) > 1:
        raise BadReference(
            f"--{asked[0]} and --{asked[1]} are two forms", hint="ask for one of them"
        )
    return asked[0] if asked else ""


def _piped(flags: Flags) -> bool:
    """Whether the answer goes to another program: neither to a terminal nor to a named file."""
    return flags.output is None and flags.width is None and not is_terminal(sys.stdout)
