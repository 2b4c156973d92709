"""Commands over many documents: corpus run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cardwatch.cli.flags import LISTING, RULES, Flags, command
from cardwatch.cli.output import Answer
from cardwatch.cli.progress import Progress
from cardwatch.errors import CardwatchError, SourceError
from cardwatch.reports import Table

if TYPE_CHECKING:
    from cardwatch import corpus

_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add this module's commands to the program."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(group, name="corpus", help="Work through thousands of documents.")

    @group.callback()
    def _corpus() -> None:
        pass

    flags_ = ("no_cache", "allow_private", *RULES, *LISTING, "json", "width", "no_color")

    @command(group, "run", *flags_)
    def run(
        flags: Flags,
        job: Annotated[str, typer.Argument(metavar="gaps|diff|read", help="What to do.")],
        sources: Annotated[
            list[str],
            typer.Argument(metavar="SOURCE...", help="Folders, or lists as .csv or .jsonl."),
        ],
        output: Annotated[
            Path | None,
            typer.Option("-o", "--output", metavar="FILE", help="Write the reports: JSON lines."),
        ] = None,
        jobs: Annotated[
            int, typer.Option("--jobs", min=0, max=512, metavar="N", help="How many at a time.")
        ] = 0,
        executor: Annotated[
            str,
            typer.Option("--executor", metavar="dask://HOST:PORT", help="Work on a cluster."),
        ] = "",
        seconds: Annotated[
            float,
            typer.Option("--seconds", min=0, metavar="N", help="Give up a document after N."),
        ] = 600.0,
    ) -> Answer:
        """Find gaps, compare editions or read, for every document of folders and lists.

        In a folder, gaps holds each document against the one whose name begins with companion
        or announcement; diff compares each with the one before it by name. A list has the
        columns document, companion, old, name. With -o a run that was stopped goes on where it
        was, and a later one does only what changed or failed.
        """
        from cardwatch import corpus

        wanted = _job(job)
        units = corpus.units(wanted, sources)
        if output is not None:
            _spare(output, sources, units)
        tasks = corpus.tasks_of(
            wanted,
            units,
            rules=flags.rules,
            seconds=seconds,
            allow_private=flags.allow_private,
            cache=not flags.no_cache,
        )
        with Progress(f"{wanted.value}: {len(units)} documents") as progress:
            report = corpus.run(
                tasks, output=output, jobs=jobs, executor=executor, progress=progress
            )
        return _answer(report, output)


def _job(name: str) -> corpus.Job:
    from cardwatch.corpus import Job

    known = {each.value: each for each in Job}
    if name not in known:
        raise SourceError(
            f"no work is called {name[:40]!r}", hint=f"known: {', '.join(sorted(known))}"
        )
    return known[name]


def _spare(output: Path, sources: list[str], units: tuple[corpus.Unit, ...]) -> None:
    """Refuse to write over what is to be read."""
    given = {name for unit in units for name in (unit.document, unit.other)} | set(sources)
    if any(Path(each).is_file() and _same(output, Path(each)) for each in given if each):
        raise CardwatchError(
            "is to be read, and would be written over",
            hint="name another file to write to",
            where=str(output),
        )


def _same(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


def _answer(report: corpus.Report, output: Path | None) -> Answer:
    from cardwatch.corpus import Status

    rows = tuple(
        (
            each.name,
            each.status.value,
            ", ".join(f"{kind} {count}" for kind, count in each.counts) or each.error or "nothing",
        )
        # what did not go well is seen first
        for each in sorted(report.results, key=lambda each: each.status is Status.DONE)
    )
    statuses = ", ".join(f"{status.value} {count}" for status, count in report.statuses.items())
    notes = [f"{len(report.results)} documents: {statuses}"]
    if report.counts:
        notes.append(", ".join(f"{kind} {count:,}" for kind, count in report.counts.items()))
    if report.recalled:
        notes.append(f"{report.recalled} of them were done by an earlier run")
    if output is not None:
        notes.append(f"written to {output}")
    if Status.DONE not in report.statuses:
        raise CardwatchError(
            f"none of {len(report.results)} documents could be done",
            hint=report.results[0].error[:300],
        )
    found = any(each.found for each in report.results)
    table = Table("corpus", ("document", "status", "what"), rows, tuple(notes))
    return Answer(table, found=found, limit=_SHOWN)
