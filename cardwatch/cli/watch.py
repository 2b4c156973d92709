"""Commands of the watch: add, list, check, test, run, status, log, replay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cardwatch.cli.flags import LISTING, OUTPUT, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.errors import DeliveryError
from cardwatch.model.watch import SourceKind, WatchSource
from cardwatch.reports import Table

if TYPE_CHECKING:
    from cardwatch.watch.desk import Trial
    from cardwatch.watch.replay import Line
    from cardwatch.watch.settings import Settings

Home = Annotated[
    Path | None,
    typer.Option("--home", envvar="CARDWATCH_HOME", metavar="DIR", help="Where the watch lives."),
]
Database = Annotated[
    str,
    typer.Option(
        "--database",
        envvar="CARDWATCH_DATABASE",
        metavar="URL",
        show_envvar=True,
        help="A PostgreSQL server to keep it on.",
    ),
]
Names = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Sources; all without one.")
]


# Of what a server says of a document, what tells whether it changed.
_TOLD = ("content-type", "date", "etag", "last-modified")


def settings_of(home: Path | None, database: str = "", *, private: bool = False) -> Settings:
    """The watch that the flags mean."""
    from cardwatch.store import default_home
    from cardwatch.watch import settings

    loaded = settings.load(home or default_home(), database)
    return replace(loaded, private=loaded.private or private)


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="watch", help="Notice new documents and real changes.")
    _sources(group)
    _running(group)
    _looking_back(group)
    from cardwatch.cli import releases, watch_keeping

    watch_keeping.add_commands(group)
    releases.add_commands(group)


def _sources(group: typer.Typer) -> None:
    @command(group, "add", *OUTPUT)
    def add(
        _flags: Flags,
        what: Annotated[
            str, typer.Argument(metavar="URL|NAME", help="An address, or a source that ships.")
        ],
        name: Annotated[str, typer.Option("--name", help="Its name in this watch.")] = "",
        publisher: Annotated[str, typer.Option("--publisher", help="Who publishes it.")] = "",
        document: Annotated[str, typer.Option("--document", help="What it is called.")] = "",
        kind: Annotated[
            SourceKind, typer.Option("--kind", help="What stands there.")
        ] = SourceKind.PAGE,
        pattern: Annotated[
            str, typer.Option("--pattern", metavar="REGEX", help="Which links of a listing.")
        ] = "",
        companion: Annotated[
            str, typer.Option("--companion", help="Address or name of its announcement.")
        ] = "",
        every: Annotated[str, typer.Option("--every", help="How often: 30m, 12h, 1d, 1w.")] = "12h",
        select: Annotated[
            list[str] | None, typer.Option("--select", metavar="CSS", help="Keep only this part.")
        ] = None,
        drop: Annotated[
            list[str] | None, typer.Option("--drop", metavar="CSS", help="Leave this part out.")
        ] = None,
        home: Home = None,
    ) -> Answer:
        """Watch an address, or a source that ships (see watch list --starters)."""
        from cardwatch import sources
        from cardwatch.watch import desk

        if "://" in what:
            source = WatchSource(name or sources.name_of(what), what, kind=kind)
        else:
            source = desk.starter(what)
            source = replace(source, name=name or source.name)
        given: dict[str, Any] = {
            "publisher": publisher,
            "document": document,
            "pattern": pattern,
            "companion": companion,
            "select": tuple(select or ()),
            "drop": tuple(drop or ()),
        }
        source = replace(source, **{key: value for key, value in given.items() if value})
        if "://" in what:
            source = replace(source, every=sources.minutes(every))
        path = desk.add(settings_of(home), source)
        rows = ((source.name, source.kind.value, source.url),)
        return Answer(Table("added", ("name", "kind", "address"), rows, (f"written to {path}",)))

    @command(group, "list", *LISTING, *OUTPUT)
    def listing(
        _flags: Flags,
        starters: Annotated[
            bool, typer.Option("--starters", help="The sources that ship with cardwatch.")
        ] = False,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """List what is watched."""
        from cardwatch import sources
        from cardwatch.watch import desk

        found = desk.starters() if starters else desk.all_sources(settings_of(home, database))
        rows = tuple(
            (each.name, each.kind.value, sources.every(each.every), each.url) for each in found
        )
        empty = "nothing is watched; cardwatch watch add URL begins"
        return Answer(Table("sources", ("name", "kind", "every", "address"), rows, empty=empty))

    @command(group, "check", *OUTPUT)
    def check(_flags: Flags, home: Home = None, database: Database = "") -> Answer:
        """Check the files of all sources and the settings; ends with 2 if one is wrong."""
        from cardwatch.watch import desk

        found, notes = desk.checked(settings_of(home, database))
        sources = "1 source" if len(found) == 1 else f"{len(found)} sources"
        said = f"{sources}, all well described"
        return Answer(Table("check", ("source",), (), notes, said))

    @command(group, "test", "allow_private", *OUTPUT)
    def test(
        flags: Flags,
        what: Annotated[str, typer.Argument(metavar="URL|NAME", help="An address or a source.")],
        home: Home = None,
    ) -> Answer:
        """Fetch and read a source, show what would be recorded and left out, keep nothing."""
        from cardwatch.watch import desk

        settings = settings_of(home, private=flags.allow_private)
        with Progress(f"fetching {what}"):
            trial = desk.attempt(settings, desk.named(settings, what))
        return Answer(_trial(trial))


def _trial(trial: Trial) -> Table:
    rows = [
        ("address", trial.final_url),
        ("bytes", f"{trial.size:,}, sha256 {trial.sha256}"),
        ("reader", trial.reader),
        ("title", trial.title),
        ("words", f"{trial.words:,}" if trial.words else ""),
        ("problem", f"{trial.problem.value} {trial.note}".strip()),
        ("begins", trial.begins),
    ]
    rows += [("via", hop) for hop in trial.redirects]
    rows += [("recorded", f"{name}: {value}") for name, value in trial.headers if name in _TOLD]
    rows += [("left out", f"{each.kind}: {each.text}"[:300]) for each in trial.dropped[:20]]
    rows += [("names", f"{each.url} {each.title}") for each in trial.entries[:20]]
    more = max(0, len(trial.dropped) - 20) + max(0, len(trial.entries) - 20)
    notes = ((f"and {more} more",) if more else ()) + (*trial.notes, "nothing was kept")
    return Table("trial", ("what", "value"), tuple(row for row in rows if row[1]), notes)


def _running(group: typer.Typer) -> None:
    @command(group, "run", "allow_private", *OUTPUT)
    def run(
        flags: Flags,
        names: Names = None,
        now: Annotated[
            bool, typer.Option("--now", help="Look at all sources, due or not.")
        ] = False,
        limit: Annotated[
            float | None,
            typer.Option("--seconds", min=1, metavar="N", help="Stop fetching after N seconds."),
        ] = None,
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Look once at what is due, and tell what is new. For cron, systemd timers and CI.

        Ends with 1 if there was news, and with 2 if a message could not be delivered.
        """
        from cardwatch.watch.run import run as run_once

        settings = settings_of(home, database, private=flags.allow_private)
        settings = replace(settings, seconds=limit or settings.seconds)
        if flags.json:
            # the answer on standard output must stay JSON
            moved = tuple(
                replace(each, settings=(*each.settings, ("stream", "stderr")))
                for each in settings.channels
            )
            settings = replace(settings, channels=moved)
        report = run_once(settings, only=names or (), every=now)
        if report.undelivered:
            raise DeliveryError(
                f"{len(report.undelivered)} messages wait for the next run",
                hint="; ".join(dict.fromkeys(report.undelivered)),
            )
        rows = tuple(
            (each.at[:16], each.kind.value, each.severity.value, each.source, each.title)
            for each in report.news
        )
        counts = ", ".join(f"{verdict.value} {count}" for verdict, count in report.counts.items())
        notes = [f"{len(report.checks)} sources looked at" + (f": {counts}" if counts else "")]
        if report.left:
            notes.append(f"{report.left} left for the next run: the time was up")
        if report.stranded:
            notes.append(f"{report.stranded} messages wait for a channel that is no longer named")
        columns = ("time", "kind", "severity", "source", "news")
        return Answer(Table("run", columns, rows, tuple(notes), "no news"), found=bool(rows))

    @command(group, "status", *LISTING, *OUTPUT)
    def status(_flags: Flags, home: Home = None, database: Database = "") -> Answer:
        """Show for each source when it was seen, when it changed, and how it stands."""
        from cardwatch.watch import desk

        rows = tuple(
            (
                each.source.name,
                each.track.last_checked[:16],
                each.track.last_changed[:16],
                each.track.next_due[:16],
                each.health,
            )
            for each in desk.status(settings_of(home, database))
        )
        columns = ("source", "last seen", "last change", "next", "health")
        return Answer(Table("status", columns, rows, empty="nothing is watched"))

    @command(group, "log", *LISTING, *OUTPUT)
    def log(
        flags: Flags,
        name: Annotated[str, typer.Argument(metavar="[NAME]", help="One source only.")] = "",
        home: Home = None,
        database: Database = "",
    ) -> Answer:
        """Show the latest checks and what each came to, with what was not told and why."""
        from cardwatch.watch import desk

        count = 100_000 if flags.all_ else flags.limit or 50
        found = desk.log(settings_of(home, database), name, count)
        rows = tuple((each.at[:16], each.source, each.verdict.value, each.note) for each in found)
        columns = ("time", "source", "came to", "note")
        return Answer(Table("log", columns, rows, empty="no checks yet"))


def _looking_back(group: typer.Typer) -> None:
    @command(group, "replay", *LISTING, *OUTPUT)
    def replay(
        _flags: Flags,
        path: Annotated[
            Path, typer.Argument(metavar="PATH", help="A folder of recordings, or a git history.")
        ],
        upgrade: Annotated[
            str,
            typer.Option(
                "--recorder", metavar="REGEX", help="Subjects of commits that are the recorder's."
            ),
        ] = "",
        alerts: Annotated[
            bool, typer.Option("--alerts", help="List the alerts, not the documents.")
        ] = False,
        every: Annotated[
            bool, typer.Option("--recordings", help="List every recording and what it came to.")
        ] = False,
    ) -> Answer:
        """Go through somebody's recordings as if watched, and count what would be told."""
        from cardwatch.watch import recordings
        from cardwatch.watch.replay import replay as go

        with Progress(f"replaying {path}") as progress:
            result = go(path, upgrade=upgrade or recordings.UPGRADE, progress=progress)
        notes = (
            f"{result.recordings} recordings, {len(result.alerts)} alerts: "
            f"{result.saved:.1%} fewer",
        )
        if every:
            return Answer(_recordings(result.lines, notes))
        if alerts:
            columns = ("time", "document", "kind", "severity", "alert")
            rows = tuple(
                (each.at[:16], each.source, each.kind.value, each.severity.value, each.title)
                for each in result.alerts
            )
            return Answer(Table("alerts", columns, rows, notes, "no alerts"))
        return Answer(Table("replay", *result.table(), notes))


def _recordings(lines: Iterable[Line], notes: tuple[str, ...]) -> Table:
    rows = tuple(
        (
            each.at[:16],
            each.document,
            each.name,
            each.verdict.value,
            ", ".join(f"{name} {count}" for name, count in each.noise),
            "; ".join(each.alerts),
        )
        for each in lines
    )
    columns = ("time", "document", "recording", "came to", "differences", "told")
    return Table("recordings", columns, rows, notes)
