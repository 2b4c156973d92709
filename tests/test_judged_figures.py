"""The figures of a statement against those of the document that is asked."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.disclosure.figures import figures_of, fits, retell
from cardwatch.model import Disclosure, DisclosureStatus, Document, Quantity, Span
from cardwatch.model.amounts import apart, same
from cardwatch.segment import describe_text

NOTICE = """Logs of conversations are deleted after 30 days.

An outside firm audits the safeguards twice a year.

We return the fee within two weeks.

Fewer than 2% of requests are handled by a smaller model.

Backups are deleted after 90 days.

You must be at least 16 years old to hold an account.

Two engineers approve each release of the model."""


@pytest.fixture(scope="module")
def notice() -> Document:
    return Document.from_text(NOTICE)


def ask(statement: str, document: Document) -> Disclosure:
    return cardwatch.find_disclosure(statement, document)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Logs of conversations are deleted after thirty days.", "after 30 days"),
        ("Logs of conversations are deleted after one month.", "after 30 days"),
        ("An outside firm audits the safeguards every six months.", "twice a year"),
        ("We return the fee within 14 days.", "two weeks"),
        ("Fewer than one in fifty requests are handled by a smaller model.", "2%"),
        ("Backups are deleted after three months.", "90 days"),
        ("You must be 16 or older to hold an account.", "16 years old"),
    ],
)
def test_the_same_amount_in_other_words_is_said(
    statement: str, said: str, notice: Document
) -> None:
    """Another unit or a number word is the same amount, and no word of it is missing."""
    answer = ask(statement, notice)
    assert answer.status is DisclosureStatus.STATED
    assert said in answer.evidence[0].quote
    assert answer.evidence[0].missing == ()


@pytest.mark.parametrize(
    "statement",
    [
        "Logs of conversations are deleted after 90 days.",
        "Logs of conversations are deleted after two years.",
        "An outside firm audits the safeguards every month.",
        "We return the fee within 60 days.",
        "More than 10% of requests are handled by a smaller model.",
        "You must be at least 13 years old to hold an account.",
    ],
)
def test_another_amount_for_the_same_is_contradicted(statement: str, notice: Document) -> None:
    """Two figures for one thing exclude each other; the passage with the other one is shown."""
    answer = ask(statement, notice)
    assert answer.status is DisclosureStatus.CONTRADICTED
    assert answer.evidence[0].note == "gives another figure"
    assert "other_figure" in {reason.name for reason in answer.reasons}
    strength = [abs(reason.value * reason.weight) for reason in answer.reasons]
    assert strength == sorted(strength, reverse=True)


@pytest.mark.parametrize(
    "statement",
    [
        "Three engineers approve each release of the model.",
        "Conversation logs are erased after a retention period of six months.",
    ],
)
def test_another_amount_that_may_be_of_something_else_is_at_most_partly_stated(
    statement: str, notice: Document
) -> None:
    """Counts do not exclude each other, nor do figures of matters that are only alike."""
    assert ask(statement, notice).status is DisclosureStatus.PARTLY_STATED


def test_a_figure_for_another_matter_contradicts_nothing(notice: Document) -> None:
    """Passages with figures of the same unit about other things leave a statement as it is."""
    answer = ask("Steering vectors are computed within 5 hours on spare machines.", notice)
    assert answer.status is DisclosureStatus.ABSENT
    assert "other_figure" not in {reason.name for reason in answer.reasons}


def test_a_passage_with_our_figure_speaks_against_one_with_another() -> None:
    """Where both figures are given, for the general and the special case, ours is said."""
    both = Document.from_text(
        "Logs are deleted after 30 days.\n\nLogs of abuse are deleted after two years."
    )
    for statement in (
        "Logs are deleted after a month.",
        "Logs of abuse are deleted after 730 days.",
    ):
        answer = ask(statement, both)
        assert answer.status is DisclosureStatus.STATED, statement


def test_retelling_takes_the_passages_words_for_each_figure() -> None:
    """A retold statement has the passage's figures and its own other words."""
    ours, theirs = "Kept for thirty days, checked every six months.", "Twice a year, in one month."
    mine, given = (figures_of(describe_text(text)) for text in (ours, theirs))
    retold = retell(ours, mine, theirs, given)
    assert retold is not None
    assert retold.text == "Kept for one month, checked Twice a year."
    assert not retold.other
    assert fits(mine, given)
    assert retell(ours, mine, ours, mine) is None
    other = retell("Kept for 3 days.", figures_of(describe_text("Kept for 3 days.")), theirs, given)
    assert other is not None
    assert (other.text, other.other, other.excludes) == (
        "Kept for one month.",
        frozenset({"days"}),
        True,
    )


def test_dates_are_the_same_only_to_the_day() -> None:
    """Amounts are rounded, dates never."""
    first, next_day = (Quantity(Span(0, 1), day, day, "date") for day in (739678.0, 739679.0))
    year, months = (Quantity(Span(0, 1), days, days, "days") for days in (365.0, 360.0))
    assert apart(first, next_day)
    assert not same(first, next_day)
    assert same(year, months)


@pytest.mark.parametrize("text", ["9 " * 290, "1 day " * 90, "every 2 days " * 40, "1e999%", "$"])
def test_hostile_figures_end(text: str, notice: Document) -> None:
    """Heaps of figures are judged in bounded time, and judged the same twice."""
    assert ask(text, notice) == ask(text, Document.from_text(NOTICE))
    assert ask("Logs are deleted after 30 days.", Document.from_text(text)).score <= 1
