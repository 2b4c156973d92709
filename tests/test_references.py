"""References: each way of naming a place leads there, or says why it does not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardwatch.errors import BadReference
from cardwatch.model import Document, Page, Section, Span
from cardwatch.references import locate

TEXT = "Guards\nwords\nGuards in use\nwords\nRecords kept\nwords\nKept records\nwords"


def _document() -> Document:
    starts = [
        TEXT.index(head) for head in ("Guards\n", "Guards in", "Records kept", "Kept records")
    ]
    ends = [*starts[1:], len(TEXT)]
    names = [
        ("1", "Guards"),
        ("1.1", "Guards in use"),
        ("2", "Records kept"),
        ("A", "Kept records"),
    ]
    sections = tuple(
        Section(
            Span(start, end),
            Span(start, ends[1]) if number == "1" else Span(start, end),
            Span(start, start + len(title)),
            title,
            number,
            number.count(".") + 1,
            (title,),
        )
        for start, end, (number, title) in zip(starts, ends, names, strict=True)
    )
    pages = (Page(1, Span(0, starts[2]), "iv"), Page(2, Span(starts[2], len(TEXT)), "1"))
    return replace(Document.from_text(TEXT), sections=sections, pages=pages)


DOCUMENT = _document()


@pytest.mark.parametrize(
    ("reference", "begins"),
    [
        ("1", "Guards\n"),
        ("§ 1.1", "Guards in use"),
        ("1.1.", "Guards in use"),
        ("guards", "Guards\n"),
        ("2 Records kept", "Records kept"),
        ("Rec", "Records kept"),
        ("in use", "Guards in use"),
        ("a", "Kept records"),
        ("p.1", "Guards\n"),
        ("p. 2", "Records kept"),
        ("page 2", "Records kept"),
        ("pp.2", "Records kept"),
        ("p.iv", "Guards\n"),
        ("7-12", "words"),
    ],
)
def test_a_reference_leads_to_its_place(reference: str, begins: str) -> None:
    """Numbers, titles, their beginnings, pages, printed labels and spans all work."""
    span = locate(DOCUMENT, reference)
    assert DOCUMENT.quote(span).startswith(begins)


def test_a_section_takes_in_its_subsections() -> None:
    """Who asks for 1 gets 1.1 as well."""
    assert "Guards in use" in DOCUMENT.quote(locate(DOCUMENT, "1"))


@pytest.mark.parametrize("reference", ["", "§", "9", "p.9", "p.", "12-7", "5-5", "0-99999", "rds"])
def test_a_reference_that_leads_nowhere_says_so(reference: str) -> None:
    """Nothing, too much, or several sections: an error with a hint, never a guess."""
    with pytest.raises(BadReference) as told:
        locate(DOCUMENT, reference)
    assert told.value.hint


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_an_error(reference: str) -> None:
    """No text breaks the search, and what it finds lies within the document."""
    try:
        span = locate(DOCUMENT, reference)
    except BadReference:
        return
    assert span.end <= len(TEXT)
