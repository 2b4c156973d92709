"""Gaps: what is graded, what contradicts, what is grouped, and what every finding carries."""

from __future__ import annotations

import pytest

import cardwatch
from cardwatch.disclosure.background import load_background
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


def _status(statement: str, companion: str) -> DisclosureStatus:
    """How one statement is graded in a post of a few sentences that holds another."""
    document = Document.from_text(f"{statement}\n\nThe model answers questions about birds.")
    post = f"Meet the new model.\n\n{companion} It is fast. It writes code and reads pictures."
    verdicts = cardwatch.find_gaps(document, Document.from_text(post)).verdicts
    return next(v.disclosure.status for v in verdicts if v.statement.quote == statement)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("We keep flagged chats for 30 days.", "We keep flagged chats for thirty days."),
        ("We keep flagged chats for three months.", "We keep flagged chats for 90 days."),
        ("We delete your data within 24 hours.", "We delete your data within one day."),
        ("We retain records for 12 months.", "We retain records for one year."),
        (
            "An auditor reviews our work twice a year.",
            "An auditor reviews our work every six months.",
        ),
        ("We publish a report every three months.", "We publish a report quarterly."),
        ("The filter acts on 0.5% of requests.", "The filter acts on one in two hundred requests."),
    ],
)
def test_one_amount_in_other_units_is_the_same_amount(here: str, there: str) -> None:
    """Law: figures are compared by what they come to, not by how they are written."""
    assert _status(here, there) is DisclosureStatus.STATED


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("We keep flagged chats for 30 days.", "We keep flagged chats for sixty days."),
        (
            "An auditor reviews our work twice a year.",
            "An auditor reviews our work every two years.",
        ),
        ("We keep your data for up to two years.", "We keep your data for up to six months."),
    ],
)
def test_another_amount_for_one_thing_is_a_contradiction(here: str, there: str) -> None:
    """Law: another figure, cadence or limit for the same thing cannot be right as well."""
    assert _status(here, there) is DisclosureStatus.CONTRADICTED


@pytest.mark.parametrize(
    ("here", "there", "denied"),
    [
        ("We may use your chats to train our models.", "We never train on your chats.", True),
        ("Chats are used to train models.", "We do not train models on chats.", True),
        ("We share logs with advertisers.", "We do not share logs with advertisers.", True),
        ("We share logs with banks if you consent.", "We do not share logs with banks.", False),
        ("We share statistics with researchers.", "We do not share logs with advertisers.", False),
        ("We may use your chats to train models.", "You may not use our chats for:", False),
        (
            "We may use your chats to train models.",
            "Once you opt out, we do not train on chats.",
            False,
        ),
    ],
)
def test_what_is_done_contradicts_a_flat_denial(here: str, there: str, denied: bool) -> None:
    """Law: a flat "we do not" is contradicted by what is done, not by what is done on consent."""
    assert (_status(here, there) is DisclosureStatus.CONTRADICTED) is denied


def test_an_age_is_an_age_however_it_is_said() -> None:
    """Law: "13 years old" and "13 or older" are one age, and 16 is another."""
    here = "You must be at least 13 years old to use Heron."
    assert _status(here, "To use Heron, you need to be 13 or older.") is DisclosureStatus.STATED
    other = "You must be at least 16 years old to use Heron."
    assert _status(here, other) is DisclosureStatus.CONTRADICTED


def test_permission_is_permission() -> None:
    """Law: what says "can" where the statement says "may" says it."""
    here = "We may change the price of the service at any time."
    there = "We can change the price of the service at any time."
    assert _status(here, there) is DisclosureStatus.STATED


@pytest.mark.parametrize(
    ("companion", "whole"),
    [
        ("Weapons, fraud and spyware are the only areas that our safeguards cover.", True),
        ("The only topics that our filters act on are weapons, fraud and spyware.", True),
        ("Our safeguards are limited to weapons, fraud, and spyware.", True),
        ("Our filters cover areas such as weapons, fraud and spyware.", False),
        ("The safeguards cover, for example, weapons, fraud and spyware.", False),
    ],
)
def test_a_list_is_closed_wherever_its_items_stand(companion: str, whole: bool) -> None:
    """Law: a list that claims to be whole is one before its verb as well as after it."""
    text = "We have added a further safeguard directed at requests about rival systems."
    report = cardwatch.find_gaps(
        Document.from_text(text), Document.from_text(f"Meet the model.\n\n{companion}")
    )
    assert ("as if they were all" in report.gaps[0].why) is whole


def test_empty_words_are_neither_had_nor_lacked() -> None:
    """Law: what joins sentences is no word that a passage could lack."""
    text = "Finally, in light of this, we keep all flagged chats across the board for two years."
    report = cardwatch.find_gaps(Document.from_text(text), Document.from_text("We like chats."))
    (gap,) = report.gaps
    assert gap.absence is not None
    told = {*gap.absence.terms, *(w for e in gap.evidence for w in (*e.matches, *e.missing))}
    assert not told & {"final", "light", "board"}
    assert "flag" in told


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


def test_the_name_of_the_subject_is_no_rare_word() -> None:
    """Law: a word in every other sentence of what is asked about weighs like a common one."""
    at_large = load_background()
    beside = at_large.beside({"heron": 0.5, "seldom": 0.01})
    assert beside.idf("heron", 0, 20) < 3 < at_large.idf("heron", 0, 20)
    assert beside.idf("seldom", 0, 20) == at_large.idf("seldom", 0, 20)


def test_a_promise_told_without_its_figure_is_told_in_part_only() -> None:
    """How often is the better part of a promise: what leaves it out leaves more than a little."""
    card = (
        "We will publish a report on the safeguards every four months, with the number of "
        "ships that each one has turned away."
    )
    told = {
        post: next(
            (
                {reason.name: reason.value for reason in gap.reasons}
                for gap in cardwatch.find_gaps(
                    cardwatch.Document.from_text(card), cardwatch.Document.from_text(post)
                ).gaps
            ),
            {},
        )
        for post in (
            "In the coming months we will publish a report on how the safeguards are doing.",
            card,
        )
    }
    without, withal = told.values()
    assert without.get("figures left out") == 1.0, without
    assert not withal, withal
