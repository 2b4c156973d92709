"""Histories on a page: every wording, a line that falls with it, and what each version moved."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import cardwatch
from cardwatch.errors import ReportError
from cardwatch.model import Document, Outcome
from cardwatch.reports import Past, View, render
from cardwatch.reports.html.history import compared, line, sheet, state_of
from cardwatch.reports.html.parts import Anchors
from cardwatch.reports.saved import load, together
from cardwatch.reports.words import Kind
from tests.conftest import Ran

REST = (
    "We will tell account holders why an account was closed.\n\n"
    "An auditor from outside will examine our records once a year."
)


def version(days: int | None) -> Document:
    told = f"We will delete every record of a conversation within {days} days.\n\n" if days else ""
    return Document.from_text(f"Usage rules\n\n{told}{REST}", location=f"v{days}.md")


@pytest.fixture(scope="module")
def past() -> Past:
    return Past(cardwatch.trace_history([version(days) for days in (5, 10, 20, None, 20)]))


def test_the_line_falls_with_each_weaker_wording(past: Past) -> None:
    """One run for each stretch without a gap, one dot for each step, words that say the same."""
    (trace,) = [t for t in past.history.traces if "delete" in t.wordings[0].passage.quote]
    assert trace.path == (0, -1, -2, None, -2)
    made = line(trace, past.history)
    assert len(made.runs) == 2
    assert len(made.dots) == 4
    heights = [y for _, y in made.dots]
    assert heights[:3] == sorted(heights[:3])
    assert "0, -1, -2, missing, -2" in made.says.replace("+", "")
    assert state_of(trace, 5).name == Outcome.WEAKENED


def test_the_page_has_every_wording_and_counts_every_step(past: Past) -> None:
    """What the bars show adds up to the steps of all statements; each wording is on the page."""
    made = sheet(past, View(), Anchors())
    weakened = sum(
        step.outcome is Outcome.WEAKENED for t in past.history.traces for step in t.steps
    )
    assert sum(each.weakened for each in made.drift) == weakened == 2
    text = render(past, "html", View())
    words = re.sub(r"<[^>]+>", "", text)
    for days in (5, 10, 20):
        assert f"{days}" in words
    assert text.count("<polyline") == 2
    assert len(made.editions) == 5


def test_a_limit_is_told(past: Past) -> None:
    """What is left out is counted."""
    whole = Past(cardwatch.trace_history([version(5), Document.from_text("Usage rules\n\nOther.")]))
    made = sheet(whole, View(limit=1), Anchors())
    assert len(made.cards) == 1
    assert made.more > 0


def test_compared_holds_both_wordings() -> None:
    """Without what came it is the old wording, without what went the new one."""
    old, new = "We may keep a copy for ten days.", "We will keep two copies for ten days."
    pieces = compared(old, new)
    for kind, words in ((Kind.COME, old), (Kind.GONE, new)):
        left = " ".join("".join(p.text for p in pieces if p.kind is not kind).split())
        assert left == words


def test_a_saved_history_gives_the_same_page(past: Past) -> None:
    """From the JSON alone comes the same page; a history does not mix with other reports."""
    again = load(render(past, "json", View()))
    assert render(again, "html", View()) == render(past, "html", View())
    with pytest.raises(ReportError, match="report of its own"):
        together([again, again])


def test_history_writes_a_page(cardwatch: Callable[..., Ran], tmp_path: Path) -> None:
    """The command writes it, ``report`` writes it again, and there is no table of its findings."""
    names = []
    for days in (5, 30):
        names.append(tmp_path / f"{days}.md")
        names[-1].write_text(version(days).text, "utf-8")
    page, saved = tmp_path / "page.html", tmp_path / "saved.json"
    assert cardwatch("history", *names, "--format", "html", "-o", page).code == 1
    assert "<polyline" in page.read_text("utf-8")
    assert cardwatch("history", *names, "--json", "-o", saved).code == 1
    again = cardwatch("report", saved, "--format", "html")
    assert (again.code, again.out) == (1, page.read_text("utf-8"))
    ran = cardwatch("history", *names, "--format", "csv")
    assert ran.code == 2
    assert "no such form" in ran.err
