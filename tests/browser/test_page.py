"""The HTML report in a real browser: it works, stays silent, and can be used by everybody."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import cardwatch as library
from cardwatch.model import Document, Page, Span
from cardwatch.reports import Audit, Diff, Gaps, Past, Several, Subject, View, render
from cardwatch.resources import folder
from tests import hostile
from tests.conftest import SHARED
from tests.small import gap_report, statement

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def demo() -> Gaps:
    card = library.read(folder("corpora") / "demo" / "card-v1.pdf", cache=False)
    post = library.read(folder("corpora") / "demo" / "announcement.html", cache=False)
    return Gaps(library.find_gaps(card, post), card, post)


@pytest.fixture(scope="session")
def revised() -> Several:
    names = ("framework-v1.md", "framework-v2.md", "framework-changelog.md")
    old, new, account = (
        library.read(folder("corpora") / "demo" / name, cache=False) for name in names
    )
    audit = library.audit_revision(old, new, account)
    return Several((Audit(audit, old, new), Diff(audit.revision, old, new)))


@pytest.fixture(scope="session")
def past() -> Past:
    line = "We will delete every record of a conversation within {} days of a request."
    rest = "We will tell account holders why.\n\nAn auditor will examine our records once a year."
    versions = [
        Document.from_text(f"Usage rules\n\n{line.format(days)}\n\n{rest}{more}")
        for days, more in ((5, ""), (10, " We may sell them."), (30, ""))
    ]
    return Past(library.trace_history(versions))


class Tab:
    """The browser with a report open in it."""

    def __init__(self, browser: Any, path: Path) -> None:
        self.browser, self.path = browser, path

    def go(self, anchor: str = "") -> None:
        self.browser.get("about:blank")
        self.browser.get_log("browser")
        self.browser.get_log("performance")
        self.browser.get(self.path.as_uri() + anchor)

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def all(self, selector: str) -> list[Any]:
        found: list[Any] = self.browser.find_elements("css selector", selector)
        return found

    def one(self, selector: str) -> Any:
        return self.browser.find_element("css selector", selector)

    def keys(self, *keys: str) -> None:
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.browser).send_keys(key).perform()

    def shown(self) -> list[str]:
        """The ids of the findings that are not filtered out."""
        found: list[str] = self.run(
            "return [...document.querySelectorAll('article.card')].filter(c => !c.hidden)"
            ".map(c => c.id)"
        )
        return found

    def current(self) -> str:
        """The id of the finding that has the focus."""
        return str(self.run("return document.activeElement.id"))

    def media(self, *, dark: bool = False, print_: bool = False) -> None:
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.browser.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {"media": "print" if print_ else "", "features": [scheme]},
        )

    def size(self, width: int, height: int = 1000) -> None:
        self.browser.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def requests(self) -> list[str]:
        """Every address that was asked for since the page was opened."""
        entries = [json.loads(each["message"])["message"] for each in
                   self.browser.get_log("performance")]  # fmt: skip
        return [
            str(entry["params"]["request"]["url"])
            for entry in entries
            if entry["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        return [each["message"] for each in self.browser.get_log("browser")]


@pytest.fixture
def open_page(chromium: Any, tmp_path: Path) -> Iterator[Open]:
    def opened(subject: Subject, view: View | None = None, anchor: str = "") -> Tab:
        path = tmp_path / "report.html"
        path.write_text(render(subject, "html", view or View()), "utf-8")
        tab = Tab(chromium, path)
        tab.media()
        tab.size(1280)
        tab.go(anchor)
        return tab

    yield opened
    chromium.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


def test_the_page_asks_for_nothing_and_complains_of_nothing(
    open_page: Open, demo: Gaps, revised: Several, past: Past
) -> None:
    """No request but for the page itself, no error, no breach of its own policy."""
    for subject in (demo, revised, past):
        tab = open_page(subject)
        assert tab.requests() == [tab.path.as_uri()]
        assert tab.complaints() == []
        assert "scripted" in tab.one("html").get_attribute("class")


def test_a_hostile_document_does_nothing(open_page: Open) -> None:
    """No script of a document runs, no address is asked for, and the page works."""
    document = hostile.document()
    tab = open_page(Gaps(gap_report(document, document), document, document), View(explain=True))
    assert tab.requests() == [tab.path.as_uri()]
    assert tab.complaints() == []
    assert tab.run("return document.querySelectorAll('img, iframe, object, embed').length") == 0
    assert len(tab.shown()) == 2


def test_filters_narrow_and_can_be_taken_back(open_page: Open, demo: Gaps) -> None:
    """A status, a severity and a section each show exactly the findings that have them."""
    tab = open_page(demo)
    whole = tab.shown()
    assert len(whole) == len(demo.report.gaps)
    tab.one(".chip[data-value='contradicted']").click()
    wanted = [f"gap-{gap.id}" for gap in demo.report.gaps if gap.status == "contradicted"]
    assert tab.shown() == wanted
    assert tab.one("#shown").text == f"{len(wanted)} of {len(whole)}"
    tab.one(".chip[data-value='absent']").click()
    assert len(tab.shown()) > len(wanted)
    tab.one("#clear").click()
    assert tab.shown() == whole
    tab.one(".chip[data-value='high']").click()
    assert tab.shown() == [f"gap-{g.id}" for g in demo.report.gaps if g.severity == "high"]
    tab.keys("x")
    option = tab.all("#section option")[1]
    option.click()
    assert {
        tab.run("return document.getElementById(arguments[0]).dataset.section", each)
        for each in tab.shown()
    } == {option.get_attribute("value")}


def test_search_finds_words_of_both_texts(open_page: Open, demo: Gaps) -> None:
    """Every word that is typed must stand in the finding; nothing found is said."""
    tab = open_page(demo)
    tab.keys("/")
    assert tab.current() == "search"
    word = max(demo.report.gaps[0].quote.split(), key=len).strip(".,;").lower()
    tab.one("#search").send_keys(word)
    shown = tab.shown()
    assert f"gap-{demo.report.gaps[0].id}" in shown
    for each in shown:
        text = tab.run("return document.getElementById(arguments[0]).textContent", each)
        assert word in text.lower()
    tab.one("#search").send_keys(" qqzzqq")
    assert tab.shown() == []
    assert tab.one("#none").is_displayed()


def test_keys_walk_open_and_help(open_page: Open, demo: Gaps) -> None:
    """The keys j and k step through what is shown, Enter opens, ? explains, Escape closes."""
    tab = open_page(demo)
    ids = tab.shown()
    tab.keys("j", "j", "j", "k")
    assert tab.current() == ids[1]
    details = tab.one(f"[id='{ids[1]}'] details")
    assert details.get_attribute("open") is None
    tab.keys("\ue007")
    assert details.get_attribute("open") is not None
    tab.keys("?")
    assert tab.one("#help").is_displayed()
    tab.keys("\ue00c")
    assert not tab.one("#help").is_displayed()
    tab.one("#search").click()
    tab.keys("j")
    assert tab.one("#search").get_attribute("value") == "j"


def test_a_deep_link_leads_to_its_finding(open_page: Open, demo: Gaps) -> None:
    """An address with a finding's name shows it, and lifts a filter that would hide it."""
    last = f"gap-{demo.report.gaps[-1].id}"
    tab = open_page(demo, None, f"#{last}")
    assert tab.current() == last
    box = tab.one(f"[id='{last}']").rect
    top = tab.run("return window.scrollY")
    assert top <= box["y"] <= top + 1000
    tab.one(".chip[data-value='contradicted']").click()
    assert last not in tab.shown()
    tab.run("location.hash = ''; location.hash = arguments[0]", last)
    assert last in tab.shown()


def test_the_map_leads_to_findings(open_page: Open, demo: Gaps) -> None:
    """Each cell is a page; one that has a finding is a link to it."""
    tab = open_page(demo)
    assert len(tab.all(".cell")) == len(demo.document.pages)
    for cell in tab.all("a.cell")[:5]:
        assert tab.all(f"[id='{cell.get_attribute('href').partition('#')[2]}']")
        assert cell.get_attribute("textContent").startswith("Page ")


def test_it_can_be_read_without_scripts(open_page: Open, demo: Gaps) -> None:
    """All findings are visible, the tools that would do nothing are not, details open."""
    tab = open_page(demo)
    tab.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    tab.go()
    assert not tab.one(".tools").is_displayed()
    cards = tab.all("article.card")
    assert len(cards) == len(demo.report.gaps)
    assert cards[0].is_displayed()
    tab.one("article.card summary").click()
    assert tab.one("article.card details dl").is_displayed()


def test_print_is_plain_and_whole(open_page: Open, demo: Gaps) -> None:
    """On paper: no tools, light even in the dark; what was opened stays open, no more."""
    tab = open_page(demo)
    tab.one("article.card summary").click()
    tab.media(dark=True, print_=True)
    assert not tab.one(".tools").is_displayed()
    assert tab.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    opened, closed = tab.all("article.card details")[:2]
    assert opened.is_displayed()
    assert not closed.is_displayed()


def test_each_choice_shows_as_many_as_it_says(
    open_page: Open, demo: Gaps, revised: Several
) -> None:
    """The number on a filter is the number of findings that it leaves; groups add up to all."""
    for subject in (demo, revised):
        tab = open_page(subject)
        whole = len(tab.shown())
        for group in ("status", "severity"):
            numbers = []
            for chip in tab.all(f".chip[data-group='{group}']"):
                numbers.append(int(chip.text.split()[-1]))
                chip.click()
                assert len(tab.shown()) == numbers[-1]
                chip.click()
            assert group == "severity" or sum(numbers) in (0, whole)


def test_the_first_screen_leads_to_the_worst(open_page: Open, demo: Gaps, revised: Several) -> None:
    """Each of the findings named first is a link to its card, and says what the card says."""
    for subject in (demo, revised):
        tab = open_page(subject)
        leads = tab.all(".leads li")
        assert leads
        for lead in leads:
            anchor = lead.find_element("css selector", "a").get_attribute("href").partition("#")[2]
            card = tab.one(f"[id='{anchor}']")
            badge = lead.find_element("css selector", ".badge").text
            assert card.get_attribute("data-status") == badge


@pytest.mark.parametrize("width", [320, 700, 1280, 1900])
def test_nothing_is_wider_than_the_window(
    open_page: Open, demo: Gaps, revised: Several, past: Past, width: int
) -> None:
    """No part of the page has to be scrolled sideways, at any width."""
    document = hostile.document(longest=50_000)
    bad = Gaps(gap_report(document, document), document, document)
    for subject in (demo, revised, bad, past):
        tab = open_page(subject, View(explain=True))
        tab.size(width)
        assert tab.run("return document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_no_fault(
    open_page: Open, demo: Gaps, revised: Several, past: Past, axe: str, dark: bool
) -> None:
    """Contrast, names, roles, landmarks and order hold, in light and dark, wide and narrow."""
    for subject in (demo, revised, past):
        for width in (1280, 400):
            tab = open_page(subject, View(explain=True, limit=30))
            tab.media(dark=dark)
            tab.size(width)
            # through the debugger, since the page's own policy lets no other script in
            tab.browser.execute_cdp_cmd("Runtime.evaluate", {"expression": axe})
            answer = tab.browser.execute_cdp_cmd(
                "Runtime.evaluate",
                {
                    "expression": "axe.run(document).then(r => JSON.stringify(r.violations.map("
                    "v => [v.impact, v.id, v.nodes.slice(0, 3).map(n => n.html.slice(0, 200))])))",
                    "awaitPromise": True,
                },
            )
            assert json.loads(answer["result"]["value"]) == []


def long_report(pages: int, findings: int) -> Gaps:
    """A report on a document of so many pages, with long passages in each finding."""
    sentence = "We may keep records of what people ask for as long as we think that we need them. "
    text = sentence * (pages * 20)
    step = len(text) // pages
    base = Document.from_text(text)
    document = replace(
        base,
        pages=tuple(
            Page(n + 1, Span(n * step, (n + 1) * step if n + 1 < pages else len(text)))
            for n in range(pages)
        ),
    )
    small = gap_report(document, document)
    gaps = []
    for number in range(findings):
        at = number * (len(text) - 700) // findings
        span = Span(at, at + 600)
        evidence = tuple(
            replace(e, quote=text[n * 90 : n * 90 + 500], span=Span(n * 90, n * 90 + 500))
            for n in range(3)
            for e in small.gaps[0].evidence
        )
        gaps.append(
            replace(
                small.gaps[number % 2],
                id=f"{number:010x}",
                span=span,
                quote=text[at : at + 600],
                page=document.page_at(at),
                evidence=evidence,
                statements=(statement(document, span),),
                reasons=small.gaps[0].reasons * 20,
            )
        )
    return Gaps(replace(small, gaps=tuple(gaps)), document, document)


def test_a_report_on_300_pages_opens_at_once(open_page: Open) -> None:
    """Under 5 MB and, to be ready for the reader, under two seconds."""
    tab = open_page(long_report(300, 600))
    assert tab.path.stat().st_size < 5_000_000
    ready = tab.run("const [n] = performance.getEntriesByType('navigation'); return n.loadEventEnd")
    assert 0 < ready < 2_000


@pytest.mark.shared
def test_the_fable_report_can_be_clicked_through(open_page: Open) -> None:
    """On a real card of 300 pages: open, filter, search, walk, link; silent and small."""
    card = library.read(SHARED / "real" / "fable-5" / "card-2026-06-09.pdf")
    post = library.read(SHARED / "real" / "fable-5" / "announcement-2026-06-09.md")
    tab = open_page(Gaps(library.find_gaps(card, post), card, post))
    assert tab.path.stat().st_size < 5_000_000
    assert tab.requests() == [tab.path.as_uri()]
    assert len(tab.all(".cell")) == len(card.pages)
    tab.one(".chip[data-value='contradicted']").click()
    tab.keys("j", "\ue007")
    assert tab.one(f"[id='{tab.current()}'] details").get_attribute("open") is not None
    tab.keys("x", "/")
    tab.one("#search").send_keys("safeguard")
    assert 0 < len(tab.shown()) < len(tab.all("article.card"))
    assert tab.complaints() == []
