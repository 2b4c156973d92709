"""What is to be left out of a report: known findings, and findings that somebody answered for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Standing(StrEnum):
    """Whether a finding is to be looked at.

    Known findings stood in the baseline already; suppressed ones have a reason on file.
    """

    NEW = "new"
    KNOWN = "known"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class Suppression:
    """An order to leave findings out, with its reason.

    ``id`` names one finding; ``rule`` and ``section`` are shell patterns, and where both are
    given both must fit. ``expires`` is the last day on which it holds, ISO 8601, or empty.
    """

    reason: str
    id: str = ""
    rule: str = ""
    section: str = ""
    expires: str = ""

    @property
    def aim(self) -> str:
        """What it is aimed at, in words."""
        parts = [("id", self.id), ("rule", self.rule), ("section", self.section)]
        return ", ".join(f"{name} {value}" for name, value in parts if value)


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding, by its id, that a suppression leaves out."""

    id: str
    reason: str
    expires: str = ""


@dataclass(frozen=True, slots=True)
class Triage:
    """Which findings of a report are known or suppressed, by their ids, sorted.

    ``gone`` stood in the baseline and is not found any more. ``expired`` suppressions left
    nothing out because their day has passed, ``unused`` ones because nothing fits them.
    """

    baseline: str = ""
    known: tuple[str, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    gone: tuple[str, ...] = ()
    expired: tuple[Suppression, ...] = ()
    unused: tuple[Suppression, ...] = ()

    def standing(self, finding: str) -> Standing:
        """How a finding stands; one that is suppressed and known counts as suppressed."""
        if any(each.id == finding for each in self.suppressed):
            return Standing.SUPPRESSED
        return Standing.KNOWN if finding in self.known else Standing.NEW

    def reason(self, finding: str) -> str:
        """Why a finding is suppressed; empty for others."""
        return next((each.reason for each in self.suppressed if each.id == finding), "")

    @property
    def says(self) -> str:
        """What is left out, counted; empty when there is nothing to say."""
        parts = [
            (len(self.suppressed), "suppressed"),
            (len(self.known), "known from the baseline"),
            (len(self.gone), "of the baseline not found any more"),
            (len(self.expired), "expired suppression" + "s" * (len(self.expired) != 1)),
            (len(self.unused), "suppression" + "s" * (len(self.unused) != 1) + " that fit nothing"),
        ]
        return " · ".join(f"{number:,} {name}" for number, name in parts if number)
