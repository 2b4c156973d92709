"""Saved reports read back: the same result, or one error that names the place."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cardwatch.errors import ReportError
from cardwatch.reports import REPORTERS, Several, View, render
from cardwatch.reports.saved import load
from tests import hostile
from tests.conftest import Ran
from tests.small import DOCUMENT
from tests.test_report_forms import results

Run = Callable[..., Ran]


@pytest.mark.parametrize("at", range(3))
@pytest.mark.parametrize("form", sorted(REPORTERS))
def test_a_saved_report_gives_the_same_reports(at: int, form: str) -> None:
    """From the JSON alone comes what came from the documents, in every form, to the byte."""
    result = results(DOCUMENT, DOCUMENT)[at]
    again = load(render(result, "json", View()))
    assert render(again, form, View()) == render(result, form, View())


def test_several_reports_are_one_file_and_come_back() -> None:
    """Results that were saved together are read back together."""
    several = Several(tuple(results(DOCUMENT, DOCUMENT)))
    text = render(several, "json", View())
    assert render(load(text), "json", View()) == text


def test_hostile_words_survive_saving() -> None:
    """What was read back is as inert as what was saved."""
    document = hostile.document()
    for result in results(document, document):
        again = load(render(result, "json", View()))
        for form in sorted(REPORTERS):
            assert render(again, form, View()) == render(result, form, View())


def saved() -> dict[str, Any]:
    value: dict[str, Any] = json.loads(render(results(DOCUMENT, DOCUMENT)[0], "json", View()))
    return value


def without(value: dict[str, Any], *path: Any) -> dict[str, Any]:
    made = copy.deepcopy(value)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    del inner[path[-1]]
    return made


def changed(value: dict[str, Any], new: Any, *path: Any) -> dict[str, Any]:
    made = copy.deepcopy(value)
    inner: Any = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return made


def broken() -> Iterator[tuple[Any, str]]:
    value = saved()
    yield without(value, "gaps", 0, "span"), "'span' is missing at $.gaps[0]"
    yield changed(value, 1, "gaps", 0, "extra"), "'extra' is not known at $.gaps[0]"
    yield changed(value, "maybe", "gaps", 0, "status"), "at $.gaps[0].status"
    yield changed(value, "1", "gaps", 0, "confidence"), "a number is wanted"
    yield changed(value, 1.5, "gaps", 0, "page"), "a whole number is wanted"
    yield changed(value, {"start": 9, "end": 3}, "gaps", 0, "span"), "not a span"
    yield changed(value, "other words", "gaps", 0, "quote"), "does not fill its span"
    yield changed(value, 10**12, "shapes", "document", "characters"), "a text of"
    yield changed(value, -1, "shapes", "document", "characters"), "a text of"
    yield changed(value, 1, "shapes", "document", "sections", 1, "parent"), "ahead of it"
    yield changed(value, 99999, "shapes", "document", "pages", 0, "start"), "not a span"
    yield changed(value, [], "shapes"), "an object is wanted"
    yield changed(value, "cardwatch/gaps/9", "schema"), "holds no findings"
    yield changed(value, {"a": 1}, "triage"), "at $.triage"
    yield {"schema": "cardwatch/reports/1", "reports": 1}, "a list of reports"
    yield [], "an object is wanted"


@pytest.mark.parametrize(("value", "complaint"), list(broken()))
def test_what_is_not_as_written_is_refused_with_its_place(value: Any, complaint: str) -> None:
    """Nothing is guessed: the error says what is wrong, and where."""
    with pytest.raises(ReportError) as caught:
        load(json.dumps(value), where="x.json")
    assert complaint in str(caught.value)
    assert not hostile.ACTIVE.search(str(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 100_000,
        '{"a":' * 100_000,
        "NaN",
        "1" * 10_000,
        '"\\ud800"',
        "\x1b[31m",
        "null",
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    """No nesting, number or escape gets further than the error."""
    with pytest.raises(ReportError) as caught:
        load(text)
    assert not hostile.ACTIVE.search(str(caught.value))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_damage_is_refused_or_harmless(data: st.DataObject) -> None:
    """Whatever one value is exchanged for, it is refused, or the reports can still be made."""
    value: Any = copy.deepcopy(SAVED)
    inner = value
    while True:
        keys: list[Any] = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
        key = data.draw(st.sampled_from(keys))
        if isinstance(inner[key], dict | list) and inner[key] and data.draw(st.booleans()):
            inner = inner[key]
            continue
        inner[key] = data.draw(
            st.sampled_from([None, 0, -1, 10**30, 0.5, True, "", "<b>", [], {}, [[]], [None]])
        )
        break
    try:
        result = load(json.dumps(value))
    except ReportError:
        return
    for form in ("terminal", "html", "csv", "sarif", "junit", "markdown"):
        render(result, form, View())


SAVED = saved()


# -- the command ----------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "saved.json"
    path.write_text(render(results(DOCUMENT, DOCUMENT)[0], "json", View()), "utf-8")
    return path


def test_report_writes_any_form(cardwatch: Run, file: Path, tmp_path: Path) -> None:
    """The command reads saved results and ends as the command that made them."""
    for form in REPORTERS:
        ran = cardwatch("report", file, "--format", form)
        assert ran.code == 1, ran.err
        assert ran.out
    ran = cardwatch("report", file, file, "--format", "html", "-o", tmp_path / "r.html")
    assert ran.code == 1
    assert "2 reports" in (tmp_path / "r.html").read_text("utf-8")


def test_a_baseline_of_itself_leaves_nothing_new(cardwatch: Run, file: Path) -> None:
    """What was there before is counted, not found: exit code 0."""
    ran = cardwatch("report", file, "--baseline", file)
    assert ran.code == 0
    assert "2 known from the baseline" in ran.out
    assert "Nothing new found" in ran.out


def test_suppressions_count_and_expire(cardwatch: Run, file: Path, tmp_path: Path) -> None:
    """A suppression leaves a finding out until its day has passed."""
    orders = tmp_path / "suppress.toml"
    orders.write_text('[[suppress]]\nrule = "NOT-*"\nreason = "known"\n', "utf-8")
    ran = cardwatch("report", file, "--suppress", orders)
    assert (ran.code, "2 suppressed" in ran.out) == (0, True)
    orders.write_text('[[suppress]]\nrule = "*"\nreason = "x"\nexpires = 2001-01-01\n', "utf-8")
    ran = cardwatch("report", file, "--suppress", orders)
    assert (ran.code, "1 expired suppression" in ran.out) == (1, True)


def test_two_forms_at_once_cannot_be(cardwatch: Run, file: Path) -> None:
    """A contradiction of flags is an error, not a choice made in silence."""
    ran = cardwatch("report", file, "--json", "--format", "csv")
    assert ran.code == 2
    assert "two forms" in ran.err


def test_a_missing_or_wrong_file_is_told(cardwatch: Run, tmp_path: Path) -> None:
    """What cannot be read back ends with 2 and one message."""
    wrong = tmp_path / "wrong.json"
    wrong.write_bytes(b"\xff\xfe")
    for path, message in ((tmp_path / "none.json", "no such file"), (wrong, "is not UTF-8")):
        ran = cardwatch("report", path)
        assert ran.code == 2
        assert message in ran.err
        assert "Traceback" not in ran.err
