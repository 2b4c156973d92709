"""Opposites: what a companion promises and a document goes against."""

from __future__ import annotations

import cardwatch
from cardwatch import segment
from cardwatch.model import DisclosureStatus, Document, GapReport
from cardwatch.rules.opposites import failed_opposites, load_opposites


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
