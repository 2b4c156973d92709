"""What a publisher promised: who, to whom, by when, how often, under which condition."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cardwatch.model.document import Coverage, Passage, Source
from cardwatch.model.statement import Actor, Strength


class PeriodUnit(StrEnum):
    """What a period is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time, ``low`` to ``high`` of a unit; equal where the words give one number."""

    low: float
    high: float
    unit: PeriodUnit


class DueState(StrEnum):
    """How a promise stands on a day. Whether it was kept, its words cannot tell."""

    PASSED = "date passed"
    SOON = "due soon"
    AHEAD = "ahead"
    ON_EVENT = "when it happens"
    UNDATED = "no date"


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment of the publisher, with its time as far as the words give one.

    ``due`` is the day by which it is to be done once (ISO 8601), ``every`` how often it is to be
    done, ``within`` how long after (or ``before``) the ``event`` that the words name.
    ``timing`` is the words that say so. ``start`` is the day from which a cadence counts.
    ``passed`` and ``ahead`` are dates of a cadence before and from the day that was asked about.
    """

    id: str
    passage: Passage
    actor: Actor
    strength: Strength
    recipient: str
    timing: tuple[Passage, ...] = ()
    due: str = ""
    every: Period | None = None
    within: Period | None = None
    before: bool = False
    event: str = ""
    conditions: tuple[Passage, ...] = ()
    start: str = ""
    state: DueState = DueState.UNDATED
    passed: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromiseReport:
    """The promises of a document, those with a time first, as they stand ``on`` a day."""

    document: Source
    title: str
    promises: tuple[Promise, ...]
    start: str
    start_why: str
    on: str
    coverage: Coverage
