"""Opposites: what a companion promises and a document goes against."""

from __future__ import annotations

import cardwatch
from cardwatch import segment
from cardwatch.model import DisclosureStatus, Document, GapReport
from cardwatch.rules.opposites import failed_opposites, load_opposites
from cardwatch.rules.restated import failed_restated


def _gaps(document: str, companion: str) -> GapReport:
    return cardwatch.find_gaps(Document.from_text(document), Document.from_text(companion))


def _contradicted(report: GapReport) -> list[str]:
    return [g.quote for g in report.gaps if g.status is DisclosureStatus.CONTRADICTED]


def test_every_pair_judges_its_own_examples_as_it_says() -> None:
    """Each matter finds its opposites, and leaves what is none alone."""
    assert load_opposites().matters
    assert failed_opposites(segment.segment) == ()


def test_promise_and_practice_in_other_words_contradict() -> None:
    """Nobody looks at it there, a team goes through some of it here: both cannot be so."""
    report = _gaps(
        "Chats are sorted by machine. A team of moderators goes through some of the chats.",
        "Have fun with the helper! Nobody on our side ever looks at your messages.",
    )
    assert any("moderators" in quote for quote in _contradicted(report))
    assert any("Nobody on our side" in g.evidence[0].quote for g in report.gaps if g.evidence)


def test_excused_by_the_same_promise() -> None:
    """Who may change the rules but says that he tells people first keeps his promise."""
    companion = "We always write to you before these terms change."
    broken = "We may change these terms by posting them here."
    kept = f"{broken} We will tell you two weeks before the terms change, always."
    assert _contradicted(_gaps(broken, companion))
    assert not any("by posting" in quote for quote in _contradicted(_gaps(kept, companion)))


def test_every_restated_matter_judges_its_own_examples_as_it_says() -> None:
    """A clause and its plain retelling meet the same matter, and nothing else does."""
    assert failed_restated(segment.segment) == ()


def test_a_clause_retold_in_plain_words_is_stated() -> None:
    """The same matter with the same figures is said, with other figures it is not."""
    clause = "We bar people after two breaches of the rules."

    def status(companion: str) -> DisclosureStatus:
        report = cardwatch.find_gaps(Document.from_text(clause), Document.from_text(companion))
        return report.verdicts[0].disclosure.status

    assert status("Break the rules two times and you lose access.") is DisclosureStatus.STATED
    assert status("Break the rules four times and you lose access.") is not DisclosureStatus.STATED
