"""Small steps: told apart quickly where they cannot add up, measured from what was told else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardwatch import app
from cardwatch import capture as judging
from cardwatch.model import Document, Revision
from cardwatch.model.watch import Capture, State, Verdict
from tests.test_watch import TERMS, changed

AT = "2026-06-01T00:00:00+00:00"


def text(paragraphs: tuple[str, ...]) -> str:
    return "\n\n".join(paragraphs)


TOLD = text(TERMS)
LAST = text(changed(TERMS, "3 days ago", "5 days ago"))


def state(name: str, group: str) -> State:
    return State(name, group, name, 100, "text 1", AT, AT)


def judged(new: str) -> tuple[Verdict, int]:
    """The verdict on a text after TOLD and LAST, and how often it was compared with TOLD."""
    texts = {"told": TOLD, "last": LAST}
    compared = 0

    def compare(name: str) -> Revision:
        nonlocal compared
        compared += 1
        return app.compare(Document.from_text(texts[name]), Document.from_text(new))

    def small(name: str) -> Revision | None:
        return app.compare_noise(Document.from_text(texts[name]), Document.from_text(new))

    known = judging.Known(
        {"told": state("told", "told"), "last": state("last", "told")}, "told", "last"
    )
    tools = judging.Tools(texts.__getitem__, compare, small)
    capture = Capture("", "", "new", "new", "Terms", new, len(new.split()))
    return judging.judge(capture, known, tools).verdict, compared


def test_a_date_that_went_on_is_noise_at_once() -> None:
    """Nothing but links, quotes and dates: the text that was told is not asked again."""
    new = LAST.replace("5 days", "6 days").replace('"Changes"', "“Changes”")
    assert judged(new) == (Verdict.NOISE, 0)


@pytest.mark.parametrize(
    ("old", "new"), [("eighteen", "sixteen"), ("We may suspend", "We will suspend")]
)
def test_a_real_change_is_measured_from_what_was_told(old: str, new: str) -> None:
    """A word of weight is no small step."""
    assert judged(LAST.replace(old, new)) == (Verdict.CHANGED, 1)


def test_what_might_add_up_is_measured_from_what_was_told() -> None:
    """Passages that moved are noise one by one; whether all of them are is asked each time."""
    moved = text((*TERMS[:2], *TERMS[3:], TERMS[2])).replace("3 days", "6 days")
    verdict, compared = judged(moved)
    assert (verdict, compared) == (Verdict.NOISE, 1)


def test_a_text_of_another_group_is_no_step() -> None:
    """After a bad capture, or another text, the last one says nothing of this one."""
    last = replace(state("last", "other"))
    known = judging.Known({"told": state("told", "told"), "last": last}, "told", "last")
    asked: list[str] = []

    def compare(name: str) -> Revision:
        asked.append(name)
        return app.compare(Document.from_text(TOLD), Document.from_text(LAST))

    tools = judging.Tools(lambda _: TOLD, compare, lambda _: pytest.fail("asked"))
    capture = Capture("", "", "new", "new", "Terms", LAST, len(LAST.split()))
    assert judging.judge(capture, known, tools).verdict is Verdict.NOISE
    assert asked == ["told"]
