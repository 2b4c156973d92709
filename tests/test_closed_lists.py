"""What a document says only of the items of a list goes against the same of anything else."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.disclosure.closed import Listed, closed_list
from cardwatch.model import DisclosureStatus, Document
from cardwatch.segment import describe_text

NOTICE = """We share your personal data only with couriers, banks and auditors.

Gates open at nine."""


@pytest.fixture(scope="module")
def notice() -> Document:
    return Document.from_text(NOTICE)


@pytest.mark.parametrize(
    "statement",
    [
        "We share your personal data with advertisers.",
        "We share your personal data with couriers and data brokers.",
        "We share your personal data with banks, auditors and landlords.",
    ],
)
def test_what_a_closed_list_leaves_out_is_contradicted(statement: str, notice: Document) -> None:
    """One more item in the place of those listed goes against "only"; the list is shown."""
    answer = cardwatch.find_disclosure(statement, notice)
    assert answer.status is DisclosureStatus.CONTRADICTED
    assert answer.evidence[0].note == "says it only of what it lists"
    assert "closed_list" in {reason.name for reason in answer.reasons}


@pytest.mark.parametrize(
    "statement",
    [
        "We share your personal data with banks.",
        "We share your personal data with European banks.",
        "We share your personal data with the auditors of the firm.",
        "We share your personal data with your consent.",
        "We share your personal data with banks every day.",
        "We do not share your personal data with advertisers.",
        "Advertisers share your personal data with banks.",
        "We share your personal data only with landlords.",
    ],
)
def test_other_differences_are_not_items_outside(statement: str, notice: Document) -> None:
    """Items themselves, what qualifies them, how, when, denials and other actors are none."""
    answer = cardwatch.find_disclosure(statement, notice)
    assert "closed_list" not in {reason.name for reason in answer.reasons}


def test_a_passage_that_says_it_without_only_prevails(notice: Document) -> None:
    """What another passage says in full is stated, whatever a list leaves out."""
    both = Document.from_text(f"{NOTICE}\n\nWe share your personal data with advertisers.")
    answer = cardwatch.find_disclosure("We share your personal data with advertisers.", both)
    assert answer.status is DisclosureStatus.STATED


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("We share it only with couriers, banks and auditors.", ("with", "couriers")),
        ("We collect only names, addresses and numbers.", ("collect", "names")),
        ("It is used solely for billing, shipping and support.", ("for", "billing")),
        ("We share it only if you agree, you pay or we must.", None),
        ("We share it only with people such as couriers, banks and auditors.", None),
        ("We share it with couriers, banks and auditors.", None),
        ("Only.", None),
        ("only " * 400, None),
        ("only a, " * 300, None),
    ],
)
def test_closed_lists_are_read_from_their_words(text: str, listed: tuple[str, str] | None) -> None:
    """A list is closed by "only" and its like, unless a condition follows or items are examples."""
    found = closed_list(text, describe_text)
    assert (found and (found.opener, found.items.split(",")[0])) == listed
    assert found is None or isinstance(found, Listed)
