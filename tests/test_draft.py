"""Drafts: what is never exact, what is never refused, and retellings that shift."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

import cardwatch
from cardwatch.cli.output import ExitCode
from cardwatch.model import Document, QuotationStatus, ShiftKind
from cardwatch.quotes.draft import Searched, checked
from cardwatch.quotes.marks import quotations, quotations_in
from cardwatch.reports import CheckedDraft, View, render
from tests.altering import ALTERED, merged
from tests.conftest import ROOT
from tests.test_cli import Run
from tests.varying import VARIED, marked

DRAFTS = ROOT / "corpora" / "demo" / "drafts"
SENTENCES = (
    "The new control will not be visible to the person who writes the request, and Larkspur "
    "may keep flagged text for up to 90 days.",
    "Reviewers in Wick and Marlow must not read private messages unless the owner agrees, "
    "which in practice takes about 4.5 hours.",
    "In the first week the filter acted on roughly 0.04% of requests – most of them from "
    "Larkspur – and never on those of the staff of Harebell.",
    "The board approves every release in writing, and smaller releases are approved by the "
    "safety lead, who is named in the annex of this card.",
    "Records of a complaint are kept for 12 months and then deleted, but the difficult cases, "
    "of which there were 31, are kept for five years.",
    "A firm that can't finish its first report within 30 days should tell the office at Wick "
    "why, and the office's reply is published.",
    "The naïve review found that only two of 1,250 long-term requests, each of 10²⁶ operations, "
    "cost more than $40 and stayed unexplained.",
    "The office at Marlow sent out 31 copies of the report, and it read only one of the replies "
    "that came back.",
)
SOURCE = Document.from_text("\n\n".join(SENTENCES))
SEARCHED = Searched(SOURCE)


def _statuses(words: str, chance: Random) -> list[QuotationStatus]:
    draft = marked(words, chance)
    return [checked(draft, each, [SEARCHED]).status for each in quotations(draft)[:1]]


@pytest.mark.parametrize("kind", sorted(ALTERED))
def test_altered_quotations_never_pass(kind: str) -> None:
    """Whatever was dropped, added, swapped, turned round or hidden: not exact."""
    made = 0
    for sentence in SENTENCES:
        for seed in range(4):
            words = ALTERED[kind](sentence, Random(seed))
            if words is not None:
                made += 1
                assert QuotationStatus.EXACT not in _statuses(words, Random(seed)), words
    assert made


@pytest.mark.parametrize("kind", sorted(VARIED))
def test_honest_variations_are_never_refused(kind: str) -> None:
    """However an honest writer sets the words, breaks, cuts and explains them: exact."""
    made = 0
    for sentence in SENTENCES:
        for seed in range(3):
            words = VARIED[kind](sentence, Random(seed))
            if words is not None:
                made += 1
                assert _statuses(words, Random(seed)) == [QuotationStatus.EXACT], words
    assert made


def test_merged_sentences_never_pass() -> None:
    """Two sentences run into one are no quotation of either."""
    for one, other in pairwise(SENTENCES):
        assert QuotationStatus.EXACT not in _statuses(merged(one, other), Random(1))


@pytest.mark.parametrize(
    ("draft", "kind"),
    [
        ("“acted on roughly 0.04 of requests”", "unit"),
        ("“acted on roughly 0.04”", "cut word"),
        ("“Reviewers in Wick and Marlow must … read private messages”", "negation"),
        ("“Larkspur must keep flagged text”", "modal"),
        ("“flagged text for 90 days”", "hedge"),
        ("“the office at wick”", "name"),
        ("“The new control … may keep flagged text”", None),
        ("“Records of a complaint … smaller releases are approved by the safety lead”", None),
        ("“the safety lead … Reviewers in Wick”", "order"),
        ("“[Harebell] may keep flagged text for up to 90 days”", "name"),
        ("“Larkspur [will] keep flagged text for up to 90 days”", "modal"),
    ],
)
def test_what_is_wrong_is_named(draft: str, kind: str | None) -> None:
    """A difference says of what kind it is."""
    report = cardwatch.check_draft(Document.from_text(draft), [SOURCE])
    (each,) = report.quotations
    assert each.status is not QuotationStatus.EXACT
    assert kind is None or kind in [difference.kind for difference in each.differences]


def test_what_stands_just_outside_is_told() -> None:
    """A quotation cut at the "not" is exact, and the reader is told of the "not"."""
    draft = Document.from_text("It is said to “be visible to the person who writes the request”.")
    (each,) = cardwatch.check_draft(draft, [SOURCE]).quotations
    assert each.status is QuotationStatus.EXACT
    assert "not" in each.note
    draft = Document.from_text("“the filter acted on roughly 0.04% of requests – most of them”")
    assert cardwatch.check_draft(draft, [SOURCE]).quotations[0].note == ""
    source = Document.from_text("The flagged text of an account is shared with no one at all.")
    draft = Document.from_text("“flagged text of an account is shared” freely")
    (each,) = cardwatch.check_draft(draft, [source]).quotations
    assert each.note == "the source goes on: “with no one …”"


@pytest.mark.parametrize(
    "draft",
    ["“[It] may keep flagged text for up to 90 days”", "“[The firm] may keep flagged text”"],
)
def test_a_bracket_may_name_who_is_meant(draft: str) -> None:
    """A pronoun or noun in brackets for the name before the words is what brackets are for."""
    (each,) = cardwatch.check_draft(Document.from_text(draft), [SOURCE]).quotations
    assert each.status is QuotationStatus.EXACT


def test_a_suffix_of_a_compound_is_no_word() -> None:
    """Half of a hyphened word says something else than the whole."""
    source = Document.from_text("It is open for non-commercial use only by the members.")
    report = cardwatch.check_draft(Document.from_text("“commercial use only by the”"), [source])
    assert report.quotations[0].status is not QuotationStatus.EXACT


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("il dit « b c d » ici", [" b c d "]),
        ("er sagt »b c d« da", ["b c d"]),
        ("er sagt „b c d“ da", ["b c d"]),
        ("on „b c d” tu", ["b c d"]),
        ("er sagt ‚b c d‘ da", ["b c d"]),
        ("``b c d'' there", ["b c d"]),
        ('a "never closed\n\nnext "b c d" there', ["b c d"]),
        ('an inch is 1" or 2" long', []),
        ("the boys' toy and the girls' toy", []),
    ],
)
def test_all_styles_of_mark(text: str, inside: list[str]) -> None:
    """French, German, Polish and typed marks; a missing mark spoils its own paragraph only."""
    assert [each.quote for each in quotations(text)] == inside


def test_quotations_that_a_web_page_marks() -> None:
    """An element for quotations is one, with the marks that a browser prints."""
    page = "<p>It says <q>The board approves no release in writing</q>, and it is so.</p>"
    draft = cardwatch.read(page.encode(), media_type="html")
    (each,) = cardwatch.check_draft(draft, [SOURCE]).quotations
    assert (each.status, each.quotation.quote) == (
        QuotationStatus.NEAR,
        "The board approves no release in writing",
    )


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("each of 10^26 operations", QuotationStatus.EXACT),
        ("each of 10^25 operations", QuotationStatus.NEAR),
        ("each of 1026 operations", QuotationStatus.NEAR),
        ("each of 10 operations", QuotationStatus.NEAR),
    ],
)
def test_a_power_may_be_typed(words: str, status: QuotationStatus) -> None:
    """A raised figure may be written with a circumflex; it may not be lost or changed."""
    draft = Document.from_text(f"It says “long-term requests, {words}”.")
    (each,) = cardwatch.check_draft(draft, [SOURCE]).quotations
    assert each.status is status


def test_a_plural_s_does_not_end_a_quotation() -> None:
    """Of two ways to close single marks, the one whose words the source has is meant."""
    source = Document.from_text("We keep the users’ data for a year and no longer than that.")
    draft = Document.from_text("It says ‘the users’ data for a year’ there.")
    (each,) = cardwatch.check_draft(draft, [source]).quotations
    assert each.status is QuotationStatus.EXACT
    assert each.quotation.quote == "the users’ data for a year"


def test_block_quotations_and_italics_of_a_document() -> None:
    """A block is a quotation without its line of credit; italics count where a source has them."""
    draft = cardwatch.read(
        "# D\n\n> Records of a complaint are kept for 12 months\n>\n> — The card, p. 3\n\n"
        "As it says: *the board approves every release in writing*. "
        "*This is my own emphasis here.*".encode(),
        media_type="markdown",
    )
    styles = [each.style for each in quotations_in(draft)]
    assert styles == ["block", "italic", "italic"]
    report = cardwatch.check_draft(draft, [SOURCE])
    assert [(each.quotation.style, each.status) for each in report.quotations] == [
        ("block", QuotationStatus.EXACT),
        ("italic", QuotationStatus.EXACT),
    ]


@pytest.mark.parametrize("draft", ["“" * 20_000, '"' * 30_001, "‘a ’b" * 900, "> " + "a " * 30_000])
def test_hostile_drafts_end(draft: str) -> None:
    """Marks without end, and a block of one word over and over, take no time to speak of."""
    found = quotations(draft)
    for each in found[:20]:
        checked(draft, each, [SEARCHED])


# -- retellings -----------------------------------------------------------------------------

TOLD = Document.from_text(
    "We may share the records of a complaint with the regional inspectors of the trade.\n\n"
    "The annual audit of the laboratory is published within 60 days of its completion.\n\n"
    "The inspectors of the office do not open sealed letters of the members.\n\n"
    "Some members of the panel receive a yearly fee from the laboratory's donors."
)


@pytest.mark.parametrize(
    ("sentence", "note"),
    [
        (
            "The firm will share the records of a complaint with regional inspectors.",
            "“will” is firmer than the source’s “may”",
        ),
        (
            "The annual audit of the laboratory is published within 90 days of completion.",
            "“within 90 days” where the source has “within 60 days”",
        ),
        (
            "All members of the panel receive a yearly fee from the laboratory's donors.",
            "“All members” where the source has “Some members”",
        ),
    ],
)
def test_retellings_that_shift(sentence: str, note: str) -> None:
    """Another modal, figure or scope for the same thing is pointed out."""
    (shift,) = cardwatch.check_draft(Document.from_text(sentence), [TOLD]).shifts
    assert shift.note == note
    assert shift.draft == sentence
    assert TOLD.quote(shift.source.span) == shift.source.quote


@pytest.mark.parametrize(
    "sentence",
    [
        "The firm may share records of a complaint with the regional inspectors.",
        "The audit of the laboratory is published within 60 days, every year, on completion.",
        "Its launch will be celebrated in May with a fair for the members of the panel.",
        "A complaint about a neighbour's records was heard in the regional court.",
        "Some members of the panel receive a fee from the donors of the laboratory.",
    ],
)
def test_honest_retellings_do_not_shift(sentence: str) -> None:
    """The same firmness in other words, or another matter, is left alone."""
    assert cardwatch.check_draft(Document.from_text(sentence), [TOLD]).shifts == ()


PAGED = cardwatch.read(
    b"---\ntitle: The Wick Card\n---\n\n<!-- p.12 -->\n\nWe keep the letters for nine years.\n\n"
    b"<!-- p.13 -->\n\nThe inspectors open no sealed letter of a member.\n",
    media_type="markdown",
)
POST = cardwatch.read(
    b"# Meet the Card\n\nYou will be told of every letter that we keep.\n", media_type="markdown"
)


@pytest.mark.parametrize(
    ("draft", "note"),
    [
        (
            "It says “We keep the letters for nine years” (p. 13).",
            "p. 13; the words stand on p. 12",
        ),
        ("“open no sealed letter of a member”, it says on page 12.", "stand on p. 13"),
        ("> We keep the letters for nine years.\n>\n> — The Wick Card, p. 11", "stand on p. 12"),
        ("As Meet the Card has it, “We keep the letters for nine years”.", "Meet the Card"),
    ],
)
def test_a_quotation_given_to_another_place_is_pointed_out(draft: str, note: str) -> None:
    """The page that a draft gives must be one of the words', and the title their source's."""
    read = cardwatch.read(draft.encode(), media_type="markdown")
    report = cardwatch.check_draft(read, [PAGED, POST])
    (shift,) = report.shifts
    assert note in shift.note
    assert shift.kind is ShiftKind.MISPLACED
    for form, head in (("", "MISPLACED"), ("markdown", "## Given to another place")):
        told = render(CheckedDraft(report, read, (PAGED, POST), form), "terminal", View())
        assert head in told
        assert "1 misplaced" in told


@pytest.mark.parametrize(
    "draft",
    [
        "It says “We keep the letters for nine years” (p. 12).",
        "“We keep the letters for nine years” and “open no sealed letter of a member” (pp. 12-13).",
        "“We keep the letters for nine years” stands on page 12, against page 13 of the other.",
        "> We keep the letters for nine years.\n>\n> — The Wick Card, p. 12",
        "As The Wick Card has it, “We keep the letters for nine years”; Meet the Card does not.",
        "Page 9 of this article is blank. “You will be told of every letter” is on no page.",
    ],
)
def test_a_right_place_is_left_alone(draft: str) -> None:
    """A page of the words, one of several, or none at all is no fault."""
    read = cardwatch.read(draft.encode(), media_type="markdown")
    assert cardwatch.check_draft(read, [PAGED, POST]).shifts == ()


def test_no_text_shifts_itself() -> None:
    """A document retold by itself says nothing more or less firmly."""
    assert cardwatch.check_draft(TOLD, [TOLD]).shifts == ()


# -- the demo and the command ----------------------------------------------------------------


def _check(name: str, run: Run, *more: str) -> tuple[int, str]:
    demo = ROOT / "corpora" / "demo"
    sources = ["--against", demo / "card-v1.pdf", "--against", demo / "announcement.html"]
    ran = run("check-draft", DRAFTS / name, *sources, *more)
    return ran.code, ran.out


def test_the_careful_draft_is_clean(cardwatch: Run) -> None:
    """Every quotation of the careful article is exact, and nothing shifts: exit code 0."""
    code, out = _check("careful.md", cardwatch, "--json")
    report = json.loads(out)
    assert code == ExitCode.NOTHING_FOUND
    assert {each["status"] for each in report["quotations"]} == {"exact"}
    assert len(report["quotations"]) >= 10
    assert report["shifts"] == []


def test_the_careless_draft_is_caught(cardwatch: Run) -> None:
    """Of the careless article, what is wrong is found and what is right is left alone."""
    code, out = _check("careless.md", cardwatch, "--json")
    report = json.loads(out)
    assert code == ExitCode.FOUND
    statuses = [each["status"] for each in report["quotations"]]
    assert statuses.count("near") == 7
    assert statuses.count("not found") == 1
    assert statuses.count("exact") == 2
    assert len(report["shifts"]) == 2


def test_markdown_is_inert(cardwatch: Run, tmp_path: Path) -> None:
    """Nothing that a draft says becomes markup or a control of the terminal."""
    draft, source = tmp_path / "d.md", tmp_path / "s.txt"
    draft.write_text("He said “<script>x</script> [a](http://b) \x1b[31m *four*”.", "utf-8")
    source.write_text("Nothing of the kind was ever said here.", "utf-8")
    ran = cardwatch("check-draft", draft, "--against", source, "--format", "markdown")
    assert ran.code == ExitCode.FOUND
    assert "<script" not in ran.out
    assert "\x1b" not in ran.out
    assert "](http" not in ran.out
