"""Gaps: what is graded, what contradicts, what is grouped, and what every finding carries."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.model import DisclosureStatus, Document, Gap, GapReport

CARD = """\
Our standard filters block requests about weapons, and the person is told when one does.

We have added a further control for people who train rival systems. Unlike our other controls, \
this control will not be shown to the user. It quietly lowers the quality of the answers that \
the assistant gives. We estimate that it touches 0.4% of requests.

We keep the text of conversations for 90 days so that we can look into misuse.

In our tests the assistant solved 61 of 80 puzzles, four more than its predecessor.
"""

POST = """\
The assistant ships with new controls. Our filters block requests about weapons and tell the \
person when they do. Users are always told whenever one of our controls steps in.

We keep the text of conversations for 30 days so that we can look into misuse.
"""


@pytest.fixture(scope="module")
def report() -> GapReport:
    return cardwatch.find_gaps(Document.from_text(CARD), Document.from_text(POST))


def _with(report: GapReport, words: str) -> Gap:
    return next(gap for gap in report.gaps if words in gap.quote)


def test_hidden_control_contradicts_a_promise_to_tell(report: GapReport) -> None:
    """Told without exception there, kept from the user here: contradicted, and first."""
    gap = report.gaps[0]
    assert "will not be shown to the user" in gap.quote
    assert gap.status is DisclosureStatus.CONTRADICTED
    assert "always told" in gap.evidence[0].quote


def test_other_figure_for_the_same_thing_is_a_contradiction(report: GapReport) -> None:
    """90 days here and 30 days there cannot both be how long the same data is kept."""
    gap = _with(report, "90 days")
    assert gap.status is DisclosureStatus.CONTRADICTED
    assert "30 days" in gap.evidence[0].quote


def test_what_the_companion_says_is_no_gap(report: GapReport) -> None:
    """A policy that the companion states in other words is not reported as left out."""
    left_out = {DisclosureStatus.ABSENT, DisclosureStatus.CONTRADICTED}
    assert not any(g.status in left_out and "about weapons" in g.quote for g in report.gaps)


def test_test_results_are_no_policy(report: GapReport) -> None:
    """A score says nothing of how people, uses or data are treated."""
    assert not any("puzzles" in gap.quote for gap in report.gaps)


def test_every_finding_shows_its_words_place_reason_and_confidence(report: GapReport) -> None:
    """The quote is the text at the span; nothing is claimed without reasons or a measure."""
    for gap in report.gaps:
        assert CARD[gap.span.start : gap.span.end] == gap.quote
        assert gap.why
        assert gap.reasons
        assert 0 <= gap.confidence <= 1
        assert 0 <= gap.rank_score <= 1
        assert 0 <= gap.burial.score <= 1
        assert gap.evidence or gap.absence


def test_absence_is_proved(report: GapReport) -> None:
    """Absent means searched for and not found: the search is shown."""
    for gap in report.gaps:
        if gap.status is DisclosureStatus.ABSENT:
            assert gap.absence is not None
            assert gap.absence.passages > 0
            assert gap.absence.terms


def test_evidence_is_the_companions_own_words(report: GapReport) -> None:
    """Evidence is a slice of the companion, never a paraphrase."""
    for gap in report.gaps:
        for evidence in gap.evidence:
            assert POST[evidence.span.start : evidence.span.end] == evidence.quote


def test_findings_are_ranked_and_counted(report: GapReport) -> None:
    """Ranks fall; every statement has one verdict and is counted once."""
    scores = [gap.rank_score for gap in report.gaps]
    assert scores == sorted(scores, reverse=True)
    assert sum(report.counts.values()) == len(report.verdicts)
    found = [statement for gap in report.gaps for statement in gap.statements]
    stated = [v for v in report.verdicts if v.disclosure.status is DisclosureStatus.STATED]
    assert len(found) + len(stated) == len(report.verdicts)


def test_the_same_documents_give_the_same_report(report: GapReport) -> None:
    """Nothing depends on a clock, an order of hashing, or an earlier call."""
    again = cardwatch.find_gaps(Document.from_text(CARD), Document.from_text(POST))
    assert [gap.id for gap in again.gaps] == [gap.id for gap in report.gaps]
    assert again == report


def test_a_document_is_no_gap_in_itself() -> None:
    """Whatever a document says is stated in the same document."""
    document = Document.from_text(CARD)
    report = cardwatch.find_gaps(document, document)
    assert [g.quote for g in report.gaps if g.status is DisclosureStatus.ABSENT] == []


@pytest.mark.parametrize("text", ["x", "…", "Nothing here obliges anyone."])
def test_nothing_to_find_is_a_result(text: str) -> None:
    """A document without statements, or a companion without words on them, is no error."""
    assert cardwatch.find_gaps(Document.from_text(text), Document.from_text(POST)).gaps == ()
    assert cardwatch.find_gaps(Document.from_text(CARD), Document.from_text(text)).gaps


LISTED = """\
# Safeguards

When a filter acts, what happens depends on the product:

- In the app, the request is blocked and the person gets no reply.
- Over the interface, the request is sent to an older model without notice.
"""


def test_an_introduction_is_no_finding_of_its_own() -> None:
    """Law: what ends in a colon is told with its items, never apart from them."""
    document = cardwatch.read(LISTED.encode(), media_type="markdown", cache=False)
    report = cardwatch.find_gaps(document, Document.from_text("We made a new model."))
    assert any("older model" in gap.quote for gap in report.gaps)
    assert not any(gap.quote.rstrip().endswith(":") for gap in report.gaps)


def test_an_aside_among_policies_stays_one() -> None:
    """Law: company makes a weighty statement weightier; one of little weight gains little."""
    policies = [
        "We keep flagged conversations for two years.",
        "Contractors may read flagged conversations.",
        "Accounts are suspended automatically.",
        "We give records to the police without an order.",
    ]
    aside = "This would probably be hard for some people to see."
    text = " ".join([*policies[:2], aside, *policies[2:]])
    report = cardwatch.find_gaps(Document.from_text(text), Document.from_text("A new model."))
    assert aside not in report.gaps[0].quote or report.gaps[0].quote.startswith("We keep")
    assert not any(gap.quote == aside for gap in report.gaps[:3])


def test_the_reason_names_every_matter_of_weight(report: GapReport) -> None:
    """Law: a finding that meets several rules of weight tells more than the first of them."""
    text = (
        "Flagged conversations are kept for two years and may be read by contractors, "
        "and accounts are suspended automatically without notice."
    )
    gap = cardwatch.find_gaps(Document.from_text(text), Document.from_text("A new model.")).gaps[0]
    assert ". Also: " in gap.why
    assert len(set(gap.why.split("; "))) == len(gap.why.split("; "))
