"""Quotations: what counts as exact, what never does, and what became of quoted words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cardwatch
from cardwatch.errors import QuoteError
from cardwatch.model import Document, QuotationStatus, Quote, QuoteStatus, Span
from cardwatch.quotes import quotations

SOURCE = """\
The new control will not be visible to the person who writes the request. Larkspur may keep \
flagged text for up to 90 days, and about 0.4% of traffic is affected.

Reviewers must not read private messages unless the owner agrees. The board approves every \
release in writing. Smaller releases are approved by the safety lead, who is named in the annex.
"""


def _check(draft: str, source: str = SOURCE) -> list[QuotationStatus]:
    report = cardwatch.check_draft(Document.from_text(draft), [Document.from_text(source)])
    return [each.status for each in report.quotations]


@pytest.mark.parametrize(
    "draft",
    [
        "It “will not be visible to the person” at all.",
        'It "will not be visible to the person" at all.',
        "It ‘will not be visible to the person’ at all.",
        "It «will not be visible to the person» at all.",
        "It „will not be visible to the person“ at all.",
        "“The new control will not be visible\nto the person who writes the request”",
        "“[t]he new control will not be visible,” it said.",
        "“The new control will not be visible … to the person who writes” a request",
        "“The new control […] will not be visible to the person”",
        "“Reviewers must not read private messages... The board approves every release”",
        "“Larkspur may keep [suspicious] flagged text for up to 90 days”",
        "“The board approve[s] every release in writing”",
        "“not be visible to [that] person”",
        "“Larkspur may keep flagged text [that\nis, here] for up to 90 days”",
        "“Larkspur may keep flagged text for up to 90 days (emphasis added)”",
        "＂Larkspur may keep flagged text for up to 90 days＂",
        "『Larkspur may keep flagged text for up to 90 days』",
        "“Larkspur may keep flagged text [emphasis added] for up to 90 days”",
        "> Reviewers must not read private messages\n> unless the owner agrees.",
        "“Reviewers must *not* read private messages”",
        "“about 0.4% of traffic is affected.”",
    ],
)
def test_honest_quotations_are_exact(draft: str) -> None:
    """Marks, dashes, blanks, owned-up brackets and ellipses do not make a quotation wrong."""
    assert _check(draft) == [QuotationStatus.EXACT]


@pytest.mark.parametrize(
    "words",
    [
        "The new control will be visible to the person who writes the request",
        "The new control may not be visible to the person who writes the request",
        "Larkspur must keep flagged text for up to 90 days",
        "Larkspur may keep flagged text for up to 9 days",
        "Larkspur may keep flagged text for up to 90 weeks",
        "Larkspur may keep flagged text for 90 days",
        "about 0.04% of traffic is affected",
        "Harebell may keep flagged text for up to 90 days",
        "Reviewers must not read private messages if the owner agrees",
        "Reviewers must not read private messages. The board approves every release",
        "The board approves every release in writing, smaller releases are approved",
        "The board approves some release in writing",
        "The safety lead approves every release in writing",
        "The board approves every release. Reviewers must not … read private messages",
        "Reviewers must [always] read private messages",
        "Larkspur may keep [harmless] text for up to 90 days",
        "Larkspur may [sell] flagged text for up to 90 days",
        "The new control will not be [un]visible to the person",
        "Larkspur may keep flagged text … 90 days",
    ],
)
def test_altered_quotations_are_never_exact(words: str) -> None:
    """A dropped "not", another modal, digit, unit or name, a silent cut: never exact."""
    assert QuotationStatus.EXACT not in _check(f"It says: “{words}”.")


@given(st.data())
def test_any_run_of_whole_words_is_exact(data: st.DataObject) -> None:
    """Whatever is copied from the source word for word is found in it."""
    words = SOURCE.split()
    first = data.draw(st.integers(0, len(words) - 4))
    last = data.draw(st.integers(first + 4, len(words)))
    assert _check(f"“{' '.join(words[first:last])}”") == [QuotationStatus.EXACT]


@given(st.data())
def test_dropping_or_doubling_a_word_inside_is_seen(data: st.DataObject) -> None:
    """No word inside a quotation can vanish or appear unnoticed."""
    words = SOURCE.split()
    first = data.draw(st.integers(0, len(words) - 8))
    run = words[first : first + 8]
    at = data.draw(st.integers(2, 5))
    change = data.draw(st.sampled_from(["drop", "add"]))
    altered = run[:at] + (["seldom"] if change == "add" else []) + run[at + (change == "drop") :]
    assert _check(f"“{' '.join(altered)}”") != [QuotationStatus.EXACT]


def test_differences_say_what_matters() -> None:
    """A dropped negation is named as one, with the words of both sides."""
    report = cardwatch.check_draft(
        Document.from_text("“control will be visible to the person who writes”"),
        [Document.from_text(SOURCE)],
    )
    (checked,) = report.quotations
    (difference,) = checked.differences
    assert (difference.source, difference.quoted) == ("not", "")
    assert difference.kind == "negation"
    assert difference.critical
    assert "will not be visible" in checked.found[0].quote


def test_the_right_source_is_named() -> None:
    """Of several documents the one that has the words is named."""
    report = cardwatch.check_draft(
        Document.from_text("“Reviewers must not read private messages”"),
        [Document.from_text("Something else entirely."), Document.from_text(SOURCE)],
    )
    assert report.quotations[0].document == 1


def test_words_in_marks_are_not_all_quotations() -> None:
    """A term of a word or two that the source lacks is too short to be called wrong."""
    assert _check("the so-called “watch list” of it’s time") == [QuotationStatus.TOO_SHORT]


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("a “b c” d", ["b c"]),
        ("a “b ‘c d’ e” f", ["b ‘c d’ e", "c d"]),
        ("don't say 'it's fine' now", ["it's fine"]),
        ("“one “two” three”", ["one “two” three"]),
        ("“never closed", []),
        ("", []),
    ],
)
def test_quotations_are_found(text: str, inside: list[str]) -> None:
    """All styles of mark, nested ones too; an apostrophe opens and closes nothing."""
    found = quotations(text)
    assert [each.quote for each in found] == inside
    assert all(text[each.span.start : each.span.end] == each.quote for each in found)


def _quote(words: str) -> tuple[Document, Quote]:
    document = Document.from_text(SOURCE)
    start = SOURCE.index(words)
    return document, cardwatch.quote(document, Span(start, start + len(words)))


def test_a_quote_verifies_in_its_own_document() -> None:
    """Quote, then verify: exact, in the same bytes and the same text."""
    document, quoted = _quote("Reviewers must not read private messages")
    assert document.text.find(quoted.prefix + quoted.exact + quoted.suffix) >= 0
    result = cardwatch.verify(quoted, document)
    assert result.status is QuoteStatus.EXACT
    assert result.same_bytes
    assert result.same_text


@pytest.mark.parametrize(
    ("edition", "status"),
    [
        ("A new preface.\n\n" + SOURCE, QuoteStatus.MOVED),
        (SOURCE.replace("must not", "must"), QuoteStatus.EDITED),
        (SOURCE.replace("private", "personal"), QuoteStatus.EDITED),
        (SOURCE.split("\n\n")[0], QuoteStatus.DELETED),
    ],
)
def test_what_became_of_a_quote(edition: str, status: QuoteStatus) -> None:
    """In another edition the words stand, have moved, were edited (with what), or are gone."""
    _, quoted = _quote("Reviewers must not read private messages")
    result = cardwatch.verify(quoted, Document.from_text(edition))
    assert result.status is status
    assert bool(result.differences) == (status is QuoteStatus.EDITED)


@pytest.mark.parametrize("span", [Span(0, 0), Span(10**6, 10**6 + 5)])
def test_no_words_no_quote(span: Span) -> None:
    """An empty place, or one outside the text, is an error and not an empty quote."""
    with pytest.raises(QuoteError):
        cardwatch.quote(Document.from_text(SOURCE), span)
