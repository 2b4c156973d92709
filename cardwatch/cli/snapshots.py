"""Commands about snapshots: list, show, export, verify, prune."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardwatch.cli.flags import LISTING, OUTPUT, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.watch import Database, Home, settings_of
from cardwatch.errors import WatchError
from cardwatch.reports import Table

if TYPE_CHECKING:
    from cardwatch.store import Store

Reference = Annotated[
    str,
    typer.Argument(metavar="SNAPSHOT", help="NAME@latest, NAME@previous, NAME@DATE or sha256:…"),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="snapshots", help="List, show and prove what a watch has kept.")

    @command(group, "list", *LISTING, *OUTPUT)
    def listing(
        _flags: Flags,
        name: Annotated[str, typer.Argument(metavar="[NAME]", help="One source only.")] = "",
        answers: Annotated[
            bool,
            typer.Option("--answers", help="List errors and redirects, which are no snapshots."),
        ] = False,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """List snapshots, oldest first."""
        with _store(home, database) as store:
            if answers:
                return Answer(_answers(store, name))
            rows = tuple(
                (f"{each.source}@{each.retrieved[:19]}", f"{each.size}", each.sha256[:16])
                for each in store.snapshots(name)
            )
        columns = ("snapshot", "bytes", "sha256")
        return Answer(Table("snapshots", columns, rows, empty="no snapshots"))

    @command(group, "show", *OUTPUT)
    def show(
        _flags: Flags, reference: Reference, home: Home = None, database: Database = ""
    ) -> Answer:
        """Show when and from where a snapshot was fetched, and with which headers."""
        with _store(home, database) as store:
            kept = store.find(reference)
        rows = [
            ("source", kept.source),
            ("asked for", kept.url),
            ("answered by", kept.final_url),
            ("status", str(kept.status)),
            ("retrieved", kept.retrieved),
            ("sha256", kept.sha256),
            ("bytes", f"{kept.size}"),
            ("warc", kept.warc),
        ]
        rows += [("via", hop) for hop in kept.redirects]
        rows += [(name, value) for name, value in kept.headers]
        return Answer(Table("snapshot", ("what", "value"), tuple(rows), kept.notes))

    @command(group, "export", *OUTPUT)
    def export(
        _flags: Flags,
        references: Annotated[
            list[str], typer.Argument(metavar="SNAPSHOT...", help="As snapshots show takes it.")
        ],
        target: Annotated[
            Path, typer.Option("--to", metavar="DIR", help="The folder to write to.")
        ] = Path(),
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Write the bytes and the WARC files of snapshots."""
        from cardwatch.watch import desk

        written = desk.export(settings_of(home, database), references, target)
        return Answer(Table("exported", ("file",), tuple((str(path),) for path in written)))

    @command(group, "verify", *OUTPUT)
    def verify(_flags: Flags, home: Home = None, database: Database = "") -> Answer:
        """Prove that every snapshot's bytes are what was fetched; ends with 1 if not."""
        with _store(home, database) as store:
            count = len(store.snapshots())
            rows = tuple((problem,) for problem in store.verify())
        empty = f"{count} snapshots, all as they were fetched"
        return Answer(Table("verify", ("damage",), rows, empty=empty), found=bool(rows))

    @command(group, "prune", *OUTPUT)
    def prune(
        _flags: Flags,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Show it only; nothing else is offered.")
        ] = False,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Show which snapshots hold nothing that an older one does not."""
        if not dry_run:
            raise WatchError(
                "snapshots are never removed by cardwatch", hint="--dry-run shows what is spare"
            )
        with _store(home, database) as store:
            spare, size = store.unneeded()
        rows = tuple((f"{each.source}@{each.retrieved[:19]}", each.warc) for each in spare)
        notes = (f"{len(spare)} snapshots, {size:,} bytes of WARC files",)
        return Answer(Table("spare", ("snapshot", "file"), rows, notes, "nothing is spare"))


def _answers(store: Store, name: str) -> Table:
    rows = tuple(
        (f"{each.source}@{each.at[:19]}", f"{each.status} {each.target}".strip(), each.warc)
        for each in store.answers(name)
    )
    return Table("answers", ("source", "answer", "file"), rows, empty="no errors or redirects")


def _store(home: Path | None, database: str) -> Store:
    from cardwatch.store import Store

    settings = settings_of(home, database)
    return Store(settings.home, settings.database)
