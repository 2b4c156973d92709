"""Commands of the watch for those who live with it: daemon, accept, quote, quotes, brief."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardwatch.cli.brief import BriefForm
from cardwatch.cli.flags import LISTING, OUTPUT, Flags, command
from cardwatch.cli.output import Answer, show_error, write
from cardwatch.cli.watch import Database, Home, settings_of
from cardwatch.errors import DeliveryError
from cardwatch.reports import Briefing, Table

if TYPE_CHECKING:
    from cardwatch.watch.daemon import Round


def add_commands(group: typer.Typer) -> None:
    """Add this module's commands to the watch."""
    _staying(group)
    _accepting(group)
    _quoting(group)
    _briefing(group)


def _staying(group: typer.Typer) -> None:
    @command(group, "daemon", "allow_private", *OUTPUT)
    def daemon(flags: Flags, home: Home = None, database: Database = "") -> Answer:
        """Stay, and look at each source when it is due, until SIGTERM or SIGINT."""
        from cardwatch.watch.daemon import stay, stopped_by_signals

        settings = partial(settings_of, home, database, private=flags.allow_private)
        rounds = 0
        with stopped_by_signals() as stop:
            for made in stay(settings, stop=stop):
                rounds += 1
                _say(made)
        return Answer(Table("daemon", ("what",), (), empty=f"stopped after {rounds} rounds"))


def _say(made: Round) -> None:
    """A line for a round that looked at anything; its messages went to their channels."""
    if made.wrong is not None:
        show_error(made.wrong)
    if made.report is None:
        return
    for each in made.report.undelivered:
        show_error(DeliveryError("messages wait for the next round", hint=each))
    if made.report.checks:
        counts = ", ".join(f"{kind.value} {count}" for kind, count in made.report.counts.items())
        write(f"{len(made.report.checks)} sources looked at: {counts}\n")


def _accepting(group: typer.Typer) -> None:
    @command(group, "accept", *OUTPUT)
    def accept(
        _flags: Flags,
        name: Annotated[str, typer.Argument(metavar="NAME", help="A source.")],
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Take what a source shows now for its document: a text held back, or held for an error.

        Changes are measured from it from now on. Nobody is told.
        """
        from cardwatch.watch.keeping import accept as take

        taken = take(settings_of(home, database), name)
        kept = taken.snapshot
        row = (kept.source, kept.retrieved[:16], kept.sha256[:16], taken.before)
        notes = (f"{taken.closed} open matters closed",) if taken.closed else ()
        columns = ("source", "retrieved", "sha256", "held for")
        return Answer(Table("accepted", columns, (row,), notes))


def _quoting(group: typer.Typer) -> None:
    @command(group, "quote", *OUTPUT)
    def quote(
        _flags: Flags,
        what: Annotated[
            str, typer.Argument(metavar="QUOTE", help="JSON of quote --json; with --no, an id.")
        ],
        source: Annotated[
            str, typer.Option("--source", metavar="NAME", help="The watched document it is from.")
        ] = "",
        note: Annotated[
            str, typer.Option("--note", metavar="TEXT", help="For what it was quoted.")
        ] = "",
        no: Annotated[bool, typer.Option("--no", help="Watch this quote no longer.")] = False,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Tell when a quoted sentence is edited, moves to another place, or is taken out."""
        from cardwatch.watch import keeping

        settings = settings_of(home, database)
        columns = ("quote", "source", "words", "now")
        if no:
            dropped = keeping.drop_quote(settings, what)
            row = (dropped.id, dropped.source, dropped.quote.exact, "watched no longer")
            return Answer(Table("quote", columns, (row,)))
        added, path = keeping.add_quote(settings, Path(what), source, note)
        watched = added.watched
        now = added.status or "not looked at yet"
        row = (watched.id, watched.source, watched.quote.exact, now)
        return Answer(Table("quote", columns, (row,), (f"written to {path}",)))

    @command(group, "quotes", *LISTING, *OUTPUT)
    def quotes(_flags: Flags, home: Home = None, database: Database = "") -> Answer:
        """List the watched quotes, and how each stood when its document was last new."""
        from cardwatch.watch import keeping

        rows = tuple(
            (
                each.watched.id,
                each.watched.source,
                each.watched.quote.exact,
                each.watched.note,
                each.status or "not looked at yet",
            )
            for each in keeping.quotes(settings_of(home, database))
        )
        columns = ("quote", "source", "words", "note", "now")
        empty = "no quotes are watched; cardwatch watch quote QUOTE.json begins"
        return Answer(Table("quotes", columns, rows, empty=empty))


def _briefing(group: typer.Typer) -> None:
    @command(group, "brief", *OUTPUT)
    def brief(
        _flags: Flags,
        name: Annotated[str, typer.Argument(metavar="NAME", help="A watched document.")],
        form: Annotated[
            BriefForm, typer.Option("--format", help="As text, Markdown, or a mail's HTML.")
        ] = BriefForm.TEXT,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Tell of a watched document as of a release, with what it is paired with now."""
        from cardwatch.watch.releasing import brief_of

        made = brief_of(settings_of(home, database), name)
        return Answer(Briefing(made, form.value), found=bool(made.findings))
