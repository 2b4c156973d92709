"""Can a reader of the account tell that this changed? Laws, on an account made for them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cardwatch
from cardwatch.app.disclosing import kept_index
from cardwatch.disclosure import PassageIndex
from cardwatch.disclosure.announce_lines import general_words, lines_of
from cardwatch.errors import RuleError
from cardwatch.model import AnnouncementStatus, Document
from tests.measure.common import SHARED

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


def _index(text: str) -> PassageIndex:
    return kept_index(Document.from_text(text))


def _score(old: str | None, new: str | None, text: str) -> float:
    return cardwatch.find_announcement(old, new, Document.from_text(text)).score


REWORDED = (
    "Each turbine is stopped and opened by two engineers every spring.",
    "Turbines are opened by an engineer when a sensor calls for it.",
)


def test_lines_of_one_entry_tell_a_rewording_together() -> None:
    """What a label and the lines under it say counts as one; the same lines apart count less."""
    together = _score(
        *REWORDED, "- Turbines: we changed how they are opened. A sensor now calls the engineer."
    )
    apart = _score(
        *REWORDED,
        "- Turbines: we changed how they are opened.\n\n- Paint colors were extended.\n\n"
        "- A sensor now calls the engineer.",
    )
    assert together > apart


def test_a_heading_goes_with_what_it_heads() -> None:
    """A heading and the paragraph under it are one entry; every line is in one, in order."""
    lines = lines_of(
        _index("Turbines\n\nWe now open them less often.\n\n1. Pumps stay.\n\n2. Valves went.")
    )
    assert [run.lines for run in lines.runs] == [(0, 1), (2,), (3,)]


def test_saying_that_things_are_as_before_counts_less() -> None:
    """The same words announce less where they say that something stays, or once was hoped."""
    change = "Two engineers inspect the pumps each week."
    told = _score(None, change, "We introduce weekly inspection of the pumps by engineers.")
    stays = _score(None, change, "We continue weekly inspection of the pumps by engineers.")
    hoped = _score(None, change, "We hoped for weekly inspection of the pumps by engineers.")
    assert stays < told > hoped


def test_a_rewording_is_not_told_by_what_both_wordings_share() -> None:
    """A line with a word that differs tells more than one that has only the matter."""
    old, new = "The valve is checked by a guard.", "The valve is checked by a welder."
    differs = _score(old, new, "- A welder now deals with each valve.")
    matter = _score(old, new, "- A cousin now deals with each valve.")
    assert differs > matter


def test_what_went_is_announced_by_a_line_that_says_so() -> None:
    """Of a commitment that went, lines on the matter alone announce a part at most."""
    gone = "Two engineers inspect the pumps of every reactor each week."
    says, beside = (
        cardwatch.find_announcement(gone, None, Document.from_text(text)).status
        for text in (
            "Engineers no longer inspect the pumps of every reactor each week.",
            "Engineers like the pumps of every reactor inspected each week.",
        )
    )
    assert says is AnnouncementStatus.ANNOUNCED
    assert beside is not AnnouncementStatus.ANNOUNCED


def test_an_address_announces_nothing() -> None:
    """A line that tells where something lies is never evidence."""
    answer = cardwatch.find_announcement(
        None,
        "Two engineers inspect the pumps.",
        Document.from_text("Source: https://pumps.example/engineers-inspect, two pumps."),
    )
    assert answer.status is AnnouncementStatus.SILENT
    assert answer.evidence == ()


@settings(max_examples=25, deadline=None)
@given(st.permutations(ACCOUNT.split("\n\n")[1:]))
def test_the_order_of_entries_does_not_matter(entries: list[str]) -> None:
    """A list of changes says the same in any order."""
    change = "We hold a fire drill in every building each year.", None
    usual = _score(*change, "\n\n".join(ACCOUNT.split("\n\n")[1:]))
    assert _score(*change, "\n\n".join(entries)) == pytest.approx(usual)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=300))
def test_any_words_get_an_answer(old: str, new: str, text: str) -> None:
    """Whatever is asked of whatever account: a probability, quotes in place, the same twice."""
    account = Document.from_text(text)
    answer = cardwatch.find_announcement(old, new, account)
    assert 0 <= answer.score <= 1
    assert all(account.quote(one.span) == one.quote for one in answer.evidence)
    assert answer == cardwatch.find_announcement(old, new, account)


def test_a_missing_list_of_general_words_is_named(tmp_path: Path) -> None:
    """A list that cannot be read is an error that says which."""
    with pytest.raises(RuleError, match=re.escape("not a list of stems")):
        general_words(tmp_path / "none.txt")


@pytest.mark.shared
def test_the_gold_rows_are_told_apart() -> None:
    """A floor under the figures of docs/disclosure.md, with every pair of editions left out."""
    if not (SHARED / "eval/silent-revision/dev.jsonl").exists():
        pytest.skip("the coded revisions (../shared/eval/silent-revision) are not here")
    measuring = pytest.importorskip("tests.measure.announcement", reason="needs NumPy and SciPy")
    rows = measuring.load()
    said = [status == "ANN" for _, status in measuring.left_out(rows)]
    assert measuring.kappa([row.announced for row in rows], said) >= 0.55


def test_an_account_that_states_the_old_figure_announces_no_new_one() -> None:
    """What still gives the figure that was replaced is silent; what gives the new one tells."""
    old, new = (f"Drawings of visitors are kept for {n} days." for n in ("90", "400"))
    answers = {
        told: cardwatch.find_announcement(
            old, new, Document.from_text(f"# News\n\nDrawings of visitors are kept {told}.")
        ).status
        for told in ("for 90 days", "for 400 days", "for 400 days, up from 90 days")
    }
    assert list(answers.values()) == ["silent", "announced", "announced"], answers
