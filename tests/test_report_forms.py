"""Reports in files: HTML, Markdown, CSV, SARIF, JUnit. True to the findings, and inert."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

import cardwatch
from cardwatch.errors import ReportError
from cardwatch.model import (
    Change,
    Document,
    Passage,
    Span,
    Suppressed,
    Suppression,
    Triage,
    Unread,
)
from cardwatch.reports import (
    FINDINGS_ONLY,
    Audit,
    Diff,
    Gaps,
    Outline,
    Several,
    Subject,
    View,
    render,
)
from cardwatch.reports.csv import COLUMNS, safe
from cardwatch.reports.html.places import Mark, State, draw
from cardwatch.reports.words import LONGEST, Kind, Piece, brief, marked, redline, sides
from tests import hostile
from tests.small import DOCUMENT
from tests.test_reports import audit_of, diff_of, gaps_of


def results(document: Document, companion: Document) -> list[Gaps | Diff | Audit]:
    return [
        gaps_of(document, companion),
        diff_of(document, companion),
        audit_of(document, companion),
    ]


def everything(document: Document, companion: Document) -> list[Subject]:
    each = results(document, companion)
    return [*each, Several(tuple(each))]


TRIAGE = Triage(
    baseline=f"base{hostile.ALL}.json",
    known=("gap-0", "one"),
    suppressed=(Suppressed("two", hostile.ALL, "2031-01-01"),),
    gone=(hostile.ALL,),
    expired=(Suppression(hostile.ALL, rule=hostile.ALL, expires="2001-01-01"),),
    unused=(Suppression(hostile.ALL, section=hostile.ALL),),
)


def hostile_subjects() -> list[Subject]:
    made: list[Subject] = []
    for start in (hostile.ALL, *hostile.FORMULAS):
        document = hostile.document(start)
        made += everything(document, document)
        made += [replace(each, triage=TRIAGE) for each in results(document, document)]
    return made


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the text outside of scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self.text = ""
        self._tag = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), "an attribute is given twice"
        self.tags.append((tag, dict(attrs)))
        self._tag = tag

    def handle_endtag(self, tag: str) -> None:
        self._tag = ""

    def handle_data(self, data: str) -> None:
        if self._tag in ("script", "style"):
            self.inside[self._tag] = self.inside.get(self._tag, "") + data
        else:
            self.text += data


TAGS = frozenset(
    "a abbr article b blockquote body button dd del details dialog div dl dt footer form g h1 h2 "
    "h3 head header html input ins kbd label li main mark meta nav ol option output p path "
    "polyline rect script "
    "section select span strong style summary svg table tbody td th thead title tr ul".split()
)


# -- inert ----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", sorted(FINDINGS_ONLY))
def test_nothing_hostile_stays_active(form: str) -> None:
    """Escapes, controls and marks that turn writing round reach no report in any form."""
    for subject in hostile_subjects():
        text = render(subject, form, View(explain=True))
        assert not hostile.ACTIVE.search(text.replace("\n", "").replace("\t", ""))
        text.encode("utf-8")


def test_html_has_no_tag_and_no_attribute_but_its_own() -> None:
    """A document's words stay text: no element, handler, style or address comes from them."""
    for subject in hostile_subjects():
        page = Page(render(subject, "html", View(explain=True)))
        assert {tag for tag, _ in page.tags} <= TAGS
        for tag, attributes in page.tags:
            assert not [name for name in attributes if name.startswith("on") or name == "style"]
            assert not {"src", "srcset", "action", "formaction", "xlink:href"} & set(attributes)
            if tag == "a":
                assert (attributes["href"] or "").startswith("#")
        assert sum(tag == "script" for tag, _ in page.tags) == 1
        assert "alert(1)" in page.text
        assert "alert(1)" not in page.inside["script"]


def test_html_ids_are_plain_and_unique() -> None:
    """Every finding can be linked to, whatever it is called; references lead somewhere."""
    gaps = gaps_of(DOCUMENT, DOCUMENT)
    named = [replace(gap, id=hostile.ALL) for gap in gaps.report.gaps]
    subject = replace(gaps, report=replace(gaps.report, gaps=tuple(named)))
    page = Page(render(Several((subject, subject)), "html", View()))
    ids = [attributes["id"] or "" for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[A-Za-z][\w.-]*", each) for each in ids)
    for _, attributes in page.tags:
        for name in ("aria-labelledby", "for", "href"):
            target = attributes.get(name)
            if target:
                assert target.removeprefix("#") in ids


def test_markdown_holds_no_link_image_or_html_of_a_document() -> None:
    """Rendered, the Markdown has the report's own markup only."""
    known = {"del", "ins", "sub"}
    for subject in hostile_subjects():
        text = render(subject, "markdown", View())
        tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(text)
        inner = [child for token in tokens for child in token.children or ()]
        assert not [t for t in inner if t.type in ("link_open", "image", "em_open", "code_inline")]
        assert not [
            t for t in tokens if t.type in ("html_block", "table_open", "fence", "code_block")
        ]
        tags = [t.content for t in inner if t.type == "html_inline"]
        assert {tag.strip("</>") for tag in tags} <= known
        assert not re.search(r"@\w|://|www\.", text)


@pytest.mark.parametrize("cell", [*hostile.FORMULAS, " =1", "\n@x", "|calc"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """What a spreadsheet would compute begins with an apostrophe instead."""
    assert safe(cell).startswith(("'", "␍"))
    assert safe("plain = text") == "plain = text"
    assert safe(-0.5) == "-0.5"


@pytest.mark.parametrize("words", ["a;=1+1", "a; -2", 'a;"@x"', "a；＝1", "a;b; ' |calc"])
def test_no_part_after_a_semicolon_is_a_formula(words: str) -> None:
    """Where spreadsheets part cells at semicolons, no part begins as a formula does."""
    for part in re.split("[;；]", safe(words)):
        assert not part.strip().strip('"').startswith(tuple("=+-@|%＝＋－＠"))
    assert safe("one; two = three") == "one; two = three"


def test_csv_cells_are_safe_in_every_row() -> None:
    """No cell of any column begins as a formula does, and each row has each column."""
    for subject in hostile_subjects():
        rows = list(csv.reader(io.StringIO(render(subject, "csv", View()))))
        assert tuple(rows[0]) == COLUMNS
        assert all(len(row) == len(COLUMNS) for row in rows)
        for row in rows[1:]:
            for name, cell in zip(COLUMNS, row, strict=True):
                if name not in ("rank", "confidence", "page", "start", "end"):
                    assert not cell.startswith(tuple("=+-@|%\t\r"))


def test_junit_is_xml_whatever_stands_in_it() -> None:
    """The file parses, and its numbers are those of its cases."""
    for subject in hostile_subjects():
        root = ElementTree.fromstring(render(subject, "junit", View()))
        for suite in root.iter("testsuite"):
            cases = suite.findall("testcase")
            assert len(cases) == int(suite.get("tests", "0"))
            assert sum(c.find("failure") is not None for c in cases) == int(
                suite.get("failures", "")
            )
            assert sum(c.find("skipped") is not None for c in cases) == int(
                suite.get("skipped", "")
            )


def test_a_sentence_of_200_kb_is_cut_and_counted() -> None:
    """A page stays small; what is left out is told with its length."""
    document = hostile.document(longest=200_000)
    for subject in everything(document, document):
        for form in sorted(FINDINGS_ONLY):
            text = render(subject, form, View())
            assert len(text) < 400_000
            assert "characters left out" in text
    html = render(gaps_of(document, document), "html", View())
    assert len(html) < 150_000


# -- HTML -----------------------------------------------------------------------------------


@pytest.mark.parametrize("at", range(4))
def test_the_policy_names_exactly_the_script_and_the_style(at: int) -> None:
    """The digests are of what stands in the tags, and everything else is forbidden."""
    text = render(everything(DOCUMENT, DOCUMENT)[at], "html", View())
    page = Page(text)
    policy = next(a["content"] for t, a in page.tags if a.get("http-equiv")) or ""
    for tag in ("script", "style"):
        inside = re.search(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        assert inside
        digest = base64.b64encode(sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "form-action 'none'" in policy


def test_every_finding_is_on_the_page_with_its_words() -> None:
    """Without any script, all findings stand there, the statuses counted, what is unread named."""
    subject = gaps_of(DOCUMENT, DOCUMENT)
    page = Page(render(subject, "html", View()))
    text = " ".join(page.text.split())
    for gap in subject.report.gaps:
        assert " ".join(gap.quote.split()) in text
        assert any(attributes.get("id") == f"gap-{gap.id}" for _, attributes in page.tags)
    assert "What could not be read" in text
    assert "figure, p. 1" in text


def test_a_limit_is_told() -> None:
    """What a limit leaves out is counted in every form that a person reads."""
    subject = gaps_of(DOCUMENT, DOCUMENT)
    for form in ("html", "markdown", "sarif", "junit"):
        whole, part = (render(subject, form, View(limit=limit)) for limit in (None, 1))
        assert subject.report.gaps[1].id in whole
        assert subject.report.gaps[1].id not in part
        assert re.search(r"1 more, lower|findingsNotListed\": 1|1 findings of lower", part)


def test_only_findings_have_these_forms() -> None:
    """Another subject is an expected error, not a broken page."""
    for form in FINDINGS_ONLY:
        with pytest.raises(ReportError):
            render(Outline(DOCUMENT), form, View())


def test_a_page_with_no_words_can_be_unread_on_the_map() -> None:
    """A scanned page is on the map at its own place; a worse state hides no unread place."""
    bad, good, bare = State("C", "bad", "bad"), State("S", "good", "good"), State("·", "none", "")
    document = replace(
        DOCUMENT,
        coverage=replace(DOCUMENT.coverage, unread=(Unread("scan", 0, 2), Unread("figure", 0, 1))),
    )
    cut = DOCUMENT.pages[1].span.start
    marks = [Mark(0, good), Mark(4, bad, "gap-x"), Mark(8, bad, "gap-y")]
    made = draw("map", document, marks, [bad, good, bare])
    first, second = made.cells
    assert (first.state, first.anchor, first.findings) == (bad, "gap-x", 2)
    assert first.unread == ["figure"]
    assert second.state.name == "not read"
    assert second.start == cut
    assert "not read: scan" in second.says
    assert sum(number for _, number in made.legend) == 2


# -- words ----------------------------------------------------------------------------------


def test_marked_words_are_the_passage() -> None:
    """Marking changes no word, and marks whole words only."""
    text = "We notify users; notifying a user is not a notification."
    pieces = marked(text, ["notifi", "user"], ["not"], [Span(3, 9)])
    assert "".join(piece.text for piece in pieces) == text
    kinds = {piece.text: piece.kind for piece in pieces}
    assert kinds["notify"] is kinds["users"] is kinds["notification"] is Kind.MATCH
    assert kinds["not"] is Kind.MISSING
    assert [piece.text for piece in pieces if piece.key] == ["notify"]


def change(old: str, new: str, *edits: tuple[tuple[int, int], tuple[int, int]]) -> Change:
    base = diff_of(DOCUMENT, DOCUMENT).revision.changes[0]
    return replace(
        base,
        old=Passage(Span(10, 10 + len(old)), old),
        new=Passage(Span(20, 20 + len(new)), new),
        edits=tuple((Span(10 + a, 10 + b), Span(20 + c, 20 + d)) for (a, b), (c, d) in edits),
    )


def test_a_redline_holds_both_texts() -> None:
    """Without what came it is the old text, without what went the new one."""
    made = change("We will tell you.", "We may not tell you.", ((3, 7), (3, 6)), ((8, 8), (7, 11)))
    pieces = redline(made)
    assert "".join(p.text for p in pieces if p.kind is not Kind.GONE) == "We may not tell you."
    assert "".join(p.text for p in pieces if p.kind is not Kind.COME) == "We will tell you."
    old, new = sides(made)
    assert "".join(p.text for p in old) == "We will tell you."
    assert [p.text for p in new if p.kind is Kind.COME] == ["may", "not "]


def test_a_brief_shows_what_matters() -> None:
    """Cut between words, around the words that are marked; of a replacement both halves show."""
    words = "one two three four five six seven " * 20
    key = Piece("here it is", Kind.PLAIN, key=True)
    for pieces in ([Piece(words), key, Piece(words)], [key, Piece(words)], [Piece(words)]):
        made = brief(pieces, 120)
        assert sum(len(piece.text) for piece in made) <= 130
        assert key in made or key not in pieces
        for piece in made:
            assert not set(piece.text.split()) - {*words.split(), "here", "it", "is", "…"}
    made = brief([Piece(words, Kind.GONE), Piece(" "), Piece("new " * 90, Kind.COME)], 100)
    assert {piece.kind for piece in made} >= {Kind.GONE, Kind.COME}
    assert brief([Piece("short")], 100) == (Piece("short"),)


def test_cutting_keeps_both_ends_and_counts_the_rest() -> None:
    """A cut passage begins and ends as the whole does, and says how much is missing."""
    text = "a" * LONGEST + "b" * LONGEST
    pieces = marked(text)
    assert pieces[0].text.startswith("a")
    assert pieces[-1].text.endswith("b")
    (cut,) = [piece for piece in pieces if piece.kind is Kind.CUT]
    kept = sum(len(piece.text) for piece in pieces if piece is not cut)
    assert f"{len(text) - kept:,} characters left out" in cut.text


# -- SARIF and triage -----------------------------------------------------------------------


def test_sarif_has_what_the_standard_wants() -> None:
    """Rules by index, artifacts by index, levels and fingerprints, for each finding."""
    subject = gaps_of(DOCUMENT, DOCUMENT)
    log = json.loads(render(subject, "sarif", View()))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert [each["level"] for each in run["results"]] == ["error", "note"]
    for made, gap in zip(run["results"], subject.report.gaps, strict=True):
        assert run["tool"]["driver"]["rules"][made["ruleIndex"]]["id"] == gap.rule
        place = made["locations"][0]
        assert place["logicalLocations"][0] == {"name": f"page {gap.page}", "kind": "page"}
        artifact = place["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][artifact["index"]]["location"]["uri"] == artifact["uri"]
        assert made["partialFingerprints"]["cardwatchFindingId/v1"] == gap.id
        assert "suppressions" not in made
        assert "baselineState" not in made


def test_sarif_tells_the_lines_of_a_text() -> None:
    """Of Markdown and plain text the region is that of the file's own lines; else there is none."""
    head = "---\ntitle: x\n---\n\n# Rules\n\n"
    text = f"{head}First\nparagraph.\n\n- We never tell them.\n- Kept for nine days.\n"
    for name, data in (("markdown", text), ("text", text.replace("- ", ""))):
        document = cardwatch.read(data.encode(), media_type=name)
        at = document.text.index("We never")
        change = diff_of(document, document).revision.changes[0]
        passage = document.passage(Span(at, at + 8))
        change = replace(change, old=passage, new=passage)
        subject = diff_of(document, document)
        revision = replace(subject.revision, changes=(change,))
        log = json.loads(render(replace(subject, revision=revision), "sarif", View()))
        place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert place["region"]["startLine"] == text[: text.index("We never")].count("\n") + 1
        assert place["region"]["snippet"]["text"] == "We never"
    log = json.loads(render(gaps_of(DOCUMENT, DOCUMENT), "sarif", View()))
    assert "region" not in log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]


def test_what_is_left_out_is_counted_in_every_form() -> None:
    """Known and suppressed findings are told, with the reason, and are no failures."""
    subject = gaps_of(DOCUMENT, DOCUMENT)
    known, suppressed = (gap.id for gap in subject.report.gaps)
    triage = Triage("old.json", (known,), (Suppressed(suppressed, "ticket 41"),), gone=("lost",))
    subject = replace(subject, triage=triage)
    for form in ("terminal", "html", "markdown", "junit", "sarif"):
        text = render(subject, form, View())
        assert "1 suppressed" in text, form
        assert "1 known from the baseline" in text, form
    assert "Nothing new" in render(subject, "terminal", View())
    assert "ticket 41" in render(subject, "html", View())
    assert 'failures="0"' in render(subject, "junit", View())
    rows = list(csv.DictReader(io.StringIO(render(subject, "csv", View()))))
    assert [(row["standing"], row["reason"]) for row in rows] == [
        ("known", ""),
        ("suppressed", "ticket 41"),
    ]
    made = json.loads(render(subject, "sarif", View()))["runs"][0]["results"]
    assert [each["baselineState"] for each in made] == ["unchanged", "new", "absent"]
    assert [len(each["suppressions"]) for each in made[:2]] == [0, 1]
