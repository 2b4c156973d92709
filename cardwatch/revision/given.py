"""What an audit is given: documents that were read, and the tools of other stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cardwatch.model import (
    Account,
    Announcement,
    Assessment,
    Disclosure,
    Features,
    Reading,
    Sentence,
    Span,
)

# Old words, new words and their sections to what became of the commitment.
Assess = Callable[[str, str, tuple[str, str]], Assessment]


@dataclass(frozen=True)
class Given:
    """The two editions with their sentences and statements, and the accounts of the revision.

    ``readings`` are the accounts' documents, one for each of ``accounts``. ``units`` are
    the lines of each account that can tell of a change. ``lists`` are the
    places where the old and the new edition list changes: what differs there is no change.
    """

    old: Reading
    new: Reading
    accounts: tuple[Account, ...] = ()
    readings: tuple[Reading, ...] = ()
    units: tuple[tuple[Sentence, ...], ...] = ()
    lists: tuple[tuple[Span, ...], tuple[Span, ...]] = ((), ())


@dataclass(frozen=True, slots=True)
class Tools:
    """What an audit needs of other stages.

    ``search`` prepares sentences of a reading to be asked and gives the question: is this
    said there? ``announce`` says whether the account of that number tells of a change. ``mend``
    tells words apart that a conversion ran together; the others do so by themselves.
    """

    describe: Callable[[str], Features]
    assess: Assess
    search: Callable[[Reading, Sequence[Sentence]], Callable[[Features], Disclosure]]
    announce: Callable[[str | None, str | None, int], Announcement]
    mend: Callable[[str], str]
