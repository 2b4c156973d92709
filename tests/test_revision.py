"""Audits: what became of each commitment, and whether the account tells of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import cardwatch
from cardwatch.model import (
    AnnouncementStatus,
    Change,
    Document,
    Found,
    Matter,
    Outcome,
    Reading,
    RevisionAudit,
)
from cardwatch.reports import Audit, Past, Promises, Subject, View, render
from cardwatch.resources import folder
from cardwatch.revision.accounts import date_in, find_accounts, is_general, names_of
from cardwatch.revision.places import named
from tests.conftest import Ran
from tests.measure import revision as measured
from tests.schemas import path_of

DEMO = folder("corpora") / "demo"

OLD = """# Pledge, version 1.0

## 1. Release

1.1 We will not release a model until two outside groups have tested it for thirty days.

1.2 We will tell the harbour authority within 24 hours when a guard has failed.

1.3 We keep records of every test for ten years.

## 2. Review

2.1 An outside auditor will review our work every six months.
"""
NEW = """# Pledge, version 2.0

## 1. Review

1.1 An outside auditor will review our work every twelve months.

## 2. Release

2.1 We keep records of every test for ten years.

2.2 We may tell the harbour authority when a guard has failed, if we think it useful.
"""
LOG = """# Changelog

## Version 2.0

- Reviews by an outside auditor now take place every twelve months, and no longer every six.
- Clarified the wording throughout this text.
- Staff receive a yearly bonus in shells.

## Version 1.0

- The crow's nest was painted green.
"""


def document(text: str, tmp_path: Path, name: str = "x.md") -> Document:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return cardwatch.read(path)


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Document, Document]:
    return document(OLD, tmp_path, "old.md"), document(NEW, tmp_path, "new.md")


@pytest.fixture
def audited(pair: tuple[Document, Document], tmp_path: Path) -> RevisionAudit:
    return cardwatch.audit_revision(*pair, document(LOG, tmp_path, "log.md"))


def of(audit: RevisionAudit, words: str) -> Change:
    return next(
        change
        for change in audit.changes
        if any(side and words in side.quote for side in (change.old, change.new))
    )


def status(change: Change) -> AnnouncementStatus:
    assert change.announcement is not None
    return change.announcement.status


def test_what_went_and_what_weakened(audited: RevisionAudit) -> None:
    """A commitment without a successor went; one that now binds less weakened."""
    assert of(audited, "two outside groups").outcome is Outcome.REMOVED
    told = of(audited, "within 24 hours")
    assert told.outcome is Outcome.WEAKENED
    assert told.new
    assert "We may tell" in told.new.quote
    assert of(audited, "outside auditor").outcome is Outcome.WEAKENED


def test_renumbering_is_no_change(audited: RevisionAudit) -> None:
    """A paragraph that only bears another number is not listed."""
    assert not any(
        side and "ten years" in side.quote for c in audited.changes for side in (c.old, c.new)
    )


def test_who_was_told(audited: RevisionAudit) -> None:
    """What the account says from what to what is announced; what it does not speak of is silent."""
    assert status(of(audited, "outside auditor")) is AnnouncementStatus.ANNOUNCED
    assert status(of(audited, "two outside groups")) is AnnouncementStatus.SILENT
    assert of(audited, "two outside groups") in audited.undeclared


def test_what_went_in_silence_comes_first(audited: RevisionAudit) -> None:
    """Of what went or weakened, what binds alike stands in order of how little was told of it."""
    order = [status(c) for c in audited.changes if c.outcome in (Outcome.REMOVED, Outcome.WEAKENED)]
    assert order[0] is AnnouncementStatus.SILENT
    assert order.index(AnnouncementStatus.ANNOUNCED) == len(order) - 1


def test_declared_and_not_found(audited: RevisionAudit) -> None:
    """A declared change that no edition shows is named; general lines and old entries are not."""
    assert [passage.quote for passage in audited.unfound] == [
        "Staff receive a yearly bonus in shells."
    ]
    found = {d.passage.quote: d.found for d in audited.declarations}
    assert found["Clarified the wording throughout this text."] is Found.GENERAL
    assert not any("painted" in quote for quote in found)


def test_no_account_is_a_result(pair: tuple[Document, Document]) -> None:
    """Without an account there are changes and outcomes, and no rate."""
    audit = cardwatch.audit_revision(*pair, None)
    assert audit.silent_rate_strict is None
    assert audit.silent_rate_lenient is None
    assert {status(change) for change in audit.changes} == {AnnouncementStatus.NO_ACCOUNT}
    assert not audit.unfound


def test_account_inside_the_new_edition(tmp_path: Path) -> None:
    """A list of changes in the new edition is found by itself and is itself no change."""
    inside = NEW + "\n## Changes in this version\n\n- Reviews are every twelve months, not six.\n"
    audit = cardwatch.audit_revision(
        document(OLD, tmp_path, "old.md"), document(inside, tmp_path, "new.md")
    )
    assert [(account.listed, account.inside) for account in audit.accounts] == [(True, True)]
    assert not any(c.new and "not six" in c.new.quote for c in audit.changes)
    assert status(of(audit, "outside auditor")) is not AnnouncementStatus.SILENT


@pytest.mark.parametrize(
    ("body", "listed"),
    [
        ("- The lamp is now lit at dusk.\n", True),
        ("We may change these rules at any time.\n", False),
    ],
)
def test_a_right_to_change_is_no_list_of_changes(
    body: str, tmp_path: Path, *, listed: bool
) -> None:
    """A section headed as changes lists them, unless it speaks of the right to make them."""
    text = f"# Rules\n\n## Lamps\n\nWe light the lamp.\n\n## Changes\n\n{body}"
    reading = Reading(document(text, tmp_path), ())
    assert bool(find_accounts(reading)) is listed


def test_rates_are_shares(audited: RevisionAudit) -> None:
    """Strict is at least lenient, and the outcomes' counts add up to the whole."""
    strict, lenient = audited.silent_rate_strict, audited.silent_rate_lenient
    assert strict is not None
    assert lenient is not None
    assert 0 <= lenient <= strict <= 1
    rows = [rate for rate in audited.rates if rate.group == "outcome"]
    total = sum(rate.changes for rate in rows)
    assert lenient == pytest.approx(sum(rate.silent for rate in rows) / total, abs=1e-3)
    assert len(audited.undeclared) == sum(rate.silent for rate in rows)


def test_same_editions_have_nothing_to_tell(pair: tuple[Document, Document]) -> None:
    """An edition against itself has no changes, whatever an account says."""
    audit = cardwatch.audit_revision(pair[0], pair[0], pair[1])
    assert not audit.changes
    assert audit.silent_rate_strict is None


def test_lost_item_is_doubtful(tmp_path: Path) -> None:
    """A list item that is gone where the list was run together may be the conversion's."""
    items = (
        "[^1]: Note that:\n    - The first bar is that of the harbour pledge of last year.\n"
        "    - The second bar differs from that and is lower by a good deal.\n"
    )
    run = "[^1]: Note that: ● The second bar differs from that and is lower by a good deal.\n"
    head = "# Card\n\nThe bars are drawn.[^1] We will keep them drawn for all to see.\n\n"
    audit = cardwatch.audit_revision(
        document(head + items, tmp_path, "old.md"),
        document(head + run, tmp_path, "new.md"),
        Document.from_text("We redrew the sails."),
    )
    assert [c.old.quote[:13] for c in audit.doubtful if c.old] == ["The first bar"]
    assert not any("first bar" in c.old.quote for c in audit.undeclared if c.old)


@pytest.mark.parametrize(
    ("text", "general"),
    [
        ("This update is a comprehensive rewrite.", True),
        ("Clarified throughout; minor fixes.", True),
        ("The pledge is now version 2.0.", True),
        ("The harbour authority is told within two days.", False),
    ],
)
def test_lines_that_fit_every_revision(text: str, *, general: bool) -> None:
    """A line without words of its own identifies nothing; the document's name is none of them."""
    assert is_general(text, names_of(Document.from_text(""), _titled("Pledge"))) is general


def _titled(title: str) -> Document:
    from dataclasses import replace

    return replace(Document.from_text(title), title=title)


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Updated Section 2.4.1 and Table 3.1.", {"2.4.1", "table 3.1"}),
        ("in Sections 3.1, 3.6, and 3.12.4", {"3.1", "3.6", "3.12.4"}),
        ("Appendix E.1: a correction", {"E.1"}),
        ("see Figure 7.2.3.A.", {"figure 7.2.3.A"}),
        ("a section of the crew", set()),
    ],
)
def test_places_that_an_account_names(text: str, places: set[str]) -> None:
    """Numbered places are read however they are listed."""
    assert set(named(text)) == places


def test_dates_in_headings() -> None:
    """A date is read in its usual forms; a day that no month has is none."""
    assert date_in("3 May 2026") == date_in("May 3, 2026") == date_in("2026-05-03") == (2026, 5, 3)
    assert date_in("Version of Smarch 2026") is None


def test_an_entry_for_another_place_is_no_evidence(tmp_path: Path) -> None:
    """A list's entry speaks of the place that it names, however alike the words elsewhere are."""
    text = "## 1. Day\n\nWe {} the pier lamp {}.\n\n## 2. Night\n\nWe {} the night lamp {}.\n"
    old = document(text.format(*["will clean", "each week"] * 2), tmp_path, "o.md")
    new = document(
        text.format("may clean", "now and then", "will clean", "twice each week"), tmp_path, "n.md"
    )
    log = "# Changes\n\n- In Section 2, we now clean the lamp twice each week, not now and then.\n"
    audit = cardwatch.audit_revision(old, new, document(log, tmp_path, "l.md"))
    assert status(of(audit, "the pier lamp")) is AnnouncementStatus.SILENT
    assert status(of(audit, "the night lamp")) is not AnnouncementStatus.SILENT


def test_quotes_are_the_text(audited: RevisionAudit, pair: tuple[Document, Document]) -> None:
    """Every side of a change, and the nearest passage, is the edition's text at its span."""
    for change in audited.changes:
        for side, edition in zip((change.old, change.new, change.nearest), (*pair, pair[1]),
                                 strict=True):  # fmt: skip
            assert side is None or edition.quote(side.span) == side.quote


def test_demo_corpus() -> None:
    """The demo's revisions are audited at least as well as they have been."""
    floors = {
        "framework-v2.md: changes found": 16,
        "framework-v2.md: outcomes right": 12,
        "framework-v2.md: kept and not reported": 3,
        "framework-v2.md: announced as the changelog has it": 10,
        "framework-v2.md: announced as the post has it": 11,
        "framework-v2.md: declared in the changelog and found nowhere": 1,
        "terms-v2.html: changes found": 7,
        "card: undeclared and named": 1,
        "card: declared and not accused": 12,
        "card: lines of its list borne out": 11,
    }
    found = {figure.name: figure for figure in measured.figures()}
    for name, floor in floors.items():
        assert found[name].right >= floor, (name, found[name].misses)


def test_command(cardwatch: Callable[..., Ran]) -> None:
    """The command shows rates and changes, selects, explains, and refuses unknown names."""
    old, new = DEMO / "framework-v1.md", DEMO / "framework-v2.md"
    log = DEMO / "framework-changelog.md"
    ran = cardwatch(
        "revision", old, new, "--account", log, "--account", DEMO / "framework-announcement.md"
    )
    assert ran.code == 1
    assert "were not announced" in ran.out
    assert "Declared, and not found" in ran.out
    only = cardwatch("revision", old, new, "--account", log, "--only", "removed,silent")
    assert "REMOVED  silent" in only.out
    assert "STRENGTHENED" not in only.out
    assert cardwatch("revision", old, new, "--only", "vanished").code == 2
    assert "no rate without an account" in cardwatch("revision", old, new).out
    assert "weight" in cardwatch("revision", old, new, "--explain").out
    assert '"cardwatch/audit/1"' in cardwatch("revision", old, new, "--json").out


@pytest.mark.slow
@pytest.mark.shared
def test_card_against_its_own_list(shared: Path) -> None:
    """Of a real card's revision, one change is undeclared, one is doubtful, none is unfound."""
    place = shared / "real/fable-5"
    audit = cardwatch.audit_revision(
        cardwatch.read(place / "card-2026-06-09.md"), cardwatch.read(place / "card-2026-06-11.md")
    )
    assert len(audit.doubtful) == 1
    assert not audit.unfound
    assert len(audit.undeclared) <= 2
    assert any(change.new and "harness" in change.new.quote for change in audit.undeclared)


@pytest.mark.slow
@pytest.mark.shared
def test_rewritten_framework(shared: Path) -> None:
    """A rewrite that dropped its pledge to wait shows on the first page that it went."""
    place = shared / "real/rsp"
    names = ("rsp-v2.2.txt", "rsp-v3.0.txt", "announcement-v3.0.md")
    audit = cardwatch.audit_revision(*(cardwatch.read(place / name) for name in names))
    by_id = {change.id: change for change in audit.changes}

    def words(matter: Matter) -> str:
        return " ".join(c.old.quote for i in matter.changes if (c := by_id[i]).old)

    told = [m for m in audit.matters if m.status is AnnouncementStatus.ANNOUNCED][:2]
    pledge = [m for m in told if "not to train or deploy" in words(m)]
    assert pledge
    assert "pause training" in words(pledge[0])
    silent = [m for m in audit.matters if m.status is AnnouncementStatus.SILENT]
    assert any("Required Safeguards" in words(m) for m in silent[:7])
    assert pledge[0] in audit.matters[:10]


@pytest.mark.parametrize("form", ["audit", "history", "commitments"])
def test_hostile_editions_steer_nothing(form: str) -> None:
    """No words of a document reach a terminal as orders, and the JSON meets its schema."""
    evil = "\x1b]0;x\x07\u202e[bold]</b>\x9b2J"
    old = Document.from_text(
        f"{evil} We will tell the public {evil} every month.\n\nWe will stop {evil} by May 2027."
    )
    new = Document.from_text(f"{evil} We may tell the public {evil} every year.\n\n{evil}")
    post = Document.from_text(f"We no longer {evil} stop anything for the {evil} crew of the boat.")
    subject: Subject
    if form == "audit":
        subject = Audit(cardwatch.audit_revision(old, new, post), old, new)
    elif form == "history":
        subject = Past(
            cardwatch.trace_history([old, new, old], blame="tell the public"), blamed=True
        )
    else:
        subject = Promises(cardwatch.find_commitments(old, date(2026, 1, 1)))
    for view in (View(), View(width=160, explain=True, color=False)):
        text = render(subject, "terminal", view)
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    value = json.loads(render(subject, "json", View()))
    schema = json.loads(path_of(value["schema"].removeprefix("cardwatch/")).read_text("utf-8"))
    Draft202012Validator(schema).validate(value)
