"""One HTML file that needs nothing else: no network, no library, and no script to be read.

The page's own policy forbids every request, and every script and style but the two that it
carries, which it names by their digests.
"""

from __future__ import annotations

from base64 import b64encode
from collections import Counter
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

from cardwatch.errors import ReportError
from cardwatch.model import Standing
from cardwatch.reports.html.changes import ANNOUNCEMENTS, audit_sheet, diff_sheet
from cardwatch.reports.html.gaps import sheet as gaps_sheet
from cardwatch.reports.html.history import sheet as history_sheet
from cardwatch.reports.html.parts import Anchors, Card, Sheet, Tally
from cardwatch.reports.subjects import Audit, Diff, Gaps, Past, Several, Subject, View

if TYPE_CHECKING:
    from jinja2 import Template


class Filters(NamedTuple):
    """What the cards can be filtered by, with how many cards each choice has."""

    status: tuple[Tally, ...]
    severity: tuple[Tally, ...]
    standing: tuple[Tally, ...]
    sections: tuple[Tally, ...]


def render(subject: Subject, view: View) -> str:
    """The whole page; ``view.limit`` cuts the findings, which are counted.

    Raises:
        ReportError: the subject holds no findings.
    """
    subjects = subject.subjects if isinstance(subject, Several) else (subject,)
    anchors = Anchors()
    sheets = tuple(_sheet(each, view, anchors) for each in subjects)
    style, script = _resource("style.css"), _resource("script.js")
    policy = (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        _template().render(
            sheets=sheets,
            cards=[card for sheet in sheets for card in sheet.cards],
            filters=_filters(sheets),
            policy=policy,
            style=style,
            script=script,
            explain=view.explain,
        )
        + "\n"
    )


def _sheet(subject: Subject, view: View, anchors: Anchors) -> Sheet:
    match subject:
        case Gaps():
            return gaps_sheet(subject, view, anchors)
        case Diff():
            return diff_sheet(subject, view, anchors)
        case Audit():
            return audit_sheet(subject, view, anchors)
        case Past():
            return history_sheet(subject, view, anchors)
        case _:
            raise ReportError(
                "there is no HTML form of this", hint="gaps, diffs, audits and histories have one"
            )


def _filters(sheets: Sequence[Sheet]) -> Filters:
    cards = [card for sheet in sheets for card in sheet.cards]
    looks = {card.counted: card.look for card in cards}
    told = {status.value: look for status, look in ANNOUNCEMENTS.items()}
    order = [tally.name for sheet in sheets for tally in sheet.tallies]
    standings = [each.value for each in Standing]
    return Filters(
        status=_counted(cards, "counted", looks, list(dict.fromkeys(order))),
        severity=_counted(cards, "severity", told, ["high", "medium", "low", *told]),
        standing=_counted(cards, "standing", {}, standings),
        sections=_counted(cards, "section", {}, []),
    )


def _counted(
    cards: Sequence[Card], field: str, looks: dict[str, str], order: Sequence[str]
) -> tuple[Tally, ...]:
    """The values of a field, those of ``order`` first and in its order, the rest as they come."""
    numbers = Counter(str(getattr(card, field)) for card in cards)
    names = [*(name for name in order if name in numbers), *(n for n in numbers if n not in order)]
    return tuple(Tally(name, numbers[name], looks.get(name, name)) for name in names if name)


@cache
def _resource(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_resource),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")


def _digest(text: str) -> str:
    """The name by which the policy knows a script or style: of exactly what stands in the tag."""
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"
