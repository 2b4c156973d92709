"""Can a reader of the account tell that this changed? Laws, on an account made for them."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.model import AnnouncementStatus, Document

ACCOUNT = """Changes in version 3:

- Removed the yearly fire drill; evacuation routes are now rehearsed in small groups each month.

- The committee that approves launches has five members instead of three.

- Other edits for clarity throughout the document."""


@pytest.fixture(scope="module")
def account() -> Document:
    return Document.from_text(ACCOUNT)


def test_a_change_that_an_item_describes_is_announced(account: Document) -> None:
    """The item that names what went, and little else, is the first evidence."""
    answer = cardwatch.find_announcement(
        "We hold a fire drill in every building each year.",
        None,
        account,
    )
    assert answer.evidence[0].quote.startswith("- Removed the yearly fire drill")
    silent = cardwatch.find_announcement(
        "Laptops are encrypted with keys that the vendor holds.", None, account
    )
    assert answer.score > silent.score
    assert silent.status is AnnouncementStatus.SILENT


def test_a_line_that_fits_every_change_identifies_none(account: Document) -> None:
    """A generic line announces nothing."""
    only = Document.from_text("Comprehensive rewrite. Clarified throughout. Various improvements.")
    answer = cardwatch.find_announcement(
        "Backups are tested monthly.", "Backups may be tested where practical.", only
    )
    assert answer.status is AnnouncementStatus.SILENT


def test_what_differs_counts_and_what_is_kept_does_not(account: Document) -> None:
    """An unchanged subject in the account tells less than the words that changed."""
    told = cardwatch.find_announcement(
        "The launch committee has three members.", "The launch committee has five members.", account
    )
    beside = cardwatch.find_announcement(
        "The launch committee meets in spring.", "The launch committee meets in autumn.", account
    )
    assert told.score > beside.score


def test_an_item_that_tells_of_doing_counts_more_than_one_of_reasons() -> None:
    """The same words announce more where the publisher says that something is done with them."""
    change = "Two engineers inspect the pumps."
    told, mused = (
        cardwatch.find_announcement(None, change, Document.from_text(text))
        for text in (
            "Pumps are now inspected by engineers.",
            "Pumps were once inspected by engineers.",
        )
    )
    assert told.score > mused.score


def test_no_account_is_a_result() -> None:
    """Without an account the status says so, with certainty and without evidence."""
    for account in (None, Document.from_text("  \n")):
        answer = cardwatch.find_announcement("We will.", "We may.", account)
        assert answer.status is AnnouncementStatus.NO_ACCOUNT
        assert answer.evidence == ()


def test_quotes_are_the_text_at_their_span(account: Document) -> None:
    """Evidence quotes exactly, in falling order of score."""
    answer = cardwatch.find_announcement(
        "The committee has three members.", "It has five.", account
    )
    assert all(account.quote(one.span) == one.quote for one in answer.evidence)
    scores = [one.score for one in answer.evidence]
    assert scores == sorted(scores, reverse=True)


def test_nothing_changed_into_nothing_is_silent(account: Document) -> None:
    """Empty texts on both sides are no change and raise nothing."""
    assert cardwatch.find_announcement("", "", account).status is AnnouncementStatus.SILENT
