"""The silent revision rate by category as bars: full for silent, half for partly announced."""

from __future__ import annotations

from rich.cells import set_cell_size

from cardwatch.model import RevisionAudit, SilentRate
from cardwatch.reports.inert import one_line
from cardwatch.reports.terminal.paper import Paper, join, styled

_NAME = 14
_WIDEST = 40
# A share of fewer changes than this says nothing, and a plot of fewer bars compares nothing.
_CHANGES = 5
_BARS = 2


def rate_bars(audit: RevisionAudit, paper: Paper) -> None:
    """A bar for each kind of effect, the most often silent first; nothing where there are few."""
    rates = [rate for rate in audit.rates if rate.group == "effect" and rate.changes >= _CHANGES]
    if len(rates) < _BARS or audit.silent_rate_strict is None:
        return
    room = max(10, min(_WIDEST, paper.width - _NAME - 24))
    paper.blank()
    paper.line(styled("Not announced, by what a change touches", "title"))
    for rate in sorted(rates, key=lambda each: (-_silent(each), -each.changes, each.name)):
        # half a cell is no cell: what is not silent must not look silent
        silent = rate.silent * room // rate.changes
        partly = (rate.silent + rate.partly) * room // rate.changes - silent
        paper.line(
            join(
                "  ",
                set_cell_size(one_line(rate.name), _NAME),
                styled("█" * silent, "absent"),
                styled("▒" * partly, "partly stated"),
                styled("·" * (room - silent - partly), "dim"),
                f" {_silent(rate):>5.0%}",
                styled(f"  {rate.silent:,} of {rate.changes:,}", "dim"),
            )
        )
    paper.line(styled("  █ silent  ▒ announced in part  · announced", "dim"))


def _silent(rate: SilentRate) -> float:
    return rate.silent / rate.changes
