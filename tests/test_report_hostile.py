"""Forms besides those of findings: patch, calendar, lists of promises, histories, drafts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

import cardwatch
from cardwatch.model import (
    Actor,
    Coverage,
    Document,
    DueState,
    History,
    Outcome,
    Passage,
    Period,
    PeriodUnit,
    Promise,
    PromiseReport,
    Span,
    Step,
    Strength,
    Trace,
    Upload,
    Version,
    Wording,
)
from cardwatch.reports import (
    CheckedDraft,
    Citation,
    Packed,
    Past,
    Promises,
    Subject,
    Verified,
    View,
    render,
)
from tests import hostile
from tests.test_report_forms import TAGS, Page
from tests.test_reports import diff_of

LONG = "word" * 50_000


def promises(form: str, longest: int = 0) -> Promises:
    """A promise of which every field is hostile."""
    document = hostile.document(longest=longest)
    words = f"=1+1 {hostile.ALL}\r\nEND:VCALENDAR;X=1,2\\n" + LONG[:longest]
    passage = Passage(Span(0, len(words)), words, 3, hostile.ALL)
    promise = Promise(
        "0a1b",
        passage,
        Actor.PUBLISHER,
        Strength.COMMITTED,
        hostile.ALL,
        (passage,),
        every=Period(3.0, 3.0, PeriodUnit.MONTHS),
        event=hostile.ALL,
        conditions=(passage,),
        start="2026-01-31",
        state=DueState.AHEAD,
        ahead=("2026-04-30",),
    )
    report = PromiseReport(
        document.source, hostile.ALL, (promise,), "2026-01-31", hostile.ALL, "2026-02-01",
        Coverage(),
    )  # fmt: skip
    return Promises(report, form)


def past(longest: int = 0) -> Past:
    """A history whose labels, titles and wordings are hostile."""
    source = hostile.document().source
    versions = tuple(
        Version(n, source, hostile.ALL, f"{hostile.ALL}{n}", Upload.REPLACED, 1, 2)
        for n in range(1, 5)
    )
    wordings = tuple(
        Wording(
            Passage(Span(0, 9), f"{words}{LONG[:longest]}", 2, hostile.ALL),
            held,
            Strength.COMMITTED,
            (hostile.ALL,),
        )
        for words, held in ((hostile.ALL, (1,)), (f"not {hostile.ALL} =1", (2, 4)))
    )
    trace = Trace(
        hostile.ALL,
        wordings,
        (Step(1, 2, Outcome.WEAKENED),),
        1,
        4,
        (0, -1, None, -1),
        wordings[-1].passage,
        overall=Outcome.WEAKENED,
    )
    gone = replace(trace, last=2, path=(0, -1, None, None), overall=Outcome.REMOVED)
    return Past(History(versions, (trace, gone)))


def others(longest: int = 0) -> dict[str, Subject]:
    """Every other subject that is told in a terminal, or in a form of its own, made hostile."""
    document = hostile.document(longest=longest)
    quoted = cardwatch.quote(document, Span(0, len(document.text)))
    other = Document.from_text(document.text.replace("never", "always"))
    # no reader lets half a character through: what is read anew is whole
    plain = document.text.replace("\ud800", "?")
    draft = Document.from_text(f"It says “{plain[:3000]}”.\n\n> {plain[:900]}")
    source = replace(Document.from_text(plain), title=hostile.ALL)
    checked = cardwatch.check_draft(draft, [source])
    return {
        "patch": replace(diff_of(document, document), form="patch"),
        "calendar": promises("ics", longest),
        "promises": promises("", longest),
        "promises csv": promises("csv", longest),
        "history": past(longest),
        "citation": Citation(quoted),
        "verification": Verified(cardwatch.verify(quoted, other), quoted, other),
        "draft": CheckedDraft(checked, draft, (source,)),
        "draft markdown": CheckedDraft(checked, draft, (source,), "markdown"),
        "pack": Packed(hostile.ALL, "ab", ((hostile.ALL, 3),), quoted, (hostile.ALL,)),
    }


@pytest.mark.parametrize("longest", [0, 200_000])
@pytest.mark.parametrize("name", sorted(others()))
def test_nothing_hostile_stays_active(name: str, longest: int) -> None:
    """Escapes, controls and marks that turn writing round reach no terminal and no file."""
    text = render(others(longest)[name], "terminal", View(explain=True))
    ended = text.replace("\r\n", "\n") if name == "calendar" else text
    assert not hostile.ACTIVE.search(ended.replace("\n", "").replace("\t", ""))
    text.encode("utf-8")


def test_a_calendar_has_the_lines_that_it_means_to_have() -> None:
    """Words of a promise begin no line of their own, and none is longer than 75 octets."""
    text = render(promises("ics"), "terminal", View())
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    names = [
        line.partition(":")[0].partition(";")[0] for line in lines if line[:1] not in ("", " ")
    ]
    assert names.count("END") == 2
    assert set(names) <= set(
        "BEGIN VERSION PRODID CALSCALE UID DTSTAMP DTSTART DTEND RRULE SUMMARY DESCRIPTION TRANSP"
        " END".split()
    )


def test_promises_in_a_spreadsheet_compute_nothing() -> None:
    """No cell begins as a formula does, parted at commas or, as some countries do, semicolons."""
    text = render(promises("csv"), "terminal", View())
    for row in list(csv.reader(io.StringIO(text)))[1:]:
        assert not [cell for cell in row if cell.startswith(tuple("=+-@|%\t\r"))]


def test_a_patch_has_one_line_for_one_line() -> None:
    """No word of a document passes for a file's head, a hunk's head or a line of its own."""
    document = Document.from_text("a\n--- x\n+++ y\n@@ -1 +1 @@\n\nb c d e f")
    text = render(replace(diff_of(document, document), form="patch"), "terminal", View())
    assert sum(line.startswith("--- ") for line in text.splitlines()) == 1
    assert sum(line.startswith("+++ ") for line in text.splitlines()) == 1


@pytest.mark.parametrize("longest", [0, 200_000])
def test_a_history_on_a_page_is_inert(longest: int) -> None:
    """A document's words, labels and addresses stay text in the page of a history too."""
    text = render(past(longest), "html", View(explain=True))
    assert len(text) < 400_000
    page = Page(text)
    assert {tag for tag, _ in page.tags} <= TAGS
    for tag, attributes in page.tags:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        assert not {"src", "srcset", "action"} & set(attributes)
        assert tag != "a" or (attributes["href"] or "").startswith("#")
    assert "alert(1)" in page.text
    assert "alert(1)" not in page.inside["script"]
    assert not hostile.ACTIVE.search(text.replace("\n", ""))
