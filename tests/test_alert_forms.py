"""A message in every form: the same matter as text, HTML, Markdown and JSON, and nothing live."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cardwatch import app
from cardwatch.alerts import send
from cardwatch.alerts.digest import parcels
from cardwatch.alerts.envelope import body_of, in_form
from cardwatch.alerts.rules import rule_of
from cardwatch.errors import DeliveryError
from cardwatch.model import Document, Severity
from cardwatch.model.watch import (
    Event,
    Finding,
    Judgement,
    MatterKind,
    Message,
    Track,
    Verdict,
    WatchSource,
)
from cardwatch.watch import telling
from cardwatch.watch.redlines import redline_of
from tests.receiving import web_hook
from tests.schemas import path_of

HOSTILE = "<script>alert(1)</script> [x](http://evil.test) \x1b[31m \u202e `$(id)` @everyone"
SOURCE = WatchSource("harbor/terms", "https://harbor.test/terms")
LONG = " ".join(["Nothing that matters here is said again and again."] * 12)


def finding(**more: object) -> Finding:
    given = Finding(
        "m1", Event.OPENED, MatterKind.CHANGE, "harbor/terms", "2026-06-09T08:00:00+00:00",
        Severity.HIGH, "Harbor changed", url="https://harbor.test/terms",
    )  # fmt: skip
    return replace(given, **more)  # type: ignore[arg-type]


def judgement(old: str, new: str) -> Judgement:
    revision = app.compare(Document.from_text(old), Document.from_text(new))
    return Judgement(Verdict.CHANGED, revision=revision)


def message(told: Finding, judged: Judgement | None = None, report: str = "") -> Message:
    return telling.message_of(told, "stdout:", telling.letter(told, judged, report))


def test_a_redline_shows_the_words_that_changed() -> None:
    """However long the passage, what went and what came stand in both of its sides."""
    old = f"{LONG} We will keep your words for thirty days. {LONG}".replace("\n", " ")
    judged = judgement(old, old.replace("thirty", "ninety"))
    assert judged.revision is not None
    (change,) = [each for each in judged.revision.changes if not each.noise]
    was, now = redline_of(change).sides
    assert "thirty" in was
    assert "thirty" not in now
    assert "ninety" in now
    assert "ninety" not in was
    assert max(len(was), len(now)) <= 320


def test_a_change_is_marked_word_by_word_in_html() -> None:
    """What went is struck out and what came is underlined, and nothing is fetched."""
    judged = judgement("We may tell you of it at once.", "We will tell you of it at once.")
    made = message(telling.describe(finding(title=""), SOURCE, judged, Track()), judged)
    assert ">may</del>" in made.html
    assert ">will</ins>" in made.html
    assert "src=" not in made.html
    assert "was: " in made.markdown
    assert "is: " in made.markdown


def test_hostile_words_are_inert_in_every_form() -> None:
    """No markup, no link, no code of a terminal comes from a watched page."""
    judged = judgement(f"We may tell you. {HOSTILE}", f"We will not tell you. {HOSTILE} {HOSTILE}")
    made = message(finding(title=f"Harbor {HOSTILE}", lines=(HOSTILE,), source=HOSTILE), judged)
    for form in (made.html, made.markdown, made.text):
        assert "\x1b" not in form
        assert "\u202e" not in form
    assert "<script" not in made.html
    assert "<script" not in made.markdown
    assert "](http" not in made.markdown
    assert "@everyone" not in made.markdown


def test_a_digest_has_every_form_of_what_it_carries() -> None:
    """What is joined loses neither its HTML nor its Markdown nor its report."""
    one = message(finding(), report='{"schema": "cardwatch/brief/1"}')
    two = message(finding(matter="m2", title="Harbor is gone", kind=MatterKind.GONE))
    (parcel,) = parcels([one, two], {"stdout:": rule_of({"digest": "08:00"})})
    assert parcel.carries == (one, two)
    joined = parcel.message
    for title in ("Harbor changed", "Harbor is gone"):
        assert title in joined.html
        assert title in joined.markdown
        assert title in joined.text
    assert joined.html.count("<body") == 1
    report = json.loads(joined.report)
    assert [each["id"] for each in report["alerts"]] == [one.id, two.id]
    assert report["alerts"][0]["report"]["schema"] == "cardwatch/brief/1"


def test_a_file_of_lines_of_json(tmp_path: Path) -> None:
    """Each line is an alert, and what is sent again stands there once."""
    path = tmp_path / "alerts.jsonl"
    one = replace(message(finding()), channel=f"file:{path}")
    other = replace(message(finding(matter="m2")), channel=f"file:{path}")
    for each in (one, other, replace(other, repeated=True)):
        send(each, {"form": "json"})
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [each["id"] for each in lines] == [one.id, other.id]
    assert lines[0] == body_of(one)


def test_the_json_is_as_its_schema_says() -> None:
    """Of an alert and of a digest of alerts."""
    one, two = message(finding()), message(finding(matter="m2", packs=("terms",)))
    (parcel,) = parcels([one, two], {"stdout:": rule_of({"digest": "08:00"})})
    for name, value in (
        ("alert/1", body_of(one)),
        ("alert/1", body_of(parcel.message)),
        ("digest/1", json.loads(parcel.message.report)),
    ):
        schema = json.loads(path_of(name).read_text())
        Draft202012Validator(schema).validate(json.loads(json.dumps(value)))


def test_unknown_forms_are_named() -> None:
    """A slip in a form is an error that lists the forms."""
    with pytest.raises(DeliveryError) as wrong:
        in_form(message(finding()), {"form": "xml"})
    assert "json" in wrong.value.hint


def test_a_web_hook_gets_the_comparison_alone() -> None:
    """``body = "report"`` posts JSON under our schema, which a program reads as it reads ours."""
    from cardwatch.reports import Diff, View, render

    old, new = Document.from_text("We may tell you."), Document.from_text("We will tell you.")
    revision = app.compare(old, new)
    report = render(Diff(revision, old, new), "json", View())
    with web_hook() as hook:
        made = replace(message(finding(), report=report), channel=f"webhook:{hook.url}")
        send(made, {"body": "report"})
        send(made, {})
        send(replace(made, report=""), {"body": "report"})
    alone, whole, without = (json.loads(body) for _, _, body in hook.posts)
    schema = json.loads(path_of("revision/1").read_text())
    Draft202012Validator(schema).validate(alone)
    assert whole["schema"] == without["schema"] == "cardwatch/alert/1"
    assert (whole["report"], without["report"]) == (alone, None)
