"""Reports: true to their results, readable at any width, and never obeyed by a terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from rich.cells import cell_len

from cardwatch.model import (
    Announcement,
    AnnouncementStatus,
    Change,
    ChangeKind,
    Coverage,
    Document,
    Effect,
    NoiseClass,
    Outcome,
    Passage,
    Revision,
    RevisionAudit,
    Span,
    Unread,
)
from cardwatch.reports import (
    FINDINGS_ONLY,
    REPORTERS,
    Audit,
    Briefing,
    Diff,
    Gaps,
    Outline,
    Place,
    RuleFailure,
    RuleFile,
    RuleList,
    RuleSheet,
    RuleTest,
    Several,
    Statements,
    Subject,
    Table,
    View,
    WholeText,
    inert,
    inert_json,
    render,
)
from cardwatch.reports.json import FORMS
from cardwatch.reports.terminal import LAYOUTS
from tests.schemas import path_of
from tests.small import DOCUMENT, gap_report, reading

# What a terminal obeys: escapes, other controls, and marks that turn writing round.
ACTIVE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202egnp.exe\u2066\x00\r\x08end\ud800"


def gaps_of(document: Document, companion: Document) -> Gaps:
    return Gaps(gap_report(document, companion), document, companion)


def diff_of(old: Document, new: Document) -> Diff:
    half = len(old.text) // 2
    changes = (
        Change(
            id="one",
            kind=ChangeKind.EDITED,
            old=Passage(Span(0, half), old.text[:half]),
            new=Passage(Span(0, half), new.text[:half]),
            section="1 Part",
            noise=False,
            noise_class=None,
            effects=(Effect.NEGATION,),
            outcome=Outcome.WEAKENED,
            dimensions=(),
            rank_score=0.9,
            edits=((Span(0, 3), Span(0, 5)),),
        ),
        Change(
            id="two",
            kind=ChangeKind.REMOVED,
            old=Passage(Span(half, len(old.text)), old.text[half:]),
            new=None,
            section="",
            noise=False,
            noise_class=None,
            effects=(),
            outcome=Outcome.REMOVED,
            dimensions=(),
            rank_score=0.5,
            announcement=Announcement(AnnouncementStatus.SILENT, 0.1, 0.9, ()),
        ),
        Change(
            id="three",
            kind=ChangeKind.MOVED,
            old=None,
            new=Passage(Span(0, 4), new.text[:4]),
            section="",
            noise=True,
            noise_class=NoiseClass.MOVED,
            effects=(),
            outcome=None,
            dimensions=(),
            rank_score=0.0,
        ),
    )
    return Diff(
        Revision(old.source, new.source, changes, old.coverage, new.coverage, ("a note",)), old, new
    )


def audit_of(old: Document, new: Document) -> Audit:
    revision = diff_of(old, new).revision
    substantive = tuple(change for change in revision.changes if not change.noise)
    result = RevisionAudit(
        revision, substantive, 0.5, 0.25, substantive[1:], (Passage(Span(0, 4), new.text[:4]),)
    )
    return Audit(result, old, new)


def subjects(document: Document, companion: Document) -> list[Subject]:
    sheet = RuleSheet(
        "told", "own", "mention", document.text[:40], 0.5, ("notifies",), (("Told.", True),), "f"
    )
    return [
        WholeText(document),
        Outline(document),
        Place(document, Span(4, min(30, len(document.text)))),
        Statements(reading(document)),
        gaps_of(document, companion),
        diff_of(document, companion),
        audit_of(document, companion),
        Several((gaps_of(document, companion), audit_of(document, companion))),
        sheet,
        RuleList((sheet,)),
        RuleTest(1, 2, (RuleFailure("told", "own/told.toml", document.text[:40], wanted=True),)),
        RuleFile(document.text[:40]),
        Table("things", ("one", "two"), ((document.text[:40], document.text[:300]),), ("note",)),
    ]


def hostile_document() -> Document:
    """A document that is hostile in every place where a report shows its words."""
    text = f"{HOSTILE} users are never told. {HOSTILE}\n\n{HOSTILE} We keep data."
    made = Document.from_text(text, location=f"file{HOSTILE}.md")
    section = replace(
        made.sections[0], title=HOSTILE, number=HOSTILE, path=(HOSTILE,), heading=Span(0, 4)
    )
    unread = (Unread(HOSTILE, 0, None, HOSTILE),)
    return replace(
        made,
        title=HOSTILE,
        sections=(section,),
        coverage=Coverage(characters=len(text), words=9, unread=unread),
    )


@pytest.mark.parametrize("form", sorted(REPORTERS))
@pytest.mark.parametrize("color", [False, True])
def test_hostile_text_is_inert_in_every_report(form: str, color: bool) -> None:
    """Nothing that a document says reaches a terminal as a command."""
    hostile = hostile_document()
    for subject in subjects(hostile, hostile):
        if form in FINDINGS_ONLY and not isinstance(subject, Gaps | Diff | Audit | Several):
            continue
        text = render(subject, form, View(color=color, explain=True))
        shown = re.sub("\x1b\\[[0-9;]*m", "", text) if color else text
        assert not ACTIVE.search(shown.replace("\n", "").replace("\t", "")), type(subject)
        text.encode("utf-8")


def test_hostile_text_adds_no_colour() -> None:
    """Colour codes come from the report alone: a document's own are shown, not obeyed."""
    hostile = hostile_document()
    for subject in subjects(hostile, hostile):
        text = render(subject, "terminal", View(color=True))
        assert "\x1b[31mred" not in text
        assert "\x1b" not in render(subject, "terminal", View())


@given(st.text(alphabet=st.characters(), max_size=200))
def test_inert_text_keeps_its_length(text: str) -> None:
    """One character stands for one, so that offsets stay true; done twice it changes nothing."""
    made = inert(text)
    assert len(made) == len(text)
    assert inert(made) == made
    assert not ACTIVE.search(made)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_inert_json_means_the_same(text: str) -> None:
    """Escaping changes how JSON is written, not what it says."""
    made = inert_json(json.dumps({text: text}, ensure_ascii=False))
    assert json.loads(made) == {text: text}
    assert not ACTIVE.search(made)


@pytest.mark.parametrize("width", [60, 80, 120, 160, 400])
def test_no_line_is_wider_than_asked(width: int) -> None:
    """A report fits its width, and no line ends in blanks."""
    for subject in subjects(DOCUMENT, DOCUMENT)[1:]:
        for line in render(subject, "terminal", View(width=width, explain=True)).splitlines():
            assert cell_len(line) <= width, (type(subject), line)
            assert line == line.rstrip()


def test_colour_adds_nothing_but_colour() -> None:
    """Without its codes a coloured report is the plain one: no meaning is in the colour alone."""
    for subject in subjects(DOCUMENT, DOCUMENT):
        plain = render(subject, "terminal", View())
        colored = render(subject, "terminal", View(color=True))
        assert re.sub("\x1b\\[[0-9;]*m", "", colored) == plain


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet=st.characters(), min_size=1, max_size=120), st.integers(40, 200))
def test_any_text_can_be_reported(text: str, width: int) -> None:
    """No document breaks a report, whatever is in it."""
    if not text.strip():
        return
    document = Document.from_text(text)
    for subject in [WholeText(document), Outline(document), Place(document, Span(0, len(text)))]:
        assert render(subject, "terminal", View(width=width)).endswith("\n")


SCHEMAS: dict[type, str] = {
    WholeText: "document/1",
    Outline: "outline/1",
    Place: "passage/1",
    Statements: "statements/1",
    Gaps: "gaps/1",
    Diff: "revision/1",
    Audit: "audit/1",
    Several: "reports/1",
    RuleSheet: "rule/1",
    RuleList: "rules/1",
    RuleFile: "rule-file/1",
    RuleTest: "rule-test/1",
    Table: "table/1",
}


def test_json_meets_its_schema() -> None:
    """What is written as JSON is what the shipped schema says, no more and no less."""
    hostile = hostile_document()
    for subject in [*subjects(DOCUMENT, DOCUMENT), *subjects(hostile, hostile)]:
        value = json.loads(render(subject, "json", View()))
        name = SCHEMAS[type(subject)]
        assert value["schema"] == f"cardwatch/{name}"
        schema = json.loads(path_of(name).read_text("utf-8"))
        Draft202012Validator(schema).validate(value)


def test_json_holds_the_quote_and_its_place() -> None:
    """A program gets the exact words and the span that they stand at."""
    value = json.loads(render(gaps_of(DOCUMENT, DOCUMENT), "json", View()))
    gap = value["gaps"][0]
    assert DOCUMENT.text[gap["span"]["start"] : gap["span"]["end"]] == gap["quote"]


def test_a_limit_folds_and_counts() -> None:
    """What is not shown is counted, so that nobody takes a part for the whole."""
    subject = gaps_of(DOCUMENT, DOCUMENT)
    assert len(subject.report.gaps) == 2
    text = render(subject, "terminal", View(limit=1))
    assert "1 more, lower ranked: --all" in text
    assert "more, lower ranked" not in render(subject, "terminal", View())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_a_long_title_is_wrapped_beside_its_size(width: int) -> None:
    """No line of an outline is wider than the page; each section has its size on one line."""
    words = "A title that goes on and on about what it is a title of " * 3
    sections = tuple(
        replace(DOCUMENT.sections[0], span=s.span, extent=s.extent, level=level, title=words)
        for level, s in zip((1, 4), DOCUMENT.sections, strict=True)
    )
    text = render(Outline(replace(DOCUMENT, sections=sections)), "terminal", View(width=width))
    body = text.split("\n\n", 1)[1].splitlines()
    assert all(cell_len(line) <= width for line in body)
    assert sum("words" in line for line in body) == 2
    assert all(line.startswith(("  ", "1 A")) for line in body)


def test_every_subject_has_its_row() -> None:
    """A subject that is in no table would be told by nobody."""
    known = set(get_args(Subject))
    assert set(FORMS) == known
    assert known - set(LAYOUTS) == {WholeText, Several, Briefing}
    assert set(LAYOUTS) <= known


def golden(name: str) -> str:
    return (Path(__file__).parent / "cases" / "reports" / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "make", "view"),
    [
        ("gaps-80.txt", gaps_of, View()),
        ("gaps-160-explained.txt", gaps_of, View(width=160, explain=True)),
        ("diff-80.txt", diff_of, View()),
        ("audit-80.txt", audit_of, View()),
    ],
)
def test_reports_look_as_they_should(
    name: str, make: Callable[[Document, Document], Subject], view: View
) -> None:
    """The whole of a small report, as a person sees it."""
    assert render(make(DOCUMENT, DOCUMENT), "terminal", view) == golden(name)


def test_a_long_word_in_a_table_leaves_its_row_whole() -> None:
    """The last column is wrapped by itself; the columns before it stand on one line."""
    subject = Table("files", ("when", "what", "file"), (("today", "kept", "x" * 90),))
    lines = render(subject, "terminal", View(width=60)).splitlines()
    assert lines[0].split() == ["when", "what", "file"]
    assert lines[1].startswith("today  kept  xxx")
