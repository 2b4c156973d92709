"""The PDF reader on real documents, where they are at hand: floors under measured quality."""

from __future__ import annotations

import pytest

from tests.measure import pdf_agreement, pdf_headings

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    pytest.mark.skipif(not pdf_headings.SHARED.is_dir(), reason="no real documents in ../shared"),
]


@pytest.mark.parametrize("name", pdf_headings.FILES)
def test_headings_without_the_outline_are_those_of_the_outline(name: str) -> None:
    """F1 of 0.95 or more on each document that has an outline to compare with."""
    wanted, found = pdf_headings.measure(pdf_headings.SHARED / name)
    both = (wanted & found).total()
    assert 2 * both / (wanted.total() + found.total()) >= 0.95


def test_two_forms_of_one_document_agree() -> None:
    """99 in 100 sentences of the Markdown form stand in the text of the PDF form."""
    markdown = pdf_agreement.SHARED / "card-2026-06-09.md"
    count, missing = pdf_agreement.measure(markdown, markdown.with_suffix(".pdf"))
    assert len(missing) <= 0.01 * count
