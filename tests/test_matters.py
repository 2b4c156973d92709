"""One row for each matter: words told apart, whole commitments, and what binds."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.app import select_audited
from cardwatch.model import AnnouncementStatus, RevisionAudit
from cardwatch.revision.binding import BINDS, binding
from cardwatch.revision.mending import mender

OLD = """# Harbour rules

## Summary

We will review the northern lighthouse every month and publish a report of what we found.
This review will include the lenses and the oil.
We will keep the harbour closed until the ice has gone.

## Lamps

We will review the northern lighthouse every month and publish a report of what we found.
This review will include the lenses and the oil.

## Ice

We will pause training of the rowing crews until the harbour is free of ice.

## Words

A lighthouse is a tower with a lamp on it that ships can see from afar.
"""
NEW = """# Harbour rules

## Summary

We may look at the harbour from time to time.

## Boats

Every boat carries a bell and two oars, which the owner buys at the market in spring.
"""


@pytest.fixture(scope="module")
def audit() -> RevisionAudit:
    old, new = (cardwatch.read(text.encode(), media_type="markdown") for text in (OLD, NEW))
    return cardwatch.audit_revision(old, new)


def rows(audit: RevisionAudit) -> list[str]:
    by_id = {change.id: change for change in audit.changes}
    return [
        " | ".join(change.old.quote for name in matter.changes if (change := by_id[name]).old)
        for matter in audit.matters
    ]


def test_one_row_for_a_matter(audit: RevisionAudit) -> None:
    """What an edition says in two places is one row, with the sentence that leans on it."""
    lamps = [row for row in rows(audit) if "northern lighthouse" in row]
    assert len(lamps) == 1
    assert "lenses" in lamps[0]


def test_definitions_make_no_row(audit: RevisionAudit) -> None:
    """What defines a word is no commitment that went."""
    assert not any("is a tower" in row for row in rows(audit))


def test_matters_tile_what_went(audit: RevisionAudit) -> None:
    """No change is in two matters, each is among the changes, and heavier ones come first."""
    named = [name for matter in audit.matters for name in matter.changes]
    assert len(named) == len(set(named))
    assert set(named) <= {change.id for change in audit.changes}
    weights = [matter.weight for matter in audit.matters]
    assert weights == sorted(weights, reverse=True)
    assert all(matter.told in matter.changes for matter in audit.matters)
    assert {matter.status for matter in audit.matters} == {AnnouncementStatus.NO_ACCOUNT}


def test_selecting_keeps_matters_whole(audit: RevisionAudit) -> None:
    """A matter lists the changes that were asked for, and is gone without any."""
    chosen = select_audited(audit, ["weakened"])
    ids = {change.id for change in chosen.changes}
    assert all(set(matter.changes) <= ids and matter.changes for matter in chosen.matters)


@pytest.mark.parametrize(
    ("firmer", "weaker"),
    [
        ("We will mend the net.", "We aim to mend the net."),
        ("We must mend the net.", "We may mend the net."),
        ("We aim to mend the net.", "We believe that nets tear."),
        ("The officer will mend the net.", "Mending will depend on the weather."),
        ("We commit to mending each net.", "In 2019, we mended a net."),
        ("Nets must be mended.", "A net is a web of ropes."),
        ("We made a commitment not to sail at night.", "We also hope that others will follow."),
        ("We will mend the net.", "We commit to the following:"),
    ],
)
def test_what_binds_more(firmer: str, weaker: str) -> None:
    """A promise binds more than an aim, an aim more than a belief, a tale or a definition."""
    assert binding(firmer) > binding(weaker)


def test_what_binds_at_all() -> None:
    """Promises and leave bind; tales, beliefs and definitions do not, nor does a glossary."""
    assert all(binding(text) >= BINDS for text in ("We will row.", "The crew may row."))
    assert binding("We believe that rowing is good.") < BINDS
    assert binding("“Crew” means all who row.") < BINDS
    assert binding("We will row.") > binding("We will row.", "Glossary")


MEND = mender(
    "The pilots determinewhen the harbour opens. We determine the hour when pilots row. "
    "Nowhere else. The pilots row when the hour is right.",
    "The pilots determine when the harbour opens, and the hour when they row.",
    known=lambda word: word == "nowhere",
)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("determinewhen", "determine when"),
        ("Lamps:We will row", "Lamps: We will row"),
        ("in harbour.3We will row", "in harbour.3 We will row"),
        ("3Where ice is", "Where ice is"),
        ("Nowhere", "Nowhere"),
        ("the pilots row when", "the pilots row when"),
        ("www.harbour.example", "www.harbour.example"),
        ("zqxv", "zqxv"),
    ],
)
def test_words_run_together(text: str, mended: str) -> None:
    """What is made of words of the editions is told apart; known words and others stay whole."""
    assert MEND(text) == mended


def test_mending_twice_is_mending_once() -> None:
    """A mended text is not mended further, and no letter is lost."""
    text = "3The pilotsrow whentheharbouropens:We determinewhen.4They row"
    once = MEND(text)
    assert MEND(once) == once
    assert "".join(once.split()) == "".join(text.removeprefix("3").split())
