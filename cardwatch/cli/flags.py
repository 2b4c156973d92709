"""The flags that commands share, declared once, and the way from a command to its exit code."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from cardwatch.cli.output import Answer, deliver, spare_inputs
from cardwatch.model import MediaType
from cardwatch.reports import Form


@dataclass(frozen=True, slots=True)
class Flags:
    """What the shared flags say; a command sees the defaults of those that it does not take."""

    json: bool = False
    output: Path | None = None
    width: int | None = None
    no_color: bool = False
    as_: tuple[str, ...] = ()
    password: str | None = None
    no_cache: bool = False
    allow_private: bool = False
    rules: tuple[Path, ...] = ()
    explain: bool = False
    limit: int | None = None
    all_: bool = False
    form: Form | None = None
    baseline: Path | None = None
    suppress: tuple[Path, ...] = ()
    annotate: Path | None = None


def _type_of(name: str) -> str:
    known = [each.value for each in MediaType]
    if name not in known:
        raise typer.BadParameter(f"there is no type {name!r}; one of: {', '.join(known)}")
    return name


def _form_of(name: str) -> Form:
    known = [form.value for form in Form]
    if name not in known:
        raise typer.BadParameter(f"there is no form {name!r}; one of: {', '.join(known)}")
    return Form(name)


_TYPES = ", ".join(each.value for each in MediaType)
_FORMS = "|".join(form.value for form in Form)
_HINTS: dict[str, Any] = {
    "json": Annotated[bool, typer.Option("--json", help="Write JSON.")],
    "output": Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write to FILE."),
    ],
    "width": Annotated[
        int | None,
        typer.Option("--width", min=60, max=400, metavar="N", help="Columns to write in."),
    ],
    "no_color": Annotated[bool, typer.Option("--no-color", help="Write without colour.")],
    "as_": Annotated[
        list[str] | None,
        typer.Option(
            "--as",
            parser=_type_of,
            metavar="TYPE",
            help=f"What the document is: {_TYPES}; once more for a second one.",
        ),
    ],
    "password": Annotated[
        str | None,
        typer.Option("--password", metavar="TEXT", help="Opens an encrypted document."),
    ],
    "no_cache": Annotated[
        bool, typer.Option("--no-cache", help="Read anew, and keep nothing of it.")
    ],
    "allow_private": Annotated[
        bool,
        typer.Option("--allow-private", help="Fetch from addresses of private networks too."),
    ],
    "rules": Annotated[
        list[Path] | None,
        typer.Option("--rules", metavar="DIR", help="Add the rules in DIR; may be repeated."),
    ],
    "explain": Annotated[bool, typer.Option("--explain", help="Show the terms of each judgement.")],
    "limit": Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="N", help="Show at most N in full."),
    ],
    "all_": Annotated[bool, typer.Option("--all", help="Show all of them in full.")],
    "form": Annotated[
        Form | None,
        typer.Option("--format", parser=_form_of, metavar=_FORMS, help="Write in this form."),
    ],
    "baseline": Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Pass over what this saved JSON has."),
    ],
    "suppress": Annotated[
        list[Path] | None,
        typer.Option("--suppress", metavar="FILE", help="Pass over what this TOML file names."),
    ],
    "annotate": Annotated[
        Path | None,
        typer.Option("--annotate", metavar="FILE", help="Write the PDF with marks to FILE."),
    ],
}
OUTPUT = ("json", "output", "width", "no_color")
READING = ("as_", "password", "no_cache", "allow_private")
RULES = ("rules",)
LISTING = ("limit", "all_")
EXPLAINING = ("explain",)
FINDINGS = ("form", "baseline", "suppress")
MARKING = ("annotate",)
# What every command takes that reads documents and reports ranked findings in them.
REPORTING = (*READING, *RULES, *LISTING, *EXPLAINING, *FINDINGS, *MARKING, *OUTPUT)


class _Command(typer.core.TyperCommand):
    """A command whose usage names what must be given as it is, and in brackets what may be."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The usage's words; some editions of typer put braces around what is required."""
        pieces = super().collect_usage_pieces(ctx)
        return [piece[1:-1] if piece[:1] + piece[-1:] == "{}" else piece for piece in pieces]


def command(
    app: typer.Typer, name: str, *flags: str
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Make a function a command that takes the shared ``flags`` besides its own parameters.

    The function gets a ``Flags`` first and returns its answer, which is delivered here; the
    exit code follows from the answer alone.
    """

    def decorate(function: Callable[..., Answer]) -> Callable[..., Answer]:
        def run(**given: Any) -> None:
            chosen = _flags({each: given.pop(each) for each in flags})
            spare_inputs(chosen, _flat(given.values()))
            answer = function(chosen, **given)
            raise typer.Exit(deliver(answer, chosen))

        signature = inspect.signature(function, eval_str=True)
        own = list(signature.parameters.values())[1:]
        parameters = _keywords([*own, *_parameters(flags)])
        run.__doc__ = function.__doc__
        run.__name__ = function.__name__
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        app.command(name, cls=_Command)(run)
        return function

    return decorate


def _flat(values: Iterable[object]) -> Iterator[object]:
    for value in values:
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value


def _keywords(parameters: Iterable[inspect.Parameter]) -> list[inspect.Parameter]:
    # as keywords they may stand in any order, with and without defaults
    return [each.replace(kind=inspect.Parameter.KEYWORD_ONLY) for each in parameters]


def _parameters(flags: Iterable[str]) -> list[inspect.Parameter]:
    defaults = {each.name: each.default for each in fields(Flags)}
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            default=None if defaults[name] == () else defaults[name],
            annotation=_HINTS[name],
        )
        for name in flags
    ]


def _flags(given: dict[str, Any]) -> Flags:
    for name in ("as_", "rules", "suppress"):
        if name in given:
            given[name] = tuple(given[name] or ())
    return Flags(**given)
