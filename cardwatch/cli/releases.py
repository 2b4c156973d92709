"""Commands of the watch about releases and silence: pair, pairs, untold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cardwatch.cli.flags import LISTING, OUTPUT, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.watch import Database, Home, settings_of
from cardwatch.model.release import Choice, Role
from cardwatch.reports import Table


def add_commands(group: typer.Typer) -> None:
    """Add this module's commands to the watch."""
    _pairing(group)
    _silence(group)


def _pairing(group: typer.Typer) -> None:
    @command(group, "pair", *OUTPUT)
    def pair(
        _flags: Flags,
        document: Annotated[
            str, typer.Argument(metavar="DOC", help="A document: its source's name, or address.")
        ],
        other: Annotated[str, typer.Argument(metavar="OTHER", help="Its announcement, likewise.")],
        no: Annotated[bool, typer.Option("--no", help="They do not belong together.")] = False,
        previous: Annotated[
            bool, typer.Option("--previous", help="OTHER is the edition or model before.")
        ] = False,
        home: Home = None,
    ) -> Answer:
        """Say which announcement belongs to a document, or which edition came before it."""
        from cardwatch import pairing

        role = Role.PREDECESSOR if previous else Role.COMPANION
        path = pairing.add_choice(_folder(home), Choice(document, other, role, not no))
        row = (document, "not " * no + role.value, other)
        columns = ("document", "is", "other")
        return Answer(Table("pair", columns, (row,), (f"written to {path}",)))

    @command(group, "pairs", *LISTING, *OUTPUT)
    def pairs(_flags: Flags, home: Home = None, database: Database = "") -> Answer:
        """List the watched documents with what they are paired with, and why."""
        from cardwatch.watch.releasing import found_pairs

        rows = tuple(
            (
                match.document,
                match.role.value,
                match.other,
                "said" if match.chosen else f"{match.score:.2f}",
                "yes" if match.taken else "no",
                ", ".join(reason.name for reason in match.reasons),
            )
            for match in found_pairs(settings_of(home, database))
        )
        columns = ("document", "role", "other", "score", "taken", "reasons")
        note = "cardwatch watch pair DOC OTHER (--no) corrects one"
        return Answer(Table("pairs", columns, rows, (note,), "no documents to pair"))


def _folder(home: Path | None) -> Path:
    return settings_of(home).home


def _silence(group: typer.Typer) -> None:
    @command(group, "untold", *OUTPUT)
    def untold(
        _flags: Flags,
        days: Annotated[
            int, typer.Option("--days", min=1, max=3660, metavar="N", help="Of the last N days.")
        ] = 7,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Count what was seen and not told, by class."""
        from cardwatch.watch.posting import untold_lately

        account = untold_lately(settings_of(home, database), days)
        rows = tuple((f"{number:,}", name) for name, number in account.counts)
        notes = (f"{account.checks:,} checks, {account.since[:10]} to {account.until[:10]}",)
        empty = "nothing was left untold"
        return Answer(Table("untold", ("count", "what"), rows, notes, empty))
