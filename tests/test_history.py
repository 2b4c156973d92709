"""Histories: each statement through all versions, and what was replaced without a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import cardwatch
from cardwatch.history.wording import bare, edition_names
from cardwatch.model import Document, History, Outcome, Trace, Upload
from cardwatch.reports.terminal.history import plot
from tests.conftest import Ran

RETAIN = "We will delete every record of a conversation within {} days of a request."
HEAD = "Usage rules\n\nLast updated: {}\n\n"
REST = (
    "We will tell account holders why an account was closed.\n\n"
    "An auditor from outside will examine our records once a year."
)


def version(days: int | None, *, dated: str = "3 May 2026", extra: str = "") -> Document:
    statement = f"{RETAIN.format(days)}\n\n" if days else ""
    return Document.from_text(HEAD.format(dated) + statement + REST + extra)


def history(*documents: Document, blame: str = "") -> History:
    return cardwatch.trace_history(documents, blame=blame)


def of(found: History, words: str) -> Trace:
    return next(t for t in found.traces if words in t.wordings[0].passage.quote)


def test_many_small_steps_are_one_slope() -> None:
    """Each wording is kept with its versions, and the plot falls with every weaker step."""
    found = history(*(version(days, dated=f"{days} May 2026") for days in (5, 10, 20, 30)))
    trace = of(found, "delete every record")
    assert [wording.versions for wording in trace.wordings] == [(1,), (2,), (3,), (4,)]
    assert [step.outcome for step in trace.steps] == [Outcome.WEAKENED] * 3
    assert trace.path == (0, -1, -2, -3)
    assert trace.overall is Outcome.WEAKENED
    assert plot(trace) == "█▆▃▁"
    assert of(found, "account holders").path == (0, 0, 0, 0)


def test_first_and_last_seen() -> None:
    """A statement that comes and goes has the versions that have it."""
    found = history(version(None), version(5), version(5), version(None))
    trace = of(found, "delete every record")
    assert (trace.first, trace.last) == (2, 3)
    assert trace.path == (None, 0, 0, None)
    assert trace.overall is Outcome.REMOVED


def test_a_statement_that_returns_is_the_same() -> None:
    """What was dropped and comes back in the same words is one statement with a gap."""
    found = history(version(5), version(None), version(5))
    trace = of(found, "delete every record")
    assert trace.path == (0, None, 0)
    assert len([t for t in found.traces if "delete every" in t.wordings[0].passage.quote]) == 1
    assert found.versions[2].upload is Upload.RETURNED
    assert found.versions[2].like == 1


def test_silent_re_upload() -> None:
    """Other bytes under the same label are named, with whether it matters."""
    quoted = version(30, extra=" We “keep” that.")
    straight = version(30, extra=' We "keep" that.')
    found = history(version(5), quoted, straight, straight)
    assert [v.upload for v in found.versions] == [
        Upload.FIRST,
        Upload.REPLACED,
        Upload.NOISE,
        Upload.SAME_BYTES,
    ]
    assert found.versions[1].changes > 0
    other = history(version(5), version(30, dated="9 June 2026"))
    assert other.versions[1].upload is Upload.NEW


def test_the_same_day_is_the_same_label() -> None:
    """A date written otherwise is no new label."""
    one = cardwatch.trace_history([version(5), version(30, dated="May 3, 2026")])
    assert one.versions[1].upload is Upload.REPLACED


def test_no_label_is_no_accusation() -> None:
    """Without a version or date of its own a document is replaced under no label."""
    found = history(Document.from_text("We will keep logs."), Document.from_text("We keep none."))
    assert found.versions[1].upload is Upload.NEW


def test_blame() -> None:
    """A passage of the last version is told since when it has its words."""
    found = history(version(5), version(30), version(30), blame="record of a conversation")
    (blame,) = found.blames
    assert blame.since == 2
    assert len(blame.trace.wordings) == 2


def test_the_product_s_number_is_no_change() -> None:
    """A name whose number goes up through the whole document is the same name."""
    line = "You may not use Heron {n} to deceive. Heron {n} must be named. We made Heron {n}."
    old, new = (Document.from_text(line.format(n=n)) for n in ("2", "3.1"))
    assert edition_names(old) == {("Heron", "2")}
    texts = [bare(document.text, edition_names(document)) for document in (old, new)]
    assert texts[0] == texts[1]
    assert all(len(trace.wordings) == 1 for trace in history(old, new).traces)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("See https://www.pier.example/lamp.", "See pier.example/lamp."),
        ("Keep it human-made.", "Keep it human made."),
        ("4.2 Keep it lit.", "5.1 Keep it lit."),
        ("<span class='x'>Keep</span> it lit.", "Keep it lit."),
    ],
)
def test_make_up_is_no_wording(one: str, other: str) -> None:
    """How a link is written, marks of a page and list numbers make no other wording."""
    assert bare(one, frozenset()) == bare(other, frozenset())


def test_renumbering_is_folded() -> None:
    """A version whose paragraphs only bear other numbers has no change of substance."""
    line = "# Rules\n\n{a} We will keep the lamp lit at night.\n\n{b} We will publish a log.\n"
    old, new = (
        cardwatch.read(line.format(a=a, b=b).encode(), media_type="markdown")
        for a, b in (("2.1", "2.2"), ("3.1", "3.2"))
    )
    assert history(old, new).versions[-1].changes == 0


def test_what_moved_stands_before_what_was_reworded() -> None:
    """A statement that weakened ranks before one that only says the same otherwise."""
    old = version(5, extra="\n\nWe will hold a meeting every year in the big hall.")
    new = version(50, extra="\n\nWe will hold a meeting each year in the big hall.")
    moved = [trace for trace in history(old, new).traces if len(trace.wordings) > 1]
    assert "delete every record" in moved[0].latest.quote


def test_same_input_same_history() -> None:
    """A history is the same whenever it is told."""
    given = [version(days) for days in (5, 10, None, 20)]
    assert history(*given) == history(*given)


def test_every_passage_is_its_text() -> None:
    """Each wording is the text at its span in the first version that has it."""
    given = [version(days) for days in (5, 10, 20)]
    for trace in history(*given).traces:
        for wording in trace.wordings:
            document = given[wording.versions[0] - 1]
            assert document.quote(wording.passage.span) == wording.passage.quote


def test_command(cardwatch: Callable[..., Ran], tmp_path: Path) -> None:
    """The command tells a history, blames a passage, and wants two versions."""
    paths = []
    for name, days in (("a", 5), ("b", 30)):
        paths.append(tmp_path / f"{name}.txt")
        paths[-1].write_text(version(days).text, "utf-8")
    ran = cardwatch("history", *paths)
    assert ran.code == 1
    assert "replaced under the same label" in ran.out
    assert "█▁" in ran.out
    assert "since version 2" in cardwatch("history", *paths, "--blame", "record of a").out
    assert cardwatch("history", paths[0]).code == 2
    assert cardwatch("history", paths[0], paths[0]).code == 0
    assert '"cardwatch/history/1"' in cardwatch("history", *paths, "--json").out


@pytest.mark.shared
def test_six_releases(shared: Path) -> None:
    """Through six real releases most statements stay, and none is lost for its product's number."""
    names = ("llama2", "llama3", "llama3_1", "llama3_2", "llama3_3", "llama4")
    found = cardwatch.trace_history(
        [cardwatch.read(shared / "real/llama" / name / "USE_POLICY.md") for name in names]
    )
    whole = [trace for trace in found.traces if (trace.first, trace.last) == (1, 6)]
    assert len(whole) > 0.8 * len(found.traces)
    assert sum(len(trace.wordings) == 1 for trace in whole) > 0.6 * len(whole)
