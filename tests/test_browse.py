"""Findings on the whole screen: keys do what they say, notes are kept, words stay words."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from cardwatch import filing
from cardwatch.baseline import read_suppressions, write_suppressions
from cardwatch.errors import ReportError
from cardwatch.model import Document, Suppression
from cardwatch.reports import View, render
from tests import hostile
from tests.conftest import Ran
from tests.small import DOCUMENT
from tests.test_report_forms import results

pytest.importorskip("textual", reason="textual is not installed")

Run = Callable[..., Ran]
Act = Callable[[Any, Any], Awaitable[None]]


def browse(document: Document, act: Act, at: int = 0, size: tuple[int, int] = (110, 40)) -> Any:
    """Run the screen without a terminal; the browser, after ``act`` was done to it."""
    from cardwatch.cli.browser import Browser

    kept: list[dict[str, str]] = []
    browser = Browser(results(document, document)[at], {}, kept.append)

    async def run() -> None:
        async with browser.run_test(size=size) as pilot:
            await act(browser, pilot)

    asyncio.run(run())
    return browser, kept


def shown(browser: Any) -> str:
    """The words on the right."""
    from textual.widgets import Static

    return str(browser.query_one("#shown", Static).render())


def test_keys_walk_mark_and_note() -> None:
    """J and k step, m marks as read, n keeps a note, u shows what is left; all of it is kept."""

    async def act(browser: Any, pilot: Any) -> None:
        first, second = browser.findings
        assert "CONTRADICTED" in shown(browser)
        await pilot.press("j")
        assert browser.current.id == second.id
        await pilot.press("k", "m")
        assert browser.noted == {first.id: "read"}
        await pilot.press("j", "n", *"see", "enter")
        assert browser.noted[second.id] == "see"
        assert "✓ see" in shown(browser)
        await pilot.press("k", "m", "u")
        assert browser.query_one("#list").option_count == 1
        assert browser.current.id == first.id

    browser, kept = browse(DOCUMENT, act)
    assert kept[-1] == browser.noted == {browser.findings[1].id: "see"}


def test_words_of_both_texts_are_marked() -> None:
    """What both passages have is marked in both, by the same words that the page marks."""

    async def act(browser: Any, pilot: Any) -> None:
        from cardwatch.reports.words import Kind, marked

        finding = next(each for each in browser.findings if each.matches)
        pieces = marked(finding.place.quote, finding.matches, finding.missing)
        wanted = [piece.text for piece in pieces if piece.kind is Kind.MATCH]
        text = browser._text(finding)
        green = [text.plain[span.start : span.end] for span in text.spans if span.style == "green"]
        assert wanted
        assert set(wanted) <= set(green)

    browse(DOCUMENT, act)


def test_search_narrows_the_list() -> None:
    """Every word must stand in the finding or in the passage beside it."""

    async def act(browser: Any, pilot: Any) -> None:
        await pilot.press("slash", *"ninety", "enter")
        assert browser.query_one("#list").option_count == 1
        assert "ninety days" in shown(browser)
        await pilot.press("slash", *"zzz", "enter")
        assert "Nothing fits" in shown(browser)

    browse(DOCUMENT, act)


@pytest.mark.parametrize("at", range(3))
def test_hostile_words_are_shown_and_do_nothing(at: int) -> None:
    """No escape, control or markup of a document reaches the screen, wide or narrow."""

    async def act(browser: Any, pilot: Any) -> None:
        await pilot.press("j", "m", "k")
        assert not hostile.ACTIVE.search(shown(browser).replace("\n", ""))
        if at == 0:
            assert "<script>" in shown(browser)

    for size in ((110, 40), (40, 12)):
        browse(hostile.document(longest=200_000), act, at, size)


def test_a_citation_has_the_words_and_where_they_stand() -> None:
    """What is copied can be pasted into an article."""
    from cardwatch.cli.browser import citation, place_to_open
    from cardwatch.reports.findings import findings

    second = list(findings(results(DOCUMENT, DOCUMENT)[0]))[1]
    cited = citation(second)
    assert cited.startswith("“")
    assert "p. 2" in cited
    assert "SHA-256" in cited
    assert place_to_open(second) == ""


def test_notes_are_a_file_of_suppressions(tmp_path: Path) -> None:
    """What was read here can be passed over by every other command; no other file is touched."""
    path = tmp_path / "notes.toml"
    noted = {"a1": 'he said "so" \\ \x7f\x1b', "b2": "read"}
    filing.write_jottings(path, noted)
    orders = read_suppressions(path.read_text("utf-8"), "x")
    assert {order.id for order in orders} == set(noted)
    assert filing.read_jottings(path)["b2"] == "read"
    assert filing.read_jottings(tmp_path / "none.toml") == {}
    path.write_text('[[suppress]]\nid = "mine"\nreason = "x"\n', "utf-8")
    with pytest.raises(ReportError, match="browse wrote"):
        filing.read_jottings(path)


def test_suppressions_come_back_as_they_were_written() -> None:
    """Whatever a reason holds, the file says the same again."""
    orders = (
        Suppression('"\\\n\t😀\x7f\x01', id="a"),
        Suppression("x", rule="r*", section="[7].?", expires="2031-01-02"),
    )
    assert read_suppressions(write_suppressions(orders, "one\ntwo"), "x") == orders


def test_without_a_terminal_it_says_so(cardwatch: Run, tmp_path: Path) -> None:
    """In a pipe there is no screen: the message names the command that writes to one."""
    path = tmp_path / "saved.json"
    path.write_text(render(results(DOCUMENT, DOCUMENT)[0], "json", View()), "utf-8")
    ran = cardwatch("browse", path)
    assert ran.code == 2
    assert "needs a terminal" in ran.err


def test_a_citation_is_copied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Key c gives the words with their place to the clipboard, or to the terminal's own."""
    from cardwatch.cli import browser as module
    from cardwatch.errors import CardwatchError

    copied: list[str] = []

    async def act(browser: Any, pilot: Any) -> None:
        monkeypatch.setattr(browser, "copy_to_clipboard", copied.append)
        monkeypatch.setattr(module, "copy", lambda text: copied.append(text) or "xclip")
        await pilot.press("c")
        assert copied == [module.citation(browser.findings[0])]

        def none(_: str) -> str:
            raise CardwatchError("no clipboard")

        monkeypatch.setattr(module, "copy", none)
        await pilot.press("j", "c")
        assert copied[-1] == module.citation(browser.findings[1])
        assert len(copied) == 2

    browse(DOCUMENT, act)


def test_a_finding_is_opened_at_its_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Key o opens the address or the file at the page; what is nowhere is said, not opened."""
    from dataclasses import replace

    from cardwatch.cli import browser as module

    opened: list[str] = []
    monkeypatch.setattr(module.webbrowser, "open", lambda at: opened.append(at) or True)

    async def act(browser: Any, pilot: Any) -> None:
        await pilot.press("j", "o")
        page = browser.current.place.page
        if opened:
            assert opened == [f"{opened[0].partition('#')[0]}#page={page}"]

    browse(DOCUMENT, act)
    assert opened == []
    web = replace(DOCUMENT.source, url="https://lab.example/card.pdf")
    browse(replace(DOCUMENT, source=web), act)
    assert opened == ["https://lab.example/card.pdf#page=2"]
    opened.clear()
    path = tmp_path / "card.pdf"
    path.write_bytes(b"%PDF")
    browse(replace(DOCUMENT, source=replace(DOCUMENT.source, location=str(path))), act)
    assert opened == [f"{path.as_uri()}#page=2"]
    opened.clear()
    for location in ("//server/share/card.pdf", "javascript:alert(1)"):
        browse(replace(DOCUMENT, source=replace(DOCUMENT.source, location=location)), act)
    assert opened == []


def test_keys_do_nothing_where_nothing_fits() -> None:
    """With no finding on the list no key fails."""

    async def act(browser: Any, pilot: Any) -> None:
        await pilot.press("slash", *"zzz", "enter", "m", "n", "c", "o", "j", "k", "u")
        assert browser.noted == {}

    browse(DOCUMENT, act)
